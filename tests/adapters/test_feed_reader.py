"""Reading what others publish: public addresses only, whatever a name or a redirect says, and not without bounds."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stile.adapters.feeds import HttpFeedReader, network, reader
from stile.adapters.feeds.reader import LARGEST
from stile.domain.errors import CannotRead

DOCUMENT = {"format": "stile-register/1"}


class Handler(BaseHTTPRequestHandler):
    """Answers as the address says."""

    asked: list[str]

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.headers['host']}{self.path}")  # type: ignore[attr-defined]
        kind, _, rest = self.path[1:].partition("/")
        body = json.dumps(DOCUMENT).encode()
        if kind == "to":
            self.send_response(302)
            self.send_header("location", rest)
            self.end_headers()
            return
        if kind in ("slow", "trickle"):
            head = b"HTTP/1.0 200 OK\r\nx: " if kind == "slow" else b"HTTP/1.0 200 OK\r\n\r\n"
            self._drip(head)
            return
        if kind == "garbage":
            self.wfile.write(b"\x00\x01\x02 who is there\r\n\r\n")
            return
        self.send_response(404 if kind == "missing" else 200)
        if kind == "zipped":
            self.send_header("content-encoding", "gzip")
        if kind == "words":
            body = b"<html>Not a register</html>"
        if kind == "deep":
            body = b"[" * 200_000
        self.end_headers()
        try:
            if kind == "large":
                for _ in range(LARGEST // 65536 + 2):
                    self.wfile.write(b" " * 65536)
            self.wfile.write(body)
        except OSError:  # the reader hung up, as it should
            return

    def _drip(self, head: bytes) -> None:
        """For ten seconds at most, should the reader never hang up."""
        try:
            self.wfile.write(head)
            for _ in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def at(server: ThreadingHTTPServer, path: str, host: str = "127.0.0.1") -> str:
    return f"http://{host}:{server.server_address[1]}/{path}"


INSIDE = HttpFeedReader(["127.0.0.1"])


def test_a_host_inside_that_was_named_is_read(server: ThreadingHTTPServer) -> None:
    assert INSIDE.read(at(server, "register.json")) == DOCUMENT


def test_the_name_is_what_the_server_is_asked_for(server: ThreadingHTTPServer) -> None:
    assert HttpFeedReader(["LocalHost"]).read(at(server, "register.json", "localhost")) == DOCUMENT
    assert server.asked == [f"localhost:{server.server_address[1]}/register.json"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "[fec0::1]",
        "[::10.0.0.1]",
        "[64:ff9b:1::a00:1]",
        "224.0.0.1",
    ],
)
def test_an_address_that_is_not_public_is_not_called(host: str, server: ThreadingHTTPServer) -> None:
    with pytest.raises(CannotRead, match="not a public address"):
        HttpFeedReader().read(f"https://{host}:{server.server_address[1]}/register.json")
    assert server.asked == []  # type: ignore[attr-defined]


def test_a_name_of_which_one_address_is_private_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolved(*_: object, **__: object) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.216.34", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(CannotRead, match="not a public address"):
        HttpFeedReader().read("https://rebinding.example/register.json")


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    monkeypatch: pytest.MonkeyPatch, server: ThreadingHTTPServer
) -> None:
    """A name that says otherwise the second time decides nothing: it is not asked a second time."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolved(host: str, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "barnstone.test" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert HttpFeedReader(["barnstone.test"]).read(at(server, "x", "barnstone.test")) == DOCUMENT
    assert asked.count("barnstone.test") == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("to/http://localhost:9/", "only https"),
        ("to/https://localhost:9/", "not a public address"),
        ("to/https://169.254.169.254/latest/meta-data", "not a public address"),
        ("to/file:///etc/passwd", "no address"),
        ("to//to//to//to//x", "on and on"),
        ("missing", "answered 404"),
        ("words", "did not answer with JSON"),
        ("deep", "did not answer with JSON"),
        ("zipped", "an encoding that was not asked for"),
        ("large", "more than 8 MiB"),
    ],
)
def test_what_is_not_taken(server: ThreadingHTTPServer, path: str, why: str) -> None:
    with pytest.raises(CannotRead, match=why):
        INSIDE.read(at(server, path))


def test_a_redirect_within_what_may_be_read_is_followed(server: ThreadingHTTPServer) -> None:
    assert INSIDE.read(at(server, "to//register.json")) == DOCUMENT


def test_whoever_publishes_outside_sends_nobody_on_to_what_is_inside(
    server: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """“localhost” plays the public host, which this test may call without TLS."""
    looked_at = reader._looked_at
    monkeypatch.setattr(network, "is_public", lambda _: True)
    monkeypatch.setattr(reader, "_looked_at", lambda url, inside: looked_at(url, {*inside, "localhost"}))
    with pytest.raises(CannotRead, match=r"127\.0\.0\.1: only https"):
        INSIDE.read(at(server, f"to/{at(server, 'register.json')}", "localhost"))
    assert len(server.asked) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    ["https://user:secret@example.org/", "ftp://example.org/", "https://", "https://example.org:99999/", "x"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CannotRead) as told:
        HttpFeedReader().read(url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("kind", ["trickle", "slow"])
def test_what_trickles_in_ends(
    kind: str, monkeypatch: pytest.MonkeyPatch, server: ThreadingHTTPServer
) -> None:
    """Each byte comes in its time, of the head (`slow`) or of the body, and all of it never would."""
    monkeypatch.setattr(reader, "WHOLE_S", 0.3)
    with pytest.raises(CannotRead, match="it took too long"):
        INSIDE.read(at(server, kind))


def test_what_does_not_speak_http(server: ThreadingHTTPServer) -> None:
    with pytest.raises(CannotRead, match="does not speak HTTP"):
        INSIDE.read(at(server, "garbage"))


def certificate(folder: Path, name: str) -> Path:
    """Key and certificate of a server called `name`, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("asked", "is_read"), [("barnstone.test", True), ("axford.test", False)])
def test_the_certificate_must_be_that_of_the_name(
    asked: str, is_read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ThreadingHTTPServer
) -> None:
    """By TLS, to an address that the name led to: what answers there must prove to be what was named."""
    pem, real = certificate(tmp_path, "barnstone.test"), socket.getaddrinfo
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(pem)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *more, **named: real("127.0.0.1", *more, **named)
    )
    url = at(server, "register.json", asked).replace("http://", "https://")
    reader = HttpFeedReader(["barnstone.test", "axford.test"])
    if is_read:
        assert reader.read(url) == DOCUMENT
    else:
        with pytest.raises(CannotRead, match="its certificate is not that of the name"):
            reader.read(url)


def test_a_server_without_the_right_certificate(server: ThreadingHTTPServer) -> None:
    with pytest.raises(CannotRead, match="no connection, or its certificate"):
        INSIDE.read(at(server, "x").replace("http://", "https://"))
