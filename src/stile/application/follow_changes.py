"""Law 2, everywhere: what another program changed in the store, this process's gallery follows.

`stile enrol` and `stile members withdraw` may run beside `stile serve`. The outbox says whose template changed;
each such member is put or removed as the store has them now, so seeing a change twice does no harm.
`stile register add` may open a lane to faces, or close it (law 5).
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from stile.application.go_live import GoLive
from stile.domain.errors import CannotDecrypt
from stile.ports import Clock, Gallery, Store, Vault

OVERLAP = timedelta(seconds=10)
"""Looked at again each time: a transaction that began earlier may commit later."""


class FollowChanges:
    def __init__(
        self,
        store: Store,
        vault: Vault,
        gallery: Gallery | None,
        clock: Clock,
        erased: Callable[[], None],
        go_live: GoLive,
    ) -> None:
        """`erased` is called when somebody was erased elsewhere."""
        self._store, self._vault, self._gallery, self._clock = store, vault, gallery, clock
        self._erased, self._go_live = erased, go_live
        self._since = clock.now()

    def catch_up(self) -> int:
        """How many members were looked at. Call it about once a second, from one thread."""
        self._go_live.follow()
        if self._gallery is None:
            return 0
        began = self._clock.now()
        with self._store.read() as work:
            changed = {
                member: work.templates.of_member(member, self._gallery.pack)
                for member in work.templates.changed_since(self._since - OVERLAP)
            }
        for member, found in changed.items():
            if found is None:
                if self._gallery.remove(member):
                    self._erased()
            else:
                row, key = found
                with suppress(
                    CannotDecrypt
                ):  # one damaged row must not keep others' withdrawals from being followed
                    self._gallery.put(member, self._vault.open(member, key, row.sealed, row.pack))
        self._since = began
        return len(changed)
