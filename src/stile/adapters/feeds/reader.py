"""Reads a published register: one JSON document of a few megabytes, by https, from public addresses (`network`)."""

import json
import ssl
import time
from collections.abc import Collection
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

from stile.adapters.feeds.network import PublicNetwork
from stile.domain.errors import CannotRead

LARGEST = 8 * 1024 * 1024
"""Bytes. The register of two thousand centres has about four million."""
WHOLE_S = 60.0
"""Seconds for all of it, redirects included."""
REDIRECTS = 3
SENT_ON = frozenset((301, 302, 303, 307, 308))
HEADERS: dict[bytes | str, bytes | str] = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "Stile register reader",
}
WENT_WRONG = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


class HttpFeedReader:
    """Implements the port `FeedReader`. Thread-safe."""

    def __init__(self, inside: Collection[str] = ()) -> None:
        """`inside`: host names inside one's own network, which may be read at private addresses and without TLS."""
        self._inside = frozenset(one.lower().rstrip(".") for one in inside)

    def read(self, url: str) -> Any:
        try:
            body = self._body(url, time.monotonic() + WHOLE_S)
        except WENT_WRONG as error:
            raise CannotRead(f"{_host(url)} could not be read: {_why(error)}.") from None
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise CannotRead(f"{_host(url)} did not answer with JSON.") from None

    def _body(self, url: str, until: float) -> bytes:
        # Whoever publishes outside sends nobody on to what is inside.
        inside = self._inside if _is_in(self._inside, url) else frozenset()
        # No proxy and no password of this machine is used; certificates are those that it trusts.
        network = PublicNetwork(inside, until)
        with httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=network
        ) as pool:
            for _ in range(REDIRECTS + 1):
                parts = _looked_at(url, inside)
                with pool.stream("GET", parts.geturl(), headers=HEADERS) as answer:
                    if answer.status not in SENT_ON:
                        return _checked(answer, parts.hostname or "")
                    url = urljoin(url, _header(answer, b"location"))
        raise CannotRead(f"{_host(url)} sends us on and on.")


def _looked_at(url: str, inside: Collection[str]) -> SplitResult:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0  # reading the port raises where it is none
    except ValueError:
        named = False
    if not named or parts.username or parts.password or not url.isascii():
        raise CannotRead("That is no address of a published register.")
    if parts.scheme != "https" and not (_is_in(inside, url) and parts.scheme == "http"):
        raise CannotRead(f"{parts.hostname}: only https is read.")
    return parts._replace(fragment="")


def _is_in(inside: Collection[str], url: str) -> bool:
    return _host(url).rstrip(".") in inside


def _checked(answer: httpcore.Response, host: str) -> bytes:
    if answer.status != 200:
        raise CannotRead(f"{host} answered {answer.status}.")
    if _header(answer, b"content-encoding") not in ("", "identity"):
        raise CannotRead(f"{host} answered in an encoding that was not asked for.")
    body = bytearray()
    for part in answer.iter_stream():
        body += part
        if len(body) > LARGEST:
            raise CannotRead(f"{host} answered with more than {LARGEST // 1024 // 1024} MiB.")
    return bytes(body)


def _header(answer: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in answer.headers if key.lower() == name), "")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"


def _why(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "it took too long"
    if isinstance(error, httpcore.ConnectError):
        return "no connection, or its certificate is not that of the name"
    return "it broke off, or does not speak HTTP"
