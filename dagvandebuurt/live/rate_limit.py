"""Token-bucket rate limiter for sockets.

Limits count connections and people, never IP addresses: a community centre is one address.
"""

import math
import time


class TokenBuckets:
    """Token buckets: `burst` events at once, `per_second` on average, for each key."""

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst, self._rate = float(burst), per_second
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> int:
        """Take a token. Return 0 when there was one, else the whole seconds until there is."""
        now = time.monotonic()
        tokens, then = self._buckets.get(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._rate)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            return max(1, math.ceil((1 - tokens) / self._rate))
        self._buckets[key] = (tokens - 1, now)
        return 0

    def clear(self, key: str) -> None:
        self._buckets.pop(key, None)
