"""Law 7, measured: who of the photographed people is enrolled, who comes by as a stranger, and what everybody's
probe scores against every template.

Nothing is kept: frames, features and templates of a measurement live in memory only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.application.seeing import Sees, see
from stile.application.shots import ShotFlaw, Shots
from stile.domain import fusion
from stile.domain.errors import WrongValue
from stile.domain.faces import Features, Frame
from stile.domain.quality import Flaw

FPIRS = (0.001, 0.003, 0.01)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one photograph. `features`: None where a lane would not use it; `at_lane` says why.
    `at_enrolment`: why it is no shot, if it was tried as one. `shot`: it is one of those the template is made of."""

    features: Features | None
    at_lane: Flaw | None = None
    at_enrolment: Flaw | ShotFlaw | None = None
    shot: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    looks: Sequence[Look]


@dataclass(frozen=True, slots=True)
class Plan:
    """`enrol`: shots fused into a template. `probe`: frames fused into a probe, at most. `galleries`: sizes;
    None for 50, 100 and the largest possible, which `largest` asks for beside others. `fpirs`: targets."""

    enrol: int = 3
    probe: int = 3
    galleries: Sequence[int] | None = None
    fpirs: Sequence[float] = FPIRS
    seed: int = 0
    largest: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.enrol <= 10 or not 1 <= self.probe <= 10:
            raise WrongValue("an enrolment and a probe are made of 1 to 10 photographs each")
        for size in self.galleries or ():
            if size < 1:
                raise WrongValue(f"a gallery has at least one member, not {size}")
        if not self.fpirs:
            raise WrongValue("at least one target is needed")
        for rate in self.fpirs:
            if not 0 < rate < 0.5:
                raise WrongValue(f"a target lies between 0 and 0.5, not {rate}")


def look(frame: Frame, eyes: Sees, shots: Shots | None) -> Look:
    """One photograph, taken as a shot while the enrolment wants more of them; else, and where it is no fit shot,
    judged as at the lane."""
    refused = None
    if shots is not None:
        taken = shots.take(eyes, frame)
        if isinstance(taken, Features):
            return Look(taken, shot=True)
        refused = taken
    seen = see(eyes, frame)
    if isinstance(seen, Flaw):
        return Look(None, seen, refused)
    return Look(eyes.embedder.embed(seen.aligned), None, refused)


def look_at(name: str, frames: Iterable[Frame], eyes: Sees, enrol: int, same_person: float | None) -> Person:
    """Somebody's photographs, read one at a time and in their order: an enrolment until it has its shots, then a
    lane. `same_person`: the cosine that a further shot must reach with those before it (see Shots)."""
    shots = Shots(same_person)
    return Person(name, [look(frame, eyes, shots if len(shots) < enrol else None) for frame in frames])


# --- who is enrolled and who only comes by ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """`came`: brought more than K photographs, as a member would. `template`: None when not enrolled.
    `member`: enrolled, and photographs are left to come back with. `rest`: the usable photographs to come with: of a
    member those that the template is not made of, of anybody else all. `probe`: of the first of them, up to M; None
    when there is none. `shots`: what the template is made of."""

    name: str
    came: bool
    template: NDArray[np.float32] | None
    member: bool
    probe: NDArray[np.float32] | None
    frames: int
    rest: Sequence[Features]
    shots: Sequence[Features]
    refused: Sequence[Flaw | ShotFlaw]


def subject_of(person: Person, plan: Plan) -> Subject:
    """The K shots make the template; the next usable photographs, up to M, the probe. Who is not a member comes as a
    stranger, with the first M usable ones."""
    shots = [one.features for one in person.looks if one.shot and one.features]
    enrolled = len(shots) >= plan.enrol
    came = len(person.looks) > plan.enrol
    rest = [one.features for one in person.looks if one.features and not (came and enrolled and one.shot)]
    frames = rest[: plan.probe]
    return Subject(
        person.name,
        came,
        fusion.template(shots[: plan.enrol]).vector if enrolled else None,
        enrolled and came,
        fusion.probe(frames).vector if frames else None,
        len(frames),
        rest,
        shots[: plan.enrol],
        [one.at_enrolment for one in person.looks if one.at_enrolment] if came else [],
    )


def halves_of(subjects: Sequence[Subject], seed: int) -> tuple[list[Subject], list[Subject]]:
    """Everybody in one of two halves, at random, with as many members and as many enrolled in the one as in the other:
    a half with fewer would decide how large a gallery can be measured."""
    order = np.random.default_rng(seed).permutation(len(subjects))
    sorted_ones = sorted(order, key=lambda at: (not subjects[at].member, subjects[at].template is None))
    dealt = [subjects[at] for at in sorted_ones]
    return dealt[::2], dealt[1::2]


class Half:
    """One half of the people: everybody's probe against every template, and who is who in it."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = subjects
        self.probing = [at for at, one in enumerate(subjects) if one.probe is not None]
        self.enrolled = [at for at, one in enumerate(subjects) if one.template is not None]
        if not self.probing or len(self.enrolled) < 2:
            raise WrongValue(
                "to evaluate needs at least two people in each half whom an enrolment accepts, "
                "and somebody to probe with"
            )
        probes = np.stack([one.probe for one in subjects if one.probe is not None])
        templates = np.stack([one.template for one in subjects if one.template is not None])
        self.scores: NDArray[np.float32] = probes @ templates.T
        self.own = np.array(self.probing)[:, None] == np.array(self.enrolled)[None, :]
        self.columns_of_members = np.array(
            [column for column, at in enumerate(self.enrolled) if subjects[at].member], np.int64
        )
        self.columns_of_others = np.array(
            [column for column, at in enumerate(self.enrolled) if not subjects[at].member], np.int64
        )
        """Enrolled with all their photographs: nothing is left for them to come back with."""
        self.row_of = {at: row for row, at in enumerate(self.probing)}

    @property
    def strangers(self) -> int:
        """People who could not be members, and have a probe."""
        return sum(not self.subjects[at].member for at in self.probing)

    @property
    def largest(self) -> int:
        """As large as a gallery can be made of these people."""
        return len(self.enrolled)

    @property
    def non_mated(self) -> NDArray[np.float32]:
        scores: NDArray[np.float32] = self.scores[~self.own]
        return scores

    @property
    def mated(self) -> NDArray[np.float32]:
        """Members' probes against their own templates; those who gave no usable probe are not among them."""
        members = [self.subjects[at].member for at in self.probing]
        scores: NDArray[np.float32] = self.scores[self.own & np.array(members)[:, None]]
        return scores
