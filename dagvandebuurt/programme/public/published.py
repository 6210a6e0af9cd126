"""Read model of the published programme: immutable values, cached between requests.

Nothing here refers to the database session, so one read serves everybody until the next version.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, subqueryload

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import folded
from dagvandebuurt.programme.models import (
    LOBBY,
    Edition,
    Phase,
    ProgrammeSession,
    Round,
    SessionKind,
    SessionSpeaker,
    SessionStatus,
    Speaker,
    phase_of,
)
from dagvandebuurt.programme.queries import code_of


@dataclass(frozen=True)
class DayEdition:
    """Edition, as every page of the programme shows it."""

    id: UUID
    title: str
    tagline: str
    starts_at: datetime
    ends_at: datetime
    contact_email: str
    contact_phone: str
    contact_hours: str
    tagline_en: str
    year: int
    slug: str


@dataclass(frozen=True)
class Part:
    """Round."""

    id: UUID
    code: str
    label: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Who:
    """Speaker in a session, with their organisation."""

    code: str
    name: str
    function: str
    organisation: str | None
    organisation_code: str | None


@dataclass(frozen=True)
class Item:
    """Session as a list shows it."""

    id: UUID
    slug: str
    number: str
    title: str
    subtitle: str
    summary: str
    kind: SessionKind
    kind_label: str | None
    status: SessionStatus
    starts_at: datetime
    ends_at: datetime
    round_id: UUID
    hall: str
    languages: tuple[str, ...]
    interpreters: tuple[str, ...]
    domains: tuple[str, ...]
    access: tuple[str, ...]
    themes: tuple[tuple[str, str], ...]  # (code, label)
    speakers: tuple[Who, ...]
    hosts: tuple[Who, ...]
    haystack: str  # all searchable text, case-folded

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - LOBBY

    @property
    def passes_midnight(self) -> bool:
        """Tell whether it ends on another local date. Ending at midnight sharp does not count."""
        last = self.ends_at - timedelta(seconds=1)
        return clock.local(self.starts_at).date() != clock.local(last).date()

    @property
    def is_called_off(self) -> bool:
        return self.status is SessionStatus.CANCELLED

    def phase_at(self, moment: datetime) -> Phase:
        return phase_of(self.status, self.starts_at, self.ends_at, moment)


@dataclass(frozen=True)
class Day:
    """Whole programme, in the order of the day."""

    edition: DayEdition
    version: int
    parts: Mapping[UUID, Part]
    items: tuple[Item, ...]

    @cached_property
    def by_id(self) -> dict[UUID, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def clock_from(self) -> datetime:
        """Return from when the page depends on the time: the midnight before it begins."""
        first = min((item.opens_at for item in self.items), default=self.edition.starts_at)
        return clock.local(first).replace(hour=0, minute=0, second=0, microsecond=0)

    @cached_property
    def clock_until(self) -> datetime:
        return max((item.ends_at for item in self.items), default=self.edition.ends_at) + timedelta(hours=1)

    def has_clock_at(self, moment: datetime) -> bool:
        return self.clock_from <= moment < self.clock_until

    @cached_property
    def _boundaries(self) -> list[datetime]:
        held = [item for item in self.items if not item.is_called_off]
        turns = {turn for item in held for turn in (item.opens_at, item.starts_at, item.ends_at)}
        return sorted(turns | {self.clock_from, self.clock_until})

    def epoch_at(self, moment: datetime) -> int:
        """Count the changes by the clock alone up to `moment`. Between two of them a page is constant."""
        return bisect_right(self._boundaries, moment)

    def now_and_next(self, moment: datetime) -> tuple[list[Item], list[Item]]:
        """Return the sessions that are open now, and the next ones to start, all at one time."""
        phases = [(item, item.phase_at(moment)) for item in self.items]
        now = [item for item, phase in phases if phase in (Phase.LOBBY, Phase.LIVE)]
        later = [item for item, phase in phases if phase is Phase.BEFORE]
        return now, [item for item in later if item.starts_at == later[0].starts_at] if later else []


class Held(Protocol):
    @property
    def starts_at(self) -> datetime: ...

    def phase_at(self, moment: datetime) -> Phase: ...


OneHeld = TypeVar("OneHeld", bound=Held)


def next_of(items: Iterable[OneHeld], moment: datetime) -> OneHeld | None:
    """Return where to go next: what is open, else what starts first. Of several open ones, the one that
    starts last.
    """
    phases = [(item, item.phase_at(moment)) for item in items]
    is_open = [item for item, phase in phases if phase in (Phase.LOBBY, Phase.LIVE)]
    if is_open:
        return max(is_open, key=lambda item: item.starts_at)
    to_come = [item for item, phase in phases if phase is Phase.BEFORE]
    return min(to_come, key=lambda item: item.starts_at, default=None)


def read_day(edition_id: UUID) -> Day:
    """Read the published programme in five queries, whatever its size. Drafts are left out."""
    edition = db.session.get_one(Edition, edition_id, populate_existing=True)
    rounds = db.session.scalars(select(Round).where(Round.edition_id == edition_id))
    sessions = db.session.scalars(
        select(ProgrammeSession)
        .where(ProgrammeSession.edition_id == edition_id, ProgrammeSession.status != SessionStatus.DRAFT)
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
        .options(
            joinedload(ProgrammeSession.venue),
            # Not "selectin", which needs one more query for every five hundred.
            subqueryload(ProgrammeSession.themes),
            subqueryload(ProgrammeSession.parts)
            .joinedload(SessionSpeaker.speaker)
            .joinedload(Speaker.organisation),
        )
        .execution_options(populate_existing=True)
    )
    return Day(
        edition=DayEdition(
            edition.id, edition.title, edition.tagline, edition.starts_at, edition.ends_at,
            edition.contact_email, edition.contact_phone, edition.contact_hours,
            edition.tagline_en, edition.year, edition.slug,
        ),
        version=edition.programme_version,
        parts={
            each.id: Part(each.id, each.code, each.label, each.starts_at, each.ends_at)
            for each in sorted(rounds, key=lambda each: (each.starts_at, each.code))
        },
        items=tuple(_item(session) for session in sessions),
    )  # fmt: skip


def _item(session: ProgrammeSession) -> Item:
    speakers, hosts = tuple(map(_who, session.speakers)), tuple(map(_who, session.hosts))
    themes = tuple((theme.code, theme.label) for theme in session.themes)
    texts = [session.title, session.subtitle, session.summary, session.abstract, session.kind_label or ""]
    names = [text for who in speakers + hosts for text in (who.name, who.organisation or "")]
    return Item(
        id=session.id,
        slug=session.slug,
        number=code_of(session),
        title=session.title,
        subtitle=session.subtitle,
        summary=session.summary,
        kind=session.kind,
        kind_label=session.kind_label,
        status=session.status,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        round_id=session.round_id,
        hall=session.venue.name if session.venue is not None else "",
        languages=tuple(session.languages),
        interpreters=tuple(session.interpreters),
        domains=tuple(session.domains),
        access=tuple(session.access),
        themes=themes,
        speakers=speakers,
        hosts=hosts,
        haystack=folded(" ".join([*texts, *(label for _, label in themes), *names])),
    )


def _who(speaker: Speaker) -> Who:
    organisation = speaker.organisation
    return Who(
        speaker.code,
        speaker.name,
        speaker.function,
        organisation.name if organisation is not None else None,
        organisation.code if organisation is not None else None,
    )
