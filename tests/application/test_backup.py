"""Backups of a whole site: of one moment, without a way to a template, and who was erased stays erased."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from stile.application.backup import backups_in
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.errors import CannotDecrypt, Conflict, NotAllowed, NotConfigured, StileError, WrongValue
from stile.domain.member import Member
from stile.domain.roles import Permission, Role
from stile.entrypoints.restoring import Wish, restore
from stile.testing import FakeClock, FakeDoors, FakePool
from tests.conftest import Here

IDENTITY = x25519.Identity.generate()
OTHER = x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())


def nothing(rows: int) -> None:
    del rows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "backups"
    path.mkdir()
    return path


@pytest.fixture
def here(tmp_path: Path, folder: Path, make_here: Callable[..., Here]) -> Here:
    del folder
    return make_here()


def back_up(here: Here, folder: Path, name: str = "one.age") -> Path:
    path = folder / name
    here.site.make_backup.make("test", path, (PUBLIC,))
    return path


def restored(tmp_path: Path, file: Path, **more: object) -> Settings:
    """A new machine that has the backup's folder and nothing else."""
    settings = Settings(data=tmp_path / "new")
    wish = Wish(file, str(IDENTITY), None, **more)  # type: ignore[arg-type]
    restore(settings, wish, nothing)
    return settings


class Opened:
    """A site on the restored store."""

    def __init__(self, settings: Settings) -> None:
        self.site = open_site(settings, clock=FakeClock(), pool=FakePool(), doors=FakeDoors())

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *_: object) -> None:
        self.site.close()

    def member(self, member: Member) -> Member | None:
        with self.site.store.read() as work:
            return work.members.get(member.id)


def opened_plain(file: Path) -> bytes:
    """What the backup's holder can read in it."""
    import zlib

    return zlib.decompress(pyrage.decrypt(file.read_bytes(), [IDENTITY]))


# --- made ---


def test_a_backup_holds_the_site_and_no_template(here: Here, folder: Path) -> None:
    member = here.enrol(1)
    with here.site.store.read() as work:
        (key,) = work.templates.keys_of(member.id)
        ((sealed, _),) = list(work.templates.of_pack(here.pool.pack))
    file = back_up(here, folder)
    plain = opened_plain(file)
    assert member.number.encode() in plain
    for secret in (sealed.sealed, key, (here.site.settings.data / "site.key").read_bytes()):
        import base64

        assert secret not in plain
        assert base64.b64encode(secret) not in plain
        assert secret.hex().encode() not in plain
    for table in (b'"template"', b'"member_key"', b'"look_alike"', b'"staff_session"'):
        assert b'{"table":' + table not in plain
    assert file.stat().st_mode & 0o777 == 0o600
    assert (folder / "erasures.log").exists()


def test_a_backup_is_recorded_and_old_ones_go(
    tmp_path: Path, folder: Path, make_here: Callable[..., Here]
) -> None:
    make_here()
    settings = Settings(
        data=tmp_path / "data", backup_folder=folder, backup_recipients=(PUBLIC,), backup_keep=2
    )
    clock = FakeClock()
    site = open_site(settings, clock=clock, pool=FakePool(), doors=FakeDoors())
    (folder / "stile-notes.txt").write_text("mine")
    for _ in range(3):
        made = site.make_backup.make("test")
        clock.advance(3600)
    assert site.make_backup.all()[0].path == made.backup.path
    assert len(backups_in(folder)) == 2
    assert (folder / "stile-notes.txt").exists()
    with site.store.read() as work:
        (last,) = [entry for entry in work.audit.entries() if entry.event is Event.BACKUP_MADE][-1:]
    assert last.detail["sha256"] == made.sha256
    site.close()


def test_a_backup_is_of_one_moment_while_others_write(here: Here, folder: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    failed: list[StileError] = []

    def write() -> None:
        n = 10
        while not stop.is_set() and n < 99:
            try:
                here.add(n)  # a member, their card and an audit entry, in one transaction
            except StileError as error:
                failed.append(error)
                return
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [back_up(here, folder, f"{n}.age") for n in range(3)]
    finally:
        stop.set()
        writer.join()
    assert not failed
    restored(tmp_path, files[-1])
    with closing(sqlite3.connect(tmp_path / "new" / "stile.db")) as db:
        members = db.execute("SELECT COUNT(*) FROM member").fetchone()
        cards = db.execute("SELECT COUNT(*) FROM member_card").fetchone()
        entries = db.execute(
            "SELECT COUNT(*) FROM audit_entry WHERE event = ?", (Event.MEMBER_ADDED,)
        ).fetchone()
    assert members == cards == entries


@pytest.mark.parametrize("recipients", [(), ("age1nonsense",)])
def test_without_a_public_key_nothing_is_written(
    here: Here, folder: Path, recipients: tuple[str, ...]
) -> None:
    with pytest.raises(NotConfigured, match="public key"):
        here.site.make_backup.make("test", folder / "one.age", recipients)
    assert not list(folder.glob("*.age"))
    assert not list(folder.glob(".*.age.*"))


# --- restored ---


def test_a_new_machine_gets_the_site_back(here: Here, folder: Path, tmp_path: Path) -> None:
    member = here.enrol(1)
    here.come(1)
    with here.site.store.read() as work:
        passages, entries = work.passages.latest(), list(work.audit.entries())
    file = back_up(here, folder)
    with Opened(restored(tmp_path, file)) as new, new.site.store.read() as work:
        assert work.members.by_card("5500001") is not None
        assert work.consents.live_of(member.id) is not None
        assert work.passages.latest() == passages
        again = list(work.audit.entries())
        assert again[: len(entries)] == entries
        assert again[-1].event is Event.BACKUP_RESTORED
        assert work.templates.count(here.pool.pack) == 0
        assert new.site.verify_audit.run().findings == []
    # The consent stands, so that the member enrols again without a form; the site's rules hold as before.
    with (
        closing(sqlite3.connect(tmp_path / "new" / "stile.db")) as db,
        pytest.raises(sqlite3.Error, match="law 6"),
    ):
        db.execute("DELETE FROM passage")


def test_who_withdrew_after_the_backup_stays_withdrawn(here: Here, folder: Path, tmp_path: Path) -> None:
    member = here.enrol(1)
    file = back_up(here, folder)
    here.site.withdraw.consent_of(member.id, "test")
    back_up(here, folder, "later.age")  # only its journal is wanted: it lies beside the older backup now
    with Opened(restored(tmp_path, file)) as new, new.site.store.read() as work:
        assert work.members.get(member.id) is not None
        assert work.consents.live_of(member.id) is None
        assert Event.ERASED_AGAIN in [entry.event for entry in work.audit.entries()]


def test_who_was_erased_after_the_backup_stays_erased(here: Here, folder: Path, tmp_path: Path) -> None:
    member = here.enrol(1, "Zebedee")
    other = here.add(2, "Florence")
    file = back_up(here, folder)
    here.site.erase_member.of(member.id, "test")
    back_up(here, folder, "later.age")
    with Opened(restored(tmp_path, file)) as new:
        assert new.site.verify_audit.run().findings == []
        assert new.member(member) is None
        assert new.member(other) is not None
    for path in (tmp_path / "new").iterdir():
        content = path.read_bytes()
        assert b"Zebedee" not in content, f"the name is back, in {path.name}"
        assert path.name != "stile.db" or b"Florence" in content


def test_what_was_said_no_to_after_the_backup_is_no_again(here: Here, folder: Path, tmp_path: Path) -> None:
    site, member = here.site, here.enrol(1, "Zebedee")
    manager = site.accounts.add(None, "Mo Leaver", {Role.MANAGER}).staff
    made, secret = site.tokens.make("Till", {Permission.SEE_MEMBERS}, 90, site.accounts.by_name("admin"))
    site.own_choices.choose_marketing(member.id, True)
    site.alternative.set_pin(member.id, "740263", "test")
    file = back_up(here, folder)
    here.clock.advance(3600)
    site.own_choices.choose_marketing(member.id, False)
    site.own_choices.restrict(member.id, "test")
    site.alternative.remove_pin(member.id, "test")
    site.tokens.revoke(made.id, "test")
    site.accounts.disable(None, manager.id)
    back_up(here, folder, "later.age")
    journal = (folder / "erasures.log").read_text()
    assert not any(word in journal for word in ("Zebedee", "Leaver", "740263", made.digest))
    with Opened(restored(tmp_path, file)) as new:
        assert new.site.verify_audit.run().findings == []
        again = new.member(member)
        assert again is not None
        assert (again.marketing, again.marketing_how) == (False, "journal")
        assert new.site.tokens.recognise(secret) is None
        assert new.site.accounts.get(manager.id).staff.is_disabled
        assert new.site.alternative.of(member.id).pin_set_at is None
        with new.site.store.read() as work:
            assert work.restrictions.since(member.id) is not None
            logged = {entry.event for entry in work.audit.entries() if entry.detail == {"because": "journal"}}
        assert logged == {
            Event.MEMBER_CHANGED,
            Event.FACE_RESTRICTED,
            Event.PIN_REMOVED,
            Event.TOKEN_REVOKED,
            Event.STAFF_DISABLED,
        }


def test_a_copy_that_is_put_back_by_hand_is_told_too(here: Here, tmp_path: Path) -> None:
    member = here.enrol(1)
    here.site.remember_erasures.catch_up()
    data = here.site.settings.data
    here.site.store.scrub()  # the log into the file
    old = (data / "stile.db").read_bytes()
    here.site.withdraw.consent_of(member.id, "test")
    here.site.close()
    (data / "stile.db").write_bytes(old)
    for tail in ("-wal", "-shm"):
        (data / f"stile.db{tail}").unlink(missing_ok=True)
    with Opened(Settings(data=data)) as again:
        assert again.site.remember_erasures.catch_up() == 1
        with again.site.store.read() as work:
            assert work.consents.live_of(member.id) is None
            assert work.templates.keys_of(member.id) == []
    del tmp_path


# --- refused ---


def test_without_a_journal_nothing_is_restored(here: Here, folder: Path, tmp_path: Path) -> None:
    file = back_up(here, folder)
    (folder / "erasures.log").unlink()
    with pytest.raises(NotAllowed, match="no journal of erasures"):
        restored(tmp_path, file)
    assert not (tmp_path / "new" / "stile.db").exists()
    restored(tmp_path, file, without=True)
    assert (tmp_path / "new" / "stile.db").exists()


def test_a_journal_that_was_cut_off_is_refused(here: Here, folder: Path, tmp_path: Path) -> None:
    here.site.withdraw.consent_of(here.enrol(1).id, "test")
    here.site.withdraw.consent_of(here.enrol(2).id, "test")
    file = back_up(here, folder)
    journal = folder / "erasures.log"
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(NotAllowed, match="its end was cut off"):
        restored(tmp_path, file)


@pytest.mark.parametrize("how", ["changed", "taken out", "put in", "another site's"])
def test_a_journal_that_was_altered_is_refused(here: Here, folder: Path, tmp_path: Path, how: str) -> None:
    for n in (1, 2, 3):
        here.site.withdraw.consent_of(here.enrol(n).id, "test")
    file = back_up(here, folder)
    journal = folder / "erasures.log"
    head, *lines = journal.read_bytes().splitlines(keepends=True)
    changed = {
        "changed": [head, lines[0].replace(b'"consent"', b'"member"'), *lines[1:]],
        "taken out": [head, lines[0], lines[2]],
        "put in": [head, *lines, lines[2]],
        "another site's": [head.replace(b'": "', b'": "1', 1), *lines],
    }
    journal.write_bytes(b"".join(changed[how]))
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "site.key").write_bytes((here.site.settings.data / "site.key").read_bytes())
    (tmp_path / "new" / "site.key").chmod(0o600)
    with pytest.raises(WrongValue, match=r"altered at line|another site's"):
        restored(tmp_path, file)


def bad_key(file: Path) -> Wish:
    return Wish(file, str(OTHER), None)


def no_key(file: Path) -> Wish:
    return Wish(file, "age1" + "q" * 58, None)


def cut_off(file: Path) -> Wish:
    file.write_bytes(file.read_bytes()[:-20])
    return Wish(file, str(IDENTITY), None)


def altered(file: Path) -> Wish:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return Wish(file, str(IDENTITY), None)


def no_backup(file: Path) -> Wish:
    file.write_text("hello")
    return Wish(file, str(IDENTITY), None)


def another_thing(file: Path) -> Wish:
    file.write_bytes(pyrage.encrypt(b"hello", [IDENTITY.to_public()]))
    return Wish(file, str(IDENTITY), None)


@pytest.mark.parametrize("spoil", [bad_key, no_key, cut_off, altered, no_backup, another_thing])
def test_what_cannot_be_restored_is_said_in_one_line(
    here: Here, folder: Path, tmp_path: Path, spoil: Callable[[Path], Wish]
) -> None:
    wish = spoil(back_up(here, folder))
    with pytest.raises(StileError) as raised:
        restore(Settings(data=tmp_path / "new"), wish, nothing)
    assert isinstance(raised.value, CannotDecrypt)
    assert "\n" not in str(raised.value)
    assert [path.name for path in (tmp_path / "new").iterdir() if path.suffix == ".db"] == []


def test_a_site_that_is_there_is_replaced_only_when_told_to(here: Here, folder: Path) -> None:
    file = back_up(here, folder)
    late = here.add(5)
    settings = here.site.settings
    with pytest.raises(Conflict, match="--replace"):
        restore(settings, Wish(file, str(IDENTITY), None), nothing)
    with pytest.raises(Conflict, match="stop it first"):
        restore(settings, Wish(file, str(IDENTITY), None, replace=True), nothing)
    here.site.close()
    restore(settings, Wish(file, str(IDENTITY), None, replace=True), nothing)
    with Opened(settings) as again:
        assert again.member(late) is None


@pytest.fixture(autouse=True)
def _nothing_left_aside(tmp_path: Path) -> Iterator[None]:
    yield
    left = [path for path in tmp_path.rglob(".*") if path.is_file()]
    assert left == []
