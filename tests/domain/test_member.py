"""A member, and whether they may come in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.member import Member, MembershipStatus, NotEntitled, card_number
from tests.domain.builders import ADA, CENTRE, member, quick

LAST_DAY = date(2026, 6, 30)

# --- entitlement -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "status", "expires_on", "today"),
    [
        pytest.param(None, "active", None, LAST_DAY, id="active"),
        pytest.param(None, "active", LAST_DAY, LAST_DAY - timedelta(days=1), id="the day before the last"),
        pytest.param(None, "active", LAST_DAY, LAST_DAY, id="the last day admits"),
        pytest.param("expired", "active", LAST_DAY, LAST_DAY + timedelta(days=1), id="the day after"),
        pytest.param("expired", "active", LAST_DAY, date(2027, 6, 30), id="a year after"),
        pytest.param("lapsed", "lapsed", None, LAST_DAY, id="lapsed"),
        pytest.param("lapsed", "lapsed", LAST_DAY, date(2027, 1, 1), id="lapsed, and expired since"),
        pytest.param("suspended", "suspended", None, LAST_DAY, id="suspended"),
        pytest.param("suspended", "suspended", LAST_DAY, date(2027, 1, 1), id="suspended, and expired since"),
    ],
)
def test_who_may_come_in(expected: str | None, status: str, expires_on: date | None, today: date) -> None:
    one = member(status=MembershipStatus(status), expires_on=expires_on)
    assert one.not_entitled(today) == (None if expected is None else NotEntitled(expected))


def test_every_reason_of_the_membership_itself_can_happen() -> None:
    shown = {
        member(status=status, expires_on=LAST_DAY).not_entitled(date(2027, 1, 1))
        for status in MembershipStatus
    }
    assert shown == {NotEntitled.LAPSED, NotEntitled.SUSPENDED, NotEntitled.EXPIRED}


@quick
@given(st.dates(), st.dates())
def test_a_membership_that_ended_does_not_come_back_by_waiting(last: date, today: date) -> None:
    assert (member(expires_on=last).not_entitled(today) is None) == (today <= last)


# --- validation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "given_name"), [("", "Ada"), (" ", "Ada"), ("1001", ""), ("1001", "\t")], ids=repr
)
def test_a_member_without_a_number_or_a_name_cannot_be(number: str, given_name: str) -> None:
    with pytest.raises(WrongValue, match="number and a name"):
        Member(ADA, CENTRE, number, given_name, "Example")


@pytest.mark.parametrize(
    "cards",
    [("ab12",), ("AB 12",), ("AB-12",), ("AB1",), ("",), ("5501", "5501")],
    ids=["small", "space", "hyphen", "short", "empty", "twice"],
)
def test_a_member_with_a_card_that_would_never_be_found_cannot_be(cards: tuple[str, ...]) -> None:
    with pytest.raises(WrongValue, match="card number"):
        member(cards=cards)


def test_a_member_may_have_several_cards() -> None:
    assert member(cards=("5501", "AB12")).cards == ("5501", "AB12")


def test_a_family_name_may_be_missing() -> None:
    assert Member(ADA, CENTRE, "1001", "Ada", "").full_name == "Ada"
    assert member().full_name == "Ada Example"


# --- card numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("5500001", "5500001"),
        (" 55 000 01\n", "5500001"),
        ("55-000-01", "5500001"),
        ("ab12cd", "AB12CD"),
        ("a1b2", "A1B2"),
        ("\u00a0ab\u202f12", "AB12"),
        ("A" * 32, "A" * 32),
    ],
    ids=["plain", "spaces", "hyphens", "small", "four", "narrow spaces", "thirty-two"],
)
def test_how_a_card_number_is_compared(written: str, compared: str) -> None:
    assert card_number(written) == compared


@pytest.mark.parametrize(
    "written",
    [
        "",
        " - ",
        "123",
        "A" * 33,
        "55_0001",
        "55.0001",
        "5500;01",
        "٣٤٥٦٧",
        "５５００",
        "ßßßß",
        "ſtile",
        "ﬁle1",
        "café",
    ],
    ids=repr,
)
def test_what_is_no_card_number(written: str) -> None:
    with pytest.raises(WrongValue, match="4 to 32 letters and digits"):
        card_number(written)


@quick
@given(st.text(max_size=40) | st.text("aB3 -", max_size=40))
def test_comparing_what_is_compared_already_changes_nothing(written: str) -> None:
    try:
        once = card_number(written)
    except WrongValue:
        return
    assert card_number(once) == once
    assert once.isascii()
    assert once.isalnum()
    assert 4 <= len(once) <= 32


@quick
@given(st.text("0123456789ABCXYZ", min_size=4, max_size=32), st.data())
def test_spaces_hyphens_and_small_letters_make_no_other_card(number: str, data: st.DataObject) -> None:
    written = "".join(
        data.draw(st.sampled_from(["", " ", "-", "\t"])) + data.draw(st.sampled_from([char, char.lower()]))
        for char in number
    )
    assert card_number(written) == number
