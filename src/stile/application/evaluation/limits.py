"""What a measurement cannot say, in sentences that stand beside its figures (ISO/IEC 19795-1; rules of 3 and 30)."""

from collections.abc import Mapping, Sequence

from stile.application.evaluation.pairs import Groups, RateRow
from stile.application.evaluation.people import Plan, Subject
from stile.application.evaluation.rows import Row
from stile.domain.intervals import FEW_ERRORS, rule_of_3

HALVES = (
    "Thresholds were found on one half of the people and measured on the other, then the other way round; "
    "the counts of both are pooled."
)

ALL_MEMBERS = (
    "Everybody in one half has photographs enough to be a member: there, members who are outside a gallery are the "
    "strangers to it."
)


def of_size(size: int, largest: int) -> str:
    return (
        f"A gallery of {size:,} is more than the {largest:,} people enrolled in each half; "
        f"it was measured with {largest:,}."
    )


def of_filled(size: int, filled: int) -> str:
    return (
        f"Of the two galleries of {size:,}, {filled:,} are people enrolled with all the photographs they have: they "
        "make the gallery larger, and have none left to come back with."
    )


def of_rows(rows: Sequence[Row]) -> list[str]:
    """What the data is too small to say one to many, one sentence for each kind."""
    said = []
    counted = {
        "FPIR": [(row, row.false_positives, row.strangers) for row in rows],
        "FNIR": [(row, row.misses, row.mated) for row in rows],
    }
    for rate, counts in counted.items():
        if unmeasured := [(row, "") for row, _, of in counts if not of]:
            said.append(f"{rate} was not measured, for want of people: {_listed(unmeasured)}.")
        none = [
            (row, f"0 of {of:,} (up to {rule_of_3(of):.2%})")
            for row, errors, of in counts
            if of and not errors
        ]
        few = [(row, f"{errors} of {of:,}") for row, errors, of in counts if 0 < errors < FEW_ERRORS]
        if none:
            said.append(
                f"{rate}, no error seen, so the true rate may be above 0 (rule of 3): {_listed(none)}."
            )
        if few:
            said.append(
                f"{rate}, fewer than {FEW_ERRORS} errors, a rough figure (rule of 30): {_listed(few)}."
            )
    if open_ones := [
        (row, f"up to {row.fpir_ci.upper:.2%}")
        for row in rows
        if row.strangers and row.fpir_ci.upper > row.fpir_target and not row.breaks_promise
    ]:
        said.append(
            "The interval of the FPIR holds the target: these people do not show that the promise is broken, and are "
            f"too few to show that it is kept: {_listed(open_ones)}."
        )
    if broken := [(row, f"from {row.fpir_ci.lower:.2%}") for row in rows if row.breaks_promise]:
        said.append(f"The whole interval of the FPIR lies above the target: {_listed(broken)}.")
    if without := [(row, "") for row in rows if row.threshold is None]:
        said.append(f"No threshold, as the rate is too far beyond the data: {_listed(without)}.")
    if beyond := [(row, "") for row in rows if row.threshold is not None and row.extrapolated]:
        said.append(f"The tail was continued beyond what the comparisons show: {_listed(beyond)}.")
    return said


def _listed(found: Sequence[tuple[Row, str]]) -> str:
    """“at 50 members: 0.1 % 1 of 1,451, 1 % 14 of 1,451; at 100 members: …”"""
    sizes: dict[int, list[str]] = {}
    for row, words in found:
        sizes.setdefault(row.gallery, []).append(f"{row.fpir_target * 100:.4g} % {words}".rstrip())
    return "; ".join(f"at {size:,} members: {', '.join(said)}" for size, said in sizes.items())


def of_frames(subjects: Sequence[Subject], plan: Plan) -> list[str]:
    """How many had fewer photographs to be fused than the plan asks for."""
    said = []
    for who, chosen in (
        ("members", [one for one in subjects if one.member]),
        ("strangers", [one for one in subjects if not one.member]),
    ):
        fewer = sum(0 < one.frames < plan.probe for one in chosen)
        if fewer:
            said.append(
                f"{fewer:,} of {len(chosen):,} {who} had fewer than {plan.probe} usable photographs left "
                "to probe with; theirs are fused from fewer, and a lane's from all."
            )
    return said


def of_rates(rows: Sequence[RateRow]) -> list[str]:
    few = [f"{row.misses} of {row.mated:,} at FMR {row.fmr:g}" for row in rows if row.misses < FEW_ERRORS]
    if not few:
        return []
    return [f"FNMR, fewer than {FEW_ERRORS} errors, a rough figure (rules of 3 and 30): {'; '.join(few)}."]


def of_groups(groups: Groups, known: Mapping[str, str], people: int) -> list[str]:
    said = []
    if without := people - len(known):
        said.append(f"{without:,} of {people:,} people are in no group.")
    few = [
        f"{row.group} ({row.matches:,} false matches, {row.misses:,} misses)"
        for row in groups.rows
        if min(row.matches, row.misses) < FEW_ERRORS
    ]
    if few:
        said.append(
            f"Groups with fewer than {FEW_ERRORS} errors of a kind, whose rate of it is rough (rule of 30): "
            f"{'; '.join(few)}."
        )
    return said
