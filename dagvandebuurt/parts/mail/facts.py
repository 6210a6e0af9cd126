"""What the outbox tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MailWaits:
    """Something is in the outbox: the runner need not wait for its clock."""
