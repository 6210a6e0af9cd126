"""Who gets a mailing: filters that are combined, each of them narrowing the others."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, not_, or_, select, true

from dagvandebuurt.attendance.models import Unlisted, Visit
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import MutedMail, ParticipantRole, Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.registration.models import (
    SEATED,
    AnswerKind,
    CustomQuestion,
    PlaceStatus,
    Registration,
    RegistrationAnswer,
    SessionChoice,
)

NEWS = "news"  # the kind of mail, that somebody can switch off


class Who(StrEnum):
    EVERYBODY = "everybody"
    CHOSE = "chose"  # one of these sessions
    WAITS = "waits"  # for a place in one of these sessions
    NONE_CHOSEN = "none_chosen"
    DAY_WAITS = "day_waits"  # for a place on the day


class Presence(StrEnum):
    ANY = ""
    THERE = "there"
    ABSENT = "absent"


@dataclass(frozen=True)
class Audience:
    who: Who = Who.EVERYBODY
    sessions: tuple[str, ...] = ()
    presence: Presence = Presence.ANY
    roles: tuple[str, ...] = ()
    language: str = ""
    place: str = ""
    question: str = ""
    answer: str = ""

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        values = dict(stored)
        for name in ("sessions", "roles"):
            values[name] = tuple(values.get(name, ()))
        values["who"] = Who(values.get("who", Who.EVERYBODY))
        values["presence"] = Presence(values.get("presence", Presence.ANY))
        return cls(**values)

    def stored(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else str(value)
            for name, value in asdict(self).items()
        }

    @property
    def narrows_by_session(self) -> bool:
        return self.who in (Who.CHOSE, Who.WAITS)

    @property
    def session_ids(self) -> list[UUID]:
        return [UUID(each) for each in self.sessions] if self.narrows_by_session else []


def matches(edition_id: UUID, audience: Audience) -> ColumnElement[bool]:
    """Return the condition on Person that says who is meant, whether or not they can be mailed."""
    conditions: list[ColumnElement[bool]] = [Person.forgotten_at.is_(None), _who(edition_id, audience)]
    if audience.presence:
        conditions.append(_presence(edition_id, audience))
    if audience.roles:
        conditions.append(Person.participant_role.in_([ParticipantRole(each) for each in audience.roles]))
    if audience.language == "en":
        conditions.append(Person.language == "en")
    elif audience.language:
        conditions.append(Person.language != "en")
    if audience.place:
        conditions.append(
            func.lower(func.coalesce(Person.neighbourhood, "")).contains(
                audience.place.lower(), autoescape=True
            )
        )
    if audience.question:
        conditions.append(_answered(UUID(audience.question), audience.answer))
    return and_(*conditions)


def has_address() -> ColumnElement[bool]:
    """Return the condition on Person that a mail can reach them."""
    return and_(
        Person.email.is_not(None),
        Person.email_confirmed_at.is_not(None),
        Person.suspended_at.is_(None),
        Person.forgotten_at.is_(None),
    )


def has_muted() -> ColumnElement[bool]:
    """Return the condition on Person that they switched this kind of mail off."""
    return exists().where(MutedMail.person_id == Person.id, MutedMail.subject == NEWS)


def gets_it(edition_id: UUID, audience: Audience) -> ColumnElement[bool]:
    """Return the condition on Person that they are meant, and can and want to be mailed."""
    return and_(matches(edition_id, audience), has_address(), not_(has_muted()))


def _who(edition_id: UUID, audience: Audience) -> ColumnElement[bool]:
    if audience.who is Who.CHOSE:
        return _chose(edition_id, SEATED, audience.session_ids)
    if audience.who is Who.WAITS:
        return _chose(edition_id, (PlaceStatus.WAITLISTED,), audience.session_ids)
    if audience.who is Who.DAY_WAITS:
        return _registered(edition_id, (PlaceStatus.WAITLISTED,))
    registered = _registered(edition_id, SEATED)
    if audience.who is Who.NONE_CHOSEN:
        return and_(registered, not_(_chose(edition_id, (*SEATED, PlaceStatus.WAITLISTED), None)))
    return registered


def _registered(edition_id: UUID, statuses: tuple[PlaceStatus, ...]) -> ColumnElement[bool]:
    return exists().where(
        Registration.person_id == Person.id,
        Registration.edition_id == edition_id,
        Registration.status.in_(statuses),
    )


def _chose(
    edition_id: UUID, statuses: tuple[PlaceStatus, ...], sessions: list[UUID] | None
) -> ColumnElement[bool]:
    return exists().where(
        SessionChoice.person_id == Person.id,
        SessionChoice.session_id.in_(_sessions(edition_id, sessions)),
        SessionChoice.status.in_(statuses),
    )


def _presence(edition_id: UUID, audience: Audience) -> ColumnElement[bool]:
    """Narrow to who was there, or was not, on the day or in the chosen sessions. Who is on no attendance list
    is in neither group; and once the visits are deleted nobody is."""
    sessions = _sessions(edition_id, audience.session_ids if audience.narrows_by_session else None)
    is_listed = not_(exists().where(Unlisted.person_id == Person.id))
    was_there = exists().where(Visit.person_id == Person.id, Visit.session_id.in_(sessions))
    if audience.presence is Presence.THERE:
        return and_(was_there, is_listed)
    anybody = select(Visit.id).where(Visit.session_id.in_(sessions)).correlate(None).exists()
    return and_(not_(was_there), is_listed, anybody)


def _sessions(edition_id: UUID, among: list[UUID] | None) -> Any:
    found = select(ProgrammeSession.id).where(ProgrammeSession.edition_id == edition_id).correlate(None)
    return found if among is None else found.where(ProgrammeSession.id.in_(among))


def _answered(question_id: UUID, answer: str) -> ColumnElement[bool]:
    """Narrow to who chose this answer, also as one of several."""
    each: Any
    if db.engine.dialect.name == "postgresql":
        each = func.json_array_elements_text(RegistrationAnswer.chosen).table_valued("value").render_derived()
    else:
        each = func.json_each(RegistrationAnswer.chosen).table_valued("value")
    return (
        select(literal(1))
        .select_from(RegistrationAnswer)
        .join(each, true())
        .where(
            RegistrationAnswer.person_id == Person.id,
            RegistrationAnswer.question_id == question_id,
            cast(each.c.value, String) == answer,
        )
        .correlate(Person)
        .exists()
    )


YES_OR_NO = ("ja", "nee")


def questions_to_filter_by(edition_id: UUID) -> list[tuple[CustomQuestion, list[str]]]:
    """Return the questions of the registration form that have answers to choose from, with those answers."""
    questions = db.session.scalars(
        select(CustomQuestion)
        .where(CustomQuestion.edition_id == edition_id, or_(CustomQuestion.kind != AnswerKind.TEXT))
        .order_by(CustomQuestion.position, CustomQuestion.id)
    )
    return [
        (each, list(YES_OR_NO) if each.kind is AnswerKind.YES_NO else list(each.options))
        for each in questions
    ]
