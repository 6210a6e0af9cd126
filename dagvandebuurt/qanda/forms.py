"""The shape of what people and moderators send, through either door."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator

from dagvandebuurt.core.forms import Id, text_of, with_numbers
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.qanda.models import Appearance, QuestionKind, Via

QUESTION_MAX_CHARS = 500
ANSWER_MAX_CHARS = 2_000
NOTE_MAX_CHARS = 500
PLACE_MAX_CHARS = 80


class HideReason(StrEnum):
    """The codes of the house rules. Whoever asked is told which one, in its own words."""

    RESPECT = "respect"
    PERSONAL_DATA = "personal_data"
    NO_DISCRIMINATION = "no_discrimination"
    ON_TOPIC = "on_topic"
    NO_ADS = "no_ads"
    URGENT = "urgent"


def one_of(kind: type[StrEnum]) -> Any:
    """A word of `kind`. Strict models take no text for an enum; JSON and forms have only text."""

    def read(value: Any) -> Any:
        try:
            return kind(value) if isinstance(value, str) else value
        except ValueError:
            return value

    return Annotated[kind, BeforeValidator(read)]


class Ask(LiveAct):
    """`id` is made by the sender, so that the question has its name before it is answered.

    `notice`: with an anonymous question, a mail when there is news, that names no question.

    `via` tells that somebody else asks: then `consent` says that they agreed, and `for_role` and
    `for_place` are theirs.
    """

    id: Id
    text: text_of(QUESTION_MAX_CHARS)  # type: ignore[valid-type]
    kind: one_of(QuestionKind) = QuestionKind.QUESTION  # type: ignore[valid-type]
    appear: one_of(Appearance) = Appearance.ROLE  # type: ignore[valid-type]
    notice: bool = False
    via: one_of(Via) | None = None  # type: ignore[valid-type]
    consent: bool = False
    for_role: one_of(ParticipantRole) = ParticipantRole.UNDISCLOSED  # type: ignore[valid-type]
    for_place: text_of(PLACE_MAX_CHARS, lines=1, least=0) = ""  # type: ignore[valid-type]


class AboutQuestion(LiveAct):
    question: Id


class AtTheDesk(AboutQuestion):
    """What a moderator decides. `seen`: the `desk_revision` of the question they had before them; what a
    colleague decided since is not undone. Without it only what undoes nothing is done."""

    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class SupportIt(AboutQuestion):
    """A wish, not a toggle: `on` says how it should be. Repeating it is harmless."""

    on: bool


class Shortlist(AtTheDesk):
    on: bool


class PutLive(AtTheDesk):
    """`on` false: it goes back to where everybody reads it. `instead_of`: the question that had the turn
    when the button was pressed; None for none."""

    on: bool = True
    instead_of: Id | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """A button without a value means yes."""
        return super().from_page({"on": "1", **fields})


class Merge(AtTheDesk):
    into: Id


class Move(AtTheDesk):
    """To another session, which is locked together with this one."""

    to: Id

    def rooms(self) -> set[UUID]:
        return {self.session, self.to}


class Arrange(LiveAct):
    """How asking goes here. What is left out stays as it is, so that two moderators can each turn
    their own knob."""

    is_open: bool | None = None
    minutes_between: Literal[0, 2, 5, 10] | None = None
    shows_first: bool | None = None
    registered_only: bool | None = None
    seen: Revision | None = None  # of the asking rules that their presser had before them

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        values: dict[str, Any] = {name: fields[name] for name in ("session", "op") if name in fields}
        for name in ("is_open", "shows_first", "registered_only"):
            if name in fields:
                values[name] = {"yes": True, "no": False}.get(fields[name], fields[name])
        if "minutes_between" in fields:
            minutes = fields["minutes_between"]
            values["minutes_between"] = int(minutes) if minutes in ("0", "2", "5", "10") else minutes
        values |= {name: value for name, value in with_numbers(fields, "seen").items() if name == "seen"}
        return cls.from_message(values)


class MuteHandle(AtTheDesk):
    """Whoever asked this question; whatever they ask from now on is theirs alone to see."""

    reason: one_of(HideReason)  # type: ignore[valid-type]


class HideName(AtTheDesk):
    """Keep the name beside this question from the hall, for the room; `on` false shows it again."""

    on: bool = True

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """A button without a value means yes."""
        return super().from_page({"on": "1", **fields})


class SayBackstage(LiveAct):
    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class Hide(AtTheDesk):
    reason: one_of(HideReason)  # type: ignore[valid-type]
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class Answer(AboutQuestion):
    """`instead_of`: the answer its writer had before them, empty for none. What another moderator
    wrote meanwhile is not written over unread."""

    text: text_of(ANSWER_MAX_CHARS, lines=40)  # type: ignore[valid-type]
    instead_of: text_of(ANSWER_MAX_CHARS, lines=40, least=0) | None = None  # type: ignore[valid-type]

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """An empty `instead_of` says something too: there was no answer."""
        return cls.from_message({name: fields[name] for name in cls.model_fields if name in fields})
