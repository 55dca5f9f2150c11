"""Law 8: leaving is never controlled. Nothing here can lock anyone in.

A door has one power, to let one person in; every state lets people out. The table below is all there is:
the simulated door, the docs' diagram and the tests read it.
"""

from dataclasses import dataclass
from enum import StrEnum

from stile.domain.errors import WrongValue


class DoorState(StrEnum):
    SHUT = "shut"
    OPEN = "open"
    FAULT = "fault"


class DoorEvent(StrEnum):
    TOLD_TO_OPEN = "told to open"
    SOMEONE_PASSED = "someone passed"
    TIME_RAN_OUT = "time ran out"
    BROKE = "broke"
    MENDED = "mended"


TRANSITIONS: dict[tuple[DoorState, DoorEvent], DoorState] = {
    (DoorState.SHUT, DoorEvent.TOLD_TO_OPEN): DoorState.OPEN,
    (DoorState.OPEN, DoorEvent.TOLD_TO_OPEN): DoorState.OPEN,
    (DoorState.OPEN, DoorEvent.SOMEONE_PASSED): DoorState.SHUT,
    (DoorState.OPEN, DoorEvent.TIME_RAN_OUT): DoorState.SHUT,
    (DoorState.SHUT, DoorEvent.BROKE): DoorState.FAULT,
    (DoorState.OPEN, DoorEvent.BROKE): DoorState.FAULT,
    (DoorState.FAULT, DoorEvent.MENDED): DoorState.SHUT,
}

LETS_OUT = frozenset({DoorState.SHUT, DoorState.OPEN, DoorState.FAULT})
"""The states in which people can leave: all of them. Named one by one, so that a new state is outside this set,
and fails the test of law 8, until somebody has thought about it."""


def after(state: DoorState, event: DoorEvent) -> DoorState:
    """The state that follows. Raises WrongValue where the table has no such step."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongValue(f"a door that is {state} cannot take “{event}”") from None


@dataclass(frozen=True, slots=True)
class DoorStatus:
    """What a door says of itself. `openings`: how often it was told to open since the start."""

    state: DoorState
    openings: int = 0
    passed: int = 0
