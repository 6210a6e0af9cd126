"""MIME serialisation of a mail for SMTP.

Our headers are written here and not by Python's email library, which encodes List-Unsubscribe as words that
no program understands (cpython 85725) and loses spaces of subjects (cpython 92081, 144156). Every byte is 7
bit, but for an address that cannot be (SMTPUTF8).
"""

import base64
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

import regex

from dagvandebuurt.parts.mail.models import Mail

WIDTH = 76  # of a line with encoded words (RFC 2047, 2)
WORD_BYTES = 36  # of text in one encoded word: with its delimiters and the name of its header it fits a line
LONGEST = 998  # of any line (RFC 5322, 2.1.1)
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_PLAIN = re.compile(r"[ -~]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LOCAL = re.compile(r"[^\x00-\x20\x7f-\x9f\"(),:;<>@\[\\\]\s]+")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class NoAddress(ValueError):
    """Invalid address: nothing can be sent to it, now or later."""


def address_of(text: str) -> str:
    """Return one address for the SMTP envelope, its domain in ASCII (IDNA). Raises NoAddress."""
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        raise NoAddress from None
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or ".." in local + domain:
        raise NoAddress
    return f"{local}@{domain}"


def sender_of(configured: str) -> tuple[str, str]:
    """Parse MAIL_FROM to (name, address): `Name <address>`, whatever is in the name, or an address alone."""
    name, opens, address = configured.strip().rpartition("<")
    if not opens:
        return "", address_of(configured)
    return name.strip().removeprefix('"').removesuffix('"'), address_of(address.removesuffix(">"))


def bytes_of(mail: Mail, *, sender: str, host: str, sender_name: str = "") -> bytes:
    """Serialise the whole message. The Message-ID is derived from the row: sent twice it is the same mail.
    `sender_name` replaces the name in `sender`.

    Raises ValueError for an address or header that would change its meaning (header injection).
    """
    name, address = sender_of(sender)
    lines = [
        mailbox("From", sender_name or name, address),
        mailbox("To", mail.to_name, address_of(mail.to)),
        unstructured("Subject", mail.subject),
        structured("Date", format_datetime(mail.made_at)),
        structured("Message-ID", f"<{mail.id}@{_ascii(host)}>"),
        structured("Auto-Submitted", "auto-generated"),
        structured("X-Auto-Response-Suppress", "All"),
        *(structured(header, value) for header, value in mail.headers.items()),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode() + _content(mail)


def structured(header: str, value: str) -> str:
    """Format a structured header, which programs read: on one line, never encoded words (RFC 2047, 5)."""
    line = f"{header}: {value}"
    if not _HEADER.fullmatch(header) or not _PLAIN.fullmatch(value) or len(line) > LONGEST:
        raise ValueError(f"{header} cannot be put on the wire")
    return line


def unstructured(header: str, value: str) -> str:
    """Format an unstructured header, which people read, without losing a character or space."""
    value = _CONTROL.sub(" ", value)
    if _PLAIN.fullmatch(value) and "=?" not in value:
        return _folded(f"{header}: {value}")
    return f"{header}: " + "\r\n ".join(_words(value))


def mailbox(header: str, name: str, address: str) -> str:
    """Format a name and an address: whatever is in the name, there is one recipient (RFC 5322, 3.4)."""
    name = _CONTROL.sub(" ", name).strip()
    if not name:
        return f"{header}: {address}"
    if _PLAIN.fullmatch(name) and "=?" not in name:
        shown = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        shown = "\r\n ".join(_words(name))
    gap = " " if len(header) + 2 + len(shown) + len(address) + 3 <= WIDTH else "\r\n "
    return f"{header}: {shown}{gap}<{address}>"


def _folded(line: str) -> str:
    """Fold at spaces, which are kept, so that unfolding restores the text."""
    if len(line) <= WIDTH:
        return line
    pieces, rest = [], line
    while len(rest) > WIDTH:
        at = rest.rfind(" ", 1, WIDTH)
        # Not right after the name of the header, and no line that is only spaces.
        if at < 0 or not rest[:at].strip() or rest[:at].endswith(":"):
            at = rest.find(" ", WIDTH)
        if at < 0 or not rest[at:].strip():
            break
        pieces.append(rest[:at])
        rest = rest[at:]
    return "\r\n".join([*pieces, rest])


def _words(text: str) -> list[str]:
    """Encode `text` as encoded words (RFC 2047): no character is split, and if possible no grapheme."""
    words, word = [], b""
    for cluster in regex.findall(r"\X", text):
        signs = [cluster] if len(cluster.encode()) <= WORD_BYTES else list(cluster)
        for sign in (each.encode() for each in signs):
            if len(word) + len(sign) > WORD_BYTES:
                words.append(word)
                word = b""
            word += sign
    words.append(word)
    return [f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in words]


def _content(mail: Mail) -> bytes:
    """Return the MIME part below our headers, whose headers are all plain."""
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.calendar is not None:
        _invite(message, mail.calendar, mail.calendar_method or "REQUEST")
    return message.as_bytes()


def _invite(message: EmailMessage, calendar: str, method: str) -> None:
    """Attach a calendar invitation twice: as an alternative, which most programs act on, and as a file."""
    message.add_alternative(calendar, subtype="calendar", cte="base64", params={"method": method})
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="uitnodiging.ics"
    )


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode()


def host_of(public_url: str) -> str:
    """Return the right side of a Message-ID."""
    return urlsplit(public_url).hostname or "localhost"
