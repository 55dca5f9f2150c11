"""The head of the audit log is signed from time to time, and kept in the database and in a file beside it. Whoever
writes the log anew afterwards cannot make what was signed fit.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from stile.domain.checkpoint import Checkpoint, Head, Stamp, key_hash, verifier_key
from stile.domain.errors import CannotRecord, Conflict, NotFound
from stile.ports import CheckpointFile, Clock, Signer, Store, TimeStamps, UnitOfWork


@dataclass(frozen=True, slots=True)
class When:
    """A checkpoint is due after so many entries, or after so long with any new entry."""

    entries: int
    after: timedelta


class Checkpoints:
    def __init__(
        self,
        store: Store,
        signer: Signer,
        file: CheckpointFile,
        clock: Clock,
        when: When,
        stamps: TimeStamps | None = None,
    ) -> None:
        self._store, self._signer, self._file, self._clock = store, signer, file, clock
        self._when, self._stamps = when, stamps

    def make(self) -> Checkpoint:
        """Signs the head as it is now; the latest one, when nothing was added since.

        Raises NotFound for a log without entries, NotConfigured when the key is lost, CannotRecord when the database or
        the file cannot be written.
        """
        with self._store.begin() as work:
            made, is_new = self._sign(work)
            if is_new:
                work.commit()
        if made.note not in self._file.read():
            self._file.append(f"{made.note}\n")
        return made

    def keep_current(self) -> Checkpoint | None:
        """What the serving process calls from time to time: signs when it is due, and asks for the time stamp of the
        latest checkpoint if it has none."""
        made = self.make() if self._is_due() else None
        if self._stamps is not None:
            self.stamp()
        return made

    def stamp(self) -> Stamp | None:
        """The authority's word on the latest checkpoint; None when it has one, or no authority is in the settings.
        Raises CannotRecord when the authority does not give one."""
        if self._stamps is None:
            return None
        with self._store.read() as work:
            latest = work.checkpoints.latest()
            known = {(one.size, one.authority) for one in work.checkpoints.stamps()}
        if latest is None or (latest.head.size, self._stamps.authority) in known:
            return None
        response = self._stamps.stamp(latest.note.encode())
        at = self._stamps.time_in(response, latest.note.encode())
        given = Stamp(latest.head.size, self._stamps.authority, at, response)
        with self._store.begin() as work, suppress(Conflict):  # another program was first
            work.checkpoints.add_stamp(given)
            work.commit()
        return given

    def latest(self) -> Checkpoint | None:
        with self._store.read() as work:
            return work.checkpoints.latest()

    def stamps(self) -> list[Stamp]:
        with self._store.read() as work:
            return list(work.checkpoints.stamps())

    @property
    def public_line(self) -> str:
        """The public key, as C2SP's tools take it. Raises NotConfigured when there is none yet."""
        return verifier_key(self.name, self._signer.public)

    @property
    def name(self) -> str:
        with self._store.read() as work:
            return _name(work)

    def _is_due(self) -> bool:
        with self._store.read() as work:
            size, _ = work.audit.root()
            latest = work.checkpoints.latest()
        if latest is None:
            return size > 0
        added = size - latest.head.size
        return added >= self._when.entries or (
            added > 0 and self._clock.now() - latest.head.at >= self._when.after
        )

    def _sign(self, work: UnitOfWork) -> tuple[Checkpoint, bool]:
        size, root = work.audit.root()
        latest = work.checkpoints.latest()
        if latest is None:
            self._signer.make()
        elif latest.head.size == size:
            return latest, False
        elif latest.head.size > size:
            raise CannotRecord(
                f"the log was signed with {latest.head.size} entries and has {size}: run `stile audit verify`"
            )
        if size == 0:
            raise NotFound("There is nothing in the audit log yet.")
        head = Head(_name(work), size, root, self._clock.now().replace(microsecond=0))
        signature = self._signer.sign(head.text.encode())
        made = Checkpoint(head, key_hash(head.origin, self._signer.public), signature)
        work.checkpoints.add(made)
        return made, True


def _name(work: UnitOfWork) -> str:
    operator = work.operators.only()
    return f"stile/{operator.id}" if operator is not None else "stile/unnamed"
