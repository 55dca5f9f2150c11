"""Law 7: the threshold follows from the lane's stated rate at the gallery's size. The first part of this law;
what was measured, and is published, comes with the evidence."""

from dataclasses import replace

from stile.domain.calibration import expected_fpir
from stile.domain.passage import ReferReason
from tests.conftest import Here


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
