"""An assessment is written step by step, kept version by version, and signed into the register when it is whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stile.application.register.assessing import Assessing, Signing
from stile.domain.audit import Event
from stile.domain.dpia import Effect, Level, Likelihood, Severity
from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.liveness import LivenessMode
from stile.domain.register import (
    Deployment,
    DocumentKind,
    Missing,
    Phase,
    Relationship,
    SignOff,
    missing,
)
from stile.ports.audit import Wanted
from tests.conftest import Here


@pytest.fixture
def assessing(here: Here) -> Assessing:
    return here.site.assessing


@pytest.fixture
def key(here: Here) -> str:
    return str(here.lane.centre)


def write(assessing: Assessing, key: str) -> int:
    """Everything that is open, and which version that made."""
    for step in Step:
        looked = assessing.look(key)
        given = {
            one.name: looked.offered.text(one.name) or "Weighed."
            for one in QUESTIONS.values()
            if one.step is step and one.name != "prior_consultation"
        }
        if given:
            assessing.answer(key, given, step, looked.assessment.n, "test")
    looked = assessing.look(key)
    judged = [
        replace(
            one,
            likelihood=Likelihood.POSSIBLE,
            severity=Severity.SIGNIFICANT,
            measures=one.measures or "Seen to.",
            effect=Effect.REDUCED,
            residual=Level.LOW,
            approved=True,
        )
        for one in looked.offered.risks
    ]
    return assessing.judge(key, judged, Step.MEASURES, looked.assessment.n, "test").n


def signing(here: Here, version: int) -> Signing:
    ahead = here.clock.today() + timedelta(days=365)
    return Signing(version, "The manager", "The board", "It may go ahead.", "", ahead, "signed in a test")


def test_it_begins_with_what_the_program_is_set_to(assessing: Assessing, key: str) -> None:
    looked = assessing.look(key)
    assert looked.fresh
    assert "Main entrance" in looked.offered.text("aim")
    assert looked.offered.text("consultation") == ""
    assert len(looked.offered.risks) >= 8
    assert (looked.assessment.answers, looked.assessment.risks, looked.drifted) == ((), (), [])
    assert list(assessing.versions(key)) == []


def test_a_step_makes_a_version_and_leaves_the_others(here: Here, assessing: Assessing, key: str) -> None:
    made = assessing.answer(
        key, {"consultation": " Members, by letter.\r\n"}, Step.CONSULTATION, 0, "somebody"
    )
    assert (made.n, made.by, made.text("consultation")) == (1, "somebody", "Members, by letter.")
    assert [one.question for one in made.answers] == ["consultation"]  # nobody has read the others
    assert assessing.look(key).offered.text("aim") != ""
    with here.site.store.read() as work:
        [entry] = work.audit.find(Wanted(events=(Event.ASSESSMENT_SAVED,)))
    assert entry.detail == {"version": 1, "step": "consultation"}


def test_a_step_that_was_only_read_makes_none(assessing: Assessing, key: str) -> None:
    given = {"consultation": "Members."}
    assert assessing.answer(key, given, Step.CONSULTATION, 0, "a").n == 1
    assert assessing.answer(key, given, Step.CONSULTATION, 1, "a").n == 1


def test_nobody_s_version_is_overwritten(assessing: Assessing, key: str) -> None:
    assessing.answer(key, {"consultation": "First."}, Step.CONSULTATION, 0, "one")
    with pytest.raises(Conflict):
        assessing.answer(key, {"consultation": "Second."}, Step.CONSULTATION, 0, "two")
    assert assessing.look(key).assessment.text("consultation") == "First."


def test_a_changed_lane_shows_and_its_words_can_be_taken(here: Here, assessing: Assessing, key: str) -> None:
    n = write(assessing, key)
    assert assessing.look(key).drifted == []
    here.site.setup.change_lane(here.lane.id, {"liveness": LivenessMode.OFF}, "test")
    looked = assessing.look(key)
    assert set(looked.drifted) == {"scope", "quality"}
    made = assessing.answer(key, {}, Step.PROCESSING, n, "test", take=["scope"])
    assert "liveness off" in made.text("scope")
    assert assessing.look(key).drifted == ["quality"]


def test_signing_puts_it_on_file_and_opens_what_waited_for_it(
    here: Here, assessing: Assessing, key: str
) -> None:
    register = here.site.registering
    entry = register.as_of().deployment(key)
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    left = tuple(one for one in entry.fact.documents if one.kind is not DocumentKind.DPIA)
    register.add(replace(entry.fact, documents=left), "test", "test")
    assert missing(register.as_of(), key, here.clock.today()) == [Missing.DPIA]
    n = write(assessing, key)
    signed, filed = assessing.sign_off(key, signing(here, n), "the officer")
    assert isinstance(signed.fact, SignOff)
    assert (signed.fact.version, signed.recorded_by, signed.source) == (
        f"{n}, written in Stile",
        "the officer",
        "signed in a test",
    )
    assert isinstance(filed.fact, Deployment)
    document = filed.fact.document(DocumentKind.DPIA)
    assert document is not None
    assert document.title == f"Data protection impact assessment, version {n}"
    assert missing(register.as_of(), key, here.clock.today()) == []
    assert missing(register.as_of(), key, signed.fact.review_on + timedelta(days=1)) == [Missing.REVIEW]
    assessing.sign_off(key, signing(here, n), "the officer")
    again = register.as_of().deployment(key)
    assert again is not None
    assert isinstance(again.fact, Deployment)
    assert [one.title for one in again.fact.documents].count(document.title) == 1


def test_what_is_open_is_not_signed(here: Here, assessing: Assessing, key: str) -> None:
    entries = len(here.site.registering.history())
    with pytest.raises(WrongValue, match="Nobody has written"):
        assessing.sign_off(key, signing(here, 0), "test")
    assessing.answer(key, {"consultation": "Members."}, Step.CONSULTATION, 0, "test")
    with pytest.raises(WrongValue, match="not complete"):
        assessing.sign_off(key, signing(here, 1), "test")
    n = write(assessing, key)
    with pytest.raises(Conflict):
        assessing.sign_off(key, signing(here, n - 1), "test")
    with pytest.raises(WrongValue, match="lies ahead"):
        assessing.sign_off(key, replace(signing(here, n), review_on=here.clock.today()), "test")
    with pytest.raises(WrongValue, match="measures"):
        assessing.sign_off(key, replace(signing(here, n), measures_by=" "), "test")
    assert len(here.site.registering.history()) == entries


def test_of_somebody_else_s_place_nothing_is_filled_in(here: Here, assessing: Assessing) -> None:
    with pytest.raises(NotFound):
        assessing.look("hall")
    hall = Deployment("hall", "Hall", "Others", Phase.PLANNED, Relationship.OPERATORS_ALONE)
    here.site.registering.add(hall, "a letter", "test")
    looked = assessing.look("hall")
    assert (looked.configured, looked.offered.answers, looked.offered.risks) == ({}, (), ())
    assert assessing.deployment_as_configured("hall") is None
    with pytest.raises(NotFound):
        assessing.version("hall", 1)


def test_an_entry_of_ours_begins_with_what_is_configured(here: Here, assessing: Assessing, key: str) -> None:
    for who in range(3):
        here.enrol(who)
    found = assessing.deployment_as_configured(key)
    assert found is not None
    assert (found.phase, found.place, found.operator) == (Phase.PLANNED, "Test Centre", "Test Operator")
    assert "threshold" in found.threshold
    assert "among 3 enrolled" in found.threshold
    assert "30 days" in found.retention
    assert found.alternative.startswith("Card, PIN or a code on the phone")
