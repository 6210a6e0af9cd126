"""Labels of the import preview."""

from dagvandebuurt.core.i18n import lazy as _l

FORMATS = {
    "json1": "schedule.json (1)",
    "json2": "schedule.json (2)",
    "xml": "schedule.xml",
    "csv": "CSV",
    "xlsx": "Excel",
}
KINDS = {
    "edition": _l("de dag zelf"),
    "organisation": _l("organisaties"),
    "theme": _l("thema's"),
    "venue": _l("zalen"),
    "speaker": _l("sprekers"),
    "round": _l("rondes"),
}
FIELDS = {
    "slug": _l("adres"),
    "title": _l("titel"),
    "subtitle": _l("ondertitel"),
    "summary": _l("samenvatting"),
    "abstract": _l("beschrijving"),
    "kind": _l("soort"),
    "kind_label": _l("soort"),
    "involvement": _l("belofte"),
    "status": _l("gaat door of niet"),
    "starts_at": _l("begin"),
    "ends_at": _l("einde"),
    "capacity": _l("plekken"),
    "languages": _l("talen"),
    "language_level": _l("taalniveau"),
    "domains": _l("werkvelden"),
    "access": _l("toegankelijkheid"),
    "interpreters": _l("tolken"),
    "ask_ahead": _l("vraag vooraf"),
    "stage_url": _l("videoadres"),
    "round": _l("ronde"),
    "venue": _l("zaal"),
    "themes": _l("thema's"),
    "speakers": _l("sprekers"),
    "hosts": _l("gespreksleiders"),
}
# Warnings about a session of a file (`exchange.warnings`).
DOUBTS = {
    "long": _l("Duurt langer dan zes uur."),
    "short": _l("Duurt korter dan vijf minuten."),
    "night": _l("Begint in de nacht."),
    "far": _l("Meer dan een week van de andere sessies."),
    "outside": _l("Valt buiten de dag van deze editie."),
    "round": _l("Valt buiten de ronde."),
    "other_day": _l("Staat in het bestand onder een andere dag."),
    "guessed": _l("In het bestand staat geen einde. We namen een half uur of de stap van het bestand."),
}
