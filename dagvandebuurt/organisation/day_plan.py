"""The plan of a day as a drawing: where each session stands, how full it is, and where now is.

Plain arithmetic on sessions and numbers: no database, no clock.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from dagvandebuurt.core.clock import local
from dagvandebuurt.programme.models import Phase, ProgrammeSession

STEP = timedelta(minutes=30)  # between two lines of the drawing, or a multiple of it
MOST_TICKS = 9


class Fill(StrEnum):
    """How a session is drawn: what it asks for, else how full it is, else when it is."""

    ASKS = "asks"
    FULL = "full"
    LIVE = "live"
    OVER = "over"
    TO_COME = "to-come"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Counted:
    """A session with its numbers. `number` is the one that counts at this moment: who chose it before, who is in
    now, who was there after.
    """

    session: ProgrammeSession
    phase: Phase
    chosen: int
    waiting: int
    present: int
    visitors: int
    asks: bool = False

    @property
    def number(self) -> int:
        if self.phase is Phase.ENDED:
            return self.visitors
        return self.present if self.phase in (Phase.LOBBY, Phase.LIVE) else self.chosen

    @property
    def is_full(self) -> bool:
        return self.session.capacity is not None and self.chosen >= self.session.capacity

    @property
    def fill(self) -> Fill:
        if self.phase is Phase.CANCELLED:
            return Fill.CANCELLED
        if self.asks and self.phase is not Phase.ENDED:
            return Fill.ASKS
        if self.phase is Phase.ENDED:
            return Fill.OVER
        if self.is_full:
            return Fill.FULL
        return Fill.LIVE if self.phase is Phase.LIVE else Fill.TO_COME


@dataclass(frozen=True)
class Slot:
    """Where a session stands. `left` and `width` are parts of a hundred, `share` is how much of its bar is filled."""

    counted: Counted
    lane: int
    left: float
    width: float
    share: float


@dataclass(frozen=True)
class Tick:
    left: float
    at: datetime


@dataclass(frozen=True)
class DayPlan:
    """One day. `now_left` is None where now is not in it."""

    day: date
    slots: Sequence[Slot]
    lanes: int
    ticks: Sequence[Tick]
    now_left: float | None


def plans_of(counted: Iterable[Counted], now: datetime) -> list[DayPlan]:
    """Return a plan for each local day on which a session begins."""
    days: dict[date, list[Counted]] = {}
    for each in counted:
        days.setdefault(local(each.session.starts_at).date(), []).append(each)
    return [_plan(day, days[day], now) for day in sorted(days)]


def _plan(day: date, counted: Sequence[Counted], now: datetime) -> DayPlan:
    begins = _whole_step(min(each.session.starts_at for each in counted), up=False)
    ends = _whole_step(max(each.session.ends_at for each in counted), up=True)
    most = max(max(each.number for each in counted), 1)

    def left(moment: datetime) -> float:
        return round(100 * ((moment - begins) / (ends - begins)), 2)

    slots: list[Slot] = []
    free_at: list[datetime] = []  # of each lane: when its last session ends
    for each in sorted(
        counted, key=lambda each: (each.session.starts_at, -_length(each), each.session.title)
    ):
        lane = next((n for n, free in enumerate(free_at) if free <= each.session.starts_at), len(free_at))
        free_at[lane : lane + 1] = [each.session.ends_at]
        at = left(each.session.starts_at)
        slots.append(Slot(each, lane, at, round(left(each.session.ends_at) - at, 2), _share(each, most)))
    is_today = begins <= now <= ends
    return DayPlan(day, slots, len(free_at), _ticks(begins, ends, left), left(now) if is_today else None)


def _length(counted: Counted) -> timedelta:
    return counted.session.ends_at - counted.session.starts_at


def _share(counted: Counted, most: int) -> float:
    """Return how full it is: of its places, and of the fullest of the day where it has no limit."""
    return round(min(counted.number / (counted.session.capacity or most), 1), 3)


def _whole_step(moment: datetime, *, up: bool) -> datetime:
    here = local(moment)
    past = timedelta(minutes=here.minute % 30, seconds=here.second, microseconds=here.microsecond)
    return moment - past + (STEP if up and past else timedelta())


def _ticks(begins: datetime, ends: datetime, left: Callable[[datetime], float]) -> list[Tick]:
    steps = int((ends - begins) / STEP)
    each = next(n for n in (1, 2, 4, 6, 8, 12, 24, 48) if steps / n <= MOST_TICKS or n == 48)
    return [Tick(left(begins + STEP * n), begins + STEP * n) for n in range(0, steps + 1, each)]
