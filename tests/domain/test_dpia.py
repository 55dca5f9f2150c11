"""An impact assessment is signed off only when nothing of it is open."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stile.domain import dpia
from stile.domain.children import Children
from stile.domain.configuration import Configuration, LaneSet, about, rate
from stile.domain.dpia import (
    MATRIX,
    Answer,
    Assessment,
    Effect,
    Gap,
    Level,
    Likelihood,
    Open,
    Risk,
    Severity,
    changed,
    drifted,
    gaps,
)
from stile.domain.dpia_facts import CHILDREN, LIVENESS, answers, risks
from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.errors import WrongValue
from stile.domain.liveness import LivenessMode
from stile.domain.places import PURPOSE, Ask
from stile.domain.register import Deployment, Party, Phase, Relationship
from stile.domain.retention import RULES, Subject

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
RISK = Risk(
    "A member is let in as another.",
    Likelihood.POSSIBLE,
    Severity.SIGNIFICANT,
    "A threshold from a stated rate.",
    Effect.REDUCED,
    Level.LOW,
    approved=True,
)
WHOLE = Assessment(
    "pool",
    3,
    AT,
    "somebody",
    tuple(Answer(name, "Written.") for name in QUESTIONS if name != "prior_consultation"),
    (RISK,),
)
LANE = LaneSet("Main", True, Ask.TOUCH, LivenessMode.PASSIVE, 0.001, 0.41, 2, 3)
SET = Configuration(
    operator="Barnstone Leisure",
    centre="Pool",
    officer="",
    contact="dpo@barnstone.example",
    address="",
    recipients="Cloudy hosts our computers",
    lanes=(LANE, replace(LANE, name="Side", face_mode=False)),
    pack="mobilefacenet",
    measured_on="20 people",
    members=1_234,
    enrolled=56,
    days={subject: rule.days for subject, rule in RULES.items()},
    children=Children.OFF,
    notice="2026-11-25.5",
    ways=("card", "a PIN"),
    backups=True,
    over_tls=True,
    second_factor=True,
)


def test_the_seven_steps_are_the_commissioner_s() -> None:
    assert [one.value for one in Step] == [
        "need",
        "processing",
        "consultation",
        "necessity",
        "risks",
        "measures",
        "outcome",
    ]


def test_nothing_is_open_in_a_whole_one() -> None:
    assert gaps(WHOLE) == []


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name != "prior_consultation"])
def test_each_question_that_is_not_answered_is_open(name: str) -> None:
    left = tuple(replace(one, text=" ") if one.question == name else one for one in WHOLE.answers)
    assert gaps(replace(WHOLE, answers=left)) == [
        Gap(QUESTIONS[name].step, Open.UNANSWERED, QUESTIONS[name].label)
    ]


@pytest.mark.parametrize(
    ("risk", "step", "why"),
    [
        (replace(RISK, likelihood=None), Step.RISKS, Open.UNJUDGED),
        (replace(RISK, severity=None), Step.RISKS, Open.UNJUDGED),
        (replace(RISK, measures=" "), Step.MEASURES, Open.UNMEASURED),
        (replace(RISK, effect=None), Step.MEASURES, Open.NO_EFFECT),
        (replace(RISK, residual=None), Step.MEASURES, Open.NO_EFFECT),
        (replace(RISK, approved=False), Step.MEASURES, Open.UNAPPROVED),
    ],
    ids=lambda one: one.value if isinstance(one, Open) else "",
)
def test_what_a_risk_lacks(risk: Risk, step: Step, why: Open) -> None:
    assert gaps(replace(WHOLE, risks=(risk,))) == [Gap(step, why, RISK.source)]


def test_what_was_filled_in_is_open_until_somebody_has_read_it() -> None:
    left = tuple(one for one in WHOLE.answers if one.question not in ("aim", "consultation"))
    assert [(one.why, one.of) for one in gaps(replace(WHOLE, answers=left), {"aim"})] == [
        (Open.UNREAD, QUESTIONS["aim"].label),
        (Open.UNANSWERED, QUESTIONS["consultation"].label),
    ]


def test_no_risk_at_all_is_an_omission() -> None:
    assert gaps(replace(WHOLE, risks=())) == [Gap(Step.RISKS, Open.NO_RISKS)]


def test_a_low_risk_needs_no_measure() -> None:
    assert gaps(replace(WHOLE, risks=(Risk("A queue.", Likelihood.REMOTE, Severity.MINIMAL),))) == []


def test_a_risk_that_stays_high_goes_to_the_commissioner_first() -> None:
    high = replace(WHOLE, risks=(replace(RISK, residual=Level.HIGH),))
    assert gaps(high) == [Gap(Step.OUTCOME, Open.NOT_CONSULTED)]
    asked = replace(
        high, answers=(*high.answers, Answer("prior_consultation", "Asked on 1 May, no objection."))
    )
    assert gaps(asked) == []


def test_each_pair_has_its_level_and_worse_is_never_better() -> None:
    assert set(MATRIX) == {(one, other) for one in Severity for other in Likelihood}
    order = list(Level)
    for severity, likelihood in MATRIX:
        here = order.index(MATRIX[severity, likelihood])
        worse_severity = list(Severity)[list(Severity).index(severity) :]
        worse_likelihood = list(Likelihood)[list(Likelihood).index(likelihood) :]
        assert all(order.index(MATRIX[one, likelihood]) >= here for one in worse_severity)
        assert all(order.index(MATRIX[severity, one]) >= here for one in worse_likelihood)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Risk(" "),
        lambda: Risk("x" * 20_001),
        lambda: Answer("weather", "fine"),
        lambda: Answer("aim", "x" * 20_001),
        lambda: replace(WHOLE, deployment=" "),
        lambda: replace(WHOLE, at=datetime(2026, 1, 1)),  # noqa: DTZ001 it is the point
        lambda: replace(WHOLE, answers=(Answer("aim", "a"), Answer("aim", "b"))),
        lambda: replace(WHOLE, risks=(RISK,) * (dpia.MOST_RISKS + 1)),
    ],
)
def test_wrong_values_cannot_be_built(wrong: object) -> None:
    with pytest.raises(WrongValue):
        wrong()  # type: ignore[operator]


def test_what_a_version_changed() -> None:
    assert changed(None, replace(WHOLE, risks=()))[:1] == [QUESTIONS["aim"].label]
    assert changed(WHOLE, replace(WHOLE, risks=())) == ["Risks and measures"]
    assert changed(WHOLE, replace(WHOLE, n=4)) == []


# --- what the configuration says -------------------------------------------------------------------------------


def test_facts_stand_and_weighing_is_left_to_people() -> None:
    says = answers(SET, None)
    assert set(says) == {one.name for one in QUESTIONS.values() if one.filled}
    assert PURPOSE in says["aim"]
    assert "consultation" not in says
    assert "proportionate" not in says
    assert "Side" not in says["aim"]  # a lane that looks at no face
    assert "Passages: 90 days after the passage." in says["nature"]
    assert "a false-positive identification rate of 0.001 of an attempt" in says["scope"]
    assert "Fewer than 10,000 members are known, fewer than 100 of them enrolled" in says["scope"]
    assert says["lawful"] == ""
    assert all(one.likelihood is None and one.severity is None and not one.approved for one in risks(SET))


def test_what_is_measured_stands_with_the_risk_that_it_is_about() -> None:
    measured = replace(SET, spot_checks=50, groups=("18 to 39", "40 and over"))
    first, second = risks(measured)[:2]
    assert "One admission in 50, drawn by chance, is checked by reception." in first.measures
    assert "a group (18 to 39, 40 and over)" in second.measures
    first, second = risks(SET)[:2]
    assert "No spot checks are made." in first.measures
    assert "group" not in second.measures


def test_what_the_register_says_goes_in() -> None:
    found = Deployment(
        "pool",
        "Pool",
        "Barnstone Leisure",
        Phase.PLANNED,
        Relationship.OWN,
        lawful_basis="Consent",
        condition="Explicit consent",
        processors=(Party("Cloudy", "hosts"), Party("Paper")),
    )
    says = answers(SET, found)
    assert says["lawful"] == "Consent; Explicit consent."
    assert "Cloudy: hosts." in says["processors"]
    assert "Paper: part not recorded." in says["processors"]


def test_without_lanes_it_says_so() -> None:
    says = answers(replace(SET, lanes=()), None)
    assert "No lane looks at faces." in says["scope"]


def test_it_shows_when_the_configuration_and_the_words_drift_apart() -> None:
    says = answers(SET, None)
    written = replace(
        WHOLE, answers=tuple(Answer(name, "My words.", says.get(name, "")) for name in QUESTIONS)
    )
    assert drifted(written, says) == []
    other = answers(replace(SET, lanes=(replace(LANE, liveness=LivenessMode.OFF),)), None)
    assert drifted(written, other) == ["scope", "quality"]
    more = answers(replace(SET, members=1_300), None)
    assert drifted(written, more) == []


def test_every_mode_has_words() -> None:
    assert set(LIVENESS) == set(LivenessMode)
    assert set(CHILDREN) == set(Children)
    assert "one to one" in rate(replace(LANE, ask=Ask.CARD_FIRST, rate=1e-5))
    assert "0.00001 " in rate(replace(LANE, rate=1e-5))
    assert [about(n) for n in (0, 99, 100, 999_999, 3_400_000)] == [
        "fewer than 100",
        "fewer than 100",
        "fewer than 1,000",
        "fewer than 1,000,000",
        "3 million or more",
    ]
    assert SET.kept(Subject.LINKS).endswith("7 days after their use, or their last day.")
