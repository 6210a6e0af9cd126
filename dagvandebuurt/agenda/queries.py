"""Queries of action points, by what an actor may read."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from dagvandebuurt.agenda.deadlines import owes
from dagvandebuurt.agenda.models import (
    PUBLIC,
    Follow,
    FollowUp,
    FollowUpNews,
    FollowUpQuestion,
    FollowUpStatus,
    Participation,
)
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.states import BEFORE_SENDING
from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.people.models import Person, Role, RoleGrant
from dagvandebuurt.programme.models import Organisation
from dagvandebuurt.qanda import models as questions
from dagvandebuurt.qanda.authors import is_own
from dagvandebuurt.qanda.models import Question, Support
from dagvandebuurt.qanda.queries import questions_of_person

HIGHEST = 2**31 - 1  # largest integer of the database


def points_for(actor: Actor) -> Select[FollowUp]:
    """Return the points `actor` may read, newest first: the sent ones, for editors all, and one's own."""
    query = select(FollowUp).order_by(FollowUp.changed_at.desc(), FollowUp.number.desc())
    if can(actor, AgendaPermission.CURATE):
        return query
    may: ColumnElement[bool] = FollowUp.status.in_(PUBLIC)
    if actor.id is not None:
        may = or_(may, FollowUp.raised_by_id == actor.id)
    return query.where(may)


def with_everything(query: Select[FollowUp]) -> Select[FollowUp]:
    """Add eager loading of all that a list or page shows, in a fixed number of queries."""
    return query.options(
        joinedload(FollowUp.organisation),
        joinedload(FollowUp.place),
        joinedload(FollowUp.theme),
        joinedload(FollowUp.session),
        selectinload(FollowUp.partners),
        selectinload(FollowUp.answers),
        selectinload(FollowUp.events),
    )


def point_by_number(number: int) -> FollowUp:
    """Return any point, also one that is not public yet. Raises NotFound."""
    query = with_everything(select(FollowUp).where(FollowUp.number == number))
    found = db.session.scalar(query) if number <= HIGHEST else None
    if found is None:
        raise NotFound
    return found


def locked(number: int) -> FollowUp:
    """Return the point, locked for update: a concurrent change waits, and then sees the first one."""
    query = select(FollowUp).where(FollowUp.number == number).with_for_update(of=FollowUp)
    found = db.session.scalar(query.execution_options(populate_existing=True)) if number <= HIGHEST else None
    if found is None:
        raise NotFound
    return found


def may_read(actor: Actor, point: FollowUp) -> bool:
    """Tell whether `actor` may read its text."""
    return (
        point.status in PUBLIC
        or can(actor, AgendaPermission.CURATE)
        or (actor.id is not None and point.raised_by_id == actor.id)
    )


def questions_of(point: FollowUp) -> Sequence[Question]:
    """Return the questions it came from, as far as they are public."""
    return db.session.scalars(
        select(Question)
        .join(FollowUpQuestion, FollowUpQuestion.question_id == Question.id)
        .where(FollowUpQuestion.follow_up_id == point.id, Question.status.in_(questions.PUBLIC))
        .order_by(Question.support_count.desc(), Question.id)
    ).all()


def points_of_questions(question_ids: Iterable[UUID]) -> dict[UUID, FollowUp]:
    """Map questions to the points they became; for a merged point, to the one it was merged into."""
    rows = db.session.execute(
        select(FollowUpQuestion.question_id, FollowUp)
        .join(FollowUp, FollowUp.id == FollowUpQuestion.follow_up_id)
        .where(FollowUpQuestion.question_id.in_(list(question_ids)))
        .options(
            selectinload(FollowUp.answers),
            selectinload(FollowUp.events),
            joinedload(FollowUp.organisation),
        )
    )
    return {row[0]: row[1] for row in rows}


def asked_it(actor: Actor, point: FollowUp) -> bool:
    """Tell whether `actor` asked a question it came from: also anonymously, while the key exists."""
    if actor.id is None:
        return False
    asked = db.session.scalars(
        select(Question)
        .join(
            FollowUpQuestion,
            or_(
                FollowUpQuestion.question_id == Question.id,
                FollowUpQuestion.question_id == Question.merged_into_id,
            ),
        )
        .where(FollowUpQuestion.follow_up_id == point.id)
    ).all()
    return any(is_own(actor, each) for each in asked)


def follows(actor: Actor, point: FollowUp) -> bool:
    return actor.id is not None and db.session.get(Follow, (actor.id, point.id)) is not None


def participation_of(actor: Actor, point: FollowUp) -> Participation | None:
    return None if actor.id is None else db.session.get(Participation, (actor.id, point.id))


def counts(model: type[Follow] | type[Participation], ids: Iterable[UUID]) -> dict[UUID, int]:
    """Count the followers, or participants, of each of these."""
    rows = db.session.execute(
        select(model.follow_up_id, func.count())
        .where(model.follow_up_id.in_(list(ids)))
        .group_by(model.follow_up_id)
    )
    return {row[0]: row[1] for row in rows}


def participants_of(point: FollowUp) -> Sequence[Participation]:
    return db.session.scalars(
        select(Participation)
        .where(Participation.follow_up_id == point.id)
        .options(joinedload(Participation.person))
        .order_by(Participation.since, Participation.person_id)
    ).all()


def followed_by(actor: Actor) -> Sequence[FollowUp]:
    """Return what somebody raised, asked (also anonymously), follows or takes part in, latest change first."""
    asked = [question.merged_into_id or question.id for question, _session in questions_of_person(actor)]
    mine = or_(
        FollowUp.id.in_(select(FollowUpQuestion.follow_up_id).where(FollowUpQuestion.question_id.in_(asked))),
        FollowUp.raised_by_id == actor.id,
        FollowUp.id.in_(select(Follow.follow_up_id).where(Follow.person_id == actor.id)),
        FollowUp.id.in_(select(Participation.follow_up_id).where(Participation.person_id == actor.id)),
    )
    return db.session.scalars(
        with_everything(select(FollowUp).where(mine).order_by(FollowUp.changed_at.desc(), FollowUp.number))
    ).all()


def supported_without_following(actor: Actor) -> Sequence[tuple[FollowUp, Question]]:
    """Return points from questions `actor` supports but does not follow: to offer, never to subscribe.

    Support is stored under pseudonyms, so this is known only while the keys exist.
    """
    if actor.id is None:
        return ()
    rows = db.session.execute(
        select(FollowUp, Question)
        .join(FollowUpQuestion, FollowUpQuestion.follow_up_id == FollowUp.id)
        .join(Question, Question.id == FollowUpQuestion.question_id)
        .where(
            FollowUp.status.in_(PUBLIC | BEFORE_SENDING),
            FollowUp.id.not_in(select(Follow.follow_up_id).where(Follow.person_id == actor.id)),
        )
        .order_by(FollowUp.number)
    ).all()
    names = {
        (question.id, pseudonyms.pseudonym(question.key_room, "support", actor.id))
        for _point, question in rows
        if pseudonyms.exists(question.key_room)
    }
    mine = {
        row.question_id
        for row in db.session.scalars(
            select(Support).where(
                Support.question_id.in_([question for question, _ in names]),
                Support.supporter_key.in_([name for _, name in names]),
            )
        )
        if (row.question_id, row.supporter_key) in names
    }
    return [(row[0], row[1]) for row in rows if row[1].id in mine]


def organisations_of(actor: Actor) -> Sequence[Organisation]:
    """Return the organisations `actor` is a contact of."""
    ids = [scope for role, scope in getattr(actor, "grants", ()) if role == Role.ORG_CONTACT and scope]
    return db.session.scalars(
        select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)
    ).all()


def organisations_that_answer() -> Sequence[Organisation]:
    return db.session.scalars(
        select(Organisation).where(Organisation.answers_follow_ups).order_by(Organisation.name)
    ).all()


def asked_of(organisation_ids: Iterable[UUID]) -> Sequence[FollowUp]:
    """Return the points asked of these organisations, also as a partner; the first due first."""
    ids = list(organisation_ids)
    return db.session.scalars(
        with_everything(
            select(FollowUp)
            .where(
                FollowUp.status.in_(PUBLIC),
                or_(FollowUp.organisation_id.in_(ids), FollowUp.partners.any(Organisation.id.in_(ids))),
            )
            .order_by(FollowUp.due_on, FollowUp.number)
        )
    ).all()


def contacts_of(organisation_id: UUID) -> Sequence[Person]:
    """Return the contacts of an organisation."""
    return db.session.scalars(
        select(Person)
        .join(RoleGrant)
        .where(RoleGrant.role == Role.ORG_CONTACT, RoleGrant.scope_id == organisation_id)
        .order_by(Person.created_at, Person.id)
    ).all()


def organisations_without_contact(ids: Iterable[UUID]) -> set[UUID]:
    """Return those that have no contact yet."""
    wanted = set(ids)
    found = db.session.scalars(
        select(RoleGrant.scope_id).where(RoleGrant.role == Role.ORG_CONTACT, RoleGrant.scope_id.in_(wanted))
    )
    return wanted - {each for each in found if each is not None}


def proposals_waiting(person_id: UUID) -> int:
    """Count a person's proposals that no editor looked at yet."""
    mine = select(func.count()).where(
        FollowUp.raised_by_id == person_id, FollowUp.status == FollowUpStatus.PROPOSED
    )
    return db.session.scalar(mine) or 0


def untold_news() -> Sequence[UUID]:
    """Return events whose followers were not notified yet, oldest first."""
    return db.session.scalars(
        select(FollowUpNews.event_id)
        .where(FollowUpNews.told_at.is_(None))
        .order_by(FollowUpNews.made_at, FollowUpNews.event_id)
    ).all()


def owing() -> Sequence[FollowUp]:
    """Return the points an organisation must still respond to by a date."""
    found = db.session.scalars(
        select(FollowUp)
        .where(FollowUp.status.in_(PUBLIC), FollowUp.due_on.is_not(None))
        .order_by(FollowUp.due_on, FollowUp.number)
        .options(joinedload(FollowUp.organisation))
    )
    return [point for point in found if owes(point)]


def who_ran(session_id: UUID) -> Sequence[Person]:
    """Return the moderators and host of this session; without any, those of all sessions."""
    ran = (
        select(Person)
        .join(RoleGrant)
        .where(RoleGrant.role.in_((Role.MODERATOR, Role.HOST)))
        .order_by(Person.created_at, Person.id)
        .distinct()
    )
    own = db.session.scalars(ran.where(RoleGrant.scope_id == session_id)).all()
    return own or db.session.scalars(ran.where(RoleGrant.scope_id.is_(None))).all()


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(FollowUp).where(condition)) or 0


def waiting_for_editors() -> int:
    """Count the points that editors have not sent yet."""
    return _count(FollowUp.status.in_((FollowUpStatus.PROPOSED, FollowUpStatus.CURATED)))


def waiting_for(contact: Actor) -> int:
    """Count the points that wait for an answer of the organisations `contact` answers for."""
    ids = [scope for role, scope in getattr(contact, "grants", ()) if role == Role.ORG_CONTACT and scope]
    unanswered = FollowUp.status.in_((FollowUpStatus.SENT, FollowUpStatus.ACKNOWLEDGED))
    return _count(and_(unanswered, FollowUp.organisation_id.in_(ids)))
