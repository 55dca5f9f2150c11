"""A screen is paired by a code that it shows and the desk types, and with one lane only."""

from datetime import timedelta

import pytest

from stile.application.setup import NewLane
from stile.application.staff.kiosks import Asked
from stile.domain.access import digest_of
from stile.domain.audit import Event
from stile.domain.devices import CODE_LASTS, MOST_WAITING, MOST_WAITING_AT_ONE_ADDRESS, SEEN_EVERY
from stile.domain.errors import Conflict, NotFound, WrongValue
from tests.conftest import Here
from tests.pairing import paired


def ask(here: Here, address: str = "10.0.0.5") -> Asked:
    return here.site.kiosks.ask(address, "Chrome on Android", here.lane.id)


def audited(here: Here) -> list[Event]:
    with here.site.store.read() as work:
        return [entry.event for entry in work.audit.entries()]


def test_a_screen_is_paired_by_its_code(here: Here) -> None:
    kiosks, asked = here.site.kiosks, ask(here)
    assert kiosks.waiting(asked.secret) == asked.waiting
    assert kiosks.collect(asked.secret) is None, "not before the desk has approved it"
    assert kiosks.find(asked.waiting.shown.lower()) == asked.waiting
    device = kiosks.approve(asked.waiting.shown, here.lane.id, "  Tablet   by the door ", "somebody")
    assert (device.name, device.approved_by) == ("Tablet by the door", "somebody")
    collected = kiosks.collect(asked.secret)
    assert collected is not None
    assert collected.lane == here.lane
    assert kiosks.recognise(here.lane, collected.token) == collected.device
    assert audited(here)[-2:] == [Event.DEVICE_APPROVED, Event.DEVICE_PAIRED]


def test_a_token_is_given_once_and_is_not_what_the_screen_waited_with(here: Here) -> None:
    asked = ask(here)
    here.site.kiosks.approve(asked.waiting.code, here.lane.id, "Tablet", "test")
    assert here.site.kiosks.recognise(here.lane, asked.secret) is None, "approved is not yet paired"
    assert here.site.kiosks.collect(asked.secret) is not None
    assert here.site.kiosks.collect(asked.secret) is None
    assert here.site.kiosks.known(asked.secret) is None


def test_a_screen_belongs_to_its_lane_only(here: Here) -> None:
    other = here.site.setup.add_lane(NewLane("side", "Side door"))
    token = paired(here.site, here.lane)
    assert here.site.kiosks.recognise(here.lane, token) is not None
    assert here.site.kiosks.recognise(other, token) is None


@pytest.mark.parametrize("token", [None, "", "guess", "\ud800"])
def test_a_wrong_token_is_nobodys(here: Here, token: str | None) -> None:
    paired(here.site, here.lane)
    assert here.site.kiosks.recognise(here.lane, token) is None
    assert here.site.kiosks.collect(token) is None
    assert here.site.kiosks.waiting(token) is None


def test_a_code_runs_out(here: Here) -> None:
    asked = ask(here)
    here.clock.advance(CODE_LASTS.total_seconds())
    assert here.site.kiosks.waiting(asked.secret) is None
    with pytest.raises(NotFound, match="changes every ten minutes"):
        here.site.kiosks.approve(asked.waiting.code, here.lane.id, "Tablet", "test")


def test_an_approval_that_nobody_collects_runs_out(here: Here) -> None:
    asked = ask(here)
    here.site.kiosks.approve(asked.waiting.code, here.lane.id, "Tablet", "test")
    here.clock.advance(CODE_LASTS.total_seconds())
    assert here.site.kiosks.collect(asked.secret) is None
    ask(here)
    assert here.site.kiosks.all() == []


def test_a_code_is_good_for_one_screen(here: Here) -> None:
    asked = ask(here)
    here.site.kiosks.approve(asked.waiting.code, here.lane.id, "Tablet", "test")
    with pytest.raises(NotFound):
        here.site.kiosks.approve(asked.waiting.code, here.lane.id, "Another", "test")


def test_a_refused_screen_gets_nothing(here: Here) -> None:
    asked = ask(here)
    here.site.kiosks.refuse(asked.waiting.code, "test")
    assert here.site.kiosks.waiting(asked.secret) is None
    assert here.site.kiosks.collect(asked.secret) is None
    assert audited(here)[-1] is Event.DEVICE_REFUSED


def test_a_screen_has_a_name(here: Here) -> None:
    asked = ask(here)
    with pytest.raises(WrongValue, match="give the screen a name"):
        here.site.kiosks.approve(asked.waiting.code, here.lane.id, " ", "test")
    assert here.site.kiosks.waiting(asked.secret) is not None, "nothing was done"


def test_few_wait_at_once_and_one_address_does_not_take_all_places(here: Here) -> None:
    for _ in range(MOST_WAITING_AT_ONE_ADDRESS):
        ask(here, "10.6.6.6")
    with pytest.raises(Conflict):
        ask(here, "10.6.6.6")
    for n in range(MOST_WAITING - MOST_WAITING_AT_ONE_ADDRESS):
        ask(here, f"10.0.0.{n}")
    with pytest.raises(Conflict):
        ask(here, "10.0.1.1")
    here.clock.advance(CODE_LASTS.total_seconds())
    ask(here, "10.0.1.1")


def test_a_revoked_screen_is_known_no_more(here: Here) -> None:
    kiosks, token, other = here.site.kiosks, paired(here.site, here.lane), paired(here.site, here.lane)
    device = kiosks.recognise(here.lane, token)
    assert device is not None
    assert kiosks.is_paired(device)
    kiosks.revoke(device.id, "test")
    assert not kiosks.is_paired(device)
    assert kiosks.recognise(here.lane, token) is None
    known = kiosks.known(token)
    assert known is not None
    assert not known.works, "so that the screen can say so"
    assert kiosks.recognise(here.lane, other) is not None
    assert [one.name for one in kiosks.revoke_lane(here.lane.id, "test")] == ["Test screen"]
    assert kiosks.recognise(here.lane, other) is None
    assert audited(here).count(Event.DEVICE_REVOKED) == 2


def test_a_screen_is_noted_as_seen_now_and_then_and_not_at_each_message(here: Here) -> None:
    token = paired(here.site, here.lane)
    device = here.site.kiosks.recognise(here.lane, token)
    assert device is not None
    assert device.last_seen == here.clock.now()
    here.clock.advance(60)
    assert here.site.kiosks.is_paired(device)
    assert here.site.kiosks.known(token) == device
    here.clock.advance(SEEN_EVERY.total_seconds())
    assert here.site.kiosks.is_paired(device)
    seen = here.site.kiosks.known(token)
    assert seen is not None
    assert seen.last_seen == here.clock.now()
    assert timedelta(0) < here.clock.now() - (device.last_seen or here.clock.now())


def test_secrets_are_kept_as_digests_only(here: Here) -> None:
    asked, token = ask(here), paired(here.site, here.lane)
    with here.site.store.read() as work:
        assert [one.digest for one in work.devices.all()] == [digest_of(token)]
        assert [one.digest for one in work.waiting_screens.all()] == [digest_of(asked.secret)]
        assert all(token not in str(entry) for entry in work.audit.entries())
