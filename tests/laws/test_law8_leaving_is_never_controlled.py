"""Law 8: leaving is never controlled. Nothing here can lock anyone in."""

import ast
from uuid import uuid4

import pytest

from stile import ports
from stile.adapters.door import SimulatedDoor
from stile.domain.door import LETS_OUT, TRANSITIONS, DoorState
from stile.domain.ids import PassageId
from stile.testing import FakeClock
from tests.conftest import ROOT


def test_a_door_can_be_told_to_open_and_nothing_else() -> None:
    assert {name for name in vars(ports.Door) if not name.startswith("_")} == {"open", "status"}


def test_every_state_that_can_be_reached_lets_people_out() -> None:
    assert set(TRANSITIONS.values()) <= LETS_OUT
    assert frozenset(DoorState) == LETS_OUT


def test_no_driver_has_a_call_that_locks() -> None:
    words = ("lock", "secure_door", "hold_shut", "deny_exit", "lockdown", "arm")
    for path in (ROOT / "src" / "stile" / "adapters" / "door").glob("*.py"):
        names = [
            node.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        assert not [name for name in names if any(word in name.lower().split("_") for word in words)], path


@pytest.mark.parametrize("state", DoorState, ids=str)
def test_people_leave_through_the_simulated_door_in_every_state(state: DoorState) -> None:
    door = SimulatedDoor(FakeClock(), seconds=5)
    if state is DoorState.OPEN:
        door.open(PassageId(uuid4()))
    if state is DoorState.FAULT:
        door.breaks()
    assert door.status().state is state
    assert door.push_from_inside()
