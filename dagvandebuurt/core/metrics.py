"""Metrics of a process: in files where processes serve (`core/shared_metrics.py`), so that one scrape sums
them all; in memory elsewhere. Labels hold names of ours alone, never what somebody sent.
"""

import os
import time
from bisect import bisect_left
from collections import Counter as Tally
from collections import defaultdict, deque
from threading import Lock
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)
from sqlalchemy import Engine, event

from dagvandebuurt.core.shared_metrics import FOLDER

disable_created_metrics()  # type: ignore[no-untyped-call] # twice the lines, and not there in files either
REGISTRY = CollectorRegistry()
PAGE_SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10)
LIVE_SECONDS = (0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10)
STATEMENT_SECONDS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)

REQUESTS = Counter(
    "dvb_requests", "Requests answered, by route and status", ["route", "method", "status"], registry=REGISTRY
)
REQUEST_SECONDS = Histogram(
    "dvb_request_seconds",
    "Time from request to response, by route",
    ["route"],
    buckets=PAGE_SECONDS,
    registry=REGISTRY,
)
STATEMENTS = Histogram(
    "dvb_database_seconds", "Time of a database statement", buckets=STATEMENT_SECONDS, registry=REGISTRY
)
CONNECTIONS = Gauge(
    "dvb_database_connections",
    "Database connections in use",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)


class GatheredHistogram:
    """Histogram with one label, whose observations are gathered in memory until `publish`.

    Thousands a second of one kind cost 6 % of a server's processor time when each of them is written into the
    two files of its bucket and its sum. Gathered for a second they are one addition a bucket. A process that
    is killed loses the counts of that second, nothing else.
    """

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._waiting: defaultdict[str, deque[float]] = defaultdict(deque)
        self._publishing = Lock()

    def observe(self, label: str, amount: float) -> None:
        """Note an amount, from any thread; the next `publish` counts it."""
        self._waiting[label].append(amount)

    def publish(self) -> None:
        """Add to the histogram what was gathered: the same figures as `Histogram.observe` of each."""
        with self._publishing:
            for label, waiting in list(self._waiting.items()):
                amounts = [waiting.popleft() for _ in range(len(waiting))]  # what comes meanwhile waits
                if not amounts:
                    continue
                child = self._histogram.labels(label)
                child._sum.inc(sum(amounts))
                buckets = Tally(bisect_left(child._upper_bounds, amount) for amount in amounts)
                for bucket, count in buckets.items():
                    child._buckets[bucket].inc(count)


ACKNOWLEDGED = GatheredHistogram(
    Histogram(
        "dvb_live_acknowledged_seconds",
        "Time from a live event to its acknowledgement, by event",
        ["event"],
        buckets=LIVE_SECONDS,
        registry=REGISTRY,
    )
)
LIVE_FAILURES = Counter(
    "dvb_live_failures", "Live events that failed by a fault of ours, by event", ["event"], registry=REGISTRY
)
BROADCAST = Histogram(
    "dvb_live_broadcast_seconds",
    "Time from a commit to its broadcast, in the process that committed",
    buckets=LIVE_SECONDS,
    registry=REGISTRY,
)
# With a label, so that the process that serves nobody has no value of 0 in the minimum.
TURNED = Gauge(
    "dvb_live_turned_timestamp_seconds",
    "When the pump of the slowest process last finished a turn (Unix time)",
    ["loop"],
    multiprocess_mode="livemin",
    registry=REGISTRY,
)
SOCKETS = Gauge(
    "dvb_live_sockets", "Connected sockets", multiprocess_mode="livesum", registry=REGISTRY
)  # fmt: skip
ROOMS = Gauge(
    "dvb_live_rooms",
    "Live rooms with listeners, counted in each process",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
SNAPSHOTS = Gauge(
    "dvb_live_snapshots_made",
    "Room snapshots read from the database",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
HINTS = Gauge(
    "dvb_live_hints_heard", "Hints heard from other processes", multiprocess_mode="livesum", registry=REGISTRY
)
LOGIN_FAILURES = Counter(
    "dvb_login_failures", "Wrong passwords, codes and numbers, by kind", ["kind"], registry=REGISTRY
)
JOBS_RUNNING = Gauge(
    "dvb_jobs_running", "Processes that run the jobs", multiprocess_mode="livesum", registry=REGISTRY
)
PROCESSES = Gauge(
    "dvb_processes", "Processes that serve", multiprocess_mode="livesum", registry=REGISTRY
)  # fmt: skip
MEMORY = Gauge(
    "dvb_memory_bytes", "Resident memory of the processes", multiprocess_mode="livesum", registry=REGISTRY
)


def exposition() -> bytes:
    """Return the metrics of all processes of this service, in Prometheus' text format."""
    ACKNOWLEDGED.publish()
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def init_app(app: Flask) -> None:
    """Count and time every request. Before every other hook, so that a refused one counts as well."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.endpoint or "none"
    method = (
        request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
    )
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    if "began" in g:
        REQUEST_SECONDS.labels(route).observe(time.perf_counter() - g.began)
    return response


@event.listens_for(Engine, "before_cursor_execute")
def _begin_statement(
    _connection: Any, _cursor: Any, _sql: Any, _values: Any, context: Any, _many: Any
) -> None:
    if context is not None:
        context.began = time.perf_counter()


@event.listens_for(Engine, "after_cursor_execute")
def _end_statement(_connection: Any, _cursor: Any, _sql: Any, _values: Any, context: Any, _many: Any) -> None:
    began = getattr(context, "began", None)
    if began is not None:
        STATEMENTS.observe(time.perf_counter() - began)


def resident_bytes() -> int:
    """Return the resident memory of this process; 0 where there is no /proc."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
