"""What an entry about our own centre begins with, and where it and the program have drifted apart."""

from dataclasses import replace

import pytest

from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask
from stile.domain.register import Deployment, Mode, Phase
from stile.domain.register_draft import differs, drafted
from stile.domain.retention import Subject
from tests.domain.test_dpia import LANE, SET

DRAFTED = drafted(SET, "pool")


def test_it_is_planned_until_somebody_says_otherwise() -> None:
    assert DRAFTED.phase is Phase.PLANNED
    assert DRAFTED.since is None
    assert DRAFTED.documents == ()
    assert DRAFTED.alternative == "Card or a PIN, at the same lane, at the same hours."
    assert "Side" not in DRAFTED.threshold


@pytest.mark.parametrize(
    ("asks", "mode"),
    [
        ((Ask.TOUCH,), Mode.ONE_TO_MANY),
        ((Ask.CARD_FIRST,), Mode.ONE_TO_ONE),
        ((Ask.CARD_FIRST, Ask.ZONE), Mode.BOTH),
        ((), None),
    ],
)
def test_the_mode_is_the_lanes_own(asks: tuple[Ask, ...], mode: Mode | None) -> None:
    lanes = tuple(replace(LANE, ask=ask) for ask in asks)
    assert drafted(replace(SET, lanes=lanes), "pool").mode is mode


def test_as_drafted_nothing_differs_and_members_may_come() -> None:
    assert differs(SET, DRAFTED) == []
    more = replace(SET, members=9, enrolled=9, lanes=(replace(LANE, threshold=0.6),))
    assert differs(more, DRAFTED) == []
    assert differs(replace(SET, lanes=(replace(LANE, liveness=LivenessMode.OFF),)), DRAFTED) == []


def test_prose_of_one_s_own_is_nobody_s_to_judge() -> None:
    assert (
        differs(SET, replace(DRAFTED, retention="as long as the member agrees", threshold="", pack="")) == []
    )


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (replace(DRAFTED, pack="dlib"), "pack"),
        (replace(DRAFTED, mode=Mode.ONE_TO_ONE), "mode"),
        (replace(DRAFTED, threshold=DRAFTED.threshold.replace("0.001", "0.01")), "threshold"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_differs_is_told_with_what_is_set(fact: Deployment, field: str) -> None:
    [one] = differs(SET, fact)
    assert one.field == field
    assert one.recorded != one.set_to


def test_another_period_of_a_rule_differs() -> None:
    changed = replace(SET, days={**SET.days, Subject.PASSAGES: 31})
    [one] = differs(changed, DRAFTED)
    assert one.field == "retention"
    assert "Passages: 31 days after the passage." in one.set_to
