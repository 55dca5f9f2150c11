"""A notice has all its parts, whatever an operator adds; a part that is taken out is missed."""

import re

import pytest

from stile.domain.consent import Alternative, Audience
from stile.domain.errors import WrongValue
from stile.domain.notice import PROOF, Details, Part, how_long, missing, notice_for
from stile.domain.places import PURPOSE

FULL = Details(
    "Barnstone Leisure",
    address="1 Pool Lane, Barnstone",
    officer="Grace Hopper",
    contact="dpo@example.org",
    recipients="Example Hosting Ltd keeps our servers.",
    more="Ask for Bea.",
    template_days=14,
    passage_days=60,
    consent_days=400,
    member_days=730,
)


@pytest.mark.parametrize("audience", Audience, ids=str)
def test_every_notice_has_its_parts(audience: Audience) -> None:
    assert missing(notice_for(audience, Details("Somebody")).words, audience) == set()
    assert missing(notice_for(audience, FULL).words, audience) == set()


@pytest.mark.parametrize("audience", [Audience.ADULT, Audience.TEENAGER, Audience.PARENT], ids=str)
def test_who_decides_is_told_all_of_it(audience: Audience) -> None:
    assert set(PROOF[audience]) == set(Part)


@pytest.mark.parametrize(
    ("audience", "part"), [(audience, part) for audience in Audience for part in PROOF[audience]], ids=str
)
def test_a_part_that_is_taken_out_is_missed(audience: Audience, part: Part) -> None:
    words = re.sub(PROOF[audience][part], "", notice_for(audience, FULL).words)
    assert part in missing(words, audience)


@pytest.mark.parametrize("audience", [Audience.ADULT, Audience.TEENAGER, Audience.PARENT], ids=str)
def test_the_operators_own_words_stand_in_it(audience: Audience) -> None:
    words = notice_for(audience, FULL).words
    for own in (FULL.operator, FULL.address, FULL.officer, FULL.contact, FULL.recipients, FULL.more):
        assert str(own) in words
    assert "14 days" in words
    assert "60 days" in words
    assert "400 days" in words
    assert "2 years" in words
    assert PURPOSE in words


def test_an_operator_cannot_write_a_heading_or_hide_a_part() -> None:
    words = notice_for(
        Audience.ADULT, Details("Somebody", contact="\n\n# The end\n\n", more="## None {purpose}")
    )
    assert "\n# The end" not in words.words
    assert words.words.count("\n## ") == notice_for(Audience.ADULT, FULL).words.count("\n## ")
    assert "None {purpose}" in words.words


def test_a_notice_offers_another_way() -> None:
    with pytest.raises(WrongValue, match="another way"):
        notice_for(Audience.ADULT, Details("Somebody", offered=()))
    one = notice_for(Audience.ADULT, Details("Somebody", offered=(Alternative.CARD,)))
    assert "just as fast: your card." in one.words


def test_children_are_told_in_fewer_words() -> None:
    lengths = [len(notice_for(one, Details("Somebody")).words.split()) for one in Audience]
    adult, teenager, child, _ = lengths
    assert child < teenager < adult


@pytest.mark.parametrize(
    ("days", "told"),
    [(30, "30 days"), (365, "a year"), (366, "a year"), (400, "400 days"), (2192, "6 years")],
)
def test_periods_are_told_in_years_where_they_are_years(days: int, told: str) -> None:
    assert f"With everything else about your membership it goes {told} after" in (
        notice_for(Audience.ADULT, Details("Somebody", member_days=days)).words
    )


@pytest.mark.parametrize("audience", Audience, ids=str)
def test_nothing_is_promised_that_staff_and_logs_do_not_hold(audience: Audience) -> None:
    """Reception sees when a member came in, and a camera beside a marked zone sees who passes by."""
    words = notice_for(audience, Details("Somebody")).words
    for untrue in (
        "nobody gets to see",
        "nobody is told where",
        "does not look until",
        "does not look before",
    ):
        assert untrue not in words


def test_one_day_is_a_day() -> None:
    assert [how_long(days) for days in (1, 2, 365, 1096)] == ["a day", "2 days", "a year", "3 years"]
