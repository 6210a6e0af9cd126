"""What happened to agendapunten. Ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class FollowUpChanged:
    """There is news: somebody who follows it can be told."""

    follow_up_id: UUID
    event_id: UUID
