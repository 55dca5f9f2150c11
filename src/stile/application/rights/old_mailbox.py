"""Links that were sent to an address open nothing once it is the member's no more: whoever reads that mailbox now could
see the member's page, or enrol their own face under the member's name. Imports nothing that sees (law 4)."""

from datetime import datetime

from stile.domain.ids import MemberId
from stile.ports import UnitOfWork

BY_A_PROGRAM = "token:"
"""Links that another program made go where it sends them, which is the address that it knows."""


def close(work: UnitOfWork, member: MemberId, now: datetime) -> None:
    """In the transaction that changes the address. A link that reception shows or prints goes on working."""
    work.own_links.end_all(member, now)
    newest = work.invitations.latest_of(member)  # it ended those before it
    if newest is not None and (newest.sent_at is not None or (newest.made_by or "").startswith(BY_A_PROGRAM)):
        work.invitations.end_all(member, now)
