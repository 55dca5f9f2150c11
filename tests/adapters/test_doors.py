"""Doors: the simulated one against the table, the relay against a real HTTP server on this machine."""

import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.request import parse_http_list, parse_keqv_list
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.adapters.door import LaneDoors, SimulatedDoor
from stile.adapters.door.relay import HttpRelay
from stile.domain.door import TRANSITIONS, DoorEvent, DoorState
from stile.domain.errors import DoorFault, WrongValue
from stile.domain.ids import CentreId, LaneId, PassageId
from stile.domain.places import Lane
from stile.testing import FakeClock

# --- the simulated door ----------------------------------------------------------------------------------


def passage(number: int) -> PassageId:
    return PassageId(UUID(int=number))


def simulated(state: DoorState) -> SimulatedDoor:
    door = SimulatedDoor(FakeClock(), seconds=5)
    if state is DoorState.OPEN:
        door.open(passage(1))
    if state is DoorState.FAULT:
        door.breaks()
    assert door.status().state is state
    return door


def test_it_opens_for_its_seconds_and_then_shuts() -> None:
    clock = FakeClock()
    door = SimulatedDoor(clock, seconds=5)
    assert door.status().state is DoorState.SHUT
    door.open(passage(1))
    clock.advance(4.9)
    assert door.status().state is DoorState.OPEN
    clock.advance(0.2)
    assert door.status().state is DoorState.SHUT
    assert door.status().openings == 1
    assert door.status().passed == 0


def test_another_passage_keeps_it_open_for_longer() -> None:
    clock = FakeClock()
    door = SimulatedDoor(clock, seconds=5)
    door.open(passage(1))
    clock.advance(3)
    door.open(passage(2))
    clock.advance(3)
    assert door.status().state is DoorState.OPEN
    assert door.status().openings == 2


def test_the_same_passage_opens_once() -> None:
    clock = FakeClock()
    door = SimulatedDoor(clock, seconds=5)
    door.open(passage(1))
    door.open(passage(1))
    assert door.status().openings == 1
    clock.advance(6)
    door.open(passage(1))
    assert door.status().state is DoorState.SHUT
    assert door.status().openings == 1


def test_it_shuts_behind_whoever_passed() -> None:
    door = simulated(DoorState.OPEN)
    door.someone_passes()
    assert door.status().state is DoorState.SHUT
    assert door.status().passed == 1


def test_a_broken_door_says_so_and_the_passage_may_be_asked_for_again() -> None:
    door = simulated(DoorState.FAULT)
    with pytest.raises(DoorFault, match="broken"):
        door.open(passage(7))
    assert door.status().openings == 0
    door.mends()
    door.open(passage(7))
    assert door.status().state is DoorState.OPEN


@pytest.mark.parametrize("state", DoorState, ids=str)
def test_people_leave_in_every_state_and_it_changes_nothing(state: DoorState) -> None:
    door = simulated(state)
    before = door.status()
    assert door.push_from_inside()
    assert door.push_from_inside()
    assert door.let_out == 2
    assert door.status() == before


@pytest.mark.parametrize("event", [DoorEvent.SOMEONE_PASSED, DoorEvent.BROKE, DoorEvent.MENDED], ids=str)
@pytest.mark.parametrize("state", DoorState, ids=str)
def test_it_takes_the_steps_of_the_table_and_no_other(state: DoorState, event: DoorEvent) -> None:
    door = simulated(state)
    tell = {
        DoorEvent.SOMEONE_PASSED: door.someone_passes,
        DoorEvent.BROKE: door.breaks,
        DoorEvent.MENDED: door.mends,
    }[event]
    if (state, event) in TRANSITIONS:
        tell()
        assert door.status().state is TRANSITIONS[state, event]
    else:
        with pytest.raises(WrongValue):
            tell()
        assert door.status().state is state


@settings(max_examples=200)
@given(st.lists(st.sampled_from(["open", "same", "pass", "break", "mend", "wait"]), max_size=40))
def test_whatever_happens_it_lets_out_and_counts_each_passage_once(story: list[str]) -> None:
    clock = FakeClock()
    door = SimulatedDoor(clock, seconds=5)
    asked, opened = 0, set[PassageId]()
    for event in story:
        try:
            match event:
                case "open" | "same":
                    asked += event == "open"
                    door.open(passage(asked))
                    opened.add(passage(asked))
                case "pass":
                    door.someone_passes()
                case "break":
                    door.breaks()
                case "mend":
                    door.mends()
                case _:
                    clock.advance(2)
        except (DoorFault, WrongValue):
            pass
        assert door.push_from_inside()
        assert door.status().openings == len(opened)
        assert door.status().passed <= door.status().openings


# --- the relay -------------------------------------------------------------------------------------------


@dataclass
class Relay:
    """A real HTTP server that answers as it is told, and remembers what it was asked."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    address: str = ""


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Heard the command and says nothing for longer than anybody waits."""
    time.sleep(2.5)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte every fifth of a second: no single wait is ever long."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 20:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(0.2)


def endless_body(handler: BaseHTTPRequestHandler) -> None:
    """Confirms at once, then sends a body that nobody should wait for."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.2)


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    """Heard the command and broke the connection."""
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(
    answer: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None, port: int = 0
) -> Iterator[Relay]:
    relay = Relay(answer)

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            relay.asked.append((self.command, self.path, self.headers.get("Authorization")))
            try:
                relay.answer(self)
            except OSError:  # the other side hung up, which is what some of these tests are about
                self.close_connection = True

        do_GET = do_POST = handle_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that rejects our certificate hangs up in the middle of the handshake."""

    server = Server(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    relay.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield relay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def door_at(address: str, clock: FakeClock | None = None) -> HttpRelay:
    return HttpRelay(address, clock or FakeClock(), seconds=5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_2xx_confirms_and_the_door_counts_as_open_for_its_seconds() -> None:
    clock = FakeClock()
    with serving(status(200)) as relay:
        door = door_at(f"{relay.address}/relay/0?turn=on&timer=5", clock)
        door.open(passage(1))
        assert relay.asked == [("GET", "/relay/0?turn=on&timer=5", None)]
        assert door.status().state is DoorState.OPEN
        assert door.status().openings == 1
        clock.advance(5)
        assert door.status().state is DoorState.SHUT


def test_204_confirms_too() -> None:
    with serving(status(204)) as relay:
        door_at(relay.address).open(passage(1))
        assert len(relay.asked) == 1


@pytest.mark.parametrize(("ending", "method"), [("", "GET"), ("#get", "GET"), ("#post", "POST")])
def test_the_ending_of_the_address_picks_the_method(ending: str, method: str) -> None:
    with serving(status(200)) as relay:
        door_at(f"{relay.address}/open{ending}").open(passage(1))
        assert relay.asked == [(method, "/open", None)]


def basic(handler: BaseHTTPRequestHandler) -> None:
    """Obeys admin with the password “open-sesame”, and nobody else."""
    if handler.headers.get("Authorization") == "Basic YWRtaW46b3Blbi1zZXNhbWU=":
        status(200)(handler)
    else:
        status(401, **{"WWW-Authenticate": 'Basic realm="relay"'})(handler)


def digest(handler: BaseHTTPRequestHandler) -> None:
    """The same by RFC 7616 with SHA-256, as Shelly's second generation does it."""
    given = parse_keqv_list(parse_http_list(handler.headers.get("Authorization", "").removeprefix("Digest ")))
    if given:
        secret = _sha256("admin:relay:open-sesame")
        asked = _sha256(f"{handler.command}:{handler.path}")
        expected = _sha256(":".join([secret, "n1", given["nc"], given["cnonce"], "auth", asked]))
        if given["username"] == "admin" and given["response"] == expected:
            status(200)(handler)
            return
    challenge = 'Digest qop="auth", realm="relay", nonce="n1", algorithm=SHA-256'
    status(401, **{"WWW-Authenticate": challenge})(handler)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("answer", [basic, digest])
def test_a_relay_that_asks_for_a_password_is_told_it_in_its_own_way(
    answer: Callable[[BaseHTTPRequestHandler], None],
) -> None:
    with serving(answer) as relay:
        door = door_at(relay.address.replace("//", "//admin:open-sesame@") + "/rpc/Switch.Set?id=0&on=true")
        door.open(passage(1))
        assert [path for _, path, _ in relay.asked] == ["/rpc/Switch.Set?id=0&on=true"] * 2
        assert relay.asked[0][2] is None
        assert door.status().openings == 1


@pytest.mark.parametrize("answer", [basic, digest, status(401)])
@pytest.mark.parametrize("login", ["admin:wrong-word@", ""])
def test_a_wrong_password_or_none_is_a_fault_that_shows_no_password(
    answer: Callable[[BaseHTTPRequestHandler], None], login: str
) -> None:
    with serving(answer) as relay:
        door = door_at(relay.address.replace("//", f"//{login}"))
        with pytest.raises(DoorFault, match="answered 401") as fault:
            door.open(passage(1))
        assert "wrong-word" not in str(fault.value)
        assert "admin" not in str(fault.value)
        assert len(relay.asked) <= 2


def test_a_password_is_not_told_to_a_relay_that_does_not_ask() -> None:
    with serving(status(200)) as relay:
        door_at(relay.address.replace("//", "//admin:open-sesame@")).open(passage(1))
        assert relay.asked == [("GET", "/", None)]


def test_the_same_passage_is_told_once() -> None:
    with serving(status(200)) as relay:
        door = door_at(relay.address)
        door.open(passage(1))
        door.open(passage(1))
        assert len(relay.asked) == 1
        door.open(passage(2))
        assert len(relay.asked) == 2
        assert door.status().openings == 2


def test_the_same_passage_from_many_threads_is_told_once() -> None:
    with serving(status(200)) as relay:
        door = door_at(relay.address)
        threads = [threading.Thread(target=door.open, args=(passage(1),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(relay.asked) == 1
        assert door.status().openings == 1


@pytest.mark.parametrize("code", [400, 401, 404, 500, 503])
def test_anything_but_2xx_is_a_fault_and_is_not_repeated(code: int) -> None:
    with serving(status(code)) as relay:
        door = door_at(relay.address)
        with pytest.raises(DoorFault, match=f"answered {code}"):
            door.open(passage(1))
        assert len(relay.asked) == 1
        assert door.status().state is DoorState.FAULT
        assert door.status().openings == 0


def test_a_redirect_is_not_followed() -> None:
    with serving(status(200)) as elsewhere, serving(status(302, Location=elsewhere.address)) as relay:
        with pytest.raises(DoorFault, match="redirect"):
            door_at(relay.address).open(passage(1))
        assert elsewhere.asked == []


@pytest.mark.parametrize("answer", [silent, dripping])
def test_two_seconds_are_two_seconds_and_silence_is_never_repeated(
    answer: Callable[[BaseHTTPRequestHandler], None],
) -> None:
    with serving(answer) as relay:
        door = door_at(relay.address)
        started = time.monotonic()
        with pytest.raises(DoorFault, match="may have opened"):
            door.open(passage(1))
        assert 1.9 < time.monotonic() - started < 3
        with pytest.raises(DoorFault, match="may have opened"):
            door.open(passage(1))
        assert len(relay.asked) == 1
        assert door.status().state is DoorState.FAULT


def test_the_body_of_the_answer_is_not_waited_for() -> None:
    with serving(endless_body) as relay:
        started = time.monotonic()
        door_at(relay.address).open(passage(1))
        assert time.monotonic() - started < 2  # the body takes four


def test_a_connection_that_breaks_after_the_command_is_not_retried() -> None:
    with serving(cut_off) as relay:
        door = door_at(relay.address)
        with pytest.raises(DoorFault, match="may have opened"):
            door.open(passage(1))
        assert len(relay.asked) == 1


def test_it_recovers_with_the_next_passage() -> None:
    with serving(status(500)) as relay:
        door = door_at(relay.address)
        with pytest.raises(DoorFault):
            door.open(passage(1))
        relay.answer = status(200)
        door.open(passage(2))
        assert door.status().state is DoorState.OPEN
        with pytest.raises(DoorFault, match="answered 500"):
            door.open(passage(1))
        assert len(relay.asked) == 2


def test_a_refused_connection_is_a_fault_in_one_line_and_may_be_asked_again() -> None:
    port = free_port()
    door = door_at(f"http://127.0.0.1:{port}/open")
    with pytest.raises(DoorFault, match="could not be told to open") as fault:
        door.open(passage(1))
    assert "\n" not in str(fault.value)
    assert door.status().state is DoorState.FAULT
    with serving(status(200), port=port) as relay:
        door.open(passage(1))
        assert len(relay.asked) == 1
        assert door.status().state is DoorState.OPEN


def test_a_connection_that_is_never_made_is_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real connect is counted, not replaced."""
    attempts: list[object] = []
    connect = socket.create_connection

    def counted(address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        attempts.append(address)
        return connect(address, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", counted)
    port = free_port()
    with pytest.raises(DoorFault):
        door_at(f"http://127.0.0.1:{port}/open").open(passage(1))
    assert attempts == [("127.0.0.1", port)] * 2


def test_a_name_that_resolves_too_late_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person was told after two seconds; a door that opens at the third would open for whoever stands there."""
    resolve = socket.getaddrinfo
    late = threading.Event()

    def slow(*args: object, **kwargs: object) -> object:
        time.sleep(2.3)
        late.set()
        return resolve(*args, **kwargs)  # type: ignore[arg-type]

    with serving(status(200)) as relay:
        monkeypatch.setattr(socket, "getaddrinfo", slow)
        door = door_at(relay.address)
        with pytest.raises(DoorFault, match="did not answer"):
            door.open(passage(1))
        assert late.wait(2)
        time.sleep(0.3)
        assert relay.asked == []
        assert door.status().openings == 0


def test_an_unknown_certificate_is_not_trusted(tmp_path: Path) -> None:
    with serving(status(200), tls=_server_tls(tmp_path)) as relay:
        with pytest.raises(DoorFault, match="CERTIFICATE_VERIFY_FAILED"):
            door_at(relay.address).open(passage(1))
        assert relay.asked == []


def test_a_certificate_in_the_machines_store_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = _server_tls(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "relay.pem"))
    with serving(status(200), tls=tls) as relay:
        door_at(relay.address).open(passage(1))
        assert len(relay.asked) == 1


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(status(200)) as proxy, serving(status(200)) as relay:
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        monkeypatch.setenv("ALL_PROXY", proxy.address)
        door_at(relay.address).open(passage(1))
        assert proxy.asked == []
        assert len(relay.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///open", "ftp://door.example/", "http://door.example/#put", "http://door.example:no/"],
)
def test_an_address_that_cannot_be_used_is_refused_at_once(address: str) -> None:
    with pytest.raises(WrongValue):
        door_at(address)


def _server_tls(folder: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that signs itself, in `folder`/relay.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "relay.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "relay.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "relay.pem", folder / "relay.key")
    return context


# --- which lane has which --------------------------------------------------------------------------------


def lane(number: int, door: str = "sim:") -> Lane:
    return Lane(LaneId(UUID(int=number)), CentreId(UUID(int=99)), f"lane-{number}", "Main entrance", door)


def test_the_scheme_picks_the_door() -> None:
    doors = LaneDoors(FakeClock())
    assert isinstance(doors.of(lane(1)), SimulatedDoor)
    assert isinstance(doors.of(lane(2, "http://relay.example/open")), HttpRelay)
    assert isinstance(doors.of(lane(3, "https://relay.example/open")), HttpRelay)


def test_a_lane_keeps_its_door_whatever_else_is_saved_about_it() -> None:
    doors = LaneDoors(FakeClock())
    first = doors.of(lane(1))
    assert doors.of(replace(lane(1), name="Side entrance", fpir=0.01)) is first
    assert doors.of(lane(2)) is not first


def test_a_new_address_is_a_new_door() -> None:
    doors = LaneDoors(FakeClock())
    first = doors.of(lane(1))
    assert doors.of(lane(1, "http://relay.example/open")) is not first


def test_its_seconds_are_the_lanes_doors_seconds() -> None:
    clock = FakeClock()
    door = LaneDoors(clock, 2).of(lane(1))
    door.open(passage(1))
    clock.advance(2)
    assert door.status().state is DoorState.SHUT


@pytest.mark.parametrize("address", ["http://relay.example/open#patch", "https://relay.example:no/"])
def test_an_address_no_driver_can_use_is_a_door_in_fault_and_stops_nobody_else(address: str) -> None:
    doors = LaneDoors(FakeClock())
    broken = doors.of(lane(1, address))
    assert broken.status().state is DoorState.FAULT
    with pytest.raises(DoorFault, match="could not be told to open"):
        broken.open(passage(1))
    doors.of(lane(2)).open(passage(2))
    assert doors.of(lane(2)).status().state is DoorState.OPEN
