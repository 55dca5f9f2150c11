"""Head turns: asked for at random, checked in order and in time; a film cannot know them."""

import itertools

import pytest

from stile.domain.challenge import (
    BACK_WITHIN,
    HOLD_WITHIN,
    LONGEST_HOLD,
    SETTLE_WITHIN,
    SHORTEST_HOLD,
    SOONEST,
    STEP,
    TRANSITIONS,
    TRIES,
    TURN_WITHIN,
    TURNED,
    TURNS,
    Challenge,
    Drawn,
    Phase,
    Sign,
    Turn,
    advance,
    draw,
    lose_sight,
)
from stile.domain.errors import WrongValue

LEFT, RIGHT, AHEAD = TURNED + 0.02, -TURNED - 0.02, 0.0


def one(turn: Turn = Turn.LEFT, *more: Turn) -> Challenge:
    return Challenge([Drawn(each, 0.5) for each in (turn, *more)], 0.0)


def after(challenge: Challenge, *looks: tuple[float, float]) -> Challenge:
    """`looks`: seconds and how far the head is turned, one frame each."""
    for at, turned in looks:
        challenge = advance(challenge, turned, at)
    return challenge


HELD = [(0.1, AHEAD), (0.2, AHEAD), (0.7, AHEAD)]
"""Straight, long enough: the turn is asked for at 0.7 s."""


def test_a_turn_that_is_followed_passes() -> None:
    challenge = after(one(), *HELD)
    assert (challenge.phase, challenge.turn) == (Phase.TURN, Turn.LEFT)
    challenge = after(challenge, (1.0, 0.1), (1.3, LEFT))
    assert (challenge.phase, challenge.turn) == (Phase.BACK, None)
    challenge = after(challenge, (1.5, 0.12), (1.8, AHEAD))
    assert challenge.phase is Phase.PASSED
    assert challenge.is_over


def test_two_turns_are_asked_for_in_order_each_after_a_hold() -> None:
    challenge = after(one(Turn.RIGHT, Turn.LEFT), *HELD, (1.2, RIGHT), (1.6, AHEAD))
    assert (challenge.phase, challenge.step) == (Phase.HOLD, 1)
    challenge = after(challenge, (2.2, AHEAD))
    assert challenge.turn is Turn.LEFT
    assert after(challenge, (2.6, LEFT), (3.0, AHEAD)).phase is Phase.PASSED


@pytest.mark.parametrize(
    ("looks", "ends"),
    [
        pytest.param([*HELD, (1.2, RIGHT)], Phase.WRONG, id="the other way"),
        pytest.param([*HELD, (0.7 + SOONEST / 2, LEFT)], Phase.MISSED, id="sooner than anybody reacts"),
        pytest.param([*HELD, (0.75 + TURN_WITHIN, LEFT)], Phase.MISSED, id="too late"),
        pytest.param([(0.1, AHEAD), (0.3, LEFT)], Phase.MISSED, id="turned as asked, before it was asked"),
        pytest.param(
            [(0.1, AHEAD), (0.3, RIGHT)], Phase.MISSED, id="turned the other way while it should hold"
        ),
        pytest.param(
            [*HELD, (1.2, LEFT), (1.3 + BACK_WITHIN, AHEAD)], Phase.MISSED, id="did not come back in time"
        ),
        pytest.param([(SETTLE_WITHIN + 0.1, LEFT)], Phase.MISSED, id="never straight"),
        pytest.param(
            [(0.1, AHEAD), (0.2 + HOLD_WITHIN, 0.1)], Phase.MISSED, id="never still while it should hold"
        ),
        pytest.param([*HELD, (1.2, 0.1), (1.5, 0.11)], Phase.TURN, id="not far enough yet"),
        pytest.param([(0.1, LEFT), (0.5, LEFT)], Phase.SETTLE, id="not straight yet"),
        pytest.param([*HELD, (1.2, LEFT), (1.4, LEFT)], Phase.BACK, id="not back yet"),
    ],
)
def test_what_else_may_happen(looks: list[tuple[float, float]], ends: Phase) -> None:
    assert after(one(), *looks).phase is ends


def test_pictures_that_are_swapped_by_hand_do_not_turn() -> None:
    """A head passes through what lies between; half of the ways may go unseen, and not more."""
    stood = [(0.95, AHEAD), (1.0, LEFT), (1.25, LEFT), (1.3, AHEAD), (2.0, AHEAD), (2.3, AHEAD), (2.4, LEFT)]
    assert after(one(Turn.LEFT, Turn.LEFT), *HELD, *stood).phase is Phase.MISSED
    assert after(one(Turn.LEFT, Turn.LEFT), *HELD, *stood[:-1]).phase is Phase.TURN
    seen = [(1.0, 0.1), (1.2, LEFT), (1.3, 0.1), (1.5, AHEAD), (2.1, AHEAD), (2.4, LEFT), (2.7, AHEAD)]
    assert after(one(Turn.LEFT, Turn.LEFT), *HELD, *seen).phase is Phase.PASSED


def test_a_leap_is_abrupt_although_something_lay_between() -> None:
    leaps = [(0.8, 0.1), (0.9, 0.1 + STEP + 0.05), (1.0, 0.1), (1.1, AHEAD)]
    assert after(one(), *HELD, *leaps).abrupt == 1
    assert after(one(), *HELD, (0.9, 0.1), (1.0, LEFT), (1.1, 0.1), (1.3, AHEAD)).abrupt == 0


def test_to_lose_sight_of_the_face_while_it_should_turn_costs_a_try() -> None:
    asked = after(one(), *HELD)
    assert lose_sight(asked, 0.8).phase is Phase.MISSED
    held, back = after(one(), (0.1, AHEAD)), after(asked, (1.2, LEFT))
    assert lose_sight(held, 0.2) == held
    assert lose_sight(back, 1.3) == back


def test_what_is_over_stays_over() -> None:
    passed = after(one(), *HELD, (1.2, LEFT), (1.6, AHEAD))
    assert after(passed, (2.0, RIGHT), (99.0, LEFT)).phase is Phase.PASSED


def test_every_turn_and_hold_comes_up_and_none_can_be_told_from_the_last() -> None:
    drawn = [draw(f"secret {n}") for n in range(400)]
    turns = [tuple(each.turn for each in one) for one in drawn]
    for sequence in itertools.product(Turn, repeat=2):
        assert 70 <= turns.count(sequence) <= 130, "each about a quarter of 400"
    holds = [each.hold for one in drawn for each in one]
    assert SHORTEST_HOLD <= min(holds) < SHORTEST_HOLD + 0.02
    assert LONGEST_HOLD - 0.02 < max(holds) <= LONGEST_HOLD
    assert draw("secret 1") == draw("secret 1")


def test_a_challenge_without_a_secret_cannot_be_drawn() -> None:
    with pytest.raises(WrongValue, match="secret"):
        draw("")


def test_a_hold_that_could_be_guessed_cannot_be() -> None:
    with pytest.raises(WrongValue, match="a hold lasts"):
        Drawn(Turn.LEFT, 0.0)


def test_the_table_ends_and_nothing_leads_out_of_an_end() -> None:
    ends = {Phase.PASSED, Phase.MISSED, Phase.WRONG}
    assert {before for before, _ in TRANSITIONS}.isdisjoint(ends)
    assert {before for before, _ in TRANSITIONS} == set(Phase) - ends
    assert {sign for _, sign in TRANSITIONS} == set(Sign) - {Sign.PARTLY}
    assert all((phase, Sign.TOO_LATE) in TRANSITIONS for phase in set(Phase) - ends), "each phase has a clock"


def passes(film: list[float], step: float, secret: str) -> bool:
    """Whether a film gets through an attempt: three tries, one turn more each time, none after a wrong turn."""
    tries, challenge = 0, Challenge(draw(f"{secret} 0"), 0.0)
    for n, turned in enumerate(film):
        challenge = advance(challenge, turned, n * step)
        if challenge.phase in (Phase.PASSED, Phase.WRONG):
            return challenge.phase is Phase.PASSED
        if challenge.phase is Phase.MISSED:
            tries += 1
            if tries == TRIES:
                return False
            challenge = Challenge(draw(f"{secret} {tries}", TURNS + tries), n * step)
    return False


@pytest.mark.parametrize("pause", [0.3, 1.0, 1.5, 2.0], ids=lambda pause: f"{pause} s straight between")
def test_how_often_a_film_that_turns_both_ways_over_and_over_gets_through(pause: float) -> None:
    """Two turns drawn from two ways are guessed one time in four, and later tries ask for more. What passive liveness
    makes of a film on a screen is not in this."""
    step, wins, trials = 0.1, 0, 400
    once = [AHEAD] * round(pause / step)
    left = [0.09, *[LEFT] * 8, 0.09]
    lap = [*once, *left, *once, *[-one for one in left]]
    for n in range(trials):
        begun = n * 7 % len(lap)
        wins += passes((lap * 40)[begun : begun + 300], step, f"film {n}")
    assert wins / trials <= 0.35
