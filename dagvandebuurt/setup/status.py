"""How an installation is, for operators who have only a terminal: `dagvandebuurt status`."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core import backup_mark
from dagvandebuurt.core.db import db
from dagvandebuurt.frontdoor import metrics, releases
from dagvandebuurt.parts.files import store

BACKUPS = Path("/var/lib/dagvandebuurt-backups")
A_BACKUP = re.compile(r"dagvandebuurt-(\d{8}-\d{6})\.zip")
ASK_SECONDS = 5
LEAST_DISK = 1_000_000_000  # bytes
LATE_MAIL = 15 * 60  # seconds
LATE_JOBS = 2 * 60
A_DAY_AND_A_HALF = timedelta(hours=36)
ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - what HOST may say


@dataclass(frozen=True)
class Line:
    """One subject and how it is. `is_bad`: somebody must do something."""

    subject: str
    said: str
    is_bad: bool = False


def lines(backups: Path | None, *, now: datetime) -> list[Line]:
    """Return how everything is. Changes nothing; needs an app context."""
    found = [*_server(), *_database()]
    try:
        read = metrics.read()
    except SQLAlchemyError:
        db.session.rollback()
        return [*found, *_backup(backups, now)]
    return [
        *found, *_jobs(read, now), *_mail(read), *_disk(read), *_redis(read), *_files(),
        *_backup(backups, now)
    ]  # fmt: skip


def _server() -> Iterator[Line]:
    status, said = _ask("/readyz")
    if status is None:
        yield Line("server", f"does not answer at {_address()}: {said}", is_bad=True)
        return
    first, *more = said.splitlines() or [""]
    problems = [first, *(line for line in more if ":" not in line)]
    text = "ready" if status == 200 else f"not ready: {', '.join(problems)}"
    yield Line("server", text + _of_processes(), is_bad=status != 200)
    for line in more:
        if line.startswith("warning: "):
            yield Line("", line)


def _of_processes() -> str:
    status, said = _ask("/metrics")
    if status != 200:
        return ""
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(said)
        for sample in family.samples
        if not sample.labels
    }
    processes, memory = int(values.get("dvb_processes", 0)), values.get("dvb_memory_bytes", 0)
    people = int(values.get("dvb_live_sockets", 0))
    return f"; {processes} process{'es' * (processes != 1)}, {memory / 1e6:.0f} MB, {people} open live connections"


def _database() -> Iterator[Line]:
    kind = db.engine.dialect.name
    try:
        version = releases.database_version()
    except SQLAlchemyError as failure:
        db.session.rollback()
        yield Line(
            "database", f"{kind}: does not answer, or is empty ({type(failure).__name__})", is_bad=True
        )
        return
    if version == releases.newest_migration():
        yield Line("database", f"{kind}, of this release ({version})")
    elif releases.works_with(version):
        yield Line(
            "database", f"{kind}, of a newer release that only added to it ({version}): finish the upgrade"
        )
    elif version is not None and releases.is_unknown_migration(version):
        yield Line("database", f"{kind}, of a newer release ({version}): install that one", is_bad=True)
    else:
        yield Line(
            "database", f"{kind}, of an earlier release ({version}): dagvandebuurt migrate", is_bad=True
        )


def _jobs(read: metrics.Readings, now: datetime) -> Iterator[Line]:
    idle = read.jobs_idle_seconds
    if idle is None:
        yield Line("jobs", "none ever ran: is the server running?", is_bad=True)
        return
    failed = f"; {read.jobs_failures} pieces failed, ever" if read.jobs_failures else ""
    yield Line("jobs", f"the last ran {_ago(idle)} ago{failed}", is_bad=idle > LATE_JOBS)
    tidied = read.jobs.get("tidy")
    if tidied is None:
        yield Line("", "the retention rules were not applied yet (every night at 03:30 UTC)")
    else:
        late = now - tidied
        yield Line(
            "",
            f"the retention rules were applied {_ago(late.total_seconds())} ago",
            is_bad=late > A_DAY_AND_A_HALF,
        )


def _mail(read: metrics.Readings) -> Iterator[Line]:
    late = read.mail_oldest_seconds
    waits = f", the oldest is due since {_ago(late)}" if late else ""
    yield Line(
        "mail",
        f"{read.mail_waiting} waiting{waits}; {read.mail_refused} refused, ever",
        is_bad=late > LATE_MAIL,
    )
    if read.mail_set_aside:
        yield Line(
            "", f"{read.mail_set_aside} set aside by a restore: dagvandebuurt set-aside-mail", is_bad=True
        )


def _disk(read: metrics.Readings) -> Iterator[Line]:
    free = read.disk_free_bytes
    yield Line("disk", f"{free / 1e9:.1f} GB free where DATA_FOLDER is", is_bad=free < LEAST_DISK)


def _redis(read: metrics.Readings) -> Iterator[Line]:
    if read.redis_is_up is None:
        yield Line("redis", "none is configured")
    else:
        yield Line("redis", "answers" if read.redis_is_up else "does not answer", is_bad=not read.redis_is_up)


def _files() -> Iterator[Line]:
    if current_app.config["FILES_URL"]:
        said = store().problem()
        yield Line("files", said or "the store answers", is_bad=said is not None)


def _backup(folder: Path | None, now: datetime) -> Iterator[Line]:
    where = folder or BACKUPS
    try:
        names = sorted(path.name for path in where.iterdir() if A_BACKUP.fullmatch(path.name))
    except OSError as failure:
        made_at = backup_mark.read(Path(current_app.config["DATA_FOLDER"]))
        if folder is None and isinstance(failure, FileNotFoundError) and made_at is not None:
            said = f"made {_ago((now - made_at).total_seconds())} ago, not in {where} (look in it: --backups FOLDER)"
            yield Line("backup", said, is_bad=backup_mark.is_late(made_at, now))
        elif folder is None and isinstance(failure, FileNotFoundError):
            yield Line("backup", f"none: there is no {where} (another place: --backups FOLDER)", is_bad=True)
        else:
            yield Line("backup", f"{where} cannot be read: {failure.strerror}", is_bad=True)
        return
    if not names:
        yield Line("backup", f"none in {where}", is_bad=True)
        return
    match = A_BACKUP.fullmatch(names[-1])
    assert match is not None
    made_at = datetime.strptime(match[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    ago = _ago((now - made_at).total_seconds())
    yield Line(
        "backup", f"{names[-1]}, {ago} ago; {len(names)} kept", is_bad=backup_mark.is_late(made_at, now)
    )


def _ago(seconds: float) -> str:
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}s"
    return f"{seconds:.0f} seconds"


def _address() -> str:
    host = current_app.config["HOST"]
    host = "127.0.0.1" if host in ANY_ADDRESS else host
    return f"http://{f'[{host}]' if ':' in host else host}:{current_app.config['PORT']}"


def _ask(path: str) -> tuple[int | None, str]:
    """Return the status and what was said; no status and the reason when nothing answers."""
    token = current_app.config["METRICS_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(_address() + path, headers=headers)  # noqa: S310 - http, to ourselves
    try:
        with urllib.request.urlopen(request, timeout=ASK_SECONDS) as answer:  # noqa: S310
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(errors="replace")
    except OSError as failure:
        return None, str(getattr(failure, "reason", failure))
