"""Law 2: withdrawal deletes the template and destroys its key in the same transaction, everywhere.

After the commit the running gallery forgets the member, and the store is scrubbed so that neither the sealed
template nor its key stays in free pages or in the write-ahead log. The card goes on working.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, NotFound
from stile.domain.ids import MemberId
from stile.ports import Clock, Gallery, Store, UnitOfWork
from stile.ports.audit import Wanted

FURTHEST = 2**62
"""No log has so many entries, and no database counts much further."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the member keeps: how many templates went, each with its key, when, and where the audit log says so.
    `audit_digest`: the hash of that entry, in hex, by which anybody finds it unchanged."""

    member: MemberId
    templates: int
    at: datetime
    audit_position: int
    audit_digest: str


class Withdraw:
    def __init__(
        self,
        store: Store,
        gallery: Gallery | None,
        clock: Clock,
        remember: Callable[[], object] = lambda: None,
    ) -> None:
        """`remember` carries to the journals that somebody was erased, so that no backup brings them back."""
        self._store, self._gallery, self._clock = store, gallery, clock
        self._remember = remember
        self._traces_left = True  # a process that was killed after its commit may have left some

    def consent_of(
        self, member: MemberId, actor: str, also: Callable[[UnitOfWork], None] = lambda _: None
    ) -> Receipt:
        """Raises NotFound for nobody. Withdrawing twice is no error: the second receipt counts 0. `also` records, in
        the same transaction, what it is withdrawn for: an objection must not stand beside a template."""
        now = self._clock.now()
        with self._store.begin() as work:
            if work.members.get(member) is None:
                raise NotFound("There is no such member.")
            work.invitations.end_all(member, now)
            erased = work.templates.erase(member)
            work.consents.withdraw(member, now)
            work.restrictions.lift(member)  # nothing is left whose use could be restricted
            also(work)
            work.audit.append(now, Event.CONSENT_WITHDRAWN, actor, str(member))
            entry = work.audit.append(now, Event.TEMPLATE_ERASED, actor, str(member), {"templates": erased})
            work.commit()
        if self._gallery is not None:
            self._gallery.remove(member)
        self.traces_may_be_left()
        self.scrub_what_is_left()
        self._remember()
        return Receipt(member, erased, now, entry.position, entry.digest)

    def receipt_of(self, member: MemberId, position: int) -> Receipt:
        """The receipt of a withdrawal before, from the audit log. Raises NotFound for what is not the member's own."""
        if not 0 <= position < FURTHEST:
            raise NotFound("There is no such receipt.")
        with self._store.read() as work:
            found = work.audit.find(
                Wanted(events=(Event.TEMPLATE_ERASED,), subjects=(str(member),), before=position + 1, most=1)
            )
        if not found or found[0].position != position:
            raise NotFound("There is no such receipt.")
        entry = found[0]
        return Receipt(member, int(entry.detail["templates"] or 0), entry.at, position, entry.digest)

    def receipts_of(self, member: MemberId) -> Sequence[Receipt]:
        """Newest first."""
        with self._store.read() as work:
            found = work.audit.find(Wanted(events=(Event.TEMPLATE_ERASED,), subjects=(str(member),)))
        return [
            Receipt(member, int(one.detail["templates"] or 0), one.at, one.position, one.digest)
            for one in found
        ]

    def traces_may_be_left(self) -> None:
        """Somebody erased: here, or another program beside this one."""
        self._traces_left = True

    def scrub_what_is_left(self) -> None:
        """The withdrawal stands whether or not the file could be scrubbed at once: a long reader may be in the way.
        The serving process calls this every second, so that it is done as soon as it can be."""
        if self._traces_left:
            with suppress(CannotRecord):
                self._store.scrub()
                self._traces_left = False
