"""Accounts, sessions, passkeys, codes and links of staff, on both databases. What works once works once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.access import Staff, digest_of
from stile.domain.errors import Conflict, NotFound
from stile.domain.factors import CodeGenerator, Passkey, StaffLink
from stile.domain.ids import PasskeyId, StaffId
from stile.domain.roles import Role
from stile.domain.sessions import Means, Session, Stage
from tests.adapters.builders import LATER, NOW, Town, settle

A, B = digest_of("a"), digest_of("b")


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


def session(town: Town, digest: str = A) -> Session:
    return Session(
        digest, town.staff_id, "csrf", NOW, NOW, NOW, LATER, Stage.WHOLE, Means.PASSKEY, "Firefox on Linux"
    )


def passkey(town: Town, credential: bytes = b"one") -> Passkey:
    return Passkey(PasskeyId(uuid7()), town.staff_id, credential, b"key", 0, "Phone", NOW)


def test_an_account_is_kept_and_changed(store: SqlStore, town: Town) -> None:
    new = Staff(StaffId(uuid7()), "Ada", frozenset(), None)
    joined = replace(
        new, roles=frozenset((Role.AUDITOR, Role.DATA_PROTECTION)), joined_at=NOW, disabled_at=LATER
    )
    with store.begin() as work:
        work.staff.add(new)
        assert work.staff.get(new.id) == new
        work.staff.save(joined)
        assert work.staff.get(new.id) == joined
        assert [one.name for one in work.staff.all()] == ["Ada", "reception"]
        with pytest.raises(NotFound):
            work.staff.save(replace(new, id=StaffId(uuid7()), name="Nobody"))
        with pytest.raises(Conflict):
            work.staff.save(replace(joined, name="reception"))


def test_an_identity_belongs_to_one_account(store: SqlStore, town: Town) -> None:
    ada = Staff(StaffId(uuid7()), "Ada", frozenset(), None, NOW, None, "https://login.example", "42")
    with store.begin() as work:
        work.staff.add(ada)
        assert work.staff.by_identity("https://login.example", "42") == ada
        assert work.staff.by_identity("https://login.example", "43") is None
        assert work.staff.by_identity("https://other.example", "42") is None
        with pytest.raises(Conflict):
            work.staff.add(replace(ada, id=StaffId(uuid7()), name="Another"))


def test_sessions_are_kept_and_end(store: SqlStore, town: Town) -> None:
    first, second = session(town), replace(session(town, B), made_at=LATER)
    with store.begin() as work:
        work.sessions.add(first)
        work.sessions.add(second)
        assert work.sessions.by_digest(A) == first
        assert work.sessions.of_staff(town.staff_id) == [second, first]
        work.sessions.seen(A, LATER)
        assert work.sessions.by_digest(A) == replace(first, seen_at=LATER)
        work.sessions.proved(B, LATER)
        assert work.sessions.by_digest(B) == replace(second, seen_at=LATER, proved_at=LATER)
        assert work.sessions.remove_of(town.staff_id, but=A) == 1
        assert work.sessions.by_digest(B) is None
        work.sessions.remove(A)
        work.sessions.remove(A)
        assert work.sessions.of_staff(town.staff_id) == []
        with pytest.raises(NotFound):
            work.sessions.add(replace(first, staff=StaffId(uuid7())))


def test_sessions_that_are_over_or_not_used_go(store: SqlStore, town: Town) -> None:
    over = replace(session(town), expires_at=NOW)
    unused = replace(session(town, B), seen_at=NOW - timedelta(hours=1))
    stands = session(town, digest_of("c"))
    with store.begin() as work:
        for one in (over, unused, stands):
            work.sessions.add(one)
        assert work.sessions.remove_over(NOW, NOW - timedelta(minutes=30)) == 2
        assert work.sessions.of_staff(town.staff_id) == [stands]


def test_a_passkey_counts_once_for_each_use(store: SqlStore, town: Town) -> None:
    one = passkey(town)
    with store.begin() as work:
        work.passkeys.add(one)
        assert work.passkeys.by_credential(b"one") == one
        assert work.passkeys.used(one, 7, LATER)
        assert not work.passkeys.used(one, 8, LATER), "two requests that read the same passkey"
        now = work.passkeys.by_credential(b"one")
        assert now == replace(one, counter=7, used_at=LATER, uses=1)
        with pytest.raises(Conflict):
            work.passkeys.add(passkey(town))


def test_nobody_touches_the_passkey_of_another_account(store: SqlStore, town: Town) -> None:
    one, other = passkey(town), StaffId(uuid7())
    with store.begin() as work:
        work.passkeys.add(one)
        assert not work.passkeys.rename(other, one.id, "Mine")
        assert not work.passkeys.remove(other, one.id)
        assert work.passkeys.rename(town.staff_id, one.id, "Desk")
        assert [each.name for each in work.passkeys.of_staff(town.staff_id)] == ["Desk"]
        assert work.passkeys.remove(town.staff_id, one.id)
        assert work.passkeys.of_staff(town.staff_id) == []


def test_a_time_step_is_taken_once_and_none_before_it(store: SqlStore, town: Town) -> None:
    with store.begin() as work:
        work.codes.put(CodeGenerator(town.staff_id, b"sealed", 5, NOW, NOW))
        assert work.codes.take_step(town.staff_id, 6)
        assert not work.codes.take_step(town.staff_id, 6)
        assert not work.codes.take_step(town.staff_id, 5)
        assert work.codes.take_step(town.staff_id, 7)
        work.codes.put(CodeGenerator(town.staff_id, b"other", 0, LATER))
        assert work.codes.generator(town.staff_id) == CodeGenerator(town.staff_id, b"other", 0, LATER)
        work.codes.remove_of(town.staff_id)
        assert work.codes.generator(town.staff_id) is None


def test_a_recovery_code_is_struck_off_once(store: SqlStore, town: Town) -> None:
    with store.begin() as work:
        work.codes.put_recovery(town.staff_id, [A, B])
        assert work.codes.recovery_left(town.staff_id) == 2
        assert not work.codes.strike_off(StaffId(uuid7()), A)
        assert work.codes.strike_off(town.staff_id, A)
        assert not work.codes.strike_off(town.staff_id, A)
        work.codes.put_recovery(town.staff_id, [A])
        assert work.codes.recovery_left(town.staff_id) == 1


def test_a_link_works_once(store: SqlStore, town: Town) -> None:
    link = StaffLink(A, town.staff_id, LATER)
    with store.begin() as work:
        work.staff_links.add(link)
        assert work.staff_links.open_of(town.staff_id, NOW) == link
        assert work.staff_links.open_of(town.staff_id, LATER) is None
        assert work.staff_links.use(A, NOW)
        assert not work.staff_links.use(A, NOW)
        assert work.staff_links.by_digest(A) == replace(link, used_at=NOW)
        assert work.staff_links.remove_over(NOW) == 1
        work.staff_links.add(StaffLink(B, town.staff_id, LATER))
        work.staff_links.end_all(town.staff_id)
        assert work.staff_links.by_digest(B) is None
