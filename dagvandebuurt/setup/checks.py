"""What is wrong with an installation, in sentences: `dagvandebuurt check`.

Each check is a function of an app context that yields problems (it will not work) and warnings (it works, and
not as well as it should). None of them changes anything, but for the test mail that was asked for.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path

from flask import current_app
from sqlalchemy import exists, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core import pseudonyms, running
from dagvandebuurt.core.db import db, read_only
from dagvandebuurt.frontdoor import health, releases
from dagvandebuurt.parts import keys
from dagvandebuurt.parts.branding.mailbox import NOT_SET, sending_mailbox
from dagvandebuurt.parts.files import store
from dagvandebuurt.parts.mail.bounce_inbox import Inbox, InboxClosed
from dagvandebuurt.parts.mail.transports import RefusedForEver, Unreachable, transport_of
from dagvandebuurt.people.models import Person, Role, RoleGrant
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.setup import mail_dns

MOST_CLOCK_SECONDS = 60
LEAST_DISK = 500_000_000  # bytes


@dataclass(frozen=True)
class Finding:
    """One sentence. `is_problem` false: only a warning. `is_expected` in a set-up, which mends it itself."""

    sentence: str
    is_problem: bool = True
    is_expected: bool = False


def findings() -> list[Finding]:
    """Return everything that is found, in order. Needs an app context."""
    found = list(database())
    if not any(each.is_problem for each in found):
        found += [*_clock(), *_keys(), *_people()]
    return [
        *found,
        *_folder(),
        *_files(),
        *_sender(),
        *_smtp(),
        *_bounces(),
        *_dns(),
        *(Finding(said, False) for said in health.warnings()),
    ]


def database() -> Iterator[Finding]:
    url = db.engine.url
    where = f"the database {url.render_as_string(hide_password=True)}"
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as failure:
        db.session.rollback()
        reason = str(getattr(failure, "orig", failure)).splitlines()[0]
        yield Finding(f"{where} does not answer: {reason}. Look at DATABASE_URL.")
        return
    try:
        version = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        version = None
    if version is None:
        yield Finding(f"{where} is empty. Run: dagvandebuurt migrate", is_expected=True)
    elif releases.is_unknown_migration(version) and not releases.works_with(version):
        yield Finding(f"{where} belongs to a newer release than this one ({version}). Install that release.")
    elif not releases.works_with(version):
        yield Finding(f"{where} belongs to an earlier release. Run: dagvandebuurt migrate")
    if said := read_only(current_app.config["SQLALCHEMY_DATABASE_URI"]):
        yield Finding(said)


def has_tables() -> bool:
    """Return whether anything was ever made in this database."""
    return bool(inspect(db.engine).get_table_names())


def _clock() -> Iterator[Finding]:
    if db.engine.dialect.name != "postgresql":
        return
    there = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs((datetime.now(UTC) - there).total_seconds())
    if apart > MOST_CLOCK_SECONDS:
        yield Finding(
            f"the clocks of this machine and of the database are {apart:.0f} seconds apart. Use NTP."
        )


def _keys() -> Iterator[Finding]:
    """Questions without the key of their session: another folder than the database belongs to."""
    folder = Path(current_app.config["KEY_FOLDER"])
    if not keys.belong():
        yield Finding(keys.WRONG.format(folder=folder))
        return
    asked = select(ProgrammeSession.id).where(
        exists().where(Question.session_id == ProgrammeSession.id),
        ProgrammeSession.ends_at > datetime.now(UTC),
    )
    missing = [each for each in db.session.scalars(asked) if not pseudonyms.exists(each)]
    if missing:
        yield Finding(
            f"{len(missing)} sessions have questions and no key in {folder}: these keys do not belong to this"
            " database. Put back the folder that does, or nobody finds an anonymous question again."
        )


def _people() -> Iterator[Finding]:
    admins = select(RoleGrant.person_id).join(Person).where(RoleGrant.role == Role.ADMIN)
    if db.session.scalar(admins.limit(1)) is None:
        yield Finding(
            "there is no administrator yet. Run: dagvandebuurt admin name@example.org",
            False,
            is_expected=True,
        )


def _folder() -> Iterator[Finding]:
    folder = Path(current_app.config["DATA_FOLDER"])
    if not folder.is_dir():
        yield Finding(f"DATA_FOLDER {folder} is not there yet. Run: dagvandebuurt migrate")
        return
    if said := running.unfinished(folder):
        yield Finding(said)
    yield from _set_aside()
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(f"this user may not write in DATA_FOLDER {folder}.")
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding(f"others on this machine may read DATA_FOLDER {folder}. Run: chmod 700 {folder}", False)
    free = shutil.disk_usage(folder).free
    if free < LEAST_DISK:
        yield Finding(f"only {free // 1_000_000} MB are free where DATA_FOLDER is.", False)


def _set_aside() -> Iterator[Finding]:
    from dagvandebuurt.backups import BackupProblem, kept  # which import this package

    try:
        there = kept.found(current_app.config)
    except BackupProblem:  # the database does not answer, which is said above
        return
    for each in there:
        yield Finding(
            f"{each} was set aside by a restore, with everybody in it. When all is well: dagvandebuurt remove-kept",
            False,
        )


def _files() -> Iterator[Finding]:
    """Look at the store of uploaded pictures, with a file that is written and removed again."""
    if current_app.config["FILES_URL"] and (said := store().problem(writes=True)):
        yield Finding(said)


def _sender() -> Iterator[Finding]:
    if current_app.config["SMTP_URL"] and sending_mailbox() is None:
        yield Finding(
            f"MAIL_FROM is not set, so all mail would come from {NOT_SET}, which is nobody's. Set it to"
            " Name <name@example.org>, an address that your mail server may send from."
        )


def _smtp() -> Iterator[Finding]:
    if not current_app.config["SMTP_URL"]:
        return
    transport = transport_of(current_app.config)
    try:
        if transport is not None:
            transport.connect()
    except Unreachable as failure:
        yield Finding(f"the mail server does not let us in: {failure}. {_mail_hint(failure)}")
    finally:
        if transport is not None:
            transport.close()


def _mail_hint(failure: Unreachable) -> str:
    if "CertVerification" not in str(failure):
        return "Look at SMTP_URL."
    return (
        "Its certificate is not trusted here. Is it of an authority of your own organisation? Put that one's "
        "certificate, as a .crt file, in /usr/local/share/ca-certificates and run update-ca-certificates; or let "
        "SSL_CERT_FILE name a file with it. Otherwise the name in SMTP_URL is another than in the certificate."
    )


def _bounces() -> Iterator[Finding]:
    """Open the mailbox in which mail comes back, and read nothing."""
    url = current_app.config["MAIL_BOUNCE_INBOX"]
    if not url:
        return
    try:
        with Inbox(url):
            pass
    except InboxClosed as closed:
        yield Finding(f"MAIL_BOUNCE_INBOX does not open: {closed}. What comes back is not read.", False)


def _dns() -> Iterator[Finding]:
    for sentence in mail_dns.warnings(current_app.config):
        yield Finding(sentence, False)


def send_test_mail(to: str) -> Finding | None:
    """Send one mail now, beside the outbox. Return what went wrong."""
    transport = transport_of(current_app.config)
    if transport is None:
        return Finding("SMTP_URL is not set: no mail can be sent.")
    sender = parseaddr(current_app.config["MAIL_FROM"])[1]
    message = EmailMessage()
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = to
    message["Subject"] = "Test van dagvandebuurt"
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message.set_content(
        f"Deze mail komt van {current_app.config['PUBLIC_URL']}. Lees je hem, dan werkt de mail.\n"
    )
    try:
        transport.send(sender, to, message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    except (Unreachable, RefusedForEver) as failure:
        hint = f". {_mail_hint(failure)}" if isinstance(failure, Unreachable) else ""
        return Finding(f"the test mail to {to} was not taken: {failure}{hint}")
    finally:
        transport.close()
    return None
