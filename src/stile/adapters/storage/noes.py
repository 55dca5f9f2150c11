"""What was said no to after a backup is said no to again once that backup is back.

From the journal come ids and times, nothing else. A yes that was said after that no is not known here: the person says
it again. What the older copy knows nothing of (a screen that was approved since) needs nothing done.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table, delete, insert, or_, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.own_page import SqlRestrictions
from stile.adapters.storage.transaction import Kind, Transaction
from stile.domain.consent import Channel, Relation
from stile.domain.guardians import Said
from stile.ports.keeping import Erasure

JOURNAL = "journal"
"""Stands where it says who recorded something, or how it was said."""
UNNAMED = "Named after the backup"
"""In the place of a parent's name, where the parent was named after the backup: the journal holds no names."""

member, guardian, word = tables.member, tables.guardian, tables.guardian_word


def again(tx: Transaction, no: Erasure) -> bool:
    """Whether there was anything left to do."""
    do = DO.get(no.what)
    return do is not None and do(tx, no)


def _is_there(tx: Transaction, id: Any) -> bool:
    return tx.one(select(member.c.id).where(member.c.id == id, member.c.erased_at.is_(None))) is not None


def _restrict(tx: Transaction, no: Erasure) -> bool:
    return _is_there(tx, no.member) and SqlRestrictions(tx).add(no.member, no.at)


def _no_news(tx: Transaction, no: Erasure) -> bool:
    """An older no is left as it is; a yes, or a no that has no time, gives way."""
    earlier = or_(member.c.marketing_at.is_(None), member.c.marketing_at < no.at)
    row = tx.one(
        select(member.c.centre, member.c.version).where(
            member.c.id == no.member, member.c.erased_at.is_(None), earlier
        )
    )
    if row is None:
        return False
    told = {"marketing": False, "marketing_at": no.at, "marketing_how": JOURNAL, "version": row.version + 1}
    tx.run(update(member).where(member.c.id == no.member).values(told))
    tx.tell(Kind.MEMBER, no.member, row.centre, row.version + 1)
    return True


def _objection(tx: Transaction, no: Erasure) -> bool:
    """An objection counts whoever it comes from, so that it stands also where the parent's name does not."""
    if not _is_there(tx, no.member):
        return False
    if tx.one(select(guardian.c.id).where(guardian.c.id == no.subject)) is None:
        tx.run(
            insert(guardian),
            {"id": no.subject, "member": no.member, "name": UNNAMED, "relation": Relation.RESPONSIBLE},
        )
    return _say(tx, no, Said.OBJECTED, no.subject)


def _refusal(tx: Transaction, no: Erasure) -> bool:
    return _is_there(tx, no.member) and _say(tx, no, Said.REFUSED, None)


def _say(tx: Transaction, no: Erasure, said: Said, who: object) -> bool:
    tx.run(
        insert(word),
        {
            "id": tx.new_id(),
            "member": no.member,
            "guardian": who,
            "said": said,
            "at": no.at,
            "channel": Channel.DESK,
            "recorded_by": JOURNAL,
        },
    )
    return True


def _end(table: Table, since: str) -> Callable[[Transaction, Erasure], bool]:
    """One that was set up after that no stays."""

    def end(tx: Transaction, no: Erasure) -> bool:
        before = table.c[since] <= no.at
        return tx.run(delete(table).where(table.c.member == no.member, before)).rowcount > 0

    return end


def _shut(table: Table, at: str) -> Callable[[Transaction, Erasure], bool]:
    def shut(tx: Transaction, no: Erasure) -> bool:
        open_ = table.c[at].is_(None)
        done = tx.run(update(table).where(table.c.id == no.subject, open_).values({at: no.at}))
        return done.rowcount > 0

    return shut


DO: Mapping[str, Callable[[Transaction, Erasure], bool]] = {
    "restriction": _restrict,
    "marketing": _no_news,
    "objection": _objection,
    "refusal": _refusal,
    "pin": _end(tables.member_pin, "set_at"),
    "phone": _end(tables.member_phone, "made_at"),
    "device": _shut(tables.device, "revoked_at"),
    "token": _shut(tables.api_token, "revoked_at"),
    "account": _shut(tables.staff, "disabled_at"),
}
"""The kinds that `migrations/rules_0019.py` remembers."""
