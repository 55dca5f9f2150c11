"""Law 2 at rest: sealed bytes open with their own key, member and pack, unchanged, and in no other way."""

import base64
import os
import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from stile.adapters.vault import FileVault
from stile.domain.errors import CannotDecrypt, NotConfigured
from stile.domain.faces import Template
from stile.domain.ids import MemberId, PackId

PACK = PackId("dlib")
SITE_KEY = bytes(range(32))
VAULT = FileVault(SITE_KEY)
MEMBER = MemberId(uuid7())
KEY = VAULT.new_key(MEMBER)


def template(seed: int = 0, dimensions: int = 128, pack: PackId = PACK) -> Template:
    vector = np.random.default_rng(seed).standard_normal(dimensions)
    return Template((vector / np.linalg.norm(vector)).astype(np.float32), pack)


SEALED = VAULT.seal(MEMBER, KEY, template())


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 600), st.text(min_size=1, max_size=20))
def test_what_is_sealed_opens_bit_for_bit(seed: int, dimensions: int, pack: str) -> None:
    made = template(seed, dimensions, PackId(pack))
    opened = VAULT.open(MEMBER, KEY, VAULT.seal(MEMBER, KEY, made), PackId(pack))
    assert opened.vector.tobytes() == made.vector.tobytes()
    assert opened.vector.dtype == np.float32
    assert opened.pack == pack


def test_it_opens_in_another_process_with_the_same_site_key() -> None:
    assert np.array_equal(FileVault(SITE_KEY).open(MEMBER, KEY, SEALED, PACK).vector, template().vector)


def changed(data: bytes, place: int, by: int) -> bytes:
    place %= len(data)
    return data[:place] + bytes([data[place] ^ by]) + data[place + 1 :]


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, by: int) -> None:
    with pytest.raises(CannotDecrypt):
        VAULT.open(MEMBER, KEY, changed(SEALED, place, by), PACK)
    with pytest.raises(CannotDecrypt):
        VAULT.open(MEMBER, changed(KEY, place, by), SEALED, PACK)


@settings(deadline=None)
@given(st.integers(0, 600))
def test_what_is_cut_short_does_not_open(length: int) -> None:
    for key, sealed in (
        (KEY, SEALED[: min(length, len(SEALED) - 1)]),
        (KEY[: min(length, len(KEY) - 1)], SEALED),
    ):
        with pytest.raises(CannotDecrypt):
            VAULT.open(MEMBER, key, sealed, PACK)


def test_another_members_key_does_not_open_it() -> None:
    other = MemberId(uuid7())
    theirs = VAULT.new_key(other)
    for member, key in ((MEMBER, theirs), (other, theirs), (other, KEY), (MEMBER, VAULT.new_key(MEMBER))):
        with pytest.raises(CannotDecrypt):
            VAULT.open(member, key, SEALED, PACK)
    with pytest.raises(CannotDecrypt):
        VAULT.seal(other, KEY, template())


def test_another_pack_or_site_does_not_open_it() -> None:
    with pytest.raises(CannotDecrypt):
        VAULT.open(MEMBER, KEY, SEALED, PackId("sface"))
    with pytest.raises(CannotDecrypt):
        FileVault(bytes(32)).open(MEMBER, KEY, SEALED, PACK)
    with pytest.raises(CannotDecrypt):
        FileVault(bytes(32)).seal(MEMBER, KEY, template())


def test_a_key_is_no_template_and_a_template_no_key() -> None:
    with pytest.raises(CannotDecrypt):
        VAULT.open(MEMBER, KEY, KEY, PACK)
    with pytest.raises(CannotDecrypt):
        VAULT.open(MEMBER, SEALED, SEALED, PACK)


def test_nothing_is_sealed_twice_alike() -> None:
    assert VAULT.new_key(MEMBER) != VAULT.new_key(MEMBER)
    again = VAULT.seal(MEMBER, KEY, template())
    assert again[1:13] != SEALED[1:13]
    assert again != SEALED


def test_neither_key_nor_template_shows_in_what_is_stored() -> None:
    assert template().vector.tobytes()[:16] not in SEALED
    assert SITE_KEY[:8] not in KEY
    assert SEALED[:1] == KEY[:1] == b"\x01"


def test_a_vault_shows_and_gives_nothing_away(tmp_path: Path) -> None:
    assert repr(VAULT) == str(VAULT) == "<FileVault>"
    with pytest.raises(TypeError):
        pickle.dumps(VAULT)
    for raised in (_error(SEALED[:5]), _error(changed(SEALED, 50, 1))):
        assert SITE_KEY.hex()[:8] not in raised
        assert SEALED.hex()[:8] not in raised


def _error(sealed: bytes) -> str:
    with pytest.raises(CannotDecrypt) as raised:
        VAULT.open(MEMBER, KEY, sealed, PACK)
    return repr(raised.value)


# --- the site key ---


def test_a_new_site_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys" / "site.key"
    old = os.umask(0)
    try:
        key = FileVault.load_or_create(path).new_key(MEMBER)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(path.read_bytes()) == 32
    assert [one.name for one in path.parent.iterdir()] == ["site.key"]
    again = FileVault.load_or_create(path)
    assert again.open(MEMBER, key, again.seal(MEMBER, key, template()), PACK).pack == PACK


def test_all_who_come_at_once_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "site.key"
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: FileVault.load_or_create(path), range(16)))
    key = vaults[0].new_key(MEMBER)
    sealed = vaults[0].seal(MEMBER, key, template())
    assert all(vault.open(MEMBER, key, sealed, PACK).pack == PACK for vault in vaults)
    assert [one.name for one in tmp_path.iterdir()] == ["site.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "site.key"
    FileVault.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(NotConfigured, match="chmod 600") as refused:
        FileVault.load_or_create(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)], ids=["empty", "short", "long"])
def test_a_damaged_key_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "site.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(NotConfigured, match="damaged"):
        FileVault.load_or_create(path)
    assert path.read_bytes() == content


def test_a_missing_key_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="missing"):
        FileVault.load(tmp_path / "site.key")
    with pytest.raises(NotConfigured, match="cannot be read"):
        FileVault.load(tmp_path)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotConfigured, match="cannot be"):
        FileVault.load_or_create(tmp_path / "file" / "site.key")


def test_a_key_from_the_settings_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "site.key"
    vault = FileVault.load_or_create(path, base64.b64encode(SITE_KEY).decode() + "\n")
    assert vault.open(MEMBER, KEY, SEALED, PACK).pack == PACK
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    ["", "not base64!", base64.b64encode(bytes(31)).decode(), "c2VjcmV0"],
    ids=["empty", "no", "31", "short"],
)
def test_a_setting_that_is_no_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(NotConfigured, match="base64") as refused:
        FileVault.from_base64(text)
    assert not text or text not in str(refused.value)
    assert refused.value.__suppress_context__


# --- small secrets ---


def test_a_small_secret_opens_for_its_kind_and_its_owner_only() -> None:
    vault, owner = FileVault(bytes(32)), uuid7()
    sealed = vault.seal_secret("code generator", owner, b"JBSWY3DPEHPK3PXP")
    assert b"JBSWY3DP" not in sealed
    assert vault.open_secret("code generator", owner, sealed) == b"JBSWY3DPEHPK3PXP"
    assert vault.seal_secret("code generator", owner, b"JBSWY3DPEHPK3PXP") != sealed
    for other, kind, whose, what in (
        (vault, "another kind", owner, sealed),
        (vault, "code generator", uuid7(), sealed),
        (FileVault(bytes(31) + b"\1"), "code generator", owner, sealed),
        (vault, "code generator", owner, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (vault, "code generator", owner, b""),
    ):
        with pytest.raises(CannotDecrypt):
            other.open_secret(kind, whose, what)
