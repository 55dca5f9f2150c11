"""Letters by way of the operator's own mail server (SMTP, RFC 5321), over TLS with a certificate that is checked.

A letter holds a person's address and often a link that opens something: no error and no log from here names either.
"""

import smtplib
import ssl
import time
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from enum import StrEnum
from pathlib import Path

from stile.domain.errors import CannotSend, NotConfigured
from stile.ports import Letter

MOST_SECONDS = 10.0
"""From the first word to the mail server to its last. A page waits meanwhile."""
NO_ADDRESS = (ValueError, MessageError, IndexError, AttributeError)
"""What the standard library raises for what strangers type where an address should be; its words quote it."""


class MailSecurity(StrEnum):
    """How the line to the mail server is kept from readers. STARTTLS refuses to go on without TLS (RFC 8314)."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Implements the port `Mail`. Thread-safe: each letter has its own connection.

    `sender`: the address that letters come from. `authorities`: a PEM file of the certificates that the mail server's
    own is checked against; by default those of the system.
    """

    host: str | None
    sender: str | None
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    authorities: Path | None = None

    @property
    def is_set_up(self) -> bool:
        return bool(self.host and self.sender)

    def send(self, letter: Letter) -> None:
        if not self.host or not self.sender:
            raise NotConfigured("There is no mail server: set mail_host and mail_from.")
        try:
            to, message = _message(letter, self.sender)
        except NO_ADDRESS:  # also what would add a header or a second reader
            raise CannotSend("The letter was not sent: the address is not one that mail can go to.") from None
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password or "")
                server.send_message(message, self.sender, [to])
        except smtplib.SMTPAuthenticationError:
            raise CannotSend("The letter was not sent: the mail server refused the login.") from None
        except smtplib.SMTPRecipientsRefused:
            raise CannotSend("The letter was not sent: the mail server refused the address.") from None
        except ssl.SSLError as error:
            raise CannotSend(
                f"The letter was not sent: no safe line to the mail server ({error.reason or 'TLS'})."
            ) from None
        except smtplib.SMTPException as error:
            kind = type(error).__name__.removeprefix("SMTP")  # its text may quote the letter
            raise CannotSend(f"The letter was not sent: the mail server did not take it ({kind}).") from None
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CannotSend(f"The letter was not sent: the mail server does not answer ({why}).") from None

    def _connect(self) -> smtplib.SMTP:
        assert self.host is not None
        assert self.sender is not None
        # Named after the sender: looking up this machine's own name can hang for as long as its DNS likes.
        named = _ascii_domain(self.sender.rpartition("@")[2])
        if self.security is MailSecurity.TLS:
            return _PunctualTls(
                self.host, self.port, named, timeout=MOST_SECONDS, context=_context(self.authorities)
            )
        server = _Punctual(self.host, self.port, named, timeout=MOST_SECONDS)
        if self.security is MailSecurity.STARTTLS:
            try:
                server.starttls(context=_context(self.authorities))
            except BaseException:
                server.close()
                raise
        return server


class _Deadline(smtplib.SMTP):
    """Without it each answer may take the whole time anew, and a page would wait for their sum."""

    until: float | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self.until is None:
            self.until = time.monotonic() + MOST_SECONDS
        if self.sock is not None:
            self.sock.settimeout(max(0.01, self.until - time.monotonic()))
        return super().getreply()


class _Punctual(_Deadline):
    pass


class _PunctualTls(_Deadline, smtplib.SMTP_SSL):
    pass


def _context(authorities: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError:
        raise NotConfigured(f"mail_authorities: {authorities} cannot be read as certificates.") from None


def _message(letter: Letter, sender: str) -> tuple[str, EmailMessage]:
    """Raises ValueError for an address that is none, or for a subject of several lines."""
    name, at, domain = letter.to.rpartition("@")
    if not at:
        raise ValueError("no address")
    to = f"{name}@{_ascii_domain(domain)}"
    message = EmailMessage()
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=_ascii_domain(sender.rpartition("@")[2]))
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer of a machine comes back
    message.set_content(letter.text)
    return to, message


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        raise ValueError("no domain") from None
