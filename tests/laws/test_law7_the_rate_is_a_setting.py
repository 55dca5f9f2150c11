"""Law 7: the threshold follows from the lane's stated rate at the gallery's size, never from a constant; and what was
not measured is not called zero."""

import ast
from dataclasses import replace

import pytest

from stile.application.admit import AdmitByFace
from stile.application.attempt import Attempt
from stile.application.evaluation.lane import evaluate_lane
from stile.application.gate import Concluded
from stile.domain.calibration import Calibration, OperatingPoint, expected_fpir
from stile.domain.passage import Admit, Refer, ReferReason
from stile.testing import FAKE_PACK, picture_of
from tests.conftest import A_FRAME, ROOT, Here


def test_a_larger_gallery_asks_for_a_higher_threshold(here: Here) -> None:
    here.enrol(1)
    alone = here.site.admit_by_face.threshold(here.lane)
    for who in range(2, 12):
        here.enrol(who)
    among_eleven = here.site.admit_by_face.threshold(here.lane)
    assert alone is not None
    assert among_eleven is not None
    assert among_eleven.value > alone.value
    assert expected_fpir(among_eleven.fmr, 11) <= here.lane.fpir * 1.0001


def test_the_threshold_in_force_is_recorded_with_the_passage(here: Here) -> None:
    here.enrol(1)
    done = here.come(1)
    threshold = here.site.admit_by_face.threshold(here.lane)
    assert done.passage is not None
    assert done.passage.comparison is not None
    assert threshold is not None
    assert done.passage.comparison.threshold == threshold.value
    assert done.passage.comparison.gallery_size == 1


def test_a_rate_that_the_data_cannot_support_closes_face_mode(here: Here) -> None:
    here.enrol(1)
    here.lane = replace(here.lane, fpir=1e-12)
    assert here.come(1).decision.reason is ReferReason.NOT_CALIBRATED


def of_site(threshold: float) -> Calibration:
    """Members who look as much alike as this, whatever the rate."""
    points = (OperatingPoint(threshold, 0.5), OperatingPoint(threshold + 0.001, 1e-9))
    return Calibration(FAKE_PACK, "members of a site, made up", 1_000_000, 100, points)


@pytest.mark.parametrize(
    ("own", "wins"), [(0.05, "pack"), (0.96, "site")], ids=["members far apart", "members much alike"]
)
def test_of_the_packs_measurement_and_the_sites_own_the_safer_wins(here: Here, own: float, wins: str) -> None:
    member = here.enrol(1)
    of_pack = here.site.admit_by_face.threshold(here.lane)
    site = here.site
    admit = AdmitByFace(
        site.store,
        here.pool,
        site.gallery,
        site.gate,
        site.board,
        here.clock,
        site.chance,
        site.go_live,
        of_site=lambda: of_site(own),
    )
    in_force = admit.threshold(here.lane)
    assert of_pack is not None
    assert in_force is not None
    assert in_force.value == (of_pack.value if wins == "pack" else pytest.approx(own, abs=0.001))
    attempt = admit.begin(here.lane)
    assert isinstance(attempt, Attempt)
    for n in range(3):
        here.clock.advance(A_FRAME)
        done = admit.see(attempt, picture_of(1, variation=80 + n))
    assert isinstance(done, Concluded)
    assert isinstance(done.decision, Admit if wins == "pack" else Refer)
    assert done.passage is not None
    assert done.passage.member == (member.id if wins == "pack" else None)


def test_no_score_is_held_against_a_number_that_somebody_wrote_down() -> None:
    """The one place that matches takes its threshold from a calibration: `compare(…, threshold.value)`."""
    calls = [
        (path.name, ast.unparse(call.args[1]))
        for path in (ROOT / "src" / "stile" / "application").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "compare"
    ]
    assert calls == [("recognise.py", "threshold.value")]


def test_what_nobody_looked_for_is_not_measured_and_not_zero(here: Here) -> None:
    here.enrol(1)
    here.come(1)
    found = evaluate_lane(here.site.store, here.lane.slug)
    assert found.attempts == 1
    assert found.measures
    for one in found.measures:
        assert (one.rate, one.interval) == (None, None), one.name
