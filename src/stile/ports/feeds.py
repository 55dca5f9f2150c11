"""Published registers of others: reading them, and which ones are subscribed to."""

from collections.abc import Sequence
from typing import Any, Protocol

from stile.domain.subscription import Subscription


class FeedReader(Protocol):
    def read(self, url: str) -> Any:
        """The JSON document at this address. Blocks for up to a minute; from any thread, and never inside a
        transaction. Raises CannotRead, in one line: nothing there, too large, no JSON, or an address that is not a
        public one."""
        ...


class Subscriptions(Protocol):
    def save(self, subscription: Subscription) -> None:
        """Adds it, or writes it anew where its address is subscribed to already."""
        ...

    def get(self, url: str) -> Subscription | None: ...
    def all(self) -> Sequence[Subscription]:
        """By address."""
        ...

    def remove(self, url: str) -> None:
        """Raises NotFound."""
        ...
