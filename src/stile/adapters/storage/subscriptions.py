"""Which published registers are subscribed to."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import NotFound
from stile.domain.subscription import Subscription

feed = tables.register_feed


class SqlSubscriptions:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def save(self, subscription: Subscription) -> None:
        values = {
            "organisation": subscription.organisation,
            "began_at": subscription.began_at,
            "tried_at": subscription.tried_at,
            "read_at": subscription.read_at,
            "problem": subscription.problem,
        }
        if not self._tx.run(update(feed).where(feed.c.url == subscription.url).values(values)).rowcount:
            self._tx.add(
                feed,
                {"url": subscription.url, **values},
                taken="this register is subscribed to already",
                missing="what this belongs to does not exist",
            )

    def get(self, url: str) -> Subscription | None:
        row = self._tx.one(select(feed).where(feed.c.url == url))
        return None if row is None else _subscription(row)

    def all(self) -> Sequence[Subscription]:
        return [_subscription(row) for row in self._tx.all(select(feed).order_by(feed.c.url))]

    def remove(self, url: str) -> None:
        if not self._tx.run(delete(feed).where(feed.c.url == url)).rowcount:
            raise NotFound("This register is not subscribed to.")


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(row.url, row.organisation, row.began_at, row.tried_at, row.read_at, row.problem)
