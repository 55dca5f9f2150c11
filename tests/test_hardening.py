"""`stile doctor --security`: for each check a site that has the weakness is told, and one that has not is not."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner

from stile.bootstrap import Site
from stile.config import Settings
from stile.domain.access import Staff, digest_of
from stile.domain.audit import Event
from stile.domain.devices import Device
from stile.domain.factors import Passkey
from stile.domain.ids import DeviceId, PasskeyId, StaffId, TokenId
from stile.domain.liveness import LivenessMode
from stile.domain.roles import Permission, Role
from stile.domain.sessions import SecondFactor
from stile.domain.tokens import Token
from stile.entrypoints.cli import app
from stile.entrypoints.hardening import (
    CHECKS,
    Severity,
    Weakness,
    files,
    keeping,
    lanes,
    network,
    people,
    weaknesses,
)
from tests.conftest import Here

DAYS = timedelta(days=1)


def first_account(bench: "Bench") -> None:
    """As `stile init` leaves it: made at the machine, with nothing done yet and no day on which it joined."""
    staff = bench.account("first", Role.RECEPTION, password_hash=None)
    with bench.here.site.store.begin() as work:
        work.staff.save(replace(staff, joined_at=None, password_hash=bench.admin.password_hash))
        work.audit.append(bench.now, Event.STAFF_CREATED, "system", str(staff.id))
        work.commit()


class Bench:
    """A site that has no weakness, and what takes one of its strengths away."""

    def __init__(self, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here, self.tmp_path, self.monkeypatch = here, tmp_path, monkeypatch
        self.data = here.site.settings.data
        self.given: dict[str, Any] = {
            "data": self.data,
            "site_key": base64.b64encode(bytes(32)).decode(),
            "public_url": "https://stile.example",
            "trusted_proxies": ("10.0.0.1",),
            "privacy_contact": "dpo@stile.example",
            "operator_address": "1 Pool Lane, Barnstone",
            "security_contact": "mailto:security@stile.example",
            "time_stamp_url": "https://tsa.example",
        }
        monkeypatch.setattr("os.geteuid", lambda: 1000)
        here.site.setup.change_lane(here.lane.id, {"liveness": LivenessMode.PASSIVE_ACTIVE})
        with here.site.store.begin() as work:
            [admin] = work.staff.all()
            work.staff.save(replace(admin, roles=frozenset((Role.MANAGER, Role.DATA_PROTECTION))))
            work.passkeys.add(self.passkey(admin.id))
            work.audit.append(self.now, Event.STAFF_SIGNED_IN, str(admin.id), str(admin.id))
            work.audit.append(self.now, Event.BACKUP_MADE, "system", "backup")
            work.commit()
        self.admin = admin

    @property
    def now(self) -> Any:
        return self.here.clock.now()

    @property
    def site(self) -> Site:
        return replace(self.here.site, settings=Settings(**self.given))

    def found(self) -> list[Weakness]:
        return list(weaknesses(self.site))

    def set(self, **given: Any) -> "Bench":
        self.given |= given
        return self

    def lane(self, **to: Any) -> "Bench":
        self.here.site.setup.change_lane(self.here.lane.id, to)
        return self

    def passkey(self, staff: StaffId) -> Passkey:
        return Passkey(PasskeyId(uuid4()), staff, uuid4().bytes, b"key", 0, "Phone", self.now)

    def loosen(self, name: str, content: str | None = None) -> "Bench":
        path = self.data / name
        if content is not None:
            path.write_text(content)
        path.chmod(0o644 if path.is_file() else 0o755)
        return self

    def wait(self, days: int) -> "Bench":
        self.here.clock.advance(days * 86400)
        return self

    def account(self, name: str, *roles: Role, **more: Any) -> Staff:
        hashed = more.pop("password_hash", self.admin.password_hash)
        staff = Staff(StaffId(uuid4()), name, frozenset(roles), hashed, self.now, **more)
        with self.here.site.store.begin() as work:
            work.staff.add(staff)
            work.commit()
        return staff

    def token(self, days: int, maker: StaffId | None = None) -> "Bench":
        permissions, maker = frozenset((Permission.SEE_MEMBERS,)), maker or self.admin.id
        made = Token(
            TokenId(uuid4()), "Till", digest_of("t"), permissions, maker, self.now, self.now + days * DAYS
        )
        with self.here.site.store.begin() as work:
            work.tokens.add(made)
            work.commit()
        return self

    def device(self) -> "Bench":
        device = Device(DeviceId(uuid4()), self.here.lane.id, digest_of("d"), self.now, None, "Tablet")
        with self.here.site.store.begin() as work:
            work.devices.add(device)
            work.commit()
        return self

    def certificate(self, days: int) -> "Bench":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stile.example")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(self.now - 400 * DAYS)
            .not_valid_after(self.now + days * DAYS)
            .sign(key, hashes.SHA256())
        )
        path = self.tmp_path / "certificate.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.set(tls_certificate=path)
        return self


@pytest.fixture
def bench(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(here, tmp_path, monkeypatch)


def test_a_site_without_a_weakness_is_told_of_none(bench: Bench) -> None:
    assert bench.found() == []


S, W, N = Severity.SEVERE, Severity.WEAK, Severity.NOTE
FAR = "postgresql+psycopg://stile@db.example/stile"

PROVIDER: dict[str, Any] = {
    "oidc_issuer": "https://login.example",
    "oidc_client_id": "stile",
    "oidc_roles": {"reception": Role.RECEPTION},
}

CASES: dict[str, tuple[str, Severity, Callable[[Bench], object]]] = {
    "no TLS": ("tls-missing", S, lambda b: b.set(public_url=None, host="0.0.0.0")),
    "no TLS, this machine only": ("tls-missing", N, lambda b: b.set(public_url=None)),
    "plain links": ("public-url-plain", S, lambda b: b.set(public_url="http://stile.example")),
    "certificate over": ("certificate-ends", S, lambda b: b.certificate(-1)),
    "certificate soon over": ("certificate-ends", W, lambda b: b.certificate(7)),
    "certificate missing": ("certificate-ends", S, lambda b: b.set(tls_certificate=b.tmp_path / "no.pem")),
    "database line": ("database-plain", S, lambda b: b.set(database=FAR)),
    "database line prefers": ("database-plain", S, lambda b: b.set(database=f"{FAR}?sslmode=prefer")),
    "database unchecked": ("database-plain", W, lambda b: b.set(database=f"{FAR}?sslmode=require")),
    "every proxy": ("proxies-trusted-all", S, lambda b: b.set(trusted_proxies=("*",))),
    "every network": ("proxies-trusted-all", S, lambda b: b.set(trusted_proxies=("10.0.0.1", "0.0.0.0/0"))),
    "no proxy": ("proxy-untrusted", W, lambda b: b.set(trusted_proxies=())),
    "plain mail": (
        "mail-plain",
        S,
        lambda b: b.set(mail_host="mail.example", mail_from="a@stile.example", mail_security="none"),
    ),
    "plain door": ("door-plain", W, lambda b: b.lane(door="http://10.0.0.9/open")),
    "plain door with a password": ("door-plain", S, lambda b: b.lane(door="http://u:p@10.0.0.9/open")),
    "no security contact": ("security-contact-missing", N, lambda b: b.set(security_contact=None)),
    "site key": ("key-readable", S, lambda b: b.loosen("site.key")),
    "TLS key": (
        "tls-key-readable",
        S,
        lambda b: (b.loosen("tls.pem", "key"), b.certificate(99), b.set(tls_key=b.data / "tls.pem")),
    ),
    "data folder": ("data-readable", S, lambda b: b.loosen(".")),
    "database file": ("database-readable", S, lambda b: b.loosen("stile.db")),
    "settings file": (
        "settings-readable",
        S,
        lambda b: b.loosen("stile.toml", 'mail_password = "x"'),
    ),
    "key place": ("key-beside-database", W, lambda b: b.set(site_key=None)),
    "backup place": ("backup-beside-database", W, lambda b: b.set(backup_folder=b.data / "backups")),
    "root": ("process-root", W, lambda b: b.monkeypatch.setattr("os.geteuid", lambda: 0)),
    "debug": ("log-debug", W, lambda b: b.set(log_level="debug")),
    "liveness off": ("liveness-off", S, lambda b: b.lane(liveness=LivenessMode.OFF)),
    "liveness passive": ("liveness-passive", W, lambda b: b.lane(liveness=LivenessMode.PASSIVE)),
    "attempts": ("attempts-many", W, lambda b: b.lane(attempts=50)),
    "rate": ("rate-high", W, lambda b: b.lane(fpir=0.05)),
    "no notice": ("face-without-notice", S, lambda b: no_notice(b)),
    "no privacy contact": ("privacy-contact-missing", W, lambda b: b.set(privacy_contact=None)),
    "no address": ("operator-address-missing", W, lambda b: b.set(operator_address=None)),
    "device unseen": ("device-unseen", W, lambda b: (b.device(), b.wait(91))),
    "one factor": ("second-factor-optional", S, lambda b: b.set(second_factor=SecondFactor.OPTIONAL)),
    "account with one factor": ("account-one-factor", W, lambda b: b.account("new", Role.RECEPTION)),
    "all roles": ("account-all-roles", W, lambda b: b.account("god", *Role, password_hash=None)),
    "account unused": (
        "account-unused",
        W,
        lambda b: (b.account("gone", Role.RECEPTION, password_hash=None), b.wait(91)),
    ),
    "long session": ("session-long", W, lambda b: b.set(session_hours=24)),
    "long idle": ("session-long", W, lambda b: b.set(session_idle_minutes=600)),
    "long at the provider": (
        "session-long-provider",
        W,
        lambda b: b.set(**PROVIDER, oidc_again_minutes=720),
    ),
    "token for a year": ("token-long", W, lambda b: b.token(365)),
    "token unused": ("token-unused", W, lambda b: (b.token(365), b.wait(200))),
    "token of a disabled account": (
        "token-stopped",
        N,
        lambda b: b.token(90, b.account("off", Role.MANAGER, disabled_at=b.now).id),
    ),
    "token of a lost role": ("token-stopped", N, lambda b: b.token(90, b.account("desk", Role.RECEPTION).id)),
    "nobody audits": ("nobody-audits", N, lambda b: only_manager(b)),
    "backup old": ("backup-old", W, lambda b: b.wait(8)),
    "checkpoint old": ("checkpoint-old", W, lambda b: b.wait(8)),
    "checkpoint inside": ("checkpoint-inside", W, lambda b: b.set(time_stamp_url=None)),
}
"""What is done to the site; which check then finds it, and how bad it is."""

NOT_WEAK: dict[str, tuple[str, Callable[[Bench], object]]] = {
    "TLS of its own": ("proxy-untrusted", lambda b: (b.set(trusted_proxies=()), b.certificate(99))),
    "certificate for long": ("certificate-ends", lambda b: b.certificate(99)),
    "plain on this machine": ("public-url-plain", lambda b: b.set(public_url="http://127.0.0.1:8000")),
    "a database socket": (
        "database-plain",
        lambda b: b.set(database="postgresql+psycopg://s@/s?host=/run/pg"),
    ),
    "a checked database": ("database-plain", lambda b: b.set(database=f"{FAR}?sslmode=verify-full")),
    "mail by TLS": ("mail-plain", lambda b: b.set(mail_host="mail.example", mail_from="a@stile.example")),
    "mail on this machine": (
        "mail-plain",
        lambda b: b.set(mail_host="127.0.0.1", mail_from="a@stile.example", mail_security="none"),
    ),
    "a door by TLS": ("door-plain", lambda b: b.lane(door="https://u:p@10.0.0.9/open")),
    "settings without a secret": (
        "settings-readable",
        lambda b: b.loosen("stile.toml", 'log_level = "info"'),
    ),
    "a lane without faces": ("liveness-off", lambda b: b.lane(liveness=LivenessMode.OFF, face_mode=False)),
    "a notice is not asked for": ("face-without-notice", lambda b: (no_notice(b), b.lane(face_mode=False))),
    "a device seen": ("device-unseen", lambda b: (b.device(), b.wait(80))),
    "the first account": ("account-unused", lambda b: first_account(b)),
    "a new account": ("account-unused", lambda b: b.account("new", Role.RECEPTION)),
    "a disabled account": (
        "account-one-factor",
        lambda b: b.account("off", Role.RECEPTION, disabled_at=b.now),
    ),
    "a token for three months": ("token-long", lambda b: b.token(90)),
    "a token that ran out": ("token-unused", lambda b: (b.token(90), b.wait(120))),
    "an hour at the provider": (
        "session-long-provider",
        lambda b: b.set(**PROVIDER),
    ),
    "no provider": ("session-long-provider", lambda b: b.set(oidc_again_minutes=720)),
    "a token of its maker": ("token-stopped", lambda b: b.token(90)),
    "backups elsewhere": ("backup-beside-database", lambda b: b.set(backup_folder=b.tmp_path / "backups")),
    "signed": ("checkpoint-old", lambda b: (b.wait(8), b.here.site.checkpoints.make())),
}


def no_notice(bench: Bench) -> Bench:
    from stile.domain.errors import NotConfigured

    class NoNotice:
        def current(self) -> None:
            raise NotConfigured("no operator")

    bench.here.site = replace(bench.here.site, notices=NoNotice())  # type: ignore[arg-type]
    return bench


def only_manager(bench: Bench) -> Bench:
    with bench.here.site.store.begin() as work:
        work.staff.save(replace(bench.admin, roles=frozenset((Role.MANAGER,))))
        work.commit()
    return bench


@pytest.mark.parametrize("case", CASES)
def test_a_site_that_has_the_weakness_is_told(bench: Bench, case: str) -> None:
    id, severity, weaken = CASES[case]
    weaken(bench)
    found = [one for one in bench.found() if one.id == id]
    assert {one.severity for one in found} == {severity}
    assert found[0].is_so
    assert found[0].mend


@pytest.mark.parametrize("case", NOT_WEAK)
def test_a_site_that_has_not_is_not(bench: Bench, case: str) -> None:
    id, change = NOT_WEAK[case]
    change(bench)
    assert id not in {one.id for one in bench.found()}


def test_every_check_has_a_case() -> None:
    """A check that nothing trips would be one that cannot fail."""
    tried = {id for id, _, _ in CASES.values()}
    modules = (files, keeping, lanes, network, people)
    written = {
        word
        for module in modules
        for word in Path(module.__file__ or "").read_text().split('"')
        if word in tried
    }
    assert written == tried
    assert len(tried) == len(CHECKS)


def test_no_secret_is_told(bench: Bench) -> None:
    bench.lane(door="http://user:s3cret@10.0.0.9/open")
    bench.set(database="postgresql+psycopg://stile:s3cret@db.example/stile", mail_password="s3cret")
    assert "s3cret" not in str(bench.found())


def test_the_severe_come_first(bench: Bench) -> None:
    bench.set(public_url=None, host="0.0.0.0", security_contact=None, log_level="debug")
    order = [one.severity for one in bench.found()]
    assert order == sorted(order, key=[S, W, N].index)
    assert order[0] is S


def test_the_doctor_says_it_and_ends_with_1_when_it_is_severe(here: Here, tmp_path: Path) -> None:
    here.site.setup.change_lane(here.lane.id, {"liveness": LivenessMode.OFF})
    told = CliRunner().invoke(app, ["doctor", "--security", "--json", "--data", str(here.site.settings.data)])
    assert told.exit_code == 1
    found = {one["id"]: one for one in json.loads(told.stdout)["weaknesses"]}
    assert found["liveness-off"]["about"] == "main"
    assert found["liveness-off"]["severity"] == "severe"
    shown = CliRunner().invoke(app, ["doctor", "--security", "--data", str(here.site.settings.data)])
    assert shown.exit_code == 1
    assert "liveness-off" in shown.stdout
