"""Who may do what: one table. Each page and each call names the one permission that it needs; a role is a set of
permissions, and an account holds one or more roles. What is not in the table is not allowed.

Nobody gets to personal data by holding the keys of the machine: an engineer sees lanes and settings and no member, an
auditor sees the audit log and changes nothing.
"""

from collections.abc import Collection
from enum import StrEnum


class Permission(StrEnum):
    """What an account may do, `subject:action`."""

    OWN_ACCOUNT = "account:own"
    USE_DESK = "desk:use"
    LET_IN = "desk:let-in"
    ADJUDICATE = "desk:adjudicate"
    APPROVE_DEVICES = "devices:approve"
    SEE_MEMBERS = "members:see"
    CHANGE_MEMBERS = "members:change"
    IMPORT_MEMBERS = "members:import"
    ENROL = "enrolment:invite"
    WITHDRAW = "consent:withdraw"
    RECEIVE_RIGHTS = "rights:receive"
    SEE_RIGHTS = "rights:see"
    HANDLE_RIGHTS = "rights:handle"
    SEE_EVALUATION = "evaluation:see"
    CALIBRATE = "evaluation:calibrate"
    MANAGE_STAFF = "staff:manage"
    MANAGE_DEVICES = "devices:manage"
    MANAGE_TOKENS = "tokens:manage"
    SEE_AUDIT = "audit:see"
    SEE_RETENTION = "retention:see"
    CHANGE_RETENTION = "retention:change"
    SEE_REGISTER = "register:see"
    CHANGE_REGISTER = "register:change"
    SIGN_OFF = "register:sign-off"
    SEE_FIGURES = "figures:see"
    SEE_FOI = "foi:see"
    HANDLE_FOI = "foi:handle"
    APPROVE_FOI = "foi:approve"
    SEE_SETTINGS = "settings:see"
    CHANGE_LANES = "lanes:change"
    TELL_EXITS = "lanes:tell-exit"


class Role(StrEnum):
    RECEPTION = "reception"
    MANAGER = "manager"
    DATA_PROTECTION = "data protection"
    ENGINEER = "engineer"
    AUDITOR = "auditor"
    INFORMATION = "information officer"


AT_AUTHORITY = frozenset((Role.MANAGER, Role.DATA_PROTECTION, Role.AUDITOR, Role.INFORMATION))
"""An authority has no desk and no lane, so that there is nothing for reception and engineers."""

P = Permission

RECEPTION = frozenset(
    (
        P.OWN_ACCOUNT,
        P.USE_DESK,
        P.LET_IN,
        P.ADJUDICATE,
        P.APPROVE_DEVICES,
        P.SEE_MEMBERS,
        P.ENROL,
        P.WITHDRAW,
        P.RECEIVE_RIGHTS,
    )
)

MAY: dict[Role, frozenset[Permission]] = {
    Role.RECEPTION: RECEPTION,
    Role.MANAGER: RECEPTION
    | {
        P.CHANGE_MEMBERS,
        P.IMPORT_MEMBERS,
        P.SEE_RIGHTS,
        P.SEE_EVALUATION,
        P.MANAGE_STAFF,
        P.MANAGE_DEVICES,
        P.MANAGE_TOKENS,
        P.TELL_EXITS,
        P.SEE_RETENTION,
        P.SEE_REGISTER,
        P.CHANGE_REGISTER,
        P.SEE_FIGURES,
        P.SEE_FOI,
        P.APPROVE_FOI,
        P.SEE_SETTINGS,
    },
    Role.DATA_PROTECTION: frozenset(
        (
            P.OWN_ACCOUNT,
            P.SEE_MEMBERS,
            P.WITHDRAW,
            P.RECEIVE_RIGHTS,
            P.SEE_RIGHTS,
            P.HANDLE_RIGHTS,
            P.SEE_EVALUATION,
            P.SEE_AUDIT,
            P.SEE_RETENTION,
            P.CHANGE_RETENTION,
            P.SEE_REGISTER,
            P.CHANGE_REGISTER,
            P.SIGN_OFF,
            P.SEE_FIGURES,
            P.SEE_FOI,
            P.HANDLE_FOI,
            P.APPROVE_FOI,
            P.SEE_SETTINGS,
        )
    ),
    Role.ENGINEER: frozenset(
        (
            P.OWN_ACCOUNT,
            P.SEE_EVALUATION,
            P.CALIBRATE,
            P.MANAGE_DEVICES,
            P.MANAGE_TOKENS,
            P.SEE_SETTINGS,
            P.CHANGE_LANES,
            P.TELL_EXITS,
        )
    ),
    Role.AUDITOR: frozenset(
        (
            P.OWN_ACCOUNT,
            P.SEE_EVALUATION,
            P.SEE_AUDIT,
            P.SEE_RETENTION,
            P.SEE_REGISTER,
            P.SEE_FIGURES,
            P.SEE_SETTINGS,
        )
    ),
    Role.INFORMATION: frozenset(
        (P.OWN_ACCOUNT, P.SEE_REGISTER, P.CHANGE_REGISTER, P.SEE_FIGURES, P.SEE_FOI, P.HANDLE_FOI)
    ),
}
"""The table."""


def may(roles: Collection[Role], permission: Permission) -> bool:
    """Whether one of the roles has it."""
    return any(permission in MAY[role] for role in roles)


def held(roles: Collection[Role]) -> frozenset[Permission]:
    """Everything that the roles together allow."""
    return frozenset(one for role in roles for one in MAY[role])
