"""Client networks: the key of rate limits for anonymous requests.

An IPv4 address is one subscriber, often a whole building. An IPv6 subscriber gets a /64 at least (RFC 6177),
with more addresses than anybody can count, so a limit per full IPv6 address would be no limit at all.
"""

from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import Flask, current_app, request

LINE = 64  # bits of an IPv6 address that identify one subscriber
UNKNOWN = "unknown"  # a Unix socket, or a name where an address should be


def network_of(address: str | None) -> str:
    """Return the IPv4 address, or the IPv6 /64, that `address` belongs to; UNKNOWN if it is not an address.

    An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`, as a dual-stack listener sees it) counts as IPv4.
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Network((int(found) >> LINE << LINE, LINE)))
    return str(found)


def network() -> str:
    """Return the network of the current request: the key of every rate limit for anonymous visitors.

    Behind a proxy this is the visitor's only if TRUSTED_PROXIES says so; see `proxy_is_forgotten`.
    """
    return f"network {network_of(request.remote_addr)}"


def init_app(app: Flask) -> None:
    """Watch for proxies that TRUSTED_PROXIES does not count."""
    if not app.config["TRUSTED_PROXIES"]:
        app.before_request(_notice_proxy)


def proxy_is_forgotten() -> bool:
    """Return whether a proxy in front adds X-Forwarded-For while TRUSTED_PROXIES is 0.

    Then every request seems to come from the proxy's own address, and all visitors share one limit.
    """
    return "proxy_noticed_at" in current_app.extensions


def _notice_proxy() -> None:
    if "HTTP_X_FORWARDED_FOR" not in request.environ or "proxy_noticed_at" in current_app.extensions:
        return
    try:
        peer = ip_address(request.remote_addr or "")
    except ValueError:
        return
    # Anybody can send this header, but not from an address of our own network.
    if peer.is_private:
        current_app.extensions["proxy_noticed_at"] = datetime.now(UTC)
        current_app.logger.warning(
            "X-Forwarded-For arrives and TRUSTED_PROXIES is 0: everybody counts as one address. "
            "Set TRUSTED_PROXIES to the number of proxies in front."
        )
