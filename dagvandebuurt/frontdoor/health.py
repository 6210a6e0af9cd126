"""Health checks: liveness, readiness, and warnings for the operator."""

import resource
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core import backup_mark, clock, network
from dagvandebuurt.core.db import db
from dagvandebuurt.core.hosts import LOOPBACK
from dagvandebuurt.frontdoor import releases
from dagvandebuurt.frontdoor.metrics import redis_answers
from dagvandebuurt.parts import keys
from dagvandebuurt.parts.files import store
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.parts.mail.transports import NoEncryption

FEW_FILES = 4096
SHORT_KEY = 32


def problems() -> list[str]:
    """Return why this process is not ready. Empty is good. Sentences without details of the machine."""
    found = []
    try:
        version = releases.database_version()
    except Exception:
        db.session.rollback()
        return ["database"]
    if not releases.works_with(version):
        found.append("migrations")
    if not current_app.extensions["write_probe"].works():
        found.append("writing")
    if not keys.belong():
        found.append("keys")
    jobs = current_app.extensions["jobs"]
    if (jobs.is_watching or not current_app.testing) and jobs.are_dead():
        found.append("jobs")
    return found


def warnings() -> list[str]:
    """Return what works but needs attention: a sentence each, for the operator. Empty is good."""
    found = []
    if network.proxy_is_forgotten():
        found.append(
            "X-Forwarded-For arrives and TRUSTED_PROXIES is 0: all strangers share one rate limit. "
            "Set TRUSTED_PROXIES to the number of proxies in front."
        )
    files = open_files()
    if files < FEW_FILES:
        found.append(
            f"This process may open {files} files and every visitor is one: raise the hard limit "
            "(LimitNOFILE in systemd, ulimit -Hn)."
        )
    if _belongs_to_a_newer_release():
        found.append(
            "The database belongs to a newer release that only added to it: this one works on. Finish the "
            "upgrade."
        )
    if redis_answers() is False:
        found.append(
            "Redis does not answer at REDIS_URL: every process counts rate limits for itself, and changes of "
            "other processes come a second later. Mail and all else go on."
        )
    if _mail_awaits_encryption():
        found.append("SMTP_URL names a user and the server offers no STARTTLS: mail waits. Use smtps://.")
    public = urlsplit(current_app.config["PUBLIC_URL"])
    if public.scheme != "https" and public.hostname not in LOOPBACK and not current_app.config["DEMO"]:
        found.append(
            "PUBLIC_URL is not https: cookies are not Secure and everybody in between can read along."
        )
    if len(current_app.config["SECRET_KEY"]) < SHORT_KEY:
        found.append(f"SECRET_KEY has fewer than {SHORT_KEY} characters: make a new one.")
    if current_app.config["WORKERS"] > 1 and not current_app.config["REDIS_URL"]:
        found.append("WORKERS is above 1 without REDIS_URL: every process counts rate limits for itself.")
    backed_up_at = backup_mark.read(Path(current_app.config["DATA_FOLDER"]))
    if backed_up_at is not None and backup_mark.is_late(backed_up_at, clock.now()):
        found.append(
            f"The last backup is of {backed_up_at:%Y-%m-%d %H:%M} UTC: look why no newer one was made."
        )
    if said := store().noted:  # not asked here: a store that hangs must not make this service unready
        found.append(f"Pictures: {said} Pages go on without them, and none can be added.")
    if not current_app.config["SMTP_URL"] and not current_app.config["DEMO"]:
        found.append("SMTP_URL is not set: no mail is sent, all of it waits.")
    return found


def open_files() -> int:
    """Return the limit on open files (sockets, database and all else) of this process."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _belongs_to_a_newer_release() -> bool:
    try:
        version = releases.database_version()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return version is not None and releases.is_unknown_migration(version) and releases.works_with(version)


def _mail_awaits_encryption() -> bool:
    try:
        waits = select(Mail.id).where(
            Mail.status == MailStatus.WAITING, Mail.last_error == NoEncryption.__name__
        )
        return db.session.scalar(waits.limit(1)) is not None
    except SQLAlchemyError:
        db.session.rollback()
        return False
