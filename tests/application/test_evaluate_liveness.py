"""Presentations go through a lane's own code. With a drawn face that can be found without models, each kind ends as its
physics says it must; a head that follows what is asked comes in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from stile.application.evaluation.liveness import Trial, portrait_of
from stile.application.evaluation.liveness_kit import Kit, last_of, next_reason
from stile.config import Settings
from stile.domain.errors import WrongValue
from stile.domain.faces import Frame
from stile.domain.liveness import LivenessMode
from stile.domain.presentation_attacks import Response, Tally, response_of, riapar
from stile.entrypoints.measuring_liveness import Bench, bench, subjects_of
from stile.testing import FakePool
from stile.testing.presentations import Kind, Picture
from tests.conftest import Here
from tests.testing.drawn import POINTS, EyesForSpots, picture

Present = Callable[[LivenessMode, Kind], Trial]


def site_of(tmp_path: Path, mode: LivenessMode, eyes: EyesForSpots) -> Iterator[Bench]:
    pool = FakePool()
    pool.eyes = eyes
    with bench(pool, mode, Settings(data=tmp_path / "not used")) as made:
        yield made


def presented(tmp_path: Path, mode: LivenessMode, kind: Kind, opinion: float = 0.95, seed: int = 3) -> Trial:
    eyes = EyesForSpots()
    eyes.opinion = opinion
    for here in site_of(tmp_path, mode, eyes):
        people = {"Ada": lambda: iter([Frame(picture())])}
        subjects, passed_over = subjects_of(here, people, 1, seed, lambda: None)
        assert passed_over == 0
        (trial,) = here.presenting(seed).all_of(subjects, [kind], lambda _: None)
        return trial
    raise AssertionError


@pytest.mark.parametrize("mode", [LivenessMode.PASSIVE, LivenessMode.PASSIVE_ACTIVE])
def test_a_head_that_does_as_it_is_asked_comes_in(tmp_path: Path, mode: LivenessMode) -> None:
    trial = presented(tmp_path, mode, Kind.BONA_FIDE)
    assert response_of(trial.reason) is Response.ADMITTED
    assert trial.asked is (mode is LivenessMode.PASSIVE_ACTIVE)


@pytest.mark.parametrize("kind", [Kind.MATTE_PRINT, Kind.CUT_OUT, Kind.SCREEN_FILM])
def test_what_cannot_turn_as_a_head_does_not_come_in_even_where_the_networks_believe_it(
    tmp_path: Path, kind: Kind
) -> None:
    trial = presented(tmp_path, LivenessMode.PASSIVE_ACTIVE, kind)
    assert response_of(trial.reason) in (Response.ATTACK, Response.NONE)


def test_an_injected_still_is_seen_without_asking_for_anything(tmp_path: Path) -> None:
    trial = presented(tmp_path, LivenessMode.PASSIVE, Kind.INJECTED_STILL)
    assert trial.reason == "spoof"
    assert trial.telltale is not None
    assert not trial.asked


def test_the_same_seed_measures_the_same(tmp_path: Path) -> None:
    one, other = (presented(tmp_path, LivenessMode.PASSIVE, Kind.CUT_OUT, opinion=0.5) for _ in range(2))
    assert one == other


def test_a_picture_of_a_real_presentation_is_judged_by_looking_alone(tmp_path: Path) -> None:
    outcomes = {}
    for opinion in (0.95, 0.5, 0.05):
        eyes = EyesForSpots()
        for here in site_of(tmp_path, LivenessMode.PASSIVE_ACTIVE, eyes):
            people = {"Ada": lambda: iter([Frame(picture())])}
            subjects_of(here, people, 1, 1, lambda: None)
            eyes.opinion = opinion
            shown = here.passive().presenting(1).sample("attack", "attack_1.jpg", Picture(picture()))
            outcomes[opinion] = (response_of(shown.reason), shown.asked)
    assert outcomes[0.95] == (Response.ADMITTED, False)
    assert outcomes[0.5][1]
    assert outcomes[0.05] == (Response.ATTACK, False)


def test_nothing_is_left_of_a_measurement(tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    for here in site_of(tmp_path, LivenessMode.PASSIVE, EyesForSpots()):
        folder = here.site.settings.data
        assert (folder / "stile.db").exists()
    assert not folder.exists()
    assert set(tmp_path.iterdir()) == before


def test_with_nobody_enrolled_nothing_is_measured(tmp_path: Path) -> None:
    for here in site_of(tmp_path, LivenessMode.PASSIVE, EyesForSpots()):
        blank = {"Nobody": lambda: iter([Frame(np.full((200, 200, 3), 120, np.uint8))])}
        subjects, passed_over = subjects_of(here, blank, 5, 1, lambda: None)
        assert (subjects, passed_over) == ([], 1)
        with pytest.raises(WrongValue):
            here.presenting(1).all_of(subjects, [Kind.BONA_FIDE], lambda _: None)


def test_films_are_made_from_the_first_photograph_that_looks_ahead() -> None:
    aside = POINTS.copy()
    aside[2, 0] += 30
    found = portrait_of(iter([Frame(picture(aside)), Frame(picture())]), EyesForSpots())
    assert found is not None
    assert abs(found.yaw) < 5
    assert portrait_of(iter([Frame(picture(aside))]), EyesForSpots()) is None


# --- rates -----------------------------------------------------------------------------------------------------


def test_rates_are_counted_of_those_that_were_classified() -> None:
    tally = Tally.of(
        "matte print", ["spoof"] * 6 + ["face matched", "no match", "no good frame", "not shown live"]
    )
    assert (tally.presentations, tally.taken_for_live, tally.taken_for_an_attack) == (10, 2, 7)
    assert tally.apcer.rate == pytest.approx(2 / 9)
    assert tally.bpcer.rate == pytest.approx(7 / 9)
    assert tally.no_response.rate == 0.1
    assert tally.iapar.rate == 0.1
    assert tally.apcer.interval.lower < 2 / 9 < tally.apcer.interval.upper


@pytest.mark.parametrize(
    ("reason", "response"),
    [
        ("face matched", Response.ADMITTED),
        ("lapsed", Response.LIVE),
        ("ambiguous", Response.LIVE),
        ("challenge failed", Response.ATTACK),
        ("vision down", Response.NONE),
    ],
)
def test_what_a_reason_says_of_liveness(reason: str, response: Response) -> None:
    assert response_of(reason) is response


def test_riapar_is_the_worst_kind_plus_the_members_turned_away() -> None:
    bona_fide = Tally.of("bona fide", ["face matched"] * 8 + ["no match", "no good frame"])
    weak = Tally.of("cut-out", ["face matched"] + ["spoof"] * 4)
    strong = Tally.of("matte print", ["spoof"] * 5)
    assert riapar([strong, weak], bona_fide) == pytest.approx(0.2 + 0.2)
    nobody_comes_in = Tally.of("bona fide", ["spoof"] * 5)
    assert riapar([strong], nobody_comes_in) == 1.0
    assert riapar([], bona_fide) is None


# --- by people, at a lane ----------------------------------------------------------------------------------------


def test_the_kit_reads_what_the_lane_recorded_of_each_presentation(here: Here) -> None:
    here.enrol(1)
    before = last_of(here.site.store, here.lane.id)
    waited: list[float] = []

    def somebody_comes(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            here.clock.advance(60)
            here.come(1)

    found = next_reason(here.site.store, here.lane.id, before, somebody_comes)
    assert found is not None
    assert found[1] == "face matched"
    assert len(waited) == 2
    here.clock.advance(60)
    here.come(1, bona_fide=0.0)
    after = next_reason(here.site.store, here.lane.id, found[0], lambda _: None)
    assert after is not None
    assert after[1] == "spoof"
    assert next_reason(here.site.store, here.lane.id, after[0], lambda _: None, patience=1) is None


def test_the_kit_goes_on_where_it_was() -> None:
    kit = Kit.read({"bona fide": {"face matched": 2}, "matte print": {"spoof": 1}}, each=2)
    before = kit.next
    kit.add(Kind.MATTE_PRINT, "not shown live")
    assert (before, kit.next) == (Kind.MATTE_PRINT, Kind.GLOSSY_PRINT)
    assert kit.tally(Kind.MATTE_PRINT).taken_for_an_attack == 2


@pytest.mark.parametrize("counts", [{"injected loop": {"spoof": 1}}, {"matte print": {"spoof": -1}}])
def test_a_count_that_cannot_be_is_refused(counts: dict[str, dict[str, int]]) -> None:
    with pytest.raises(WrongValue):
        Kit.read(counts)
