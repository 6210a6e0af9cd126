"""Labels for organisers: kinds of things, their fields, and conflicts."""

from babel import Locale

from dagvandebuurt.core import i18n
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.programme.editing.conflicts import Clash, ClashKind
from dagvandebuurt.programme.editing.models import EditionAction, EditionStatus
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.models import Involvement, SessionStatus, VenueKind

# In URLs.
PATHS = {
    RecordKind.SESSION: "sessies",
    RecordKind.ROUND: "ronden",
    RecordKind.SPEAKER: "sprekers",
    RecordKind.ORGANISATION: "organisaties",
    RecordKind.THEME: "themas",
    RecordKind.VENUE: "plekken",
    RecordKind.EDITION: "dag",
}
MANY = {
    RecordKind.SESSION: _l("Sessies"),
    RecordKind.ROUND: _l("Ronden"),
    RecordKind.SPEAKER: _l("Sprekers"),
    RecordKind.ORGANISATION: _l("Organisaties"),
    RecordKind.THEME: _l("Thema's"),
    RecordKind.VENUE: _l("Plekken"),
    RecordKind.EDITION: _l("De dag zelf"),
}
NEW = {
    RecordKind.SESSION: _l("Nieuwe sessie"),
    RecordKind.ROUND: _l("Nieuwe ronde"),
    RecordKind.SPEAKER: _l("Nieuwe spreker"),
    RecordKind.ORGANISATION: _l("Nieuwe organisatie"),
    RecordKind.THEME: _l("Nieuw thema"),
    RecordKind.VENUE: _l("Nieuwe plek"),
}
ONE = {
    RecordKind.SESSION: _l("Sessie"),
    RecordKind.ROUND: _l("Ronde"),
    RecordKind.SPEAKER: _l("Spreker"),
    RecordKind.ORGANISATION: _l("Organisatie"),
    RecordKind.THEME: _l("Thema"),
    RecordKind.VENUE: _l("Plek"),
    RecordKind.EDITION: _l("De dag"),
}
INVOLVEMENTS = {
    Involvement.INFORM: _l("Vertellen"),
    Involvement.CONSULT: _l("Mening vragen"),
    Involvement.ADVISE: _l("Samen adviseren"),
    Involvement.CO_CREATE: _l("Samen maken"),
}
VENUE_KINDS = {
    VenueKind.ONLINE: _l("Online"),
    VenueKind.LOCATION: _l("Een gebouw waar mensen heen gaan"),
}
STATUSES = {
    SessionStatus.SCHEDULED: _l("Gaat door"),
    SessionStatus.CANCELLED: _l("Gaat niet door"),
    SessionStatus.DRAFT: _l("Nog niet te zien voor bezoekers"),
}
# Labels of fields; where a kind needs another label, with the kind before it.
FIELDS = {
    "title": _l("Titel"),
    "subtitle": _l("Ondertitel"),
    "summary": _l("In het kort"),
    "abstract": _l("Waar het over gaat"),
    "kind": _l("Soort"),
    "kind_label": _l("Eigen woord voor de soort"),
    "involvement": _l("Wat gebeurt er met je inbreng"),
    "status": _l("Gaat het door?"),
    "starts_at": _l("Begin"),
    "ends_at": _l("Einde"),
    "capacity": _l("Aantal plekken"),
    "languages": _l("Talen"),
    "language_level": _l("Hoe gewoon is de taal?"),
    "domains": _l("Vooral voor"),
    "domain": _l("Werkveld"),
    "access": _l("Toegankelijk"),
    "interpreters": _l("Tolken"),
    "ask_ahead": _l("Vraag vooraf"),
    "stage_url": _l("Adres van het podium"),
    "round": _l("Ronde"),
    "venue": _l("Waar"),
    "themes": _l("Thema's"),
    "speakers": _l("Sprekers"),
    "hosts": _l("Gespreksleiders"),
    "name": _l("Naam"),
    "label": _l("Naam"),
    "function": _l("Functie"),
    "bio": _l("Over deze persoon"),
    "organisation": _l("Organisatie"),
    "about": _l("Over de organisatie"),
    "website": _l("Website"),
    "answers_follow_ups": _l("Beantwoordt vragen na de dag"),
    "response_days": _l("Antwoordt binnen (dagen)"),
    "position": _l("Volgorde"),
    "address": _l("Adres"),
    "description": _l("Beschrijving"),
    "tagline": _l("Motto"),
    "intro": _l("Inleiding"),
    "promise": _l("Belofte"),
    "tagline_en": _l("Motto in het Engels"),
    "intro_en": _l("Inleiding in het Engels"),
    "promise_en": _l("Belofte in het Engels"),
    "registration_opens_at": _l("Aanmelden kan vanaf"),
    "registration_closes_at": _l("Aanmelden kan tot"),
    "expected_participants": _l("Verwachte deelnemers"),
    "contact_email": _l("E-mailadres voor vragen"),
    "contact_phone": _l("Telefoon voor vragen"),
    "contact_hours": _l("Bereikbaar op"),
    "slug": _l("Adres op de site"),
    "code": _l("Code"),
    "exchange": _l("Gegevens uit een ander systeem"),
}
# Languages offered besides those already in use.
LANGUAGES = ("nl", "en", "ar", "tr", "pl", "uk", "ti", "so", "fa", "zgh", "pap", "fy", "fr", "de", "es")


def language_in_words(code: str) -> str:
    """Return the name of a language in the reader's language, or the code when unknown."""
    names = Locale.parse(i18n.language()).languages
    return str(names.get(code) or names.get(code.split("-")[0]) or code)


def clash_in_words(clash: Clash) -> str:
    """Return one sentence that says what is in conflict, and with what."""
    one, other = clash.titles[0], clash.titles[-1]
    if clash.kind is ClashKind.SPEAKER:
        return _(
            "%(who)s is in twee sessies tegelijk: %(one)s en %(other)s.", who=clash.who, one=one, other=other
        )
    if clash.kind is ClashKind.VENUE:
        return _("%(who)s is dubbel bezet: %(one)s en %(other)s.", who=clash.who, one=one, other=other)
    if clash.kind is ClashKind.ROUND:
        return _("%(one)s valt buiten %(who)s.", one=one, who=clash.who)
    if clash.kind is ClashKind.EDITION:
        return _("%(one)s valt buiten de dag.", one=one)
    if clash.kind is ClashKind.ORDER:
        return _("%(one)s eindigt voordat het begint.", one=one)
    if clash.kind is ClashKind.TWICE:
        return _("Twee keer hetzelfde: %(one)s en %(other)s. Geef één een andere naam.", one=one, other=other)
    return _("%(one)s wijst naar iets dat er niet meer is.", one=one)


EDITION_STATUSES = {
    EditionStatus.DRAFT: _l("In voorbereiding"),
    EditionStatus.OPEN: _l("Open"),
    EditionStatus.CLOSED: _l("Tijdelijk dicht"),
    EditionStatus.ARCHIVED: _l("Voorgoed afgesloten"),
}
EDITION_ACTIONS = {
    EditionAction.SHARE_PREVIEW: _l("Link voor de voorproef gemaakt"),
    EditionAction.END_PREVIEW: _l("Link voor de voorproef ingetrokken"),
    EditionAction.PLAN: _l("Opening gepland"),
    EditionAction.UNPLAN: _l("Geplande opening afgezegd"),
    EditionAction.OPEN: _l("Geopend"),
    EditionAction.OPEN_AS_PLANNED: _l("Vanzelf geopend, zoals gepland"),
    EditionAction.CLOSE: _l("Tijdelijk gesloten"),
    EditionAction.ARCHIVE: _l("Voorgoed afgesloten"),
}
