"""Delivery status notifications (RFC 3464): what a mail server writes when it could not deliver a mail.

They come from strangers. Of each a bounded piece is read, and nothing in it is believed but a tag that we
signed or the random id of a mail of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from uuid import UUID

from dagvandebuurt.parts.mail.transports import in_one_line

MOST_BYTES = 256 * 1024  # of one report; the returned mail stands at its end
MOST_RECIPIENTS = 20
MOST_ADDRESSES = 20
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*<([0-9a-f-]{36})@", re.IGNORECASE | re.MULTILINE)
# Headers in which the address stands that a report was sent to.
_SENT_TO = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
# Of a mailbox that is not there, or not any more (RFC 3463): a full one or a suspected spammer is not that.
_GONE = re.compile(r"5\.(0\.0|1\.\d+|2\.1|4\.4)")


@dataclass(frozen=True)
class DeliveryReport:
    """Report about one recipient that could not be reached, or not yet."""

    recipient: str
    action: str  # failed, delayed, …
    status: str  # such as 5.1.1
    said: str

    @property
    def is_failure(self) -> bool:
        return self.action == "failed"

    @property
    def is_hard(self) -> bool:
        """Return whether this mailbox does not exist: another mail would not arrive either."""
        return self.is_failure and _GONE.fullmatch(self.status) is not None


@dataclass(frozen=True)
class Notification:
    """Notification as it was read: its reports, where it was sent to, and the mails of ours it returns."""

    reports: tuple[DeliveryReport, ...]
    sent_to: tuple[str, ...]
    returned: tuple[UUID, ...]


def read(raw: bytes) -> Notification | None:
    """Read a notification. None: this is no report by RFC 3464, such as an answer by a person."""
    raw = raw[:MOST_BYTES]
    try:
        message = message_from_bytes(raw)
        reports = tuple(_reports(message))
        sent_to = tuple(_addresses(message))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # written to confuse: nested a thousand deep, or in an encoding that does not exist
    if not reports:
        return None
    returned = tuple(_ids(raw))
    return Notification(reports, sent_to, returned)


def _reports(message: Message) -> Iterator[DeliveryReport]:
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        blocks = part.get_payload()
        for block in list(blocks)[1 : MOST_RECIPIENTS + 1]:  # the first is about the message as a whole
            if isinstance(block, Message) and block["Action"]:
                yield _report(block)
        return


def _report(block: Message) -> DeliveryReport:
    recipient = str(block["Original-Recipient"] or block["Final-Recipient"] or "")
    said = str(block["Diagnostic-Code"] or "").partition(";")[2] or str(block["Diagnostic-Code"] or "")
    status = _STATUS.search(str(block["Status"] or "")) or _STATUS.search(said)
    return DeliveryReport(
        recipient=in_one_line(recipient.rpartition(";")[2]).strip("<> "),
        action=in_one_line(str(block["Action"])).lower(),
        status=status[0] if status else "",
        said=in_one_line(said),
    )


def _addresses(message: Message) -> list[str]:
    headers = [str(value) for name in _SENT_TO for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(headers[:MOST_ADDRESSES])][:MOST_ADDRESSES]


def _ids(raw: bytes) -> Iterator[UUID]:
    for found in _MESSAGE_ID.findall(raw)[:MOST_RECIPIENTS]:
        try:
            yield UUID(found.decode())
        except ValueError:
            continue
