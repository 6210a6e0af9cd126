"""Labels of programme terms as shown on pages."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from dagvandebuurt.core import i18n
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.words import own_entries, own_words
from dagvandebuurt.programme.models import Involvement, ProgrammeSession, SessionKind, VenueKind

KINDS = own_words(
    "session_kind",
    {
        SessionKind.PERFORMANCE: _l("Openingsact"),
        SessionKind.CONVERSATION: _l("Tweegesprek"),
        SessionKind.LAUNCH: _l("Aftrap"),
        SessionKind.WORKSHOP: _l("Workshop"),
        SessionKind.TABLE: _l("Tafelgesprek"),
        SessionKind.MASTERCLASS: _l("Masterclass"),
        SessionKind.TALKSHOW: _l("Talkshow"),
        SessionKind.MARKET: _l("Markt"),
        **own_entries(SessionKind),
    },
)
# Level of involvement promised to attendees: what happens with their input.
PROMISES = {
    Involvement.INFORM: _l("Je hoort hoe het zit en je kunt alles vragen."),
    Involvement.CONSULT: _l("We vragen wat jij ervan vindt en laten zien wat we ermee doen."),
    Involvement.ADVISE: _l("We maken samen een advies. Je ziet wie erover beslist en wanneer."),
    Involvement.CO_CREATE: _l("We maken samen iets dat je meteen kunt gebruiken."),
}
ACCESS = own_words(
    "access",
    {
        "live_captions": _l("Live ondertiteling"),
        "sign_language": _l("Gebarentolk"),
        "easy_materials": _l("Makkelijk te lezen materiaal"),
        "simple_dutch": _l("Eenvoudig Nederlands"),
    },
)
LEVELS = {
    "A2": _l("Heel gewone taal"),
    "B1": _l("Gewone taal"),
    "B2": _l("Ook vaktaal"),
}


def kind_in_words(session: ProgrammeSession) -> str:
    """Return the kind of session: its own label where it has one."""
    return session.kind_label or str(KINDS[session.kind])


def place_in_words(session: ProgrammeSession) -> str:
    """Return where it is held: the hall, with the address of a building. Empty when online."""
    venue = session.venue
    if venue is None:
        return ""
    if venue.kind is VenueKind.LOCATION and venue.address:
        return f"{venue.name}, {venue.address}"
    return venue.name


def language_in_words(code: str) -> str:
    """Return the name of a language in the reader's language, or the code when unknown."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(i18n.language())
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def date_in_words(iso: str) -> str:
    """Return a date in words, or the text itself when it is not a date."""
    try:
        return format_date(date.fromisoformat(iso), "EEEE d MMMM", locale=i18n.language())
    except ValueError:
        return iso


# Button labels, by way to follow a session.
STAGE_WORDS = {
    "1": _l("Beeld en geluid"),
    "gebaren": _l("Met gebarentolk"),
    "geluid": _l("Alleen geluid"),
}
# Explanations for organisers of what visitors see at an address, by its provider.
HOW_SHOWN = {
    "youtube": _l("YouTube, pas na een klik, zonder cookies vooraf."),
    "vimeo": _l("Vimeo, pas na een klik."),
    "peertube": _l("PeerTube van %(host)s, pas na een klik."),
    "hls": _l("Een stream van %(host)s die deze site zelf afspeelt, pas na een klik."),
    "file": _l("Een bestand van %(host)s dat deze site zelf afspeelt, pas na een klik."),
    "page": _l("Een pagina van %(host)s, pas na een klik."),
    "jitsi": _l("Een vergadering in Jitsi. Wie klikt, krijgt een eigen toegang die tien minuten geldt."),
    "bbb": _l("Een vergadering in BigBlueButton. Wie de sessie leidt, opent haar."),
    "demo": _l("De film van de demo, van deze site zelf."),
    "link": _l("Een link. %(host)s staat niet bij de videosites."),
}
NOT_SHOWN = {
    "nothing": _l("Geen beeld: dit adres kan geen browser veilig openen."),
    "bbb": _l("Geen beeld: er is geen BigBlueButton ingesteld (BBB_URL)."),
}
