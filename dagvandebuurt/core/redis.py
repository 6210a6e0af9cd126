"""How the house speaks to Redis, where there is one: it may be away at any moment, and nobody waits long."""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry


def hasty(seconds: float = 1) -> dict[str, Any]:
    """For any Redis client: one try, and not for long. A Redis that hangs takes the connection but never
    answers, and by default a client would wait for ever."""
    return {"socket_timeout": seconds, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}
