"""A member as text, for as long as an import has decided on them and their row is not written yet."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stile.domain.hours import hours
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member, MembershipStatus
from stile.domain.member_import import Change


def to_text(change: Change) -> str:
    one = change.member
    return json.dumps(
        [
            change.fields,
            str(one.id),
            str(one.centre),
            one.number,
            one.given_name,
            one.family_name,
            one.status.value,
            one.expires_on and one.expires_on.isoformat(),
            one.cards,
            one.version,
            one.born_on and one.born_on.isoformat(),
            one.email,
            one.phone,
            one.kind,
            [str(centre) for centre in one.centres],
            one.hours and str(one.hours),
            one.marketing,
            one.marketing_at and one.marketing_at.isoformat(),
            one.marketing_how,
            one.group,
            one.from_file,
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def from_text(was: int, text: str) -> Change:
    fields, *row = json.loads(text)
    return Change(_member(row), was, tuple(fields))


def _member(row: list[Any]) -> Member:
    return Member(
        MemberId(UUID(row[0])),
        CentreId(UUID(row[1])),
        row[2],
        row[3],
        row[4],
        MembershipStatus(row[5]),
        row[6] and date.fromisoformat(row[6]),
        tuple(row[7]),
        row[8],
        row[9] and date.fromisoformat(row[9]),
        row[10],
        row[11],
        row[12],
        tuple(CentreId(UUID(one)) for one in row[13]),
        row[14] and hours(row[14]),
        row[15],
        row[16] and datetime.fromisoformat(row[16]),
        row[17],
        row[18],
        row[19],
    )
