"""View model of the people on stage: what is on, what is next, and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.hosting.models import SignalKind, StageSignal
from dagvandebuurt.hosting.queries import (
    order_of,
    question_on_stage,
    questions_next,
    questions_suggested,
    signal_of,
)
from dagvandebuurt.hosting.show import Pace, pace_of, show_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda.items import backstage_card, card
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.queries import backstage_lines

LAST_LINES = 5  # of what those who run the session said
SOON = 5  # minutes: from here on the clock stands out
SIGNALS = {
    SignalKind.FIVE_MINUTES: _l("Nog 5 minuten"),
    SignalKind.ONE_MINUTE: _l("Nog 1 minuut"),
    SignalKind.WRAP_UP: _l("Rond af"),
    SignalKind.LOUDER: _l("Praat harder"),
}


@dataclass(frozen=True, slots=True)
class StageView:
    """What is shown. `runs`: with buttons; else for speakers, without the private line."""

    runs: bool
    phase: str
    minutes_left: int
    on_stage: dict[str, Any] | None
    next: Sequence[dict[str, Any]]
    suggested: Sequence[dict[str, Any]]
    order_revision: int
    signal: StageSignal | None
    lines: Sequence[dict[str, Any]]
    pace: Pace
    show_revision: int

    @property
    def is_short(self) -> bool:
        return self.phase == Phase.LIVE and self.minutes_left <= SOON


def minutes_until(moment: datetime, now: datetime) -> int:
    """Return the whole minutes until `moment`, rounded up: 1 in the last minute, 0 when it is over."""
    return max(0, -int((now - moment).total_seconds() // 60))


def stage_view(session: ProgrammeSession, *, runs: bool) -> StageView:
    now = clock.now()
    phase = session.phase_at(now)
    on_stage = question_on_stage(session) if phase is not Phase.ENDED else None
    coming = questions_next(session.id)
    return StageView(
        runs=runs,
        phase=phase.value,
        minutes_left=minutes_until(session.ends_at if phase is Phase.LIVE else session.starts_at, now),
        on_stage=_shown(on_stage) if on_stage is not None else None,
        next=[_shown(question) for question in coming],
        suggested=[] if coming else [_shown(each) for each in questions_suggested(session.id)],
        order_revision=order_of(session.id).revision,
        signal=signal_of(session.id),
        lines=[backstage_card(line) for line in backstage_lines(session.id)[-LAST_LINES:]] if runs else [],
        pace=pace_of(session, now),
        show_revision=show_of(session.id).revision,
    )


def _shown(question: Question) -> dict[str, Any]:
    """Return what the hall may know of a question, and what a button must say that it saw."""
    return {**card(question), "seen": question.desk_revision}
