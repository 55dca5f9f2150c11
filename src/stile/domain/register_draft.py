"""What an entry about a centre of our own begins with, from what the program is set to there. Nothing of it counts
until somebody enters it."""

from collections.abc import Sequence
from dataclasses import dataclass

from stile.domain.configuration import Configuration, LaneSet, rate
from stile.domain.dpia_facts import PERSONAL
from stile.domain.places import PURPOSE
from stile.domain.register import Deployment, Mode, Phase, Relationship


def drafted(found: Configuration, key: str) -> Deployment:
    """What an entry about our own centre begins with: planned, until somebody says otherwise."""
    looking = found.looking
    one_to_one = {lane.one_to_one for lane in looking}
    mode = (
        Mode.BOTH if len(one_to_one) == 2 else Mode.ONE_TO_ONE if one_to_one == {True} else Mode.ONE_TO_MANY
    )
    return Deployment(
        key=key,
        place=found.centre,
        operator=found.operator,
        phase=Phase.PLANNED,
        relationship=Relationship.OWN,
        address="",
        purpose=PURPOSE,
        mode=mode if looking else None,
        controller=found.operator,
        lawful_basis="Consent (UK GDPR Art. 6(1)(a))",
        condition="Explicit consent (UK GDPR Art. 9(2)(a))",
        alternative=f"{_listed(found.ways)}, at the same lane, at the same hours.",
        retention=found.kept(*PERSONAL),
        pack=found.pack,
        threshold="\n".join(
            f"{lane.name}: {rate(lane)}"
            + (
                f"; threshold {lane.threshold:.3f} among {found.enrolled:,} enrolled"
                if lane.threshold
                else ""
            )
            for lane in looking
        ),
    )


@dataclass(frozen=True, slots=True)
class Differs:
    """A field of a deployment that says otherwise than the program is set to."""

    field: str
    recorded: str
    set_to: str


def differs(found: Configuration, fact: Deployment) -> Sequence[Differs]:
    """Where an entry and the program have drifted apart. Prose is nobody's to judge: what was written by hand counts as
    different only where it names another model, another rate, or another period of a rule."""
    wanted = drafted(found, fact.key)
    told = []
    if fact.pack and fact.pack != wanted.pack:
        told.append(Differs("pack", fact.pack, wanted.pack or "no model"))
    if fact.mode and wanted.mode and fact.mode is not wanted.mode:
        told.append(Differs("mode", fact.mode.value, wanted.mode.value))
    if fact.threshold and any(_promise(lane) not in fact.threshold for lane in found.looking):
        told.append(Differs("threshold", fact.threshold, wanted.threshold))
    rules = {line.partition(":")[0]: line for line in wanted.retention.splitlines()}
    lines = [line.strip() for line in fact.retention.splitlines()]
    if any(line != rules.get(line.partition(":")[0], line) for line in lines):
        told.append(Differs("retention", fact.retention, wanted.retention))
    return told


def _promise(lane: LaneSet) -> str:
    return f"{lane.name}: {rate(lane)}"


def _listed(ways: tuple[str, ...]) -> str:
    words = f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else "".join(ways)
    return f"{words[:1].upper()}{words[1:]}"
