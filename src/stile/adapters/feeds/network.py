"""Connections to public addresses only, and none of them longer than it may take.

Whoever names an address, or answers with a redirect, must not make this machine call what only it can reach (OWASP Top
10 A10:2021, server-side request forgery). So a name is resolved here, all its addresses are looked at, and the very
address that was looked at is called: what the name says a moment later decides nothing. TLS checks the certificate
against the name as ever.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import httpcore
from httpcore import SOCKET_OPTION

from stile.domain.errors import CannotRead

CONNECT_S = 10.0
SILENCE_S = 15.0
"""Seconds without a byte."""
ADDRESSES = 4
"""Of one name, that are tried: a machine without IPv6 cannot reach the one that is often named first."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: an IPv4 address inside an IPv6 one, as are three kinds that `ipaddress` knows."""
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""RFC 4291: what is given out on the internet. Outside of it lie sites of old (fec0::/10), a network's own NAT64
(64:ff9b:1::/48) and IPv4 addresses in an older dress (::/96), which `ipaddress` calls global."""


class PublicNetwork(httpcore.NetworkBackend):
    """For one reading. `inside`: host names that may have private addresses, in lower case. `until`: when all of it
    must be over, by the monotonic clock. That each byte came in its time is not enough: a headline that trickles in
    would take years."""

    def __init__(self, inside: Collection[str], until: float) -> None:
        self._inside, self._until = inside, until
        self._real = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises CannotRead for a host that may not be called."""
        del timeout
        last: Exception | None = None
        for address in addresses(host, port, is_inside=host.lower().rstrip(".") in self._inside)[:ADDRESSES]:
            try:
                left = min(CONNECT_S, left_until(self._until))
                stream = self._real.connect_tcp(address, port, left, local_address, socket_options)
                return _InTime(stream, self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        assert last is not None
        raise last


class _InTime(httpcore.NetworkStream):
    """A connection that is over when its time is."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, min(SILENCE_S, left_until(self._until)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, min(SILENCE_S, left_until(self._until)))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        left = min(CONNECT_S, left_until(self._until))
        return _InTime(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def left_until(until: float) -> float:
    """Seconds. Raises ReadTimeout when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def addresses(host: str, port: int, *, is_inside: bool) -> Sequence[str]:
    """Those of the name. Raises CannotRead where it has none, or one that is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotRead(f"{host} is not known.") from None
    named = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not is_inside and not all(is_public(one) for one in named):
        raise CannotRead(
            f"{host} is not a public address. If it is one of yours, name it in the setting `feeds_inside`."
        )
    return named


def is_public(address: str) -> bool:
    """Also of what an IPv6 address carries: an IPv4 address inside it is where the call would end."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if carried is None and ip not in GLOBAL_UNICAST:
            return False
        ip = carried or ip
    return ip.is_global and not ip.is_multicast
