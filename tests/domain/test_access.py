"""Secrets stand only as digests; times carry their zone."""

import hashlib
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.access import Invitation, Staff, digest_of
from stile.domain.devices import Device
from stile.domain.errors import WrongValue
from stile.domain.ids import DeviceId, InvitationId
from stile.domain.roles import Role
from stile.domain.sessions import Means, Session, Stage
from tests.domain.builders import ADA, LANE, NAIVE, NOW, SHA256, STAFF, quick

SECRET = "kT3vQ0-a-token-of-256-random-bits-written-so_"
SESSION = Session(SHA256, STAFF, "csrf", NOW, NOW, NOW, NOW, Stage.WHOLE, Means.PASSWORD)
DEVICE = Device(DeviceId(UUID(int=30)), LANE, SHA256, NOW, NOW)
INVITATION = Invitation(InvitationId(UUID(int=31)), ADA, SHA256, NOW, NOW)
PERSON = Staff(STAFF, "admin", frozenset(Role), "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA")

keepers = pytest.mark.parametrize("one", [SESSION, DEVICE, INVITATION], ids=lambda one: type(one).__name__)


@keepers
@pytest.mark.parametrize("digest", [SECRET, "", SHA256[:-1], SHA256.upper(), SHA256 + "\n"], ids=len)
def test_the_secret_itself_cannot_be_kept(one: Session | Device | Invitation, digest: str) -> None:
    with pytest.raises(WrongValue, match="only as its SHA-256") as caught:
        replace(one, digest=digest)
    assert not digest or digest not in str(caught.value), "nor shown in the error"


@keepers
def test_its_digest_can(one: Session | Device | Invitation) -> None:
    assert replace(one, digest=digest_of(SECRET)).digest == digest_of(SECRET)


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (SESSION, "expires_at"),
        (DEVICE, "paired_at"),
        (DEVICE, "expires_at"),
        (INVITATION, "expires_at"),
        (INVITATION, "used_at"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_times_carry_their_zone(one: Session | Device | Invitation, field: str) -> None:
    with pytest.raises(WrongValue, match="zone"):
        replace(one, **{field: NAIVE})  # type: ignore[arg-type]


def test_what_has_not_happened_has_no_time() -> None:
    assert replace(INVITATION, used_at=None).used_at is None
    assert replace(DEVICE, paired_at=None, expires_at=None).paired_at is None


@pytest.mark.parametrize("name", ["", "  "], ids=["empty", "blank"])
def test_staff_have_names(name: str) -> None:
    with pytest.raises(WrongValue, match="has a name"):
        replace(PERSON, name=name)


@pytest.mark.parametrize(
    "kept",
    ["", "correct horse battery", "5f4dcc3b5aa765d61d8327deb882cf99", "$argon2i$v=19$x", "$2b$12$x"],
    ids=["nothing", "the password", "md5", "argon2i", "bcrypt"],
)
def test_a_password_is_kept_as_argon2id_and_in_no_other_way(kept: str) -> None:
    with pytest.raises(WrongValue, match="argon2id") as caught:
        replace(PERSON, password_hash=kept)
    assert not kept or kept not in str(caught.value)


def test_the_digest_is_sha_256_of_the_secret() -> None:
    assert digest_of(SECRET) == hashlib.sha256(SECRET.encode()).hexdigest()


@quick
@given(st.text())
def test_whatever_comes_in_as_a_token_has_a_digest(token: str) -> None:
    assert len(digest_of(token)) == 64


@pytest.mark.parametrize("token", ["\ud800", "a\udfff", "\x00"], ids=repr)
def test_half_a_character_is_a_wrong_token_and_no_failure(token: str) -> None:
    assert len(digest_of(token)) == 64
