"""Operator, centre, lane. The purpose is fixed: member access. There is no other (and none for staff
attendance: the Information Commissioner's notice to Serco Leisure, February 2024)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, LaneId, OperatorId
from stile.domain.liveness import LivenessMode
from stile.domain.register import OrganisationKind
from stile.domain.zone import Zone

PURPOSE: Final = "to let members of the leisure centre in"

STAFF_KINDS: Final = frozenset(
    ("staff", "employee", "employees", "colleague", "colleagues", "worker", "workers", "team", "team member")
)
"""Kinds of membership by which an operator's own people would be listed. Who works there and is a member as well has an
ordinary membership, and comes in by it as a member."""

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
DOOR = re.compile(r"sim:\S*|https?://[^\s/?#]\S*")


def is_of_staff(kind: str) -> bool:
    """Whether a membership of this kind is a list of the operator's own people: never by face."""
    return kind.strip().casefold() in STAFF_KINDS


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose instance this is: who runs the centres, and is the controller of the personal data (UK GDPR Art. 4(7)); or
    an authority, which has neither centres nor members."""

    id: OperatorId
    name: str
    kind: OrganisationKind = OrganisationKind.OPERATOR

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("an operator has a name")


@dataclass(frozen=True, slots=True)
class Centre:
    id: CentreId
    operator: OperatorId
    name: str
    capacity: int | None = None
    """How many may be inside at once; None is no limit."""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("a centre has a name")
        if self.capacity is not None and self.capacity < 1:
            raise WrongValue(f"a centre holds at least one person, not {self.capacity}")


class Ask(StrEnum):
    """How somebody asks to come in by face. Nobody is looked at before.

    TOUCH: a touch on the kiosk. ZONE: standing in the marked zone. CARD_FIRST: a number first, then the face is
    compared with that one member's template and with nobody else's.
    """

    TOUCH = "touch"
    ZONE = "zone"
    CARD_FIRST = "card first"


@dataclass(frozen=True, slots=True)
class Lane:
    """One way in. `slug`: its name in addresses. `door`: "sim:" or the http(s) address of a relay.

    fpir: the false-positive identification rate an attempt promises (law 7).
    fmr: the false-match rate it promises where a number was given first, and one template is compared.
    attempts: how many attempts a person has before the card is asked for: every retry adds its own chance of a
    false match.
    frames: how many good frames an attempt fuses. seconds: from the first of them to the last, at most.
    patience: how long the lane waits for somebody who can be looked at, seconds.
    anti_passback: who is inside already is not let in again at this lane. It never asks anything of who leaves.
    zone, least_face: where somebody stands who asks by standing there, and how wide their face is at least, a share
    of the frame's width.
    """

    id: LaneId
    centre: CentreId
    slug: str
    name: str
    door: str = "sim:"
    face_mode: bool = True
    liveness: LivenessMode = LivenessMode.PASSIVE
    fpir: float = 0.001
    frames: int = 3
    seconds: float = 1.5
    ask: Ask = Ask.TOUCH
    zone: Zone | None = None
    least_face: float = 0.12
    attempts: int = 2
    fmr: float = 1e-5
    patience: float = 10.0
    anti_passback: bool = False

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
        if not DOOR.fullmatch(self.door):
            raise WrongValue(f"a door is “sim:” or the http(s) address of a relay, not “{self.door}”")
        if not 0 < self.fpir < 0.5:
            raise WrongValue(f"a false-positive rate lies between 0 and 0.5, not {self.fpir}")
        if not 0 < self.fmr < 0.5:
            raise WrongValue(f"a false-match rate lies between 0 and 0.5, not {self.fmr}")
        if not 1 <= self.frames <= 10:
            raise WrongValue(f"an attempt fuses 1 to 10 frames, not {self.frames}")
        if not 0 < self.seconds <= 10:
            raise WrongValue(f"frames are collected over up to 10 seconds, not {self.seconds}")
        if not self.seconds <= self.patience <= 60:
            raise WrongValue(
                f"a lane waits at least as long as it collects, and up to 60 seconds, not {self.patience}"
            )
        if not 1 <= self.attempts <= 1000:  # so many only while people measure at the lane; the doctor warns
            raise WrongValue(f"a person has 1 to 1,000 attempts, not {self.attempts}")
        if not 0 < self.least_face < 1:
            raise WrongValue(f"a face's least width is a share of the frame's, not {self.least_face}")
        if self.ask is Ask.ZONE and self.zone is None:
            raise WrongValue("a lane that is asked by standing in its zone has a zone")
