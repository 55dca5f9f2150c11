"""Every retry adds its own chance of a false match."""

import pytest

from stile.domain.attempts import (
    COUNTED,
    LONGEST_PAUSE,
    ONE_PERSON,
    PAUSE,
    Run,
    fpir_of_a_person,
)
from stile.domain.passage import ReferReason

ALLOWED = 2


def failures(*at: float) -> Run:
    run = Run()
    for one in at:
        run = run.after_failure(ALLOWED, one)
    return run


def test_nobody_has_failed_at_first() -> None:
    assert Run().leaves(ALLOWED, 0.0) == ALLOWED


def test_failures_in_a_row_are_one_persons() -> None:
    assert failures(0.0).leaves(ALLOWED, 5.0) == 1
    assert failures(0.0, 5.0).leaves(ALLOWED, 6.0) == 0
    assert failures(0.0, 5.0).leaves(ALLOWED, 5.0 + PAUSE) == 0


def test_after_the_pause_there_is_one_more_and_the_next_pause_is_twice_as_long() -> None:
    run = failures(0.0, 5.0)
    again = 5.1 + PAUSE
    assert run.leaves(ALLOWED, again) == 1
    run = run.after_failure(ALLOWED, again)
    assert run.leaves(ALLOWED, again + 1.9 * PAUSE) == 0
    assert run.leaves(ALLOWED, again + 2.1 * PAUSE) == 1


def test_a_pause_has_an_end() -> None:
    assert Run(1_000_000, 0.0).pause(ALLOWED) == LONGEST_PAUSE


def test_a_failure_long_after_the_last_is_somebody_elses() -> None:
    assert failures(0.0, ONE_PERSON + 0.1).failures == 1
    assert failures(0.0, ONE_PERSON).failures == 2
    assert failures(0.0, 5.0).leaves(ALLOWED, 5.1 + PAUSE + ONE_PERSON) == ALLOWED


def test_a_frame_that_nobody_could_use_is_no_throw_of_the_dice() -> None:
    assert ReferReason.NO_GOOD_FRAME not in COUNTED
    assert ReferReason.NO_MATCH in COUNTED
    assert ReferReason.AMBIGUOUS not in COUNTED, "a double must not close the lane to those behind"
    assert ReferReason.TOO_MANY_ATTEMPTS not in COUNTED, "or nobody would ever be looked at again"


def test_two_attempts_are_nearly_twice_the_rate() -> None:
    assert fpir_of_a_person(0.001, 2) == pytest.approx(0.001999)
    assert fpir_of_a_person(0.001, 1) == pytest.approx(0.001)
