"""Commands on the checklists and the technical checks."""

from datetime import date, datetime

from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.timezone import local
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.models import Edition, Speaker
from dagvandebuurt.readiness.errors import TicksItself
from dagvandebuurt.readiness.models import ChecklistItem, ChecklistTick, TechCheck, TechCheckOutcome
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.queries import Item, is_ticked, ticks_of


@command(needs=ReadinessPermission.TICK)
def tick(actor: Actor, item: Item, *, edition: Edition, is_done: bool, now: datetime) -> ChecklistTick | None:
    """Tick an item, or take the tick away. None where it was so already: somebody was first.

    Two at once come one after the other: the edition is locked. Raises TicksItself.
    """
    if item.fact:
        raise TicksItself
    db.session.get_one(Edition, edition.id, with_for_update=True)
    ticks = ticks_of(edition, [item.code])[item.code]
    if is_ticked(ticks, item, actor.id) is is_done:
        return None
    last = db.session.scalar(
        select(func.max(ChecklistTick.number)).where(
            ChecklistTick.edition_id == edition.id, ChecklistTick.code == item.code
        )
    )
    made = ChecklistTick(
        edition_id=edition.id, code=item.code, number=(last or 0) + 1, is_done=is_done, at=now, by_id=actor.id
    )
    db.session.add(made)
    return made


@command(needs=ReadinessPermission.ARRANGE)
def add_item(
    actor: Actor, edition: Edition, *, role: Role, sentence: str, due_on: date, now: datetime
) -> ChecklistItem:
    """Add an item to the list of a role, for this edition only."""
    days = (due_on - local(edition.starts_at).date()).days
    item = ChecklistItem(
        edition_id=edition.id, role=role, due_days=days, sentence=sentence, added_at=now, added_by_id=actor.id
    )
    db.session.add(item)
    return item


@command(needs=ReadinessPermission.ARRANGE)
def remove_item(_actor: Actor, item: ChecklistItem, *, now: datetime) -> None:
    """Take an added item off the list. What was ticked of it stays in the history. Idempotent."""
    item.removed_at = item.removed_at or now


def record_check(
    edition: Edition, speaker: Speaker, *, outcome: TechCheckOutcome, note: str, now: datetime
) -> TechCheck:
    """Record how the check of a speaker went. Anyone with their link may say so: there is no account."""
    check = TechCheck(edition_id=edition.id, speaker_id=speaker.id, outcome=outcome, note=note, at=now)
    db.session.add(check)
    return check
