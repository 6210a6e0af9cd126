"""Commands before sending: propose, curate, check by a second person, send, merge, decline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, literal, select, update

from dagvandebuurt.agenda import letters
from dagvandebuurt.agenda.deadlines import due_after
from dagvandebuurt.agenda.errors import (
    CannotMergePoints,
    CheckedByYou,
    DoesNotAnswer,
    NeedsReason,
    NotChecked,
    NotYourPoint,
    PointChanged,
    QuestionHasPoint,
    QuestionNotOpen,
    TooManyProposals,
)
from dagvandebuurt.agenda.history import write_down
from dagvandebuurt.agenda.models import (
    Action,
    By,
    Follow,
    FollowUp,
    FollowUpQuestion,
    FollowUpStatus,
    Origin,
    Participation,
)
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.queries import proposals_waiting
from dagvandebuurt.agenda.states import MACHINE, MERGE_INTO
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.models import Edition, Organisation, ProgrammeSession
from dagvandebuurt.qanda import states as question_states
from dagvandebuurt.qanda.desk_rules import forward
from dagvandebuurt.qanda.models import Action as QuestionAction
from dagvandebuurt.qanda.models import Question

MOST_WAITING = 5  # limit of unread proposals of one person


@dataclass(frozen=True)
class Words:
    """Text of an action point, its addressee and its place."""

    title: str
    body: str
    organisation_id: UUID | None = None
    contact_function: str | None = None
    place_id: UUID | None = None
    theme_id: UUID | None = None
    partner_ids: frozenset[UUID] = frozenset()


@command(needs=AgendaPermission.PROPOSE)
def propose(
    actor: Actor, _nothing: None, *, words: Words, origin: Origin, seen_count: int | None, now: datetime
) -> FollowUp:
    """Propose a point directly, or report a pattern. Only editors read it until they send it.

    Raises TooManyProposals, or DoesNotAnswer for an organisation that never agreed to.
    """
    assert actor.id is not None
    if proposals_waiting(actor.id) >= MOST_WAITING:
        raise TooManyProposals(3600)
    point = _new(words, origin=origin, seen_count=seen_count, raised_by_id=actor.id, now=now)
    db.session.add(Follow(person_id=actor.id, follow_up_id=point.id, since=now))
    by = By.SUPPORTER if actor.holds(Role.SUPPORTER) else By.PARTICIPANT
    write_down(actor, point, Action.PROPOSE, by=by, now=now)
    return point


@command(needs=AgendaPermission.RAISE)
def raise_question(
    actor: Actor, session: ProgrammeSession, *, question: Question, words: Words, at: Moment
) -> FollowUp:
    """Make an action point of a question. Its asker is notified; its supporters are offered to follow.

    The room of `session` is locked. Raises QuestionHasPoint, or QuestionNotOpen for a question that was
    hidden, merged or withdrawn.
    """
    _without_point(question)
    point = _new(
        words, origin=Origin.QUESTION, session_id=session.id, supporters=question.support_count, now=at.now
    )
    _take_along(actor, question, point, at)
    by = By.EDITORS if actor.holds(Role.EDITOR) or actor.holds(Role.PUBLISHER) else By.MODERATOR
    write_down(actor, point, Action.PROPOSE, by=by, now=at.now)
    return point


@command(needs=AgendaPermission.RAISE)
def add_question(
    actor: Actor, session: ProgrammeSession, *, question: Question, point: FollowUp, at: Moment
) -> FollowUp:
    """Add a question to an action point that asks the same. Raises PointChanged once it was declined, merged
    or withdrawn; QuestionHasPoint; QuestionNotOpen.
    """
    _without_point(question)
    if point.status not in MERGE_INTO:
        raise PointChanged(status=point.status.value)
    point.supporters += question.support_count
    _take_along(actor, question, point, at)
    return point


def _without_point(question: Question) -> None:
    if db.session.get(FollowUpQuestion, question.id) is not None:
        raise QuestionHasPoint
    if not question_states.MACHINE.is_possible(question, QuestionAction.FORWARD):
        raise QuestionNotOpen


def _take_along(actor: Any, question: Question, point: FollowUp, at: Moment) -> None:
    db.session.add(FollowUpQuestion(question_id=question.id, follow_up_id=point.id))
    forward(actor, question, at)


@MACHINE.command(Action.CURATE)
def curate(actor: Actor, point: FollowUp, *, words: Words, note: str = "", now: datetime) -> FollowUp:
    """Edit the text and choose the addressee. Resets the check."""
    MACHINE.require(point, Action.CURATE)
    _write(point, words)
    point.checked_by_id = point.checked_at = None
    is_first = point.status is FollowUpStatus.PROPOSED
    MACHINE.apply(actor, point, Action.CURATE, by=By.EDITORS, now=now, note=note, is_told=is_first)
    return point


@MACHINE.command(Action.CHECK)
def check(actor: Actor, point: FollowUp, *, now: datetime) -> FollowUp:
    """Confirm that nobody is identifiable in it. From here on another person may send it."""
    MACHINE.apply(actor, point, Action.CHECK, by=By.EDITORS, now=now)
    point.checked_by_id, point.checked_at = actor.id, now
    return point


@MACHINE.command(Action.SEND)
def send(actor: Actor, point: FollowUp, *, now: datetime) -> FollowUp:
    """Send it to the organisation, with its own term. It becomes public, and its text is fixed.

    Raises NotChecked, CheckedByYou for the person who did the check, or DoesNotAnswer.
    """
    MACHINE.require(point, Action.SEND)
    organisation = _addressee(point.organisation_id)
    if point.checked_by_id is None:
        raise NotChecked
    _four_eyes(actor, point)
    _ask(point, organisation, now)
    MACHINE.apply(actor, point, Action.SEND, by=By.EDITORS, now=now, due_on=point.due_on)
    return point


@MACHINE.command(Action.READDRESS)
def readdress(
    actor: Actor, point: FollowUp, *, organisation_id: UUID, contact_function: str | None, now: datetime
) -> FollowUp:
    """Send it to another organisation, with a term of its own. The first answer stays."""
    MACHINE.require(point, Action.READDRESS)
    organisation = _addressee(organisation_id)
    if organisation.id == point.organisation_id:
        raise DoesNotAnswer
    _four_eyes(actor, point)
    point.organisation_id, point.contact_function = organisation.id, contact_function
    point.answered_at, point.extensions = None, 0
    point.partners = [each for each in point.partners if each.id != organisation.id]
    _ask(point, organisation, now)
    MACHINE.apply(
        actor, point, Action.READDRESS, by=By.EDITORS, now=now, due_on=point.due_on, note=organisation.name
    )
    point.decision = None
    return point


@MACHINE.command(Action.DECLINE)
def decline(actor: Actor, point: FollowUp, *, reason: str, note: str, now: datetime) -> FollowUp:
    """Decline to send it. Its raiser reads the reason, and where to go instead. Raises NeedsReason."""
    if not note:
        raise NeedsReason
    MACHINE.require(point, Action.DECLINE)
    point.decline_reason = reason
    MACHINE.apply(actor, point, Action.DECLINE, by=By.EDITORS, now=now, note=note)
    return point


@MACHINE.command(Action.MERGE)
def merge(actor: Actor, point: FollowUp, *, into: FollowUp, now: datetime) -> FollowUp:
    """Merge it into another point that asks the same, with its questions and followers, each once. Raises
    CannotMergePoints.
    """
    MACHINE.require(point, Action.MERGE)
    if into.id == point.id or into.status not in MERGE_INTO:
        raise CannotMergePoints
    letters.tell_the_merged(actor, point, into, now)  # while it still has its own askers and followers
    point.merged_into_id = into.id
    db.session.flush()
    if point.raised_by_id is not None and db.session.get(Follow, (point.raised_by_id, into.id)) is None:
        # Its raiser is notified about the other point from now on.
        db.session.add(Follow(person_id=point.raised_by_id, follow_up_id=into.id, since=now))
        db.session.flush()
    db.session.execute(
        update(FollowUpQuestion)
        .where(FollowUpQuestion.follow_up_id == point.id)
        .values(follow_up_id=into.id)
        .execution_options(synchronize_session=False)
    )
    for kind, columns in ((Follow, ("since",)), (Participation, ("offer", "since"))):
        _unite(kind, columns, point.id, into.id)
    into.supporters += point.supporters
    # Already notified, above.
    MACHINE.apply(actor, point, Action.MERGE, by=By.EDITORS, now=now, is_told=False)
    return point


def _unite(kind: Any, columns: Iterable[str], source: UUID, target: UUID) -> None:
    more = [getattr(kind, name) for name in columns]
    theirs = select(
        kind.person_id, literal(target, kind.follow_up_id.type).cast(kind.follow_up_id.type), *more
    )
    known = select(kind.person_id).where(kind.follow_up_id == target)
    db.session.execute(
        insert(kind).from_select(
            ["person_id", "follow_up_id", *columns],
            theirs.where(kind.follow_up_id == source, kind.person_id.not_in(known)),
        )
    )


@MACHINE.command(Action.WITHDRAW)
def withdraw(actor: Actor, point: FollowUp, *, now: datetime) -> FollowUp:
    """Withdraw one's own proposal before it is sent. Raises NotYourPoint."""
    if actor.id is None or point.raised_by_id != actor.id:
        raise NotYourPoint
    MACHINE.apply(actor, point, Action.WITHDRAW, by=By.PARTICIPANT, now=now)
    return point


@MACHINE.command(Action.ADD)
def add(actor: Actor, point: FollowUp, *, note: str, now: datetime) -> FollowUp:
    """Add a public remark: the text that was sent stays. Raises NeedsReason without text."""
    if not note:
        raise NeedsReason
    MACHINE.apply(actor, point, Action.ADD, by=By.EDITORS, now=now, note=note)
    return point


def _new(words: Words, *, origin: Origin, now: datetime, **values: Any) -> FollowUp:
    # Concurrent calls get different numbers: the row of the edition is locked.
    db.session.execute(
        select(Edition.id).order_by(Edition.starts_at.desc(), Edition.id).limit(1).with_for_update()
    )
    number = (db.session.scalar(select(func.max(FollowUp.number))) or 0) + 1
    point = FollowUp(
        number=number,
        origin=origin,
        status=FollowUpStatus.PROPOSED,
        proposed_at=now,
        changed_at=now,
        **values,
    )
    _write(point, words)
    db.session.add(point)
    db.session.flush()
    return point


def _write(point: FollowUp, words: Words) -> None:
    point.title, point.body = words.title, words.body
    point.place_id, point.theme_id = words.place_id, words.theme_id
    if words.organisation_id is not None:
        _addressee(words.organisation_id)
    point.organisation_id = words.organisation_id
    point.contact_function = words.contact_function
    partners = select(Organisation).where(Organisation.id.in_(words.partner_ids - {words.organisation_id}))
    point.partners = list(db.session.scalars(partners.order_by(Organisation.name)))


def _addressee(organisation_id: UUID | None) -> Organisation:
    found = db.session.get(Organisation, organisation_id) if organisation_id is not None else None
    if found is None or not found.answers_follow_ups:
        raise DoesNotAnswer
    return found


def _four_eyes(actor: Actor, point: FollowUp) -> None:
    if point.checked_by_id == actor.id:
        raise CheckedByYou


def _ask(point: FollowUp, organisation: Organisation, now: datetime) -> None:
    point.sent_at, point.due_on = now, due_after(now, organisation.response_days)
