"""What a program may be given, and by whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.domain.access import digest_of
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import StaffId, TokenId
from stile.domain.roles import Permission, Role, held
from stile.domain.tokens import FOR_PROGRAMS, LONGEST, Token, check_grant, grantable

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
