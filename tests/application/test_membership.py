"""Members are added and changed: normalised, checked, and told apart field by field in the audit log."""

from datetime import date
from typing import Any

import pytest

from stile.application.membership import NewMember
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.hours import hours
from stile.domain.ids import MemberId
from stile.domain.member import Member, MembershipStatus
from tests.conftest import Here


def full(here: Here) -> Member:
    new = NewMember(
        " 2001 ",
        " Zoë ",
        " Müller ",
        ("ab 12 34",),
        date(2027, 1, 31),
        born_on=date(2000, 2, 29),
        email=" Zoe@Example.ORG ",
        phone="020 7946 0000",
        kind=" off-peak ",
        hours=hours("mon-fri 06:00-16:00"),
        marketing=True,
        marketing_how="at the desk",
        group=" Hill School ",
    )
    return here.site.membership.add(here.lane.centre, new, "test")


def events(here: Here) -> list[tuple[str, object]]:
    with here.site.store.read() as work:
        return [(one.event, dict(one.detail)) for one in work.audit.entries()]


def test_what_is_added_is_tidied(here: Here) -> None:
    member = full(here)
    assert member == here.site.membership.by_number("2001")
    assert (member.given_name, member.family_name, member.cards) == ("Zoë", "Müller", ("AB1234",))
    assert (member.email, member.phone) == ("Zoe@example.org", "+442079460000")
    assert (member.kind, member.group) == ("off-peak", "Hill School")
    assert (member.marketing_at, member.marketing_how) == (here.clock.now(), "at the desk")


def test_marketing_is_off_unless_they_said_yes_and_how(here: Here) -> None:
    assert not here.add(1).marketing
    with pytest.raises(WrongValue, match="when and how"):
        here.site.membership.add(here.lane.centre, NewMember("9", "Ada", marketing=True), "test")


def test_a_no_is_kept_with_its_time(here: Here) -> None:
    member = full(here)
    here.clock.advance(60)
    changed = here.site.membership.change(
        member.id, {"marketing": False, "marketing_how": "by e-mail"}, "test"
    )
    assert (changed.marketing, changed.marketing_at, changed.marketing_how) == (
        False,
        here.clock.now(),
        "by e-mail",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"given_name": "Ada"},
        {"cards": ["99 99"], "email": "new@example.org"},
        {"status": MembershipStatus.SUSPENDED, "hours": None, "expires_on": None},
        {"group": "", "phone": "", "born_on": None},
        {"centres": []},
    ],
    ids=lambda one: ",".join(one),
)
def test_a_change_is_kept_and_its_fields_are_named(here: Here, changes: dict[str, Any]) -> None:
    member = full(here)
    changed = here.site.membership.change(member.id, changes, "test")
    assert changed == here.site.membership.by_number("2001")
    written = set(changes) - {"centres"}
    assert changed.version == member.version + (1 if written else 0)
    if written:
        event, detail = events(here)[-1]
        assert event == Event.MEMBER_CHANGED
        assert isinstance(detail, dict)
        assert set(detail["fields"].split(",")) == written
    else:
        assert events(here)[-1][0] == Event.MEMBER_ADDED


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "nobody"},
        {"phone": "12"},
        {"given_name": " "},
        {"born_on": date(1889, 12, 31)},
        {"born_on": date(2030, 1, 1)},
        {"cards": ["1"]},
        {"number": "3"},
        {"id": None},
        {"marketing": True},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_changes_nothing(here: Here, changes: dict[str, Any]) -> None:
    member = here.add(1)
    with pytest.raises(WrongValue) as refused:
        here.site.membership.change(member.id, changes, "test")
    assert "nobody" not in str(refused.value), "a wrong address is not repeated: messages are logged"
    assert here.site.membership.by_number("1001") == member


def test_who_looked_at_an_older_version_is_told(here: Here) -> None:
    member = here.add(1)
    here.site.membership.change(member.id, {"kind": "swim"}, "test", version=1)
    with pytest.raises(Conflict, match="Somebody else"):
        here.site.membership.change(member.id, {"kind": "gym"}, "test", version=1)


def test_a_card_of_somebody_else_is_refused(here: Here) -> None:
    member, other = here.add(1), here.add(2)
    with pytest.raises(Conflict, match="another member"):
        here.site.membership.change(member.id, {"cards": other.cards}, "test")


def test_nobody_is_not_changed(here: Here) -> None:
    with pytest.raises(NotFound):
        here.site.membership.change(MemberId(here.site.chance.new_id()), {"kind": "x"}, "test")
