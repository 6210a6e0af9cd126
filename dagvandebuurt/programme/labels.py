"""What we call the things of a programme on a page."""

from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from dagvandebuurt.core import i18n
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.programme.models import Involvement, ProgrammeSession, SessionKind, VenueKind

KINDS = {
    SessionKind.PERFORMANCE: _l("Openingsact"),
    SessionKind.CONVERSATION: _l("Tweegesprek"),
    SessionKind.LAUNCH: _l("Aftrap"),
    SessionKind.WORKSHOP: _l("Workshop"),
    SessionKind.TABLE: _l("Tafelgesprek"),
    SessionKind.MASTERCLASS: _l("Masterclass"),
    SessionKind.TALKSHOW: _l("Talkshow"),
    SessionKind.MARKET: _l("Markt"),
}
# The promise at the door: what happens with what you bring in.
PROMISES = {
    Involvement.INFORM: _l("Je hoort hoe het zit en je kunt alles vragen."),
    Involvement.CONSULT: _l("We vragen wat jij ervan vindt en laten zien wat we ermee doen."),
    Involvement.ADVISE: _l("We maken samen een advies. Je ziet wie erover beslist en wanneer."),
    Involvement.CO_CREATE: _l("We maken samen iets dat je meteen kunt gebruiken."),
}
ACCESS = {
    "live_captions": _l("Live ondertiteling"),
    "sign_language": _l("Gebarentolk"),
    "easy_materials": _l("Makkelijk te lezen materiaal"),
    "simple_dutch": _l("Eenvoudig Nederlands"),
}
LEVELS = {
    "A2": _l("Heel gewone taal"),
    "B1": _l("Gewone taal"),
    "B2": _l("Ook vaktaal"),
}


def kind_in_words(session: ProgrammeSession) -> str:
    """What kind of session it is: its own word where it has one."""
    return session.kind_label or str(KINDS[session.kind])


def place_in_words(session: ProgrammeSession) -> str:
    """Where it is held: the hall, with the address of a building. Empty where nothing was said: online."""
    venue = session.venue
    if venue is None:
        return ""
    if venue.kind is VenueKind.LOCATION and venue.address:
        return f"{venue.name}, {venue.address}"
    return venue.name


def language_in_words(code: str) -> str:
    """The name of a language as the reader calls it; the code where we know none."""
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name(i18n.language())
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def date_in_words(iso: str) -> str:
    """A date as one says it; the text itself where it is none."""
    try:
        return format_date(date.fromisoformat(iso), "EEEE d MMMM", locale=i18n.language())
    except ValueError:
        return iso


# What the button of each way to follow a session says.
STAGE_WORDS = {
    "1": _l("Beeld en geluid"),
    "gebaren": _l("Met gebarentolk"),
    "geluid": _l("Alleen geluid"),
}
# To organisers: what people get to see at an address, by its provider.
HOW_SHOWN = {
    "youtube": _l("YouTube, pas na een klik, zonder cookies vooraf."),
    "vimeo": _l("Vimeo, pas na een klik."),
    "peertube": _l("PeerTube van %(host)s, pas na een klik."),
    "hls": _l("Een stream van %(host)s die deze site zelf afspeelt, pas na een klik."),
    "file": _l("Een bestand van %(host)s dat deze site zelf afspeelt, pas na een klik."),
    "page": _l("Een pagina van %(host)s, pas na een klik."),
    "jitsi": _l("Een vergadering in Jitsi. Wie klikt, krijgt een eigen toegang die tien minuten geldt."),
    "bbb": _l("Een vergadering in BigBlueButton. Wie de sessie leidt, opent haar."),
    "link": _l("Een link. %(host)s staat niet in STAGE_HOSTS."),
}
NOT_SHOWN = {
    "nothing": _l("Geen beeld: dit adres kan geen browser veilig openen."),
    "bbb": _l("Geen beeld: er is geen BigBlueButton ingesteld (BBB_URL)."),
}
