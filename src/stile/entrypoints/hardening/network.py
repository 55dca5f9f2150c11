"""What goes over the wire, and to whom."""

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from cryptography import x509

from stile.entrypoints.hardening.weakness import Look, Severity, Weakness

ENDS_SOON = timedelta(days=14)
CHECKED = ("verify-ca", "verify-full")


def is_this_machine(host: str | None) -> bool:
    """Whether nobody but this machine reaches it, or is reached by it."""
    if not host or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def no_tls(look: Look) -> Iterator[Weakness]:
    if not look.settings.secure:
        alone = is_this_machine(look.settings.host)
        yield Weakness(
            "tls-missing",
            Severity.NOTE if alone else Severity.SEVERE,
            "pages are served without TLS, to this machine only"
            if alone
            else "pages, passwords and faces travel unencrypted",
            "Set `tls_certificate` and `tls_key`, or `public_url` to the https address of a proxy.",
        )


def public_url_is_plain(look: Look) -> Iterator[Weakness]:
    url = urlsplit(look.settings.public_url or "")
    if url.scheme == "http" and not is_this_machine(url.hostname):
        yield Weakness(
            "public-url-plain",
            Severity.SEVERE,
            "links to members begin with http: whoever is on the line reads the token in them",
            "Set `public_url` to an https address.",
        )


def certificate_ends(look: Look) -> Iterator[Weakness]:
    path = look.settings.tls_certificate
    if path is None:
        return
    mend = "Renew it, and start `stile serve` again."
    try:
        ends = x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        yield Weakness("certificate-ends", Severity.SEVERE, f"{path} cannot be read as a certificate", mend)
        return
    if ends <= look.now + ENDS_SOON:
        over = ends <= look.now
        yield Weakness(
            "certificate-ends",
            Severity.SEVERE if over else Severity.WEAK,
            f"the TLS certificate {'ended' if over else 'ends'} on {ends.date().isoformat()}",
            mend,
        )


def database_without_tls(look: Look) -> Iterator[Weakness]:
    if look.settings.database is None:
        return
    url = urlsplit(look.settings.database)
    asked = parse_qs(url.query)
    host = url.hostname or next(iter(asked.get("host", [])), "")
    if host.startswith("/") or is_this_machine(host):
        return
    mode = next(iter(asked.get("sslmode", [])), "prefer")
    if mode not in CHECKED:
        yield Weakness(
            "database-plain",
            Severity.WEAK if mode == "require" else Severity.SEVERE,
            "the line to the database is encrypted, but nobody checks whose it is"
            if mode == "require"
            else "the line to the database may be unencrypted",
            "Add `sslmode=verify-full` to the address in `database`.",
        )


def proxies_of_everybody(look: Look) -> Iterator[Weakness]:
    everybody = {"*", "0.0.0.0/0", "::/0"}
    if everybody & set(look.settings.trusted_proxies):
        yield Weakness(
            "proxies-trusted-all",
            Severity.SEVERE,
            "any visitor may say where they call from, and so has a new address for each wrong password",
            "Name your proxies' own addresses in `trusted_proxies`.",
        )


def proxy_is_not_trusted(look: Look) -> Iterator[Weakness]:
    settings = look.settings
    behind = (settings.public_url or "").startswith("https://") and settings.tls_certificate is None
    if behind and not settings.trusted_proxies:
        yield Weakness(
            "proxy-untrusted",
            Severity.WEAK,
            "all visitors seem to call from the proxy: limits by address count them as one",
            "Set `trusted_proxies` to the proxy's address.",
        )


def mail_without_tls(look: Look) -> Iterator[Weakness]:
    settings = look.settings
    if settings.mail_host and settings.mail_security == "none" and not is_this_machine(settings.mail_host):
        yield Weakness(
            "mail-plain",
            Severity.SEVERE,
            "letters with members' links go to the mail server unencrypted",
            "Set `mail_security` to starttls or tls.",
        )


def nobody_to_report_to(look: Look) -> Iterator[Weakness]:
    if not look.settings.security_contact:
        yield Weakness(
            "security-contact-missing",
            Severity.NOTE,
            "whoever finds a weakness does not learn whom to tell",
            "Set `security_contact`, such as mailto:security@stile.example.",
        )


def doors_without_tls(look: Look) -> Iterator[Weakness]:
    for lane in look.lanes:
        url = urlsplit(lane.door)
        if url.scheme != "http" or is_this_machine(url.hostname):
            continue
        secret = bool(url.password or url.username)
        yield Weakness(
            "door-plain",
            Severity.SEVERE if secret else Severity.WEAK,
            "the relay's password goes over the wire unencrypted"
            if secret
            else "whoever is on the relay's network can open the door as well",
            "Use a relay with https, or keep it on a network of its own that only this machine is on.",
            lane.slug,
        )
