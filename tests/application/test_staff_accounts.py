"""Accounts, links and sessions: at once, once, and into the audit log."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pyotp
import pytest

from stile.application.staff.joining import GONE
from stile.application.staff.sessions import SignedIn, Visitor
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.domain.sessions import Stage
from stile.ports import Passwords
from tests.conftest import Here

PASSWORD, NEW = "correct horse battery", "staple correct horse"
HERE = Visitor("Firefox on Linux")
RECEPTION = frozenset((Role.RECEPTION,))


@pytest.fixture
def admin(here: Here) -> SignedIn:
    return here.site.sign_in.with_password("admin", PASSWORD)


def join(here: Here, by: Staff | None, name: str = "Ada", roles: frozenset[Role] = RECEPTION) -> SignedIn:
    invited = here.site.accounts.add(by, name, roles)
    return here.site.joining.with_password(invited.token, NEW, HERE)


def last(here: Here) -> tuple[Event, str, str]:
    with here.site.store.read() as work:
        entry = list(work.audit.entries())[-1]
    return entry.event, entry.actor, entry.subject


def test_a_new_colleague_chooses_their_own_password(here: Here, admin: SignedIn) -> None:
    invited = here.site.accounts.add(admin.staff, "  Ada   Byron ", RECEPTION)
    assert last(here) == (Event.STAFF_LINK_MADE, str(admin.staff.id), str(invited.staff.id))
    assert here.site.joining.whose(invited.token).name == "Ada Byron"
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_password("Ada Byron", NEW)
    with pytest.raises(WrongValue, match="12 characters"):
        here.site.joining.with_password(invited.token, "short", HERE)
    joined = here.site.joining.with_password(invited.token, NEW, HERE)
    assert joined.session.stage is Stage.WHOLE
    assert here.site.sign_in.with_password("Ada Byron", NEW).staff.roles == RECEPTION


def test_a_link_that_does_not_work_always_sounds_the_same(here: Here, admin: SignedIn) -> None:
    used = here.site.accounts.add(admin.staff, "Ada", RECEPTION)
    here.site.joining.with_password(used.token, NEW, HERE)
    replaced = here.site.accounts.add(admin.staff, "Grace", RECEPTION)
    here.site.accounts.reset(admin.staff, replaced.staff.id)
    disabled = here.site.accounts.add(admin.staff, "Edith", RECEPTION)
    here.site.accounts.disable(admin.staff, disabled.staff.id)
    old = here.site.accounts.add(admin.staff, "Joan", RECEPTION)
    here.clock.advance(timedelta(hours=72).total_seconds())
    for token in (used.token, replaced.token, disabled.token, old.token, "", "guess", "\ud800"):
        with pytest.raises(NotFound) as refused:
            here.site.joining.with_password(token, NEW, HERE)
        assert str(refused.value) == GONE


@pytest.mark.parametrize("name", ["", " ", "A", "x" * 81])
def test_a_name_that_is_none(here: Here, name: str) -> None:
    with pytest.raises(WrongValue):
        here.site.accounts.add(None, name, RECEPTION)


def test_a_name_is_taken_once(here: Here) -> None:
    with pytest.raises(Conflict):
        here.site.accounts.add(None, "admin", RECEPTION)


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "Ada Ada Ada Ada 1", "x" * 201, "12 chars....."[:11]]
)
def test_passwords_that_will_not_do(here: Here, password: str) -> None:
    invited = here.site.accounts.add(None, "Ada Ada Ada Ada", RECEPTION)
    with pytest.raises(WrongValue):
        here.site.joining.with_password(invited.token, password, HERE)


def test_disabling_ends_everything_at_once(here: Here, admin: SignedIn) -> None:
    ada = join(here, admin.staff)
    here.site.accounts.disable(admin.staff, ada.staff.id)
    assert here.site.sessions.resume(ada.token) is None
    with pytest.raises(NotAllowed, match=r"^Name or password is not right\.$"):
        here.site.sign_in.with_password("Ada", NEW)
    here.site.accounts.enable(admin.staff, ada.staff.id)
    assert here.site.sessions.resume(ada.token) is None, "an old session does not come back"
    here.site.sign_in.with_password("Ada", NEW)


def test_changed_roles_end_the_sessions(here: Here, admin: SignedIn) -> None:
    ada = join(here, admin.staff)
    changed = here.site.accounts.change_roles(admin.staff, ada.staff.id, {Role.MANAGER})
    assert changed.roles == {Role.MANAGER}
    assert here.site.sessions.resume(ada.token) is None
    with here.site.store.read() as work:
        told = [one for one in work.audit.entries() if one.event is Event.STAFF_ROLES_CHANGED]
    assert [one.actor for one in told] == [str(admin.staff.id)]


def test_a_reset_takes_every_way_in_and_gives_one(here: Here, admin: SignedIn) -> None:
    ada = join(here, admin.staff)
    invited = here.site.accounts.reset(admin.staff, ada.staff.id)
    assert here.site.sessions.resume(ada.token) is None
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_password("Ada", NEW)
    here.site.joining.with_password(invited.token, NEW + " again", HERE)
    here.site.sign_in.with_password("Ada", NEW + " again")


@pytest.mark.parametrize(
    "act",
    [
        lambda site, by, id: site.accounts.reset(by, id),
        lambda site, by, id: site.accounts.disable(by, id),
        lambda site, by, id: site.accounts.change_roles(by, id, {Role.MANAGER}),
    ],
    ids=["reset", "disable", "roles"],
)
def test_a_manager_does_not_get_at_an_account_that_may_do_more(
    here: Here, admin: SignedIn, act: Callable[..., object]
) -> None:
    manager = join(here, admin.staff, "Max", frozenset((Role.MANAGER,)))
    officer = join(here, admin.staff, "Olga", frozenset((Role.DATA_PROTECTION,)))
    with pytest.raises(NotAllowed):
        act(here.site, manager.staff, officer.staff.id)
    assert here.site.sessions.resume(officer.token) is not None


def test_whoever_lost_the_right_a_moment_ago_has_lost_it(here: Here, admin: SignedIn) -> None:
    """Their page was loaded before: what counts is what stands in the store."""
    manager = join(here, admin.staff, "Max", frozenset((Role.MANAGER,)))
    here.site.accounts.change_roles(admin.staff, manager.staff.id, RECEPTION)
    with pytest.raises(NotAllowed):
        here.site.accounts.add(manager.staff, "Friend", frozenset((Role.MANAGER,)))


# --- sessions ---


def test_a_session_that_nobody_uses_ends(here: Here, admin: SignedIn) -> None:
    for _ in range(3):
        here.clock.advance(29 * 60)
        assert here.site.sessions.resume(admin.token) is not None
    here.clock.advance(30 * 60)
    assert here.site.sessions.resume(admin.token) is None


def test_no_session_is_older_than_it_may_be(here: Here, admin: SignedIn) -> None:
    for _ in range(47):
        here.clock.advance(15 * 60)
        assert here.site.sessions.resume(admin.token) is not None
    here.clock.advance(15 * 60)
    assert here.site.sessions.resume(admin.token) is None


def test_signing_in_ends_the_session_that_the_browser_came_with(here: Here, admin: SignedIn) -> None:
    again = here.site.sign_in.with_password("admin", PASSWORD, Visitor("Firefox", admin.token))
    assert again.token != admin.token
    assert here.site.sessions.resume(admin.token) is None
    assert here.site.sessions.resume(again.token) is not None


def test_a_changed_password_signs_out_everywhere_else(here: Here, admin: SignedIn) -> None:
    other = here.site.sign_in.with_password("admin", PASSWORD)
    with pytest.raises(NotAllowed):
        here.site.own_account.change_password(admin.session, admin.staff, "wrong", NEW, HERE)
    now = here.site.own_account.change_password(admin.session, admin.staff, PASSWORD, NEW, HERE)
    assert here.site.sessions.resume(admin.token) is None
    assert here.site.sessions.resume(other.token) is None
    assert here.site.sessions.resume(now.token) is not None
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_password("admin", PASSWORD)


class SlowPasswords:
    """Passwords that are hashed as ever, while something else happens."""

    def __init__(self, real: Passwords, meanwhile: Callable[[], object]) -> None:
        self._real, self._meanwhile = real, meanwhile

    def hash(self, password: str) -> str:
        self._meanwhile()
        return self._real.hash(password)

    def verify(self, hashed: str | None, password: str) -> bool:
        right = self._real.verify(hashed, password)
        self._meanwhile()
        return right


def test_a_reset_is_not_undone_by_a_password_that_was_under_way(here: Here, admin: SignedIn) -> None:
    ada, account = join(here, admin.staff), here.site.own_account
    slow = SlowPasswords(account._passwords, lambda: here.site.accounts.reset(admin.staff, ada.staff.id))
    account._passwords = slow
    with pytest.raises(NotAllowed, match="ended"):
        account.change_password(ada.session, ada.staff, NEW, "another one of twelve", HERE)
    assert here.site.accounts.get(ada.staff.id).staff.password_hash is None
    assert not here.site.accounts.get(ada.staff.id).sessions


def test_a_reset_is_not_undone_by_a_code_generator_that_was_under_way(here: Here, admin: SignedIn) -> None:
    ada, codes = join(here, admin.staff), here.site.second_factors
    secret = codes.begin(ada.staff).secret
    code, real = pyotp.TOTP(secret).at(here.clock.now()), codes._new_recovery

    def meanwhile(staff: Staff) -> tuple[Sequence[str], Sequence[str]]:
        here.site.sessions.out_everywhere(ada.session)
        return real(staff)

    codes._new_recovery = meanwhile  # type: ignore[method-assign]
    with pytest.raises(NotAllowed, match="ended"):
        codes.confirm(ada.session, ada.staff, code)


@pytest.mark.parametrize("what", ["reset", "disable"])
def test_nobody_signs_in_by_a_password_that_was_taken_away_while_it_was_checked(
    here: Here, admin: SignedIn, what: str
) -> None:
    ada, sign_in = join(here, admin.staff), here.site.sign_in
    act: Callable[[Staff, StaffId], object] = getattr(here.site.accounts, what)
    sign_in._passwords = SlowPasswords(sign_in._passwords, lambda: act(admin.staff, ada.staff.id))
    with pytest.raises(NotAllowed, match="not right"):
        sign_in.with_password("Ada", NEW)
    assert not here.site.accounts.get(ada.staff.id).sessions


def test_signing_out_everywhere(here: Here, admin: SignedIn) -> None:
    other = here.site.sign_in.with_password("admin", PASSWORD, Visitor("Chrome on Windows"))
    assert {one.browser for one in here.site.sessions.of(admin.staff)} == {"", "Chrome on Windows"}
    assert here.site.sessions.out_everywhere(admin.session) == 2
    assert here.site.sessions.resume(other.token) is None


def test_a_failed_sign_in_is_written_down_without_what_was_typed(here: Here) -> None:
    for name in ("admin", "my password in the wrong field"):
        with pytest.raises(NotAllowed):
            here.site.sign_in.with_password(name, "another secret that was typed")
    with here.site.store.read() as work:
        told = [one for one in work.audit.entries() if one.event is Event.STAFF_SIGN_IN_FAILED]
    assert len(told) == 2
    assert [one.subject for one in told] == [str(here.site.accounts.by_name("admin").id), "unknown"]
    assert "typed" not in str(told)
    assert "wrong field" not in str(told)


def test_a_known_browser_is_known_for_its_account_only(here: Here, admin: SignedIn) -> None:
    join(here, admin.staff)
    browsers = here.site.known_browsers
    mark = browsers.mark(admin.staff.id)
    assert browsers.recognise("admin", mark) is not None
    assert browsers.recognise(" admin ", mark) == browsers.recognise("admin", mark)
    for name, given in (
        ("Ada", mark),
        ("nobody", mark),
        ("admin", mark[:-4]),
        ("admin", "é"),
        ("admin", None),
    ):
        assert browsers.recognise(name, given) is None


def test_a_flood_of_failures_does_not_fill_the_log(here: Here) -> None:
    for _ in range(100):
        here.site.passkeys.to_sign_in("form")
        with pytest.raises(NotAllowed):
            here.site.passkeys.sign_in("form", "{}", HERE)
    here.clock.advance(61)
    with pytest.raises(NotAllowed):
        here.site.sign_in.with_password("admin", "wrong")
    with here.site.store.read() as work:
        told = [one for one in work.audit.entries() if one.event is Event.STAFF_SIGN_IN_FAILED]
    assert len(told) == 61
    assert told[-1].detail == {"what": "password", "more_before": 40}
