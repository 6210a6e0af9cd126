"""Custom questions of the registration form: conditional fields, validation, and access needs.

A question that depends on another one is asked only after a given answer. Without a script the page shows
them all; answers to questions that do not apply are discarded, whatever was sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import clean_text, length
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.registration.models import (
    AccessLook,
    AccessNeed,
    AnswerKind,
    CustomQuestion,
    Need,
    RegistrationAnswer,
)
from dagvandebuurt.registration.permissions import RegistrationPermission

TEXT_MAX_CHARS = 500
YES, NO = "ja", "nee"


@dataclass
class Answers:
    """Typed answers by question: to show again, and to store when there are no `errors`."""

    typed: dict[UUID, list[str]] = field(default_factory=dict)
    errors: dict[UUID, str] = field(default_factory=dict)


def questions_of(edition: Edition) -> Sequence[CustomQuestion]:
    """Return the current questions, in order."""
    return db.session.scalars(
        select(CustomQuestion)
        .where(CustomQuestion.edition_id == edition.id, CustomQuestion.retired_at.is_(None))
        .order_by(CustomQuestion.position, CustomQuestion.id)
    ).all()


@dataclass(frozen=True, slots=True)
class AskedField:
    """A question as a form shows it: the name of its field, its label, and when it is asked."""

    question: CustomQuestion
    name: str
    label: str
    only_if_name: str | None = None
    only_if_label: str | None = None


def as_fields(questions: Iterable[CustomQuestion]) -> list[AskedField]:
    """Build the form fields in the reader's language."""
    return [
        AskedField(
            question,
            name_of(question),
            label_of(question),
            name_of(question.shown_if) if question.shown_if else None,
            label_of(question.shown_if) if question.shown_if else None,
        )
        for question in questions
    ]


def label_of(question: CustomQuestion) -> str:
    """Return the label in the reader's language, if the organisers wrote it."""
    return (question.label_en if language() == "en" else None) or question.label


def name_of(question: CustomQuestion) -> str:
    """Return the name of its form field."""
    return f"vraag-{question.id.hex}"


def applies(question: CustomQuestion, typed: Mapping[UUID, list[str]]) -> bool:
    """Return whether it is asked, given the other answers."""
    if question.shown_if_id is None:
        return True
    return question.shown_if_value in typed.get(question.shown_if_id, [])


def read(questions: Sequence[CustomQuestion], sent: Mapping[str, list[str]]) -> Answers:
    """Parse the answers in a form. Unknown options, and answers to questions that do not apply, are ignored."""
    answers = Answers()
    for question in questions:
        if not applies(question, answers.typed):
            continue
        values = [clean_text(value, lines=6) for value in sent.get(name_of(question), [])]
        values = [value for value in values if value]
        if question.kind is not AnswerKind.TEXT:
            allowed = [YES, NO] if question.kind is AnswerKind.YES_NO else question.options
            values = [value for value in allowed if value in values]
        if question.kind is not AnswerKind.CHOICES:
            values = values[:1]
        answers.typed[question.id] = values
        if question.is_required and not values:
            answers.errors[question.id] = _("Dit willen we graag weten.")
        elif any(length(value) > TEXT_MAX_CHARS for value in values):
            answers.errors[question.id] = _("Houd het bij %(most)d tekens.", most=TEXT_MAX_CHARS)
    return answers


def store(person_id: UUID, questions: Sequence[CustomQuestion], answers: Answers) -> None:
    """Store the answers, and delete those that no longer apply."""
    asked = [question.id for question in questions]
    db.session.execute(
        delete(RegistrationAnswer)
        .where(RegistrationAnswer.person_id == person_id, RegistrationAnswer.question_id.in_(asked))
        .execution_options(synchronize_session=False)
    )
    for question in questions:
        values = answers.typed.get(question.id)
        if values:
            is_text = question.kind is AnswerKind.TEXT
            db.session.add(
                RegistrationAnswer(
                    person_id=person_id,
                    question_id=question.id,
                    text=values[0] if is_text else None,
                    chosen=[] if is_text else values,
                )
            )


def answers_of(person_id: UUID) -> dict[UUID, list[str]]:
    """Return somebody's answers by question."""
    rows = db.session.scalars(select(RegistrationAnswer).where(RegistrationAnswer.person_id == person_id))
    return {row.question_id: [row.text] if row.text is not None else row.chosen for row in rows}


@command(needs=RegistrationPermission.ASK)
def ask(
    _actor: Actor,
    edition: Edition,
    *,
    kind: AnswerKind,
    label: str,
    label_en: str | None,
    options: list[str],
    is_required: bool,
    shown_if: CustomQuestion | None,
    shown_if_value: str | None,
    keep_days: int,
) -> CustomQuestion:
    """Add a question at the end."""
    last = db.session.scalar(
        select(func.max(CustomQuestion.position)).where(CustomQuestion.edition_id == edition.id)
    )
    question = CustomQuestion(
        edition_id=edition.id,
        position=(last or 0) + 1,
        kind=kind,
        label=label,
        label_en=label_en or None,
        options=options,
        is_required=is_required,
        shown_if_id=shown_if.id if shown_if else None,
        shown_if_value=shown_if_value if shown_if else None,
        keep_days=keep_days,
    )
    db.session.add(question)
    return question


@command(needs=RegistrationPermission.ASK)
def move_up(_actor: Actor, question: CustomQuestion, *, edition: Edition) -> None:
    """Move it above the previous one, unless it depends on that."""
    questions = list(questions_of(edition))
    place = questions.index(question)
    if place and questions[place - 1].id != question.shown_if_id:
        above = questions[place - 1]
        above.position, question.position = question.position, above.position


@command(needs=RegistrationPermission.ASK)
def retire(_actor: Actor, question: CustomQuestion, *, edition: Edition, now: datetime) -> None:
    """Retire it and the questions that depend on it. Answers are kept as long as promised."""
    for each in questions_of(edition):
        if question.id in (each.id, each.shown_if_id):
            each.retired_at = now


# --- access needs ---


def need_of(person_id: UUID, edition: Edition) -> AccessNeed | None:
    return db.session.scalar(
        select(AccessNeed).where(AccessNeed.person_id == person_id, AccessNeed.edition_id == edition.id)
    )


def store_needs(
    person_id: UUID,
    edition: Edition,
    *,
    needs: list[Need],
    note: str | None,
    phone: str | None,
    now: datetime,
) -> None:
    """Store access needs, with consent; an empty text deletes them and their access log."""
    earlier = need_of(person_id, edition)
    if not needs:
        if earlier is not None:
            db.session.delete(earlier)
        return
    values = {"needs": [need.value for need in needs], "note": note or None, "phone": phone or None}
    if earlier is None:
        db.session.add(AccessNeed(edition_id=edition.id, person_id=person_id, agreed_at=now, **values))
        return
    for name, value in values.items():
        setattr(earlier, name, value)
    earlier.agreed_at, earlier.arranged_at = now, None  # the needs changed, so it is to be arranged again


def needs_in(edition: Edition) -> Sequence[AccessNeed]:
    """Return everybody's access needs; unarranged ones first."""
    return db.session.scalars(
        select(AccessNeed)
        .where(AccessNeed.edition_id == edition.id)
        .order_by(AccessNeed.arranged_at.is_not(None), AccessNeed.agreed_at, AccessNeed.id)
    ).all()


@command(needs=RegistrationPermission.ARRANGE_ACCESS)
def read_needs(actor: Actor, need: AccessNeed, *, now: datetime) -> AccessNeed:
    """Read somebody's access needs. The access is logged, and they can see it."""
    by_name = getattr(actor, "name", "")
    need.looks.append(AccessLook(by_id=actor.id, by_name=by_name, at=now))
    return need


@command(needs=RegistrationPermission.ARRANGE_ACCESS)
def arrange(_actor: Actor, need: AccessNeed, *, note: str, now: datetime) -> Person:
    """Mark it as arranged, with an explanation for the person."""
    need.arranged_at, need.arranged_note = now, note
    return need.person
