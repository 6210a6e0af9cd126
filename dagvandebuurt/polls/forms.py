"""The shape of what people and moderators send about polls."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from dagvandebuurt.core.forms import Act, Id, text_of
from dagvandebuurt.live.writes import LiveAct

TITLE_MAX_CHARS = 200
LABEL_MAX_CHARS = 120
MOST_OPTIONS = 10
SCALE_STEPS = 5

Label = text_of(LABEL_MAX_CHARS, lines=1)


class AboutPoll(LiveAct):
    poll: Id


class WritePoll(AboutPoll):
    """A poll as it should be, under an id its sender made: new, or instead of the draft it was."""

    title: text_of(TITLE_MAX_CHARS, lines=1)  # type: ignore[valid-type]
    kind: Literal["single_choice", "multiple_choice", "scale"]
    options: Annotated[list[Label], Field(max_length=MOST_OPTIONS)] = []  # type: ignore[valid-type]
    max_choices: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] = 1
    low_label: text_of(60, lines=1, least=0) = ""  # type: ignore[valid-type]
    high_label: text_of(60, lines=1, least=0) = ""  # type: ignore[valid-type]

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Options stand on a line each."""
        values: dict[str, Any] = {name: fields[name] for name in cls.model_fields if fields.get(name)}
        values["options"] = [line for line in fields.get("options", "").splitlines() if line.strip()]
        most = fields.get("max_choices", "")
        if most:
            values["max_choices"] = int(most) if most.isdecimal() and len(most) < 4 else most
        return cls.from_message(values)


class OpenPoll(AboutPoll):
    """`minutes` 0: until somebody closes it."""

    minutes: Literal[0, 1, 2, 5, 10] = 0

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        minutes = fields.get("minutes", "0")
        known = {str(each): each for each in (0, 1, 2, 5, 10)}
        rest = {name: fields[name] for name in ("session", "op", "poll") if name in fields}
        return cls.from_message({**rest, "minutes": known.get(minutes, minutes)})


class ShowResults(AboutPoll):
    on: bool


class CastBallot(AboutPoll):
    """The whole choice, each time: sending it again changes it, sending none takes it back."""

    choices: Annotated[list[Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]], Field(max_length=MOST_OPTIONS)]

    def content(self) -> str:
        """Without the choice: not even a keyed hash of it stays beside somebody's operation."""
        return str(self.poll)


class React(Act):
    """Applause, or a heart. Nothing that is kept."""

    session: Id
    kind: Annotated[str, StringConstraints(pattern="^(applause|heart)$")]
