"""Operator, centre, lane."""

import math
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.ids import OperatorId
from stile.domain.liveness import LivenessMode
from stile.domain.places import PURPOSE, Ask, Centre, Lane, Operator
from stile.domain.zone import Zone
from tests.domain.builders import CENTRE, LANE, quick

MAIN = Lane(LANE, CENTRE, "main", "Main entrance")


@pytest.mark.parametrize("slug", ["m", "main", "main-entrance", "2", "lane-2b", "a--b", "x" * 40])
def test_short_names(slug: str) -> None:
    assert replace(MAIN, slug=slug).slug == slug


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "-main",
        "main-",
        "-",
        "Main",
        "main entrance",
        "main/../x",
        "main\n",
        "café",
        "x" * 41,
        "a_b",
        "a.b",
    ],
    ids=repr,
)
def test_what_is_no_short_name(slug: str) -> None:
    with pytest.raises(WrongValue, match="short name"):
        replace(MAIN, slug=slug)


@quick
@given(st.text(max_size=45) | st.text("ab1-", max_size=45))
def test_a_short_name_can_stand_in_an_address_as_it_is(slug: str) -> None:
    try:
        replace(MAIN, slug=slug)
    except WrongValue:
        return
    assert slug.isascii()
    assert slug.replace("-", "a").isalnum()
    assert slug == slug.lower().strip("-")
    assert 1 <= len(slug) <= 40


ALLOWED: dict[str, list[float]] = {
    "fpir": [1e-9, 0.001, 0.01, 0.499],
    "frames": [1, 3, 10],
    "seconds": [0.1, 1.5, 10.0],
    "patience": [1.5, 10.0, 60.0],
    "attempts": [1, 2, 1000],
    "fmr": [1e-9, 1e-5, 0.499],
    "least_face": [0.01, 0.5],
}
REFUSED: dict[str, list[float]] = {
    "fpir": [0.0, -0.001, 0.5, 1.0, math.nan],
    "frames": [0, -1, 11],
    "seconds": [0.0, -1.0, 10.1, math.nan, math.inf],
    "patience": [1.0, -1.0, 60.1, math.nan, math.inf],
    "attempts": [0, -1, 1001],
    "fmr": [0.0, 0.5, math.nan],
    "least_face": [0.0, 1.0, math.nan],
}


def test_a_lane_that_nobody_set_up_asks_for_what_is_safe() -> None:
    # 1 stranger in 1,000, liveness asked for, three frames, two attempts: laxer only on purpose (law 7).
    assert (MAIN.fpir, MAIN.liveness, MAIN.frames, MAIN.seconds) == (0.001, LivenessMode.PASSIVE, 3, 1.5)
    assert (MAIN.attempts, MAIN.fmr, MAIN.ask) == (2, 1e-5, Ask.TOUCH)


def test_a_lane_that_is_asked_by_standing_there_has_a_zone() -> None:
    with pytest.raises(WrongValue, match="has a zone"):
        replace(MAIN, ask=Ask.ZONE)
    zone = Zone(((0.2, 0.0), (0.8, 0.0), (0.8, 1.0)))
    assert replace(MAIN, ask=Ask.ZONE, zone=zone).zone is zone


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in ALLOWED.items() for v in values])
def test_settings_that_a_lane_may_have(field: str, value: float) -> None:
    assert getattr(replace(MAIN, **{field: value}), field) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in REFUSED.items() for v in values])
def test_settings_that_a_lane_cannot_have(field: str, value: float) -> None:
    with pytest.raises(WrongValue, match=f"not {value}"):
        replace(MAIN, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "door",
    [
        "sim:",
        "sim:demo",
        "http://10.0.0.7/relay/0?turn=on",
        "https://relay.example",
        "http://[fe80::1]/open#post",
    ],
)
def test_addresses_of_doors(door: str) -> None:
    assert replace(MAIN, door=door).door == door


@pytest.mark.parametrize(
    "door",
    [
        "",
        "sim",
        "ftp://relay",
        "http://",
        "https:///open",
        "http:/relay",
        "http://a b",
        " sim:",
        "relay",
        "file:///x",
    ],
    ids=repr,
)
def test_what_is_no_door(door: str) -> None:
    with pytest.raises(WrongValue, match="a door is"):
        replace(MAIN, door=door)


@pytest.mark.parametrize("name", ["", " "], ids=["empty", "blank"])
def test_operator_centre_and_lane_have_names(name: str) -> None:
    operator = OperatorId(UUID(int=40))
    with pytest.raises(WrongValue, match="an operator has a name"):
        Operator(operator, name)
    with pytest.raises(WrongValue, match="a centre has a name"):
        Centre(CENTRE, operator, name)
    with pytest.raises(WrongValue, match="a lane has a name"):
        replace(MAIN, name=name)


def test_the_purpose_is_one_and_is_not_a_setting() -> None:
    assert PURPOSE == "to let members of the leisure centre in"
    assert "purpose" not in Lane.__dataclass_fields__
    assert "purpose" not in Centre.__dataclass_fields__
