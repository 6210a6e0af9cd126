"""Retention and erasure of registrations, answers and access needs."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.people.lifecycle.retention_holds import is_owed_something
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.registration import waiting_list
from dagvandebuurt.registration.models import (
    AccessNeed,
    CalendarSettings,
    CustomQuestion,
    Entry,
    EntryCard,
    FilledForm,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)


def comes_to_a_day(before: datetime) -> ColumnElement[bool]:
    """Select registered people, who are kept until long after that day."""
    return exists().where(
        Registration.person_id == Person.id,
        Registration.edition_id == Edition.id,
        Edition.ends_at >= before,
    )


@retention_rule(
    "filled_form",
    order=33,
    what=_l("Een aanmeldformulier waarvan de mail nog niet geopend is"),
    why=_l("Om pas iets van je te bewaren als jij zegt dat het klopt."),
    until=_l("3 dagen, of tot je op de knop in de mail drukt"),
    days=3,
)
def forms_nobody_confirmed(before: datetime) -> int:
    old = delete(FilledForm).where(FilledForm.made_at < before)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]


@retention_rule(
    "registration",
    order=40,
    what=_l("Dat je kwam, en welke sessies je koos"),
    why=_l("Om je een plek te geven, en je programma te laten zien."),
    until=_l(
        "90 dagen na de dag. Daarna blijft alleen over hoeveel mensen er waren. Een kaart blijft zolang er iets openstaat voor wie hem heeft."
    ),
    days=90,
)
def days_long_ago(before: datetime) -> int:
    """Delete old places on days and in sessions. Their counts stay."""
    past = select(Edition.id).where(Edition.ends_at < before)
    sessions = select(ProgrammeSession.id).where(ProgrammeSession.edition_id.in_(past))
    return sum(
        db.session.execute(statement.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
        for statement in (
            delete(EntryCard).where(
                EntryCard.edition_id.in_(past),
                EntryCard.person_id.not_in(select(Person.id).where(is_owed_something())),
            ),
            delete(SessionChoice).where(SessionChoice.session_id.in_(sessions)),
            delete(Registration).where(Registration.edition_id.in_(past)),
        )
    )


def give_places_back(person_id: UUID, now: datetime) -> None:
    """Offer the places of an erased person to the waiting list, after deleting their calendar settings, so
    that they are not mailed."""
    wishes = db.session.get(CalendarSettings, person_id)
    if wishes is not None:
        db.session.delete(wishes)
        db.session.flush()
    entries: list[Entry] = [
        *db.session.scalars(select(SessionChoice).where(SessionChoice.person_id == person_id)),
        *db.session.scalars(select(Registration).where(Registration.person_id == person_id)),
    ]
    waiting_list.lock(*(waiting_list.holder_of(entry) for entry in entries))
    for entry in entries:
        if entry.status is not PlaceStatus.CANCELLED:
            waiting_list.leave(waiting_list.holder_of(entry), entry, now=now)


def answers_with_their_questions(person_id: UUID) -> Rows:
    """Export somebody's answers with the questions."""
    found = db.session.execute(
        select(RegistrationAnswer, CustomQuestion)
        .join(CustomQuestion, CustomQuestion.id == RegistrationAnswer.question_id)
        .where(RegistrationAnswer.person_id == person_id)
        .order_by(CustomQuestion.edition_id, CustomQuestion.position)
    ).all()
    return [
        {
            "question": question.label,
            "answer": answer.text if answer.text is not None else ", ".join(answer.chosen),
        }
        for answer, question in found
    ]


def sessions_by_name(person_id: UUID) -> Rows:
    """Export somebody's sessions and their status in them."""
    found = db.session.execute(
        select(SessionChoice, ProgrammeSession.title, ProgrammeSession.starts_at)
        .join(ProgrammeSession, ProgrammeSession.id == SessionChoice.session_id)
        .where(SessionChoice.person_id == person_id)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title)
    ).all()
    return [
        {
            "session": title,
            "starts_at": starts_at.isoformat(),
            "status": choice.status.value,
            "chosen_at": choice.chosen_at.isoformat(),
        }
        for choice, title, starts_at in found
    ]


@retention_rule(
    "answer",
    order=42,
    what=_l("Wat je antwoordde op de vragen van de organisatie"),
    why=_l("Dat staat bij elke vraag. Je mag ze later veranderen."),
    until=_l("Bij elke vraag staat hoe lang. Daarna wissen we het antwoord."),
    days=0,
)
def answers_whose_days_are_over(before: datetime) -> int:
    """Delete expired answers: each question has its own period after the day."""
    over = [
        question.id
        for question, ends_at in db.session.execute(
            select(CustomQuestion, Edition.ends_at).join(Edition, Edition.id == CustomQuestion.edition_id)
        )
        if ends_at + timedelta(days=question.keep_days) < before
    ]
    return db.session.execute(  # type: ignore[attr-defined,no-any-return]
        delete(RegistrationAnswer)
        .where(RegistrationAnswer.question_id.in_(over))
        .execution_options(synchronize_session=False)
    ).rowcount


@retention_rule(
    "access",
    order=44,
    what=_l("Wat je nodig hebt om mee te kunnen doen, en wie dat las"),
    why=_l("Om het voor je te regelen. Alleen als jij dat goed vindt."),
    until=_l("14 dagen na de dag"),
    days=14,
)
def needs_of_long_ago(before: datetime) -> int:
    """Delete old access needs, arranged or not."""
    past = select(Edition.id).where(Edition.ends_at < before)
    return db.session.execute(  # type: ignore[attr-defined,no-any-return]
        delete(AccessNeed).where(AccessNeed.edition_id.in_(past)).execution_options(synchronize_session=False)
    ).rowcount


def places_go(_now: datetime) -> None:
    """Delete all places without offering them to those who wait. Their counts stay."""
    for kind in (
        FilledForm,
        EntryCard,
        SessionChoice,
        Registration,
        RegistrationAnswer,
        AccessNeed,
        CalendarSettings,
    ):
        db.session.execute(delete(kind))
