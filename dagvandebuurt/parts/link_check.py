"""SSRF-safe link check: http(s) on default ports, public IP addresses only, redirects checked again.

An editor's address may point anywhere: at this machine, at its neighbours, at a cloud metadata service. The
name is resolved once, every address is checked, and the connection goes to the very address that was
checked, which defeats DNS rebinding.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

SECONDS = 5.0
MOST_STEPS = 3
PORTS = {"http": 80, "https": 443}
Resolve = Callable[[str, int], Sequence[str]]
Dial = Callable[[str, int, float], socket.socket]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Ranges that Python counts as global and no public name should resolve to: site-local (RFC 3879), and the
# IPv4 service continuity prefix with its neighbours (RFC 7335).
_NOT_OPEN = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("192.0.0.0/24"))


@dataclass(frozen=True)
class LinkCheck:
    """Result of a link check. `answers`: yes, no, or None where we do not ask. `told` explains it to the
    editor."""

    answers: bool | None
    told: str


def resolve(host: str, port: int) -> Sequence[str]:
    """Resolve a host name to all of its addresses."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def dial(address: str, port: int, seconds: float) -> socket.socket:
    """Connect to an IP address, never to a name."""
    return socket.create_connection((address, port), timeout=seconds)


def is_public(address: str) -> bool:
    """Return whether this is a public address, also in IPv4-mapped, NAT64 and similar notations."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(found.packed[-4:])
        if inner is not None:
            return False  # no public name resolves to such an address; it could only hide another one
    if any(found in network for network in _NOT_OPEN):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def check_link(url: str, *, resolve: Resolve = resolve, dial: Dial = dial) -> LinkCheck:
    """Request the address once, and follow at most three redirects. Never raises for what the server does."""
    for _step in range(MOST_STEPS + 1):
        target = _target(url)
        if target is None:
            return LinkCheck(None, "not_asked")
        parts, host, port = target
        try:
            addresses = resolve(host, port)
        except (OSError, UnicodeError):
            return LinkCheck(False, "no_such_name")
        if not addresses or not all(map(is_public, addresses)):
            return LinkCheck(None, "not_asked")
        try:
            status, location = _ask(parts, host, port, addresses[0], dial)
        except TimeoutError:
            return LinkCheck(False, "too_slow")
        except (OSError, http.client.HTTPException, ValueError):
            return LinkCheck(False, "no_answer")
        if status in (301, 302, 303, 307, 308) and location:
            url = urljoin(url, location)
            continue
        # Some servers refuse anything but a browser: that is an answer.
        return LinkCheck(status < 400 or status in (401, 403, 405, 429), f"status_{status}")
    return LinkCheck(False, "round_and_round")


def _target(url: str) -> tuple[SplitResult, str, int] | None:
    """Parse an address; None for another scheme or port, user info, or an unreadable address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or any(c.isspace() for c in url):
        return None
    wanted = PORTS[parts.scheme]
    return (parts, host, wanted) if port in (None, wanted) else None


class _Through(http.client.HTTPConnection):
    """HTTP over an existing connection."""

    def __init__(self, host: str, made: socket.socket) -> None:
        super().__init__(host, timeout=SECONDS)
        self.sock: Any = made

    def connect(self) -> None:
        raise OSError("only the one that was judged")


def _ask(parts: SplitResult, host: str, port: int, address: str, dial: Dial) -> tuple[int, str | None]:
    """Return (status, redirect target). Nothing of the body is read."""
    made = dial(address, port, SECONDS)
    # A socket timeout counts for each piece that comes in; this one for all of them together.
    bell = threading.Timer(2 * SECONDS, lambda: _hang_up(made))
    bell.daemon = True
    bell.start()
    try:
        made.settimeout(SECONDS)
        if parts.scheme == "https":
            made = ssl.create_default_context().wrap_socket(made, server_hostname=host)
        connection = _Through(host, made)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"User-Agent": "dagvandebuurt", "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location")
    finally:
        bell.cancel()
        made.close()


def _hang_up(made: socket.socket) -> None:
    with suppress(OSError):
        made.shutdown(socket.SHUT_RDWR)
