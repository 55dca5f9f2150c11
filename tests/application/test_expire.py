"""What is over goes, at night and in small batches; what is not, stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from stile.application.erase_member import EraseMember
from stile.application.expire import Expire
from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.consent import Relation
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import MemberId, PassageId
from stile.domain.member import Member, MembershipStatus
from stile.domain.passage import AdmitReason, Method, Outcome, Passage
from stile.domain.retention import RULES, Period, Subject
from stile.entrypoints.worker import rules_are_due
from stile.ports import Run
from tests.conftest import Here

A_DAY = 24 * 3600.0


def run(here: Here) -> dict[Subject, int]:
    gone: dict[Subject, int] = {}
    for one in here.site.expire.run():
        gone[one.subject] = gone.get(one.subject, 0) + one.count
    return gone


def due(here: Here, subject: Subject) -> tuple[int, int]:
    (found,) = [one for one in here.site.expire.preview() if one.rule.subject is subject]
    return found.now, found.soon


def pass_by_card(here: Here, member: Member, days_ago: int) -> None:
    passage = Passage(
        id=PassageId(here.site.chance.new_id()),
        centre=here.lane.centre,
        lane=here.lane.id,
        at=here.clock.now() - timedelta(days=days_ago),
        method=Method.CARD,
        outcome=Outcome.ADMIT,
        reason=AdmitReason.CARD_ACCEPTED,
        member=member.id,
    )
    with here.site.store.begin() as work:
        work.passages.add(passage)
        work.commit()


def lapse(here: Here, member: Member) -> None:
    here.site.membership.set_status(member.id, MembershipStatus.LAPSED, "test")


def templates_of(here: Here, member: MemberId) -> int:
    with here.site.store.read() as work:
        return len(work.templates.keys_of(member))


# --- passages ---


def test_a_parents_link_goes_as_others_do_and_the_parent_stays(here: Here) -> None:
    site = here.site
    named = site.families.name(here.add(1).id, "Annabella", Relation.PARENT, None, "test")
    site.families.link(named.id, "test")
    here.clock.advance(27 * A_DAY)
    assert Subject.LINKS not in run(here)
    here.clock.advance(2 * A_DAY)
    assert due(here, Subject.LINKS) == (1, 0)
    assert run(here)[Subject.LINKS] == 1
    with site.store.read() as work:
        assert work.guardians.get(named.id) == named


def test_passages_go_after_their_days_and_the_log_says_so(here: Here) -> None:
    member = here.add(1)
    for days in (10, 70, 100, 200):
        pass_by_card(here, member, days)
    assert due(here, Subject.PASSAGES) == (2, 1)
    assert run(here)[Subject.PASSAGES] == 2
    assert due(here, Subject.PASSAGES) == (0, 1)
    with here.site.store.read() as work:
        assert work.passages.count() == 2
        applied = [entry for entry in work.audit.entries() if entry.event is Event.RETENTION_APPLIED]
        (last, *_) = work.retention.runs()
    now = here.clock.now()
    assert applied[-1].subject == "passages"
    assert applied[-1].detail["count"] == 2
    assert applied[-1].detail["first"] == (now - timedelta(days=200)).isoformat()
    assert applied[-1].detail["last"] == (now - timedelta(days=100)).isoformat()
    assert (last.subject, last.gone) == (None, sum(run_.gone for run_ in _runs(here) if run_.subject))
    assert here.site.expire.last_run() == now
    assert here.site.verify_audit.run().findings == []


def _runs(here: Here) -> list[Run]:
    with here.site.store.read() as work:
        return list(work.retention.runs())


def test_a_run_that_was_cut_off_is_gone_on_with(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stile.application.expire.BATCH", 2)
    monkeypatch.setattr(here.site.expire, "_batch", 2)
    member = here.add(1)
    for days in range(100, 105):
        pass_by_card(here, member, days)
    steps = here.site.expire.run()
    assert next(one.count for one in steps if one.subject is Subject.PASSAGES) == 2
    del steps  # the machine went down
    assert here.site.expire.last_run() is None
    assert run(here)[Subject.PASSAGES] == 3


def test_another_period_counts_and_is_remembered(here: Here) -> None:
    pass_by_card(here, here.add(1), 70)
    assert Subject.PASSAGES not in run(here)
    here.site.expire.change("passages", 60, "the officer")
    assert here.site.expire.periods()[Subject.PASSAGES] == 60
    assert run(here)[Subject.PASSAGES] == 1
    with here.site.store.read() as work:
        (entry,) = [one for one in work.audit.entries() if one.event is Event.RETENTION_CHANGED]
        assert dict(entry.detail) == {"days": 60, "before": 90}
        assert work.retention.chosen() == [Period(Subject.PASSAGES, 60, "the officer", here.clock.now())]


@pytest.mark.parametrize("subject", list(RULES))
def test_no_period_leaves_its_bounds(here: Here, subject: Subject) -> None:
    rule = RULES[subject]
    for days in (rule.least - 1, rule.most + 1):
        with pytest.raises(WrongValue, match="are kept for"):
            here.site.expire.change(subject, days, "test")
    with pytest.raises(NotFound):
        here.site.expire.change("everything", 1, "test")


def test_a_batch_that_held_the_lock_for_long_is_followed_by_a_smaller_one(here: Here) -> None:
    quick, slow = (
        here.site.expire,
        Expire(here.site.store, None, here.clock, here.site.erase_member, lambda: None),
    )
    for n in range(60):
        pass_by_card(here, here.add(n) if n == 0 else here.site.membership.by_number("1000"), 100)
    assert [quick._sweep(Subject.PASSAGES, here.clock.now() - timedelta(days=90)) for _ in range(3)] == [
        20,
        40,
        0,
    ]
    slow._adapt(0.2)
    assert slow._batch == 20
    slow._batch = 100
    slow._adapt(0.06)
    assert slow._batch == 50
    slow._adapt(0.03)
    assert slow._batch == 50


# --- members who lapsed ---


def test_a_lapsed_members_template_goes_after_a_month(here: Here) -> None:
    member, stays = here.enrol(1), here.enrol(2, "Grace")
    lapse(here, member)
    run(here)  # notes that they lapsed
    here.clock.advance(29 * A_DAY)
    assert Subject.LAPSED_TEMPLATES not in run(here)
    here.clock.advance(2 * A_DAY)
    assert due(here, Subject.LAPSED_TEMPLATES) == (1, 0)
    assert run(here)[Subject.LAPSED_TEMPLATES] == 1
    assert templates_of(here, member.id) == 0
    assert templates_of(here, stays.id) == 1
    assert here.site.gallery is not None
    assert len(here.site.gallery) == 1
    with here.site.store.read() as work:
        assert work.consents.live_of(member.id) is None
        assert [one.member for one in work.erasures.after(0)] == [member.id]
    assert Subject.LAPSED_TEMPLATES not in run(here)


def test_who_renews_in_time_keeps_the_template(here: Here) -> None:
    member = here.enrol(1)
    lapse(here, member)
    run(here)
    here.clock.advance(20 * A_DAY)
    here.site.membership.set_status(member.id, MembershipStatus.ACTIVE, "test")
    run(here)
    here.clock.advance(20 * A_DAY)
    lapse(here, member)
    run(here)
    here.clock.advance(20 * A_DAY)
    assert Subject.LAPSED_TEMPLATES not in run(here)
    assert templates_of(here, member.id) == 1


def test_a_membership_that_ran_out_counts_from_its_last_day(here: Here) -> None:
    member = here.enrol(1)
    with here.site.store.begin() as work:
        held = work.members.get(member.id)
        assert held is not None
        over = here.clock.today() - timedelta(days=40)
        work.members.save(replace(held, expires_on=over))
        work.commit()
    assert run(here)[Subject.LAPSED_TEMPLATES] == 1


def test_a_suspended_member_is_not_a_lapsed_one(here: Here) -> None:
    member = here.enrol(1)
    here.site.membership.set_status(member.id, MembershipStatus.SUSPENDED, "test")
    run(here)
    here.clock.advance(500 * A_DAY)
    assert Subject.LAPSED_MEMBERS not in run(here)
    with here.site.store.read() as work:
        assert work.members.get(member.id) is not None


def test_a_lapsed_member_is_erased_after_a_year(here: Here) -> None:
    member = here.add(1)
    lapse(here, member)
    run(here)
    here.clock.advance(366 * A_DAY)
    assert run(here)[Subject.LAPSED_MEMBERS] == 1
    with here.site.store.read() as work:
        assert work.members.get(member.id) is None
        (entry,) = [one for one in work.audit.entries() if one.event is Event.MEMBER_ERASED]
    assert entry.detail["because"] == "retention"
    assert here.site.verify_audit.run().findings == []


# --- erasure ---


def test_who_is_erased_comes_in_no_more(here: Here) -> None:
    member = here.enrol(1)
    receipt = here.site.erase_member.of(member.id, "test")
    assert receipt.templates == 1
    assert here.site.gallery is not None
    assert len(here.site.gallery) == 0
    assert here.come(1).decision.reason != AdmitReason.FACE_MATCHED
    with pytest.raises(NotFound):
        here.site.erase_member.of(member.id, "test")


def test_nothing_of_an_erased_member_is_left_on_the_disk(here: Here) -> None:
    member = here.enrol(1, "Zebedee")
    data = here.site.settings.data
    assert any(b"Zebedee" in path.read_bytes() for path in data.iterdir())
    here.site.erase_member.of(member.id, "test")
    for path in data.iterdir():
        for trace in (b"Zebedee", b"5500001"):
            assert trace not in path.read_bytes(), path.name


def test_another_program_forgets_who_was_erased_here(here: Here) -> None:
    member = here.enrol(1)
    assert here.site.gallery is not None
    other = EraseMember(here.site.store, None, here.clock, lambda: None)  # its gallery is elsewhere
    other.of(member.id, "test")
    assert len(here.site.gallery) == 1
    here.site.follow_changes.catch_up()
    assert len(here.site.gallery) == 0


# --- when ---


@pytest.mark.parametrize(
    ("hour", "hours_since", "is_due"),
    [(3, None, True), (15, None, True), (3, 24, True), (3, 1, False), (15, 12, False), (15, 31, True)],
)
def test_the_rules_are_applied_once_a_night(hour: int, hours_since: int | None, is_due: bool) -> None:
    now = datetime(2026, 11, 5, hour, 10, tzinfo=UTC)
    last = None if hours_since is None else now - timedelta(hours=hours_since)
    assert rules_are_due(now, last, Settings()) is is_due


def test_the_rules_go_by_the_centres_clock() -> None:
    settings, summer = Settings(), datetime(2026, 7, 5, 2, 10, tzinfo=UTC)
    assert rules_are_due(summer, summer - timedelta(hours=24), settings)
