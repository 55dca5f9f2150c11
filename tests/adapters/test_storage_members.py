"""Everything that a member's row holds comes back as it went in."""

from dataclasses import replace
from datetime import UTC, date, datetime

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
