"""Law 2: withdrawal is one act, under a second, after which nothing of the template is left anywhere, nor any way to
open what a backup holds. The card goes on."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stile.adapters.sealed_file import AgeSealer, new_identity
from stile.domain.audit import Event
from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import Member, MembershipStatus
from stile.domain.passage import ReferReason
from stile.ports.audit import Wanted
from stile.testing import picture_of
from tests.application.remnants import Secret, all_of
from tests.conftest import Here

MEMBERS = 15


def secret_of(here: Here, member: Member) -> Secret:
    with here.site.store.read() as work:
        found = work.templates.of_member(member.id, here.pool.pack)
    assert found is not None
    row, wrapped = found
    template = here.site.vault.open(member.id, wrapped, row.sealed, row.pack)
    return Secret.of(member.id, template, row.sealed, wrapped, site_key(here))


def site_key(here: Here) -> bytes:
    return (here.site.settings.data / "site.key").read_bytes()


def enrol_again(here: Here, member: Member, who: int) -> None:
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(who, variation=20 + variation))
    here.site.enrol.finish(enrolment)


@pytest.fixture
def busy(here: Here, caplog: pytest.LogCaptureFixture) -> tuple[Here, Member, list[Secret]]:
    """A site where much has happened: members came, went, enrolled anew, changed, and withdrew; and one of them, with
    every secret that their templates ever had."""
    caplog.set_level(logging.DEBUG)
    members = [here.enrol(who, f"Member{who}") for who in range(1, MEMBERS)]
    ada = members[10]
    secrets = [secret_of(here, ada)]
    for n, member in enumerate(members):
        here.site.membership.set_status(member.id, MembershipStatus.SUSPENDED, "test")
        here.site.membership.set_status(member.id, MembershipStatus.ACTIVE, "test")
        if n % 3 == 0 and member is not ada:
            here.site.withdraw.consent_of(member.id, "test")
        elif n % 4 == 1:
            enrol_again(here, member, n + 1)
        here.come(n + 1)
    enrol_again(here, ada, 11)
    secrets.append(secret_of(here, ada))
    assert here.come(11).door_opened
    return here, ada, secrets


@pytest.mark.parametrize("closes", [False, True], ids=["while it runs", "after it is closed"])
def test_nothing_is_left_anywhere(
    busy: tuple[Here, Member, list[Secret]], caplog: pytest.LogCaptureFixture, closes: bool
) -> None:
    here, ada, secrets = busy
    folder, site = here.site.settings.data, site_key(here)
    now = secrets[-1]
    before = all_of(folder)
    assert {"sealed", "wrapped key"} <= set(now.found_in(before)), "or the search would prove nothing"
    assert not {one for one in now.found_in(before) if one.startswith(("vector", "key"))}, (
        "never in the clear"
    )
    assert len(now.opens_by(before, site)) >= 2, "or the attacker would prove nothing"

    here.site.withdraw.consent_of(ada.id, str(ada.id))
    if closes:
        here.site.close()
    after, logs = all_of(folder), caplog.text.encode()
    for secret in secrets:
        assert secret.found_in(after) == []
        assert secret.found_in(logs) == []
        assert secret.opens_by(after, site) == []


def test_neither_a_backup_of_before_nor_one_of_after_holds_it(
    busy: tuple[Here, Member, list[Secret]], tmp_path: Path
) -> None:
    here, ada, secrets = busy
    identity, public = new_identity(None)
    private = identity.decode().splitlines()[1]

    def backup(name: str) -> bytes:
        lines: list[bytes] = []
        path = tmp_path / name
        here.site.make_backup.make("test", path, (public,))
        AgeSealer().read(path, private, None, lines.append)
        return b"\n".join(lines)

    before = backup("stile-before.age")
    here.site.withdraw.consent_of(ada.id, str(ada.id))
    after = backup("stile-after.age")
    for content in (before, after):
        assert ada.number.encode() in content, "or it would be no backup"
        for secret in secrets:
            assert secret.found_in(content) == []
            assert secret.opens_by(content, site_key(here)) == []


def test_it_is_gone_from_the_running_gallery_and_the_card_works_at_once(
    busy: tuple[Here, Member, list[Secret]],
) -> None:
    here, ada, _ = busy
    size = len(here.site.gallery or ())
    here.site.withdraw.consent_of(ada.id, str(ada.id))
    assert here.site.gallery is not None
    assert len(here.site.gallery) == size - 1
    referred = here.come(11)
    assert referred.decision.reason is ReferReason.NO_MATCH
    assert referred.passage is not None
    assert referred.passage.member is None
    assert here.site.admit_by_card.present(here.lane, ada.cards[0]).door_opened


def test_it_takes_less_than_a_second(busy: tuple[Here, Member, list[Secret]]) -> None:
    here, ada, _ = busy
    began = time.perf_counter()
    here.site.withdraw.consent_of(ada.id, str(ada.id))
    assert time.perf_counter() - began < 1.0


def test_the_receipt_says_what_went_and_where_the_log_says_so(here: Here) -> None:
    ada = here.enrol(1)
    receipt = here.site.withdraw.consent_of(ada.id, str(ada.id))
    with here.site.store.read() as work:
        entry = work.audit.find(Wanted(events=(Event.TEMPLATE_ERASED,)))[0]
    assert (receipt.member, receipt.templates, receipt.at) == (ada.id, 1, here.clock.now())
    assert (receipt.audit_position, receipt.audit_digest) == (entry.position, entry.digest)
    assert here.site.withdraw.receipt_of(ada.id, entry.position) == receipt
    again = here.site.withdraw.consent_of(ada.id, str(ada.id))
    assert again.templates == 0
    assert here.site.withdraw.receipts_of(ada.id) == [again, receipt]


def test_a_receipt_is_found_by_its_own_member_only(here: Here) -> None:
    ada, grace = here.enrol(1), here.enrol(2, "Grace")
    receipt = here.site.withdraw.consent_of(ada.id, str(ada.id))
    for member, position in (
        (grace.id, receipt.audit_position),
        (ada.id, receipt.audit_position - 1),
        (ada.id, 0),
    ):
        with pytest.raises(NotFound, match="no such receipt"):
            here.site.withdraw.receipt_of(member, position)


def test_nobody_withdraws_for_nobody(here: Here) -> None:
    with pytest.raises(NotFound):
        here.site.withdraw.consent_of(MemberId(here.site.chance.new_id()), "test")


def test_a_template_that_was_set_aside_goes_too_and_a_new_one_may_be_used(here: Here) -> None:
    ada = here.enrol(1)
    here.site.own_choices.restrict(ada.id, "test")
    assert here.site.withdraw.consent_of(ada.id, "test").templates == 1
    here.consent(ada)
    enrol_again(here, ada, 1)
    assert here.come(1).door_opened


def test_set_aside_it_is_not_used_after_a_restart_either(make_here: Callable[[], Here]) -> None:
    here = make_here()
    ada = here.enrol(1)
    here.enrol(2, "Grace")
    here.site.own_choices.restrict(ada.id, "test")
    here.site.close()
    again = make_here()
    assert len(again.site.gallery or ()) == 1
    assert not again.come(1).door_opened
    again.site.own_choices.lift(ada.id, "test")
    assert again.come(1).door_opened


def test_set_aside_a_template_that_is_made_anew_is_not_used_either(here: Here) -> None:
    ada = here.enrol(1)
    here.site.own_choices.restrict(ada.id, "test")
    enrol_again(here, ada, 1)
    assert len(here.site.gallery or ()) == 0
    here.site.own_choices.lift(ada.id, "test")
    assert here.come(1).door_opened
