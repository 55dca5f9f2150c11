"""A measured calibration as the block of TOML that a catalogue holds, with the command that made it above it."""

import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stile.application.evaluation.calibration import Measured
from stile.application.evaluation.people import Person, Plan
from stile.domain.bound import CONFIDENCE, RESAMPLES
from stile.entrypoints.cli.photographs import LeftOut


def block(
    measured: Measured, people: Sequence[Person], left_out: LeftOut, plan: Plan, photographs: Path
) -> str:
    """TOML that may be appended to a catalogue as it stands."""
    made = measured.calibration
    looks = [one for person in people for one in person.looks]
    refused = Counter(one.at_lane for one in looks if one.at_lane)
    why = ", ".join(f"{count} {flaw}" for flaw, count in sorted(refused.items())) or "none"
    words = (
        f"{made.data}: {sum(one.features is not None for one in looks):,} usable photographs of "
        f"{made.people:,} people, {measured.templates:,} enrolled with {plan.enrol} shots each; "
        f"{measured.probes:,} probes of {plan.probe} fused frames, and one of up to {plan.probe} for each person; "
        f"thresholds that {CONFIDENCE * 100:.0f} % of {RESAMPLES} draws of the people do not exceed"
    )
    rows = "\n".join(
        f"    [{point.threshold:.5f}, {point.fmr:g}, {point.fnmr:.5f}],  # {single:.5f} of one frame"
        for point, single in zip(made.points, measured.fnmr_single, strict=True)
    )
    return (
        f"\n[calibration.{made.pack}]\n"
        f"# {_command(measured, plan, photographs)}\n"
        f"# mated comparisons: {measured.mated:,} of {plan.probe} fused frames, "
        f"{measured.mated_single:,} of one frame\n"
        f"# photographs left out: {len(left_out.unread)} unreadable, {len(left_out.copies)} copies; "
        f"refused as at the lane: {why}\n"
        f'data = "{words.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}"\n'
        f"comparisons = {made.comparisons}  # non-mated, of {plan.probe} fused frames\n"
        f"people = {made.people}\n"
        f"points = [  # threshold (cosine), FMR, FNMR of {plan.probe} fused frames; FMR below "
        f"{made.shown_fmr:.1g} was not seen but continued\n"
        f"{rows}\n]\n"
    )


def _command(measured: Measured, plan: Plan, photographs: Path) -> str:
    """Whatever decides the figures, and nothing that does not."""
    usual = Plan()
    said = [
        (f"--{name}", getattr(plan, name))
        for name in ("enrol", "probe", "seed")
        if getattr(plan, name) != getattr(usual, name)
    ]
    words = ["stile", "evaluate", "recognition", str(photographs), "--pack", measured.calibration.pack]
    described = measured.calibration.data
    if described != photographs.resolve().name:
        words += ["--described", described]
    words += [str(word) for pair in said for word in pair]
    return shlex.join([*words, "--calibration", "-"])
