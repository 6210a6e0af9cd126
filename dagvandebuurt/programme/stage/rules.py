"""Commands on the stage of a session and its recordings."""

from collections.abc import Mapping
from uuid import UUID

from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import recording_by_id
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource


@command(needs=ProgrammePermission.EDIT)
def set_stage(
    _actor: Actor, session: ProgrammeSession, *, main: str | None, others: Mapping[Purpose, str | None]
) -> None:
    """Set the main address, and one for each alternative; None removes it. Alternatives not named stay."""
    session.stage_url = main
    there = {source.purpose: source for source in session.sources if source.purpose in others}
    for purpose, address in others.items():
        source = there.get(purpose)
        if address and source:
            source.address = address
        elif address:
            session.sources.append(StageSource(purpose=purpose, address=address, position=_next(session)))
        elif source:
            session.sources.remove(source)


@command(needs=ProgrammePermission.EDIT)
def add_recording(
    _actor: Actor,
    session: ProgrammeSession,
    *,
    address: str,
    label: str,
    captions_from: CaptionsFrom,
    captions: str | None,
    offset: float,
) -> StageSource:
    """Add a public recording."""
    source = StageSource(purpose=Purpose.RECORDING, address=address, label=label, position=_next(session))
    session.sources.append(source)
    _caption(source, captions_from, captions, offset)
    return source


@command(needs=ProgrammePermission.EDIT)
def change_captions(
    _actor: Actor,
    session: ProgrammeSession,
    *,
    source_id: UUID,
    captions_from: CaptionsFrom,
    captions: str | None,
    offset: float,
) -> None:
    """Replace the captions of a recording, or their offset. Raises NotFound."""
    _caption(recording_by_id(session, source_id), captions_from, captions, offset)


@command(needs=ProgrammePermission.EDIT)
def delete_recording(_actor: Actor, session: ProgrammeSession, *, source_id: UUID) -> None:
    """Remove the link to a recording; the file itself stays where it is hosted. Raises NotFound."""
    session.sources.remove(recording_by_id(session, source_id))


def _caption(source: StageSource, captions_from: CaptionsFrom, captions: str | None, offset: float) -> None:
    """Set the captions. An existing file stays until another one is given."""
    source.captions_from, source.captions_offset = captions_from, offset
    if captions_from is not CaptionsFrom.FILE:
        source.captions = None
    elif captions is not None:
        source.captions = captions


def _next(session: ProgrammeSession) -> int:
    return max((source.position for source in session.sources), default=-1) + 1
