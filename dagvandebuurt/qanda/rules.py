"""Commands on questions, each under the lock of its room, and idempotent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command, require
from dagvandebuurt.core.small_cell_suppression import STEP, safe
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole, Role
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import hidden_names, muting, notices
from dagvandebuurt.qanda.authors import is_own, own_among, seal
from dagvandebuurt.qanda.errors import (
    AlreadyThere,
    Changed,
    NotYours,
    QuestionsClosed,
    SlowMode,
    TooManyWaiting,
)
from dagvandebuurt.qanda.mending import own_words
from dagvandebuurt.qanda.models import (
    Action,
    Appearance,
    AskingRules,
    Question,
    QuestionKind,
    QuestionStatus,
    RoleShare,
    Support,
    Via,
)
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import (
    asking_rules,
    counts_by_role,
    shares_of,
    supporter_key,
    totals_of,
)
from dagvandebuurt.qanda.states import MACHINE

MOST_WAITING = 5  # limit of one person's questions that wait for a moderator
MOST_WAITING_FOR_OTHERS = 50  # the same for somebody who writes down questions of many people


@dataclass(frozen=True)
class Behalf:
    """Asking on behalf of somebody else: how it came in, and who they are."""

    via: Via
    role: ParticipantRole
    place: str | None
    consent: bool


@command(needs=QandaPermission.ASK)
def ask(
    actor: Actor,
    session: ProgrammeSession,
    *,
    question_id: UUID,
    text: str,
    kind: QuestionKind,
    appear: Appearance,
    notice: bool = False,
    behalf: Behalf | None = None,
    at: Moment,
) -> Question:
    """Submit a question for moderation. Where the moderators publish first, it is public at once, unless it
    is anonymous.

    Raises QuestionsClosed, TooManyWaiting or SlowMode (try later), or AlreadyThere for a used id; on behalf
    of somebody else NotAllowed, or InvalidInput without their consent or with their name. `notice`: mail them
    when there is news of an anonymous question (InvalidInput without an address); any other is mailed of
    anyhow.
    """
    asking = asking_rules(session.id)
    if not accepts_questions(session, asking, at.now):
        raise QuestionsClosed
    if behalf is not None:
        require(actor, QandaPermission.ASK_FOR_OTHERS, session)
        _has_consent(behalf, appear)
    earlier = db.session.get(Question, question_id)
    if earlier is not None:
        if (
            is_own(actor, earlier)
            and earlier.session_id == session.id
            and (own_words([earlier]).get(earlier.id) or earlier.text) == text
        ):
            return earlier  # sent as a guest, and again under the account they merged into
        raise AlreadyThere
    _takes_turns(actor, session, asking, at.now, for_others=behalf is not None)
    notice = notice and appear is Appearance.ANONYMOUS
    if notice:
        notices.require_address(actor)
    minute = at.now.replace(second=0, microsecond=0)
    at_once = (
        asking.shows_first
        and appear is not Appearance.ANONYMOUS
        and muting.is_known_here(actor, session)
        and not muting.is_held(session, text)
    )
    question = Question(
        id=question_id,
        session_id=session.id,
        revision=at.revision,
        kind=kind,
        text=text,
        appearance=appear,
        status=QuestionStatus.VISIBLE if at_once else QuestionStatus.WAITING,
        was_public=at_once,
        shown_at=minute if at_once else None,
        asked_at=minute,
        **_shown_as(actor, session, appear, behalf),
    )
    question.name_hidden = hidden_names.is_hidden(session.id, question)
    if appear is Appearance.ANONYMOUS and actor.id is not None:
        question.author_key = seal(question_id, session.id, actor.id)
    if behalf is not None:
        question.via, question.consent_at = behalf.via, minute
    db.session.add(question)
    if appear is Appearance.ANONYMOUS:
        db.session.flush()
        notices.add(question_id, actor.id if notice else None)
    muting.keep_apart(actor, session, question, at)
    return question


def accepts_questions(session: ProgrammeSession, asking: AskingRules, moment: datetime) -> bool:
    """Tell whether questions are open: from the lobby to the end, unless the moderator closed them."""
    return asking.is_open and session.phase_at(moment) in (Phase.LOBBY, Phase.LIVE)


def _has_consent(behalf: Behalf, appear: Appearance) -> None:
    if not behalf.consent:
        raise InvalidInput(
            {"consent": [_("Vraag eerst of deze persoon het goed vindt. Zet dan hier een vinkje.")]}
        )
    if appear is Appearance.NAME:
        raise InvalidInput(
            {"appear": [_("De naam van een ander zetten we er niet bij. Kies rol of anoniem.")]}
        )


def _takes_turns(
    actor: Actor, session: ProgrammeSession, asking: AskingRules, now: datetime, *, for_others: bool
) -> None:
    """Enforce the limit on waiting questions and the pause of slow mode, over named and anonymous questions.

    The seals are opened here and nothing of it is stored. The pause is counted in whole minutes, as
    timestamps of questions are stored to the minute.
    """
    maybe = db.session.execute(
        ASKED_HERE.where(or_(QUESTIONS.c.asker_id == actor.id, QUESTIONS.c.author_key.is_not(None))),
        {"room": session.id},
    )
    mine = own_among(actor, maybe)
    waiting = sum(row.status is QuestionStatus.WAITING for row in mine)
    if waiting >= (MOST_WAITING_FOR_OTHERS if for_others else MOST_WAITING):
        raise TooManyWaiting(60)
    if not asking.minutes_between or for_others:
        return
    last = max((row.asked_at for row in mine if row.via is None), default=None)
    if last is not None:
        wait = last + timedelta(minutes=asking.minutes_between) - now
        if wait > timedelta(0):
            raise SlowMode(ceil(wait.total_seconds()))


# Given roles that the hall may know, the most telling first.
MARKS = (Role.MODERATOR, Role.HOST, Role.ORGANISER, Role.ADMIN, Role.EDITOR, Role.PUBLISHER)
GUEST = "guest"


def mark_of(actor: Any, session_id: UUID) -> str | None:
    """Return the mark set beside somebody's name, never in it: that they are a guest, or their role here."""
    if not actor.has_account:
        return GUEST
    return next((role.value for role in MARKS if actor.holds(role, session_id)), None)


def _shown_as(
    actor: Any, session: ProgrammeSession, appear: Appearance, behalf: Behalf | None
) -> dict[str, Any]:
    """Return the stored columns of the asker: no more than they want to show, and the role for the shares."""
    role = behalf.role if behalf else actor.participant_role
    place = behalf.place if behalf else actor.neighbourhood
    if appear is Appearance.ANONYMOUS:
        return {
            "asker_role": ParticipantRole.UNDISCLOSED
        }  # a role that few in a room have would identify its person
    kept: dict[str, Any] = {"asker_role": role, "asker_id": actor.id}
    if appear is Appearance.NAME:
        kept["shown_name"], kept["shown_mark"] = actor.name, mark_of(actor, session.id)
    if appear is Appearance.ROLE:
        kept["shown_neighbourhood"] = place
    return kept


@MACHINE.command(Action.WITHDRAW)
def withdraw(actor: Actor, session: ProgrammeSession, *, question_id: UUID, at: Moment) -> Question:
    """Withdraw one's own question. Raises NotYours, or Changed once it is on stage or answered."""
    question = db.session.get(Question, question_id)
    if question is None or question.session_id != session.id or not is_own(actor, question):
        raise NotYours
    MACHINE.apply(actor, question, Action.WITHDRAW, at)
    if question.appearance is Appearance.ANONYMOUS:
        notices.delete_notices([question.id])
    return question


# Rows instead of objects, and prepared statements: thousands of requests per second pass here.
QUESTIONS, SUPPORTS = cast(Table, Question.__table__), cast(Table, Support.__table__)
SUPPORTED = select(
    QUESTIONS.c.id,
    QUESTIONS.c.status,
    QUESTIONS.c.support_count,
    QUESTIONS.c.key_room_id,
    QUESTIONS.c.was_public,
    QUESTIONS.c.author_key,
    QUESTIONS.c.asker_id,
    QUESTIONS.c.session_id,
).where(QUESTIONS.c.session_id == bindparam("room"), QUESTIONS.c.id.in_(bindparam("ids", expanding=True)))
ASKED_HERE = select(
    QUESTIONS.c.id,
    QUESTIONS.c.status,
    QUESTIONS.c.asked_at,
    QUESTIONS.c.via,
    QUESTIONS.c.author_key,
    QUESTIONS.c.asker_id,
    QUESTIONS.c.key_room_id,
    QUESTIONS.c.session_id,
).where(QUESTIONS.c.session_id == bindparam("room"))
STAND_BEHIND = {
    name: dialect.insert(SUPPORTS).on_conflict_do_nothing().returning(SUPPORTS.c.question_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
STAND_BACK = delete(SUPPORTS).where(
    SUPPORTS.c.question_id == bindparam("question"), SUPPORTS.c.supporter_key == bindparam("key")
)
COUNT = (
    update(QUESTIONS)
    .where(QUESTIONS.c.id == bindparam("question"))
    .values(support_count=QUESTIONS.c.support_count + bindparam("change"), revision=bindparam("at"))
)


def support_many(
    wishes: Sequence[tuple[Actor, UUID, bool]], session_id: UUID, *, at: Moment
) -> list[int | RuleBroken]:
    """Store or delete support of many people for questions of one room: the hot path.

    Each request is (who, which question, on). Three statements for any number of yeses, and one for each no.
    Returns for each the question's support after all of them, or the refusal. Permission was checked before;
    the room's lock keeps the counts right.
    """
    rows = db.session.execute(SUPPORTED, {"room": session_id, "ids": list({q for _, q, _ in wishes})})
    found = {row.id: row for row in rows}
    refused: dict[int, RuleBroken] = {}
    last: dict[tuple[UUID, str], bool] = {}
    for place, (actor, question_id, on) in enumerate(wishes):
        question = found.get(question_id)
        if question is None:
            refused[place] = NotYours()
        elif question.status not in MACHINE.table[Action.SUPPORT].sources:
            refused[place] = _not_now(actor, question)
        else:
            key = supporter_key(actor, question.key_room_id or session_id)
            assert key is not None
            last[question_id, key] = on  # of two requests of one person the later one wins
    changes = _store_support(last)
    if changes:
        changed = [{"question": q, "change": by, "at": at.revision} for q, by in changes.items()]
        db.session.execute(COUNT, changed)
    return [
        refused.get(place) or found[question_id].support_count + changes.get(question_id, 0)
        for place, (_, question_id, _) in enumerate(wishes)
    ]


def _not_now(actor: Actor, question: Any) -> RuleBroken:
    """Return the refusal: a person who has read the question is told its status; to anybody else it does not
    exist.
    """
    known = question.was_public or is_own(actor, question)
    return Changed(status=question.status.value) if known else NotYours()


def _store_support(wishes: dict[tuple[UUID, str], bool]) -> dict[UUID, int]:
    """Insert the yeses, delete the noes; return by how much each question's support changed."""
    difference: dict[UUID, int] = {}
    wanted = [{"question_id": q, "supporter_key": key} for (q, key), on in wishes.items() if on]
    if wanted:
        inserted = db.session.execute(STAND_BEHIND[db.engine.dialect.name], wanted)
        for question_id in inserted.scalars():
            difference[question_id] = difference.get(question_id, 0) + 1
    for (question_id, key), on in wishes.items():
        if not on:
            gone = db.session.execute(STAND_BACK, {"question": question_id, "key": key})
            difference[question_id] = difference.get(question_id, 0) - gone.rowcount  # type: ignore[attr-defined]
    return {question_id: change for question_id, change in difference.items() if change}


def carry_over(session_id: UUID, *, at: Moment) -> list[Question]:
    """Mark visible, unanswered questions as open after the session, and notify their askers."""
    left = db.session.scalars(
        select(Question).where(
            Question.session_id == session_id, Question.status.in_(MACHINE.table[Action.CARRY_OVER].sources)
        )
    ).all()
    for question in left:
        MACHINE.apply(None, question, Action.CARRY_OVER, at)
    return list(left)


def count_shares(session_id: UUID) -> int:
    """Recount by role what changed by `STEP` since the last count; return how many were recounted.

    Part of a job, never of a page view of the desk. Idempotent.
    """
    known, counted = shares_of(session_id), 0
    for what, total in totals_of(session_id).items():
        share = known.get(what) or RoleShare(session_id=session_id, what=what, total=0, numbers={})
        if abs(total - share.total) >= STEP:
            share.total, share.numbers = total, safe(counts_by_role(session_id, what))
            db.session.add(share)
            counted += 1
    return counted
