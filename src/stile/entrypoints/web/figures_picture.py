"""The error rates of one period beneath each other, each with its 95 % interval, on one logarithmic axis: a rate of one
in ten thousand and one of a third can be told apart on it. What was not measured has no mark and says so; 0 has a mark
of its own at the edge.

SVG that takes its colours from the page; what was noticed and what was estimated are told apart by form as well.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from stile.domain.figure_words import LABELS, OF, said
from stile.domain.figures import Basis, Estimate, Figure, Figures, Measure, Share

M = Measure
ERRORS = (
    M.FALSE_ALERTS,
    M.FALSE_ADMISSIONS,
    M.FALSE_REFUSALS,
    M.FAILURES_TO_ACQUIRE,
    M.FAILURES_TO_ENROL,
    M.ATTACKS_ADMITTED,
)
WIDTH, ROW, TOP, BOTTOM = 520, 46, 40, 50
LEFT, RIGHT = 30, 30
LEAST = 1e-5
"""The axis begins at one in 100,000; what is less is drawn at its edge."""
DECADES = 5
HALO = 'stroke="var(--surface)" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
"""Words stand on the lines of the axis, and are read all the same."""
COLOUR = {Basis.SAMPLED: "var(--curve-2)", Basis.NOTICED: "var(--curve-1)", Basis.COUNTED: "var(--curve-3)"}
WORDS = {Basis.NOTICED: "noticed", Basis.SAMPLED: "by spot checks", Basis.COUNTED: "counted"}


@dataclass(frozen=True, slots=True)
class Line:
    figure: Figure
    share: Share

    @property
    def words(self) -> str:
        return f"{LABELS[self.figure.measure]} of {OF[self.share.of]}: {said(self.share.rate)}"


def lines(figures: Figures) -> Sequence[Line]:
    """What is drawn, in order."""
    return [
        Line(figure, share)
        for figure in (figures.of(measure) for measure in ERRORS)
        for share in figure.shares
    ]


def picture(figures: Figures) -> str:
    """One `<svg>` with a line for each rate."""
    drawn = lines(figures)
    height = TOP + ROW * len(drawn) + BOTTOM
    parts = [*_legend(), *_axis(height)]
    for place, line in enumerate(drawn):
        parts += _line(line, TOP + ROW * place + ROW / 2)
    words = "; ".join(line.words for line in drawn)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="rates-t rates-d" class="chart">'
        f'<title id="rates-t">Error rates with their 95 % intervals</title><desc id="rates-d">{escape(words)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def _line(line: Line, y: float) -> Iterator[str]:
    rate = line.share.rate
    label = f"{LABELS[line.figure.measure]}, of {OF[line.share.of]}"
    yield _text(
        2, y - 4, label if isinstance(rate, Estimate) else f"{label}: not measured", "start", "var(--ink)"
    )
    if not isinstance(rate, Estimate):
        return
    y += 11
    colour = COLOUR[line.figure.basis]
    low, high, at = (_x(one) for one in (rate.interval.lower, rate.interval.upper, rate.value))
    yield (
        f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="6"'
        ' stroke-opacity=".35" stroke-linecap="round"/>'
    )
    yield _mark(at, y, line.figure.basis, hollow=rate.value == 0)


def _x(share: float) -> float:
    decades = math.log10(max(share, LEAST) / LEAST)
    return LEFT + decades / DECADES * (WIDTH - RIGHT - LEFT)


def _axis(height: float) -> Iterator[str]:
    bottom = height - BOTTOM
    for decade in range(DECADES + 1):
        share = LEAST * 10**decade
        x = _x(share)
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="var(--line)"/>'
        yield _text(x, bottom + 18, f"{share * 100:g} %", "middle", "var(--muted)", 12)
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield _text(middle, height - 8, "Share, each line ten times the one before", "middle", "var(--muted)", 12)


def _legend() -> Iterator[str]:
    for place, basis in enumerate(WORDS):
        x = 2 + place * 130
        yield _mark(x + 6, 15, basis)
        yield _text(x + 18, 20, WORDS[basis], "start", "var(--muted)")


def _mark(x: float, y: float, basis: Basis, hollow: bool = False) -> str:
    colour = COLOUR[basis]
    paint = f'fill="{"var(--surface)" if hollow else colour}" stroke="{colour}" stroke-width="2.5"'
    match basis:
        case Basis.NOTICED:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {paint}/>'
        case Basis.SAMPLED:
            return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" {paint}/>'
        case Basis.COUNTED:
            corners = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
            return f'<polygon points="{corners}" {paint}/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str, size: int = 14) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}" {HALO}>'
        f"{escape(words)}</text>"
    )
