"""Commands on mailings, and the steps in which one is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.mailings.errors import InThePast, MailingChanged, NobodyGetsIt
from dagvandebuurt.mailings.filters import Audience, gets_it
from dagvandebuurt.mailings.models import (
    Mailing,
    MailingAction,
    MailingRecipient,
    MailingRules,
    MailingStatus,
    RecipientStatus,
)
from dagvandebuurt.mailings.permissions import MailingPermission
from dagvandebuurt.mailings.queries import KIND, number_who_get_it, second_pair_above
from dagvandebuurt.mailings.states import MAILINGS
from dagvandebuurt.parts.jobs import wake
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition

JOB = "send_mailings"


@dataclass(frozen=True)
class Draft:
    """What an organiser typed: the text in both languages, and who gets it."""

    subject: str
    text: str
    subject_en: str
    text_en: str
    audience: Audience


@command(needs=MailingPermission.WRITE)
def write(actor: Actor, edition: Edition, *, draft: Draft, now: datetime) -> Mailing:
    """Begin a mailing, as a draft."""
    mailing = Mailing(
        edition_id=edition.id, status=MailingStatus.DRAFT, revision=0, made_at=now, figures={}, audience={},
        subject="", text="",
    )  # fmt: skip
    _fill_in(actor, mailing, draft)
    db.session.add(mailing)
    db.session.flush()
    MAILINGS.apply(actor, mailing, MailingAction.SAVE, now=now)
    return mailing


@MAILINGS.command(MailingAction.SAVE)
def save(actor: Actor, mailing: Mailing, *, draft: Draft, seen: int, now: datetime) -> None:
    """Change a draft. Raises MailingChanged where somebody else changed it since it was shown."""
    _lock(mailing, seen)
    MAILINGS.apply(actor, mailing, MailingAction.SAVE, now=now)
    _fill_in(actor, mailing, draft)


@MAILINGS.command(MailingAction.TRY_OUT)
def try_out(actor: Actor, mailing: Mailing, *, now: datetime) -> None:
    """Write down that somebody has it sent to themselves."""
    _lock(mailing)
    MAILINGS.apply(actor, mailing, MailingAction.TRY_OUT, now=now)


@MAILINGS.command(MailingAction.ASK, MailingAction.PLAN)
def send(actor: Actor, mailing: Mailing, *, due_at: datetime | None, seen: int, now: datetime) -> bool:
    """Plan it for `due_at`, or for now; above the number of the organisation another organiser has to agree
    first. Return whether it is planned.

    Raises NobodyGetsIt, InThePast and MailingChanged.
    """
    _lock(mailing, seen)
    MAILINGS.require(mailing, MailingAction.PLAN)
    count = number_who_get_it(mailing.edition_id, Audience.of(mailing.audience))
    if count == 0:
        raise NobodyGetsIt
    if due_at is not None and due_at <= now:
        raise InThePast
    mailing.due_at, mailing.sent_by_id, mailing.approved_at = due_at or now, actor.id, None
    needs_another = count > second_pair_above(mailing.edition_id)
    action = MailingAction.ASK if needs_another else MailingAction.PLAN
    MAILINGS.apply(actor, mailing, action, now=now, count=count)
    if not needs_another:
        after_commit(wake, JOB)
    return not needs_another


@MAILINGS.command(MailingAction.APPROVE)
def approve(actor: Actor, mailing: Mailing, *, seen: int, now: datetime) -> None:
    """Agree that it goes, as another than who wrote it or wants to send it. It goes when it was planned for,
    and at once where that is over."""
    _lock(mailing, seen)
    count = number_who_get_it(mailing.edition_id, Audience.of(mailing.audience))
    MAILINGS.apply(actor, mailing, MailingAction.APPROVE, now=now, count=count)
    mailing.approved_at = now
    after_commit(wake, JOB)


@MAILINGS.command(MailingAction.TAKE_BACK)
def take_back(actor: Actor, mailing: Mailing, *, now: datetime) -> None:
    """Make a draft of it again: it can be changed, and has to be approved anew."""
    _lock(mailing)
    MAILINGS.apply(actor, mailing, MailingAction.TAKE_BACK, now=now)
    mailing.due_at = mailing.approved_at = None


@MAILINGS.command(MailingAction.STOP)
def stop(actor: Actor, mailing: Mailing, *, now: datetime) -> int:
    """Stop in the middle: what did not leave yet does not go. Return how many people that are.

    What a sender has in its hands goes: whether it still arrives cannot be known.
    """
    _lock(mailing)
    _stop(actor, mailing, now)
    return _count_waiting(mailing)


@MAILINGS.command(MailingAction.RESUME)
def resume(actor: Actor, mailing: Mailing, *, now: datetime) -> None:
    """Go on with what was stopped. Nobody gets it twice."""
    _lock(mailing)
    MAILINGS.apply(actor, mailing, MailingAction.RESUME, now=now, count=_count_waiting(mailing))
    mailing.due_at = now
    after_commit(wake, JOB)


@command(needs=MailingPermission.SET_RULES)
def set_rules(actor: Actor, edition: Edition, *, second_pair_above: int, now: datetime) -> None:
    """Set above how many people a second organiser has to agree."""
    db.session.merge(
        MailingRules(
            edition_id=edition.id, second_pair_above=second_pair_above, changed_at=now, changed_by_id=actor.id
        )
    )


def start(mailing: Mailing, *, now: datetime) -> None:
    """Write down everybody who gets it, in one statement, and begin; or hold it where they have become so
    many that another organiser has to agree. Idempotent."""
    _lock(mailing)
    if not MAILINGS.is_possible(mailing, MailingAction.START):
        return
    audience = Audience.of(mailing.audience)
    if mailing.approved_at is None:
        count = number_who_get_it(mailing.edition_id, audience)
        if count > second_pair_above(mailing.edition_id):
            MAILINGS.apply(None, mailing, MailingAction.HOLD, now=now, count=count)
            return
    add_recipients(mailing, audience)
    mailing.started_at = mailing.started_at or now
    MAILINGS.apply(None, mailing, MailingAction.START, now=now, count=_count_waiting(mailing))


def add_recipients(mailing: Mailing, audience: Audience) -> None:
    """Insert everybody of the audience who is not among its recipients yet (INSERT … SELECT)."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    chosen = select(
        literal(mailing.id, MailingRecipient.mailing_id.type),
        Person.id,
        literal(f"{KIND}:{mailing.id.hex}:") + cast(Person.id, String),
        literal(RecipientStatus.WAITING, MailingRecipient.status.type),
    ).where(gets_it(mailing.edition_id, audience))
    db.session.execute(
        dialect.insert(MailingRecipient)
        .from_select(["mailing_id", "person_id", "mail_key", "status"], chosen)
        .on_conflict_do_nothing()
    )


def next_recipients(mailing_id: UUID, most: int) -> Sequence[MailingRecipient]:
    """Return the next people of a mailing that is being sent, under a lock; none when it was stopped."""
    mailing = db.session.get(Mailing, mailing_id)
    if mailing is None:
        return []
    _lock(mailing)
    if mailing.status is not MailingStatus.SENDING:
        return []
    return db.session.scalars(
        select(MailingRecipient)
        .where(MailingRecipient.mailing_id == mailing_id, MailingRecipient.status == RecipientStatus.WAITING)
        .order_by(MailingRecipient.person_id)
        .limit(most)
    ).all()


def finish(mailing: Mailing, *, now: datetime) -> None:
    """Mark it as done once none of its mails has to leave any more. Idempotent."""
    _lock(mailing)
    if mailing.status is not MailingStatus.SENDING or _count_waiting(mailing):
        return
    still = db.session.scalar(
        select(Mail.id).where(_mails(mailing), Mail.status == MailStatus.WAITING).limit(1)
    )
    if still is None:
        MAILINGS.apply(None, mailing, MailingAction.FINISH, now=now)


def stop_after_restore(*, now: datetime) -> int:
    """Stop what a restored backup would send: it may have gone since. Return how many mailings."""
    is_due = (Mailing.status == MailingStatus.SENDING) | (
        (Mailing.status == MailingStatus.PLANNED) & (Mailing.due_at <= now)
    )
    found = db.session.scalars(select(Mailing).where(is_due).order_by(Mailing.id)).all()
    for mailing in found:
        _stop(None, mailing, now, takes_out=False)
    return len(found)


def _stop(actor: Actor | None, mailing: Mailing, now: datetime, *, takes_out: bool = True) -> None:
    if takes_out:
        _take_out_of_the_outbox(mailing, now)
    MAILINGS.apply(actor, mailing, MailingAction.STOP, now=now, count=_count_waiting(mailing))


def _take_out_of_the_outbox(mailing: Mailing, now: datetime) -> None:
    """Delete what no sender holds; a sender whose lease ended finds its mail gone before it sends. Those
    people wait again."""
    free = or_(Mail.leased_until.is_(None), Mail.leased_until < now)
    keys = db.session.scalars(
        delete(Mail)
        .where(_mails(mailing), Mail.status == MailStatus.WAITING, free)
        .returning(Mail.dedupe_key)
        .execution_options(synchronize_session=False)
    ).all()
    for first in range(0, len(keys), 500):
        db.session.execute(
            update(MailingRecipient)
            .where(MailingRecipient.mail_key.in_(keys[first : first + 500]))
            .values(status=RecipientStatus.WAITING)
            .execution_options(synchronize_session=False)
        )


def _mails(mailing: Mailing) -> Any:
    return (Mail.kind == KIND) & Mail.dedupe_key.startswith(f"{KIND}:{mailing.id.hex}:")


def _count_waiting(mailing: Mailing) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(MailingRecipient)
            .where(
                MailingRecipient.mailing_id == mailing.id, MailingRecipient.status == RecipientStatus.WAITING
            )
        )
        or 0
    )


def _fill_in(actor: Actor, mailing: Mailing, draft: Draft) -> None:
    mailing.subject, mailing.text = draft.subject, draft.text
    mailing.subject_en, mailing.text_en = draft.subject_en, draft.text_en
    mailing.audience, mailing.written_by_id = draft.audience.stored(), actor.id


def _lock(mailing: Mailing, seen: int | None = None) -> None:
    """Lock its row, and read it anew. Raises MailingChanged where it is no longer the one that was seen."""
    db.session.refresh(mailing, with_for_update=True)
    if seen is not None and seen != mailing.revision:
        raise MailingChanged(state=mailing.status.value)
