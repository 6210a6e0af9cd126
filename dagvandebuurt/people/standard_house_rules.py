"""The house rules that hold until an organiser writes others. Their codes are the reasons for hiding."""

from dataclasses import dataclass
from typing import Any

from dagvandebuurt.core import i18n
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.models import HouseRule, HouseRules

STANDARD_VERSION = 1


@dataclass(frozen=True)
class StandardRule:
    """A rule that a moderator can name. Organisers may word it differently, not take it away."""

    code: str
    title: Any
    body: Any


STANDARD = (
    StandardRule(
        "respect",
        _l("Praat over het onderwerp, niet over de persoon"),
        _l("Kritiek op een plan is goed. Schelden en bedreigen niet."),
    ),
    StandardRule(
        "personal_data",
        _l("Schrijf niet over iemand die anderen herkennen"),
        _l("Geen namen, adressen of verhalen waarmee je buur te vinden is. Ook niet als je je zorgen maakt."),
    ),
    StandardRule(
        "no_discrimination",
        _l("Geen discriminatie"),
        _l("Iedereen telt mee, waar je ook vandaan komt en hoe je ook leeft."),
    ),
    StandardRule("on_topic", _l("Blijf bij het onderwerp"), _l("Een andere vraag? Maak een nieuwe.")),
    StandardRule("no_ads", _l("Geen reclame"), _l("Een initiatief delen mag. Iets verkopen niet.")),
    StandardRule(
        "urgent",
        _l("Is het dringend? Bel"),
        _l("Bij gevaar bel je 112. Deze site is geen meldpunt en wordt niet dag en nacht gelezen."),
    ),
)
TITLE = _l("Spelregels")
INTRO = _l("Iedereen mag hier meepraten. Met deze regels blijft het veilig en eerlijk.")
WHAT_HAPPENS = (
    _l("Een moderator leest mee. Je eerste reactie leest die voordat iedereen hem ziet."),
    _l("Verbergen we iets, dan lees je welke regel het was en waarom."),
    _l("Ben je het er niet mee eens, dan kun je vragen of een andere moderator opnieuw kijkt."),
)


def standard_house_rules() -> HouseRules:
    """Return the standard rules, in Dutch and English, as a version that is not stored."""
    made: dict[str, dict[str, Any]] = {}
    for code in i18n.LANGUAGES:
        with i18n.speaking(code):
            made[code] = {
                "title": str(TITLE),
                "intro": str(INTRO),
                "what_happens": [str(line) for line in WHAT_HAPPENS],
                "rules": [(str(rule.title), str(rule.body)) for rule in STANDARD],
            }
    dutch, english = made["nl"], made["en"]
    return HouseRules(
        version=STANDARD_VERSION,
        title=dutch["title"],
        title_en=english["title"],
        intro=dutch["intro"],
        intro_en=english["intro"],
        what_happens=dutch["what_happens"],
        what_happens_en=english["what_happens"],
        rules=[
            HouseRule(
                position=position,
                code=rule.code,
                title=dutch["rules"][position][0],
                body=dutch["rules"][position][1],
                title_en=english["rules"][position][0],
                body_en=english["rules"][position][1],
            )
            for position, rule in enumerate(STANDARD)
        ],
    )
