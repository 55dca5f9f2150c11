"""Every repository, on both databases: what goes in comes out the same, and what is taken is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.access import Invitation, digest_of
from stile.domain.audit import Event
from stile.domain.audit_check import check
from stile.domain.errors import Conflict, NoLiveConsent, NotFound, StileError, WrongValue
from stile.domain.ids import CentreId, InvitationId, LaneId, MemberId, OperatorId, PackId, StaffId
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member, MembershipStatus
from stile.domain.passage import AdmitReason, Method, Outcome, Passage
from stile.domain.places import Centre, Lane, Operator
from stile.ports import AtTheLane
from tests.adapters.builders import LATER, NOW, PACK, Town, consent_of, enrol, settle

# Not shrunk: the store grows from example to example.
property_of = settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

A, B = digest_of("a"), digest_of("b")


# --- places ---


def test_a_new_store_has_no_operator(store: SqlStore) -> None:
    with store.read() as work:
        assert work.operators.only() is None
        assert work.centres.all() == []


def test_places_come_back_as_they_went_in(store: SqlStore) -> None:
    town = settle(store)
    with store.read() as work:
        assert work.operators.only() == town.operator
        assert work.centres.get(town.centre_id) == town.centre
        assert work.centres.all() == [town.centre]
        assert work.lanes.get(town.lane_id) == town.lane
        assert work.lanes.by_slug("main") == town.lane
        assert work.lanes.by_slug("side") is None


def test_there_is_one_operator(store: SqlStore) -> None:
    settle(store)
    with store.begin() as work, pytest.raises(Conflict):
        work.operators.add(Operator(OperatorId(uuid7()), "Another"))


def test_a_lane_is_saved_with_everything_it_promises(store: SqlStore) -> None:
    town = settle(store)
    changed = Lane(
        town.lane_id,
        town.centre_id,
        "side",
        "Side door",
        "https://relay.example/open",
        face_mode=False,
        liveness=LivenessMode.OFF,
        fpir=1e-4,
        frames=5,
        seconds=7.25,
    )
    with store.begin() as work:
        work.lanes.save(changed)
        work.commit()
    with store.read() as work:
        assert work.lanes.get(town.lane_id) == changed
        assert work.lanes.all() == [changed]


def test_a_lanes_short_name_is_its_own(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        with pytest.raises(Conflict, match="main"):
            work.lanes.add(replace(town.lane, id=LaneId(uuid7())))
        work.lanes.add(replace(town.lane, id=(second := LaneId(uuid7())), slug="side"))
        with pytest.raises(Conflict, match="main"):
            work.lanes.save(replace(town.lane, id=second))
        with pytest.raises(NotFound):
            work.lanes.save(replace(town.lane, id=LaneId(uuid7()), slug="third"))


def test_a_centre_belongs_to_an_operator_that_exists(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(NotFound):
        work.centres.add(Centre(CentreId(uuid7()), OperatorId(uuid7()), "Nowhere"))


# --- members ---


def test_a_member_is_found_by_id_number_and_card(store: SqlStore) -> None:
    town = settle(store)
    member = replace(
        town.member(cards=("5500002", "5500001")),
        status=MembershipStatus.SUSPENDED,
        expires_on=date(2027, 2, 28),
    )
    with store.begin() as work:
        work.members.add(member)
        work.commit()
    with store.read() as work:
        assert work.members.get(member.id) == member
        assert work.members.by_number("1001") == member
        assert work.members.by_card("5500001") == member
        assert work.members.by_card("5500003") is None
        assert work.members.get(MemberId(uuid7())) is None
        assert work.members.count() == 1


def test_a_number_or_card_belongs_to_one_member(store: SqlStore) -> None:
    """Refused as a whole: the member whose card is taken is not there half."""
    town = settle(store)
    with store.begin() as work:
        work.members.add(town.member("1001", ("5500001",)))
        with pytest.raises(Conflict):
            work.members.add(town.member("1001"))
        with pytest.raises(Conflict):
            work.members.add(town.member("1002", ("5500009", "5500001")))
        work.members.add(town.member("1003", ("5500003",)))
        work.commit()
    with store.read() as work:
        assert [one.number for one in work.members.page()] == ["1001", "1003"]
        assert work.members.by_card("5500009") is None


def test_saving_writes_the_next_version(store: SqlStore) -> None:
    town = settle(store)
    member = town.member(cards=("5500001", "5500002"))
    changed = replace(member, given_name="Augusta", cards=("5500003", "5500001"))
    with store.begin() as work:
        work.members.add(member)
        work.members.save(changed)
        work.commit()
    with store.read() as work:
        assert work.members.get(member.id) == replace(changed, version=2)
        assert work.members.by_card("5500002") is None


def test_whoever_saves_an_old_version_is_told(store: SqlStore) -> None:
    town = settle(store)
    member = town.member()
    with store.begin() as work:
        work.members.add(member)
        work.members.save(member)
        with pytest.raises(Conflict, match="meanwhile"):
            work.members.save(member)
        with pytest.raises(NotFound):
            work.members.save(town.member("1009"))


def test_members_come_in_pages_ordered_byte_by_byte(store: SqlStore) -> None:
    town = settle(store)
    numbers = ["Z9", "a1", "10", "9", "é2", "B-3", "ab", "aB", "_x"]
    with store.begin() as work:
        for number in numbers:
            work.members.add(town.member(number, (f"CARD{numbers.index(number)}",)))
        work.commit()
    with store.read() as work:
        first = work.members.page(most=4)
        rest = work.members.page(after=first[-1].number)
        assert [one.number for one in (*first, *rest)] == sorted(numbers)
        assert all(len(one.cards) == 1 for one in (*first, *rest))


@property_of
@given(given_name=st.text(min_size=1), family_name=st.text(st.characters(), max_size=20))
def test_any_name_comes_back_or_is_refused(store: SqlStore, given_name: str, family_name: str) -> None:
    with store.begin() as work:
        centre = CentreId(uuid7())
        operator = work.operators.only()
        if operator is None:
            operator = Operator(OperatorId(uuid7()), "Barnstone Leisure")
            work.operators.add(operator)
        work.centres.add(Centre(centre, operator.id, "Pool"))
        try:
            member = Member(MemberId(uuid7()), centre, str(uuid7()), given_name, family_name)
            work.members.add(member)
        except WrongValue:
            assert not given_name.strip() or not can_be_kept(given_name + family_name)
        else:
            assert can_be_kept(given_name + family_name)
            assert work.members.get(member.id) == member


def can_be_kept(words: str) -> bool:
    return "\0" not in words and not any("\ud800" <= one <= "\udfff" for one in words)


def test_half_a_character_is_refused_in_plain_words(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work, pytest.raises(WrongValue, match="half a character"):
        work.members.add(replace(town.member(), family_name="\ud83d"))


# --- consents and templates ---


@pytest.mark.parametrize("cards", [(), ("5500002", "5500001")], ids=["no card", "two cards"])
def test_one_look_at_the_lane_says_what_three_would(store: SqlStore, cards: tuple[str, ...]) -> None:
    town = settle(store)
    member = town.member(cards=cards)
    with store.begin() as work:
        work.members.add(member)
        assert work.members.at_the_lane(member.id, PACK) == AtTheLane(member, False, False)
        work.consents.add(consent_of(member.id, NOW))
        work.consents.add(consent_of(member.id, LATER))
        assert work.members.at_the_lane(member.id, PACK) == AtTheLane(member, True, False)
        work.consents.withdraw(member.id, LATER)
        assert work.members.at_the_lane(member.id, PACK) == AtTheLane(member, False, False)
        assert work.members.at_the_lane(MemberId(uuid7()), PACK) is None


def test_a_consent_is_live_until_it_is_withdrawn(store: SqlStore) -> None:
    town = settle(store)
    member = town.member()
    older, newer = consent_of(member.id, NOW), consent_of(member.id, LATER)
    with store.begin() as work:
        work.members.add(member)
        assert work.consents.live_of(member.id) is None
        work.consents.add(newer)
        work.consents.add(older)
        assert work.consents.live_of(member.id) == newer
        assert work.consents.withdraw(member.id, LATER) == 2
        assert work.consents.live_of(member.id) is None
        assert work.consents.withdraw(member.id, LATER) == 0


def test_a_withdrawal_does_not_fail_because_a_clock_was_set_back(store: SqlStore) -> None:
    town = settle(store)
    consent = enrol(store, town)
    with store.begin() as work:
        assert work.consents.withdraw(consent.member, NOW - timedelta(hours=1)) == 1
        work.commit()
    with store.read() as work:
        assert work.consents.live_of(consent.member) is None


def test_a_consent_is_recorded_once_and_for_a_member(store: SqlStore) -> None:
    town = settle(store)
    consent = enrol(store, town)
    with store.begin() as work:
        with pytest.raises(Conflict):
            work.consents.add(consent)
        with pytest.raises(NotFound):
            work.consents.add(consent_of(MemberId(uuid7())))


def test_a_template_comes_back_with_its_key(store: SqlStore) -> None:
    town = settle(store)
    consent = enrol(store, town, sealed=b"\x00sealed\xff", wrapped=b"\x01key\x00")
    with store.read() as work:
        [(template, key)] = work.templates.of_pack(PACK)
        assert template == town.template(consent, b"\x00sealed\xff")
        assert key == b"\x01key\x00"
        assert work.templates.keys_of(consent.member) == [key]
        assert work.templates.has(consent.member, PACK)
        assert not work.templates.has(consent.member, PackId("sface"))
        assert (work.templates.count(PACK), work.templates.count(PackId("sface"))) == (1, 0)


def test_a_new_enrolment_replaces_template_and_key_of_its_pack_only(store: SqlStore) -> None:
    town = settle(store)
    consent = enrol(store, town)
    with store.begin() as work:
        work.templates.put(town.template(consent, b"other", PackId("sface")), b"other key")
        work.templates.put(town.template(consent, b"again", shots=5), b"new key")
        work.commit()
    with store.read() as work:
        [(template, key)] = work.templates.of_pack(PACK)
        assert (template.sealed, template.shots, key) == (b"again", 5, b"new key")
        assert work.templates.keys_of(consent.member) == [b"new key", b"other key"]


def test_erasing_takes_every_template_and_key(store: SqlStore) -> None:
    town = settle(store)
    goes, stays = enrol(store, town, "1001"), enrol(store, town, "1002")
    with store.begin() as work:
        work.templates.put(town.template(goes, b"other", PackId("sface")), b"other key")
        assert work.templates.erase(goes.member) == 2
        assert work.templates.erase(goes.member) == 0
        work.commit()
    with store.read() as work:
        assert work.templates.keys_of(goes.member) == []
        assert [one.member for one, _ in work.templates.of_pack(PACK)] == [stays.member]


@pytest.mark.parametrize("whose", ["nobody's", "withdrawn", "somebody else's"])
def test_no_template_without_a_live_consent_of_the_member(store: SqlStore, whose: str) -> None:
    town = settle(store)
    member = town.member("2000")
    consent = consent_of(member.id)
    with store.begin() as work:
        work.members.add(member)
        if whose == "withdrawn":
            work.consents.add(consent)
            work.consents.withdraw(member.id, LATER)
        if whose == "somebody else's":
            other = town.member("2001")
            theirs = consent_of(other.id)
            work.members.add(other)
            work.consents.add(theirs)
            consent = replace(theirs, member=member.id)
        with pytest.raises(NoLiveConsent):
            work.templates.put(town.template(consent), b"key")
        work.commit()
    with store.read() as work:
        assert work.templates.count(PACK) == 0
        assert work.templates.keys_of(member.id) == []


# --- passages and the audit log ---


def test_passages_come_back_newest_first(store: SqlStore) -> None:
    town = settle(store)
    member = enrol(store, town).member
    side = replace(town.lane, id=LaneId(uuid7()), slug="side")
    by_hand = Passage(
        town.passage().id,
        town.centre_id,
        town.lane_id,
        NOW,
        Method.STAFF,
        Outcome.ADMIT,
        AdmitReason.GUEST,
        staff=town.staff_id,
    )
    of_a_member = town.passage(member, 0.1 + 0.2, at=NOW + timedelta(microseconds=1))
    of_a_stranger = town.passage(at=LATER, lane=side.id)
    with store.begin() as work:
        work.lanes.add(side)
        for one in (of_a_stranger, by_hand, of_a_member):
            work.passages.add(one)
        work.commit()
    with store.read() as work:
        assert work.passages.latest() == [of_a_stranger, of_a_member, by_hand]
        assert work.passages.latest(most=1) == [of_a_stranger]
        assert work.passages.latest(lane=town.lane_id) == [of_a_member, by_hand]
        assert work.passages.get(of_a_member.id) == of_a_member
        assert work.passages.get(town.passage().id) is None
        assert work.passages.count() == 3


def test_a_passage_is_recorded_once_and_at_a_lane_that_exists(store: SqlStore) -> None:
    town = settle(store)
    passage = town.passage()
    with store.begin() as work:
        work.passages.add(passage)
        with pytest.raises(Conflict):
            work.passages.add(passage)
        with pytest.raises(NotFound):
            work.passages.add(town.passage(lane=LaneId(uuid7())))
        with pytest.raises(NotFound):
            work.passages.add(town.passage(MemberId(uuid7())))


zones = st.timezones() | st.just(timezone(timedelta(hours=-9.5)))
first, last = datetime(1970, 1, 2), datetime(2200, 1, 1)  # noqa: DTZ001 (the zone is drawn too)
moments = st.datetimes(first, last, timezones=zones)
details = st.dictionaries(
    st.text(max_size=8),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    max_size=5,
)


@property_of
@given(st.lists(st.tuples(moments, details), min_size=1, max_size=6))
def test_the_audit_chain_holds_after_reading_back(
    store: SqlStore, facts: list[tuple[datetime, dict[str, str | int | float | bool | None]]]
) -> None:
    with store.begin() as work:
        written = [work.audit.append(at, Event.MEMBER_CHANGED, "system", "x", detail) for at, detail in facts]
        work.commit()
    with store.read() as work:
        entries = list(work.audit.entries())
    assert check(entries) == []
    assert entries[-len(written) :] == written
    assert [str(entry.at) for entry in entries[-len(written) :]] == [str(entry.at) for entry in written]
    for entry, (at, detail) in zip(written, facts, strict=True):
        assert entry.at == at.astimezone(UTC)
        assert entry.at.tzinfo is UTC
        assert repr(sorted(entry.detail.items())) == repr(sorted(detail.items()))


def test_a_moment_without_a_zone_is_refused(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(WrongValue):
        work.audit.append(NOW.replace(tzinfo=None), Event.MEMBER_ADDED, "system", "x")
    with store.begin() as work, pytest.raises(WrongValue):
        work.sessions.remove_over(NOW.replace(tzinfo=None), NOW)


# --- staff, sessions, kiosks, invitations ---


def test_staff_are_found_by_name(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        assert work.staff.get(town.staff_id) == town.staff
        assert work.staff.by_name("reception") == town.staff
        assert work.staff.by_name("Reception") is None
        assert work.staff.count() == 1
        with pytest.raises(Conflict):
            work.staff.add(replace(town.staff, id=StaffId(uuid7())))


def test_an_invitation_works_once(store: SqlStore) -> None:
    town = settle(store)
    invitation = Invitation(InvitationId(uuid7()), enrol(store, town).member, A, LATER)
    with store.begin() as work:
        work.invitations.add(invitation)
        assert work.invitations.by_digest(A) == invitation
        work.invitations.use(invitation.id, NOW)
        assert work.invitations.by_digest(A) == replace(invitation, used_at=NOW)
        with pytest.raises(Conflict):
            work.invitations.use(invitation.id, LATER)
        with pytest.raises(NotFound):
            work.invitations.use(InvitationId(uuid7()), LATER)
        with pytest.raises(StileError):
            work.invitations.add(replace(invitation, id=InvitationId(uuid7())))


def test_what_is_refused_says_so_in_one_line_without_personal_data(store: SqlStore) -> None:
    town: Town = settle(store)
    with store.begin() as work:
        work.members.add(town.member("1001", ("5500001",)))
        with pytest.raises(Conflict) as refused:
            work.members.add(town.member("1002", ("5500001",)))
    assert "\n" not in str(refused.value)
    assert "5500001" not in str(refused.value)
    assert refused.value.__suppress_context__
