"""Who was erased stays erased, and a no stays a no, also when an older copy of the store is put back.

The store remembers each consent that ended, each member who was erased and each no (a template set aside, no to news, a
parent's objection, a screen, a token or an account that was shut), by id, in the transaction that did it. Here
that is carried to journals outside the store: one in the data folder, one beside the backups. A journal that knows of
an erasure which the store does not know was written before somebody put an older copy in the store's place, by
`stile restore` or by hand: the erasure is done again.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, StileError
from stile.ports import Clock, Store
from stile.ports.journal import Journal
from stile.ports.keeping import Erasure

AGAIN = {
    "member": Event.MEMBER_ERASED,
    "restriction": Event.FACE_RESTRICTED,
    "marketing": Event.MEMBER_CHANGED,
    "objection": Event.FAMILY_SAID,
    "refusal": Event.FAMILY_SAID,
    "pin": Event.PIN_REMOVED,
    "phone": Event.PHONE_ENDED,
    "device": Event.DEVICE_REVOKED,
    "token": Event.TOKEN_REVOKED,
    "account": Event.STAFF_DISABLED,
}
"""How the audit log says that it was done again. Of a consent the summary at the end speaks."""


class RememberErasures:
    def __init__(self, store: Store, journals: Callable[[UUID], Sequence[Journal]], clock: Clock) -> None:
        """`journals`: those of the site whose operator has this id."""
        self._store, self._open, self._clock = store, journals, clock
        self._journals: Sequence[Journal] = ()
        self._one_at_a_time = threading.RLock()
        self._followed: dict[str, int] = {}
        """The last number in each journal, once it was compared with the store."""
        self.behind: dict[str, str] = {}
        """Journals that do not follow, and why: shown on the page about retention."""

    def catch_up(self) -> int:
        """How many erasures were done again (0 but after a copy was put back). Called about once a second; a journal
        that cannot be written is tried again, and never in the way of an erasure."""
        with self._one_at_a_time:
            return sum(self._tried(journal) for journal in self._those())

    def _tried(self, journal: Journal) -> int:
        try:
            known = journal.name in self._followed
            again = self._follow_on(journal) if known else self._follow(journal)
        except StileError as error:
            self.behind[journal.name] = str(error)
            self._followed.pop(journal.name, None)
            return 0
        self.behind.pop(journal.name, None)
        return again

    def _those(self) -> Sequence[Journal]:
        if not self._journals:
            operator = None
            with suppress(CannotRecord), self._store.read() as work:
                operator = work.operators.only()
            if operator is not None:
                self._journals = self._open(operator.id)
        return self._journals

    def follow(self, journal: Journal) -> int:
        """Compares the journal with the store, in both directions; how many erasures were done again. Raises
        CannotRecord or WrongValue where the journal cannot be written, or was altered."""
        with self._one_at_a_time:
            return self._follow(journal)

    def _follow(self, journal: Journal) -> int:
        written = journal.read()
        again = self.do_again(written or ())
        with self._store.read() as work:
            known = work.erasures.after(0)
        if written is not None and list(written) == list(known[: len(written)]):
            journal.append(known[len(written) :])
        else:
            journal.replace(known)
        self._followed[journal.name] = len(known)
        return again

    def _follow_on(self, journal: Journal) -> int:
        """What came since the last time."""
        with self._store.read() as work:
            new = work.erasures.after(self._followed[journal.name])
        if new:
            journal.append(new)
            self._followed[journal.name] = new[-1].n
        return 0

    def do_again(self, written: Sequence[Erasure]) -> int:
        """Does what the journal knows and the store does not; how many of them had anything left to erase."""
        with self._store.read() as work:
            known = {one.key for one in work.erasures.after(0)}
        unknown = [one for one in written if one.key not in known]
        if not unknown:
            return 0
        done, now = 0, self._clock.now()
        with self._store.begin() as work:
            for one in unknown:
                if not work.erasures.again(one):
                    continue
                done += 1
                if (event := AGAIN.get(one.what)) is not None:
                    work.audit.append(now, event, "system", str(one.member), {"because": "journal"})
            work.audit.append(
                now,
                Event.ERASED_AGAIN,
                "system",
                "journal",
                {"known": len(unknown), "erased": done},
            )
            work.commit()
        return done
