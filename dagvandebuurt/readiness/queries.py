"""Reading checklists: the items of an edition for the person who looks, from the ticks and from what the site sees."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, can
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.people.models import Person, Role, RoleGrant
from dagvandebuurt.programme.hooks import PreparationStep, preparation_steps
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.programme.queries import edition_chosen_by
from dagvandebuurt.readiness.facts import FACTS, PERSONAL_FACTS
from dagvandebuurt.readiness.models import ChecklistItem, ChecklistTick
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.standard_items import BY_CODE, STANDARD

BEFORE = timedelta(days=60)  # a day this near is the one that people prepare
AFTER = timedelta(days=91)  # the last items are due 90 days after the day
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """Item of a checklist, standard or added. `fact` is what the site sees by itself, empty where a person ticks."""

    code: str
    role: Role
    due_days: int
    sentence: Any
    endpoint: str | None
    fact: str = ""
    is_personal: bool = False
    added: ChecklistItem | None = None


@dataclass
class Task:
    """An item as somebody sees it: due when, done by whom, and what happened to it."""

    item: Item
    due_on: date
    path: str | None
    is_done: bool
    is_late: bool
    is_soon: bool
    may_tick: bool
    history: Sequence[ChecklistTick] = ()
    done_by: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    said: Any = ""  # how it stands, where the site sees it

    @property
    def last(self) -> ChecklistTick | None:
        return self.history[-1] if self.history else None


def edition_by_slug(slug: str) -> Edition:
    """Return an edition by the name in its address. Raises NotFound."""
    found = db.session.scalar(select(Edition).where(Edition.slug == slug))
    if found is None:
        raise NotFound
    return found


def edition_of_lists(actor: Actor) -> Edition | None:
    """Return the edition whose lists come first: for an organiser the one at their desk. For all others the next
    one that is near, open or not; else the last one until its items are over."""
    if can(actor, ReadinessPermission.ARRANGE):
        return edition_chosen_by(actor.id)
    now = clock.now()
    coming = (
        select(Edition)
        .where(Edition.ends_at > now, Edition.starts_at < now + BEFORE)
        .order_by(Edition.starts_at, Edition.slug)
    )
    past = (
        select(Edition)
        .where(Edition.ends_at <= now, Edition.ends_at > now - AFTER)
        .order_by(Edition.starts_at.desc(), Edition.slug)
    )
    first = db.session.scalar(coming.limit(1)) or db.session.scalar(past.limit(1))
    return first or edition_chosen_by(actor.id)


def editions() -> Sequence[Edition]:
    """Return all editions, newest first."""
    return db.session.scalars(select(Edition).order_by(Edition.starts_at.desc(), Edition.slug)).all()


def items_of(edition: Edition, roles: Collection[Role]) -> list[Item]:
    """Return the standard items of these roles, and those that were added for this edition."""
    found = [
        Item(each.code, each.role, each.due_days, each.sentence, each.endpoint, each.fact, each.is_personal)
        for each in STANDARD
        if each.role in roles
    ]
    added = db.session.scalars(
        select(ChecklistItem)
        .where(
            ChecklistItem.edition_id == edition.id,
            ChecklistItem.role.in_(roles),
            ChecklistItem.removed_at.is_(None),
        )
        .order_by(ChecklistItem.added_at, ChecklistItem.id)
    )
    return [*found, *(_added(each) for each in added)]


def _added(row: ChecklistItem) -> Item:
    return Item(str(row.id), row.role, row.due_days, row.sentence, None, added=row)


def item_by_code(edition: Edition, code: str) -> Item:
    """Return one item of this edition. Raises NotFound, also for one that was removed."""
    if code in BY_CODE:
        return next(each for each in items_of(edition, [BY_CODE[code].role]) if each.code == code)
    try:
        row = db.session.get(ChecklistItem, UUID(code))
    except ValueError:
        raise NotFound from None
    if row is None or row.edition_id != edition.id or row.removed_at is not None:
        raise NotFound
    return _added(row)


def ticks_of(edition: Edition, codes: Collection[str]) -> dict[str, list[ChecklistTick]]:
    """Return every tick of these items, first to last, with who did it."""
    found: dict[str, list[ChecklistTick]] = {code: [] for code in codes}
    for tick in db.session.scalars(
        select(ChecklistTick)
        .where(ChecklistTick.edition_id == edition.id, ChecklistTick.code.in_(codes))
        .order_by(ChecklistTick.number)
        .options(joinedload(ChecklistTick.by))
    ):
        found[tick.code].append(tick)
    return found


def due_on(edition: Edition, due_days: int) -> date:
    return clock.local(edition.starts_at).date() + timedelta(days=due_days)


def is_ticked(ticks: Sequence[ChecklistTick], item: Item, person_id: UUID | None) -> bool:
    """Return whether an item is ticked now: for this person where everybody does it for themselves."""
    own = [tick for tick in ticks if not item.is_personal or tick.by_id == person_id]
    return bool(own) and own[-1].is_done


def tasks_for(actor: Actor, edition: Edition, roles: Collection[Role], now: datetime) -> list[Task]:
    """Return the items of these roles as `actor` sees them: late ones first, then by date; what is done last."""
    items = items_of(edition, roles)
    ticks = ticks_of(edition, [item.code for item in items])
    steps = _steps(edition) if any(item.fact for item in items) else {}
    holders = _holders(roles)
    known: dict[str, set[UUID]] = {
        name: fact([person.id for each in holders.values() for person in each])
        for name, fact in PERSONAL_FACTS.items()
        if any(item.fact == name for item in items)
    }
    today = clock.local(now).date()
    found = []
    for item in items:
        task = _task(actor, edition, item, ticks[item.code], steps)
        if item.is_personal:
            _count(task, actor, holders[item.role], ticks[item.code], known.get(item.fact))
        task.is_late = not task.is_done and task.due_on < today
        task.is_soon = not task.is_done and today <= task.due_on <= today + SOON
        found.append(task)
    return sorted(found, key=lambda task: (task.is_done, not task.is_late, task.due_on))


def _task(
    actor: Actor,
    edition: Edition,
    item: Item,
    ticks: Sequence[ChecklistTick],
    steps: Mapping[str, PreparationStep],
) -> Task:
    step = steps.get(item.fact)
    if step is not None:
        is_done = step.is_done
    elif item.fact in FACTS:
        is_done = FACTS[item.fact](edition)
    else:
        is_done = is_ticked(ticks, item, actor.id)
    path = step.path if step is not None and step.path else item.endpoint and path_for(item.endpoint)
    return Task(
        item,
        due_on(edition, item.due_days),
        path or None,
        is_done,
        is_late=False,
        is_soon=False,
        may_tick=not item.fact and can(actor, ReadinessPermission.TICK, item),
        history=ticks,
        said=step.says if step is not None else "",
    )


def _count(
    task: Task,
    actor: Actor,
    holders: Sequence[Person],
    ticks: Sequence[ChecklistTick],
    known: set[UUID] | None,
) -> None:
    """Fill in who did it and who did not yet. Who has the role themselves is done when they are."""
    done = {
        person.id: person.id in known if known is not None else is_ticked(ticks, task.item, person.id)
        for person in holders
    }
    task.done_by = [person.name for person in holders if done[person.id]]
    task.missing = [person.name for person in holders if not done[person.id]]
    task.is_done = done[actor.id] if actor.id in done else bool(done) and all(done.values())


def _steps(edition: Edition) -> dict[str, PreparationStep]:
    return {step.code: step for there in preparation_steps(edition) for step in there}


def _holders(roles: Collection[Role]) -> dict[Role, list[Person]]:
    """Return who has each role, by name. An administrator counts as organiser where there is no other list."""
    found: dict[Role, list[Person]] = {role: [] for role in roles}
    wanted = [*roles, *([Role.ADMIN] if Role.ORGANISER in roles else [])]
    rows = db.session.execute(
        select(RoleGrant.role, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role.in_(wanted))
        .order_by(Person.name, Person.id)
    )
    for role, person in rows:
        there = found[Role.ORGANISER if role is Role.ADMIN else role]
        if person not in there:
            there.append(person)
    return found
