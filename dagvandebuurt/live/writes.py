"""Exactly-once write path: every live change happens here, with idempotent replay.

begin → raise the room's revision (its row lock orders all writers) → replay? then the stored
result → change under conditions → store the result → commit → only now notify

Several writes share one transaction (group commit); each has its own outcome.
"""

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Annotated, Any, cast
from uuid import UUID

import orjson
from pydantic import Field
from sqlalchemy import Table, bindparam, insert, select, update

from dagvandebuurt.core import after_commit, clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.forms import Act, Id, OpId
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.pseudonyms import fingerprint, pseudonym_once
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.errors import OperationReused, TryAgain
from dagvandebuurt.live.models import LiveRoom, Operation

logger = logging.getLogger(__name__)

# Core rows instead of objects, and prebuilt statements: each runs for every batch, under the room's lock.
OPERATIONS, ROOMS = cast(Table, Operation.__table__), cast(Table, LiveRoom.__table__)
EARLIER = select(OPERATIONS).where(OPERATIONS.c.op_id.in_(bindparam("op_ids", expanding=True)))
NEXT_REVISION = (
    update(ROOMS)
    .where(ROOMS.c.id == bindparam("room"))
    .values(revision=ROOMS.c.revision + bindparam("step"))
    .returning(ROOMS.c.revision)
)
KEEP = insert(OPERATIONS)
LONGEST_STEP = 2**20  # a room of a hundred thousand writes stays far below the largest integer in JSON

Outcome = dict[str, Any]
Revision = Annotated[int, Field(ge=0, lt=2**62)]


class LiveAct(Act):
    """Base payload of a live write: the room, and an operation id made by its sender (idempotency key)."""

    session: Id
    op: OpId

    def content(self) -> str:
        """Return what distinguishes this act from another one under the same operation id."""
        return self.model_dump_json()

    def rooms(self) -> set[UUID]:
        """Return every room this changes. All of them are locked before anything is done."""
        return {self.session}


@dataclass(frozen=True)
class Moment:
    """Time and revision of a write.

    Rules mark what they touch with `revision`, and what they touch in another room of the act with its
    revision from `beside`.
    """

    room_id: UUID
    revision: int
    now: datetime
    beside: Mapping[UUID, int] = field(default_factory=dict)


Apply = Callable[[Any, Any, Moment], dict[str, Any]]
ApplyMany = Callable[[Sequence[tuple[Any, Any]], Moment], Sequence[dict[str, Any] | RuleBroken]]


@dataclass(frozen=True)
class Recall:
    """How an acknowledgement with people's text is stored for a replay: without the text.

    `keep` reduces the acknowledgement to ids; `tell(actor, act, kept)` rebuilds it from the current state.
    It may raise RuleBroken, if the actor may not see it any more.
    """

    keep: Callable[[dict[str, Any]], dict[str, Any]]
    tell: Callable[[Any, Any, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Verb:
    """Live command. `apply(actor, act, moment)` changes the database and returns the acknowledgement.

    `apply_many` does the same for many at once, in order, without raising. `recall` is needed where the
    acknowledgement holds people's text.
    """

    name: str
    act: type[LiveAct]
    apply: Apply
    apply_many: ApplyMany | None = None
    recall: Recall | None = None


@dataclass(eq=False)
class Write:
    """One command of one person, ready to be executed."""

    verb: Verb
    actor: Any
    act: LiveAct

    @cached_property
    def actor_key(self) -> str:
        """Return a pseudonym of this one action: it takes the person and the operation id to find it again,
        and two actions of one person cannot be linked. Needs an app context, which the writer has for a
        whole batch."""
        return pseudonym_once(self.act.session, "op", self.actor.id, self.act.op)

    @cached_property
    def request(self) -> str:
        """Return a hash that distinguishes this content from another under the same operation id. Needs an
        app context."""
        content = f"{self.verb.name} {self.act.content()}"
        return fingerprint(self.act.session, content.encode())

    @cached_property
    def identity(self) -> tuple[str, str]:
        return self.actor_key, self.act.op


def refusal(broken: RuleBroken, language: str = "nl") -> Outcome:
    """Return `broken` as an acknowledgement, in its reader's language."""
    with speaking(language):
        return {"ok": False, "error": broken.as_dict()}


def execute(writes: Sequence[Write]) -> list[Outcome]:
    """Execute all of `writes` in one transaction and return their outcomes, in the same order.

    After a failed commit nothing of them was stored and each outcome says try again.
    """
    outcomes: dict[Write, Outcome] = {}
    try:
        with transaction():
            now = clock.now()
            # In one order everywhere, so that two processes cannot wait for each other (deadlock).
            locked = {
                room: raise_revision(room) for room in sorted({r for w in writes for r in w.act.rooms()})
            }
            beside = {room: revision for room, revision in locked.items() if revision is not None}
            for room_id in sorted({write.act.session for write in writes}):
                here = [write for write in writes if write.act.session == room_id]
                if room_id in beside:
                    _in_room(Moment(room_id, beside[room_id], now, beside), here, outcomes)
                else:
                    outcomes.update((write, refusal(NotFound(), write.actor.language)) for write in here)
    except Exception as failure:
        logger.warning("live writes were not kept: %s", type(failure).__name__, exc_info=failure)
        return [refusal(TryAgain(), write.actor.language) for write in writes]
    return [outcomes[write] for write in writes]


def _in_room(moment: Moment, writes: list[Write], outcomes: dict[Write, Outcome]) -> None:
    known = stored_results(writes)
    fresh: list[tuple[Write, Outcome]] = []
    # Neighbours of one hot kind are applied together; the order of arrival stays.
    for verb, group in groupby(_without_replays(writes, known, outcomes), key=lambda write: write.verb):
        for write, outcome, is_final in _done(verb, list(group), moment):
            outcomes[write] = outcome
            if is_final:
                fresh.append((write, outcome))
    store_results(fresh, moment.now)
    for write in writes:  # the same operation twice in one batch: the second gets the result of the first
        if write not in outcomes:
            first = next(w for w in writes if w.identity == write.identity and w in outcomes)
            same = write.request == first.request
            outcomes[write] = outcomes[first] if same else refusal(OperationReused(), write.actor.language)


def raise_revision(room_id: UUID) -> int | None:
    """Lock the room until the commit and return its new revision; None if there is no such room.

    It skips a random number of revisions (side channel): with steps of one, a person who makes two writes
    could count the unseen writes of others in between. Steps are log-uniform, so that a gap is never more
    than twice as likely to be two writes as to be one.
    """
    return cast(int | None, db.session.scalar(NEXT_REVISION, {"room": room_id, "step": _step()}))


def _step() -> int:
    return int(LONGEST_STEP ** secrets.SystemRandom().random())


def stored_results(writes: Sequence[Write]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the results of earlier operations with these ids: (actor key, op id) → (request, result)."""
    wanted = {write.identity for write in writes}
    rows = db.session.execute(EARLIER, {"op_ids": [write.act.op for write in writes]})
    return {
        (row.actor_key, row.op_id): (row.request, row.result)
        for row in rows
        if (row.actor_key, row.op_id) in wanted  # another person may have made the same id
    }


def store_results(done: Sequence[tuple[Write, Outcome]], now: datetime) -> None:
    """Store final outcomes for replays: without people's text, and rounded to the hour."""
    if done:
        hour = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)  # never too short
        db.session.execute(
            KEEP,
            [
                {
                    "actor_key": write.actor_key,
                    "op_id": write.act.op,
                    "request": write.request,
                    "result": orjson.dumps(_kept(write, outcome)).decode(),
                    "at": hour,
                }
                for write, outcome in done
            ],
        )


def _kept(write: Write, outcome: Outcome) -> Outcome:
    recall = write.verb.recall
    if recall is None or not outcome["ok"]:
        return outcome
    shared = {name: outcome[name] for name in ("ok", "revision")}
    return {**shared, "kept": recall.keep(outcome)}


def _told_again(write: Write, stored: Outcome) -> Outcome:
    recall = write.verb.recall
    if recall is None or "kept" not in stored:
        return stored
    try:
        told = recall.tell(write.actor, write.act, stored["kept"])
    except RuleBroken as broken:
        return refusal(broken, write.actor.language)
    return {"ok": True, "revision": stored["revision"], **told}


def _without_replays(
    writes: Iterable[Write],
    known: dict[tuple[str, str], tuple[str, str]],
    outcomes: dict[Write, Outcome],
) -> list[Write]:
    """Filter the writes that are new; replays get their stored outcome."""
    todo: dict[tuple[str, str], Write] = {}
    for write in writes:
        stored = known.get(write.identity)
        if stored is None:
            todo.setdefault(write.identity, write)
        elif stored[0] == write.request:
            outcomes[write] = _told_again(write, orjson.loads(stored[1]))
        else:
            outcomes[write] = refusal(OperationReused(), write.actor.language)
    return list(todo.values())


def _done(verb: Verb, writes: list[Write], moment: Moment) -> Iterable[tuple[Write, Outcome, bool]]:
    results = _apply_batch(verb.apply_many, writes, moment) if verb.apply_many is not None else None
    if results is None:
        results = [_one(verb, write, moment) for write in writes]
    for write, result in zip(writes, results, strict=True):
        yield write, *_outcome(write, result, moment)


def _apply_batch(
    apply_many: ApplyMany, writes: list[Write], moment: Moment
) -> Sequence[dict[str, Any] | RuleBroken] | None:
    """Apply a batch; None when one of them failed: then each is applied alone, so that it harms no other."""
    told = after_commit.count()
    try:
        with db.session.begin_nested():
            return apply_many([(write.actor, write.act) for write in writes], moment)
    except Exception:
        logger.exception("%s failed for %d at once", writes[0].verb.name, len(writes))
        after_commit.discard(beyond=told)
        return None


def _one(verb: Verb, write: Write, moment: Moment) -> dict[str, Any] | RuleBroken:
    told = after_commit.count()
    try:
        with db.session.begin_nested():
            return verb.apply(write.actor, write.act, moment)
    except RuleBroken as broken:
        result: RuleBroken = broken
    except Exception:
        logger.exception("%s failed", verb.name)
        result = TryAgain()
    after_commit.discard(beyond=told)
    return result


def _outcome(write: Write, result: dict[str, Any] | RuleBroken, moment: Moment) -> tuple[Outcome, bool]:
    if isinstance(result, RuleBroken):
        return refusal(result, write.actor.language), result.is_final
    return {"ok": True, "revision": moment.revision, **result}, True
