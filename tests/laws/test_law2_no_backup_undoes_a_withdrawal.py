"""Law 2: withdrawal deletes the template and destroys its key everywhere, in backups too, whenever they were made."""

import base64
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyrage
from pyrage import x25519

from stile.config import Settings
from stile.entrypoints.restoring import Wish, restore
from tests.conftest import Here

IDENTITY = x25519.Identity.generate()


def back_up(here: Here, folder: Path, name: str) -> Path:
    here.site.make_backup.make("test", folder / name, (str(IDENTITY.to_public()),))
    return folder / name


def forms_of(secret: bytes) -> Iterator[bytes]:
    """As bytes lie in a database, and as texts write them. A piece is enough: a row may lie across two pages."""
    for part in (secret, secret[:24], secret[-24:]):
        yield part
        yield part.hex().encode()
        yield base64.b64encode(part[: len(part) // 3 * 3])


def test_no_backup_holds_a_template_or_a_way_to_one(here: Here, tmp_path: Path) -> None:
    member, folder = here.enrol(1), tmp_path / "backups"
    folder.mkdir()
    with here.site.store.read() as work:
        found = work.templates.of_member(member.id, here.pool.pack)
    assert found is not None
    sealed, wrapped = found
    template = here.site.vault.open(member.id, wrapped, sealed.sealed, sealed.pack)
    secrets = (
        np.asarray(template.vector, "<f4").tobytes(),
        sealed.sealed,
        wrapped,
        (here.site.settings.data / "site.key").read_bytes(),
    )
    before = back_up(here, folder, "before.age")
    here.site.withdraw.consent_of(member.id, "test")
    back_up(here, folder, "after.age")
    # Whoever holds the private key, and the site key besides, reads this much:
    readable = [zlib.decompress(pyrage.decrypt(one.read_bytes(), [IDENTITY])) for one in folder.glob("*.age")]
    assert len(readable) == 2
    assert all(member.number.encode() in one for one in readable)
    restore(Settings(data=tmp_path / "new"), Wish(before, str(IDENTITY), None), lambda _: None)
    files = [path for path in (*folder.iterdir(), *(tmp_path / "new").iterdir()) if path.is_file()]
    for content in [*readable, *(path.read_bytes() for path in files)]:
        for secret in secrets:
            assert not any(form in content for form in forms_of(secret))
    # In the live store's files all of it is gone but the site key, which stays in its own.
    for path in here.site.settings.data.iterdir():
        if path.is_file() and path.name != "site.key":
            content = path.read_bytes()
            assert not any(form in content for secret in secrets for form in forms_of(secret)), path.name
