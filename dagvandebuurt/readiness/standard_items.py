"""Standard checklists: what each role does before, on and after the day, with the page where it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.models import Role


@dataclass(frozen=True)
class StandardItem:
    """One thing to do. `due_days` counts from the day of the edition.

    `fact` names what the site sees by itself: a step of the preparation, or a fact of `facts.py`. `is_personal`:
    everybody with the role does it for themselves.
    """

    code: str
    role: Role
    due_days: int
    sentence: Any
    endpoint: str
    fact: str = ""
    is_personal: bool = False


_O, _M, _H, _C, _S, _E = (
    Role.ORGANISER, Role.MODERATOR, Role.HOST, Role.CAPTIONER, Role.SUPPORTER, Role.EDITOR,
)  # fmt: skip


def _item(
    role: Role, code: str, due_days: int, sentence: Any, endpoint: str, *, fact: str = "", own: bool = False
) -> StandardItem:
    return StandardItem(f"{role.value}-{code}", role, due_days, sentence, endpoint, fact, own)


STANDARD = (
    _item(_O, "day", -14, _l("Zet naam, dag en uitleg van de dag goed."), "programme.desk", fact="intro"),
    _item(_O, "sessions", -14, _l("Publiceer het programma."), "programme.desk", fact="sessions"),
    _item(_O, "mail", -14, _l("Laat mail werken en stuur jezelf een testmail."), "organisation.post", fact="mail"),
    _item(_O, "second", -14, _l("Zorg dat er een tweede organisator is."), "organisation.roles", fact="colleagues"),
    _item(_O, "privacy", -14, _l("Schrijf op wie voor de gegevens verantwoordelijk is."), "texts.desk", fact="controller"),
    _item(_O, "moderators", -12, _l("Geef elke sessie een moderator."), "organisation.roles", fact="moderators_everywhere"),
    _item(_O, "stages", -10, _l("Geef elke sessie een adres voor het beeld."), "programme.desk", fact="stages_everywhere"),
    _item(_O, "tech-checks", -10, _l("Stuur sprekers en gespreksleiders de link van de technische proef."), "readiness.tech_checks"),
    _item(_O, "divide", -10, _l("Spreek met moderatoren en gespreksleiders af wie wat doet."), "organisation.roles"),
    _item(_O, "open", -7, _l("Open de dag voor bezoekers."), "programme.desk", fact="open"),
    _item(_O, "needs", -7, _l("Regel wat mensen nodig hebben om mee te doen."), "organisation.access"),
    _item(_O, "rehearsal", -5, _l("Houd een repetitie met iedereen die een taak heeft."), "readiness.rehearsal"),
    _item(_O, "checked", -3, _l("Bel wie de technische proef nog niet deed."), "readiness.tech_checks", fact="speakers_checked"),
    _item(_O, "stand-in", -3, _l("Spreek af wie invalt als een moderator ziek wordt."), "organisation.roles"),
    _item(_O, "copy", -1, _l("Vraag wie de server beheert of de reservekopie van vannacht goed is."), "organisation.index"),
    _item(_O, "emergency", -1, _l("Lees samen wat je doet als het misgaat, en schrijf de nummers op papier."), "readiness.emergency"),
    _item(_O, "phone", 0, _l("Zet de telefoon aan en kijk wie er is, een half uur voor het begin."), "organisation.attendance_now"),
    _item(_O, "thanks", 1, _l("Bedank iedereen die hielp."), "organisation.roles"),
    _item(_O, "export", 2, _l("Haal op wat je wilt bewaren: vragen, peilingen en meldingen."), "organisation.index"),
    _item(_O, "recordings", 14, _l("Zet de opnames online, met ondertitels."), "programme.desk"),
    _item(_O, "told", 30, _l("Kijk welke actiepunten nog op antwoord wachten, en bel."), "agenda.index"),
    _item(_O, "lessons", 60, _l("Vertel op de voorpagina wat er met de vragen is gebeurd."), "texts.desk"),
    _item(_O, "roles-off", 90, _l("Neem taken terug van wie klaar is, en sluit de dag af."), "organisation.roles"),
    _item(_M, "rules", -14, _l("Lees de spelregels. Vraag wat je niet snapt."), "moderation.house_rules", own=True),
    _item(_M, "phone", -10, _l("Stel je telefoon in: een moderator logt in met een code."), "people.security", fact="second_factor", own=True),
    _item(_M, "practise", -7, _l("Open de regie van je sessie en zoek elke knop op."), "qanda.queues", own=True),
    _item(_M, "checked", -3, _l("Kijk of iedereen die spreekt de technische proef deed."), "readiness.tech_checks", fact="speakers_checked"),
    _item(_M, "names", -3, _l("Oefen hardop de namen van wie er spreekt."), "programme.speakers", own=True),
    _item(_M, "early", 0, _l("Zit een half uur eerder in de regie en zeg hallo achter de schermen."), "qanda.queues", own=True),
    _item(_M, "answers", 2, _l("Schrijf bij elke beantwoorde vraag een kort antwoord."), "qanda.queues"),
    _item(_M, "decisions", 3, _l("Kijk na of elke melding en elk bezwaar een besluit heeft."), "qanda.queues"),
    _item(_H, "talk", -10, _l("Bel met wie er spreekt: hoe loopt het gesprek?"), "programme.index", own=True),
    _item(_H, "check", -5, _l("Doe de technische proef: beeld, geluid, microfoon en verbinding."), "readiness.try_out", own=True),
    _item(_H, "moderator", -2, _l("Spreek met je moderator af wie de vragen kiest."), "qanda.queues", own=True),
    _item(_H, "early", 0, _l("Zit een kwartier eerder klaar, met water en een tweede apparaat."), "qanda.queues", own=True),
    _item(_H, "open-questions", 1, _l("Vertel de moderator welke vragen nog een antwoord nodig hebben."), "qanda.queues", own=True),
    _item(_C, "which", -10, _l("Kijk bij welke sessies jij typt."), "captions.sessions", own=True),
    _item(_C, "practise", -5, _l("Oefen tien minuten: typ mee met iemand die praat."), "captions.sessions", own=True),
    _item(_C, "words", -2, _l("Vraag sprekers om namen en moeilijke woorden."), "programme.speakers", own=True),
    _item(_C, "early", 0, _l("Log een kwartier eerder in en typ een regel om te proberen."), "captions.sessions", own=True),
    _item(_C, "correct", 2, _l("Lees de ondertitels na en verbeter de namen."), "captions.sessions", own=True),
    _item(_S, "register", -10, _l("Oefen hoe je iemand zonder e-mail aanmeldt."), "registration.others", own=True),
    _item(_S, "ask", -5, _l("Oefen met een collega: schrijf een vraag op die door de telefoon komt."), "programme.index", own=True),
    _item(_S, "paper", -1, _l("Leg papier en pen klaar, voor als de site het niet doet."), "registration.others", own=True),
    _item(_S, "early", 0, _l("Zet de telefoon aan, een half uur voor het begin."), "registration.others", own=True),
    _item(_S, "call", 3, _l("Bel wie op antwoord wacht en geen e-mail heeft."), "registration.others"),
    _item(_E, "notes", -7, _l("Spreek af wie bij welke sessie aantekeningen maakt."), "lessons.desk_page"),
    _item(_E, "drafts", 2, _l("Zet van elke sessie een eerste tekst klaar."), "lessons.desk_page"),
    _item(_E, "publish", 7, _l("Publiceer de lessen."), "lessons.desk_page"),
    _item(_E, "send", 14, _l("Stuur elk actiepunt naar wie het kan beantwoorden."), "agenda.desk"),
    _item(_E, "remind", 30, _l("Herinner wie te laat is met een antwoord."), "agenda.desk"),
)  # fmt: skip
BY_CODE: Mapping[str, StandardItem] = {item.code: item for item in STANDARD}
