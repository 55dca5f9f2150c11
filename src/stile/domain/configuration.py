"""What the running program is set to at one centre, as facts: what papers about it begin with, so that they say what is
done and not what somebody remembers."""

from collections.abc import Mapping
from dataclasses import dataclass

from stile.domain.children import Children
from stile.domain.liveness import LivenessMode
from stile.domain.notice import how_long
from stile.domain.places import Ask
from stile.domain.retention import RULES, Subject


@dataclass(frozen=True, slots=True)
class LaneSet:
    """A lane's settings. `threshold`: what it holds a face to now; None where it is closed to faces. `rate`: the rate
    that it keeps, of an attempt one to many (FPIR) or of a comparison one to one (FMR)."""

    name: str
    face_mode: bool
    ask: Ask
    liveness: LivenessMode
    rate: float
    threshold: float | None
    attempts: int
    frames: int

    @property
    def one_to_one(self) -> bool:
        return self.ask is Ask.CARD_FIRST


@dataclass(frozen=True, slots=True)
class Configuration:
    """`officer`, `contact`, `address`, `recipients`: as the operator wrote them, "" where not. `pack`: "" where nothing
    can see; `measured_on`: on whose faces its rates were measured. `members`, `enrolled`: how many there are.
    `days`: every retention rule's period in force. `notice`: its version. `ways`: the ways in beside the face.
    `spot_checks`: one admission in so many is checked by reception, 0 none. `groups`: whose error rates are compared.
    """

    operator: str
    centre: str
    officer: str
    contact: str
    address: str
    recipients: str
    lanes: tuple[LaneSet, ...]
    pack: str
    measured_on: str
    members: int
    enrolled: int
    days: Mapping[Subject, int]
    children: Children
    notice: str
    ways: tuple[str, ...]
    backups: bool
    over_tls: bool
    second_factor: bool
    spot_checks: int = 0
    groups: tuple[str, ...] = ()

    @property
    def looking(self) -> tuple[LaneSet, ...]:
        """Lanes that look at faces."""
        return tuple(lane for lane in self.lanes if lane.face_mode)

    def kept(self, *subjects: Subject) -> str:
        """How long, in sentences."""
        return "\n".join(
            f"{RULES[one].label}: {how_long(self.days[one])} after {RULES[one].since}." for one in subjects
        )


def about(count: int) -> str:
    """The order of a number: papers do not go out of date with every member who joins."""
    for most in (100, 1_000, 10_000, 100_000, 1_000_000):
        if count < most:
            return f"fewer than {most:,}"
    return f"{count // 1_000_000} million or more"


def rate(lane: LaneSet) -> str:
    """The rate that a lane keeps, with the standard's word for it."""
    share = f"{lane.rate:.10f}".rstrip("0")
    if lane.one_to_one:
        return f"a false-match rate of {share} of a comparison, one to one"
    return f"a false-positive identification rate of {share} of an attempt, one to many"
