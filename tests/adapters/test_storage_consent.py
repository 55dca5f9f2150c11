"""What was agreed to can be shown years later, on both databases, also past the program."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.access import Invitation, digest_of
from stile.domain.consent import Alternative, Audience, Channel, Giver, Relation
from stile.domain.errors import Conflict, NotFound
from stile.domain.guardians import Excuse, Guardian, Said, Word, evidence
from stile.domain.ids import GuardianId, InvitationId, LaneId, MemberId, StaffId, WordId
from stile.ports import ShownNotice
from tests.adapters.builders import NOTICE, NOW, PACK, Town, consent_of, enrol, settle
from tests.adapters.conftest import Place

SHOWN = ShownNotice(replace(NOTICE, audience=Audience.PARENT), NOW)
SHA = digest_of("link")


def guardian_of(member: MemberId, **more: object) -> Guardian:
    made = Guardian(GuardianId(uuid7()), member, "Annabella Byron", Relation.PARENT)
    return replace(made, **more)  # type: ignore[arg-type]


def word_of(guardian: Guardian, said: Said = Said.NOTIFIED) -> Word:
    excuse = Excuse.WELFARE if said is Said.EXCUSED else None
    return Word(
        WordId(uuid7()), guardian.member, guardian.id, said, NOW, Channel.PAPER, "staff", None, excuse
    )


def test_a_consent_comes_back_with_all_that_proves_it(store: SqlStore) -> None:
    town = settle(store)
    member = town.member()
    given = replace(
        consent_of(member.id),
        giver=Giver.GUARDIAN,
        guardian="Annabella Byron",
        relation=Relation.CARER,
        offered=frozenset((Alternative.QR, Alternative.CARD)),
        assisted_by=StaffId(uuid7()),
    )
    with store.begin() as work:
        work.members.add(member)
        work.consents.add(given)
        work.commit()
    with store.read() as work:
        assert work.consents.live_of(member.id) == given


def test_a_notice_is_kept_once_and_as_it_was(store: SqlStore) -> None:
    with store.begin() as work:
        work.notices.add(SHOWN)
        work.notices.add(replace(SHOWN, first_shown_at=NOW + timedelta(days=1)))
        work.commit()
    with store.read() as work:
        assert work.notices.all() == [SHOWN]
        assert work.notices.by_digest(SHOWN.notice.sha256) == SHOWN
        assert work.notices.by_digest("0" * 64) is None


def test_parents_and_what_they_said(store: SqlStore) -> None:
    town = settle(store)
    consent = enrol(store, town)
    mother = guardian_of(consent.member, email="a@example.org", digest=SHA, link_expires_at=NOW)
    words = [word_of(mother), word_of(mother, Said.EXCUSED)]
    childs = replace(word_of(mother), id=WordId(uuid7()), guardian=None, said=Said.REFUSED)
    with store.begin() as work:
        work.guardians.add(mother)
        for one in (*words, childs):
            work.guardians.say(one)
        work.commit()
    with store.begin() as work:
        assert work.guardians.of_member(consent.member) == [mother]
        assert work.guardians.get(mother.id) == mother
        assert work.guardians.by_digest(SHA) == mother
        assert work.guardians.words_of(consent.member) == [*words, childs]
        said = evidence([mother], [*words, childs])
        assert work.guardians.evidence_of([consent.member]) == {consent.member: said}
        assert said.child_refuses
        work.guardians.use_link(mother.id, SHA)
        with pytest.raises(Conflict):
            work.guardians.use_link(mother.id, SHA)
        assert work.guardians.get(mother.id) == replace(mother, digest=None, link_expires_at=None)
        with pytest.raises(NotFound):
            work.guardians.save(guardian_of(consent.member))
        with pytest.raises(NotFound):
            work.guardians.add(guardian_of(MemberId(uuid7())))


def test_an_invitation_comes_back_whole(store: SqlStore) -> None:
    town = settle(store)
    member = town.member()
    made = Invitation(
        InvitationId(uuid7()),
        member.id,
        SHA,
        NOW + timedelta(days=1),
        None,
        True,
        NOW,
        "staff",
        None,
        Channel.KIOSK,
        StaffId(uuid7()),
        LaneId(uuid7()),
        digest_of("12345678"),
        NOW + timedelta(minutes=5),
    )
    with store.begin() as work:
        work.members.add(member)
        work.invitations.add(made)
        work.invitations.was_sent(made.id, NOW)
        work.commit()
    made = replace(made, sent_at=NOW)
    with store.begin() as work:
        assert work.invitations.by_code(digest_of("12345678")) == made
        assert work.invitations.latest_of(member.id) == made
        work.invitations.use(made.id, NOW)
        assert work.invitations.by_code(digest_of("12345678")) is None, "a code goes with its use"
        assert work.waiting.invited(10) == []


def test_who_waits(store: SqlStore) -> None:
    town = settle(store)
    enrolled = enrol(store, town, "1001")
    child, waits, adult = town.member("1002"), town.member("1003"), town.member("1004")
    child = replace(child, born_on=date(2012, 5, 1))
    consents = [consent_of(one.id) for one in (child, adult)]
    with store.begin() as work:
        for one in (child, waits, adult):
            work.members.add(one)
        for consent in consents:
            work.consents.add(consent)
        work.guardians.add(guardian_of(waits.id))
        work.guardians.add(guardian_of(child.id))
        work.commit()
    with store.read() as work:
        assert work.waiting.without_template(PACK, 10) == [(child, consents[0]), (adult, consents[1])]
        assert work.waiting.without_template(PACK, 1) == [(child, consents[0])]
        assert work.waiting.to_look_at(date(2008, 1, 1), "", 10) == [(child, consents[0])]
        assert work.waiting.to_look_at(date(2008, 1, 1), child.number, 10) == []
        assert work.waiting.to_renew(date(2012, 4, 30), date(2012, 5, 1), 10) == [(child, consents[0])]
        assert work.waiting.to_renew(date(2012, 5, 1), date(2012, 5, 2), 10) == []
        assert work.waiting.children_with_a_parent(10) == [waits]
        assert work.waiting.outdated([NOTICE.version], 10) == []
        assert len(work.waiting.outdated(["another"], 10)) == 3
    assert enrolled.is_live


def test_staff_and_groups_are_looked_at(store: SqlStore) -> None:
    town = settle(store)
    listed = replace(town.member("1001"), kind=" Employee ")
    group = replace(town.member("1002"), group="Year 10")
    with store.begin() as work:
        for one in (listed, group):
            work.members.add(one)
            work.consents.add(consent_of(one.id))
        work.commit()
    with store.read() as work:
        assert [who for who, _ in work.waiting.to_look_at(date(2008, 1, 1), "", 10)] == [listed, group]


# --- past the program ---


def refused(tool: Connection, statement: str, **values: object) -> None:
    with pytest.raises(DBAPIError, match=r"law 2|law 6|only added to"):
        tool.execute(text(statement), values)


FIXED = ("giver", "guardian_name", "guardian_relation", "offered")


@pytest.mark.parametrize("column", FIXED)
def test_nobody_changes_who_consented_or_what_was_offered(place: Place, store: SqlStore, column: str) -> None:
    enrol(store, settle(store))
    with place.stranger() as tool:
        refused(tool, f"UPDATE consent SET {column} = 'other'")


def test_nobody_changes_who_sat_beside_them(place: Place, store: SqlStore) -> None:
    enrol(store, settle(store))
    with place.stranger() as tool:
        refused(tool, "UPDATE consent SET assisted_by = id")


def test_nobody_changes_or_deletes_a_notice_that_was_shown(place: Place, store: SqlStore) -> None:
    with store.begin() as work:
        work.notices.add(SHOWN)
        work.commit()
    with place.stranger() as tool:
        refused(tool, "UPDATE notice SET words = 'We keep nothing.'")
        refused(tool, "DELETE FROM notice")


def test_nobody_changes_what_a_parent_said(place: Place, store: SqlStore) -> None:
    consent = enrol(store, settle(store))
    mother = guardian_of(consent.member)
    with store.begin() as work:
        work.guardians.add(mother)
        work.guardians.say(word_of(mother))
        work.commit()
    with place.stranger() as tool:
        refused(tool, "UPDATE guardian_word SET said = 'consented'")


def test_an_erasure_takes_parents_along(store: SqlStore) -> None:
    town: Town = settle(store)
    consent = enrol(store, town)
    mother = guardian_of(consent.member)
    with store.begin() as work:
        work.guardians.add(mother)
        work.guardians.say(word_of(mother))
        work.commit()
    with store.begin() as work:
        work.erasures.member(consent.member, NOW + timedelta(days=1))
        work.commit()
    with store.read() as work:
        assert work.guardians.of_member(consent.member) == []
        assert work.guardians.words_of(consent.member) == []
