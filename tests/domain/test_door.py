"""Law 8: leaving is never controlled. Nothing here can lock anyone in."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile import ports
from stile.domain import door
from stile.domain.door import LETS_OUT, TRANSITIONS, DoorEvent, DoorState, DoorStatus, after
from stile.domain.errors import WrongValue
from tests.domain.builders import quick

S, E = DoorState, DoorEvent

FOLLOWS = {
    (S.SHUT, E.TOLD_TO_OPEN): S.OPEN,
    (S.OPEN, E.TOLD_TO_OPEN): S.OPEN,
    (S.OPEN, E.SOMEONE_PASSED): S.SHUT,
    (S.OPEN, E.TIME_RAN_OUT): S.SHUT,
    (S.SHUT, E.BROKE): S.FAULT,
    (S.OPEN, E.BROKE): S.FAULT,
    (S.FAULT, E.MENDED): S.SHUT,
}

CANNOT_HAPPEN = {
    (S.SHUT, E.SOMEONE_PASSED): "only who comes in is counted, and nobody comes in through a shut door",
    (S.SHUT, E.TIME_RAN_OUT): "time runs for an open door only",
    (S.SHUT, E.MENDED): "what is not broken is not mended",
    (S.OPEN, E.MENDED): "what is not broken is not mended",
    (S.FAULT, E.TOLD_TO_OPEN): "its driver raises DoorFault instead",
    (S.FAULT, E.SOMEONE_PASSED): "a broken door counts nobody",
    (S.FAULT, E.TIME_RAN_OUT): "time runs for an open door only",
    (S.FAULT, E.BROKE): "it is broken already",
}


def test_the_table_is_total_over_what_can_happen() -> None:
    assert TRANSITIONS == FOLLOWS
    assert FOLLOWS.keys() | CANNOT_HAPPEN.keys() == set(product(S, E))


@pytest.mark.parametrize(("state", "event"), FOLLOWS, ids=lambda one: str(one))
def test_what_follows(state: DoorState, event: DoorEvent) -> None:
    assert after(state, event) is FOLLOWS[state, event]


@pytest.mark.parametrize(("state", "event"), CANNOT_HAPPEN, ids=lambda one: str(one))
def test_what_cannot_happen_is_said_in_one_line(state: DoorState, event: DoorEvent) -> None:
    with pytest.raises(WrongValue) as caught:
        after(state, event)
    assert str(caught.value) == f"a door that is {state} cannot take “{event}”"


# --- nobody is ever locked in ----------------------------------------------------------------------------

LOCKING = (
    "lock",
    "hold",
    "deny",
    "secure",
    "close",
    "shut",
    "arm",
    "bar",
    "keep",
    "block",
    "trap",
    "disable",
)


@pytest.mark.parametrize("state", DoorState, ids=str)
def test_every_state_lets_people_out(state: DoorState) -> None:
    assert state in LETS_OUT


def test_the_states_that_let_out_are_named_one_by_one() -> None:
    # frozenset(DoorState) would take in a new state unseen, and the test above could never fail.
    assert {S.SHUT, S.OPEN, S.FAULT} == LETS_OUT


@pytest.mark.parametrize("event", DoorEvent, ids=str)
def test_nothing_that_a_door_can_be_told_or_can_tell_locks_it(event: DoorEvent) -> None:
    words = f"{event.name} {event.value}".lower().replace("_", " ").split()
    assert not [word for word in words if word.startswith(LOCKING)]


def test_a_door_can_be_told_one_thing_only() -> None:
    assert [event for event in DoorEvent if "TOLD" in event.name] == [E.TOLD_TO_OPEN]


@pytest.mark.parametrize("state", DoorState, ids=str)
def test_no_state_is_a_locked_one(state: DoorState) -> None:
    # "shut" is a door that one pushes open from inside; every other word for it would say that one cannot.
    assert state is S.SHUT or not state.value.startswith(LOCKING)


def test_the_port_can_open_and_say_how_the_door_is_and_nothing_else() -> None:
    public = {name for name in vars(ports.Door) if not name.startswith("_")}
    assert public == {"open", "status"}
    assert not [name for name in vars(ports.Door).get("__annotations__", {}) if not name.startswith("_")]
    assert {name for name in vars(ports.Doors) if not name.startswith("_")} == {"of"}


def test_no_function_of_the_domain_s_door_locks() -> None:
    names = [name for name, value in vars(door).items() if callable(value) and not name.startswith("_")]
    assert "after" in names
    assert not [name for name in names if name.lower().startswith(LOCKING)]


@pytest.mark.parametrize("start", DoorState, ids=str)
def test_no_path_leads_where_people_cannot_leave(start: DoorState) -> None:
    assert reachable(start) <= LETS_OUT


@pytest.mark.parametrize("start", DoorState, ids=str)
def test_from_everywhere_a_way_leads_back_to_open(start: DoorState) -> None:
    assert S.OPEN in reachable(start)


def reachable(start: DoorState) -> set[DoorState]:
    found, new = {start}, [start]
    while new:
        state = new.pop()
        following = {to for (from_, _), to in TRANSITIONS.items() if from_ is state} - found
        found |= following
        new += following
    return found


@quick
@given(st.lists(st.sampled_from(DoorEvent), max_size=40))
def test_whatever_happens_in_whatever_order_people_can_leave(events: list[DoorEvent]) -> None:
    state = S.SHUT
    for event in events:
        if (state, event) in TRANSITIONS:
            state = after(state, event)
        assert state in LETS_OUT


def test_a_status_says_what_the_door_counted() -> None:
    assert DoorStatus(S.SHUT) == DoorStatus(S.SHUT, openings=0, passed=0)
