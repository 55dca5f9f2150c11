"""Nobody gives, takes away or takes over what they do not hold themselves.

Whoever manages staff may give a role only when they hold all that it permits, and may touch (change, disable, reset)
only an account that may do nothing beyond their own: a reset hands over an account, and would otherwise be a way up.
What counts is what a role permits and not its name: a manager, who may do all that reception may, hires receptionists,
and cannot make an auditor. Nobody changes their own roles, so that no slip and no stolen session turns one role into
another. One account that manages staff always remains. Whoever works at the machine itself (`by=None`) holds everything
already.
"""

from collections.abc import Collection, Set
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.access import Staff
from stile.domain.roles import MAY, Permission, Role, held


class Why(StrEnum):
    """Why an account is left as it is."""

    NO_RIGHT = "You may not manage staff accounts."
    OWN_ACCOUNT = "Nobody changes their own roles or disables their own account. Please ask a colleague."
    ROLE_NOT_HELD = "You can give only roles that permit no more than your own."
    ACCOUNT_BEYOND = "This account may do more than yours, so you cannot change it."
    NO_ROLE = "Choose at least one role."
    LAST_MANAGER = "This is the last account that can manage staff. Give somebody else that role first."
    FROM_PROVIDER = "The roles of this account come from the identity provider. Change them there."
    IS_DISABLED = "This account is disabled. Enable it first."


@dataclass(frozen=True, slots=True)
class Allowed:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Denied:
    why: Why


Ruling = Allowed | Denied


def may_give(by: Staff | None, roles: Set[Role]) -> Ruling:
    """Whether a new account may be given these roles."""
    if not roles:
        return Denied(Why.NO_ROLE)
    if by is None:
        return Allowed()
    if not by.may(Permission.MANAGE_STAFF):
        return Denied(Why.NO_RIGHT)
    return Allowed() if held(roles) <= held(by.roles) else Denied(Why.ROLE_NOT_HELD)


def may_change_roles(
    by: Staff | None, account: Staff, roles: Set[Role], everybody: Collection[Staff]
) -> Ruling:
    """Whether the account may hold exactly these roles from now on. `everybody`: all accounts."""
    if isinstance(no := _may_touch(by, account), Denied):
        return no
    if account.from_provider:
        return Denied(Why.FROM_PROVIDER)
    if isinstance(no := may_give(by, roles), Denied):
        return no
    keeps = any(Permission.MANAGE_STAFF in MAY[role] for role in roles)
    return Allowed() if keeps else _somebody_else_manages(account, everybody)


def may_disable(by: Staff | None, account: Staff, everybody: Collection[Staff]) -> Ruling:
    if isinstance(no := _may_touch(by, account), Denied):
        return no
    return _somebody_else_manages(account, everybody)


def may_reset(by: Staff | None, account: Staff, everybody: Collection[Staff]) -> Ruling:
    """A reset takes every way to sign in and gives one link: until it is used, the account manages nobody."""
    if isinstance(no := _may_touch(by, account), Denied):
        return no
    if account.is_disabled:
        return Denied(Why.IS_DISABLED)
    return Allowed() if by is None else _somebody_else_manages(account, everybody)


def may_enable(by: Staff | None, account: Staff) -> Ruling:
    return _may_touch(by, account)


def _may_touch(by: Staff | None, account: Staff) -> Ruling:
    if by is None:
        return Allowed()
    if not by.may(Permission.MANAGE_STAFF):
        return Denied(Why.NO_RIGHT)
    if by.id == account.id:
        return Denied(Why.OWN_ACCOUNT)
    beyond = held(account.roles) - held(by.roles)
    return Denied(Why.ACCOUNT_BEYOND) if beyond else Allowed()


def _somebody_else_manages(account: Staff, everybody: Collection[Staff]) -> Ruling:
    if not account.may(Permission.MANAGE_STAFF):
        return Allowed()
    others = (
        one
        for one in everybody
        if one.id != account.id
        and one.has_joined
        and not one.is_disabled
        and one.may(Permission.MANAGE_STAFF)
    )
    return Allowed() if any(others) else Denied(Why.LAST_MANAGER)
