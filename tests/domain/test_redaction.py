"""What must not go out is found in words; what is meant to be given is let be."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from stile.domain.errors import WrongValue
from stile.domain.foi_desk.redaction import (
    MAY_PASS,
    Concealed,
    Finding,
    LetThrough,
    Sensitive,
    by_place,
    findings,
    gathered,
    is_about_people,
)
from stile.domain.ids import FoiRequestId

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def found(
    text: str, requester: tuple[str, ...] = (), officers: tuple[str, ...] = ()
) -> list[tuple[Sensitive, str]]:
    return [(one.what, one.found) for one in findings([("1", text)], requester, ("foi@c.example",), officers)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "what", "told"),
    [
        ("Write to ada.b@council.gov.uk.", Sensitive.EMAIL, "ada.b@council.gov.uk"),
        ("Call 020 7946 0958 today", Sensitive.PHONE, "020 7946 0958"),
        ("Call +44 (0)20 7946 0958", Sensitive.PHONE, "+44 (0)20 7946 0958"),
        ("Call (0161) 496 0000", Sensitive.PHONE, "(0161) 496 0000"),
        ("NI QQ 12 34 56 C", Sensitive.NATIONAL_INSURANCE, None),
        ("NI AB 12 34 56 C", Sensitive.NATIONAL_INSURANCE, "AB 12 34 56 C"),
        ("NHS 943 476 5919", Sensitive.NHS, "943 476 5919"),
        ("Case 943 476 5918", Sensitive.NHS, None),
        ("Date of birth: 12 March 1980", Sensitive.BORN, "Date of birth: 12 March 1980"),
        ("Opened on 12 March 1980", Sensitive.BORN, None),
        ("Ref 2026-11-02, 1,200 attempts", Sensitive.PHONE, None),
    ],
)
def test_each_kind(text: str, what: Sensitive, told: str | None) -> None:
    assert (what, told) in found(text) if told else what not in {one for one, _ in found(text)}


def test_the_requester_by_name_or_address_once() -> None:
    who = ("Ada Byron", "ada@b.example")
    assert found("ADA BYRON wrote from ada@b.example", who) == [
        (Sensitive.REQUESTER, "ADA BYRON"),
        (Sensitive.REQUESTER, "ada@b.example"),
    ]
    assert found("Ms Byron asked, and Mr. Byron", who) == [
        (Sensitive.REQUESTER, "Ms Byron"),
        (Sensitive.REQUESTER, "Mr. Byron"),
    ]
    assert found("The green door, by Green", ("Ann Green", "")) == [], "a last name alone may be a word"
    assert found("Adaptation", ("Ada", "")) == []
    assert found("Al", ("Al", "")) == [], "too short to mean anybody"


def test_officers_by_the_name_that_their_account_spells() -> None:
    staff = ("grace.hopper", "reception", "Mary_Ann Evans", "j.smith@council.gov.uk")
    assert found("Grace Hopper at reception, Mary Ann Evans, J Smith", officers=staff) == [
        (Sensitive.OFFICER, "Grace Hopper"),
        (Sensitive.OFFICER, "Mary Ann Evans"),
        (Sensitive.OFFICER, "J Smith"),
    ]


def test_what_the_organisation_gives_on_purpose_is_let_be() -> None:
    assert found("Write to foi@c.example") == []


@pytest.mark.parametrize(
    "heading",
    ["Name", "Staff name", " surname ", "E-mail address", "DOB", "Post code", "Employee ID", "Ethnicity"],
)
def test_a_column_about_people(heading: str) -> None:
    assert is_about_people(heading)


@pytest.mark.parametrize("heading", ["Centre", "Attempts", "Date", "Name of centre", "Emails sent", ""])
def test_a_column_about_the_institution(heading: str) -> None:
    assert not is_about_people(heading)


def test_the_same_thing_at_the_same_place_is_one_thing() -> None:
    one, other = Finding(Sensitive.EMAIL, "a", "x"), Finding(Sensitive.EMAIL, "a", "y")
    assert gathered([one, other, one]) == [Finding(Sensitive.EMAIL, "a", "x", 2), other]
    assert by_place([one, other, Finding(Sensitive.EMAIL, "b", "x")]) == [
        Finding(Sensitive.EMAIL, "a", "x", 2),
        Finding(Sensitive.EMAIL, "b", "x"),
    ]


def test_a_key_tells_apart_and_tells_nothing() -> None:
    one = Finding(Sensitive.EMAIL, "a", "ada@b.example")
    assert one.key == Finding(Sensitive.EMAIL, "a", "ada@b.example", 9).key
    assert (
        len(
            {
                one.key,
                Finding(Sensitive.EMAIL, "b", one.found).key,
                Finding(Sensitive.PHONE, "a", one.found).key,
            }
        )
        == 3
    )
    assert "ada" not in one.key


@pytest.mark.parametrize("what", [one for one in Concealed if one not in MAY_PASS])
def test_what_a_file_hides_is_never_let_through(what: Concealed) -> None:
    with pytest.raises(WrongValue, match="is not let through"):
        LetThrough(FoiRequestId(uuid7()), "f" * 64, "k", what, "page 1", "Because.", "officer", NOW)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_has_a_reason(reason: str) -> None:
    with pytest.raises(WrongValue, match="why it may go out"):
        LetThrough(FoiRequestId(uuid7()), "letter", "k", Sensitive.EMAIL, "1", reason, "officer", NOW)


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    for one in findings([("1", text)], ("Ada Byron", "a@b.example"), (), ("grace.hopper",)):
        assert one.found
        assert one.found in text or one.found == one.found.strip()
