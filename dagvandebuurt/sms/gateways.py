"""SMS gateways over HTTP, behind one small interface.

Two, by their public documentation: Spryng, which the national notification service of municipalities (NotifyNL) uses, and
MessageBird (Bird). What an answer means is the same for both: only where a gateway surely took nothing is a message
tried again.
"""

import http.client
import json
import ssl
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

SECONDS = 20.0
MOST_BYTES = 65_536


class SmsRefused(Exception):
    """The gateway refuses this message: it is wrong with another try too."""


class SmsLater(Exception):
    """The gateway took nothing, and may later."""


class SmsUnreachable(SmsLater):
    """The gateway takes nothing at all now: it is away, or the settings or the balance are wrong."""


class SmsUnknown(Exception):
    """Whether the gateway took it is unknown: the line broke, it was silent, or it failed meanwhile."""


@dataclass(frozen=True)
class Report:
    """What a gateway reports later of the message with this reference."""

    reference: str
    is_delivered: bool
    is_final: bool
    code: str


@dataclass(frozen=True)
class Incoming:
    """Message from a phone."""

    number: str
    text: str


class Gateway(ABC):
    """Gateway: `send` hands a message over once, `knows` asks whether it has it, `report` reads its webhook."""

    standard: str  # the address of the API, unless SMS_URL names another

    def __init__(self, url: str, key: str, sender: str, report_url: str) -> None:
        self._url, self._key, self._sender, self._report_url = urlsplit(url), key, sender, report_url

    @abstractmethod
    def send(self, number: str, text: str, reference: str) -> None:
        """Hand a message over. Raises SmsRefused, SmsLater, SmsUnreachable and SmsUnknown."""

    @abstractmethod
    def knows(self, reference: str) -> bool | None:
        """Return whether the gateway took a message of this reference; None where it cannot say."""

    @abstractmethod
    def report(self, fields: Mapping[str, str]) -> Report | None:
        """Return what the fields of a delivery report say; None where that is nothing."""

    def incoming(self, fields: Mapping[str, str]) -> Incoming | None:
        """Return the message from a phone in these fields of a webhook, whose names are in lower case."""
        number = _first(fields, "originator", "sender", "from", "msisdn")
        text = _first(fields, "body", "payload", "message", "text")
        digits = number.removeprefix("+").removeprefix("00")
        return Incoming(f"+{digits}", text) if digits.isascii() and digits.isdigit() else None

    def _ask(self, method: str, path: str, content: Any = None) -> tuple[int, bytes]:
        """Return status and body. Raises SmsUnreachable as long as nothing was sent, then SmsUnknown."""
        host, port = str(self._url.hostname), self._url.port
        line: http.client.HTTPConnection
        if self._url.scheme == "https":
            secure = ssl.create_default_context()
            line = http.client.HTTPSConnection(host, port, timeout=SECONDS, context=secure)
        else:
            line = http.client.HTTPConnection(host, port, timeout=SECONDS)
        try:
            try:
                line.connect()
            except (OSError, http.client.HTTPException) as away:
                raise SmsUnreachable(type(away).__name__) from None
            try:
                headers = {"Accept": "application/json", "Authorization": self._authorization()}
                body = None if content is None else json.dumps(content).encode()
                if body is not None:
                    headers["Content-Type"] = "application/json"
                line.request(method, self._url.path.rstrip("/") + path, body, headers)
                answer = line.getresponse()
                return answer.status, answer.read(MOST_BYTES)
            except (OSError, http.client.HTTPException) as broken:
                raise SmsUnknown(type(broken).__name__) from None
        finally:
            line.close()

    @abstractmethod
    def _authorization(self) -> str: ...

    def _post(self, content: Any) -> None:
        status, _body = self._ask("POST", "/messages", content)
        said = f"HTTP {status}"
        if 200 <= status < 300:
            return
        if status in (429, 503):
            raise SmsLater(said)
        if status in (400, 409, 413, 415, 422):
            raise SmsRefused(said)
        if status >= 500:
            raise SmsUnknown(said)
        raise SmsUnreachable(said)  # the key, the balance or the address: all would be refused


class Spryng(Gateway):
    """Spryng, REST v1: a bearer key, and delivery reports with STATUS 10 (delivered) or 20 (not)."""

    standard = "https://rest.spryngsms.com/v1"

    def _authorization(self) -> str:
        return f"Bearer {self._key}"

    def send(self, number: str, text: str, reference: str) -> None:
        self._post(
            {
                "originator": self._sender, "recipients": [number.lstrip("+")], "body": text, "route": "business",
                "encoding": "plain", "reference": reference,
            }
        )  # fmt: skip

    def knows(self, reference: str) -> bool | None:
        try:
            status, body = self._ask("GET", f"/messages?{urlencode({'reference': reference})}")
            listed = json.loads(body)["data"] if status == 200 else None
            if not isinstance(listed, list):
                return None
            references = [each["reference"] for each in listed]
        except (SmsUnknown, SmsUnreachable, ValueError, KeyError, TypeError):
            return None
        if reference in references:
            return True
        return None if references else False  # others than the asked one: it did not look for it

    def report(self, fields: Mapping[str, str]) -> Report | None:
        status, reference = fields.get("status", ""), fields.get("reference", "")
        if status not in ("10", "20") or not reference:
            return None
        return Report(reference, status == "10", True, fields.get("reasoncode", "")[:10])


class MessageBird(Gateway):
    """MessageBird (Bird), REST: an access key, and status reports by name. It cannot be asked by reference."""

    standard = "https://rest.messagebird.com"

    def _authorization(self) -> str:
        return f"AccessKey {self._key}"

    def send(self, number: str, text: str, reference: str) -> None:
        self._post(
            {
                "originator": self._sender, "recipients": [number.lstrip("+")], "body": text, "datacoding": "plain",
                "reference": reference, "reportUrl": self._report_url,
            }
        )  # fmt: skip

    def knows(self, reference: str) -> bool | None:
        return None

    def report(self, fields: Mapping[str, str]) -> Report | None:
        status, reference = fields.get("status", ""), fields.get("reference", "")
        known = ("scheduled", "buffered", "sent", "delivered", "expired", "delivery_failed")
        if status not in known or not reference:
            return None
        is_final = status in ("delivered", "expired", "delivery_failed")
        return Report(reference, status == "delivered", is_final, fields.get("statuserrorcode", "")[:10])


GATEWAYS: dict[str, type[Gateway]] = {"spryng": Spryng, "messagebird": MessageBird}


def gateway_of(config: Mapping[str, Any]) -> Gateway | None:
    """Return the gateway of the settings; None without one."""
    kind = GATEWAYS.get(config["SMS_GATEWAY"] or "")
    if kind is None:
        return None
    report_url = f"{config['PUBLIC_URL']}/sms/{config['SMS_SECRET']}/bezorgd"
    return kind(config["SMS_URL"] or kind.standard, config["SMS_KEY"], config["SMS_FROM"], report_url)


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((fields[name].strip() for name in names if fields.get(name)), "")
