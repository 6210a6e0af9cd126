"""The shape of what people and moderators send, through either door."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from dagvandebuurt.core.forms import Id, text_of
from dagvandebuurt.live.writes import LiveAct
from dagvandebuurt.qanda.models import Appearance, QuestionKind

QUESTION_MAX_CHARS = 500
ANSWER_MAX_CHARS = 2_000
NOTE_MAX_CHARS = 500


class HideReason(StrEnum):
    """The codes of the house rules. Whoever asked is told which one, in its own words."""

    RESPECT = "respect"
    PERSONAL_DATA = "personal_data"
    NO_DISCRIMINATION = "no_discrimination"
    ON_TOPIC = "on_topic"
    NO_ADS = "no_ads"
    URGENT = "urgent"


def _one_of(kind: type[StrEnum]) -> Any:
    """A word of `kind`. Strict models take no text for an enum; JSON and forms have only text."""

    def read(value: Any) -> Any:
        try:
            return kind(value) if isinstance(value, str) else value
        except ValueError:
            return value

    return Annotated[kind, BeforeValidator(read)]


class Ask(LiveAct):
    """`id` is made by the sender, so that the question has its name before it is answered."""

    id: Id
    text: text_of(QUESTION_MAX_CHARS)  # type: ignore[valid-type]
    kind: _one_of(QuestionKind) = QuestionKind.QUESTION  # type: ignore[valid-type]
    appear: _one_of(Appearance) = Appearance.ROLE  # type: ignore[valid-type]


class AboutQuestion(LiveAct):
    question: Id


class SupportIt(AboutQuestion):
    """A wish, not a toggle: `on` says how it should be. Repeating it is harmless."""

    on: bool


class Hide(AboutQuestion):
    reason: _one_of(HideReason)  # type: ignore[valid-type]
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class Answer(AboutQuestion):
    text: text_of(ANSWER_MAX_CHARS, lines=40)  # type: ignore[valid-type]
