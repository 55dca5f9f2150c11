"""Letters go to a mail server that is really there, over TLS that is really checked."""

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stile.adapters import mail
from stile.adapters.mail import MailSecurity, SmtpMail
from stile.config import Settings
from stile.domain.errors import CannotSend, NotConfigured
from stile.ports import Letter

LETTER = Letter("ada@example.org", "Your link", "Good morning.\n\nhttps://stile.example/enrol/abc\n")


class Box:
    """Takes what comes. `refuses`: the address it does not know."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.secure: list[bool] = []
        self.users: list[bytes] = []
        self.refuses: str | None = None

    async def handle_RCPT(  # noqa: N802 aiosmtpd names it so
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address == self.refuses:
            return "550 no such user ada"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.secure.append(
            session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
        )
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.users.append(data.login)
        return AuthResult(success=data.password == b"open sesame", handled=False)

    def text(self) -> str:
        content = self.envelopes[-1].content
        assert isinstance(content, bytes)
        return content.decode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """For 127.0.0.1, by its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def box() -> Box:
    return Box()


Serve = Callable[[MailSecurity], SmtpMail]


@pytest.fixture
def serve(box: Box, certificate: tuple[Path, Path]) -> Iterator[Serve]:
    """Starts a mail server with this security; how to reach it."""
    running: list[Controller] = []

    def start(security: MailSecurity) -> SmtpMail:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        lines: dict[MailSecurity, dict[str, Any]] = {
            MailSecurity.NONE: {},
            MailSecurity.STARTTLS: {"tls_context": context, "require_starttls": True},
            MailSecurity.TLS: {"ssl_context": context},
        }
        more = lines[security]
        if security is not MailSecurity.NONE:
            more |= {"authenticator": box.authenticate, "auth_require_tls": security is MailSecurity.STARTTLS}
        controller = Controller(box, hostname="127.0.0.1", port=_free_port(), **more)
        controller.start()
        running.append(controller)
        return SmtpMail(
            "127.0.0.1", "stile@example.org", controller.port, security, authorities=certificate[0]
        )

    yield start
    for controller in running:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize("security", MailSecurity, ids=str)
def test_a_letter_arrives_as_it_was_written(serve: Serve, box: Box, security: MailSecurity) -> None:
    serve(security).send(LETTER)
    (envelope,) = box.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("stile@example.org", ["ada@example.org"])
    arrived = message_from_bytes(box.text().encode(), policy=default)
    assert arrived["To"] == "ada@example.org"
    assert arrived["Subject"] == "Your link"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content().replace("\r\n", "\n") == LETTER.text
    assert box.secure == [security is not MailSecurity.NONE]


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS], ids=str)
def test_it_signs_in_where_a_name_is_set(serve: Serve, box: Box, security: MailSecurity) -> None:
    server = replace(serve(security), user="stile", password="open sesame")
    server.send(LETTER)
    assert box.users == [b"stile"]
    assert len(box.envelopes) == 1


def test_a_wrong_password_is_said_and_not_shown(serve: Serve, box: Box) -> None:
    server = replace(serve(MailSecurity.TLS), user="stile", password="open barley")
    with pytest.raises(CannotSend, match="refused the login") as refused:
        server.send(LETTER)
    assert not box.envelopes
    assert "barley" not in str(refused.value) + repr(server)


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS], ids=str)
def test_a_certificate_that_nobody_vouches_for_gets_no_letter(
    serve: Serve, box: Box, security: MailSecurity
) -> None:
    with pytest.raises(CannotSend, match="no safe line"):
        replace(serve(security), authorities=None).send(LETTER)
    assert not box.envelopes


def test_a_server_without_tls_gets_no_letter_where_tls_is_asked_for(serve: Serve, box: Box) -> None:
    with pytest.raises(CannotSend):
        replace(serve(MailSecurity.NONE), security=MailSecurity.STARTTLS).send(LETTER)
    assert not box.envelopes


def test_a_refused_address_is_not_repeated(serve: Serve, box: Box) -> None:
    box.refuses = LETTER.to
    with pytest.raises(CannotSend, match="refused the address") as refused:
        serve(MailSecurity.NONE).send(LETTER)
    assert "ada" not in str(refused.value)


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, to="ada@example.org, eve@example.org"),
        replace(LETTER, to="ada@example.org\r\nBcc: eve@example.org"),
        replace(LETTER, to="nobody"),
        replace(LETTER, to="a@b.\\-=?utf-8?q?a?=1"),
        replace(LETTER, to="a@[`-{:'.cd"),
        replace(LETTER, subject="Your link\r\nBcc: eve@example.org"),
    ],
    ids=[
        *("two readers", "a header in the address", "no address", "a domain of signs", "half a literal"),
        "a header in the subject",
    ],
)
def test_a_letter_has_one_reader_and_no_headers_of_its_own(serve: Serve, box: Box, letter: Letter) -> None:
    with pytest.raises(CannotSend):
        serve(MailSecurity.NONE).send(letter)
    assert not box.envelopes


def test_a_domain_in_another_script_is_written_as_mail_writes_it(serve: Serve, box: Box) -> None:
    serve(MailSecurity.NONE).send(replace(LETTER, to="ada@bücher.example"))
    assert box.envelopes[0].rcpt_tos == ["ada@xn--bcher-kva.example"]


def test_no_server_there_is_one_line() -> None:
    with pytest.raises(CannotSend, match="does not answer"):
        SmtpMail("127.0.0.1", "stile@example.org", _free_port()).send(LETTER)


def test_a_server_that_says_nothing_does_not_hold_a_page_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_SECONDS", 0.1)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(CannotSend):
            SmtpMail("127.0.0.1", "stile@example.org", mute.getsockname()[1]).send(LETTER)


@pytest.mark.parametrize(("host", "sender"), [(None, None), ("mail.example", None), (None, "a@b.example")])
def test_without_settings_it_is_not_set_up(host: str | None, sender: str | None) -> None:
    server = SmtpMail(host, sender)
    assert not server.is_set_up
    with pytest.raises(NotConfigured, match="mail_host"):
        server.send(LETTER)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"mail_host": "mail.example"}, "mail_from"),
        ({"mail_user": "stile", "mail_security": "none"}, "mail_security"),
        ({"mail_security": "maybe"}, "starttls"),
    ],
    ids=["no sender", "a password in the clear", "no such security"],
)
def test_settings_that_would_leak_or_fail_are_refused(
    tmp_path: Path, given: dict[str, Any], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        Settings(data=tmp_path, **given)
