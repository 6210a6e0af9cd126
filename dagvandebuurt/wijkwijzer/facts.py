"""What happened in the Wijkwijzer. Ids only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class NewsForAskers:
    """Who asked something, or said *ik ook*, can be told."""

    news_id: UUID
