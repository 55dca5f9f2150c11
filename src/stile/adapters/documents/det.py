"""The DET picture of ISO/IEC 19795-1: one error against the other, both axes in normal deviates (Martin and others,
Eurospeech 1997), as SVG that a page holds in itself: it takes its colours from the page, is read aloud by its title
and description, and tells its curves apart by dashes as well as by colour.

A rate of nothing has no place on such an axis. It is drawn on the edge, which says “none”.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import NormalDist
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

TICKS = (1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.2)
DECADES = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1)
"""They get their tick first; the others where there is room."""
WIDTH, HEIGHT = 640, 440
LEFT, RIGHT, TOP, BOTTOM = 78, 18, 16, 62
EDGE = 56
"""Pixels between the lowest rate drawn and the edge that says “none”."""
DASHES = ("none", "8 4", "2 4", "12 4 2 4")
LEAST_HIGH = 0.1
"""Every picture reaches to so high a rate: a good pack's few errors are not blown up to fill it."""
APART = 46
"""Pixels between two ticks at least: their words must not run into each other."""
CORNERS = 400
"""Points of a curve at most: more cannot be told apart."""

_normal = NormalDist()


@dataclass(frozen=True, slots=True)
class Curve:
    """`x`, `y`: error rates, 0 to 1, at the same thresholds."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of_scores(cls, name: str, wrong: NDArray[np.floating], right: NDArray[np.floating]) -> "Curve":
        """x: the share of `wrong` scores at or above a threshold; y: of `right` ones below it. Either may be empty."""
        falling, rising = np.sort(wrong)[::-1], np.sort(right)
        ranks = np.unique(np.geomspace(1, max(1, falling.size), CORNERS // 2).astype(int)) - 1
        steps = np.unique(np.linspace(0, max(0, rising.size - 1), CORNERS // 2).astype(int))
        thresholds = np.unique(np.concatenate((falling[ranks[: falling.size]], rising[steps[: rising.size]])))
        x = 1 - np.searchsorted(falling[::-1], thresholds) / max(1, falling.size)
        y = np.searchsorted(rising, thresholds) / max(1, rising.size)
        return cls(name, x, y)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point where something was promised; `label` is read out and shown when it is pointed at."""

    curve: int
    x: float
    y: float
    label: str


class _Axis:
    """Rates → pixels. `start`, `end`: pixels of the lowest and the highest rate drawn."""

    def __init__(self, rates: NDArray[np.float64], start: float, end: float) -> None:
        some = rates[(rates > 0) & (rates < 1)]
        lowest = float(some.min()) if some.size else 1e-3
        highest = float(some.max()) if some.size else LEAST_HIGH
        below = [tick for tick in TICKS if tick <= lowest]
        above = [tick for tick in TICKS if tick >= highest]
        self.low = below[-1] if below else TICKS[0]
        self.high = max(above[0] if above else TICKS[-1], LEAST_HIGH)
        self.start, self.end = start, end
        self._from, self._to = _normal.inv_cdf(self.low), _normal.inv_cdf(self.high)
        self.edge = start - math.copysign(EDGE, end - start)
        self.ticks: list[float] = []
        inside = TICKS[TICKS.index(self.low) : TICKS.index(self.high) + 1]
        for tick in sorted(inside, key=lambda tick: tick not in DECADES):
            if all(abs(self.at(tick) - self.at(other)) >= APART for other in self.ticks):
                self.ticks.append(tick)

    def at(self, rate: float) -> float:
        if rate < self.low:
            return self.edge
        inside = min(rate, self.high)
        share = (_normal.inv_cdf(inside) - self._from) / (self._to - self._from)
        return self.start + share * (self.end - self.start)


def det(
    title: str, description: str, axes: tuple[str, str], curves: Sequence[Curve], marks: Sequence[Mark] = ()
) -> str:
    """One `<svg>`. `description`: in words what it shows, for who cannot see it. `axes`: words for x and y.
    The page gives it the colours `--ink`, `--muted`, `--line` and `--curve-1` to `--curve-4`."""
    shown = [_within(curve) for curve in curves]
    x = _Axis(np.concatenate([one.x for one in shown]), LEFT + EDGE, WIDTH - RIGHT - 14)
    y = _Axis(np.concatenate([one.y for one in shown]), HEIGHT - BOTTOM - EDGE, TOP)
    drawn = [*_grid(x, y, axes)]
    for at, curve in enumerate(shown):
        if not (corners := _corners(curve, x, y)):
            continue
        drawn.append(
            f'<polyline points="{corners}" fill="none" stroke="var(--curve-{at % 4 + 1})" '
            f'stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray="{DASHES[at % 4]}"/>'
        )
    for mark in marks:
        drawn.append(
            f'<circle cx="{x.at(mark.x):.1f}" cy="{y.at(mark.y):.1f}" r="5" fill="var(--paper)" '
            f'stroke="var(--curve-{mark.curve % 4 + 1})" stroke-width="2.5">'
            f"<title>{escape(mark.label)}</title></circle>"
        )
    drawn += _legend([curve.name for curve in curves], marked=bool(marks))
    name = f"det-{crc32(title.encode()):08x}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d" class="det">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _within(curve: Curve) -> Curve:
    """Without what lies beyond the highest tick: nobody runs a lane there."""
    kept = (curve.x <= TICKS[-1]) & (curve.y <= TICKS[-1])
    # Where no stranger is left to err the curve ends: a line up the edge would say nothing but who is missed in vain.
    on_edge = kept & (curve.x == 0)
    if on_edge.any():
        kept &= ~on_edge | (curve.y == curve.y[on_edge].min())
    return Curve(curve.name, curve.x[kept], curve.y[kept])


def _corners(curve: Curve, x: _Axis, y: _Axis) -> str:
    """Stairs: between two thresholds at which somebody is counted nothing changes."""
    order = np.lexsort((curve.y, -curve.x))
    corners: list[tuple[float, float]] = []
    for rate, other in zip(curve.x[order], curve.y[order], strict=True):
        here = (x.at(float(rate)), y.at(float(other)))
        if corners and here[0] != corners[-1][0] and here[1] != corners[-1][1]:
            corners.append((here[0], corners[-1][1]))
        if not corners or here != corners[-1]:
            corners.append(here)
    if len(corners) == 1:
        corners *= 2  # a dot: with no error at all there is one point
    return " ".join(f"{one:.1f},{other:.1f}" for one, other in corners)


def _grid(x: _Axis, y: _Axis, axes: tuple[str, str]) -> list[str]:
    left, bottom = x.edge, y.edge
    lines = []
    for tick in x.ticks:
        at = x.at(tick)
        lines.append(_line(at, TOP, at, bottom) + _text(at, bottom + 20, _percent(tick), "middle"))
    for tick in y.ticks:
        at = y.at(tick)
        lines.append(_line(left, at, WIDTH - RIGHT, at) + _text(left - 8, at + 4, _percent(tick), "end"))
    lines.append(_line(left, TOP, left, bottom, "edge") + _text(left, bottom + 20, "none", "middle"))
    lines.append(
        _line(left, bottom, WIDTH - RIGHT, bottom, "edge") + _text(left - 8, bottom + 4, "none", "end")
    )
    middle = (TOP + bottom) / 2
    lines.append(_text((left + WIDTH - RIGHT) / 2, HEIGHT - 12, axes[0], "middle", "axis"))
    lines.append(
        f'<text x="16" y="{middle:.0f}" text-anchor="middle" class="axis" fill="var(--ink)" font-size="14" '
        f'transform="rotate(-90 16 {middle:.0f})">{escape(axes[1])}</text>'
    )
    return lines


def _legend(names: Sequence[str], *, marked: bool) -> list[str]:
    words = [*names, "○ a target, as it was kept"] if marked else list(names)
    width = 34 + max(7 * len(word) for word in words)
    left, lines = WIDTH - RIGHT - width - 8, []
    height = 20 * len(words) + 10
    lines.append(
        f'<rect x="{left - 8}" y="{TOP + 6}" width="{width + 10}" height="{height}" rx="6" fill="var(--paper)" '
        'stroke="var(--line)"/>'
    )
    for at, word in enumerate(words):
        middle = TOP + 24 + 20 * at
        if at < len(names):
            lines.append(
                f'<line x1="{left}" y1="{middle - 4}" x2="{left + 24}" y2="{middle - 4}" stroke-width="2.5" '
                f'stroke="var(--curve-{at % 4 + 1})" stroke-dasharray="{DASHES[at % 4]}"/>'
            )
        lines.append(_text(left + (32 if at < len(names) else 0), middle, word, "start"))
    return lines


def _line(x1: float, y1: float, x2: float, y2: float, kind: str = "line") -> str:
    colour = "var(--muted)" if kind == "edge" else "var(--line)"
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, kind: str = "tick") -> str:
    size, colour = (14, "var(--ink)") if kind == "axis" else (13, "var(--muted)")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
        f"{escape(words)}</text>"
    )


def _percent(rate: float) -> str:
    return f"{rate * 100:.4f}".rstrip("0").rstrip(".") + " %"
