"""Dictionary of the exports: what each dataset is for, and what each of its columns holds."""

from collections.abc import Sequence

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l

PURPOSES = {
    "aanmeldingen": (_l("Aanmeldingen"), _l("Tellen wie zich aanmeldde, en wat voor mensen dat zijn.")),
    "sessiekeuzes": (
        _l("Gekozen sessies"),
        _l("Zien hoeveel mensen een sessie kozen, en waar te weinig plek is."),
    ),
    "aanwezigheid": (_l("Aanwezigheid per sessie"), _l("Zien hoe lang mensen bij een sessie waren.")),
    "aanwezigheid-mensen": (
        _l("Aanwezigheid per persoon"),
        _l("Zien hoeveel sessies mensen volgden, en hoe lang."),
    ),
    "vragen": (_l("Vragen met antwoorden"), _l("Verder werken met wat gevraagd en geantwoord is.")),
    "peilingen": (_l("Peilingen"), _l("De uitslag van elke peiling die dicht is.")),
    "meldingen": (_l("Meldingen"), _l("Zien wat gemeld werd en wat er besloten is.")),
    "berichten": (_l("Berichten"), _l("Zien welke mail ging, en naar hoeveel mensen.")),
}
_SHARED = {
    _l("Naam"): _l("De naam die iemand opgaf."),
    _l("E-mailadres"): _l("Het adres van het account. Leeg bij een gast."),
    _l("Rol"): _l("Wie iemand op de dag is, zoals bewoner of professional."),
    _l("Werkveld"): _l("Het vak van wie er voor werk is."),
    _l("Buurt"): _l("De buurt die iemand opgaf."),
    _l("Taal"): _l("De taal waarin iemand onze mail leest."),
    _l("Sessie"): _l("De titel van de sessie."),
    _l("Deelnemer"): _l("Een nummer dat alleen in dit bestand geldt."),
    _l("Gast"): _l("Ja: iemand zonder account."),
    _l("Opgehaald door"): _l("Wie dit bestand ophaalde, en wanneer."),
}
_OWN = {
    "aanmeldingen": {
        _l("Status"): _l("Of de aanmelding bevestigd is."),
        _l("Dag van aanmelden"): _l("De dag, zonder tijd."),
        _l("Aangemeld op"): _l("Dag en tijd van het aanmelden."),
        _l("Gekozen sessies"): _l("De titels van de sessies, met een komma ertussen."),
    },
    "aanwezigheid": {
        _l("Eerst gezien"): _l("Wanneer iemand in de sessie kwam."),
        _l("Laatst gezien"): _l("Wanneer iemand er voor het laatst was."),
        _l("Minuten"): _l("Hele minuten in de sessie. Twee schermen tegelijk tellen één keer."),
    },
    "aanwezigheid-mensen": {
        _l("Sessies"): _l("In hoeveel sessies iemand was."),
        _l("Minuten samen"): _l("Hele minuten in alle sessies samen."),
    },
    "vragen": {
        _l("Vraag"): _l("De vraag, zoals iedereen die las."),
        _l("Gevraagd door"): _l("De naam, als die erbij mocht. Anders: anoniem, of leeg."),
        _l("Steun"): _l("Hoeveel mensen deze vraag steunden."),
        _l("Stand"): _l("Wat er met de vraag is gebeurd."),
        _l("Gevraagd op"): _l("De dag, zonder tijd."),
        _l("Antwoord"): _l("Het antwoord, als dat er is."),
        _l("Antwoord van"): _l("Wie het antwoord gaf."),
        _l("Wat ermee gebeurt"): _l("Wat er na de dag mee gebeurt."),
        _l("Labels"): _l("De labels van de moderator."),
    },
    "peilingen": {
        _l("Peiling"): _l("Wat er gevraagd werd."),
        _l("Keuze"): _l("Eén van de antwoorden."),
        _l("Stemmen"): _l("Hoeveel stemmen dit antwoord kreeg. Wie stemde, staat er nooit in."),
    },
    "meldingen": {
        _l("Waarover"): _l("Wat voor iets gemeld werd."),
        _l("Reden"): _l("Waarom het gemeld werd."),
        _l("Stand"): _l("Of er al over besloten is."),
        _l("Gemeld op"): _l("De dag, zonder tijd."),
        _l("Besloten op"): _l("De dag van het besluit."),
        _l("Besluit"): _l("Wat er besloten is."),
    },
    "sessiekeuzes": {
        _l("Begint"): _l("Dag en tijd van het begin."),
        _l("Bevestigd"): _l("Hoeveel mensen een plek hebben."),
        _l("Wachtlijst"): _l("Hoeveel mensen op een plek wachten."),
        _l("Plek aangeboden"): _l("Hoeveel mensen nog ja moeten zeggen."),
        _l("Afgemeld"): _l("Hoeveel mensen toch niet komen."),
    },
    "berichten": {
        _l("Onderwerp"): _l("Het onderwerp van de mail."),
        _l("Tekst"): _l("De tekst van de mail, in het Nederlands."),
        _l("Stand"): _l("Of de mail al weg is."),
        _l("Gemaakt op"): _l("Wanneer de tekst begonnen is."),
        _l("Begonnen op"): _l("Wanneer het versturen begon."),
        _l("Verstuurd aan"): _l("Naar hoeveel mensen de mail ging."),
        _l("Kwam terug"): _l("Hoe vaak de mail terugkwam."),
        _l("Geweigerd"): _l("Hoe vaak de mail geweigerd werd."),
        _l("Overgeslagen"): _l("Hoeveel mensen we oversloegen."),
    },
}


def meanings_of(code: str, headers: Sequence[str]) -> list[tuple[str, str]]:
    """Return each header of a dataset with its meaning. A header that is not ours is a session, or a question that
    the organisation asked at registering."""
    known = {str(header): str(meaning) for header, meaning in (*_SHARED.items(), *_OWN[code].items())}
    other = (
        _("Minuten in deze sessie. Leeg: er niet bij.")
        if code == "aanwezigheid-mensen"
        else _("Het antwoord op deze vraag bij het aanmelden.")
    )
    return [(header, known.get(header, other)) for header in headers]
