"""The register grows: an entry, its audit entry, one transaction. It is read as of a day."""

from collections.abc import Callable, Sequence
from datetime import date

from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import Entry, Fact, Register, too_soon
from stile.domain.register_json import kind_of
from stile.ports import Chance, Clock, Store


class Registering:
    def __init__(
        self, store: Store, clock: Clock, chance: Chance, grown: Callable[[], object] = lambda: None
    ) -> None:
        """`grown` is called after each entry (law 5 is looked at again)."""
        self._store, self._clock, self._chance, self._grown = store, clock, chance, grown

    def add(
        self,
        fact: Fact,
        source: str,
        actor: str,
        at: date | None = None,
        replaces: EntryId | None = None,
    ) -> Entry:
        """`at`: the day that the fact stands for, today where it is not given.

        Raises WrongValue without a source or of what lies after its day, NotFound or Conflict for an entry that it
        cannot replace.
        """
        [entry] = self.add_all([fact], source, actor, at, replaces)
        return entry

    def add_all(
        self,
        facts: Sequence[Fact],
        source: str,
        actor: str,
        at: date | None = None,
        replaces: EntryId | None = None,
    ) -> Sequence[Entry]:
        """Facts that belong together, each an entry of its own: all of them or none. `replaces`: what the first one
        corrects."""
        now, day = self._clock.now(), at or self._clock.today()
        if any(too_soon(fact, day) for fact in facts):
            raise WrongValue(
                f"An entry of {day.isoformat()} cannot say what happened, or did not, after that day."
            )
        entries = [
            Entry(
                EntryId(self._chance.new_id()),
                day,
                source.strip(),
                now,
                actor,
                fact,
                None if n else replaces,
            )
            for n, fact in enumerate(facts)
        ]
        with self._store.begin() as work:
            for entry in entries:
                work.register.add(entry)
                detail = {
                    "kind": kind_of(entry.fact),
                    "replaces": str(entry.replaces) if entry.replaces else None,
                }
                work.audit.append(now, Event.REGISTER_ENTERED, actor, str(entry.id), detail)
            work.commit()
        self._grown()
        return entries

    def as_of(self, day: date | None = None) -> Register:
        """What stood on that day; today where none is given."""
        with self._store.read() as work:
            return Register.as_of(work.register.all(), day or self._clock.today())

    def history(self) -> Sequence[Entry]:
        """Every entry, also those that were replaced, newest first."""
        with self._store.read() as work:
            return work.register.all()[::-1]

    def entry(self, id: EntryId) -> Entry:
        """Raises NotFound."""
        with self._store.read() as work:
            found = work.register.get(id)
        if found is None:
            raise NotFound("There is no such entry in the register.")
        return found
