"""Login throttling with device cookies (OWASP): only failed attempts count, and never against a correct one
beside them.

An attempt is verified first and counted after, under its network (IPv4 or IPv6 /64), or under the browser,
if that proved earlier to be its owner's. Past `slow` a failed attempt gets 429; a correct one still
succeeds. Past `shut` this network gets 429 for this one target whatever it sends, for an hour. A target that
many networks attack together (`crowd`) shuts each of them sooner. No target is ever locked for everybody.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from dagvandebuurt.core.metrics import LOGIN_FAILURES
from dagvandebuurt.core.network import network
from dagvandebuurt.extensions import limiter

logger = logging.getLogger(__name__)
AN_HOUR = 3600  # seconds: the window of `shut`, and so the longest wait


@dataclass(frozen=True)
class GuessThrottle:
    """Throttle for one kind of secret. Limits in the notation of `limits` ("10 per minute")."""

    name: str
    slow: str
    shut: str
    crowd: str
    shut_in_crowd: str

    def is_shut(self, target: str, who: str | None = None) -> bool:
        """Return whether `who` (default: this network) is blocked for `target`."""
        if not limiter.enabled:
            return False
        crowded = not _ask("test", self.crowd, self.name, "crowd", target)
        shut = self.shut_in_crowd if crowded else self.shut
        return not _ask(
            "test", shut, self.name, "shut" if not crowded else "sooner", target, who or network()
        )

    def was_wrong(self, target: str, who: str | None = None) -> bool:
        """Count a failed attempt; return whether to answer with 429."""
        LOGIN_FAILURES.labels(self.name).inc()
        if not limiter.enabled:
            return False
        who = who or network()
        _ask("hit", self.crowd, self.name, "crowd", target)
        _ask("hit", self.shut, self.name, "shut", target, who)
        _ask("hit", self.shut_in_crowd, self.name, "sooner", target, who)
        return not _ask("hit", self.slow, self.name, "slow", target, who)


def seen_today(most: int, *what: str) -> bool:
    """Count an event of today; return whether there were more than `most`.

    Never in the database: `what` may name a network.
    """
    return not _ask("hit", f"{most} per day", *what)


def _ask(how: str, limit: str, *keys: str) -> bool:
    item: RateLimitItem = parse(limit)
    try:
        return bool(_act(_strategy(), how)(item, *keys))
    except Exception as failure:  # Redis is away: each process counts for itself
        logger.warning("guesses are counted here alone: %s", type(failure).__name__)
        return bool(_act(_here(), how)(item, *keys))


def _act(strategy: RateLimiter, how: str) -> Callable[..., bool]:
    act: Callable[..., bool] = getattr(strategy, how)
    return act


def _strategy() -> RateLimiter:
    return limiter.limiter if limiter.enabled else _here()


def _here() -> RateLimiter:
    made: RateLimiter = current_app.extensions.setdefault("brakes", FixedWindowRateLimiter(MemoryStorage()))
    return made
