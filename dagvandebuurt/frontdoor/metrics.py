"""Prometheus metrics of this process. Names are listed in docs/metrics.md."""

from flask import current_app
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.live.runtime import live
from dagvandebuurt.parts.mail.models import Mail, MailStatus

METRICS = {
    "dvb_live_sockets": "Sockets connected to this process",
    "dvb_live_rooms": "Live rooms with somebody listening in this process",
    "dvb_live_snapshots_made": "Room snapshots read from the database since the start",
    "dvb_live_hints_heard": "Hints heard from other processes since the start",
    "dvb_mail_waiting": "Mails in the outbox that still have to go",
    "dvb_mail_refused": "Mails the other side refused for ever",
    "dvb_jobs_running": "1 where this process runs the jobs",
    "dvb_jobs_idle_seconds": "Since any job last ran to its end, in whichever process; -1: never",
    "dvb_jobs_failures": "Pieces of jobs that raised, ever, in whichever process",
}


def collect() -> bytes:
    """Return the current values in Prometheus' text format."""
    core = live()
    jobs = current_app.extensions["jobs"]
    idle = jobs.idle_seconds()
    values = {
        "dvb_live_sockets": len(core.listeners),
        "dvb_live_rooms": len(core.listeners.rooms()),
        "dvb_live_snapshots_made": core.snapshots.made,
        "dvb_live_hints_heard": core.hints.heard,
        "dvb_mail_waiting": _mails(MailStatus.WAITING),
        "dvb_mail_refused": _mails(MailStatus.REFUSED),
        "dvb_jobs_running": int(jobs.is_running),
        "dvb_jobs_idle_seconds": -1 if idle is None else idle,
        "dvb_jobs_failures": jobs.failures(),
    }
    registry = CollectorRegistry()
    for name, meaning in METRICS.items():
        Gauge(name, meaning, registry=registry).set(values[name])
    return generate_latest(registry)


def _mails(status: MailStatus) -> int:
    return db.session.scalar(select(func.count()).select_from(Mail).where(Mail.status == status)) or 0
