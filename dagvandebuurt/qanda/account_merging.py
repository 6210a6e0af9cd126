"""Account merging: a guest's questions and support move to the account they turn out to have.

The asker is re-keyed in place, from one pseudonym to another: no row is written that leads from an anonymous
question to a person.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import muting
from dagvandebuurt.qanda.authors import author_of, seal, sealed_by
from dagvandebuurt.qanda.models import Appearance, MergedSupport, MutedHandle, Question, Support
from dagvandebuurt.qanda.queries import questions_of_person


def questions_are_the_accounts(guest_id: UUID, into_id: UUID, now: datetime) -> None:
    """Move questions (by name, by role, anonymous) and support to the account, and notify open pages.

    Rooms are locked first, in a fixed order, as every live write does. An operation sent as a guest and sent
    again under the account finds no stored result, but changes nothing: the client chose the question's id,
    and support is idempotent.
    """
    rooms = _rooms_with_keys()
    supporters = {_key(room, "support", guest_id): _key(room, "support", into_id) for room in rooms}
    mine = or_(Question.asker_id == guest_id, Question.id.in_(sealed_by([guest_id])))
    twice = _behind_twice(supporters)
    touched = {*db.session.scalars(select(Question.session_id).where(mine)), *twice.values()}
    revisions = {session_id: raise_revision(session_id) for session_id in sorted(touched)}
    for question in db.session.scalars(
        select(Question).where(mine).execution_options(populate_existing=True)
    ).all():
        if question.author_key is not None and author_of(question) == guest_id:
            question.author_key = seal(question.id, question.key_room, into_id)
        if question.asker_id == guest_id:
            question.asker_id = into_id
        question.revision = revisions.get(question.session_id) or question.revision
    db.session.flush()
    for session_id in revisions:
        _one_name(session_id, into_id)
    for (question_id, old), session_id in twice.items():
        _count_once(question_id, old, revisions[session_id])
    held = set(
        db.session.scalars(
            select(Support.supporter_key).where(Support.supporter_key.in_(supporters)).distinct()
        )
    )
    for old in sorted(held):
        db.session.execute(
            update(Support)
            .where(Support.supporter_key == old)
            .values(supporter_key=supporters[old])
            .execution_options(synchronize_session=False)
        )
    merged = select(MergedSupport.supporter_key).where(MergedSupport.supporter_key.in_(supporters))
    for old in sorted(set(db.session.scalars(merged))):
        _one_merged_support(old, supporters[old])
    for room in rooms:
        for purpose in muting.PURPOSES:
            _one_mute(room, *(pseudonyms.pseudonym(room, purpose, person) for person in (guest_id, into_id)))


def _one_merged_support(old: str, new: str) -> None:
    """Merge what both had supported of questions that were merged since."""
    twice = select(MergedSupport.question_id).where(MergedSupport.supporter_key == new)
    theirs = MergedSupport.supporter_key == old
    for statement in (
        delete(MergedSupport).where(theirs, MergedSupport.question_id.in_(twice)),
        update(MergedSupport).where(theirs).values(supporter_key=new),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _one_mute(room_id: UUID, old: str, new: str) -> None:
    """Merge the mutes of both handles into one mute of the handle that stays."""
    theirs = (MutedHandle.session_id == room_id, MutedHandle.handle == old)
    is_muted = db.session.get(MutedHandle, (room_id, new)) is not None
    statement = delete(MutedHandle) if is_muted else update(MutedHandle).values(handle=new)
    db.session.execute(statement.where(*theirs).execution_options(synchronize_session=False))


def _one_name(session_id: UUID, person_id: UUID) -> None:
    """Merge hidden names: a name hidden under one of the two accounts is hidden for both."""
    named = (
        Question.session_id == session_id,
        Question.asker_id == person_id,
        Question.appearance == Appearance.NAME,
    )
    found = db.session.scalars(select(Question).where(*named)).all()
    if any(question.name_hidden for question in found):
        for question in found:
            question.name_hidden = True


def _behind_twice(supporters: dict[str, str]) -> dict[tuple[UUID, str], UUID]:
    """Map (question, the guest's key) to its session, for each question that guest and account both support."""
    theirs = db.session.execute(
        select(Support.question_id, Support.supporter_key, Question.session_id)
        .join(Question, Question.id == Support.question_id)
        .where(Support.supporter_key.in_([*supporters, *supporters.values()]))
    ).all()
    there = {(row.question_id, row.supporter_key) for row in theirs}
    return {
        (row.question_id, row.supporter_key): row.session_id
        for row in theirs
        if row.supporter_key in supporters and (row.question_id, supporters[row.supporter_key]) in there
    }


def _count_once(question_id: UUID, key: str, revision: int | None) -> None:
    gone = delete(Support).where(Support.question_id == question_id, Support.supporter_key == key)
    if not db.session.execute(gone.execution_options(synchronize_session=False)).rowcount:  # type: ignore[attr-defined]
        return  # deleted by a concurrent request
    values = {"support_count": Question.support_count - 1}
    if revision is not None:
        values["revision"] = revision  # type: ignore[assignment]
    db.session.execute(
        update(Question)
        .where(Question.id == question_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def what_a_guest_would_lose(person_id: UUID) -> list[str]:
    """Count their questions, and the questions of others that they support."""
    person = db.session.get(Person, person_id)
    if person is None:
        return []
    questions = len(questions_of_person(Identity.of(person, grants=())))
    support = [_key(room, "support", person_id) for room in _rooms_with_keys()]
    behind = db.session.scalar(
        select(func.count()).select_from(Support).where(Support.supporter_key.in_(support))
    )
    told = []
    if questions:
        told.append(ngettext("%(num)s vraag", "%(num)s vragen", questions))
    if behind:
        told.append(ngettext("je steun bij %(num)s vraag", "je steun bij %(num)s vragen", behind))
    return told


def _rooms_with_keys() -> list[UUID]:
    return sorted(room for room in db.session.scalars(select(ProgrammeSession.id)) if pseudonyms.exists(room))


def _key(room: UUID, purpose: str, person_id: UUID) -> str:
    return pseudonyms.pseudonym(room, purpose, person_id)
