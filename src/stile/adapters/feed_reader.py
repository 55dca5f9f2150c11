"""Reads a register that another organisation publishes: from public addresses only, and only a few megabytes.

Whoever names an address, or answers with a redirect, must not make this machine call what only it can reach (OWASP Top
10 A10:2021, server-side request forgery). So a name is resolved once, its addresses are looked at, and the very address
that was looked at is called: what the name says a moment later decides nothing. Each redirect is looked at anew.
"""

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from stile.domain.errors import CannotRead

LARGEST = 8 * 1024 * 1024
"""Bytes. The register of two thousand centres has about four million."""
TIMEOUT = httpx.Timeout(15.0, connect=10.0)
WHOLE_S = 60.0
"""Seconds for all of it: a body that trickles in ends too."""
REDIRECTS = 3
ADDRESSES = 4
"""Of one name, that are tried."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: an IPv4 address inside an IPv6 one, as are three kinds that `ipaddress` knows."""
HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "Stile register reader"}


class HttpFeedReader:
    """Implements the port `FeedReader`. Thread-safe."""

    def __init__(self, inside: Collection[str] = ()) -> None:
        """`inside`: host names inside one's own network, which may be read at private addresses and without TLS."""
        self._inside = frozenset(one.lower().rstrip(".") for one in inside)

    def read(self, url: str) -> Any:
        until = time.monotonic() + WHOLE_S
        try:
            # No proxy and no password of this machine is used; certificates are those that it trusts.
            with httpx.Client(
                verify=ssl.create_default_context(), timeout=TIMEOUT, trust_env=False, follow_redirects=False
            ) as client:
                body = self._body(client, url, until)
        except httpx.HTTPError as error:
            raise CannotRead(f"{_host(url)} could not be read: {_why(error)}.") from None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise CannotRead(f"{_host(url)} did not answer with JSON.") from None

    def _body(self, client: httpx.Client, url: str, until: float) -> bytes:
        for _ in range(REDIRECTS + 1):
            with self._called(client, url) as answer:
                if not answer.is_redirect:
                    return _checked(answer, _host(url), until)
                url = urljoin(url, answer.headers.get("location", ""))
        raise CannotRead(f"{_host(url)} sends us on and on.")

    @contextmanager
    def _called(self, client: httpx.Client, url: str) -> Iterator[httpx.Response]:
        """The answer of an address that was looked at; its certificate must be that of the name."""
        parts = _split(url)
        host = parts.hostname or ""
        is_inside = host.lower().rstrip(".") in self._inside
        if parts.scheme != "https" and not (is_inside and parts.scheme == "http"):
            raise CannotRead(f"{host}: only https is read.")
        answer = _first_that_answers(client, parts, _addresses(parts, is_inside))
        try:
            yield answer
        finally:
            answer.close()


def _first_that_answers(client: httpx.Client, parts: SplitResult, addresses: Sequence[str]) -> httpx.Response:
    """A machine without IPv6 cannot reach the address that is often named first."""
    port = f":{parts.port}" if parts.port else ""
    last: httpx.ConnectError | None = None
    for address in addresses[:ADDRESSES]:
        at = f"[{address}]" if ":" in address else address
        asked = client.build_request(
            "GET",
            parts._replace(netloc=f"{at}{port}", fragment="").geturl(),
            headers={**HEADERS, "host": f"{parts.hostname}{port}"},
            extensions={"sni_hostname": parts.hostname},
        )
        try:
            return client.send(asked, stream=True)
        except httpx.ConnectError as error:
            last = error
    assert last is not None
    raise last


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0  # reading the port raises where it is none
    except ValueError:
        named = False
    if not named or parts.username or parts.password:
        raise CannotRead("That is no address of a published register.")
    return parts


def _addresses(parts: SplitResult, is_inside: bool) -> Sequence[str]:
    """Those of the name, all of them looked at."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotRead(f"{host} is not known.") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not is_inside and not all(_is_public(one) for one in addresses):
        raise CannotRead(
            f"{host} is not a public address. If it is one of yours, name it in the setting `feeds_inside`."
        )
    return addresses


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        carried = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in NAT64:
            carried = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = carried or ip
    return ip.is_global and not ip.is_multicast


def _checked(answer: httpx.Response, host: str, until: float) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise CannotRead(f"{host} answered {answer.status_code}.")
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise CannotRead(f"{host} answered in an encoding that was not asked for.")
    body = bytearray()
    for part in answer.iter_raw():
        body += part
        if len(body) > LARGEST:
            raise CannotRead(f"{host} answered with more than {LARGEST // 1024 // 1024} MiB.")
        if time.monotonic() > until:
            raise CannotRead(f"{host} took more than {WHOLE_S:g} seconds.")
    return bytes(body)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"


def _why(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "it took too long"
    if isinstance(error, httpx.ConnectError):
        return "no connection, or its certificate is not that of the name"
    return "it broke off"
