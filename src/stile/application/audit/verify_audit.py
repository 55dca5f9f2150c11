"""Whether the audit log is what was written: every entry, its place, the signed checkpoints, and the records that
entries were made about. What is not is named. Reads one moment of the store, and changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from stile.application.audit.bound_records import BoundRecords
from stile.domain.audit_check import AsRead, Check, Finding, Unreadable, Wrong
from stile.domain.checkpoint import Checkpoint, Head, key_hash, notes_in
from stile.domain.errors import NotConfigured, WrongValue
from stile.ports import AuditTrails, CheckpointFile, Signer, TimeStamps

Progress = Callable[[int, int], None]
"""How many entries are done, of about how many."""

TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Verified:
    """`head`: the newest signed head that the log gives; `after`: how many entries came after it, which rest on the
    chain alone. `remarks`: what is as it should be, and worth knowing."""

    entries: int
    findings: Sequence[Finding]
    remarks: Sequence[str]
    head: Head | None
    after: int

    @property
    def holds(self) -> bool:
        return not self.findings


@dataclass(slots=True)
class Notes:
    """Checkpoints out of several places, each checked for its signature."""

    signer: Signer
    public: bytes | None
    heads: dict[str, Head] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def take(self, note: object, size: object, where: str) -> None:
        """`size`: what it should say by its row; None where nothing says so."""
        named = f"the checkpoint over {size} entries" if isinstance(size, int) else "a checkpoint"
        try:
            read = Checkpoint.read(note if isinstance(note, str) else "")
        except (WrongValue, UnicodeError):
            return self._wrong(f"{named} in {where} is not what was written")
        if size is not None and read.head.size != size:
            return self._wrong(f"{named} in {where} stands with another number than {read.head.size}")
        if self.public is not None:
            if read.key != key_hash(read.head.origin, self.public):
                return self._wrong(f"{named} in {where} was signed with another key, or changed")
            if not self.signer.holds(self.public, read.signature, read.head.text.encode()):
                return self._wrong(f"{named} in {where} was changed: its signature does not hold")
        self.heads[read.note] = read.head
        return None

    def stamp(self, size: object, authority: object, response: object, stamps: TimeStamps) -> None:
        """A time stamp of the checkpoint over `size` entries, which was taken before."""
        note = next((note for note, head in self.heads.items() if head.size == size), None)
        named = f"the time stamp of the checkpoint over {size} entries by {authority}"
        if note is None:
            return self._wrong(f"{named} is of none that holds")
        try:
            stamps.time_in(response if isinstance(response, bytes) else b"", note.encode())
        except WrongValue as error:
            return self._wrong(f"{named} does not hold: {error}")
        return None

    def _wrong(self, what: str) -> None:
        self.findings.append(Finding(Wrong.CHECKPOINT_CHANGED, None, None, what))


class VerifyAudit:
    def __init__(self, trails: AuditTrails, signer: Signer, file: CheckpointFile, stamps: TimeStamps) -> None:
        self._trails, self._signer, self._file, self._stamps = trails, signer, file, stamps

    def run(self, progress: Progress | None = None, kept: str = "", public: bytes | None = None) -> Verified:
        """`kept`: checkpoints that were kept elsewhere, as text. `public`: the key as it was noted elsewhere; without
        it the one that lies beside the database. Neither the log nor the key can vouch for themselves to somebody who
        fears whoever holds both."""
        public = public if public is not None else self._public()
        with self._trails.trail() as trail:
            table, file = Notes(self._signer, public), Notes(self._signer, public)
            for row in trail.checkpoints():
                if isinstance(row, Unreadable):
                    what = f"checkpoints in the database cannot be read: {row.why}"
                    table.findings.append(Finding(Wrong.UNREADABLE, None, None, what))
                else:
                    table.take(row[1], row[0], "the database")
            for stamp in trail.stamps():
                if isinstance(stamp, Unreadable):
                    what = f"time stamps in the database cannot be read: {stamp.why}"
                    table.findings.append(Finding(Wrong.UNREADABLE, None, None, what))
                else:
                    table.stamp(*stamp, self._stamps)
            for note in notes_in(self._file.read()):
                file.take(note, None, "the file beside the database")
            for note in notes_in(kept):
                file.take(note, None, "what was kept elsewhere")
            heads = {**table.heads, **file.heads}
            count = trail.count()
            records = BoundRecords(trail)
            checking = Check(list(heads.values()), most=2 * count + 1_000, sound=records.see)
            _feed(checking, trail.entries(), count, progress)
            checking.last()  # it may be the one that says that a backup was restored
            damage = trail.damage()
            heads_after = _of_this_life(heads, records.restored)
            checking.heads = list(heads_after.values())
            findings = [*checking.end(damage), *records.end(), *table.findings, *file.findings]
        findings += _on_one_side(table.heads, file.heads, heads_after, records.restored)
        if damage and not any(one.wrong is not Wrong.RECORD_MISSING for one in findings):
            findings.append(
                Finding(
                    Wrong.DATABASE_DAMAGED,
                    None,
                    None,
                    f"the database file is damaged where the audit log lies, and every entry still reads: {damage[0]}",
                )
            )
        head = checking.agreed()
        remarks = [*records.remarks, *self._remarks(public, heads)]
        return Verified(checking.size, findings, remarks, head, checking.size - (head.size if head else 0))

    def _public(self) -> bytes | None:
        try:
            return self._signer.public
        except NotConfigured:
            return None

    def _remarks(self, public: bytes | None, heads: dict[str, Head]) -> Iterable[str]:
        if heads and public is None:
            yield "The key of the checkpoints is not here: their signatures were not checked."
        if not heads:
            yield "Nothing was signed yet: an end that was cut off would not show. Run `stile audit checkpoint`."


def _feed(
    checking: Check, rows: Iterable[AsRead | Unreadable], count: int, progress: Progress | None
) -> None:
    for done, row in enumerate(rows, 1):
        if isinstance(row, Unreadable):
            checking.unreadable(row)
        else:
            checking.see(row)
        if progress is not None and done % TOLD_EVERY == 0:
            progress(done, max(count, done))


def _of_this_life(heads: dict[str, Head], restored: Sequence[tuple[int, int]]) -> dict[str, Head]:
    """Without those that a restored backup lawfully left behind: signed before the restore, over more entries than the
    backup had."""
    return {
        note: head
        for note, head in heads.items()
        if not any(
            head.size >= position and head.at.timestamp() * 1_000_000 < at for position, at in restored
        )
    }


def _on_one_side(
    table: dict[str, Head],
    file: dict[str, Head],
    wanted: dict[str, Head],
    restored: Sequence[tuple[int, int]],
) -> Iterable[Finding]:
    newest = max((position for position, _ in restored), default=0)
    for note, head in wanted.items():
        if note not in table:
            where = "is in the file, and not in the database"
        elif (
            note not in file and head.size >= newest
        ):  # a backup may have been restored beside another file, or none
            where = "is in the database, and not in the file beside it"
        else:
            continue
        what = f"the checkpoint over {head.size} entries {where}"
        yield Finding(Wrong.CHECKPOINT_MISSING, None, None, what)
