"""How a lane's threshold comes about, as a picture: false-match rate against threshold, of the pack and of the site's
own members, with the rate that the lane promises and where it meets the safer of the two.

SVG that takes its colours from the page; curves are told apart by dashes as well as by colour.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from stile.domain.calibration import Calibration

WIDTH, HEIGHT = 500, 260
LEFT, RIGHT, TOP, BOTTOM = 118, 16, 14, 46
DASHES = ("none", "7 4")
MORE = 0.02
"""Cosine, beyond the highest threshold drawn."""


@dataclass(frozen=True, slots=True)
class Source:
    """One calibration and what it is called in the picture."""

    name: str
    calibration: Calibration


def picture(id: str, description: str, sources: Sequence[Source], fmr: float, threshold: float | None) -> str:
    """One `<svg>`. `fmr`: the rate that the lane must keep in a comparison. `threshold`: in force; None without one."""
    points = [(one.threshold, one.fmr) for source in sources for one in source.calibration.points]
    low, high = min(x for x, _ in points), max([x for x, _ in points] + ([threshold] if threshold else []))
    rarest = min([y for _, y in points] + [fmr])
    area = _Area(low, min(1.0, high + MORE), math.floor(math.log10(rarest)))
    drawn = [*_grid(area)]
    at = area.y(fmr)
    drawn.append(_line(LEFT, at, WIDTH - RIGHT, at, "var(--warn)", "2 3"))
    for place, source in enumerate(sources):
        corners = " ".join(
            f"{area.x(one.threshold):.1f},{area.y(one.fmr):.1f}" for one in source.calibration.points
        )
        drawn.append(
            f'<polyline points="{corners}" fill="none" stroke="var(--curve-{place + 1})" stroke-width="2.5" '
            f'stroke-linejoin="round" stroke-dasharray="{DASHES[place]}"/>'
        )
    if threshold is not None:
        x = area.x(threshold)
        drawn.append(_line(x, at, x, HEIGHT - BOTTOM, "var(--ink)", "none"))
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{at:.1f}" r="5" fill="var(--surface)" stroke="var(--ink)" stroke-width="2.5"/>'
        )
    drawn += _legend([one.name for one in sources])
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{id}-t {id}-d" class="chart">'
        f'<title id="{id}-t">False-match rate and threshold</title><desc id="{id}-d">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class _Area:
    low: float
    high: float
    decades: int
    """Of the lowest rate drawn, below zero; the highest is 1."""

    def x(self, threshold: float) -> float:
        return LEFT + (threshold - self.low) / (self.high - self.low) * (WIDTH - RIGHT - LEFT)

    def y(self, fmr: float) -> float:
        return TOP + math.log10(fmr) / self.decades * (HEIGHT - BOTTOM - TOP)


def _grid(area: _Area) -> list[str]:
    lines = []
    every = 1 if area.decades >= -4 else 2
    for decade in range(-every, area.decades - 1, -every):
        y = area.y(10.0**decade)
        lines.append(_line(LEFT, y, WIDTH - RIGHT, y, "var(--line)", "none"))
        lines.append(_text(LEFT - 8, y + 4, f"1 in {10**-decade:,}", "end"))
    step = 0.1 if area.high - area.low > 0.25 else 0.02
    for tick in range(math.ceil(area.low / step), math.floor(area.high / step) + 1):
        x = area.x(tick * step)
        lines.append(_line(x, TOP, x, HEIGHT - BOTTOM, "var(--line)", "none"))
        lines.append(_text(x, HEIGHT - BOTTOM + 18, f"{tick * step:.2g}", "middle"))
    bottom = HEIGHT - BOTTOM
    lines.append(_line(LEFT, bottom, WIDTH - RIGHT, bottom, "var(--muted)", "none"))
    lines.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "Threshold (cosine)", "middle"))
    return lines


def _legend(names: Sequence[str]) -> list[str]:
    left, lines = WIDTH - RIGHT - 150, []
    for at, name in enumerate(names):
        y = TOP + 16 + 20 * at
        colour = f"var(--curve-{at + 1})"
        lines.append(
            f'<line x1="{left}" y1="{y - 4}" x2="{left + 26}" y2="{y - 4}" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{DASHES[at]}"/>'
        )
        lines.append(_text(left + 34, y, name, "start"))
    return lines


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-dasharray="{dashes}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="var(--muted)">'
        f"{escape(words)}</text>"
    )
