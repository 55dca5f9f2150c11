"""Law 5: face mode opens only when the register holds what makes it lawful for the lane's centre; and closes again when
that no longer stands."""

import ast
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from stile.application.attempt import Attempt
from stile.application.gate import Concluded
from stile.application.go_live import GoLive
from stile.domain.errors import NotAllowed
from stile.domain.member import Member
from stile.domain.passage import Admit, Refer, ReferReason
from stile.domain.register import Deployment, DocumentKind, Fact, Missing, Phase, SignOff, missing
from stile.testing import complete_facts, picture_of
from tests.conftest import ROOT, Here, open_here

DAY = 24 * 60 * 60.0
CLOSED = Refer(ReferReason.NOT_REGISTERED)


@pytest.fixture(scope="module")
def one_member(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a member who is enrolled, and nothing in its register: made once."""
    data = tmp_path_factory.mktemp("law5") / "data"
    here = open_here(data)
    here.enrol(1)
    here.site.close()
    with closing(sqlite3.connect(data / "stile.db")) as tool, tool:
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'register_entry'"
        rules = tool.execute(found).fetchall()
        for name, _ in rules:
            tool.execute(f"DROP TRIGGER {name}")
        assert tool.execute("DELETE FROM register_entry").rowcount == len(facts(here))
        for _, sql in rules:
            tool.execute(sql)
    return data


@pytest.fixture
def bare(tmp_path: Path, one_member: Path, make_here: Callable[[], Here]) -> Here:
    shutil.copytree(one_member, tmp_path / "data")
    return make_here()


def facts(here: Here) -> tuple[Deployment, SignOff]:
    deployment, sign_off = complete_facts(here.lane.centre, here.clock.today())
    assert isinstance(deployment, Deployment)
    assert isinstance(sign_off, SignOff)
    return deployment, sign_off


def record(here: Here, *what: Fact, at: date | None = None) -> None:
    for fact in what:
        here.site.registering.add(fact, "a test", "test", at)


def without(kind: DocumentKind) -> Callable[[Deployment], dict[str, Any]]:
    return lambda one: {"documents": tuple(each for each in one.documents if each.kind is not kind)}


LACKING: dict[Missing, Callable[[Deployment], dict[str, Any]]] = {
    Missing.IN_USE: lambda _: {"phase": Phase.PLANNED},
    Missing.PURPOSE: lambda _: {"purpose": " "},
    Missing.CONTROLLER: lambda _: {"controller": ""},
    Missing.LAWFUL_BASIS: lambda _: {"condition": ""},
    Missing.ALTERNATIVE: lambda _: {"alternative": ""},
    Missing.RETENTION: lambda _: {"retention": ""},
    Missing.NOTICE: without(DocumentKind.NOTICE),
    Missing.SIGNAGE: without(DocumentKind.SIGNAGE),
    Missing.DPIA: without(DocumentKind.DPIA),
}


def lacking(here: Here, what: Missing) -> Sequence[Fact]:
    """Everything but that."""
    deployment, sign_off = facts(here)
    match what:
        case Missing.DEPLOYMENT:
            return ()
        case Missing.SIGN_OFF:
            return (deployment,)
        case Missing.REVIEW:
            return deployment, replace(sign_off, review_on=here.clock.today() - timedelta(days=1))
    return replace(deployment, **LACKING[what](deployment)), sign_off


def card_opens(here: Here) -> bool:
    return here.site.admit_by_card.present(here.lane, "5500001").door_opened


@pytest.mark.parametrize("what", Missing, ids=lambda one: one.name)
def test_whatever_is_missing_the_lane_is_closed_to_faces_and_the_card_opens_it(
    bare: Here, what: Missing
) -> None:
    record(bare, *lacking(bare, what))
    assert bare.site.go_live.lacks(bare.lane.centre) == (what,)
    assert bare.site.admit_by_face.closed(bare.lane) is ReferReason.NOT_REGISTERED
    done = bare.come(1)
    assert done.decision == CLOSED
    assert not done.door_opened
    assert not bare.door.opened_for
    assert card_opens(bare)


def test_the_last_entry_opens_it(bare: Here) -> None:
    deployment, sign_off = facts(bare)
    record(bare, deployment)
    assert bare.come(1).decision == CLOSED
    record(bare, sign_off)
    assert isinstance(bare.come(1).decision, Admit)


def test_what_is_registered_of_another_centre_opens_nothing(bare: Here) -> None:
    deployment, sign_off = facts(bare)
    record(bare, replace(deployment, key="pool"), replace(sign_off, deployment="pool"))
    assert bare.come(1).decision == CLOSED
    assert bare.site.go_live.lacks(bare.lane.centre) == (Missing.DEPLOYMENT,)


def test_a_lane_is_open_on_the_day_of_its_review_and_closed_on_the_next(bare: Here) -> None:
    deployment, sign_off = facts(bare)
    review = bare.clock.today() + timedelta(days=1)
    record(bare, deployment, replace(sign_off, review_on=review))
    bare.clock.advance(DAY)
    assert isinstance(bare.come(1).decision, Admit)
    bare.clock.advance(DAY)
    assert bare.come(1).decision == CLOSED
    assert bare.site.go_live.lacks(bare.lane.centre) == (Missing.REVIEW,)
    assert card_opens(bare)
    record(bare, replace(sign_off, review_on=bare.clock.today() + timedelta(days=365)))
    assert isinstance(bare.come(1).decision, Admit)


def test_a_lane_opens_on_the_day_that_its_entry_stands_for(bare: Here) -> None:
    deployment, sign_off = facts(bare)
    tomorrow = bare.clock.today() + timedelta(days=1)
    record(bare, deployment, sign_off, at=tomorrow)
    assert bare.come(1).decision == CLOSED
    bare.clock.advance(DAY)
    assert isinstance(bare.come(1).decision, Admit)


def test_a_use_that_ended_closes_the_lane(here: Here) -> None:
    here.enrol(1)
    assert isinstance(here.come(1).decision, Admit)
    deployment, _ = facts(here)
    record(here, replace(deployment, phase=Phase.ENDED, until=here.clock.today()))
    assert here.come(1).decision == CLOSED


def test_an_entry_by_another_program_is_followed(here: Here, make_here: Callable[[], Here]) -> None:
    here.enrol(1)
    deployment, _ = facts(here)
    other = make_here()
    record(other, replace(deployment, purpose=""))
    here.site.follow_changes.catch_up()
    assert here.come(1).decision == CLOSED
    record(other, deployment)
    here.site.follow_changes.catch_up()
    assert isinstance(here.come(1).decision, Admit)


def test_another_programs_entry_is_followed_where_nothing_can_see(
    bare: Here, make_here: Callable[[], Here]
) -> None:
    site = bare.site
    blind = type(site.follow_changes)(site.store, site.vault, None, bare.clock, lambda: None, site.go_live)
    record(make_here(), *facts(bare))
    assert not site.go_live.is_open(bare.lane.centre)
    blind.catch_up()
    assert site.go_live.is_open(bare.lane.centre)


def begun(here: Here) -> Attempt:
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    return attempt


def test_who_is_being_looked_at_when_it_closes_is_asked_for_the_card(here: Here) -> None:
    here.enrol(1)
    attempt = begun(here)
    deployment, _ = facts(here)
    record(here, replace(deployment, alternative=""))
    seen = here.site.admit_by_face.see(attempt, picture_of(1))
    assert isinstance(seen, Concluded)
    assert seen.decision == CLOSED
    assert here.site.admit_by_face.give_up(attempt) is None, "it has its one decision"


def test_asking_reads_no_storage_also_when_the_day_turns(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("the frame's path asked the store")

    gate = GoLive(here.site.store, here.clock)
    monkeypatch.setattr(type(here.site.store), "read", read)
    assert gate.is_open(here.lane.centre)
    here.clock.advance(DAY)
    assert gate.is_open(here.lane.centre)


def test_the_register_is_read_again_only_when_it_grew(here: Here) -> None:
    assert not here.site.go_live.follow()
    record(here, facts(here)[0])
    assert not here.site.go_live.follow(), "the use case that adds an entry has it read at once"


def test_what_the_lane_lacks_is_what_the_register_says(bare: Here) -> None:
    record(bare, *lacking(bare, Missing.SIGNAGE))
    said = missing(bare.site.registering.as_of(), str(bare.lane.centre), bare.clock.today())
    assert list(bare.site.go_live.lacks(bare.lane.centre)) == list(said) == [Missing.SIGNAGE]


def test_attempts_begin_in_one_place() -> None:
    """The one that asks whether the lane may. A second would be a way around the register."""
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "src" / "stile").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Attempt"
    ]
    assert found == ["src/stile/application/admit.py"]


def a_newcomer(here: Here) -> Member:
    member = here.add(2, "Grace")
    here.consent(member)
    return member


EARLY = (Missing.IN_USE, Missing.SIGNAGE)
"""What may come after the first enrolments: the phase is still “planned”, and the signs are not up."""


@pytest.mark.parametrize("what", Missing, ids=lambda one: one.name)
def test_nobody_is_enrolled_before_the_assessment_and_what_it_rests_on(bare: Here, what: Missing) -> None:
    record(bare, *lacking(bare, what))
    member = a_newcomer(bare)
    if what in EARLY:
        assert bare.site.enrol.begin(member.id)
        assert bare.site.enrol.invite(member.id, "test")
        return
    with pytest.raises(NotAllowed, match="register"):
        bare.site.enrol.begin(member.id)
    with pytest.raises(NotAllowed, match="register"):
        bare.site.enrol.invite(member.id, "test")


def test_pictures_taken_before_it_closed_become_no_template(here: Here) -> None:
    member = a_newcomer(here)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(2, variation=variation))
    record(here, replace(facts(here)[0], purpose=""))
    with pytest.raises(NotAllowed, match="register"):
        here.site.enrol.finish(enrolment)
    with here.site.store.read() as work:
        assert not work.templates.has(member.id, here.pool.pack)


def test_who_is_enrolled_stays_so_and_may_withdraw_while_it_is_closed(bare: Here) -> None:
    """A review that is late is no reason to lose what members consented to, and none to hold it against their will."""
    member = bare.site.membership.by_number("1001")
    assert bare.come(1).decision == CLOSED
    with bare.site.store.read() as work:
        assert work.templates.has(member.id, bare.pool.pack)
    assert bare.site.withdraw.consent_of(member.id, "test").templates == 1
