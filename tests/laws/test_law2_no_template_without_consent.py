"""Law 2: a template exists only under a live, explicit consent; withdrawal deletes it and destroys its key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stile.domain.consent import Channel, Notice
from stile.domain.errors import CannotDecrypt, CannotRecord, NoLiveConsent
from stile.domain.passage import Admit, ReferReason
from stile.testing import FAKE_PACK, picture_of
from tests.conftest import Here


def templates(here: Here) -> int:
    with here.site.store.read() as work:
        return work.templates.count(FAKE_PACK)


def test_no_camera_is_looked_through_before_consent(here: Here) -> None:
    member = here.add(1)
    with pytest.raises(NoLiveConsent):
        here.site.enrol.begin(member.id)
    assert here.pool.eyes.calls["detect"] == 0


def test_consent_withdrawn_while_the_shots_are_taken(here: Here) -> None:
    member = here.add(1)
    here.consent(member)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    here.site.withdraw.consent_of(member.id, "test")
    with pytest.raises(NoLiveConsent):
        here.site.enrol.finish(enrolment)
    assert templates(here) == 0
    assert len(here.site.gallery or ()) == 0


def test_withdrawal_takes_the_template_its_key_and_the_galleries_vector(here: Here, tmp_path: Path) -> None:
    member = here.enrol(1)
    assert isinstance(here.come(1).decision, Admit)
    with here.site.store.read() as work:
        ((row, key),) = work.templates.of_pack(FAKE_PACK)
    files = [path for path in (tmp_path / "data").iterdir() if path.is_file()]
    assert any(row.sealed in path.read_bytes() for path in files), "it was there"

    receipt = here.site.withdraw.consent_of(member.id, "test")

    assert receipt.templates == 1
    assert templates(here) == 0
    assert len(here.site.gallery or ()) == 0
    assert here.come(1).decision.reason is ReferReason.NOBODY_ENROLLED
    for path in (tmp_path / "data").iterdir():
        assert row.sealed not in path.read_bytes(), path.name
        assert key not in path.read_bytes(), path.name
    with pytest.raises(CannotDecrypt):
        here.site.vault.open(member.id, here.site.vault.new_key(member.id), row.sealed, FAKE_PACK)


def test_the_card_goes_on_working_after_a_withdrawal(here: Here) -> None:
    member = here.enrol(1)
    here.site.withdraw.consent_of(member.id, "test")
    assert isinstance(here.site.admit_by_card.present(here.lane, "5500001").decision, Admit)


def test_withdrawing_twice_is_no_error(here: Here) -> None:
    member = here.enrol(1)
    here.site.withdraw.consent_of(member.id, "test")
    assert here.site.withdraw.consent_of(member.id, "test").templates == 0


def test_new_words_of_the_notice_end_the_old_consent_and_its_template(here: Here) -> None:
    member = here.enrol(1)
    here.site.enrol.consent(member.id, Notice("2027-01", "Other words."), Channel.PAPER, "a form")
    assert templates(here) == 0
    assert len(here.site.gallery or ()) == 0


def test_a_gallery_that_lags_behind_a_withdrawal_admits_nobody(here: Here) -> None:
    """Another process withdrew the consent; this one's gallery still holds the vector."""
    member = here.enrol(1)
    with here.site.store.begin() as work:
        work.templates.erase(member.id)
        work.consents.withdraw(member.id, here.clock.now())
        work.commit()
    assert here.come(1).decision.reason is ReferReason.NO_CONSENT
    assert here.door.opened_for == []


def test_a_restart_brings_back_those_who_consented_and_nobody_else(make_here: Callable[[], Here]) -> None:
    first = make_here()
    stays, goes = first.enrol(1), first.enrol(2, "Bea")
    first.site.withdraw.consent_of(goes.id, "test")
    first.site.close()
    again = make_here()
    assert again.come(1).decision == Admit(stays.id, again.come(1).decision.reason)  # type: ignore[arg-type]
    assert again.come(2).decision.reason is ReferReason.NO_MATCH


def test_a_withdrawal_stands_when_the_file_cannot_be_scrubbed_at_once(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = here.enrol(1)
    with here.site.store.read() as work:
        ((row, key),) = work.templates.of_pack(FAKE_PACK)

    def busy(_: object) -> None:
        raise CannotRecord("Somebody reads the whole database.")

    with monkeypatch.context() as patch:
        patch.setattr(type(here.site.store), "scrub", busy)
        assert here.site.withdraw.consent_of(member.id, "test").templates == 1
    assert templates(here) == 0
    here.site.withdraw.scrub_what_is_left()
    for path in (tmp_path / "data").iterdir():
        assert row.sealed not in path.read_bytes(), path.name
        assert key not in path.read_bytes(), path.name
