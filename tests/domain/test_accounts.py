"""Nobody gives, takes away or takes over what they do not hold."""

from dataclasses import replace
from uuid import UUID

import pytest

from stile.domain.access import Staff
from stile.domain.accounts import (
    Allowed,
    Denied,
    Ruling,
    Why,
    may_change_roles,
    may_disable,
    may_enable,
    may_give,
    may_reset,
)
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from tests.domain.builders import NOW

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"
R = Role


def account(number: int, *roles: Role) -> Staff:
    return Staff(StaffId(UUID(int=number)), f"account {number}", frozenset(roles), HASH)


FIRST = account(1, *Role)
MANAGER = account(2, R.MANAGER)
COLLEAGUE = account(3, R.RECEPTION)
OFFICER = account(4, R.DATA_PROTECTION)
EVERYBODY = (FIRST, MANAGER, COLLEAGUE, OFFICER)


@pytest.mark.parametrize(
    ("by", "roles", "ruling"),
    [
        (FIRST, {R.AUDITOR, R.DATA_PROTECTION}, Allowed()),
        (MANAGER, {R.MANAGER}, Allowed()),
        (None, {R.AUDITOR}, Allowed()),
        (MANAGER, {R.RECEPTION}, Allowed()),
        (MANAGER, {R.AUDITOR}, Denied(Why.ROLE_NOT_HELD)),
        (MANAGER, {R.MANAGER, R.DATA_PROTECTION}, Denied(Why.ROLE_NOT_HELD)),
        (OFFICER, {R.DATA_PROTECTION}, Denied(Why.NO_RIGHT)),
        (FIRST, set(), Denied(Why.NO_ROLE)),
        (None, set(), Denied(Why.NO_ROLE)),
    ],
)
def test_who_may_give_what(by: Staff | None, roles: set[Role], ruling: Ruling) -> None:
    assert may_give(by, roles) == ruling


def test_nobody_raises_themselves() -> None:
    assert may_change_roles(MANAGER, MANAGER, {R.MANAGER, R.AUDITOR}, EVERYBODY) == Denied(Why.OWN_ACCOUNT)
    assert may_change_roles(FIRST, FIRST, set(Role), EVERYBODY) == Denied(Why.OWN_ACCOUNT)
    assert may_disable(FIRST, FIRST, EVERYBODY) == Denied(Why.OWN_ACCOUNT)


@pytest.mark.parametrize("account", [OFFICER, FIRST], ids=lambda one: one.name)
def test_nobody_takes_over_an_account_that_may_do_more(account: Staff) -> None:
    """A reset makes a link that signs in as them: it would be a way up."""
    beyond = Denied(Why.ACCOUNT_BEYOND)
    assert may_reset(MANAGER, account, EVERYBODY) == beyond
    assert may_disable(MANAGER, account, EVERYBODY) == beyond
    assert may_enable(MANAGER, account) == beyond
    assert may_change_roles(MANAGER, account, {R.MANAGER}, EVERYBODY) == beyond


def test_whoever_holds_it_all_may_do_it_all() -> None:
    assert may_reset(FIRST, OFFICER, EVERYBODY) == Allowed()
    assert may_disable(FIRST, MANAGER, EVERYBODY) == Allowed()
    assert may_change_roles(FIRST, COLLEAGUE, {R.AUDITOR}, EVERYBODY) == Allowed()


@pytest.mark.parametrize(
    "rest",
    [
        (OFFICER,),
        (OFFICER, replace(MANAGER, disabled_at=NOW)),
        (OFFICER, replace(MANAGER, password_hash=None)),
    ],
    ids=["nobody else", "disabled", "has not joined"],
)
def test_one_account_that_manages_staff_remains(rest: tuple[Staff, ...]) -> None:
    last, by = account(9, R.MANAGER), None  # the machine may give anything, and still not take the last away
    everybody = (last, *rest)
    assert may_disable(by, last, everybody) == Denied(Why.LAST_MANAGER)
    assert may_change_roles(by, last, {R.RECEPTION}, everybody) == Denied(Why.LAST_MANAGER)
    assert may_change_roles(by, last, {R.MANAGER, R.AUDITOR}, everybody) == Allowed()
    assert may_disable(by, last, (*everybody, account(10, R.MANAGER))) == Allowed()


def test_at_the_machine_the_last_one_may_be_reset() -> None:
    """It is how somebody who lost everything gets in again."""
    assert may_reset(None, MANAGER, (MANAGER,)) == Allowed()
    assert may_reset(FIRST, replace(MANAGER, disabled_at=NOW), EVERYBODY) == Denied(Why.IS_DISABLED)


def test_roles_from_the_provider_are_changed_there() -> None:
    theirs = replace(COLLEAGUE, issuer="https://login.example", subject="7")
    assert may_change_roles(FIRST, theirs, {R.RECEPTION}, EVERYBODY) == Denied(Why.FROM_PROVIDER)
    assert may_disable(FIRST, theirs, EVERYBODY) == Allowed()
