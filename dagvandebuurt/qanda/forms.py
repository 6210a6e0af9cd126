"""Input schemas of the Q&A, shared by sockets and plain forms."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.forms import Act, Id, text_of, with_numbers
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.queries import OWN
from dagvandebuurt.qanda.models import Appearance, QuestionKind, Via

QUESTION_MAX_CHARS = 500
ANSWER_MAX_CHARS = 2_000
NOTE_MAX_CHARS = 500
PLACE_MAX_CHARS = 80
MOST_AT_ONCE = 100  # questions that one press decides about


class HideReason(StrEnum):
    """Codes of the house rules. The asker is told which one applies, in its own words."""

    RESPECT = "respect"
    PERSONAL_DATA = "personal_data"
    NO_DISCRIMINATION = "no_discrimination"
    ON_TOPIC = "on_topic"
    NO_ADS = "no_ads"
    URGENT = "urgent"


def one_of(kind: type[StrEnum]) -> Any:
    """Return a type for members of `kind`. Strict models accept no text for an enum; JSON and forms have only
    text.
    """

    def read(value: Any) -> Any:
        try:
            return kind(value) if isinstance(value, str) else value
        except ValueError:
            return value

    return Annotated[kind, BeforeValidator(read)]


def _is_a_reason(code: str) -> str:
    if code not in set(HideReason) and not OWN.fullmatch(code):
        raise ValueError("the code of a house rule")
    return code


# The code of a house rule, also one of the organiser's own; the command looks whether it holds.
RuleCode = Annotated[str, AfterValidator(_is_a_reason)]


class Ask(LiveAct):
    """Input of asking. `id` is made by the client, so that the question is known before it is acknowledged.

    `notice`: for an anonymous question, send a mail when there is news, which names no question.

    `via`: asked on behalf of somebody else; then `consent` states that they agreed, and `for_role` and
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
    """Input of a moderator's decision. `seen`: the `desk_revision` on their screen; what a colleague decided
    since is not undone. Without it only actions that undo nothing are accepted.
    """

    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class SupportIt(AboutQuestion):
    """Input of supporting: `on` is the wanted state, not a toggle, so repeating it is idempotent."""

    on: bool


class Shortlist(AtTheDesk):
    on: bool


class ClaimIt(AtTheDesk):
    """Input of claiming a waiting question; `on` false lets it go."""

    on: bool = True

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. A button without a value means yes."""
        return super().from_page({"on": "1", **fields})


class PutLive(AtTheDesk):
    """Input of putting on stage. `on` false: it goes back to the visible ones. `instead_of`: the question on
    stage when the button was pressed; None for none.
    """

    on: bool = True
    instead_of: Id | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. A button without a value means yes."""
        return super().from_page({"on": "1", **fields})


class Merge(AtTheDesk):
    into: Id


class Mend(AtTheDesk):
    """Input of mending the text of a question that waits."""

    text: text_of(QUESTION_MAX_CHARS)  # type: ignore[valid-type]


class Undo(AtTheDesk):
    """Input of undoing one's own last decision on a question. `to`: the session it was moved to, which is locked
    together with this one.
    """

    to: Id | None = None

    def rooms(self) -> set[UUID]:
        return {self.session} | ({self.to} if self.to else set())


class Move(AtTheDesk):
    """Input of moving to another session, which is locked together with this one."""

    to: Id

    def rooms(self) -> set[UUID]:
        return {self.session, self.to}


class Arrange(LiveAct):
    """Input of the settings of asking. A field that is left out stays as it is, so that two moderators can
    each change their own setting.
    """

    is_open: bool | None = None
    minutes_between: Literal[0, 2, 5, 10] | None = None
    shows_first: bool | None = None
    registered_only: bool | None = None
    seen: Revision | None = None  # revision of the settings on the client's screen

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
    """Input of muting the asker of this question: their later questions are visible to themselves only."""

    reason: RuleCode


class HideName(AtTheDesk):
    """Input of hiding the name beside this question from the hall, in this room; `on` false shows it again."""

    on: bool = True

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. A button without a value means yes."""
        return super().from_page({"on": "1", **fields})


class SayBackstage(LiveAct):
    text: text_of(NOTE_MAX_CHARS)  # type: ignore[valid-type]


class Hide(AtTheDesk):
    reason: RuleCode
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]


class SeveralDeed(StrEnum):
    SHOW = "show"
    HIDE = "hide"
    UNDO = "undo"


class Seen(Act):
    """One question of several. `seen`: its `desk_revision` on the screen of the presser."""

    question: Id
    seen: Revision | None = None


class Several(LiveAct):
    """Input of one decision about several questions, each held against what its presser saw of it. `reason` and
    `note` are for hiding.
    """

    deed: one_of(SeveralDeed)  # type: ignore[valid-type]
    questions: Annotated[list[Seen], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: RuleCode | None = None
    note: text_of(NOTE_MAX_CHARS, least=0) = ""  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _hiding_has_a_reason(self) -> Self:
        if self.deed is SeveralDeed.HIDE and self.reason is None:
            raise InvalidInput({"reason": [_("Kies eerst een reden.")]})
        return self


class Answer(AboutQuestion):
    """Input of an answer. `instead_of`: the answer its author had on screen, empty for none. A text that
    another moderator wrote meanwhile is not overwritten unread.
    """

    text: text_of(ANSWER_MAX_CHARS, lines=40)  # type: ignore[valid-type]
    instead_of: text_of(ANSWER_MAX_CHARS, lines=40, least=0) | None = None  # type: ignore[valid-type]

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. An empty `instead_of` is kept: it means that there was no answer."""
        return cls.from_message({name: fields[name] for name in cls.model_fields if name in fields})
