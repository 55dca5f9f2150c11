"""Waits as a picture: for each way the median and the 90th percentile to the decision and to the open door, each with
its interval, on one axis. SVG that takes its colours from the page; the two are told apart by their form as well.
"""

from collections.abc import Sequence
from html import escape

from stile.domain.waits import Quantile, Row
from stile.entrypoints.web.words import METHODS

WIDTH, ROW, TOP, BOTTOM = 560, 62, 30, 44
LEFT, RIGHT = 84, 24
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Seconds."""


def picture(rows: Sequence[Row]) -> str:
    """One `<svg>` with a line for each way; one that was not measured says so."""
    most = max((_highest(row) for row in rows), default=1000.0) / 1000
    high = next((tick for tick in TICKS if tick >= most), TICKS[-1])
    height = TOP + ROW * len(rows) + BOTTOM
    drawn = [*_axis(high, height)]
    for place, row in enumerate(rows):
        y = TOP + ROW * place + ROW / 2
        drawn.append(_text(LEFT - 12, y + 5, METHODS[row.method], "end", "var(--ink)"))
        if row.median is None:
            drawn.append(_text(LEFT + 6, y + 5, "not measured", "start", "var(--muted)"))
            continue
        drawn += _quantiles(row.median, row.ninth, y - 9, high, "var(--curve-1)", "circle")
        if row.door_median is not None:
            drawn += _quantiles(row.door_median, row.door_ninth, y + 9, high, "var(--curve-2)", "square")
    drawn += [
        _mark(LEFT + 4, 12, "var(--curve-1)", "circle"),
        _text(LEFT + 16, 17, "to the decision", "start", "var(--muted)"),
        _mark(LEFT + 154, 12, "var(--curve-2)", "square"),
        _text(LEFT + 166, 17, "to the open door", "start", "var(--muted)"),
    ]
    said = "; ".join(_said(row) for row in rows)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="waits-t waits-d" class="chart">'
        f'<title id="waits-t">Waiting time by way in</title><desc id="waits-d">{escape(said)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def seconds(ms: float) -> str:
    return f"{ms / 1000:.2f} s" if ms < 10_000 else f"{ms / 1000:.0f} s"


def _said(row: Row) -> str:
    if row.median is None or row.ninth is None:
        return f"{METHODS[row.method]}: not measured"
    half, nine = seconds(row.median.value), seconds(row.ninth.value)
    return f"{METHODS[row.method]}: half wait up to {half}, 9 of 10 up to {nine}"


def _highest(row: Row) -> float:
    quantiles = [one for one in (row.ninth, row.door_ninth, row.median, row.door_median) if one is not None]
    return max(
        (max(one.value, one.interval.upper if one.interval else 0.0) for one in quantiles), default=0.0
    )


def _x(ms: float, high: float) -> float:
    return LEFT + min(ms / 1000 / high, 1.0) * (WIDTH - RIGHT - LEFT)


def _quantiles(
    median: Quantile, ninth: Quantile | None, y: float, high: float, colour: str, form: str
) -> list[str]:
    drawn = []
    if ninth is not None:
        line = f'<line x1="{_x(median.value, high):.1f}" y1="{y}" x2="{_x(ninth.value, high):.1f}" y2="{y}"'
        drawn.append(f'{line} stroke="{colour}" stroke-width="2" stroke-dasharray="2 3"/>')
        drawn += _whisker(ninth, y, high, colour)
        drawn.append(_mark(_x(ninth.value, high), y, colour, form, hollow=True))
    drawn += _whisker(median, y, high, colour)
    drawn.append(_mark(_x(median.value, high), y, colour, form))
    return drawn


def _whisker(one: Quantile, y: float, high: float, colour: str) -> list[str]:
    if one.interval is None:
        return []
    ends = (
        f'x1="{_x(one.interval.lower, high):.1f}" y1="{y}" x2="{_x(one.interval.upper, high):.1f}" y2="{y}"'
    )
    return [f'<line {ends} stroke="{colour}" stroke-width="5" stroke-opacity=".35"/>']


def _mark(x: float, y: float, colour: str, form: str, hollow: bool = False) -> str:
    fill = "var(--surface)" if hollow else colour
    paint = f'fill="{fill}" stroke="{colour}" stroke-width="2.5"'
    if form == "circle":
        return f'<circle cx="{x:.1f}" cy="{y}" r="5" {paint}/>'
    return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5}" width="9" height="9" {paint}/>'


def _axis(high: float, height: float) -> list[str]:
    bottom, drawn = height - BOTTOM, []
    for part in range(5):
        at = high * part / 4
        x = _x(at * 1000, high)
        drawn.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="var(--line)"/>')
        drawn.append(_text(x, bottom + 18, f"{at:g}", "middle", "var(--muted)"))
    drawn.append(
        _text((LEFT + WIDTH - RIGHT) / 2, height - 6, "Seconds since the touch", "middle", "var(--muted)")
    )
    return drawn


def _text(x: float, y: float, words: str, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="14" fill="{colour}">'
        f"{escape(words)}</text>"
    )
