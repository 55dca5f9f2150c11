"""A password alone opens nothing once a second factor is set; each code works once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from stile.application.setup import NewSite
from stile.application.staff.second_factor import Confirmed
from stile.application.staff.sessions import SignedIn, Visitor
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.errors import Conflict, NotAllowed, NotConfigured
from stile.domain.factors import RECOVERY_CODES
from stile.domain.roles import Role
from stile.domain.sessions import Means, Stage
from stile.testing import FakeClock
from tests.conftest import Here

PASSWORD = "correct horse battery"
HERE = Visitor("Firefox on Linux")


class App:
    """An authenticator app that has read the QR code."""

    def __init__(self, secret: str, here: Here) -> None:
        self._totp, self._here = pyotp.TOTP(secret), here

    def code(self, seconds: int = 0) -> str:
        return self._totp.at(self._here.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
def signed(here: Here) -> SignedIn:
    return here.site.sign_in.with_password("admin", PASSWORD)


@pytest.fixture
def app(here: Here, signed: SignedIn) -> App:
    return App(here.site.second_factors.begin(signed.staff).secret, here)


@pytest.fixture
def confirmed(here: Here, signed: SignedIn, app: App) -> Confirmed:
    return here.site.second_factors.confirm(signed.session, signed.staff, app.code(), HERE)


def owed(here: Here) -> SignedIn:
    return here.site.sign_in.with_password("admin", PASSWORD)


def test_an_app_counts_when_it_has_shown_a_code(here: Here, signed: SignedIn, app: App) -> None:
    assert owed(here).session.stage is Stage.WHOLE, "begun is not set up"
    with pytest.raises(NotAllowed, match="clock"):
        here.site.second_factors.confirm(signed.session, signed.staff, "12345", HERE)
    done = here.site.second_factors.confirm(signed.session, signed.staff, app.code(), HERE)
    assert len(set(done.recovery)) == RECOVERY_CODES
    assert here.site.sessions.resume(signed.token) is None, "a new token"
    assert here.site.sessions.resume(done.signed_in.token) is not None
    assert owed(here).session.stage is Stage.FACTOR_OWED


def test_password_and_code_sign_in(here: Here, confirmed: Confirmed, app: App) -> None:
    half = owed(here)
    assert here.site.sign_in.resume(half.token) is None
    here.clock.advance(30)
    done = here.site.sign_in.with_code(half.session, half.staff, app.code(), HERE)
    assert (done.session.stage, done.session.means) == (Stage.WHOLE, Means.CODE)
    assert done.token != half.token


def test_a_code_works_once(here: Here, confirmed: Confirmed, app: App) -> None:
    half = owed(here)
    with pytest.raises(NotAllowed, match="used before"):
        here.site.sign_in.with_code(half.session, half.staff, app.code(), HERE)  # the one that confirmed
    here.clock.advance(30)
    code = app.code()
    here.site.sign_in.with_code(half.session, half.staff, code, HERE)
    half = owed(here)
    for again in (code, app.code(-30)):
        with pytest.raises(NotAllowed, match="used before"):
            here.site.sign_in.with_code(half.session, half.staff, again, HERE)
    assert here.site.sign_in.with_code(half.session, half.staff, app.code(30), HERE)


@pytest.mark.parametrize("late", [-60, 60, 3600])
def test_a_code_of_another_time_does_not_work(here: Here, confirmed: Confirmed, app: App, late: int) -> None:
    here.clock.advance(600)
    half = owed(here)
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(half.session, half.staff, app.code(late), HERE)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "a" * 500, "\ud800" * 6])
def test_anything_may_be_typed(here: Here, confirmed: Confirmed, typed: str) -> None:
    half = owed(here)
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(half.session, half.staff, typed, HERE)


def test_a_recovery_code_works_once_however_it_is_typed(here: Here, confirmed: Confirmed) -> None:
    half, code = owed(here), confirmed.recovery[0]
    done = here.site.sign_in.with_code(half.session, half.staff, f" {code.upper().replace('-', ' ')} ", HERE)
    assert done.session.means is Means.RECOVERY
    half = owed(here)
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(half.session, half.staff, code, HERE)
    assert here.site.own_account.of(half.staff).recovery_left == RECOVERY_CODES - 1


def test_new_recovery_codes_take_the_place_of_the_old(here: Here, confirmed: Confirmed) -> None:
    new = here.site.second_factors.new_recovery(confirmed.signed_in.staff)
    assert not set(new) & set(confirmed.recovery)
    half = owed(here)
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(half.session, half.staff, confirmed.recovery[1], HERE)


def test_the_code_makes_whole_only_what_owes_it(here: Here, confirmed: Confirmed, app: App) -> None:
    here.clock.advance(30)
    whole = confirmed.signed_in
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(whole.session, whole.staff, app.code(), HERE)


def test_what_owes_a_code_is_over_after_ten_minutes(here: Here, confirmed: Confirmed) -> None:
    half = owed(here)
    here.clock.advance(601)
    assert here.site.sessions.find(half.token) is None


def test_one_app_at_a_time(here: Here, confirmed: Confirmed) -> None:
    with pytest.raises(Conflict):
        here.site.second_factors.begin(confirmed.signed_in.staff)
    now = confirmed.signed_in
    here.site.second_factors.remove(now.session, now.staff)
    assert owed(here).session.stage is Stage.WHOLE
    assert here.site.own_account.of(now.staff).recovery_left == 0
    here.site.second_factors.begin(now.staff)


def test_nothing_of_the_secret_lies_open_in_the_store(here: Here, signed: SignedIn) -> None:
    shown = here.site.second_factors.begin(signed.staff)
    done = here.site.second_factors.confirm(
        signed.session, signed.staff, App(shown.secret, here).code(), HERE
    )
    kept = b"".join(one.read_bytes() for one in here.site.settings.data.glob("stile.db*"))
    assert b"admin" in kept
    for secret in (shown.secret, *done.recovery, done.signed_in.token, PASSWORD):
        assert secret.encode() not in kept
        assert secret.replace("-", "").encode() not in kept


# --- where it is required ---


@pytest.fixture
def strict(tmp_path: Path) -> Site:
    site = open_site(Settings(data=tmp_path / "strict"), see=False, clock=FakeClock())
    site.setup.create(NewSite("Operator", "Centre", "Lane", "admin", PASSWORD))
    return site


def test_required_is_the_default_and_comes_before_anything_else(strict: Site) -> None:
    first = strict.sign_in.with_password("admin", PASSWORD)
    assert first.session.stage is Stage.SET_UP_OWED
    assert strict.sign_in.resume(first.token) is None
    secret = strict.second_factors.begin(first.staff).secret
    code = pyotp.TOTP(secret).at(strict.clock.now())
    done = strict.second_factors.confirm(first.session, first.staff, code, HERE)
    assert strict.sign_in.resume(done.signed_in.token) is not None
    with pytest.raises(NotAllowed, match="required"):
        strict.second_factors.remove(done.signed_in.session, done.signed_in.staff)
    strict.close()


def test_nothing_is_sealed_under_a_key_that_is_lost(strict: Site, tmp_path: Path) -> None:
    strict.close()
    (tmp_path / "strict" / "site.key").unlink()
    again = open_site(Settings(data=tmp_path / "strict"), see=False, clock=FakeClock())
    first = again.sign_in.with_password("admin", PASSWORD)
    with pytest.raises(NotConfigured, match="site key"):
        again.second_factors.begin(first.staff)
    again.close()


def test_everybody_may_be_one_role(here: Here, confirmed: Confirmed) -> None:
    """A copy of somebody's secret does not open another account's codes: they are bound to their owner."""
    invited = here.site.accounts.add(None, "Ada", frozenset((Role.AUDITOR,)))
    with here.site.store.begin() as work:
        generator = work.codes.generator(confirmed.signed_in.staff.id)
        assert generator is not None
        work.codes.put(replace(generator, staff=invited.staff.id))
        work.commit()
    joined = here.site.joining.with_password(invited.token, "correct horse staple", HERE)
    half = here.site.sign_in.with_password("Ada", "correct horse staple")
    assert half.session.stage is Stage.FACTOR_OWED
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_code(half.session, joined.staff, "000000", HERE)
