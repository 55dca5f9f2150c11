"""The journals of erasures follow the store, whatever happens to them, and are never in the way of an erasure."""

import json
from pathlib import Path

import pytest

from stile.adapters.journal import JOURNAL, FileJournal
from stile.adapters.vault import FileVault
from stile.domain.errors import CannotRecord
from stile.ports import Vault
from tests.conftest import Here


def journal_of(here: Here, vault: Vault | None = None) -> FileJournal:
    with here.site.store.read() as work:
        operator = work.operators.only()
    assert operator is not None
    return FileJournal(here.site.settings.data / JOURNAL, operator.id, vault or here.site.vault)


def path_of(here: Here) -> Path:
    return here.site.settings.data / JOURNAL


def withdraw(here: Here, *people: int) -> None:
    for who in people:
        here.site.withdraw.consent_of(here.enrol(who).id, "test")


def test_a_withdrawal_is_in_the_journal_when_it_is_done(here: Here) -> None:
    withdraw(here, 1, 2)
    with here.site.store.read() as work:
        assert journal_of(here).read() == list(work.erasures.after(0))
    assert path_of(here).stat().st_mode & 0o777 == 0o600
    assert b"Ada" not in path_of(here).read_bytes()


def test_a_line_that_a_power_cut_cut_off_is_written_again(here: Here) -> None:
    withdraw(here, 1)
    whole = path_of(here).read_bytes()
    path_of(here).write_bytes(whole + b'{"n": 2, "wh')
    assert len(journal_of(here).read() or ()) == 1
    withdraw(here, 2)
    assert [one.n for one in journal_of(here).read() or ()] == [1, 2]


@pytest.mark.parametrize("gone", ["the file", "its lines"])
def test_a_journal_that_is_gone_is_made_anew(here: Here, gone: str) -> None:
    withdraw(here, 1, 2)
    path_of(here).unlink() if gone == "the file" else path_of(here).write_bytes(b"")
    here.site.remember_erasures.follow(journal_of(here))
    assert [one.n for one in journal_of(here).read() or ()] == [1, 2]


def test_a_journal_that_cannot_be_written_does_not_stop_a_withdrawal(here: Here) -> None:
    path_of(here).mkdir()
    withdraw(here, 1)
    (why,) = here.site.remember_erasures.behind.values()
    assert "cannot be" in why
    path_of(here).rmdir()
    here.site.remember_erasures.catch_up()
    assert here.site.remember_erasures.behind == {}
    assert len(journal_of(here).read() or ()) == 1


def test_two_programs_may_follow_one_store(here: Here) -> None:
    here.site.remember_erasures.catch_up()
    withdraw(here, 1)
    here.site.remember_erasures.follow(journal_of(here))  # the other program starts now
    withdraw(here, 2, 3)
    with here.site.store.read() as work:
        assert journal_of(here).read() == list(work.erasures.after(0))


def test_under_another_site_key_the_hashes_hold_it(here: Here) -> None:
    withdraw(here, 1, 2)
    other = journal_of(here, FileVault(bytes(32)))
    assert len(other.read() or ()) == 2
    assert not other.is_sealed_here
    head, first, second = path_of(here).read_bytes().splitlines(keepends=True)
    changed = json.loads(first) | {"what": "member"}
    path_of(here).write_bytes(b"".join([head, json.dumps(changed).encode() + b"\n", second]))
    with pytest.raises(ValueError, match="altered at line 3"):
        journal_of(here, FileVault(bytes(32))).read()


def test_a_journal_is_added_to_only_where_it_is_known(here: Here) -> None:
    withdraw(here, 1)
    journal = journal_of(here)
    written = journal.read()
    path_of(here).unlink()
    with pytest.raises(CannotRecord):
        journal.append(written or ())
