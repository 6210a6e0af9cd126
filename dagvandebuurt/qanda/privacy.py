"""Data retention and erasure of the Q&A: how long askers are stored, and what is left after account deletion."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, func, or_, select, update
from sqlalchemy.orm import aliased

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.people.lifecycle.data_export import plain_row
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda import muting, notices
from dagvandebuurt.qanda.authors import sealed_by
from dagvandebuurt.qanda.mending import forget_words, own_words
from dagvandebuurt.qanda.models import (
    PUBLIC,
    Appearance,
    BackstageLine,
    MergedSupport,
    MutedHandle,
    Question,
    QuestionChange,
    QuestionClaim,
    QuestionNotice,
    QuestionStatus,
    QuestionWording,
    Support,
)

# The question has ended, and its asker was notified.
DONE = (QuestionStatus.ANSWERED, QuestionStatus.MERGED, QuestionStatus.HIDDEN, QuestionStatus.WITHDRAWN)


@retention_rule(
    "question",
    order=90,
    what=_l("Dat jij een vraag stelde, als je dat met je naam of rol deed"),
    why=_l("Om je het antwoord te sturen."),
    until=_l("30 dagen na het antwoord. De vraag blijft staan, zonder je naam. Zonder antwoord: tot je account weggaat."),
    days=30,
)  # fmt: skip
def askers_of_long_ago(before: datetime) -> int:
    """Remove askers of old questions; answers stay. A merged question ends with the one it was merged into,
    as its asker is notified until then.
    """
    target = aliased(Question)

    def ended(question: Any) -> Any:
        long_ago = or_(question.answered_at.is_(None), question.answered_at < before)
        return question.status.in_(DONE) & long_ago

    found = db.session.scalars(
        select(Question)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .outerjoin(target, target.id == Question.merged_into_id)
        .where(
            or_(Question.asker_id.is_not(None), Question.shown_name.is_not(None)),
            ProgrammeSession.ends_at < before,
            ended(Question),
            or_(Question.status != QuestionStatus.MERGED, ended(target)),
        )
    ).all()
    _take_the_asker_off(found)
    return len(found)


@retention_rule(
    "room_key",
    order=100,
    what=_l("De sleutel waarmee te achterhalen is wie iets anoniem vroeg of steunde"),
    why=_l("Zodat jij je eigen vraag terugvindt, en niemand twee keer telt."),
    until=_l("14 dagen na de dag vernietigen we hem. Daarna kan niemand het meer, ook wij niet."),
    days=14,
)
def keys_of_long_ago(before: datetime) -> int:
    """Destroy the keys of rooms of long ago, and the pseudonymous rows they made, which have no more use."""
    ended = select(ProgrammeSession.id).where(ProgrammeSession.ends_at < before)
    there = func.coalesce(Question.key_room_id, Question.session_id).in_(ended)
    db.session.execute(
        delete(QuestionWording)
        .where(
            QuestionWording.question_id.in_(
                select(Question.id).where(Question.author_key.is_not(None), there)
            )
        )
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Question)
        .where(Question.author_key.is_not(None), there)
        .values(author_key=None)
        .execution_options(synchronize_session=False)
    )
    found = [session_id for session_id in db.session.scalars(ended) if pseudonyms.exists(session_id)]
    for session_id in found:
        pseudonyms.destroy_key(session_id)
        _support_of_nobody(session_id)
    return len(found)


@retention_rule(
    "notice",
    order=95,
    what=_l("Dat jij iets anoniem vroeg, als je daar een mail over wilde"),
    why=_l("Om je te mailen dat er nieuws is. In de mail staat niet welke vraag."),
    until=_l(
        "Tot je vraag klaar is en je dat gehoord hebt, of tot je deze mails uitzet. Hoogstens een jaar."
    ),
    days=365,
)
def notices_of_long_ago(before: datetime) -> int:
    """Delete notices and their keys, also of questions that were never answered."""
    return notices.delete_notices(
        db.session.scalars(
            select(QuestionNotice.question_id)
            .join(Question, Question.id == QuestionNotice.question_id)
            .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
            .where(ProgrammeSession.ends_at < before)
        )
    )


def _support_of_nobody(key_room_id: UUID) -> None:
    """Make support anonymous: each row still counts one supporter, without linking two rows of one person."""
    here = select(Question.id).where(func.coalesce(Question.key_room_id, Question.session_id) == key_room_id)
    of_nobody = (
        func.hex(func.randomblob(11))
        if db.engine.dialect.name == "sqlite"
        else func.substr(func.replace(cast(func.gen_random_uuid(), String), "-", ""), 1, 22)
    )
    db.session.execute(
        delete(MergedSupport)
        .where(MergedSupport.question_id.in_(here))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Support)
        .where(Support.question_id.in_(here))
        .values(supporter_key=of_nobody)
        .execution_options(synchronize_session=False)
    )


def questions_of(person_id: UUID) -> Rows:
    """Export a person's questions, also anonymous ones as long as there is a key to find them by."""
    table = Question.__table__
    found = db.session.execute(select(table).where(table.c.id.in_(sealed_by([person_id])))).mappings()
    return [plain_row(table, row) for row in found]  # type: ignore[arg-type]


def notices_of(person_id: UUID) -> Rows:
    """Export the anonymous questions whose news they chose to be mailed."""
    rows = db.session.execute(select(Question.text).where(Question.id.in_(notices.chosen_by(person_id))))
    return [{"question": row.text} for row in rows]


def own_words_of(person_id: UUID) -> Rows:
    """Export what they wrote themselves, of the questions that a moderator mended."""
    mine = or_(Question.asker_id == person_id, Question.id.in_(sealed_by([person_id])))
    found = own_words(db.session.scalars(select(Question).where(mine, Question.is_mended)).all())
    return [{"text": text} for text in found.values()]


def support_of(person_id: UUID) -> Rows:
    rows = db.session.execute(
        select(Question.text)
        .join(Support, Support.question_id == Question.id)
        .where(Support.supporter_key.in_(_pseudonyms(person_id, "support")))
    )
    return [{"question": row.text} for row in rows]


def questions_stay_without_asker(person_id: UUID, now: datetime) -> None:
    """Erase a person from their questions: what was public stays for its supporters, the rest is deleted.

    Support stays as a number. Open pages are notified of the changes.
    """
    mine = db.session.scalars(
        select(Question).where(or_(Question.asker_id == person_id, Question.id.in_(sealed_by([person_id]))))
    ).all()
    notices.delete_notices(notices.chosen_by(person_id))
    for question in mine:
        question.author_key = None
        if not question.was_public:
            question.text, question.status = "", QuestionStatus.WITHDRAWN
    _take_the_asker_off(mine)
    for key in _pseudonyms(person_id, "support"):
        nobody = secrets.token_urlsafe(16)
        for table in (Support, MergedSupport):
            db.session.execute(
                update(table)
                .where(table.supporter_key == key)
                .values(supporter_key=nobody)
                .execution_options(synchronize_session=False)
            )
    for purpose in muting.PURPOSES:
        handles = _pseudonyms(person_id, purpose)
        db.session.execute(delete(MutedHandle).where(MutedHandle.handle.in_(handles)))
    db.session.execute(delete(BackstageLine).where(BackstageLine.author_id == person_id))
    db.session.execute(delete(QuestionClaim).where(QuestionClaim.moderator_id == person_id))
    db.session.execute(
        update(QuestionChange)
        .where(QuestionChange.moderator_id == person_id)
        .values(moderator_name="", moderator_id=None)
        .execution_options(synchronize_session=False)
    )


def answers_without_askers(_now: datetime) -> None:
    """Keep what the hall could read, and nothing that leads to an asker or a supporter."""
    for session_id in db.session.scalars(select(ProgrammeSession.id)):
        if pseudonyms.exists(session_id):
            after_commit(pseudonyms.destroy_key, session_id)
    notices.delete_notices(db.session.scalars(select(QuestionNotice.question_id)).all())
    nobody = {
        "author_key": None, "asker_id": None, "shown_name": None, "shown_mark": None, "shown_neighbourhood": None,
        "name_hidden": False,
    }  # fmt: skip
    for statement in (
        delete(QuestionWording),
        delete(QuestionClaim),
        delete(Support),
        delete(MergedSupport),
        delete(MutedHandle),
        delete(BackstageLine),
        update(Question).values(**nobody),
        update(Question).where(Question.appearance == Appearance.NAME).values(appearance=Appearance.ROLE),
        update(Question).where(Question.status.not_in(PUBLIC)).values(text=""),
        update(Question)
        .where(Question.status == QuestionStatus.WAITING)
        .values(status=QuestionStatus.WITHDRAWN),
        update(QuestionChange).values(moderator_name="", moderator_id=None),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _take_the_asker_off(questions: Iterable[Question]) -> None:
    questions = list(questions)
    forget_words(question.id for question in questions)
    by_room: dict[UUID, list[Question]] = {}
    for question in questions:
        by_room.setdefault(question.session_id, []).append(question)
    for session_id, there in sorted(by_room.items()):
        revision = raise_revision(session_id)
        for question in there:
            question.asker_id = question.shown_name = question.shown_mark = question.shown_neighbourhood = (
                None
            )
            question.name_hidden = False
            if question.appearance is Appearance.NAME:
                question.appearance = Appearance.ROLE
            if revision is not None:
                question.revision = revision
                if question.merged_into_id is not None:  # its card lists what is merged into it
                    target = db.session.get_one(Question, question.merged_into_id)
                    target.revision = revision if target.session_id == session_id else target.revision
    db.session.flush()


def _pseudonyms(person_id: UUID, purpose: str) -> list[str]:
    """Return a person's pseudonym in each room whose key still exists."""
    return [
        pseudonyms.pseudonym(session_id, purpose, person_id)
        for session_id in db.session.scalars(select(ProgrammeSession.id))
        if pseudonyms.exists(session_id)
    ]
