"""Brakes on guessing: only wrong tries count, and a wrong one never refuses a right one beside it.

A try is checked first and counted after, under the network it came from (IPv4 or IPv6 /64), or under the
browser, if that proved earlier to be its owner's (OWASP: device cookies). Past `slow` a wrong try is
answered with 429; a right one still gets in. Past `shut` this network, for this one target, is answered with
429 whatever it tries, for an hour: guessing is bounded there, and nowhere else. A target that many networks
guess at together (`crowd`) shuts each of them sooner. No target is ever shut for everybody.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from dagvandebuurt.core.network import network
from dagvandebuurt.extensions import limiter

logger = logging.getLogger(__name__)
AN_HOUR = 3600  # seconds: what `shut` is counted over, and so the longest wait


@dataclass(frozen=True)
class GuessBrake:
    """One kind of secret that people type. Limits in the words of `limits` ("10 per minute")."""

    name: str
    slow: str
    shut: str
    crowd: str
    shut_in_crowd: str

    def is_shut(self, target: str, who: str | None = None) -> bool:
        """Whether `who` (default: this network) guessed too often at `target` to be heard at all."""
        if not limiter.enabled:
            return False
        crowded = not _ask("test", self.crowd, self.name, "crowd", target)
        shut = self.shut_in_crowd if crowded else self.shut
        return not _ask(
            "test", shut, self.name, "shut" if not crowded else "sooner", target, who or network()
        )

    def was_wrong(self, target: str, who: str | None = None) -> bool:
        """Count a wrong try. Whether there were too many: answer with 429 then."""
        if not limiter.enabled:
            return False
        who = who or network()
        _ask("hit", self.crowd, self.name, "crowd", target)
        _ask("hit", self.shut, self.name, "shut", target, who)
        _ask("hit", self.shut_in_crowd, self.name, "sooner", target, who)
        return not _ask("hit", self.slow, self.name, "slow", target, who)


def seen_today(most: int, *what: str) -> bool:
    """Count that something was asked for, for a day. Whether it was more than `most` times. Never in the
    database: `what` may name a network."""
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
