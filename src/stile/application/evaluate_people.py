"""Law 7, measured: who of the photographed people is enrolled, who comes by as a stranger, and what everybody's
probe scores against every template.

Nothing is kept: frames, features and templates of a measurement live in memory only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.domain import fusion, quality
from stile.domain.errors import WrongValue
from stile.domain.faces import Features, Frame
from stile.domain.quality import DEFAULT_LIMITS, ENROLMENT_LIMITS, Flaw
from stile.ports import Detector, Embedder

FPIRS = (0.001, 0.003, 0.01)


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one photograph. `features`: None where a lane would not use it. The flaws say why."""

    features: Features | None
    at_lane: Flaw | None
    at_enrolment: Flaw | None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    looks: Sequence[Look]


@dataclass(frozen=True, slots=True)
class Plan:
    """`enrol`: shots fused into a template. `probe`: frames fused into a probe, at most. `galleries`: sizes;
    None for 50, 100 and the largest possible. `fpirs`: targets."""

    enrol: int = 3
    probe: int = 3
    galleries: Sequence[int] | None = None
    fpirs: Sequence[float] = FPIRS
    seed: int = 0

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


def look(frame: Frame, detector: Detector, embedder: Embedder) -> Look:
    """One photograph, judged as at the lane and as at an enrolment."""
    faces = detector.detect(frame)
    face = quality.choose(faces, frame, DEFAULT_LIMITS)
    if isinstance(face, Flaw):
        return Look(None, face, face)
    aligned = embedder.align(frame, face)
    if flaw := quality.assess(aligned, DEFAULT_LIMITS):
        return Look(None, flaw, flaw)
    strict = quality.choose(faces, frame, ENROLMENT_LIMITS)
    flaw = strict if isinstance(strict, Flaw) else quality.assess(aligned, ENROLMENT_LIMITS)
    return Look(embedder.embed(aligned), None, flaw)


def look_at(
    people: Iterable[tuple[str, Iterable[Frame]]],
    detector: Detector,
    embedder: Embedder,
    on_person: Callable[[], None] = lambda: None,
) -> list[Person]:
    """Everybody's photographs, read one at a time."""
    seen = []
    for name, frames in people:
        seen.append(Person(name, [look(frame, detector, embedder) for frame in frames]))
        on_person()
    return seen


# --- who is enrolled and who only comes by ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Subject:
    """`came`: brought more than K photographs, as a member would. `template`: None when not enrolled.
    `member`: enrolled, and photographs are left to come back with. `probe`: None when none was usable."""

    name: str
    came: bool
    template: NDArray[np.float32] | None
    member: bool
    probe: NDArray[np.float32] | None
    frames: int
    refused: Sequence[Flaw]


def subject_of(person: Person, plan: Plan) -> Subject:
    """The first K photographs fit to enrol make the template; the next usable ones, up to M, the probe.
    Who is not a member comes as a stranger, with the first M usable ones."""
    fit = [at for at, one in enumerate(person.looks) if one.features and one.at_enrolment is None]
    chosen = fit[: plan.enrol]
    enrolled = len(chosen) == plan.enrol
    came = len(person.looks) > plan.enrol
    member = enrolled and came
    template = fusion.template([_there(person.looks[at]) for at in chosen]).vector if enrolled else None
    rest = [one for at, one in enumerate(person.looks) if not (member and at in chosen)]
    frames = [one.features for one in rest if one.features][: plan.probe]
    offered = person.looks[: chosen[-1] + 1] if enrolled else person.looks
    refused = [one.at_enrolment for one in offered if one.at_enrolment] if came else []
    return Subject(
        person.name,
        came,
        template,
        member,
        fusion.probe(frames).vector if frames else None,
        len(frames),
        refused,
    )


def _there(one: Look) -> Features:
    assert one.features is not None
    return one.features


class Half:
    """One half of the people: everybody's probe against every template, and who is who in it."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self.subjects = subjects
        self.probing = [at for at, one in enumerate(subjects) if one.probe is not None]
        self.enrolled = [at for at, one in enumerate(subjects) if one.template is not None]
        if not self.probing or len(self.enrolled) < 2:
            raise WrongValue(
                "to evaluate needs at least two people in each half with photographs enough to enrol"
            )
        probes = np.stack([one.probe for one in subjects if one.probe is not None])
        templates = np.stack([one.template for one in subjects if one.template is not None])
        self.scores: NDArray[np.float32] = probes @ templates.T
        self.own = np.array(self.probing)[:, None] == np.array(self.enrolled)[None, :]
        self.columns_of_members = np.array(
            [column for column, at in enumerate(self.enrolled) if subjects[at].member], np.int64
        )
        self.rows_of_strangers = [row for row, at in enumerate(self.probing) if not subjects[at].member]
        self.row_of = {at: row for row, at in enumerate(self.probing)}

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
