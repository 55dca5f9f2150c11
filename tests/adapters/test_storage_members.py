"""Everything that a member's row holds comes back as it went in."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.hours import hours
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member, MembershipStatus
from tests.adapters.builders import Town, settle


def full(town: Town, number: str = "2001") -> Member:
    return Member(
        MemberId(uuid7()),
        town.centre_id,
        number,
        "Zoë",
        "Müller-Ó Briain",
        MembershipStatus.SUSPENDED,
        date(2027, 1, 31),
        ("AB12", "5501"),
        born_on=date(2009, 2, 28),
        email="zoe@example.org",
        phone="+442079460000",
        kind="off-peak",
        centres=(town.centre_id, CentreId(uuid7())),
        hours=hours("mon-fri 06:00-16:00"),
        marketing=True,
        marketing_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        marketing_how="at the desk",
        group="Hill School",
    )


def test_all_that_a_member_has_is_kept(store: SqlStore) -> None:
    town = settle(store)
    one = full(town)
    with store.begin() as work:
        work.members.add(one)
        work.commit()
    with store.read() as work:
        assert work.members.get(one.id) == work.members.by_card("5501") == one


def test_what_is_taken_away_is_gone(store: SqlStore) -> None:
    town = settle(store)
    one = full(town)
    bare = Member(one.id, one.centre, one.number, "Zoë", "")
    with store.begin() as work:
        work.members.add(one)
        work.members.save(bare)
        work.commit()
    with store.read() as work:
        assert work.members.get(one.id) == replace(bare, version=2)


PEOPLE = (
    ("1001", "Ada", "Byron", ("5500001",)),
    ("1002", "Zoë", "Müller", ("AB12CD",)),
    ("1003", "Mary Ann", "van der Berg", ()),
    ("A-77", "Byron", "Adams", ()),
    ("1010", "Ada", "", ()),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1001", ["1001"]),
        ("10", ["1001", "1002", "1003", "1010"]),
        ("a-7", ["A-77"]),
        ("byr", ["1001", "A-77"]),
        ("ada", ["A-77", "1010", "1001"]),
        ("ADA  BYR", ["1001", "A-77"]),
        ("byron ada", ["A-77", "1001"]),
        ("zoe", ["1002"]),
        ("Muller", ["1002"]),
        ("van der", ["1003"]),
        ("mary ann van", ["1003"]),
        ("berg", []),
        ("5500", ["1001"]),
        ("ab12-cd", ["1002"]),
        ("", []),
        ("  ", []),
        ("\u0301", []),
        ("%", []),
        ("_", []),
        ("\0", []),
        ("\U0010ffff", []),
    ],
    ids=repr,
)
def test_members_are_found_by_how_it_begins(store: SqlStore, text: str, found: list[str]) -> None:
    town = settle(store)
    with store.begin() as work:
        for number, given, family, cards in PEOPLE:
            work.members.add(Member(MemberId(uuid7()), town.centre_id, number, given, family, cards=cards))
        work.commit()
    with store.read() as work:
        got = [one.number for one in work.members.find(text)]
        assert sorted(got) == sorted(found)
        assert got == [one.number for part in range(5) for one in work.members.find(text, 1, part)]
