"""Work that needs nobody waiting: sending, tidying, reminding. Huey runs it.

A job carries no data: what is to be done stands in the database, so a job that is lost or runs
twice harms nothing, and the clock finds whatever a hint missed.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent.monkey
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool

from dagvandebuurt.core.redis import hasty

Work = Callable[[Flask], Any]
_jobs: dict[str, tuple[Work, dict[str, str]]] = {}
logger = logging.getLogger(__name__)


def job(name: str, **when: str) -> Callable[[Work], Work]:
    """Sign up `work(app)` under `name`, to run at crontab times (`minute="*"`) and when woken."""

    def register(work: Work) -> Work:
        _jobs[name] = (work, when)
        return work

    return register


class _Embedded(Consumer):  # type: ignore[misc]
    """A consumer that lives in a server: signals are the server's, not its own."""

    def _set_signal_handlers(self) -> None:
        return None


class Jobs:
    """The queue and, once started, its runner in this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._huey = _make_huey(app)
        self._tasks = {name: self._bind(name, work) for name, (work, _) in _jobs.items()}
        for name, (work, when) in _jobs.items():
            self._huey.periodic_task(crontab(**when), name=f"{name}_by_clock")(self._run(work))
        self._consumer: _Embedded | None = None

    def start(self) -> None:
        if isinstance(self._huey, PostgresHuey):
            self._huey.storage.initialize_schema()
        self._consumer = _Embedded(
            self._huey,
            workers=1,
            max_delay=1.0,
            worker_type="greenlet" if gevent.monkey.is_module_patched("socket") else "thread",
            check_worker_health=False,
        )
        self._consumer.start()

    def stop(self) -> None:
        if self._consumer is not None:
            self._consumer.stop()
            self._consumer = None

    @property
    def is_running(self) -> bool:
        return self._consumer is not None

    def wake(self, name: str) -> None:
        """Run `name` soon. Without a runner the clock of one that is started later finds the work."""
        if self._consumer is None:
            return
        try:
            self._tasks[name]()
        except Exception as failure:
            logger.warning("%s waits for the clock: %s", name, type(failure).__name__)

    def _bind(self, name: str, work: Work) -> Any:
        return self._huey.task(name=name)(self._run(work))

    def _run(self, work: Work) -> Callable[[], None]:
        def run() -> None:
            work(self._app)

        return run


def _make_huey(app: Flask) -> Huey:
    serializer = SignedSerializer(secret=app.config["SECRET_KEY"], salt="jobs")  # messages are pickles
    common = {"results": False, "serializer": serializer}
    if app.config["REDIS_URL"]:
        # The runner waits a second for work, so an answer may take a little longer than that.
        pool = ConnectionPool.from_url(app.config["REDIS_URL"], **hasty(3))
        return RedisHuey("dagvandebuurt", connection_pool=pool, **common)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("postgresql"):
        return PostgresHuey(
            "dagvandebuurt",
            dsn=url.replace("postgresql+psycopg://", "postgresql://"),
            create_tables=False,
            **common,
        )
    folder = Path(app.config["DATA_FOLDER"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteHuey("dagvandebuurt", filename=str(folder / "jobs.db"), **common)


def init_app(app: Flask) -> Jobs:
    """After the rooms: what signs up later is never run."""
    jobs = app.extensions["jobs"] = Jobs(app)
    return jobs
