"""What `stile evaluate recognition` says on the terminal: tables, and the sentences beside them."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from stile.application.evaluation.evaluate import Evaluation
from stile.application.evaluation.people import Plan
from stile.application.evaluation.rows import Row
from stile.domain.bound import CONFIDENCE
from stile.domain.intervals import Interval
from stile.entrypoints.cli.options import print_line
from stile.entrypoints.cli.photographs import LeftOut

console = Console()


def show(found: Evaluation, left_out: LeftOut, plan: Plan, seconds: float, *, with_suspects: bool) -> None:
    pack = found.results[0].pack
    unread, copies = len(left_out.unread), len(left_out.copies)
    print_line(
        f"{pack} on {found.people:,} people and {found.images + unread + copies:,} photographs "
        f"({unread:,} unreadable, {copies:,} copies of others), in {seconds:.0f} s"
    )
    print_line(
        f"Templates of {plan.enrol}, probes of up to {plan.probe}; FTE {_rate(found.fte, found.fte_ci, 1)}, "
        f"FTA {_rate(found.fta, found.fta_ci, 1)}"
    )
    print_line("")
    _show_identification(found.results)
    if found.rates:
        _show_rates(found)
    if found.groups is not None:
        _show_groups(found)
    if with_suspects:
        _show_suspects(found)
    print_line("What this measurement cannot say, and how it was made:")
    for sentence in found.limits:
        console.print(Text(f"• {sentence}"))


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _show_identification(rows: Sequence[Row]) -> None:
    table = _table(
        "Identification: strangers let in (FPIR) and members not (FNIR), 95 % intervals over people",
        "Members",
        "Target",
        "Threshold",
        "FPIR",
        "Strangers",
        "FNIR",
        "Members missed",
        "Rank 1",
    )
    beside = _table(
        "Beside it: the same without the margin, and with one fixed threshold for every size",
        "Members",
        "Target",
        "No margin: FPIR",
        "FNIR",
        "Fixed: threshold",
        "FPIR",
        "times the target",
        "FNIR",
    )
    for row in rows:
        size, target = f"{row.gallery:,}", f"{row.fpir_target:.2%}"
        table.add_row(
            size,
            target,
            _score(row.threshold) + ("*" if row.extrapolated else ""),
            _rate(row.fpir, row.fpir_ci),
            f"{row.false_positives:,} of {row.strangers:,}",
            _rate(row.fnir, row.fnir_ci),
            f"{row.misses:,} of {row.mated:,}",
            f"{row.rank1:.1%}",
        )
        beside.add_row(
            size,
            target,
            f"{row.point_fpir:.2%}",
            f"{row.point_fnir:.2%}",
            _score(row.fixed_threshold),
            _rate(row.fixed_fpir, row.fixed_fpir_ci),
            f"{row.fixed_factor:.1f} ({row.fixed_factor_ci.lower:.1f}–{row.fixed_factor_ci.upper:.1f})"
            + ("!" if row.fixed_breaks_promise else ""),
            f"{row.fixed_fnir:.2%}",
        )
    console.print(table)
    if any(row.extrapolated for row in rows):
        print_line("* beyond what the comparisons show: the tail was continued")
    console.print(beside)
    if any(row.fixed_breaks_promise for row in rows):
        print_line("! its whole interval lies above the target: this fixed threshold breaks the promise")
    print_line(
        f"The margin: in {CONFIDENCE:.0%} of draws of other people the threshold would have been no higher."
    )
    print_line("")


def _show_rates(found: Evaluation) -> None:
    table = _table("One-to-one (ISO/IEC 19795-1)", "FMR", "Threshold", "FNMR", "Mated", "Non-mated")
    for row in found.rates:
        table.add_row(
            f"{row.fmr:g}",
            _score(row.threshold),
            _rate(row.fnmr, row.fnmr_ci),
            f"{row.mated:,}",
            f"{row.non_mated:,}",
        )
    console.print(table)


def _show_groups(found: Evaluation) -> None:
    assert found.groups is not None
    table = _table(
        f"Groups at the threshold {found.groups.threshold:.4f}",
        "Group",
        "People",
        "FMR",
        "FNMR",
        "Mated",
        "Non-mated",
    )
    for row in found.groups.rows:
        table.add_row(
            row.group,
            f"{row.people:,}",
            "–" if row.fmr is None else _rate(row.fmr, row.fmr_ci, 4),
            "–" if row.fnmr is None else _rate(row.fnmr, row.fnmr_ci),
            f"{row.mated:,}",
            f"{row.non_mated:,}",
        )
    console.print(table)
    for rate, ratio in (("FMR", found.groups.fmr_ratio), ("FNMR", found.groups.fnmr_ratio)):
        said = f"{ratio:.2f}" if ratio is not None else "no figure, as a group showed no error"
        print_line(f"{rate}, worst group over geometric mean: {said}")
    print_line("")


def _show_suspects(found: Evaluation) -> None:
    if not found.suspects:
        print_line("No two names score so high together that their labels are probably wrong.")
        return
    table = _table("Probably one person under two names", "Probe", "Template", "Score")
    for pair in found.suspects:
        table.add_row(pair.probe, pair.template, _score(pair.score))
    console.print(table)


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"


def _rate(rate: float, interval: Interval, digits: int = 2) -> str:
    return f"{rate:.{digits}%} ({interval.lower:.{digits}%}–{interval.upper:.{digits}%})"
