"""What happened to places. Ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PlaceOffered:
    """Somebody from the waiting list has a place now."""

    choice_id: UUID
