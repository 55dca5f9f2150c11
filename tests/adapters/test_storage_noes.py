"""A no that was said after a backup is remembered by id and said again on the older copy, on both databases."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.noes import DO, UNNAMED
from stile.domain.access import digest_of
from stile.domain.consent import Channel, Relation
from stile.domain.devices import Device
from stile.domain.guardians import Guardian, Said, Word
from stile.domain.ids import DeviceId, GuardianId, MemberId, TokenId, WordId
from stile.domain.member import Member
from stile.domain.passes import Phone
from stile.domain.pins import PinKept
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.ports import UnitOfWork
from stile.ports.keeping import Erasure
from tests.adapters.builders import LATER, NOW, Town, enrol, settle


@dataclass
class Before:
    """What the backup knows: a member, and one of everything that can be said no to."""

    town: Town
    member: MemberId
    device: DeviceId
    token: TokenId
    guardian: GuardianId


@pytest.fixture
def before(store: SqlStore) -> Before:
    town = settle(store)
    ids = Before(town, enrol(store, town).member, DeviceId(uuid7()), TokenId(uuid7()), GuardianId(uuid7()))
    with store.begin() as work:
        known = member_of(work, ids)
        work.members.save(replace(known, marketing=True, marketing_at=NOW, marketing_how="desk"))
        work.devices.add(Device(ids.device, town.lane_id, digest_of("d"), NOW, None, "Tablet"))
        may = frozenset({Permission.SEE_MEMBERS})
        ends = NOW + timedelta(days=30)
        work.tokens.add(Token(ids.token, "Till", digest_of("t"), may, town.staff_id, NOW, ends))
        work.guardians.add(Guardian(ids.guardian, ids.member, "Ida Byron", Relation.PARENT))
        work.alternatives.keep_pin(PinKept(ids.member, b"sealed", NOW, 0, None))
        work.alternatives.keep_phone(Phone("1" * 20, ids.member, b"key", NOW))
        work.commit()
    return ids


def member_of(work: UnitOfWork, ids: Before) -> Member:
    found = work.members.get(ids.member)
    assert found is not None
    return found


def says(said: Said, guardian: GuardianId | None) -> Callable[[UnitOfWork, Before], object]:
    return lambda work, ids: work.guardians.say(
        Word(WordId(uuid7()), ids.member, guardian and ids.guardian, said, LATER, Channel.DESK, "desk")
    )


def no_news(work: UnitOfWork, ids: Before) -> None:
    known = member_of(work, ids)
    work.members.save(replace(known, marketing=False, marketing_at=LATER, marketing_how="own page"))


def revoke(work: UnitOfWork, ids: Before) -> None:
    known = work.devices.get(ids.device)
    assert known is not None
    work.devices.save(replace(known, revoked_at=LATER))


def disable(work: UnitOfWork, ids: Before) -> None:
    known = work.staff.get(ids.town.staff_id)
    assert known is not None
    work.staff.save(replace(known, disabled_at=LATER))


A_PARENT = GuardianId(uuid7())
NOES: dict[str, tuple[Callable[[UnitOfWork, Before], object], Callable[[UnitOfWork, Before], bool]]] = {
    "restriction": (
        lambda work, ids: work.restrictions.add(ids.member, LATER),
        lambda work, ids: work.restrictions.since(ids.member) == LATER,
    ),
    "marketing": (
        no_news,
        lambda work, ids: (
            (member_of(work, ids).marketing, member_of(work, ids).marketing_at) == (False, LATER)
        ),
    ),
    "objection": (
        says(Said.OBJECTED, A_PARENT),
        lambda work, ids: work.guardians.evidence_of([ids.member])[ids.member].somebody_objects,
    ),
    "refusal": (
        says(Said.REFUSED, None),
        lambda work, ids: work.guardians.evidence_of([ids.member])[ids.member].child_refuses,
    ),
    "pin": (
        lambda work, ids: work.alternatives.forget_pin(ids.member),
        lambda work, ids: work.alternatives.pin_of(ids.member) is None,
    ),
    "phone": (
        lambda work, ids: work.alternatives.forget_phone(ids.member),
        lambda work, ids: work.alternatives.phone_of(ids.member) is None,
    ),
    "device": (
        revoke,
        lambda work, ids: (found := work.devices.get(ids.device)) is not None and found.revoked_at == LATER,
    ),
    "token": (
        lambda work, ids: work.tokens.revoke(ids.token, LATER),
        lambda work, ids: (found := work.tokens.get(ids.token)) is not None and found.revoked_at == LATER,
    ),
    "account": (
        disable,
        lambda work, ids: (found := work.staff.get(ids.town.staff_id)) is not None and found.is_disabled,
    ),
}
"""How it is said, and whether it stands."""


def remembered(store: SqlStore, before: Before, what: str) -> Erasure:
    """What the store remembers of it. Nothing is committed: the store is then the older copy."""
    with store.begin() as work:
        known = len(work.erasures.after(0))
        NOES[what][0](work, before)
        [no] = work.erasures.after(known)
    assert no.what == what
    return no


def test_each_no_that_is_remembered_can_be_said_again() -> None:
    assert set(NOES) == set(DO)


@pytest.mark.parametrize("what", NOES)
def test_a_no_is_remembered_and_said_again_once_on_an_older_copy(
    store: SqlStore, before: Before, what: str
) -> None:
    no, stands = remembered(store, before, what), NOES[what][1]
    with store.begin() as work:
        assert not stands(work, before)
        assert work.erasures.again(no)
        assert stands(work, before)
        assert not work.erasures.again(no), "it is known now"
        assert (no.what, no.subject) in {(one.what, one.subject) for one in work.erasures.after(0)}
        work.commit()


@pytest.mark.parametrize("what", NOES)
def test_of_somebody_whom_the_copy_does_not_know_it_is_only_remembered(
    store: SqlStore, before: Before, what: str
) -> None:
    no = remembered(store, before, what)
    nobody = replace(no, subject=uuid7(), member=MemberId(uuid7()))
    with store.begin() as work:
        assert not work.erasures.again(nobody)
        assert work.erasures.after(0)[-1].key == nobody.key
        work.commit()


def test_an_objection_of_a_parent_whom_the_copy_does_not_know_stands(store: SqlStore, before: Before) -> None:
    no = replace(remembered(store, before, "objection"), subject=uuid7())
    with store.begin() as work:
        assert work.erasures.again(no)
        assert work.guardians.evidence_of([before.member])[before.member].somebody_objects
        assert UNNAMED in [one.name for one in work.guardians.of_member(before.member)]
        work.commit()


def test_a_second_no_after_a_yes_counts_as_well(store: SqlStore, before: Before) -> None:
    with store.begin() as work:
        work.restrictions.add(before.member, NOW)
        work.restrictions.lift(before.member)
        work.commit()
    no = remembered(store, before, "restriction")
    with store.begin() as work:
        assert work.erasures.again(no)
        assert work.restrictions.since(before.member) == LATER
        work.commit()


def test_what_was_set_up_anew_after_the_no_stays(store: SqlStore, before: Before) -> None:
    no = replace(remembered(store, before, "pin"), at=NOW - timedelta(days=1))
    with store.begin() as work:
        assert not work.erasures.again(no)
        assert work.alternatives.pin_of(before.member) is not None
