"""Members come from a file of the leisure-management system.

Everything is prepared outside the store: read, compared with a snapshot, laid down in short transactions that change
nobody. Then the import is decided, in one transaction with its audit entry, and from there on it is carried out to
its end, after a crash as well. It is carried out in short transactions, because the lanes wait for the one write lock
(decision 0017): each member is changed whole, and what fits into one such transaction is decided and carried out in it.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from stile.application.member_file import Mapped, open_file
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member
from stile.domain.member_import import Change, Delta, LineError, delta_of
from stile.ports import Chance, Clock, Contacts, ImportRecord, Store, UnitOfWork

AT_ONCE = 125
"""Members written in the first transaction of a large import; those after it follow how long they held the lock."""
FEWEST, MOST = 50, 500
HOLDS = 0.04
"""Seconds that a transaction of a large import may hold the lock that the lanes wait for: see decision 0017."""
ALTOGETHER = 500
"""Changes that are decided and written in one transaction: what a day brings, mostly."""
PAUSE = 0.5
"""After each transaction the lock is left alone for this part of the time that it was held, so that a lane that waits
comes in: a lane in another process asks for it every two milliseconds."""
LEAST_PAUSE = 0.01
UNDECIDED_FOR = timedelta(hours=1)
"""What was laid down and not decided for so long never will be."""

Tick = Callable[[str, int, int], None]
"""Told the stage, how many are done and how many there are."""


def _quiet(stage: str, done: int, of: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Wanted:
    """`centre`: home of who is not given one by the file. `strict`: one wrong line, and nothing is imported.
    `lapse_many`: it is meant that so many vanish. `source`: how the file came, in plain words."""

    content: bytes
    centre: CentreId
    mapped: Mapped = field(default_factory=Mapped)
    strict: bool = False
    lapse_many: bool = False
    source: str = "command"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `refused`: why it will not be carried out as it is wanted; None when it can be."""

    wanted: Wanted
    sha256: str
    rows: int
    delta: Delta
    fields: tuple[str, ...]
    ignored: tuple[str, ...]
    refused: str | None

    @property
    def errors(self) -> Sequence[LineError]:
        return self.delta.errors

    @property
    def changes_nothing(self) -> bool:
        return not self.delta.changes


@dataclass(frozen=True, slots=True)
class Imported:
    """`record`: None when nothing was to be changed. `left`: members who were changed by somebody else meanwhile and
    stayed as they are; the next import finds them."""

    plan: Plan
    record: ImportRecord | None
    left: int = 0


class ImportMembers:
    def __init__(
        self,
        store: Store,
        contacts: Contacts,
        clock: Clock,
        chance: Chance,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store, self._contacts, self._clock, self._chance = store, contacts, clock, chance
        self._rest, self._took = rest, 0.0

    def plan(self, wanted: Wanted, tick: Tick = _quiet) -> Plan:
        """Reads and compares; writes nothing. Raises WrongValue for what is no member file."""
        with self._store.read() as work:
            centres = {one.name: one.id for one in work.centres.all()}
        lines = open_file(wanted.content, wanted.mapped, wanted.mapped.reading(self._contacts, centres))
        found = lines.read(lambda done: tick("Reading", done, max(done, lines.size)))
        tick("Comparing", 0, len(found))
        delta = delta_of(
            list(self._stored()),
            found,
            frozenset(lines.bad_numbers),
            home=wanted.centre,
            new_id=lambda: MemberId(self._chance.new_id()),
            now=self._clock.now(),
            today=self._clock.today(),
        )
        delta.errors.extend(lines.errors)
        delta.errors.sort(key=lambda one: one.line)
        tick("Comparing", len(found), len(found))
        return Plan(
            wanted,
            wanted.sha256,
            lines.count,
            delta,
            lines.fields,
            lines.ignored,
            _refusal(wanted, delta, lines.count),
        )

    def run(self, wanted: Wanted, actor: str, tick: Tick = _quiet) -> Imported:
        """Plans and carries out. Raises NotAllowed when the plan is refused."""
        return self.carry_out(self.plan(wanted, tick), actor, tick)

    def carry_out(self, plan: Plan, actor: str, tick: Tick = _quiet) -> Imported:
        """Raises NotAllowed for a plan that is refused; CannotRecord when the store fails: what is decided by then is
        finished by `finish_what_is_left`."""
        if plan.refused is not None:
            raise NotAllowed(plan.refused)
        if plan.changes_nothing:
            return Imported(plan, None)
        delta, record = plan.delta, self._record(plan, actor)
        if len(delta.changes) <= max(ALTOGETHER, delta.together):
            with self._store.begin() as work:
                self._decide(work, record)
                left = work.imports.carry_out(record.id, 0, delta.changes)
                self._finish(work, record.id, left)
                work.commit()
            return Imported(plan, record, left)
        self._lay_down(record.id, delta.changes, tick)
        with self._store.begin() as work:
            self._decide(work, record)
            work.commit()
        return Imported(plan, record, self._carry_out(record.id, delta, tick))

    def finish_what_is_left(self, tick: Tick = _quiet) -> int:
        """Carries out what was decided and broken off, and lets go what never was decided. How many members that
        were. Call it when nothing else imports: at a start."""
        done = 0
        with self._store.read() as work:
            unfinished = work.imports.unfinished()
        for record in unfinished:
            left = 0
            while batch := self._left(record.id):
                with self._held() as work:
                    for place, change in batch:
                        left += work.imports.carry_out(record.id, place, [change])
                    work.commit()
                done += len(batch)
                tick("Finishing", done, done)
            with self._store.begin() as work:
                self._finish(work, record.id, left)
                work.commit()
        return done + self._sweep()

    # --- parts ---

    def _stored(self) -> Iterator[Member]:
        with self._store.read() as work:
            after = ""
            while page := work.members.page(after, 2_000):
                yield from page
                after = page[-1].number

    def _record(self, plan: Plan, actor: str) -> ImportRecord:
        delta = plan.delta
        return ImportRecord(
            self._chance.new_id(),
            plan.wanted.centre,
            self._clock.now(),
            actor,
            plan.wanted.source,
            plan.sha256,
            plan.rows,
            delta.added,
            delta.changed,
            delta.unchanged,
            delta.lapsed,
            len(delta.errors),
        )

    def _lay_down(self, id: UUID, changes: Sequence[Change], tick: Tick) -> None:
        self._sweep()
        for place, some in self._batches(changes, AT_ONCE):
            with self._held() as work:
                work.imports.lay_down(id, place, some)
                work.commit()
            tick("Laying down", place + len(some), len(changes))

    def _decide(self, work: UnitOfWork, record: ImportRecord) -> None:
        """From here on it is going to be done, whatever happens to this process."""
        work.imports.decide(record)
        counts = {
            name: getattr(record, name)
            for name in ("rows", "added", "changed", "unchanged", "lapsed", "errors", "sha256", "source")
        }
        work.audit.append(record.at, Event.MEMBERS_IMPORTED, record.actor, str(record.id), counts)

    def _carry_out(self, id: UUID, delta: Delta, tick: Tick) -> int:
        left, changes = 0, delta.changes
        for place, some in self._batches(changes, max(delta.together, AT_ONCE)):
            with self._held() as work:
                left += work.imports.carry_out(id, place, some)
                work.commit()
            tick("Writing", place + len(some), len(changes))
        with self._store.begin() as work:
            self._finish(work, id, left)
            work.commit()
        return left

    def _batches(self, changes: Sequence[Change], size: int) -> Iterator[tuple[int, Sequence[Change]]]:
        """Each with its place. The first has `size`; those after it as many as fit into the time that the lock may be
        held, on this machine, now."""
        place, self._took = 0, 0.0
        while place < len(changes):
            yield place, changes[place : place + size]
            place += size
            size = max(FEWEST, min(MOST, int(size * min(2.0, HOLDS / self._took)) if self._took else AT_ONCE))

    def _finish(self, work: UnitOfWork, id: UUID, left: int) -> None:
        now = self._clock.now()
        work.imports.finish(id, now)
        work.audit.append(now, Event.IMPORT_FINISHED, "system", str(id), {"left": left})

    def _left(self, id: UUID) -> Sequence[tuple[int, Change]]:
        with self._store.read() as work:
            return work.imports.left(id, AT_ONCE)

    def _sweep(self) -> int:
        swept = 0
        while True:
            with self._held() as work:
                some = work.imports.sweep(self._clock.now() - UNDECIDED_FOR)
                work.commit()
            if not some:
                return swept
            swept += some

    @contextmanager
    def _held(self) -> Iterator[UnitOfWork]:
        """A transaction, and after it as long a rest: whoever waits for the lock comes in."""
        with self._store.begin() as work:
            started = self._clock.monotonic()
            yield work
        self._took = self._clock.monotonic() - started
        self._rest(max(LEAST_PAUSE, PAUSE * self._took))


def _refusal(wanted: Wanted, delta: Delta, rows: int) -> str | None:
    if not rows:
        return "The file has a heading and no lines. Nothing was imported."
    if wanted.strict and delta.errors:
        return f"{len(delta.errors):,} lines are wrong, and not one may be (strict). Nothing was imported."
    if delta.lapses_many and not wanted.lapse_many:
        return (
            f"{delta.lapsed:,} of {delta.could_lapse:,} members are not in the file and would lapse. If that is meant, "
            "say so. Nothing was imported."
        )
    return None
