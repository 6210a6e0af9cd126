"""Phone numbers that somebody in danger gets, and the sentences that are ready to be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dagvandebuurt.core.i18n import language
from dagvandebuurt.core.i18n import lazy as _l


class Sentence(StrEnum):
    """Ready sentence to the asker, so that nobody has to search for words."""

    READ = "read"
    NOT_SHOWN = "not_shown"
    CALL = "call"
    COME = "come"


SENTENCES: dict[str, Any] = {
    Sentence.READ: _l("We hebben gelezen wat je schreef. Dank je wel dat je het zegt."),
    Sentence.NOT_SHOWN: _l("De zaal leest je vraag niet. Alleen de mensen die hier helpen lezen hem."),
    Sentence.CALL: _l("Bel nu een van deze nummers. Je hoeft het niet alleen te doen."),
    Sentence.COME: _l("Ben je hier? Loop naar iemand van de organisatie. Je hoeft niets uit te leggen."),
}


@dataclass(frozen=True, slots=True)
class HelpNumber:
    """Phone number, with whose it is and when to call it, in the reader's language."""

    name: str
    number: str
    about: str

    @property
    def dialled(self) -> str:
        return "".join(sign for sign in self.number if sign.isdigit() or sign == "+")


STANDARD: Sequence[tuple[str, str, Any]] = (
    ("112", "112", _l("Is er nu gevaar? Bel de politie, ambulance of brandweer.")),
    ("113", "113", _l("Denk je aan zelfmoord? Dag en nacht, gratis, zonder je naam.")),
    (
        "Veilig Thuis",
        "0800-2000",
        _l("Is er geweld thuis, of maak je je zorgen om iemand? Dag en nacht, gratis."),
    ),
)


def standard_numbers() -> list[HelpNumber]:
    return [HelpNumber(name, number, str(about)) for name, number, about in STANDARD]


def numbers_in_words(stored: Sequence[dict[str, str]]) -> list[HelpNumber]:
    """Return the numbers of the organisation, in the reader's language where they wrote it."""
    is_english = language() == "en"
    return [
        HelpNumber(each["name"], each["number"], (is_english and each["about_en"]) or each["about"])
        for each in stored
    ]
