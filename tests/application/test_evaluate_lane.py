"""A lane measured by its own passages: counts, both denominators, exact intervals, and "not measured" where nobody
looked."""

from datetime import UTC, datetime

import pytest

from stile.application.evaluation.lane import CAUTION, Measure, evaluate_lane, evidence_of
from stile.domain.adjudication import Tally, Verdict
from stile.domain.errors import NotFound
from stile.domain.intervals import clopper_pearson
from stile.domain.passage import AdmitReason, Outcome, ReferReason, RefuseReason
from tests.conftest import Here

MATCHED, NO_MATCH, SPOOF = AdmitReason.FACE_MATCHED, ReferReason.NO_MATCH, ReferReason.SPOOF
ADMIT, REFUSE, REFER = Outcome.ADMIT, Outcome.REFUSE, Outcome.REFER
NOW = datetime(2026, 11, 2, tzinfo=UTC)

TALLIES = [
    Tally(ADMIT, MATCHED, None, 880),
    Tally(ADMIT, MATCHED, Verdict.RIGHT, 15),
    Tally(ADMIT, MATCHED, Verdict.WRONG_PERSON, 2),
    Tally(ADMIT, MATCHED, Verdict.ATTACK, 1),
    Tally(REFUSE, RefuseReason.LAPSED, None, 4),
    Tally(REFUSE, RefuseReason.LAPSED, Verdict.WRONG_PERSON, 1),
    Tally(REFER, NO_MATCH, None, 60),
    Tally(REFER, NO_MATCH, Verdict.SHOULD_HAVE_OPENED, 11),
    Tally(REFER, NO_MATCH, Verdict.RIGHTLY_REFERRED, 5),
    Tally(REFER, SPOOF, Verdict.ATTACK, 3),
    Tally(REFER, SPOOF, Verdict.SHOULD_HAVE_OPENED, 2),
    Tally(REFER, ReferReason.VISION_DOWN, None, 40),
    Tally(REFER, ReferReason.FACE_MODE_OFF, None, 7),
]


def counts(measures: object) -> list[tuple[str, int, int]]:
    return [(one.name, one.errors, one.trials) for one in measures]  # type: ignore[attr-defined]


def test_counts_are_what_was_tallied(here: Here) -> None:
    found = evidence_of(here.lane, TALLIES, None, (NOW, NOW))
    assert (found.attempts, found.admissions, found.refusals, found.referrals) == (984, 898, 5, 81)
    assert found.not_looked_at == 47
    assert found.adjudicated == 40
    assert found.by_reason[0] == (ADMIT, MATCHED, 898)
    assert sum(count for _, _, count in found.by_reason) == 984 + 47
    assert dict(found.verdicts) == {
        Verdict.RIGHT: 15,
        Verdict.WRONG_PERSON: 3,
        Verdict.SHOULD_HAVE_OPENED: 13,
        Verdict.ATTACK: 4,
        Verdict.RIGHTLY_REFERRED: 5,
    }


def test_each_rate_has_its_denominator_and_an_exact_interval(here: Here) -> None:
    found = evidence_of(here.lane, TALLIES, None, (NOW, NOW))
    assert counts(found.measures) == [
        ("Wrong person", 3, 984),  # of all who were looked at
        ("Wrong person", 3, 903),  # of all who were taken for a member
        ("Should have opened", 13, 984),
        ("Should have opened", 13, 880 + 15 + 4 + 13),  # of all who came as themselves
        ("Attacks let in", 1, 4),
        ("Taken for an attack, and was none", 2, 5),
    ]
    for one in found.measures:
        assert one.rate == one.errors / one.trials
        assert one.interval == clopper_pearson(one.errors, one.trials)
    assert list(found.limits) == ["40 of 984 attempts were adjudicated.", CAUTION]


def test_what_nobody_looked_into_was_not_measured(here: Here) -> None:
    """Admissions only were adjudicated: of refusals to open nothing is known, not that there were none."""
    some = [
        Tally(ADMIT, MATCHED, Verdict.RIGHT, 1),
        Tally(ADMIT, MATCHED, None, 9),
        Tally(REFER, NO_MATCH, None, 5),
    ]
    found = evidence_of(here.lane, some, None, (NOW, NOW))
    assert [(one.is_measured, one.rate) for one in found.measures] == [
        (True, 0.0),
        (True, 0.0),
        (False, None),
        (False, None),
        (False, None),
        (False, None),
    ]
    assert all((one.interval is None) == (not one.is_measured) for one in found.measures)


@pytest.mark.parametrize(
    ("tallies", "said"),
    [
        ([], "No passage by face yet"),
        ([Tally(ADMIT, MATCHED, None, 5)], "Nobody has said of any passage"),
        ([Tally(REFER, ReferReason.FACE_MODE_OFF, None, 5)], "No passage by face yet"),
    ],
    ids=["nothing", "nobody looked", "no face looked at"],
)
def test_an_empty_lane_says_what_to_do(here: Here, tallies: list[Tally], said: str) -> None:
    found = evidence_of(here.lane, tallies, None, None)
    assert said in found.limits[0]
    assert not any(one.is_measured for one in found.measures)


def test_a_rate_of_nothing_is_none() -> None:
    assert Measure("", "", 0, 0, 3).rate is None
    assert Measure("", "", 0, 0, 3).interval is None


def test_from_a_lane_in_service(here: Here) -> None:
    here.enrol(1)
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    assert staff is not None
    came, stranger = here.come(1).passage, here.come(2).passage
    here.site.admit_by_card.present(here.lane, "5500001")
    assert came is not None
    assert stranger is not None
    here.site.adjudicate.passage(came.id, Verdict.WRONG_PERSON, staff.id)
    here.clock.advance(60)
    later = here.clock.now()
    assert here.come(1).door_opened
    found = evaluate_lane(here.site.store, "main")
    assert (found.attempts, found.admissions, found.referrals, found.adjudicated) == (3, 2, 1, 1)
    assert found.first is not None
    assert found.last is not None
    assert found.first < later <= found.last
    assert counts(found.measures)[:2] == [("Wrong person", 1, 3), ("Wrong person", 1, 2)]
    since = evaluate_lane(here.site.store, "main", later)
    assert (since.attempts, since.adjudicated) == (1, 0)
    with pytest.raises(NotFound, match="no lane"):
        evaluate_lane(here.site.store, "side")
