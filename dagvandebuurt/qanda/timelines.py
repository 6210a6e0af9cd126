"""How a question stands, and its way from asking to done: one source for pages, mails, exports and live items.

`timeline_of` is pure: what is known of a question, what an organisation was asked because of it (`Promise`),
and whether its session is over. It depends on the question alone, never on the reader: the page behind the
private link of an anonymous question shows it too. It tells days only: a moment would identify an anonymous
asker.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import short_day
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.follow_ups import promises_of
from dagvandebuurt.qanda.hooks import Promise, PromiseStage
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.qanda.queries import ends_of


class Standing(StrEnum):
    """Status of a question or an action point, as everybody reads it."""

    WAITING = "waiting"
    READABLE = "readable"
    LIVE = "live"
    OPEN = "open"
    ANSWERED = "answered"
    HIDDEN = "hidden"
    MERGED = "merged"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    EDITING = "editing"
    ASKED = "asked"
    ACKNOWLEDGED = "acknowledged"
    REPLIED = "replied"
    RESEARCHING = "researching"
    ELSEWHERE = "elsewhere"
    BUSY = "busy"
    DONE = "done"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    NOT_SENT = "not_sent"


# In words, and the colour of its tag.
STANDINGS: dict[Standing, tuple[Any, str]] = {
    Standing.WAITING: (_l("Wacht op de moderator"), "plain"),
    Standing.READABLE: (_l("Iedereen kan hem lezen"), "plain"),
    Standing.LIVE: (_l("Nu aan de beurt"), "sun"),
    Standing.OPEN: (_l("Nog geen antwoord"), "sun"),
    Standing.ANSWERED: (_l("Beantwoord"), "leaf"),
    Standing.HIDDEN: (_l("Niet getoond"), "alarm"),
    Standing.MERGED: (_l("Samengevoegd met een andere vraag"), "plain"),
    Standing.MOVED: (_l("Doorgegeven aan een andere sessie"), "plain"),
    Standing.WITHDRAWN: (_l("Ingetrokken"), "off"),
    Standing.EDITING: (_l("De redactie kijkt het na"), "sun"),
    Standing.ASKED: (_l("Gevraagd aan de organisatie"), "sun"),
    Standing.ACKNOWLEDGED: (_l("De organisatie heeft het ontvangen"), "sun"),
    Standing.REPLIED: (_l("De organisatie gaf antwoord"), "canal"),
    Standing.RESEARCHING: (_l("De organisatie zoekt het uit"), "canal"),
    Standing.ELSEWHERE: (_l("Het ligt bij een ander"), "canal"),
    Standing.BUSY: (_l("De organisatie is bezig"), "canal"),
    Standing.DONE: (_l("Klaar, zegt de organisatie"), "leaf"),
    Standing.CONFIRMED: (_l("Bewoners bevestigen: het is klaar"), "leaf"),
    Standing.REOPENED: (_l("Nog niet klaar, zeggen bewoners"), "alarm"),
    Standing.NOT_SENT: (_l("Niet verstuurd"), "off"),
}


class StepState(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    COMING = "coming"
    STOPPED = "stopped"


STATES: dict[StepState, Any] = {
    StepState.DONE: _l("gedaan"),
    StepState.NOW: _l("nu"),
    StepState.COMING: _l("later"),
    StepState.STOPPED: _l("gestopt"),
}


class StepName(StrEnum):
    """Step on the way of a question. What is awaited has another name than what was done."""

    ASKED = "asked"
    PROPOSED = "proposed"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    WENT_ON = "went_on"
    READ = "read"
    READABLE = "readable"
    ON_STAGE = "on_stage"
    ANSWER = "answer"
    ANSWERED = "answered"
    EDITING = "editing"
    NOT_SENT = "not_sent"
    SEND = "send"
    SENT = "sent"
    REPLY = "reply"
    RESEARCHING = "researching"
    REPLIED = "replied"
    ELSEWHERE = "elsewhere"
    START = "start"
    BUSY = "busy"
    FINISHED = "finished"
    REOPENED = "reopened"
    CONFIRM = "confirm"
    CONFIRMED = "confirmed"


STEPS: dict[StepName, Any] = {
    StepName.ASKED: _l("Gevraagd"),
    StepName.PROPOSED: _l("Voorgesteld"),
    StepName.HIDDEN: STANDINGS[Standing.HIDDEN][0],
    StepName.WITHDRAWN: STANDINGS[Standing.WITHDRAWN][0],
    StepName.WENT_ON: _l("Gaat ergens anders verder"),
    StepName.READ: _l("De moderator leest de vraag"),
    StepName.READABLE: _l("Te lezen voor iedereen"),
    StepName.ON_STAGE: _l("Aan de beurt in de zaal"),
    StepName.ANSWER: _l("Antwoord op de vraag"),
    StepName.ANSWERED: STANDINGS[Standing.ANSWERED][0],
    StepName.EDITING: STANDINGS[Standing.EDITING][0],
    StepName.NOT_SENT: STANDINGS[Standing.NOT_SENT][0],
    StepName.SEND: _l("Naar de organisatie"),
    StepName.SENT: STANDINGS[Standing.ASKED][0],
    StepName.REPLY: _l("Antwoord van de organisatie"),
    StepName.RESEARCHING: STANDINGS[Standing.RESEARCHING][0],
    StepName.REPLIED: STANDINGS[Standing.REPLIED][0],
    StepName.ELSEWHERE: STANDINGS[Standing.ELSEWHERE][0],
    StepName.START: _l("De organisatie gaat aan de slag"),
    StepName.BUSY: STANDINGS[Standing.BUSY][0],
    StepName.FINISHED: STANDINGS[Standing.DONE][0],
    StepName.REOPENED: STANDINGS[Standing.REOPENED][0],
    StepName.CONFIRM: _l("Bewoners zeggen of het klopt"),
    StepName.CONFIRMED: STANDINGS[Standing.CONFIRMED][0],
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the day it was done or is due, and who did it."""

    name: StepName
    state: StepState
    on: date | None = None
    who: str | None = None
    due_on: date | None = None
    is_late: bool = False

    @property
    def label(self) -> str:
        return str(STEPS[self.name])

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    def in_words(self) -> str:
        """Return the step as one line of plain text."""
        when = short_day(self.on) if self.on else ""
        if self.due_on and self.is_late:
            when = _("te laat, het was %(day)s", day=short_day(self.due_on))
        elif self.due_on:
            when = _("uiterlijk %(day)s", day=short_day(self.due_on))
        told = ", ".join(each for each in (when, self.who) if each)
        return f"{self.state_label}: {self.label}" + (f" ({told})" if told else "")

    @classmethod
    def of_item(cls, item: Mapping[str, Any]) -> "Step":
        """Return it as it was before `as_item`."""
        on, due_on = (date.fromisoformat(day) if day else None for day in (item["on"], item["due_on"]))
        return cls(StepName(item["name"]), StepState(item["state"]), on, item["who"], due_on, item["is_late"])

    def as_item(self) -> dict[str, Any]:
        """Serialise for a live item: codes and days, in no language."""
        return {
            "name": self.name.value,
            "state": self.state.value,
            "on": self.on.isoformat() if self.on else None,
            "who": self.who,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "is_late": self.is_late,
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where a question stands, and the steps it went and will go."""

    standing: Standing
    steps: tuple[Step, ...]

    @property
    def label(self) -> str:
        return str(STANDINGS[self.standing][0])

    @property
    def tone(self) -> str:
        """Return the colour of its tag."""
        return STANDINGS[self.standing][1]

    def in_words(self) -> list[tuple[str, str]]:
        """Return the state and the words of each step, for a mail."""
        return [(step.state.value, step.in_words()) for step in self.steps]

    @classmethod
    def of_item(cls, item: Mapping[str, Any]) -> "Timeline":
        """Return it as it was before `as_item`: a page is made of the same items as the messages are."""
        return cls(Standing(item["standing"]), tuple(Step.of_item(each) for each in item["steps"]))

    def as_item(self) -> dict[str, Any]:
        """Serialise for a live item."""
        return {
            "standing": self.standing.value,
            "tone": self.tone,
            "steps": [step.as_item() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a question itself."""

    status: QuestionStatus
    asked_on: date
    shown_on: date | None = None
    has_answer: bool = False
    answered_on: date | None = None
    answered_by: str | None = None

    @classmethod
    def of(cls, question: Question, end: Question) -> "Asked":
        """Return it for a question whose answer is that of `end`, where it was merged or moved to."""
        return cls(
            status=end.status,
            asked_on=local(question.asked_at).date(),
            shown_on=_day(question.shown_at or end.shown_at),
            has_answer=bool(end.answer),
            answered_on=_day(end.answered_at),
            answered_by=end.answered_by,
        )


OPEN = PUBLIC - {QuestionStatus.ANSWERED, QuestionStatus.FORWARDED}
ENDED = {
    QuestionStatus.HIDDEN: (Standing.HIDDEN, Step(StepName.HIDDEN, StepState.STOPPED)),
    QuestionStatus.WITHDRAWN: (Standing.WITHDRAWN, Step(StepName.WITHDRAWN, StepState.STOPPED)),
    QuestionStatus.MERGED: (Standing.MERGED, Step(StepName.WENT_ON, StepState.NOW)),
    QuestionStatus.MOVED: (Standing.MOVED, Step(StepName.WENT_ON, StepState.NOW)),
}


def timeline_of(asked: Asked, promise: Promise | None = None, *, is_over: bool = False) -> Timeline:
    """Return how a question stands. What an organisation does with it goes before what its session did."""
    steps = [Step(StepName.ASKED, StepState.DONE, asked.asked_on)]
    if asked.status in ENDED:
        standing, last = ENDED[asked.status]
        return Timeline(standing, (*steps, last))
    if asked.status is QuestionStatus.WAITING:
        steps += [Step(StepName.READ, StepState.NOW), Step(StepName.ANSWER, StepState.COMING)]
        return Timeline(Standing.WAITING, tuple(steps))
    steps.append(Step(StepName.READABLE, StepState.DONE, asked.shown_on))
    if asked.has_answer:
        steps.append(Step(StepName.ANSWERED, StepState.DONE, asked.answered_on, asked.answered_by))
    if promise is not None and promise.stage is not PromiseStage.NOT_SENT:
        return _promised(steps, promise)
    if asked.status is QuestionStatus.LIVE and not is_over:
        steps.append(Step(StepName.ON_STAGE, StepState.NOW))
        steps += [] if asked.has_answer else [Step(StepName.ANSWER, StepState.COMING)]
        return Timeline(Standing.LIVE, tuple(steps))
    if asked.has_answer:
        return Timeline(Standing.ANSWERED, tuple(steps))
    if promise is not None:
        return Timeline(Standing.NOT_SENT, (*steps, Step(StepName.NOT_SENT, StepState.STOPPED)))
    is_passed = is_over or asked.status in (QuestionStatus.OPEN_AFTER, QuestionStatus.FORWARDED)
    standing = Standing.OPEN if is_passed else Standing.READABLE
    return Timeline(standing, (*steps, Step(StepName.ANSWER, StepState.NOW)))


def timeline_of_point(promise: Promise) -> Timeline:
    """Return how an action point stands that came from no question in a session."""
    proposed = Step(StepName.PROPOSED, StepState.DONE, promise.proposed_on)
    if promise.stage is PromiseStage.NOT_SENT:
        return Timeline(Standing.NOT_SENT, (proposed, Step(StepName.NOT_SENT, StepState.STOPPED)))
    return _promised([proposed], promise)


def standing_of(stage: PromiseStage) -> Standing:
    """Return how an action point stands."""
    return _BY_STAGE[stage]


_BY_STAGE = {
    PromiseStage.EDITING: Standing.EDITING,
    PromiseStage.ASKED: Standing.ASKED,
    PromiseStage.ACKNOWLEDGED: Standing.ACKNOWLEDGED,
    PromiseStage.WILL_DO: Standing.REPLIED,
    PromiseStage.WONT_DO: Standing.REPLIED,
    PromiseStage.RESEARCHING: Standing.RESEARCHING,
    PromiseStage.ELSEWHERE: Standing.ELSEWHERE,
    PromiseStage.BUSY: Standing.BUSY,
    PromiseStage.DONE: Standing.DONE,
    PromiseStage.CONFIRMED: Standing.CONFIRMED,
    PromiseStage.REOPENED: Standing.REOPENED,
    PromiseStage.NOT_SENT: Standing.NOT_SENT,
}


def _promised(before: Sequence[Step], promise: Promise) -> Timeline:
    done, now, coming = StepState.DONE, StepState.NOW, StepState.COMING
    sent = Step(StepName.SENT, done, promise.asked_on, promise.organisation)
    replied = Step(StepName.REPLIED, done, promise.answered_on, promise.answered_by)
    finished = Step(StepName.FINISHED, done, promise.finished_on, promise.organisation)
    to_confirm = Step(StepName.CONFIRM, coming)
    awaited = (sent, _due(StepName.REPLY, promise))
    after: dict[PromiseStage, tuple[Step, ...]] = {
        PromiseStage.EDITING: (
            Step(StepName.EDITING, now), Step(StepName.SEND, coming), Step(StepName.REPLY, coming),
        ),
        PromiseStage.ASKED: awaited,
        PromiseStage.ACKNOWLEDGED: awaited,
        PromiseStage.RESEARCHING: (sent, _due(StepName.RESEARCHING, promise)),
        PromiseStage.ELSEWHERE: (sent, Step(StepName.ELSEWHERE, done, promise.answered_on, promise.answered_by)),
        PromiseStage.WONT_DO: (sent, replied),
        PromiseStage.WILL_DO: (sent, replied, _due(StepName.START, promise), to_confirm),
        PromiseStage.BUSY: (sent, replied, Step(StepName.BUSY, now, promise.started_on), to_confirm),
        PromiseStage.DONE: (sent, replied, finished, Step(StepName.CONFIRM, now)),
        PromiseStage.CONFIRMED: (
            sent, replied, finished, Step(StepName.CONFIRMED, done, promise.confirmed_on),
        ),
        PromiseStage.REOPENED: (sent, replied, Step(StepName.REOPENED, now, promise.reopened_on), to_confirm),
    }  # fmt: skip
    return Timeline(standing_of(promise.stage), (*before, *after[promise.stage]))


def _due(name: StepName, promise: Promise) -> Step:
    return Step(name, StepState.NOW, due_on=promise.due_on, is_late=promise.is_late)


def timelines_of(questions: Iterable[Question], *, now: datetime) -> dict[UUID, Timeline]:
    """Return how each of these stands. One that was merged or moved stands as its final question does, as far
    as everybody may read that.
    """
    asked = list(questions)
    ends = {question_id: end for question_id, end in ends_of(asked).items() if end.status in PUBLIC}
    stands = {question.id: ends.get(question.id, question) for question in asked}
    public = {end.id: end for end in stands.values() if end.status in PUBLIC}
    promises = promises_of(list(public))
    undecided = (each for each in public.values() if each.status in OPEN and each.id not in promises)
    over = _over(undecided, now)
    return {
        question.id: timeline_of(
            Asked.of(question, end), promises.get(end.id), is_over=end.session_id in over
        )
        for question in asked
        for end in [stands[question.id]]
    }


def _over(questions: Iterable[Question], now: datetime) -> set[UUID]:
    """Return the sessions of these that are over."""
    ids = {each.session_id for each in questions}
    if not ids:
        return set()
    sessions = db.session.scalars(select(ProgrammeSession).where(ProgrammeSession.id.in_(ids)))
    return {session.id for session in sessions if session.phase_at(now) in (Phase.ENDED, Phase.CANCELLED)}


def timeline_of_question(question: Question, *, now: datetime) -> Timeline:
    """Return how one question stands."""
    return timelines_of([question], now=now)[question.id]


def _day(moment: datetime | None) -> date | None:
    return local(moment).date() if moment is not None else None
