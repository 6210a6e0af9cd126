"""Data retention of captions, which hold what people said aloud."""

from datetime import datetime

from sqlalchemy import delete, select

from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource


@retention_rule(
    "captions",
    order=95,
    what=_l("De ondertitels: wat er in een sessie hardop gezegd is"),
    why=_l("Zodat iedereen het gesprek kan volgen, ook later bij de opname."),
    until=_l("30 dagen na de sessie. Staat er een opname bij, dan zolang die er staat."),
    days=30,
)
def captions_without_a_recording(before: datetime) -> int:
    """Delete captions of sessions without a recording."""
    return _delete_without_a_recording(before)


def captions_stay_with_their_recording(now: datetime) -> None:
    """Delete the captions of everything else."""
    _delete_without_a_recording(now)


def _delete_without_a_recording(before: datetime) -> int:
    recorded = select(StageSource.session_id).where(
        StageSource.purpose == Purpose.RECORDING, StageSource.captions_from == CaptionsFrom.TYPED
    )
    over = select(ProgrammeSession.id).where(
        ProgrammeSession.ends_at < before, ProgrammeSession.id.not_in(recorded)
    )
    gone = db.session.execute(
        delete(CaptionLine)
        .where(CaptionLine.session_id.in_(over))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
