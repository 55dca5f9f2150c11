"""The DET picture shows the rates that were counted, and can be read by who cannot see it."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from stile.adapters.documents import Curve, Mark, det
from stile.adapters.documents.det import BOTTOM, HEIGHT

AXES = ("wrong", "missed")


def drawn(*curves: Curve, marks: tuple[Mark, ...] = ()) -> ElementTree.Element:
    return ElementTree.fromstring(det("A title & more", "In words.", AXES, curves, marks))


def test_rates_are_those_of_a_plain_count() -> None:
    rng = np.random.default_rng(0)
    wrong, right = rng.normal(0, 0.1, 5000), rng.normal(0.4, 0.1, 300)
    curve = Curve.of_scores("scores", wrong, right)
    order = np.argsort(-curve.x)
    assert (np.diff(curve.y[order]) >= 0).all(), "who is stricter misses more"
    shown = curve.x > 0
    for x, y in zip(curve.x[shown][::40], curve.y[shown][::40], strict=True):
        threshold = np.sort(wrong)[::-1][round(x * 5000) - 1]
        assert (wrong >= threshold).mean() == pytest.approx(x)
        assert abs((right < threshold).mean() - y) < 0.05


def test_axes_are_normal_deviates() -> None:
    curve = Curve("line", np.array([0.001, 0.01, 0.1]), np.array([0.1, 0.01, 0.001]))
    marks = tuple(Mark(0, rate, 0.01, f"{rate}") for rate in (0.001, 0.01, 0.1))
    circles = [float(one.get("cx", "")) for one in drawn(curve, marks=marks).iter("circle")]
    # Normal deviates of 0.001, 0.01 and 0.1: −3.090, −2.326, −1.282.
    assert (circles[2] - circles[1]) / (circles[1] - circles[0]) == pytest.approx(1.044 / 0.764, abs=0.01)


def test_an_error_that_nobody_made_lies_on_the_edge() -> None:
    curve = Curve.of_scores("perfect", np.linspace(-0.2, 0.2, 500), np.linspace(0.5, 0.9, 50))
    picture = drawn(curve)
    (line,) = picture.iter("polyline")
    heights = {float(pair.split(",")[1]) for pair in (line.get("points") or "").split()}
    assert heights == {float(HEIGHT - BOTTOM)}
    assert [one.text for one in picture.iter("text")].count("none") == 2


@pytest.mark.parametrize(("wrong", "right"), [(0, 0), (5, 0), (0, 5), (1, 1)])
def test_hardly_any_scores_are_no_error(wrong: int, right: int) -> None:
    drawn(Curve.of_scores("few", np.zeros(wrong), np.ones(right)))


def test_it_is_read_aloud_and_told_apart_without_colour() -> None:
    curves = [Curve(f"{size} members", np.array([0.1, 0.01]), np.array([0.01, 0.1])) for size in (50, 100)]
    picture = drawn(*curves, marks=(Mark(1, 0.05, 0.02, "1 % promised"),))
    assert picture.get("role") == "img"
    told = (picture.get("aria-labelledby") or "").split()
    texts = {one.get("id"): one.text for one in picture if one.get("id")}
    assert [texts[name] for name in told] == ["A title & more", "In words."]
    lines = list(picture.iter("polyline"))
    assert len({line.get("stroke-dasharray") for line in lines}) == 2
    words = [one.text for one in picture.iter("text")]
    assert {"50 members", "100 members", *AXES} <= set(words)
    assert [one.text for circle in picture.iter("circle") for one in circle] == ["1 % promised"]


def test_the_words_of_the_ticks_do_not_run_into_each_other() -> None:
    curve = Curve("wide", np.geomspace(1e-6, 0.2, 50), np.geomspace(0.2, 1e-6, 50))
    places = [
        float(match[1])
        for match in re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="end"', det("t", "d", AXES, [curve])
        )
    ]
    assert all(abs(one - other) >= 40 for one, other in pairwise(places) if one != other)
    assert len(places) > 4
