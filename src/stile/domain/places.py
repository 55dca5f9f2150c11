"""Operator, centre, lane. The purpose is fixed: member access. There is no other (and none for staff
attendance: the Information Commissioner's notice to Serco Leisure, February 2024)."""

import re
from dataclasses import dataclass
from typing import Final

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, LaneId, OperatorId
from stile.domain.liveness import LivenessMode

PURPOSE: Final = "to let members of the leisure centre in"

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
DOOR = re.compile(r"sim:\S*|https?://[^\s/?#]\S*")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the centres, and is the controller of the personal data (UK GDPR Art. 4(7))."""

    id: OperatorId
    name: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("an operator has a name")


@dataclass(frozen=True, slots=True)
class Centre:
    id: CentreId
    operator: OperatorId
    name: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("a centre has a name")


@dataclass(frozen=True, slots=True)
class Lane:
    """One way in. `slug`: its name in addresses. `door`: "sim:" or the http(s) address of a relay.
    `fpir`: the false-positive identification rate it promises (law 7). `frames`: how many good frames an
    attempt fuses. `seconds`: how long an attempt may last."""

    id: LaneId
    centre: CentreId
    slug: str
    name: str
    door: str = "sim:"
    face_mode: bool = True
    liveness: LivenessMode = LivenessMode.PASSIVE
    fpir: float = 0.001
    frames: int = 3
    seconds: float = 10.0

    @property
    def door_shown(self) -> str:
        """The door's address without the password that it may hold: for lists, pages and logs."""
        return re.sub(r"//[^/@]*@", "//…@", self.door)

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise WrongValue(
                f"a lane's short name has 1 to 40 small letters, digits and hyphens, not “{self.slug}”"
            )
        if not self.name.strip():
            raise WrongValue("a lane has a name")
        if not 0 < self.fpir < 0.5:
            raise WrongValue(f"a false-positive rate lies between 0 and 0.5, not {self.fpir}")
        if not 1 <= self.frames <= 10:
            raise WrongValue(f"an attempt fuses 1 to 10 frames, not {self.frames}")
        if not 0 < self.seconds <= 60:
            raise WrongValue(f"an attempt lasts up to 60 seconds, not {self.seconds}")
        if not DOOR.fullmatch(self.door):
            raise WrongValue(f"a door is “sim:” or the http(s) address of a relay, not “{self.door}”")
