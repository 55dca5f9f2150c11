"""What the ways in without a face share. Imports nothing that sees (law 4)."""

from contextlib import suppress

from stile.domain.errors import WrongValue
from stile.domain.member import Member, card_number
from stile.ports import UnitOfWork


def whose_number(work: UnitOfWork, number: str) -> Member | None:
    """Whose card or membership number this is. Both are looked up whatever the first one says, so that the time it
    takes tells nothing."""
    by_number, by_card = work.members.by_number(number.strip()[:64]), None
    with suppress(WrongValue):
        by_card = work.members.by_card(card_number(number[:64]))
    return by_card or by_number
