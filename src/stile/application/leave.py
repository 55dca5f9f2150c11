"""Law 8: leaving is never controlled. An exit reader tells that somebody left; nothing is decided, nothing is refused,
and no door waits for it. Nothing is recorded of it either: that they are inside is forgotten, and that is all.
"""

from contextlib import suppress

from stile.domain.errors import WrongValue
from stile.domain.member import card_number
from stile.domain.places import Lane
from stile.ports import Store


class Leave:
    def __init__(self, store: Store) -> None:
        self._store = store

    def told(self, lane: Lane, card: str | None = None) -> None:
        """Somebody went out by this lane. `card`: what the reader read of a card, if it read one; what is no card, or
        nobody's, counts as somebody who is not known. Raises CannotRecord when the store cannot forget it now."""
        with self._store.begin() as work:
            holder = None
            with suppress(WrongValue):
                holder = work.members.by_card(card_number(card or ""))
            if holder is None:
                work.presences.one_leaves(lane.centre)
            else:
                work.presences.leave(holder.id)
            work.commit()
