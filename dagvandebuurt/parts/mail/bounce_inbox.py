"""Mailbox in which bounces arrive, read over IMAP: `imaps://user:password@host/Folder`, or `imap://…` with
STARTTLS. The password is never sent unencrypted."""

import imaplib
import ssl
from contextlib import suppress
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from dagvandebuurt.parts.mail.delivery_reports import MOST_BYTES

SECONDS = 30.0  # longest wait for a reply


class InboxClosed(Exception):
    """The mailbox cannot be read now. The message holds no password."""


class Inbox:
    """Open mailbox. Each method raises InboxClosed."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "imaps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (993 if self._secure else 143)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._server: imaplib.IMAP4 | None = None
        self._may_expunge = False

    def __enter__(self) -> Self:
        try:
            self._open(ssl.create_default_context())
        except (OSError, imaplib.IMAP4.error) as failure:
            self._close()
            raise InboxClosed(type(failure).__name__) from None
        except InboxClosed:
            self._close()
            raise
        return self

    def _open(self, context: ssl.SSLContext) -> None:
        if self._secure:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self._host, self._port, ssl_context=context, timeout=SECONDS
            )
        else:
            server = imaplib.IMAP4(self._host, self._port, timeout=SECONDS)
        self._server = server
        if not self._secure:
            if "STARTTLS" not in server.capabilities:
                raise InboxClosed("the mail server offers no STARTTLS: use imaps://")
            server.starttls(context)
        server.login(self._user, self._password)
        # Without UIDPLUS (RFC 4315) it would also delete what others marked.
        self._may_expunge = b"UIDPLUS" in b" ".join(self._do("capability")).upper().split()
        self._do("select", _quoted(self._folder))

    def __exit__(self, *_: object) -> None:
        self._close()

    def unread(self, most: int) -> list[str]:
        """Return the UIDs of the oldest unread messages, at most so many."""
        [found] = self._do("uid", "SEARCH", "UNSEEN", "UNDELETED")[:1] or [b""]
        return (found or b"").decode().split()[:most]

    def fetch(self, uid: str) -> bytes:
        """Return the beginning of a message, without marking it as read."""
        for part in self._do("uid", "FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""

    def done(self, uid: str, *, delete: bool) -> None:
        """Mark a message as read, and delete it for good if asked to."""
        flags = "(\\Seen \\Deleted)" if delete else "(\\Seen)"
        self._do("uid", "STORE", uid, "+FLAGS.SILENT", flags)
        if delete and self._may_expunge:
            self._do("uid", "EXPUNGE", uid)

    def _do(self, command: str, *arguments: str) -> list[Any]:
        assert self._server is not None
        try:
            said, answer = getattr(self._server, command)(*arguments)
        except (OSError, imaplib.IMAP4.error) as failure:
            raise InboxClosed(type(failure).__name__) from None
        if said != "OK":
            raise InboxClosed(f"the server refused {arguments[0] if command == 'uid' else command}")
        return list(answer or [])

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()
            with suppress(OSError):
                server.shutdown()


def _quoted(folder: str) -> str:
    """Quote the name of a folder (RFC 3501). Raises InboxClosed for one that is no name."""
    if not folder.isascii() or not folder.isprintable():
        raise InboxClosed("the folder in MAIL_BOUNCE_INBOX is not ASCII")
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
