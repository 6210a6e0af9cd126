"""Input schemas of polls."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from dagvandebuurt.core.forms import Act, Id, text_of, with_numbers
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.polls.models import ANSWER_MAX_CHARS, MOST_OPTIONS, MOST_PLACES, NUMBERS

TITLE_MAX_CHARS = 200
LABEL_MAX_CHARS = 120
MOST_TEXTS = 3
MOST_ANSWERS = 2000  # shown or hidden at once
STEPS = (3, 4, 5, 7, 10)  # how many a scale may have

Label = text_of(LABEL_MAX_CHARS, lines=1)
Answer = text_of(ANSWER_MAX_CHARS, lines=1)


class AboutPoll(LiveAct):
    poll: Id


class AtTheDesk(AboutPoll):
    """Input of a moderator's decision. `seen`: the `desk_revision` of the poll on their screen."""

    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class WritePoll(AtTheDesk):
    """Input of writing a poll, under an id made by the client: a new one, or a changed draft.

    `right`: the option that answers a quiz, counted from 1. `words`: how many each person may give in a word cloud.
    """

    title: text_of(TITLE_MAX_CHARS, lines=1)  # type: ignore[valid-type]
    kind: Literal[
        "single_choice", "multiple_choice", "scale", "ranking", "quiz", "open_text", "word_cloud", "places"
    ]
    options: Annotated[list[Label], Field(max_length=MOST_PLACES)] = []  # type: ignore[valid-type]
    max_choices: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] = 1
    right: Annotated[int, Field(ge=1, le=MOST_OPTIONS)] | None = None
    steps: Literal[3, 4, 5, 7, 10] = 5
    words: Literal[1, 2, 3] = 1
    shows_mean: bool = False
    low_label: text_of(60, lines=1, least=0) = ""  # type: ignore[valid-type]
    high_label: text_of(60, lines=1, least=0) = ""  # type: ignore[valid-type]

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse form fields. Each option is a line."""
        given = with_numbers(fields, "seen", "right", "steps", "words")
        values: dict[str, Any] = {
            name: given[name] for name in cls.model_fields if given.get(name) not in (None, "")
        }
        values["options"] = [line for line in fields.get("options", "").splitlines() if line.strip()]
        values["shows_mean"] = bool(fields.get("shows_mean"))
        most = fields.get("max_choices", "")
        if most:
            values["max_choices"] = int(most) if most.isdecimal() and len(most) < 4 else most
        return cls.from_message(values)


class OpenPoll(AtTheDesk):
    """Input of opening. `minutes` 0: until it is closed."""

    minutes: Literal[0, 1, 2, 5, 10] = 0

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        minutes = fields.get("minutes", "0")
        known = {str(each): each for each in (0, 1, 2, 5, 10)}
        given = with_numbers(fields, "seen")
        rest: dict[str, Any] = {
            name: given[name] for name in ("session", "op", "poll", "seen") if name in given
        }
        return cls.from_message({**rest, "minutes": known.get(minutes, minutes)})


class ShowResults(AtTheDesk):
    on: bool


class ShowAnswers(AboutPoll):
    """Input of showing or hiding answers, by number. `seen`: the `revision` of the poll's item on the screen that
    they were read from: what a colleague decided later was not read.
    """

    answers: Annotated[list[Annotated[int, Field(ge=0, lt=NUMBERS)]], Field(max_length=MOST_ANSWERS)]
    on: bool
    seen: Revision

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class CastBallot(AboutPoll):
    """Input of a ballot: the whole choice, each time. Sending it again replaces it, an empty one withdraws it.

    `texts` instead of `choices` where people write.
    """

    choices: Annotated[list[Annotated[int, Field(ge=0, le=MOST_PLACES)]], Field(max_length=MOST_OPTIONS)] = []
    texts: Annotated[list[Answer], Field(max_length=MOST_TEXTS)] | None = None  # type: ignore[valid-type]

    def content(self) -> str:
        """Return the content without the choice: not even a keyed hash of it is stored with somebody's
        operation.
        """
        return str(self.poll)


class React(Act):
    """Input of a reaction: applause or a heart. Not stored."""

    session: Id
    kind: Annotated[str, StringConstraints(pattern="^(applause|heart)$")]
