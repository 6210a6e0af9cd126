"""Prometheus metrics of this service. Names are listed in docs/metrics.md."""

import shutil
from dataclasses import dataclass
from datetime import datetime

import redis
from flask import current_app
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core import metrics as processes
from dagvandebuurt.core.db import db
from dagvandebuurt.core.redis import short_timeouts
from dagvandebuurt.parts.jobs.models import JobRun
from dagvandebuurt.parts.mail.models import Mail, MailStatus

# What every process reads alike from the database and the machine: over several, take the maximum.
SHARED = {
    "dvb_mail_waiting": "Mails in the outbox that still have to go",
    "dvb_mail_refused": "Mails the other side refused for ever",
    "dvb_mail_set_aside": "Mails that a restore set aside until somebody decides",
    "dvb_mail_oldest_seconds": "How long the mail that waits longest is due; 0: none is",
    "dvb_jobs_idle_seconds": "Since any job last ran to its end, in whichever process; -1: never",
    "dvb_jobs_failures": "Pieces of jobs that raised, ever, in whichever process",
    "dvb_job_ran_timestamp_seconds": "When each job last ran to its end (Unix time); 0: never",
    "dvb_disk_free_bytes": "Free where DATA_FOLDER is",
    "dvb_redis_up": "1 when Redis answers; only with REDIS_URL",
}
METRICS = SHARED | {
    family.name + ("_total" if family.type == "counter" else ""): family.documentation
    for family in processes.REGISTRY.collect()
}
REDIS_SECONDS = 0.5


@dataclass(frozen=True)
class Readings:
    """What every process of an installation reads alike."""

    mail_waiting: int
    mail_refused: int
    mail_set_aside: int
    mail_oldest_seconds: float
    jobs_idle_seconds: float | None
    jobs_failures: int
    jobs: dict[str, datetime | None]
    disk_free_bytes: int
    redis_is_up: bool | None


def read() -> Readings:
    """Ask the database, the disk and Redis. Needs an app context."""
    jobs = current_app.extensions["jobs"]
    now = clock.now()
    oldest = db.session.scalar(
        select(func.min(Mail.due_at)).where(Mail.status == MailStatus.WAITING, Mail.due_at <= now)
    )
    return Readings(
        mail_waiting=_mails(MailStatus.WAITING),
        mail_refused=_mails(MailStatus.REFUSED),
        mail_set_aside=_mails(MailStatus.SET_ASIDE),
        mail_oldest_seconds=(now - oldest).total_seconds() if oldest else 0.0,
        jobs_idle_seconds=jobs.idle_seconds(),
        jobs_failures=jobs.failures(),
        jobs={row.name: row.ran_at for row in db.session.execute(select(JobRun.name, JobRun.ran_at))},
        disk_free_bytes=shutil.disk_usage(current_app.config["DATA_FOLDER"]).free,
        redis_is_up=redis_answers(),
    )


def redis_answers() -> bool | None:
    """Return whether Redis answers; None where none is configured."""
    url = current_app.config["REDIS_URL"]
    if not url:
        return None
    try:
        with redis.Redis.from_url(url, **short_timeouts(REDIS_SECONDS)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def collect() -> bytes:
    """Return the current values in Prometheus' text format: those of all processes of this service."""
    current_app.extensions["live"].measure()
    return processes.exposition() + _shared(read())


def _shared(found: Readings) -> bytes:
    registry = CollectorRegistry()
    values = {
        "dvb_mail_waiting": found.mail_waiting,
        "dvb_mail_refused": found.mail_refused,
        "dvb_mail_set_aside": found.mail_set_aside,
        "dvb_mail_oldest_seconds": found.mail_oldest_seconds,
        "dvb_jobs_idle_seconds": -1 if found.jobs_idle_seconds is None else found.jobs_idle_seconds,
        "dvb_jobs_failures": found.jobs_failures,
        "dvb_disk_free_bytes": found.disk_free_bytes,
    }
    if found.redis_is_up is not None:
        values["dvb_redis_up"] = int(found.redis_is_up)
    for name, value in values.items():
        Gauge(name, SHARED[name], registry=registry).set(value)
    ran = "dvb_job_ran_timestamp_seconds"
    gauge = Gauge(ran, SHARED[ran], ["name"], registry=registry)
    for job, at in found.jobs.items():
        gauge.labels(job).set(at.timestamp() if at else 0)
    return generate_latest(registry)


def _mails(status: MailStatus) -> int:
    return db.session.scalar(select(func.count()).select_from(Mail).where(Mail.status == status)) or 0
