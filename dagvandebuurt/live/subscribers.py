"""Subscriptions of the live core: a form that is posted twice is claimed at the beginning of its transaction."""

from dagvandebuurt.core.transaction import transaction_began
from dagvandebuurt.live import idempotency

transaction_began.subscribe(idempotency.claim)
