"""Host header validation: an unknown `Host` gets 400 (host header injection, DNS rebinding).

The name in a request ends up in redirects, in the Content-Security-Policy and in answers of the API, which
caches may keep for others; and a foreign page whose name resolves to this server would be "same origin" with
a live connection. Runs before everything else, also before WebSockets.
"""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PROBES = frozenset({"/healthz", "/readyz"})  # a load balancer's health check uses the IP address
SENTENCE = (
    "Deze site kennen we niet onder deze naam. Kijk of je het adres goed hebt getypt.\n"
    "(Unknown Host. If you run the service: set PUBLIC_URL, or name it in ALLOWED_HOSTS.)\n"
)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Hosts:
    """Allowed host names and ports of this service, built from its settings."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        public = urlsplit(str(settings["PUBLIC_URL"]))
        self._names = frozenset({(public.hostname or "").lower(), str(settings["HOST"]).lower()})
        self._names |= frozenset(settings["ALLOWED_HOSTS"])
        self._ports = frozenset({None, 80, 443, public.port, int(settings["PORT"])})
        # Without PUBLIC_URL the server is reached by IP address, which DNS cannot rebind.
        self._any_number = not settings["HAS_PUBLIC_URL"]

    def knows(self, host: str) -> bool:
        """Return whether a `Host` header is one of ours. A malformed one (spaces, paths, users) is not."""
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname, parts.port
        except ValueError:
            return False
        if not name or parts.netloc != host or "@" in host or any(sign.isspace() for sign in host):
            return False
        if name in LOOPBACK:
            return True
        return port in self._ports and (name in self._names or (self._any_number and _is_number(name)))


def _is_number(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def allowed_hosts_only(app: Wsgi, hosts: Hosts) -> Wsgi:
    """Wrap the WSGI `app` so that it answers allowed hosts only."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        # Without a Host there is the server's own name and nothing to inject (HTTP/1.0).
        if not host or hosts.knows(host) or environ.get("PATH_INFO") in PROBES:
            return app(environ, start_response)
        body = SENTENCE.encode()
        start_response(
            "400 Bad Request",
            [
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        return [body]

    return answer
