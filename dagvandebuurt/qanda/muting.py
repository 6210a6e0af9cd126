"""Muting: pre-moderation of new and flagged askers, and what moderators can do about abuse by one handle."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.core.word_list import holds
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people import roles
from dagvandebuurt.people.queries import name_of, require_reason
from dagvandebuurt.programme.errors import RegisteredOnly
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import may_count
from dagvandebuurt.qanda.authors import author_of, sealed_by
from dagvandebuurt.qanda.errors import CannotStop, Muted, NotYours
from dagvandebuurt.qanda.history import after_the_last, changed
from dagvandebuurt.qanda.models import Appearance, MutedHandle, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.states import HIDEABLE

NAMED, ANONYMOUS = PURPOSES = ("muted", "muted anonymous")
MUTE, UNMUTE = "mute", "unmute"


def is_known_here(actor: Actor, session: ProgrammeSession) -> bool:
    """Tell whether the hall has read a question of theirs by name or role: a first question is moderated
    first.
    """
    shown = select(Question.id).where(
        Question.session_id == session.id, Question.asker_id == actor.id, Question.was_public
    )
    return db.session.scalar(shown.limit(1)) is not None


def is_held(session: ProgrammeSession, text: str) -> bool:
    """Tell whether the text has a word from the edition's block list: then a moderator reads it first."""
    edition = db.session.get(Edition, session.edition_id)
    return edition is not None and holds(edition.held_words, text)


def refusals(actors: Iterable[Any], session_id: UUID) -> dict[UUID, RuleBroken]:
    """Map people to the reason their support is refused in this room.

    Two statements, however many people, in a room where nobody is muted.
    """
    session = db.session.get(ProgrammeSession, session_id)
    if session is None:
        return {}
    has_mutes = db.session.scalar(
        select(MutedHandle.handle).where(MutedHandle.session_id == session_id).limit(1)
    )
    refused: dict[UUID, RuleBroken] = {}
    for actor in {each.id: each for each in actors if each.id is not None}.values():
        if not may_count(actor, session):
            refused[actor.id] = RegisteredOnly()
        elif has_mutes and _muting(session_id, actor.id, *PURPOSES) is not None:
            refused[actor.id] = Muted()
    return refused


def is_muted_here(session_id: UUID, person_id: UUID) -> bool:
    """Tell whether a moderator muted this person in this room, under any of their handles."""
    return _muting(session_id, person_id, *PURPOSES) is not None


def muted_by_name(session_id: UUID, people: Iterable[UUID]) -> set[UUID]:
    """Return who of these is muted in this room under the handle of their name or role.

    For what stands beside a name: a mute of an anonymous question must not show there who asked it.
    """
    muted = set(db.session.scalars(select(MutedHandle.handle).where(MutedHandle.session_id == session_id)))
    if not muted:
        return set()
    return {each for each in people if pseudonym(session_id, NAMED, each) in muted}


def keep_apart(actor: Actor, session: ProgrammeSession, question: Question, at: Moment) -> None:
    """Hide a muted asker's question from hall and desk. They see it with the reason, and may contest it."""
    muting = _muting(session.id, actor.id, _purpose(question))
    if muting is None:
        return
    question.status, question.hidden_reason, question.is_muted = QuestionStatus.HIDDEN, muting.reason, True
    question.was_public, question.shown_at = False, None
    db.session.flush()
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=muting.moderator_id,
            moderator_name=name_of(muting.moderator_id) or "",
            before=QuestionStatus.WAITING,
            after=QuestionStatus.HIDDEN,
            reason=muting.reason,
            at=at.now.replace(second=0, microsecond=0),
        )
    )


@command(needs=QandaPermission.MODERATE)
def mute(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    reason: str,
    seen: int | None = None,
    at: Moment,
) -> Question:
    """Mute the asker of this question, for this room. Raises NotYours, or Changed when a colleague decided
    since.

    Acts on the question's own pseudonym, so nobody learns who it is, or what else is theirs.
    """
    require_reason(reason, at.now)
    question, handle = _handle_behind(session, question_id, seen)
    if db.session.get(MutedHandle, (session.id, handle)) is None:
        db.session.add(
            MutedHandle(session_id=session.id, handle=handle, reason=reason, moderator_id=moderator.id)
        )
        _record(moderator, question, MUTE, reason, at)
    question.revision = at.revision
    return question


@command(needs=QandaPermission.MODERATE)
def unmute(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, seen: int | None = None, at: Moment
) -> Question:
    """Lift a mute: new questions of this asker reach the desk again. Idempotent. Raises NotYours or Changed.

    Questions asked while muted stay hidden; each can still be contested.
    """
    question, handle = _handle_behind(session, question_id, seen)
    muting = db.session.get(MutedHandle, (session.id, handle))
    if muting is not None:
        db.session.delete(muting)
        _record(moderator, question, UNMUTE, None, at)
    question.revision = at.revision
    return question


def mute_person(
    session: ProgrammeSession, person_id: UUID, *, moderator_id: UUID | None, reason: str, at: Moment
) -> None:
    """Mute somebody under the handle of their name or role, by what they wrote elsewhere in the room. Idempotent.

    The caller checked the permission. Raises InvalidInput for an unknown reason.
    """
    require_reason(reason, at.now)
    if mute_of(session.id, person_id) is None:
        handle = pseudonym(session.id, NAMED, person_id)
        db.session.add(
            MutedHandle(session_id=session.id, handle=handle, reason=reason, moderator_id=moderator_id)
        )


def mute_of(session_id: UUID, person_id: UUID) -> MutedHandle | None:
    """Return the mute of this person under the handle of their name or role, in this room."""
    return db.session.get(MutedHandle, (session_id, pseudonym(session_id, NAMED, person_id)))


def has_asker(question: Question) -> bool:
    """Return whether somebody stands behind it: not once they were erased, or the key of the room is gone."""
    return author_of(question) is not None


def is_muted(session: ProgrammeSession, question: Question) -> bool:
    """Tell whether the handle behind this question is muted in this room."""
    return _muting(session.id, author_of(question), _purpose(question)) is not None


def _handle_behind(session: ProgrammeSession, question_id: UUID, seen: int | None) -> tuple[Question, str]:
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    asker = author_of(question)
    if asker is None:  # person deleted, or the key of the room destroyed
        raise NotYours
    if seen is not None and seen != question.desk_revision:
        raise changed(question)
    return question, pseudonym(session.id, _purpose(question), asker)


def _record(moderator: Actor, question: Question, deed: str, reason: str | None, at: Moment) -> None:
    db.session.add(
        QuestionChange(
            question_id=question.id,
            moderator_id=moderator.id,
            moderator_name=moderator.name,
            before=question.status,
            after=question.status,
            deed=deed,
            reason=reason,
            at=after_the_last(question.id, at.now),
        )
    )


@command(needs=QandaPermission.MODERATE)
def stop_guest(
    moderator: Actor, session: ProgrammeSession, *, question_id: UUID, reason: str, now: datetime
) -> None:
    """Revoke a guest's access to the whole platform, through a question of theirs.

    By question, as a guest has no address. Raises CannotStop for an anonymous question, which identifies
    nobody, and for a person with an account, whom the organisers suspend.
    """
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id:
        raise NotYours
    if question.asker_id is None or not roles.suspend_guest(
        moderator, question.asker_id, reason=reason, now=now
    ):
        raise CannotStop


def of_the_same_handle(session: ProgrammeSession, question: Question) -> list[Question]:
    """Return the questions of this asker that can be hidden together: an anonymous question is never linked
    to one with a role or a name.
    """
    here = Question.session_id == session.id, Question.status.in_(HIDEABLE)
    asker = author_of(question)
    if asker is None:
        return [question]
    is_anonymous = question.appearance is Appearance.ANONYMOUS
    theirs = Question.id.in_(sealed_by([asker], *here)) if is_anonymous else Question.asker_id.in_([asker])
    return list(
        db.session.scalars(select(Question).where(*here, theirs).order_by(Question.asked_at, Question.id))
    )


def _purpose(question: Question) -> str:
    return ANONYMOUS if question.appearance is Appearance.ANONYMOUS else NAMED


def _muting(session_id: UUID, person_id: UUID | None, *purposes: str) -> MutedHandle | None:
    if person_id is None:
        return None
    handles = [pseudonym(session_id, purpose, person_id) for purpose in purposes]
    return db.session.scalar(
        select(MutedHandle)
        .where(MutedHandle.session_id == session_id, MutedHandle.handle.in_(handles))
        .limit(1)
    )
