"""What a visitor is counted under: one who has a whole network of addresses of their own is one visitor."""

import ipaddress

from starlette.requests import HTTPConnection

NETWORK = 64
"""Bits of an IPv6 address that a line is given; the rest its holder chooses anew as often as they like (RFC 6177)."""


def whence(connection: HTTPConnection) -> str:
    """Behind a proxy it is the proxy's word, taken only from `trusted_proxies`."""
    host = connection.client.host if connection.client else "unknown"
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NETWORK), strict=False))
