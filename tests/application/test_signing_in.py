"""Staff sign in; kiosks are paired once; nothing tells a guesser how near they were."""

from datetime import timedelta

import pytest

from stile.application.setup import NewSite
from stile.domain.errors import Conflict, NotAllowed, WrongValue
from tests.conftest import Here


def test_signing_in_and_out(here: Here) -> None:
    signed = here.site.sign_in.with_password("admin", "correct horse battery")
    found = here.site.sign_in.resume(signed.token)
    assert found is not None
    assert found[1].name == "admin"
    assert here.site.sign_in.form_is_genuine(signed.session, signed.session.csrf)
    assert not here.site.sign_in.form_is_genuine(signed.session, "guess")
    here.site.sign_in.out(signed.session)
    assert here.site.sign_in.resume(signed.token) is None


@pytest.mark.parametrize(("name", "password"), [("admin", "wrong"), ("nobody", "wrong"), ("", "")])
def test_a_wrong_name_and_a_wrong_password_sound_the_same(here: Here, name: str, password: str) -> None:
    with pytest.raises(NotAllowed, match=r"^Name or password is not right\.$"):
        here.site.sign_in.with_password(name, password)


def test_a_session_runs_out(here: Here) -> None:
    signed = here.site.sign_in.with_password("admin", "correct horse battery")
    here.clock.advance(timedelta(hours=13).total_seconds())
    assert here.site.sign_in.resume(signed.token) is None


@pytest.mark.parametrize("token", [None, "", "guess"])
def test_no_session_without_its_token(here: Here, token: str | None) -> None:
    assert here.site.sign_in.resume(token) is None


def test_an_instance_is_set_up_once(here: Here) -> None:
    with pytest.raises(Conflict):
        here.site.setup.create(NewSite("O", "C", "L", "root", "correct horse battery"))


def test_a_short_password_is_refused(here: Here) -> None:
    with pytest.raises(WrongValue, match="12 characters"):
        here.site.setup.create(NewSite("O", "C", "L", "root", "short"))


def test_a_lane_cannot_be_changed_into_what_it_cannot_be(here: Here) -> None:
    with pytest.raises(WrongValue, match=r"between 0 and 0\.5"):
        here.site.setup.change_lane(here.lane.id, {"fpir": 2.0})
    assert here.site.setup.lane("main") == here.lane


def test_the_password_in_a_relays_address_is_not_shown(here: Here) -> None:
    lane = here.site.setup.change_lane(here.lane.id, {"door": "http://admin:s3cret@10.0.0.9/open"})
    assert lane.door_shown == "http://…@10.0.0.9/open"
    with here.site.store.read() as work:
        assert not [entry for entry in work.audit.entries() if "s3cret" in str(entry.detail)]
