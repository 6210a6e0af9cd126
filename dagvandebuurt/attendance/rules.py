"""Keeping beats as visits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, select, tuple_, update

from dagvandebuurt.attendance.models import Visit
from dagvandebuurt.core.db import db

SAME_VISIT = timedelta(seconds=90)  # a gap up to this is a bad connection, not a goodbye


def keep_beats(beats: Mapping[tuple[UUID, UUID], datetime]) -> None:
    """Store (session, person) → moment: the running visit grows, or a new one begins.

    A visit never shrinks, whatever a clock does. A handful of statements, however many beats.
    """
    if not beats:
        return
    oldest = min(beats.values()) - SAME_VISIT
    running = db.session.execute(
        select(Visit.id, Visit.session_id, Visit.person_id, Visit.last_seen_at).where(
            tuple_(Visit.session_id, Visit.person_id).in_(list(beats)), Visit.last_seen_at >= oldest
        )
    )
    grown: list[dict[str, object]] = []
    seen: set[tuple[UUID, UUID]] = set()
    for row in running:
        key = (row.session_id, row.person_id)
        at = beats[key]
        if row.last_seen_at >= at - SAME_VISIT:
            seen.add(key)
            if row.last_seen_at < at:
                grown.append({"id": row.id, "last_seen_at": at})
    if grown:
        db.session.execute(update(Visit), grown)
    begun = [
        {"id": uuid4(), "session_id": s, "person_id": p, "first_seen_at": at, "last_seen_at": at}
        for (s, p), at in beats.items()
        if (s, p) not in seen
    ]
    if begun:
        db.session.execute(insert(Visit), begun)
