"""How often it was wrong, month by month, as a picture: false alerts as a share of all matches and of all attempts,
each with its 95 % interval. A month without a measurement says so; it is never drawn as 0.

SVG that takes its colours from the page; the two are told apart by their form as well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from stile.domain.disclosure import Suppressed
from stile.domain.figure_words import percent as plain_percent
from stile.domain.figures import Estimate, Figures, Measure, Rate
from stile.domain.foi_desk.sentences import day

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 44, 44
LEAST_TOP = 0.001
"""The axis shows at least so much, so that a single zero does not stretch it to nothing."""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    of: Measure
    colour: str
    form: str


SERIES = (
    Series("of all matches", Measure.MATCHES, "var(--curve-2)", "square"),
    Series("of all attempts", Measure.ATTEMPTS, "var(--curve-1)", "circle"),
)


def picture(shown: Sequence[Figures]) -> str:
    """One `<svg>` of the months of all centres together, oldest first."""
    top = _nice(max((_upper(rate) for one in shown for rate in _rates(one)), default=0.0))
    said = "; ".join(_said(one) for one in shown)
    drawn = [*_axis(top), *_legend()]
    step = (WIDTH - LEFT - RIGHT) / max(1, len(shown))
    every, apart = math.ceil(len(shown) / 12), min(6.0, step / 5)
    for n, one in enumerate(shown):
        middle = LEFT + step * (n + 0.5)
        if n % every == 0:
            drawn.append(_text(middle, HEIGHT - BOTTOM + 20, f"{one.period.first:%b}", "middle"))
        if n == 0 or one.period.first.month == 1:
            drawn.append(_text(middle, HEIGHT - BOTTOM + 36, f"{one.period.first:%Y}", "middle"))
        for at, series, rate in zip((middle - apart, middle + apart), SERIES, _rates(one), strict=True):
            drawn += _point(at, rate, series, top)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="wrong-t wrong-d" class="chart chart-wide">'
        f'<title id="wrong-t">False alerts, month by month</title><desc id="wrong-d">{escape(said)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def percent(share: float) -> str:
    """As everywhere, and no line breaks between number and sign."""
    return plain_percent(share).replace(" %", "\N{NO-BREAK SPACE}%")


def rate_words(rate: Rate) -> str:
    """A share in words: its value and interval, or why there is none."""
    if isinstance(rate, Estimate):
        low, high = percent(rate.interval.lower), percent(rate.interval.upper)
        return f"{percent(rate.value)} ({low} to {high})"
    return "suppressed" if isinstance(rate, Suppressed) else "not measured"


def _rates(one: Figures) -> list[Rate]:
    return [one.of(Measure.FALSE_ALERTS).share(series.of).rate for series in SERIES]


def _said(one: Figures) -> str:
    rates = ", ".join(
        f"{rate_words(rate)} {series.name}" for series, rate in zip(SERIES, _rates(one), strict=True)
    )
    return f"from {day(one.period.first)}: {rates}"


def _upper(rate: Rate) -> float:
    return rate.interval.upper if isinstance(rate, Estimate) else 0.0


def _nice(most: float) -> float:
    """1, 2 or 5 times a power of ten, and no less than the most."""
    most = max(most, LEAST_TOP)
    power = 10.0 ** math.floor(math.log10(most))
    return next(min(1.0, factor * power) for factor in (1, 2, 5, 10) if factor * power >= most * (1 - 1e-9))


def _y(share: float, top: float) -> float:
    return HEIGHT - BOTTOM - share / top * (HEIGHT - BOTTOM - TOP)


def _axis(top: float) -> list[str]:
    drawn = []
    for part in range(5):
        share = top * part / 4
        colour = "var(--muted)" if part == 0 else "var(--line)"
        y = _y(share, top)
        drawn.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="{colour}"/>')
        drawn.append(_text(LEFT - 8, y + 4, f"{share * 100:g} %", "end"))
    return drawn


def _point(x: float, rate: Rate, series: Series, top: float) -> list[str]:
    if not isinstance(rate, Estimate):
        mark = "×" if isinstance(rate, Suppressed) else "–"
        return [_text(x, HEIGHT - BOTTOM - 6, mark, "middle")]
    high, low, y = (
        _y(share, top) for share in (min(top, rate.interval.upper), rate.interval.lower, rate.value)
    )
    return [
        f'<line x1="{x:.1f}" y1="{high:.1f}" x2="{x:.1f}" y2="{low:.1f}" stroke="{series.colour}" stroke-width="2"/>',
        _mark(x, y, series),
    ]


def _mark(x: float, y: float, series: Series) -> str:
    if series.form == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{series.colour}"/>'
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" fill="{series.colour}"/>'


def _legend() -> list[str]:
    first, second = SERIES
    return [
        _mark(LEFT + 6, 16, first),
        _text(LEFT + 18, 21, first.name, "start"),
        _mark(LEFT + 146, 16, second),
        _text(LEFT + 158, 21, second.name, "start"),
        _text(LEFT + 286, 21, "–  not measured", "start"),
    ]


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="13" fill="var(--muted)">'
        f"{escape(words)}</text>"
    )
