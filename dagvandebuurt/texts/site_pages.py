"""The pages whose text an organiser writes: their fields, and the standard text of each.

A standard text claims nothing that this software cannot know: it holds on an empty site of anybody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dagvandebuurt.core import i18n
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.queries import brand


class FieldKind(StrEnum):
    LINE = "line"
    TEXT = "text"  # Markdown, as in lessons
    CHOICE = "choice"
    PLAIN = "plain"  # lines without markup, for mails
    DATE = "date"
    EMAIL = "email"
    LINK = "link"


def _nothing() -> str:
    return ""


@dataclass(frozen=True)
class TextField:
    """One field of a page. Shared ones have one value for all languages, such as a name or a date."""

    name: str
    label: Any
    kind: FieldKind = FieldKind.TEXT
    standard: Callable[[], str] = _nothing
    hint: Any = ""
    is_shared: bool = False
    is_required: bool = False
    choices: Mapping[str, Any] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names of its values in a version and in the form."""
        return (self.name,) if self.is_shared else tuple(f"{self.name}_{code}" for code in i18n.LANGUAGES)


@dataclass(frozen=True)
class SitePage:
    """A page with a text of the organiser's."""

    code: str
    label: Any
    endpoint: str  # where it is read; empty: in mails
    about: Any  # what the software fills in itself, or where the text is shown
    fields: tuple[TextField, ...]


def paragraphs(*texts: str) -> str:
    """Join paragraphs into one Markdown text."""
    return "\n\n".join(texts)


def bullets(*lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _title(standard: Any) -> TextField:
    return TextField("title", _l("Kop"), FieldKind.LINE, lambda: str(standard), is_required=True)


def _lead(standard: Any) -> TextField:
    return TextField("lead", _l("Eerste zinnen"), FieldKind.TEXT, lambda: str(standard))


def _help() -> str:
    return paragraphs(
        "## " + _("1. Aanmelden"),
        _("Vul je naam en e-mailadres in. Je krijgt een mail met een knop. Druk daarop en je bent binnen. Een wachtwoord hoeft niet."),
        "## " + _("2. Sessies kiezen"),
        _("Kijk in het programma. Druk bij een sessie op 'Zet in mijn programma'. Op de pagina Mijn dag zie je wat je koos."),
        "## " + _("3. De zaal in"),
        _("Tien minuten voor het begin gaat de zaal open. Op Mijn dag staat dan de knop 'Ga naar de sessie'."),
        "## " + _("4. Vragen en steunen"),
        _("Schrijf je vraag op en stuur hem naar de moderator. Die leest mee, meestal voordat iedereen de vraag ziet. Staat jouw vraag er al? Druk dan op 'Steun'."),
        "## " + _("En daarna?"),
        _("Op Mijn dag lees je wat er met jouw vraag gebeurt. Ook als het antwoord nee is."),
        "## " + _("Geen account nodig"),
        _("Meelezen kan altijd. Om te vragen of te steunen noem je een naam, meer niet. Alleen voor reageren en bewaren heb je een e-mailadres nodig."),
        "## " + _("Oude telefoon of schermlezer?"),
        _("De site werkt ook zonder JavaScript, met alleen het toetsenbord en met een schermlezer. Ververs dan de pagina om nieuwe vragen te zien."),
    )  # fmt: skip


def _known() -> str:
    return paragraphs(
        "## " + _("Als je je aanmeldt"),
        _("Je naam en e-mailadres gebruiken we om je binnen te laten en om je te mailen over de dag. Je rol, werkveld en buurt mag je leeg laten. Die gebruiken we om te zien wie er meedoet, nooit per persoon."),
        "## " + _("Als je een vraag stelt"),
        _("Je kiest zelf hoe je erbij staat: met je naam, als bewoner van je buurt, of anoniem. Bij anoniem bewaren we geen naam, rol of buurt bij je vraag. Organisatie en moderatoren zien niet wie je bent. Je krijgt dan ook geen mail: bewaar de link bij je vraag. Die blijft werken tot je vraag klaar is."),
        _("Wie de database heeft, vindt je niet. Alleen de technisch beheerder heeft ook de sleutel. Die kan tot 14 dagen na afloop opzoeken wie het was, en alleen voor een strafzaak. Daarna kan niemand het meer."),
        _("Wil je bij een anonieme vraag toch een mail als er nieuws is? Dan bewaren we wie je bent, achter een eigen sleutel. Dat doen we tot je vraag klaar is, en hoogstens een jaar. Zo lang kan de technisch beheerder het opzoeken. In de mail staat niet welke vraag het is."),
        "## " + _("Als je in een zaal bent"),
        _("We tellen hoe lang je er bent, per vijf minuten. De organisatie ziet dat, om te leren en voor een bewijs van deelname."),
    )  # fmt: skip


def _aims() -> str:
    return bullets(
        _("Alles werkt met alleen een toetsenbord, en zonder JavaScript."),
        _("Letters kun je twee keer zo groot maken. Niets valt dan weg."),
        _("Nieuwe vragen schuiven niet onder je vinger. Jij kiest wanneer je ze ziet."),
        _("Kleur is nooit het enige teken."),
    )


# How far the site meets the standard: the five of the statement that Dutch public bodies publish, with what is
# true until somebody looked.
ACCESS_STATUS = {
    "unknown": _l("Nog niet onderzocht"),
    "full": _l("Voldoet helemaal"),
    "partial": _l("Voldoet voor een deel"),
    "measures": _l("Eerste maatregelen zijn genomen"),
    "none": _l("Voldoet niet"),
}
ACCESS_MEANS = {
    "unknown": _l("Of deze site aan de eisen voldoet, is nog niet onderzocht."),
    "full": _l("Uit onderzoek blijkt dat deze site aan alle eisen voldoet."),
    "partial": _l("Uit onderzoek blijkt dat deze site aan een deel van de eisen voldoet."),
    "measures": _l("Er is nog geen volledig onderzoek. Wel zijn de eerste maatregelen genomen."),
    "none": _l("Uit onderzoek blijkt dat deze site niet aan de eisen voldoet."),
}

PAGES = (
    SitePage(
        "home",
        _l("Voorpagina"),
        "frontdoor.home",
        _l("De leus, de inleiding en de belofte horen bij de editie. Die schrijf je bij Programma maken, onder Editie."),
        (
            TextField("choose", _l("Onder het aantal sessies"), FieldKind.LINE, lambda: _("kies wat je wilt volgen")),
            TextField("free", _l("Derde feit bovenaan"), FieldKind.LINE, lambda: _("Zonder account"),
                      _l("Kost meedoen niets? Zet hier dan bijvoorbeeld: Gratis, zonder account.")),
            TextField("free_more", _l("Onder het derde feit"), FieldKind.LINE, lambda: _("een telefoon is genoeg")),
            TextField("listen", _l("Stap 1: je luistert"), FieldKind.TEXT,
                      lambda: _("Kijk mee vanaf je telefoon of computer.")),
            TextField("ask", _l("Stap 2: je vraagt"), FieldKind.TEXT,
                      lambda: _("Met je naam, als bewoner van je buurt, of anoniem. Dat kies je zelf.")),
            TextField("support", _l("Stap 3: je steunt"), FieldKind.TEXT,
                      lambda: _("Staat jouw vraag er al? Dan steun je die. Zo hoort iedereen wat veel mensen willen weten.")),
            TextField("who", _l("Voor wie?"), FieldKind.TEXT, lambda: paragraphs(
                _("Voor bewoners op de eerste plaats. En voor iedereen die voor een buurt werkt en wil luisteren."),
                _("Vind je meedoen met een computer lastig? Vraag ons om hulp. Onderaan elke pagina staat hoe."),
            )),
        ),
    ),
    SitePage(
        "about",
        _l("Over deze dag"),
        "frontdoor.about",
        _l("De belofte van de editie komt er vanzelf onder."),
        (
            TextField("title", _l("Kop"), FieldKind.LINE, lambda: _("Over %(event)s", event=brand.name),
                      is_required=True),
            _lead(_l("Bewoners weten wat er speelt. Op deze dag luistert iedereen die over de buurt gaat.")),
            TextField("body", _l("Tekst"), FieldKind.TEXT, lambda: _(
                "Bewoners stellen hun vragen en steunen die van elkaar. Wie erover gaat, geeft antwoord. Wat open blijft, is hier daarna te volgen."
            )),
        ),
    ),
    SitePage(
        "help",
        _l("Zo werkt het"),
        "frontdoor.help",
        _l("Deze pagina staat onderaan elke andere."),
        (
            _title(_l("Zo werkt het")),
            _lead(_l("In vier stappen doe je mee. Lukt iets niet? Vraag het ons. Onderaan elke pagina staat hoe.")),
            TextField("body", _l("Tekst"), FieldKind.TEXT, _help),
        ),
    ),
    SitePage(
        "access",
        _l("Toegankelijkheidsverklaring"),
        "frontdoor.accessibility",
        _l("De opbouw is die van de verklaring die overheden moeten publiceren. De datum vult de site zelf in."),
        (
            TextField("status", _l("Voldoet de site aan WCAG op niveau AA?"), FieldKind.CHOICE, lambda: "unknown",
                      is_shared=True, choices=ACCESS_STATUS),
            TextField("looked_on", _l("Dag van het onderzoek"), FieldKind.DATE, is_shared=True),
            TextField("looked_by", _l("Wie onderzocht het?"), FieldKind.LINE, is_shared=True),
            TextField("report", _l("Adres van het rapport"), FieldKind.LINK, is_shared=True),
            TextField("body_name", _l("Naam van de organisatie"), FieldKind.LINE, is_shared=True),
            TextField("short", _l("Wat nog niet voldoet"), FieldKind.TEXT, lambda: _(
                "Wat er niet voldoet, is nog niet onderzocht. Daarom staat hier nog geen lijst."),
                _l("Zet bij elk punt: wat er niet werkt, voor wie, waarom, en wanneer het klaar is.")),
            TextField("aims", _l("Wat je doet om het beter te maken"), FieldKind.TEXT, lambda: paragraphs(
                _("Deze site is gemaakt voor oude telefoons, kleine schermen, toetsenborden en schermlezers:"),
                _aims())),
            TextField("contact", _l("Als iets niet werkt"), FieldKind.TEXT, lambda: _(
                "Werkt iets niet voor jou? Laat het ons weten. Onderaan elke pagina staat hoe."),
                _l("Noem ook hoe snel je antwoord geeft, als je dat kunt waarmaken.")),
            TextField("complaint", _l("Als iemand niet tevreden is over het antwoord"), FieldKind.TEXT, lambda: _(
                "Ben je niet tevreden over ons antwoord? Is de organisatie van deze dag een overheid, dan kun je naar de [Nationale ombudsman](https://www.nationaleombudsman.nl/).")),
        ),
    ),
    SitePage(
        "privacy",
        _l("Privacy"),
        "frontdoor.privacy",
        _l("De rechten van mensen en de lijst van wat hoe lang bewaard wordt, vult de site zelf in. Die kloppen altijd."),
        (
            _title(_l("Wat we van je weten, en waarom")),
            _lead(_l("We vragen zo weinig mogelijk.")),
            TextField("controller", _l("Naam van de organisatie"), FieldKind.LINE, is_shared=True,
                      hint=_l("Wie voor de gegevens verantwoordelijk is, bijvoorbeeld de gemeente of een stichting.")),
            TextField("address", _l("Adres van de organisatie"), FieldKind.LINE, is_shared=True),
            TextField("officer", _l("Functionaris gegevensbescherming: hoe bereik je die?"), FieldKind.LINE,
                      is_shared=True, hint=_l("Een mailadres of telefoonnummer. Is er geen, laat dit dan leeg.")),
            TextField("known", _l("Wat we van je weten"), FieldKind.TEXT, _known),
            TextField("grounds", _l("Op welke grond mag dat?"), FieldKind.TEXT, lambda: _(
                "De organisatie heeft hier nog niets ingevuld. Vraag het gerust."),
                _l("Noem bij elk doel de grond uit de wet: toestemming, een taak van algemeen belang, gerechtvaardigd belang.")),
            TextField("recipients", _l("Wie krijgt de gegevens nog meer?"), FieldKind.TEXT, lambda: _(
                "De organisatie heeft hier nog niets ingevuld. Vraag het gerust."),
                _l("Noem wie de site en de mail verzorgt, en waar hun computers staan.")),
        ),
    ),
    SitePage(
        "cookies",
        _l("Cookies"),
        "frontdoor.cookies",
        _l("Wat er over de cookie staat, vult de site zelf in. Jouw tekst komt eronder."),
        (
            _title(_l("Eén cookie, en geen vraag erover")),
            TextField("more", _l("Tekst"), FieldKind.TEXT),
        ),
    ),
    SitePage(
        "mail",
        _l("Mails"),
        "",
        _l("Jouw woorden komen boven en onder wat in elke mail moet staan: de knop, van wie het account is en hoe je je afmeldt. Wie de mail ondertekent, is de naam van de dag."),
        (
            TextField("reply_to", _l("Waar antwoorden heen gaan"), FieldKind.EMAIL, is_shared=True,
                      hint=_l("Een mailadres dat iemand leest. Leeg: naar het adres van de afzender.")),
            TextField("confirm_opening", _l("Bevestiging: eerste woorden"), FieldKind.PLAIN),
            TextField("confirm_closing", _l("Bevestiging: laatste woorden"), FieldKind.PLAIN),
            TextField("reminder_opening", _l("Herinnering: eerste woorden"), FieldKind.PLAIN),
            TextField("reminder_closing", _l("Herinnering: laatste woorden"), FieldKind.PLAIN),
            TextField("signature", _l("Ondertekening van elke mail"), FieldKind.PLAIN,
                      hint=_l("Leeg: de naam van de dag.")),
        ),
    ),
)  # fmt: skip
BY_CODE = {page.code: page for page in PAGES}


def standard_of(page: SitePage) -> dict[str, str]:
    """Return the standard text of each value, in every language."""
    found: dict[str, str] = {}
    for field in page.fields:
        for key, code in zip(field.keys, i18n.LANGUAGES, strict=False):
            with i18n.speaking(code):
                found[key] = field.standard()
    return found
