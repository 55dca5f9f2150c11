"""Who processes personal data keeps a record of it (UK GDPR Art. 30), made here of the register, the retention rules in
force and what the program does: never of what somebody remembers.

Art. 30(1): what an organisation processes as controller. Art. 30(2): what it processes for another. A use that is
somebody else's alone is neither: it is named, so that nobody wonders. What is not recorded is said to be not recorded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from stile.domain.children import Children
from stile.domain.errors import WrongValue
from stile.domain.register import Deployment, OrganisationKind, Phase, Relationship
from stile.domain.retention import Subject

NOT_RECORDED = "Not recorded"


class Part(StrEnum):
    CONTROLLER = "Art. 30(1)"
    PROCESSOR = "Art. 30(2)"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose record it is. `address`, `contact`, `officer`: "" where not set."""

    name: str
    kind: OrganisationKind
    address: str = ""
    contact: str = ""
    officer: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("a record of processing is somebody's: the organisation has a name")


@dataclass(frozen=True, slots=True)
class Safeguards:
    """Of Art. 32, as set."""

    over_tls: bool
    second_factor: bool
    backups: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity. `joint`: joint controllers. `controller`: of Art. 30(2), on whose behalf. `basis`: with
    the condition of Art. 9(2) where data is of a special category. `assessed`: which impact assessment covers it."""

    part: Part
    name: str
    controller: str
    joint: str
    places: str
    purposes: str
    basis: str
    people: str
    data: str
    recipients: str
    transfers: str
    kept: str
    security: str
    assessed: str


@dataclass(frozen=True, slots=True)
class ProcessingRecord:
    """`outside`: uses of others that are none of this organisation's processing."""

    of: Organisation
    on: date
    activities: Sequence[Activity]
    outside: Sequence[Deployment]

    def part(self, part: Part) -> Sequence[Activity]:
        return [one for one in self.activities if one.part is part]


@dataclass(frozen=True, slots=True)
class Known:
    """What the record is made of besides the register. `days`: of each retention rule in force. `transfers`: by
    deployment, what its assessment says of transfers abroad. `recipients`: as the notice names them. `groups`: in
    which members may place themselves. `bound`: whether the Freedom of Information Act binds the organisation."""

    days: Mapping[Subject, int]
    safeguards: Safeguards
    children: Children = Children.OFF
    recipients: str = ""
    transfers: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    bound: bool = True


def part_of(of: Organisation, fact: Deployment) -> Part | None:
    """As what this organisation processes data there; None where it does not."""
    if fact.phase is Phase.ENDED:
        return None
    is_authority = of.kind is OrganisationKind.AUTHORITY
    runs_it, decides = same(fact.operator, of.name), same(fact.controller, of.name)
    joint = any(same(one, of.name) for one in fact.joint_controllers)
    if decides or joint:
        return Part.CONTROLLER
    if fact.relationship is Relationship.ON_BEHALF:
        return Part.CONTROLLER if is_authority else Part.PROCESSOR
    if fact.relationship is Relationship.OWN:
        return Part.PROCESSOR if fact.controller and runs_it else Part.CONTROLLER
    return Part.CONTROLLER if runs_it and not fact.controller else Part.PROCESSOR if runs_it else None


def same(one: str, other: str) -> bool:
    """Whether two names are one organisation's, however they are written."""
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()
