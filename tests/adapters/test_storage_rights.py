"""Requests, the members' own page and templates that are not to be used, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import metadata
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import LinkId, MemberId, RequestId
from stile.domain.own_page import OwnLink, OwnSession
from stile.domain.rights_request import CameBy, Entry, Ground, Kind, RightsRequest, Step
from tests.adapters.builders import LATER, NOW, PACK, Town, enrol, settle
from tests.adapters.conftest import Place

TODAY = date(2026, 11, 2)


def entry(step: Step, note: str = "", ground: Ground | None = None) -> Entry:
    return Entry(step, TODAY, NOW, "somebody", note, ground)


def request(town: Town, number: int, member: MemberId | None = None, who: str = "Ada") -> RightsRequest:
    return RightsRequest(
        RequestId(uuid7()),
        number,
        town.centre_id,
        Kind.ACCESS,
        CameBy.LETTER,
        member,
        who,
        "4 Mill Lane",
        "All of it.",
        (entry(Step.RECEIVE),),
    )


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


@pytest.fixture
def ada(store: SqlStore, town: Town) -> MemberId:
    return enrol(store, town).member


# --- requests ---


def test_a_request_comes_back_as_it_went_in(store: SqlStore, town: Town, ada: MemberId) -> None:
    asked = request(town, 1, ada)
    with store.begin() as work:
        assert work.rights.next_number() == 1
        work.rights.add(asked)
        assert work.rights.next_number() == 2
        work.commit()
    with store.read() as work:
        assert work.rights.get(asked.id) == asked
        assert work.rights.of_member(ada) == [asked]
        assert work.rights.get(RequestId(uuid7())) is None


def test_steps_are_added_and_two_who_take_one_at_once_are_told(store: SqlStore, town: Town) -> None:
    asked = request(town, 1)
    with store.begin() as work:
        work.rights.add(asked)
        work.rights.save(asked.take(entry(Step.SEARCH)))
        work.commit()
    with store.begin() as work:
        now = work.rights.get(asked.id)
        assert now is not None
        assert now.version == 2
        with pytest.raises(Conflict, match="meanwhile"):
            work.rights.save(asked.take(entry(Step.ANSWER)))
        refused = now.take(entry(Step.REFUSE, "The fourth.", Ground.EXCESSIVE))
        work.rights.save(refused)
        assert work.rights.get(asked.id) is not None
        work.commit()
    with store.read() as work:
        found = work.rights.get(asked.id)
        assert found is not None
        assert found.history == refused.history


def test_open_ones_come_first_the_oldest_first_and_over_ones_apart(store: SqlStore, town: Town) -> None:
    first, second, done = (request(town, number) for number in (1, 2, 3))
    with store.begin() as work:
        for one in (second, first, done):
            work.rights.add(one)
        work.rights.save(done.take(entry(Step.ANSWER)))
        work.commit()
    with store.read() as work:
        assert [one.number for one in work.rights.open()] == [1, 2]
        assert [one.number for one in work.rights.over()] == [3]


def test_a_number_is_given_once_and_nobody_is_no_member(store: SqlStore, town: Town) -> None:
    with store.begin() as work:
        work.rights.add(request(town, 1))
        with pytest.raises(Conflict):
            work.rights.add(request(town, 1))
        with pytest.raises(NotFound):
            work.rights.add(request(town, 2, MemberId(uuid7())))
        with pytest.raises(NotFound):
            work.rights.save(request(town, 9))


def test_a_step_that_was_taken_cannot_be_changed_by_a_foreign_tool(
    store: SqlStore, town: Town, place: Place
) -> None:
    with store.begin() as work:
        work.rights.add(request(town, 1))
        work.commit()
    with place.stranger() as tool, pytest.raises(DBAPIError, match="does not change"):
        tool.exec_driver_sql("UPDATE rights_entry SET step = 'answer'")


# --- the own page ---


def test_a_link_is_used_once(store: SqlStore, ada: MemberId) -> None:
    links = [OwnLink(LinkId(uuid7()), ada, digit * 64, LATER) for digit in "ab"]
    with store.begin() as work:
        for one in links:
            work.own_links.add(one)
        work.own_links.use(links[0].id, NOW)
        with pytest.raises(Conflict):
            work.own_links.use(links[0].id, NOW)
        used = work.own_links.by_digest("a" * 64)
        assert used is not None
        assert used.used_at == NOW
        assert work.own_links.by_digest("b" * 64) == links[1]
        work.own_links.end_all(ada, NOW)
        ended = work.own_links.by_digest("b" * 64)
        assert ended is not None
        assert not ended.works(NOW)
        assert work.own_links.by_digest("c" * 64) is None


def test_sessions_are_kept_noted_and_removed(store: SqlStore, ada: MemberId) -> None:
    sessions = [OwnSession(digit * 64, ada, "csrf", NOW, NOW) for digit in "abc"]
    with store.begin() as work:
        for one in sessions:
            work.own_sessions.add(one)
        work.own_sessions.seen("a" * 64, NOW + timedelta(minutes=5))
        work.own_sessions.seen("a" * 64, NOW)  # never back
        first = work.own_sessions.by_digest("a" * 64)
        assert first is not None
        assert first.seen_at == NOW + timedelta(minutes=5)
        assert work.own_sessions.remove_of(ada, but="a" * 64) == 2
        assert work.own_sessions.by_digest("b" * 64) is None
        assert work.own_sessions.remove_older(NOW, NOW) == 0
        assert work.own_sessions.remove_older(NOW + timedelta(hours=1), NOW) == 1
        work.own_sessions.remove("a" * 64)


# --- not to be used ---


def test_a_template_that_is_set_aside_is_kept_and_given_to_no_gallery(
    store: SqlStore, town: Town, ada: MemberId
) -> None:
    other = enrol(store, town, "1002").member
    with store.begin() as work:
        assert work.restrictions.add(ada, NOW)
        assert not work.restrictions.add(ada, LATER)
        work.commit()
    with store.read() as work:
        assert work.restrictions.since(ada) == NOW
        assert [row.member for row, _ in work.templates.of_pack(PACK)] == [other]
        assert work.templates.of_member(ada, PACK) is None
        assert work.templates.has(ada, PACK)
        found = work.members.at_the_lane(ada, PACK)
        assert found is not None
        assert not found.consents
    with store.begin() as work:
        assert work.restrictions.lift(ada)
        assert not work.restrictions.lift(ada)
        assert work.templates.of_member(ada, PACK) is not None
        with pytest.raises(NotFound):
            work.restrictions.add(MemberId(uuid7()), NOW)


def test_other_programs_hear_of_it(store: SqlStore, ada: MemberId) -> None:
    """Their galleries follow the outbox."""
    began = datetime.now(UTC)
    with store.begin() as work:
        work.restrictions.add(ada, NOW)
        work.commit()
    with store.read() as work:
        assert work.templates.changed_since(began) == [ada]


# --- all that is held ---


def test_all_that_is_held_of_one_member_and_of_nobody_else(
    store: SqlStore, town: Town, ada: MemberId
) -> None:
    other = enrol(store, town, "1002").member
    with store.begin() as work:
        member = work.members.get(ada)
        assert member is not None
        work.members.save(replace(member, email="Ada.Byron@example.test"))
        work.own_links.add(OwnLink(LinkId(uuid7()), ada, "a" * 64, LATER))
        for subject in (ada, other):
            work.audit.append(NOW, Event.MEMBER_SEEN, "system", str(subject), {"what": "search"})
            work.passages.add(town.passage(subject, 0.8))
        work.commit()
    with store.read() as work:
        for wanted in ("1001", "ada.byron@EXAMPLE.test"):
            assert work.held.addressed_by(wanted) == [(ada, "Ada.Byron@example.test")]
        assert work.held.addressed_by("1002") == [], "no address"
        assert [one.member for one in work.held.consents(ada)] == [ada]
        (template,) = work.held.templates(ada)
        assert (template.pack, template.shots, template.sealed_bytes) == (PACK, 3, len(b"sealed"))
        assert [(one.event, one.by) for one in work.held.trail(ada)] == [(Event.MEMBER_SEEN, "system")]
        assert [one.what for one in work.held.links(ada)] == ["to this page"]
        assert work.held.others(ada) == []
        assert [one.member for one in work.passages.of_member(ada)] == [ada]


READ_FOR_THE_PERSON = {
    "member": "the membership",
    "member_card": "with the membership",
    "consent": "consents",
    "template": "described, not shown",
    "look_alike": "that there is one; who, is theirs",
    "passage": "passages",
    "adjudication": "with the passage",
    "invitation": "links",
    "own_link": "links",
    "face_restriction": "since when",
    "rights_request": "requests",
    "rights_entry": "with the request",
    "audit_entry": "the trail",
    "way_link": "links",
    "member_pin": "that one is set, and when",
    "member_phone": "that there is one, and when it was used last",
    "presence": "that they are inside",
    "member_group": "the group that they placed themselves in, and when",
    "lapsed": "since when",
    "guardian": "how they are related; the name is theirs",
    "guardian_word": "what was said, and when",
}
NOT_FOR_THE_PERSON = {
    "member_key": "what opens the template: whoever has it can read it",
    "member_staged": "an import that is not carried out: looked at, then taken over or thrown away",
    "erasure": "an id, so that a backup does not bring them back; whoever it names has no page any more",
    "own_session": "who is signed in now, with secrets; that they were stands in the trail",
}


def test_every_table_that_names_a_member_is_read_for_them_or_says_why_not() -> None:
    named = {
        table.name
        for table in metadata.sorted_tables
        if "member" in table.columns or table.name in ("member", "audit_entry")
    }
    assert named - set(READ_FOR_THE_PERSON) - set(NOT_FOR_THE_PERSON) == set()
