"""The account: what it is made of, and what is logged of it."""

from datetime import date, timedelta

import pytest

from stile.application.publish import Publish
from stile.domain.account import Publisher
from stile.domain.audit import AuditEntry, Event
from stile.domain.consent import Notice
from stile.domain.errors import NotConfigured
from stile.domain.foi_desk.draft import Held
from stile.domain.register import EventKind, Happened, NoneHappened, OrganisationKind, OwnUse
from tests.conftest import Here


def logged(here: Here) -> list[AuditEntry]:
    with here.site.store.read() as work:
        return [one for one in work.audit.entries() if one.event is Event.LEFT_OUT]


def test_the_answers_are_those_of_the_day(here: Here) -> None:
    today = here.clock.today()
    here.site.registering.add(OwnUse(False), "the director", "test", today - timedelta(days=60))
    here.site.registering.add(OwnUse(True), "the director", "test", today)
    before = here.site.publish.account(today - timedelta(days=30))
    now = here.site.publish.account()
    assert before.questions[0].text == "Test Operator does not use facial recognition."
    assert now.questions[0].text.startswith("Test Operator uses facial recognition.")
    assert [one.question.n for one in now.questions] == [1, 2, 3, 4, 5]


def test_that_there_was_none_is_said_only_where_the_register_says_so(here: Here) -> None:
    day = here.clock.today()
    assert here.site.publish.account().questions[4].held is Held.NOT_HELD
    for kind in (EventKind.ICO_SELF_REFERRAL, EventKind.ICO_THIRD_PARTY):
        here.site.registering.add(NoneHappened(kind, date(2026, 1, 1), day), "the officer", "test")
    answer = here.site.publish.account().questions[4]
    assert answer.held is Held.HELD
    assert "not recorded" not in answer.text


def test_an_answer_cannot_say_what_the_register_keeps_back(here: Here) -> None:
    what = "Ada wrote from ada@example.org"
    here.site.registering.add(Happened(EventKind.COMPLAINT, here.clock.today(), what), "the desk", "test")
    account = here.site.publish.account()
    said = " ".join(one.text for one in account.more)
    assert "ada@example.org" not in said
    assert "Ada wrote from [withheld]" in said


def test_what_is_left_out_is_logged_once_with_its_reason(here: Here) -> None:
    first = here.site.publish.account()
    assert here.site.publish.note(first) == len(first.left_out) == len(logged(here))
    assert here.site.publish.note(here.site.publish.account()) == 0
    what = "call 020 7946 0018"
    here.site.registering.add(Happened(EventKind.COMPLAINT, here.clock.today(), what), "the desk", "test")
    assert here.site.publish.note(here.site.publish.account()) == 1
    assert logged(here)[-1].detail["because"] == "a telephone number"
    assert "7946" not in logged(here)[-1].facts


def test_who_is_enrolled_is_counted_and_few_are_not_told(here: Here) -> None:
    account = here.site.publish.account()
    assert account.enrolled is not None
    assert list(account.enrolled.hidden) == []
    here.enrol(1)
    shown = here.site.publish.account().enrolled
    assert shown is not None
    assert [why for _, why in shown.hidden] != []
    assert not any(count == 1 for *_, count in shown.lines)


def test_the_signed_head_stands_with_the_key_it_is_checked_with(here: Here) -> None:
    assert here.site.publish.account().head is None
    made = here.site.checkpoints.make()
    head = here.site.publish.account().head
    assert head is not None
    assert (head.note, head.key) == (made.note, here.site.checkpoints.public_line)


@pytest.fixture
def council(here: Here) -> Publish:
    """What an authority publishes: nothing of its own is measured, and nobody is let in."""
    site = here.site
    who = Publisher(OrganisationKind.AUTHORITY, "Barnstone Council", "the council")
    return Publish(site.store, site.clock, site.checkpoints, lambda: who, {})


def test_an_authority_has_no_figures_no_members_and_no_notice(here: Here, council: Publish) -> None:
    here.enrol(1)
    account = council.account()
    assert (account.figures, account.enrolled, account.notice, account.alternatives) == ((), None, None, ())
    assert not account.has_figures


def test_a_notice_that_cannot_be_shown_is_not_published(here: Here) -> None:
    def broken() -> Notice:
        raise NotConfigured("a part is missing")

    site = here.site
    who = Publisher(OrganisationKind.OPERATOR, "Barnstone Leisure", "Barnstone Leisure")
    assert Publish(site.store, site.clock, site.checkpoints, lambda: who, {}, broken).account().notice is None
