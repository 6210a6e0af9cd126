"""Commands on editions: create the next one while visitors see the current one."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.core.timezone import local, moments_at
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.editing.overview import first_free
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.models import DeskChoice, Edition, Round, Venue
from dagvandebuurt.programme.permissions import ProgrammePermission

REGISTERING = timedelta(days=60)  # an edition usually opens this long before
KEPT = (
    "tagline",
    "intro",
    "promise",
    "tagline_en",
    "intro_en",
    "promise_en",
    "expected_participants",
    "contact_email",
    "contact_phone",
    "contact_hours",
)
MOST = 56  # characters of a slug, with space for a number


@command(needs=ProgrammePermission.EDIT)
def begin_edition(
    _actor: Actor, before: Edition | None, *, title: str, starts_at: datetime, ends_at: datetime, copies: bool
) -> Edition:
    """Create an edition that only organisers see until it is opened.

    With `copies` it has the rounds and places of the edition `before`, at the same hours of its own day.
    Themes, speakers and organisations belong to no edition. Raises EndsBeforeItBegins.
    """
    if ends_at <= starts_at:
        raise EndsBeforeItBegins
    year = local(starts_at).year
    told = {name: getattr(before, name) for name in KEPT} if before else dict.fromkeys(KEPT, "")
    edition = Edition(
        id=uuid4(),
        slug=_free_slug(f"{slug_of(title)[: MOST - 5]}-{year}"),
        title=title,
        year=year,
        starts_at=starts_at,
        ends_at=ends_at,
        registration_opens_at=starts_at - REGISTERING,
        registration_closes_at=ends_at,
        status=EditionStatus.DRAFT,
        **(told | {"expected_participants": told["expected_participants"] or 0}),
    )
    db.session.add(edition)
    db.session.flush()
    if before is not None and copies:
        _copy(before, edition)
    return edition


@command(needs=ProgrammePermission.EDIT)
def work_on(actor: Actor, edition: Edition) -> None:
    """Choose this edition for the desk, in every browser and after logging out."""
    assert actor.id is not None
    chosen = db.session.get(DeskChoice, actor.id)
    if chosen is None:
        db.session.add(DeskChoice(person_id=actor.id, edition_id=edition.id))
    else:
        chosen.edition_id = edition.id


def first_after_opening(edition: Edition, *, now: datetime) -> Edition:
    """Return the edition visitors would see first if this one were open."""
    others = db.session.scalars(select(Edition).where(Edition.is_open)).all()
    both = {each.id: each for each in [*others, edition]}.values()
    to_come = [each for each in both if each.ends_at > now]
    return (
        min(to_come, key=lambda each: each.starts_at)
        if to_come
        else max(both, key=lambda each: each.starts_at)
    )


def edition_by_id(edition_id: UUID) -> Edition:
    """Return an edition, also one that is not open. Raises NotFound."""
    found = db.session.get(Edition, edition_id)
    if found is None:
        raise NotFound
    return found


def all_editions() -> list[Edition]:
    """Return all editions, newest first."""
    return list(db.session.scalars(select(Edition).order_by(Edition.starts_at.desc())))


def _copy(before: Edition, edition: Edition) -> None:
    first, then = local(before.starts_at).date(), local(edition.starts_at).date()
    for part in db.session.scalars(select(Round).where(Round.edition_id == before.id)):
        db.session.add(
            Round(
                edition_id=edition.id,
                code=part.code,
                label=part.label,
                starts_at=_same_hour(part.starts_at, first, then),
                ends_at=_same_hour(part.ends_at, first, then),
            )
        )
    for venue in db.session.scalars(select(Venue).where(Venue.edition_id == before.id)):
        same = ("name", "kind", "address", "description", "capacity", "position")
        db.session.add(Venue(edition_id=edition.id, **{name: getattr(venue, name) for name in same}))


def _same_hour(moment: datetime, first: date, then: date) -> datetime:
    """Move a moment to another day at the same local time, also across daylight saving time."""
    here = local(moment)
    found = moments_at(here.date() + (then - first), here.time().replace(fold=0))
    return found[0] if found else moment + (then - first)


def _free_slug(wanted: str) -> str:
    return first_free(wanted.strip("-"), set(db.session.scalars(select(Edition.slug))))
