"""Law 5: a lane's face mode opens only when the register is complete for its centre, and nobody is enrolled before what
makes the enrolment lawful stands there.

What is missing is worked out from the whole register, and kept: it is asked on the frame's path, where only today's
date is compared. It is worked out again when the register grew, here or by another program, and when the day turns: a
review that was due yesterday closes the lane today, and an entry of a later day opens it on that day.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock

from stile.domain.errors import NotAllowed, StileError
from stile.domain.ids import CentreId
from stile.domain.register import Entry, Missing, Register, SignOff, missing, missing_to_enrol
from stile.ports import Clock, Store

REVIEW_SOON = timedelta(days=28)
"""Before the review is due, from which on the staff are told that the lanes will close."""


def key_of(centre: CentreId) -> str:
    """The key of a centre's own deployment in the register."""
    return str(centre)


@dataclass(frozen=True, slots=True)
class _Known:
    """The register as it was read, and what it says on one day. `lacks` fills as centres are asked for."""

    entries: Sequence[Entry]
    day: date
    register: Register
    lacks: dict[CentreId, Sequence[Missing]] = field(default_factory=dict)

    @classmethod
    def on(cls, entries: Sequence[Entry], day: date) -> "_Known":
        return cls(entries, day, Register.as_of(entries, day))

    def of(self, centre: CentreId) -> Sequence[Missing]:
        found = self.lacks.get(centre)
        if found is None:
            found = self.lacks[centre] = tuple(missing(self.register, key_of(centre), self.day))
        return found


class GoLive:
    """Any thread may ask."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._reading, self._swapping = Lock(), Lock()
        self._known = _Known.on((), clock.today())
        self.follow()

    def is_open(self, centre: CentreId) -> bool:
        """Whether lanes of this centre may look at faces today. In memory; microseconds."""
        return not self.lacks(centre)

    def lacks(self, centre: CentreId) -> Sequence[Missing]:
        """What is missing before they may; empty when nothing is. In memory."""
        return self._now().of(centre)

    def may_enrol(self, centre: CentreId) -> bool:
        """Whether members of this centre may be enrolled today. In memory."""
        known = self._now()
        return not missing_to_enrol(known.register, key_of(centre), known.day)

    def check_enrolment(self, centre: CentreId) -> None:
        """Raises NotAllowed where they may not."""
        if not self.may_enrol(centre):
            raise NotAllowed(
                "Nobody can be enrolled before the register is complete: `stile register missing` lists what it lacks."
            )

    def review_on(self, centre: CentreId) -> date | None:
        """The last day on which its lanes stay open unless the assessment is reviewed; None without a sign-off. In
        memory."""
        entry = self._now().register.sign_off(key_of(centre))
        return entry.fact.review_on if entry and isinstance(entry.fact, SignOff) else None

    def closes_soon(self, centre: CentreId) -> date | None:
        """The last day on which they stay open, where it is near. In memory."""
        last = self.review_on(centre)
        near = last is not None and self.is_open(centre) and last - self._clock.today() < REVIEW_SOON
        return last if near else None

    def follow(self) -> bool:
        """Reads the register again where it grew; whether it did. Cheap where it did not: call it every second."""
        # One at a time: or a slow reader would put back what stood before a quicker one's entries.
        with self._reading:
            with self._store.read() as work:
                # Entries are never changed or deleted (the database refuses it), so their number is their version.
                if work.register.count() == len(self._known.entries):
                    return False
                entries = work.register.all()
            fresh = _Known.on(entries, self._clock.today())
            with self._swapping:
                self._known = fresh
        return True

    def look_again(self) -> None:
        """After an entry was made here. What cannot be read now is read within a second by whoever serves; the entry
        itself is durable, and must not look as if it had failed."""
        with suppress(StileError):
            self.follow()

    def _now(self) -> _Known:
        known, today = self._known, self._clock.today()
        return known if known.day == today else self._turn(known, today)

    def _turn(self, old: _Known, today: date) -> _Known:
        """The same entries on another day; no storage is asked."""
        fresh = _Known.on(old.entries, today)
        with self._swapping:
            if self._known is old:  # else the register was read meanwhile, and that one stands
                self._known = fresh
        return fresh
