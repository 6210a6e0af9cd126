"""The clock: the only module that reads the current time, so that tests can set it, and a rehearsal can let a day
pass in minutes."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dagvandebuurt.core.timezone import AMSTERDAM, local, moments_at

__all__ = ["AMSTERDAM", "at", "local", "moments_at", "now", "pace", "run_fast", "today"]


@dataclass(frozen=True)
class _Fast:
    """A clock that stood at `starts` at the real moment `began`, and runs `pace` times as fast since."""

    began: float
    starts: float
    pace: float


_fast: _Fast | None = None


def run_fast(*, began: float, starts: float, pace: float) -> None:
    """Let the clock of this process run `pace` times as fast, from `starts` at the real moment `began`."""
    global _fast
    _fast = _Fast(began, starts, pace)


def pace() -> float:
    """Return how many seconds of this clock pass in a real one."""
    return 1.0 if _fast is None else _fast.pace


def now() -> datetime:
    """Return the current moment in UTC."""
    if _fast is None:
        return datetime.now(UTC)
    return at(_fast.starts + (time.time() - _fast.began) * _fast.pace)


def at(seconds: float) -> datetime:
    """Return the moment that lies so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def today() -> date:
    """Return the current date in Amsterdam."""
    return local(now()).date()
