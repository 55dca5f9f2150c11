"""A door behind a relay that is told by plain HTTP (a Shelly and the like).

Law 8: one request that lets one person in; nothing here can hold a door shut. A command is never repeated
once it may have been heard, because a door that opens twice lets in somebody who was not asked about.
"""

import ssl
from collections.abc import Generator
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final

import httpx

from stile.adapters.door.remember import Recent
from stile.adapters.door.timed import OPEN_SECONDS, TimedState
from stile.domain.door import DoorEvent, DoorState, DoorStatus
from stile.domain.errors import DoorFault, WrongValue
from stile.domain.ids import PassageId
from stile.ports import Clock

TOTAL_SECONDS: Final = 2.0
"""From the call to the confirmation (ports.Door)."""

CONNECT_SECONDS: Final = 0.9
"""So that a second attempt to connect still ends in time."""

METHODS: Final = {"": "GET", "get": "GET", "post": "POST"}


class HttpRelay:
    """Implements ports.Door. `address`: what to ask for, as http or https; `#post` at its end asks by POST, and
    `user:password@` before its host is what the relay is told when it asks for it.

    2xx is the confirmation; redirects are not followed; TLS is verified against the machine's own store.
    The relay has no sensors, so `status` says “open” for as long as such a door usually is, and “fault” from a
    command that was not confirmed until the next one that was. Raises WrongValue for an address it cannot use.
    """

    def __init__(self, address: str, clock: Clock, seconds: float = OPEN_SECONDS) -> None:
        self._url, self._method = _parsed(address)
        self._password = _Password(self._url.username, self._url.password) if self._url.username else None
        self._name = f"the relay at {self._url.netloc.decode()}"
        self._lock = Lock()
        self._timed = TimedState(clock, seconds)
        self._told: Recent[PassageId, Future[None]] = Recent()
        self._client = httpx.Client(
            transport=httpx.HTTPTransport(
                verify=ssl.create_default_context(),
                # httpx retries only what was never connected. Do not retry anywhere else: after a request was
                # sent, silence does not mean that the door stayed shut.
                retries=1,
                # A connection kept from the last opening may be dead, and one finds out only by sending.
                limits=httpx.Limits(max_keepalive_connections=0),
            ),
            timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,  # a command to a door goes through nobody's proxy
        )

    def open(self, passage: PassageId) -> None:
        deadline = monotonic() + TOTAL_SECONDS
        with self._lock:
            answer = self._told.get(passage)
            if answer is None:
                answer = Future()
                self._told.put(passage, answer)
                # In a thread of its own: a name that does not resolve, or headers that come a byte at a time,
                # outlast every timeout that httpx has, and the person at the lane is told after two seconds.
                Thread(target=self._tell, args=(passage, answer, deadline), daemon=True).start()
        try:
            answer.result(timeout=deadline - monotonic())
        except TimeoutError:
            self._note(confirmed=False)
            raise DoorFault(
                f"{self._name} did not answer within {TOTAL_SECONDS:.0f} seconds; it may have opened"
            ) from None

    def status(self) -> DoorStatus:
        with self._lock:
            return self._timed.status

    def _tell(self, passage: PassageId, answer: "Future[None]", deadline: float) -> None:
        """Sends the one request and settles `answer`. Runs in its own thread."""
        try:
            self._request(deadline)
        except _NeverSent as reason:
            with self._lock:
                self._told.forget(passage)  # nobody heard it, so the same passage may be asked for again
            self._note(confirmed=False)
            answer.set_exception(DoorFault(f"{self._name} could not be told to open: {reason}"))
        except DoorFault as fault:
            self._note(confirmed=False)
            answer.set_exception(fault)
        else:
            self._note(confirmed=True)
            answer.set_result(None)

    def _request(self, deadline: float) -> None:
        def not_too_late(event: str, _details: dict[str, Any]) -> None:
            # Without this a slow name server makes the door open long after the desk was told that it did not.
            if event.endswith("send_request_headers.started") and monotonic() >= deadline:
                raise _NeverSent("connecting took too long")

        try:
            with self._client.stream(
                self._method, self._url, auth=self._password, extensions={"trace": not_too_late}
            ) as response:  # its body is not read: the status line is the confirmation
                status = response.status_code
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NeverSent(_why(error)) from None
        except httpx.TimeoutException:
            raise DoorFault(
                f"{self._name} did not answer within {TOTAL_SECONDS:.0f} seconds; it may have opened"
            ) from None
        except httpx.HTTPError:
            raise DoorFault(f"{self._name} broke off without an answer; it may have opened") from None
        if 300 <= status < 400:
            raise DoorFault(f"{self._name} answered {status}; a redirect is not followed to a door")
        if not 200 <= status < 300:
            raise DoorFault(f"{self._name} answered {status} and so did not confirm")

    def _note(self, confirmed: bool) -> None:
        with self._lock:
            faulty = self._timed.state is DoorState.FAULT
            if confirmed:
                if faulty:
                    self._timed.take(DoorEvent.MENDED)
                self._timed.take(DoorEvent.TOLD_TO_OPEN)
            elif not faulty:
                self._timed.take(DoorEvent.BROKE)


class _Password(httpx.Auth):
    """Answers a relay that asks, in the way that it asks: Digest (RFC 7616) or Basic (RFC 7617).

    The command goes out a second time only after a 401, by which the relay says that it did not obey the first.
    """

    def __init__(self, user: str, password: str) -> None:
        self._basic, self._digest = httpx.BasicAuth(user, password), httpx.DigestAuth(user, password)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        digest = self._digest.auth_flow(request)
        next(digest)
        response = yield request
        asks_for = response.headers.get("www-authenticate", "").lower()
        if response.status_code == 401 and asks_for.startswith("basic"):
            yield next(self._basic.auth_flow(request))
        elif response.status_code == 401 and asks_for.startswith("digest"):
            yield digest.send(response)


class _NeverSent(Exception):
    """The relay cannot have heard the command."""


def _parsed(address: str) -> tuple[httpx.URL, str]:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise WrongValue(f"the relay's address cannot be used: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise WrongValue("a relay's address is http:// or https:// and a host")
    if url.fragment not in METHODS:
        raise WrongValue(f"a relay's address ends in #get, #post or neither, not #{url.fragment}")
    return url.copy_with(fragment=None), METHODS[url.fragment]


def _why(error: httpx.TransportError) -> str:
    """One line that names no more than the installer needs: refused, no such name, an unknown certificate."""
    if isinstance(error, httpx.TimeoutException):
        return f"no connection within {CONNECT_SECONDS} seconds"
    return " ".join(str(error).split()) or "no connection"
