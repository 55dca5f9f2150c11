"""Every retry adds its own chance of a false match."""

import pytest

from stile.domain.attempts import COUNTED, ONE_PERSON, PAUSE, Run, fpir_of_a_person
from stile.domain.passage import ReferReason


def test_failures_in_a_row_are_one_persons() -> None:
    run = Run().after_failure(0.0).after_failure(5.0)
    assert run.is_spent(2, 6.0)
    assert not run.is_spent(3, 6.0)


def test_the_pause_ends() -> None:
    run = Run().after_failure(0.0).after_failure(5.0)
    assert run.is_spent(2, 5.0 + PAUSE)
    assert not run.is_spent(2, 5.1 + PAUSE)


def test_a_failure_long_after_the_last_is_somebody_elses() -> None:
    run = Run().after_failure(0.0).after_failure(ONE_PERSON + 0.1)
    assert run.failures == 1
    assert Run().after_failure(0.0).after_failure(ONE_PERSON).failures == 2


def test_nobody_has_failed_at_first() -> None:
    assert not Run().is_spent(1, 0.0)


def test_a_frame_that_nobody_could_use_is_no_throw_of_the_dice() -> None:
    assert ReferReason.NO_GOOD_FRAME not in COUNTED
    assert ReferReason.NO_MATCH in COUNTED
    assert ReferReason.TOO_MANY_ATTEMPTS not in COUNTED, "or nobody would ever be looked at again"


def test_two_attempts_are_nearly_twice_the_rate() -> None:
    assert fpir_of_a_person(0.001, 2) == pytest.approx(0.001999)
    assert fpir_of_a_person(0.001, 1) == pytest.approx(0.001)
