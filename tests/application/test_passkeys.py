"""Passkeys: a challenge is answered once, by the right key, on the right page, with the person's own doing."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from stile.application.staff.sessions import SignedIn, Visitor
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound
from stile.domain.roles import Role
from stile.domain.sessions import Means, Stage
from stile.testing import FakeAuthenticator
from tests.conftest import Here

HERE = Visitor("Firefox on Linux")


@pytest.fixture
def signed(here: Here) -> SignedIn:
    return here.site.sign_in.with_password("admin", "correct horse battery")


@pytest.fixture
def device(here: Here, signed: SignedIn) -> FakeAuthenticator:
    """A passkey of the account admin."""
    device = FakeAuthenticator()
    options = here.site.passkeys.to_add(signed.session.digest, signed.staff)
    here.site.passkeys.add(signed.session, signed.staff, device.make(options), "Phone", HERE)
    return device


def events(here: Here) -> list[Event]:
    with here.site.store.read() as work:
        return [entry.event for entry in work.audit.entries()]


def prove(here: Here, device: FakeAuthenticator, key: str = "form") -> SignedIn:
    return here.site.passkeys.sign_in(key, device.prove(here.site.passkeys.to_sign_in(key)), HERE)


def test_a_passkey_signs_in_without_a_name(here: Here, device: FakeAuthenticator) -> None:
    done = prove(here, device)
    assert done.staff.name == "admin"
    assert (done.session.stage, done.session.means) == (Stage.WHOLE, Means.PASSKEY)
    assert here.site.sessions.resume(done.token) is not None
    assert events(here)[-1] is Event.STAFF_SIGNED_IN
    assert Event.PASSKEY_ADDED in events(here)


def test_adding_one_renews_the_token_and_ends_other_sessions(here: Here, signed: SignedIn) -> None:
    other = here.site.sign_in.with_password("admin", "correct horse battery")
    options = here.site.passkeys.to_add(signed.session.digest, signed.staff)
    new = here.site.passkeys.add(
        signed.session, signed.staff, FakeAuthenticator().make(options), "Phone", HERE
    )
    assert here.site.sessions.resume(signed.token) is None
    assert here.site.sessions.resume(other.token) is None
    assert here.site.sessions.resume(new.token) is not None


def test_a_challenge_is_answered_once(here: Here, device: FakeAuthenticator) -> None:
    answer = device.prove(here.site.passkeys.to_sign_in("form"))
    here.site.passkeys.sign_in("form", answer, HERE)
    with pytest.raises(NotAllowed, match="too long"):
        here.site.passkeys.sign_in("form", answer, HERE)


def test_a_challenge_is_answered_in_time_and_by_the_same_browser(
    here: Here, device: FakeAuthenticator
) -> None:
    answer = device.prove(here.site.passkeys.to_sign_in("form"))
    with pytest.raises(NotAllowed, match="too long"):
        here.site.passkeys.sign_in("another form", answer, HERE)
    here.clock.advance(301)
    with pytest.raises(NotAllowed, match="too long"):
        here.site.passkeys.sign_in("form", answer, HERE)


def test_an_old_answer_does_not_fit_a_new_challenge(here: Here, device: FakeAuthenticator) -> None:
    old = device.prove(here.site.passkeys.to_sign_in("form"))
    here.site.passkeys.to_sign_in("form")
    with pytest.raises(NotAllowed, match="not accepted"):
        here.site.passkeys.sign_in("form", old, HERE)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device: replace(device, origin="https://evil.example"),
        lambda device: replace(device, origin="http://localhost:8001"),
        lambda device: replace(device, verified=False),
        lambda device: replace(device, _key=FakeAuthenticator()._key),
        lambda device: replace(device, credential=b"unknown"),
        lambda device: replace(device, user=b"somebody else's"),
    ],
    ids=["other site", "other port", "no finger", "other key", "unknown", "other user"],
)
def test_what_is_not_right_is_refused_in_the_same_words(
    here: Here, device: FakeAuthenticator, spoil: Callable[[FakeAuthenticator], FakeAuthenticator]
) -> None:
    with pytest.raises(NotAllowed, match=r"^The passkey was not accepted\. Please try again\.$"):
        prove(here, spoil(device))
    assert events(here)[-1] is Event.STAFF_SIGN_IN_FAILED


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", '{"rawId": 1, "response": {}}', "x" * 20_000])
def test_anything_at_all_may_come_from_a_browser(here: Here, answer: str) -> None:
    here.site.passkeys.to_sign_in("form")
    with pytest.raises(NotAllowed, match="not accepted"):
        here.site.passkeys.sign_in("form", answer, HERE)


def test_a_copied_key_is_found_by_its_counter(here: Here, signed: SignedIn) -> None:
    device = FakeAuthenticator(counter=5)
    options = here.site.passkeys.to_add(signed.session.digest, signed.staff)
    here.site.passkeys.add(signed.session, signed.staff, device.make(options), "Key", HERE)
    copy = replace(device)
    prove(here, device)
    with pytest.raises(NotAllowed):
        prove(here, copy)  # its counter stands where the original's stood
    prove(here, device)


def test_a_disabled_account_has_no_passkey(here: Here, device: FakeAuthenticator, signed: SignedIn) -> None:
    with here.site.store.begin() as work:
        work.staff.save(replace(signed.staff, disabled_at=here.clock.now()))
        work.commit()
    with pytest.raises(NotAllowed, match="not accepted"):
        prove(here, device)


def test_one_that_is_there_is_not_made_twice(here: Here, device: FakeAuthenticator) -> None:
    now = prove(here, device)
    options = here.site.passkeys.to_add(now.session.digest, now.staff)
    assert len(json.loads(options)["excludeCredentials"]) == 1
    with pytest.raises(Conflict):
        here.site.passkeys.add(now.session, now.staff, device.make(options), "Again", HERE)


def test_a_registration_without_the_persons_doing_is_refused(here: Here, signed: SignedIn) -> None:
    options = here.site.passkeys.to_add(signed.session.digest, signed.staff)
    with pytest.raises(NotAllowed):
        here.site.passkeys.add(
            signed.session, signed.staff, FakeAuthenticator(verified=False).make(options), "Key", HERE
        )


def test_the_password_alone_does_not_sign_in_beside_a_passkey(here: Here, device: FakeAuthenticator) -> None:
    owed = here.site.sign_in.with_password("admin", "correct horse battery")
    assert owed.session.stage is Stage.FACTOR_OWED
    assert here.site.sign_in.resume(owed.token) is None
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(owed.session, owed.staff, "000000", HERE)
    whole = prove(here, device)
    with pytest.raises(NotAllowed, match="not right"):
        here.site.sign_in.prove_again(whole.session, whole.staff, "correct horse battery", "")


def test_proving_again_makes_a_session_fresh(here: Here, device: FakeAuthenticator) -> None:
    now = prove(here, device)
    here.clock.advance(20 * 60)
    assert not now.session.is_fresh(here.clock.now())
    answer = device.prove(here.site.passkeys.to_prove_again(now.session, now.staff))
    here.site.passkeys.prove_again(now.session, now.staff, answer)
    found = here.site.sessions.resume(now.token)
    assert found is not None
    assert found[0].is_fresh(here.clock.now())


def test_somebody_elses_passkey_proves_nothing_here(here: Here, device: FakeAuthenticator) -> None:
    invited = here.site.accounts.add(None, "Ada", _roles(here))
    other = FakeAuthenticator()
    answer = other.make(here.site.joining.to_add_passkey(invited.token))
    here.site.joining.with_passkey(invited.token, answer, "Key", HERE)
    now = prove(here, device)
    options = here.site.passkeys.to_prove_again(now.session, now.staff)
    with pytest.raises(NotAllowed):
        here.site.passkeys.prove_again(now.session, now.staff, other.prove(options))


def test_the_last_way_in_is_not_removed(here: Here) -> None:
    invited = here.site.accounts.add(None, "Ada", _roles(here))
    device = FakeAuthenticator()
    answer = device.make(here.site.joining.to_add_passkey(invited.token))
    now = here.site.joining.with_passkey(invited.token, answer, "Key", HERE)
    key = here.site.own_account.of(now.staff).passkeys[0]
    with pytest.raises(NotAllowed, match="only way"):
        here.site.passkeys.remove(now.session, now.staff, key.id)
    with pytest.raises(NotFound):
        here.site.passkeys.rename(_admin(here), key.id, "Mine now")


def _admin(here: Here) -> Staff:
    return here.site.accounts.by_name("admin")


def _roles(here: Here) -> frozenset[Role]:
    return _admin(here).roles
