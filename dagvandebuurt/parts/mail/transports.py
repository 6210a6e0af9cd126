"""Mail transports: SMTP; in the demo `/dev/mail`; else none."""

import logging
import re
import smtplib
import ssl
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

logger = logging.getLogger(__name__)
SECONDS = 15.0  # longest wait for a reply: a silent server must not hang the runner
BEFORE_DATA = 45.0  # in total, until the message itself is sent
AFTER_DATA = 60.0  # for the final reply: giving up earlier sends accepted mail twice (RFC 5321, 4.5.3.2.6)
TOO_BIG = 552
MOST_SAID = 300  # characters of an answer
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# Enhanced status codes about the mail system or the network, and not about the recipient (RFC 3463).
_OF_THE_SYSTEM = re.compile(r"\b4\.[34]\.\d")


class NotSent(Exception):
    """Mail that did not go. `said` is what the server answered, if it answered."""

    def __init__(self, reason: str = "", said: str | bytes = "") -> None:
        super().__init__(reason)
        self.said = in_one_line(said)


class RefusedForEver(NotSent):
    """Permanent refusal (SMTP 5xx about this recipient or message)."""


class Deferred(NotSent):
    """Temporary refusal (SMTP 4xx) of this recipient: its mailbox is full, or its server greylists us."""


class Busy(NotSent):
    """Temporary refusal (SMTP 4xx) that says nothing about the recipient: the next mail would fare the same."""


class Unreachable(NotSent):
    """Connection failure: the server is away, rejects us, or broke off; it says nothing about this mail."""


class NoEncryption(Unreachable):
    """SMTP_URL names a user, but the server offers no STARTTLS: the password is not sent, the mail waits.

    A server that does not offer it today may be somebody in between who took the offer out (STARTTLS
    stripping). Use smtps://, a server with STARTTLS, or an SMTP_URL without a user.
    """

    def __str__(self) -> str:
        return "NoEncryption"


def in_one_line(said: str | bytes) -> str:
    """Return what a server said as one printable line of bounded length: it is shown to people."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(_CONTROL.sub(" ", text).split())[:MOST_SAID]


class Transport(Protocol):
    @property
    def is_open(self) -> bool:
        """Return whether a connection is kept for the next message."""
        ...

    def send(self, sender: str, to: str, message: bytes) -> None:
        """Hand over one message. Raises NotSent."""
        ...

    def connect(self) -> None:
        """Connect and log in, without sending. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Close the connection: no more mail for now."""
        ...


class StoredTransport:
    """Demo transport: a mail counts as delivered once it is stored, where `/dev/mail` shows it."""

    is_open = False

    def send(self, sender: str, to: str, message: bytes) -> None:
        return None

    def connect(self) -> None:
        return None

    def close(self) -> None:
        return None


class OnlyTo:
    """Transport of a rehearsal: mail to the crew goes, all other is stored and counts as sent."""

    def __init__(self, mailboxes: Collection[str], transport: Transport) -> None:
        self._mailboxes, self._transport = mailboxes, transport

    @property
    def is_open(self) -> bool:
        return self._transport.is_open

    def send(self, sender: str, to: str, message: bytes) -> None:
        if to.strip().lower() in self._mailboxes:
            self._transport.send(sender, to, message)

    def connect(self) -> None:
        self._transport.connect()

    def close(self) -> None:
        self._transport.close()


class _Bounded(smtplib.SMTP):
    """SMTP client with a time limit per reply and per message."""

    ends = float("inf")
    patience = SECONDS

    def begin(self) -> None:
        """Start the clock for the next message."""
        self.ends, self.patience = time.monotonic() + BEFORE_DATA, SECONDS

    def getreply(self) -> tuple[int, bytes]:
        left = min(self.patience, self.ends - time.monotonic())
        if left <= 0:
            raise TimeoutError
        if self.sock is not None:
            self.sock.settimeout(left)
        return super().getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.ends, self.patience = time.monotonic() + AFTER_DATA, AFTER_DATA
        return super().data(msg)


class _BoundedSsl(_Bounded, smtplib.SMTP_SSL):
    pass


class Smtp:
    """`smtp://` with STARTTLS where the server offers it, or `smtps://`.

    With a user: only over one of these, else `send` raises NoEncryption before the password is sent. One
    connection for many mails.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._server: _Bounded | None = None

    def send(self, sender: str, to: str, message: bytes) -> None:
        server = self._connected()
        utf8 = () if message[: message.find(b"\r\n\r\n")].isascii() else ("SMTPUTF8", "BODY=8BITMIME")
        if utf8 and not server.has_extn("smtputf8"):
            raise RefusedForEver("the server takes no address like this")
        try:
            server.sendmail(sender, [to], message, mail_options=utf8)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            self._judge(code, said, refused, is_about_recipient=True)
        except smtplib.SMTPSenderRefused as refused:
            # It is about us and not about the recipient: the next one would fare the same.
            code = refused.smtp_code if refused.smtp_code == TOO_BIG else 421
            self._judge(code, refused.smtp_error, refused)
        except smtplib.SMTPResponseException as answer:
            self._judge(answer.smtp_code, answer.smtp_error, answer)
        except (OSError, smtplib.SMTPException) as broken:
            self.close()
            raise Unreachable(type(broken).__name__) from None

    @property
    def is_open(self) -> bool:
        """Return whether a connection is kept for the next message."""
        return self._server is not None

    def connect(self) -> None:
        """Connect and log in, without sending. Raises Unreachable."""
        self._connected()

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.patience = 1.0
                server.quit()
            server.close()

    def _judge(
        self, code: int, said: str | bytes, refused: Exception, *, is_about_recipient: bool = False
    ) -> None:
        answer = f"{code} {in_one_line(said)}"
        if code == 421:
            self.close()
            raise Unreachable(type(refused).__name__, answer) from None
        if code >= 500:
            raise RefusedForEver(f"{code}", answer) from None
        kind = Deferred if is_about_recipient and not _OF_THE_SYSTEM.search(answer) else Busy
        raise kind(f"{code}", answer) from None

    def _connected(self) -> _Bounded:
        """Return the open connection if it still responds, else a new one. Raises Unreachable."""
        if self._server is not None:
            self._server.begin()
            with suppress(OSError, smtplib.SMTPException):
                if self._server.noop()[0] == 250:
                    return self._server
            self.close()
        try:
            self._server = self._connect()
        except (OSError, smtplib.SMTPException) as failure:
            code = getattr(failure, "smtp_code", "")
            said = f"{code} {in_one_line(getattr(failure, 'smtp_error', ''))}"
            raise Unreachable(f"{type(failure).__name__} {code}".strip(), said) from None
        return self._server

    def _connect(self) -> _Bounded:
        context = ssl.create_default_context()
        server: _Bounded = (
            _BoundedSsl(timeout=SECONDS, context=context) if self._secure else _Bounded(timeout=SECONDS)
        )
        server.begin()
        server._host = self._host  # type: ignore[attr-defined]  # whose certificate it must be
        try:
            code, said = server.connect(self._host, self._port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, said)
            server.ehlo_or_helo_if_needed()
            if not self._secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            elif self._user and not self._secure:
                logger.error("SMTP_URL names a user and the server offers no STARTTLS: use smtps://")
                raise NoEncryption
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def transport_of(config: Mapping[str, Any]) -> Transport | None:
    """Return the transport of the settings. None: mail cannot be sent, so none is marked as sent."""
    if config["SMTP_URL"]:
        smtp = Smtp(config["SMTP_URL"])
        return smtp if config["MAIL_ONLY_TO"] is None else OnlyTo(config["MAIL_ONLY_TO"], smtp)
    return StoredTransport() if config["DEMO"] else None
