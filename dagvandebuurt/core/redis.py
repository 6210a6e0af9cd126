"""Redis client settings: short timeouts, because Redis is optional and may be away at any moment."""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry


def short_timeouts(seconds: float = 1) -> dict[str, Any]:
    """Return client options for any Redis client: one attempt, short timeouts.

    A hanging Redis accepts connections but never answers, and by default a client waits for ever.
    """
    return {"socket_timeout": seconds, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
