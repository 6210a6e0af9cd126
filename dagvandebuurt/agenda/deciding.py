"""Decisions of the wrap-up about several questions in one form: each is decided by its own command, and one that
is refused is named and holds up no other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID, uuid4

from flask import request
from sqlalchemy import select

from dagvandebuurt.agenda import letters, rules, wrap_up
from dagvandebuurt.agenda.errors import QuestionNotOpen
from dagvandebuurt.agenda.forms import TITLE_MAX_CHARS
from dagvandebuurt.agenda.models import FollowUp, FollowUpQuestion, LessonMark
from dagvandebuurt.agenda.queries import organisations_that_answer
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import hour, ngettext, speaking
from dagvandebuurt.core.text import shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.form_responses import do, refusal_in_words
from dagvandebuurt.qanda.labels import who_was_first
from dagvandebuurt.qanda.models import Question

MOST_AT_ONCE = 200
SENTENCE_MAX_CHARS = 500
MOST_NAMED = 5  # refused questions that are named; more fill the screen


class Deed(StrEnum):
    """What becomes of the chosen questions."""

    IN_THE_ROOM = "zaal"
    LESSON = "les"
    POINT = "actiepunt"


def said_in_the_room(turn: datetime | None) -> str:
    """Return the answer of a question that got its answer aloud: in Dutch, as every text of a session."""
    with speaking("nl"):
        if turn is None:
            return _("Dit is in de zaal beantwoord.")
        return _("Dit is in de zaal beantwoord, vanaf %(time)s uur.", time=hour(turn))


@dataclass
class Several:
    """Form about several questions: what was chosen and typed, and then what came of it."""

    deed: Deed | None = None
    chosen: list[UUID] = field(default_factory=list)
    all: bool = False
    text: str = ""
    lesson: str = ""
    organisation: str = ""
    op: str = ""
    trouble: str = ""
    at_text: bool = False
    done: int = 0
    left: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of_form(cls) -> Self:
        """Parse the posted form. `alle` means every question that its page showed, not those of now."""
        form = request.form
        is_all = bool(form.get("alle"))
        deed = form.get("deed", "")
        return cls(
            deed=Deed(deed) if deed in set(Deed) else None,
            chosen=list(dict.fromkeys(_ids(form.getlist("getoond" if is_all else "vraag")))),
            all=is_all,
            text=form.get("text", "").strip(),
            lesson=form.get("lesson", ""),
            organisation=form.get("organisation", ""),
            op=form.get("op", "")[:24] or uuid4().hex[:24],
        )

    def wrong(self) -> str:
        """Return why this form cannot be carried out, and keep it for the page; empty if it can."""
        if self.deed is None or not self.chosen:
            self.trouble = _("Zet eerst een vinkje bij de vragen.")
        elif self.deed is Deed.IN_THE_ROOM and len(self.text) > SENTENCE_MAX_CHARS:
            self.at_text = True
            self.trouble = _("Maak de zin korter: hoogstens %(most)s tekens.", most=SENTENCE_MAX_CHARS)
        elif self.deed is Deed.LESSON and self.lesson and not _is_there(Lesson, self.lesson):
            self.trouble = _("Deze les is er niet meer. Kies een andere.")
        elif self.deed is Deed.POINT and self.organisation not in (
            "",
            *(str(each.id) for each in organisations_that_answer()),
        ):
            self.trouble = _("Deze organisatie antwoordt hier niet meer. Kies een andere.")
        return self.trouble

    def decide(self, actor: Any, session: ProgrammeSession, *, now: datetime) -> None:
        """Decide about each of the first `MOST_AT_ONCE`, in the order of the page."""
        ids, self.left = self.chosen[:MOST_AT_ONCE], max(0, len(self.chosen) - MOST_AT_ONCE)
        found = select(Question.id, Question.text).where(
            Question.session_id == session.id, Question.id.in_(ids)
        )
        texts = {row.id: row.text for row in db.session.execute(found)}
        deeds: dict[Deed | None, Callable[[UUID], str]] = {
            Deed.IN_THE_ROOM: self._answering(session),
            Deed.LESSON: lambda question_id: self._to_lesson(actor, session, question_id, now),
            Deed.POINT: lambda question_id: self._to_point(actor, session, question_id, now),
        }
        for question_id in ids:
            why = deeds[self.deed](question_id) if question_id in texts else str(NotFound.message)
            if why:
                self.refused.append((shortened(" ".join(texts.get(question_id, "").split()), 60), why))
            else:
                self.done += 1

    def _answering(self, session: ProgrammeSession) -> Callable[[UUID], str]:
        turns = wrap_up.turns_of(session.id)
        in_a_lesson = set(
            db.session.scalars(
                select(LessonMark.question_id).where(LessonMark.question_id.in_(self.chosen[:MOST_AT_ONCE]))
            )
        )

        def answer(question_id: UUID) -> str:
            if question_id in in_a_lesson:
                return str(QuestionNotOpen.message)
            outcome = do(
                events.ANSWER,
                session,
                question=str(question_id),
                text=self.text or said_in_the_room(turns.get(question_id)),
                instead_of="",
                op=f"{self.op}-{question_id}",
            )
            return "" if outcome["ok"] else refusal_in_words(outcome)

        return answer

    def _to_lesson(self, actor: Any, session: ProgrammeSession, question_id: UUID, now: datetime) -> str:
        def act() -> None:
            lesson = db.session.get(Lesson, UUID(self.lesson)) if self.lesson else None
            question = locked_question(session, question_id)
            mark = db.session.get(LessonMark, question_id)
            if mark is not None and mark.lesson_id == (lesson.id if lesson else None):
                return  # the form was sent twice
            wrap_up.to_lesson(actor, session, question=question, lesson=lesson, now=now)
            letters.tell_of_lesson(question, now=now)

        return _refusal_of(act)

    def _to_point(self, actor: Any, session: ProgrammeSession, question_id: UUID, now: datetime) -> str:
        def act() -> None:
            revision = raise_revision(session.id)
            if revision is None:
                raise NotFound
            question = locked_question(session, question_id)
            organisation_id = UUID(self.organisation) if self.organisation else None
            link = db.session.get(FollowUpQuestion, question_id)
            if link is not None and db.session.get_one(FollowUp, link.follow_up_id).organisation_id == (
                organisation_id
            ):
                return  # the form was sent twice
            if db.session.get(LessonMark, question_id) is not None:
                raise QuestionNotOpen
            title = shortened(" ".join(question.text.split()), TITLE_MAX_CHARS)
            words = rules.Words(title=title, body=question.text, organisation_id=organisation_id)
            at = Moment(session.id, revision, now)
            rules.raise_question(actor, session, question=question, words=words, at=at)
            after_commit(live().pump.wake)

        return _refusal_of(act)

    def in_words(self) -> Iterator[tuple[str, str]]:
        """Yield what came of it, as sentences with their tone."""
        if self.done:
            yield self._done_in_words(), "done"
        for text, why in self.refused[:MOST_NAMED]:
            yield (_("Niet gelukt: “%(asked)s” %(why)s", asked=text, why=why) if text else why), "watch"
        more = len(self.refused) - MOST_NAMED
        if more > 0:
            yield (
                ngettext(
                    "Bij nog %(num)s vraag lukte het niet.", "Bij nog %(num)s vragen lukte het niet.", more
                ),
                "watch",
            )
        if self.left:
            yield (
                _(
                    "Dit gaat met %(most)s vragen tegelijk. Kies de andere en druk nog een keer.",
                    most=MOST_AT_ONCE,
                ),
                "watch",
            )

    def _done_in_words(self) -> str:
        if self.deed is Deed.LESSON:
            return ngettext(
                "%(num)s vraag gaat mee in een les. De vraagsteller hoort het.",
                "%(num)s vragen gaan mee in een les. Wie ze stelde, hoort het.",
                self.done,
            )
        if self.deed is Deed.POINT:
            return ngettext(
                "%(num)s vraag is nu een actiepunt. De redactie kijkt het na en verstuurt het.",
                "%(num)s vragen zijn nu elk een actiepunt. De redactie kijkt ze na en verstuurt ze.",
                self.done,
            )
        return ngettext(
            "%(num)s vraag is in de zaal beantwoord. De vraagsteller hoort het.",
            "%(num)s vragen zijn in de zaal beantwoord. Wie ze stelde, hoort het.",
            self.done,
        )


def locked_question(session: ProgrammeSession, question_id: UUID) -> Question:
    """Return a question of this session, locked. Raises NotFound."""
    found = db.session.get(Question, question_id, with_for_update=True, populate_existing=True)
    if found is None or found.session_id != session.id:
        raise NotFound
    return found


def _refusal_of(act: Callable[[], None]) -> str:
    """Run `act` in a transaction of its own; return why it was refused, or nothing."""
    try:
        with transaction():
            act()
    except RuleBroken as broken:
        return who_was_first(broken.as_dict())
    return ""


def _ids(values: list[str]) -> Iterator[UUID]:
    for value in values:
        try:
            yield UUID(value)
        except ValueError:
            continue


def _is_there(kind: type[Lesson], chosen: str) -> bool:
    return any(db.session.get(kind, each) is not None for each in _ids([chosen]))
