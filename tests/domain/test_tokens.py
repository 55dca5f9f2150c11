"""What a program may be given, and by whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.domain.access import Staff, digest_of
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import StaffId, TokenId
from stile.domain.roles import Permission, Role, held
from stile.domain.tokens import FOR_PROGRAMS, LONGEST, Stopped, Token, check_grant, grantable, stopped

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
TOKEN = Token(
    TokenId(uuid7()),
    "Leisure manager",
    digest_of("stile_secret"),
    frozenset({Permission.SEE_MEMBERS}),
    StaffId(uuid7()),
    NOW,
    NOW + timedelta(days=90),
)


def test_a_token_works_until_it_runs_out_or_is_revoked() -> None:
    assert TOKEN.works(NOW)
    assert TOKEN.works(TOKEN.expires_at - timedelta(microseconds=1))
    assert not TOKEN.works(TOKEN.expires_at)
    assert not replace(TOKEN, revoked_at=NOW).works(NOW)


def maker(*roles: Role, disabled: bool = False) -> Staff:
    assert TOKEN.made_by is not None
    return Staff(TOKEN.made_by, "Maker", frozenset(roles), None, disabled_at=NOW if disabled else None)


@pytest.mark.parametrize(
    ("token", "made_by", "why"),
    [
        (TOKEN, maker(Role.MANAGER), None),
        (TOKEN, maker(Role.ENGINEER, Role.DATA_PROTECTION), None),
        (replace(TOKEN, revoked_at=NOW), maker(Role.MANAGER), Stopped.REVOKED),
        (replace(TOKEN, made_at=NOW - LONGEST, expires_at=NOW), maker(Role.MANAGER), Stopped.RUN_OUT),
        (TOKEN, None, Stopped.MAKER_DISABLED),
        (TOKEN, maker(Role.MANAGER, disabled=True), Stopped.MAKER_DISABLED),
        (TOKEN, maker(), Stopped.MAKER_MAY_NOT),
        (TOKEN, maker(Role.RECEPTION), Stopped.MAKER_MAY_NOT),  # sees members, and gives no tokens
        (TOKEN, maker(Role.ENGINEER), Stopped.MAKER_MAY_NOT),  # gives tokens, and does not see members
    ],
)
def test_a_token_works_as_long_as_its_maker_could_make_it_again(
    token: Token, made_by: Staff | None, why: Stopped | None
) -> None:
    assert stopped(token, made_by, NOW) is why


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 101},
        {"digest": "stile_secret"},
        {"permissions": frozenset()},
        {"permissions": frozenset({Permission.LET_IN})},
        {"expires_at": NOW},
        {"expires_at": NOW + LONGEST + timedelta(seconds=1)},
        {"made_at": NOW.replace(tzinfo=None)},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_token_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises((WrongValue, TypeError)):
        replace(TOKEN, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_more_than_they_hold(role: Role) -> None:
    mine = held([role])
    for one in FOR_PROGRAMS:
        if one in mine:
            check_grant([one], mine)
            assert one in grantable(mine)
        else:
            with pytest.raises(NotAllowed):
                check_grant([one], mine)
            assert one not in grantable(mine)


def test_no_program_does_what_needs_a_person() -> None:
    assert not set(FOR_PROGRAMS) & {
        Permission.LET_IN,
        Permission.MANAGE_STAFF,
        Permission.MANAGE_TOKENS,
        Permission.HANDLE_RIGHTS,
        Permission.APPROVE_DEVICES,
    }
