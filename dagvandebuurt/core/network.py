"""The network a request comes from: what a rate limit counts where nobody is logged in.

An IPv4 address is one line, often of a whole building. An IPv6 line gets a /64 at least (RFC 6177), with
more addresses than anybody can count, so a limit on full addresses would be no limit at all.
"""

from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import Flask, current_app, request

LINE = 64  # bits of an IPv6 address that one line has in common
UNKNOWN = "unknown"  # a Unix socket, or a name where an address should stand


def network_of(address: str | None) -> str:
    """The IPv4 address, or the IPv6 /64, that `address` belongs to; UNKNOWN for what is no address.

    IPv4 in an IPv6 coat (`::ffff:192.0.2.1`, as a listener on both families sees it) is IPv4.
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
    """The network of the present request: the key of every limit on what strangers may try.

    Behind a proxy this is the visitor's only if TRUSTED_PROXIES says so; see `proxy_is_forgotten`.
    """
    return f"network {network_of(request.remote_addr)}"


def init_app(app: Flask) -> None:
    """Notice proxies that nobody told us of."""
    if not app.config["TRUSTED_PROXIES"]:
        app.before_request(_notice_proxy)


def proxy_is_forgotten() -> bool:
    """Whether a proxy in front adds X-Forwarded-For while TRUSTED_PROXIES is 0.

    Then everybody seems to come from the proxy's own address, and all strangers share one limit.
    """
    return "proxy_noticed_at" in current_app.extensions


def _notice_proxy() -> None:
    if "HTTP_X_FORWARDED_FOR" not in request.environ or "proxy_noticed_at" in current_app.extensions:
        return
    try:
        peer = ip_address(request.remote_addr or "")
    except ValueError:
        return
    # A stranger can send this header as well, but not from an address of our own network.
    if peer.is_private:
        current_app.extensions["proxy_noticed_at"] = datetime.now(UTC)
        current_app.logger.warning(
            "X-Forwarded-For arrives and TRUSTED_PROXIES is 0: everybody counts as one address. "
            "Set TRUSTED_PROXIES to the number of proxies in front."
        )
