"""Where mail goes: to an SMTP server, or nowhere but the outbox itself."""

import logging
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from dagvandebuurt.parts.mail.models import Mail

logger = logging.getLogger(__name__)

SECONDS = 15  # a server that hangs must not hang the runner


class RefusedForEver(Exception):
    """The other side said that this will never work (SMTP 5xx)."""


class NoEncryption(Exception):
    """SMTP_URL names a user, and the server offers no STARTTLS: the password stays here, the mail waits.

    A server that does not offer it today may be somebody in between who took the offer out (STARTTLS
    stripping). Use smtps://, a server with STARTTLS, or an SMTP_URL without a user.
    """


class Transport(Protocol):
    def send(self, mail: Mail, message: EmailMessage) -> None:
        """Hand over one message. Raises RefusedForEver, or anything else for try later."""
        ...


def message_of(mail: Mail, *, sender: str, host: str) -> EmailMessage:
    """`mail` as the wire wants it. The Message-ID is made of the row: sent twice it is the same mail.

    The address becomes an Address object: a text with a comma would quietly be two recipients.
    """
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(mail.to_name, addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = mail.made_at
    message["Message-ID"] = f"<{mail.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    for header, value in mail.headers.items():
        message[header] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar is not None:
        _invite(message, mail.calendar, mail.calendar_method or "REQUEST")
    return message


def _invite(message: EmailMessage, calendar: str, method: str) -> None:
    """As another form of the same mail, which most programs act on, and as a file for the others."""
    message.add_alternative(calendar, subtype="calendar", params={"method": method})
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="uitnodiging.ics"
    )


class Kept:
    """No SMTP: the mail counts as delivered once it is in the outbox, where `/dev/mail` shows it."""

    def send(self, mail: Mail, message: EmailMessage) -> None:
        return None


class Smtp:
    """`smtp://` with STARTTLS where the server offers it, or `smtps://`. With a user: only over one of these,
    else `send` raises NoEncryption before the password is said."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def send(self, mail: Mail, message: EmailMessage) -> None:
        try:
            with self._connect() as server:
                server.send_message(message, from_addr=message["From"].addresses[0].addr_spec)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            if code >= 500:
                raise RefusedForEver(f"{code}") from None
            raise
        except smtplib.SMTPResponseException as answer:
            if answer.smtp_code >= 500:
                raise RefusedForEver(f"{answer.smtp_code}") from None
            raise

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self._user:
                server.close()
                logger.error("SMTP_URL names a user and the server offers no STARTTLS: use smtps://")
                raise NoEncryption
        if self._user:
            server.login(self._user, self._password)
        return server


def transport_of(url: str | None) -> Transport:
    """What SMTP_URL asks for."""
    return Smtp(url) if url else Kept()
