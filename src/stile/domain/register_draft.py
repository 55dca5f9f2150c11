"""What an entry about a centre of our own begins with, from what the program is set to there. Nothing of it counts
until somebody enters it."""

from stile.domain.configuration import Configuration, rate
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


def _listed(ways: tuple[str, ...]) -> str:
    words = f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else "".join(ways)
    return f"{words[:1].upper()}{words[1:]}"
