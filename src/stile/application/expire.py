"""What is over goes: the rules of `stile.domain.retention`, applied in batches so small that no lane waits for one.

Each batch is one transaction, and takes what is over at that moment: a run that is cut off is simply gone on with.
Passages go with an audit entry that says how many went and from when they were, so that whoever verifies the log knows
that they went lawfully.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from stile.domain.audit import Event, Fact
from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.retention import RULES, Period, Rule, Subject, cut_off, in_force, rule_named
from stile.ports import Clock, Gallery, Store
from stile.ports.keeping import Run

LEAST, BATCH = 20, 500
"""Rows a transaction. How many it is between the two follows from how long the one before held the write lock."""
LONG, SHORT = 0.05, 0.02
"""Seconds of the write lock: above the one a batch is halved, below the other it is doubled."""
IN_THE_LOG = frozenset({Subject.PASSAGES, Subject.ENDED_CONSENTS, Subject.REQUESTS})
"""Records that the audit log speaks of: that they went lawfully must stand there, or their absence would show as a
deletion (`stile.application.audit.bound_records`)."""
SOON = timedelta(days=30)
LONGEST_INSIDE = timedelta(hours=24)
"""The most that `inside_hours` may say."""
ACTOR = "system"


@dataclass(frozen=True, slots=True)
class Due:
    """`days`: the period in force. `now`: how many go at the next run. `soon`: how many more within 30 days."""

    rule: Rule
    days: int
    cut_off: datetime
    now: int
    soon: int


@dataclass(frozen=True, slots=True)
class Gone:
    """What one batch took."""

    subject: Subject
    count: int


class Eraser(Protocol):
    """Who erases a member: `stile.application.erase_member`."""

    def one_of_many(self, member: MemberId, actor: str, because: str) -> object: ...


class Expire:
    def __init__(
        self,
        store: Store,
        gallery: Gallery | None,
        clock: Clock,
        erase: Eraser | None,
        afterwards: Callable[[], object],
    ) -> None:
        """`erase`: None where there are no members, at an authority. `afterwards` is called when templates went: the
        store is scrubbed, the journal of erasures follows."""
        self._store, self._gallery, self._clock = store, gallery, clock
        self._erase, self._afterwards = erase, afterwards
        self._batch = LEAST

    # --- periods ---

    def periods(self) -> dict[Subject, int]:
        with self._store.read() as work:
            return in_force(work.retention.chosen())

    def change(self, name: str, days: int, actor: str) -> Period:
        """Raises NotFound for a rule that there is not, WrongValue for a period outside its bounds."""
        rule, now = rule_named(name), self._clock.now()
        period = Period(rule.subject, days, actor, now)
        with self._store.begin() as work:
            before = in_force(work.retention.chosen())[rule.subject]
            work.retention.choose(period)
            work.audit.append(
                now, Event.RETENTION_CHANGED, actor, rule.subject, {"days": days, "before": before}
            )
            work.commit()
        return period

    def preview(self) -> list[Due]:
        """What goes at the next run and within 30 days, rule by rule. Changes nothing."""
        now, due = self._clock.now(), []
        with self._store.read() as work:
            for subject, days in in_force(work.retention.chosen()).items():
                at, later = cut_off(days, now), cut_off(days, now + SOON)
                over = work.retention.due(subject, at)
                due.append(Due(RULES[subject], days, at, over, work.retention.due(subject, later) - over))
        return due

    # --- the run ---

    def run(self, now: datetime | None = None) -> Iterator[Gone]:
        """One batch at each step, until nothing is over any more. Whoever steps decides on the pauses between."""
        now = now or self._clock.now()
        self._note_lapsed(now)
        self._forget_who_was_inside(now)
        total = 0
        for subject, days in self.periods().items():
            at, gone = cut_off(days, now), 0
            for count in self._batches(subject, at):
                gone += count
                yield Gone(subject, count)
            if gone:
                self._ran(Run(subject, at, now, gone))
            total += gone
        self._ran(Run(None, now, now, total))

    def last_run(self) -> datetime | None:
        """When the rules were last applied to their end."""
        with self._store.read() as work:
            return next((run.at for run in work.retention.runs(200) if run.subject is None), None)

    def _note_lapsed(self, now: datetime) -> None:
        while True:
            with self._store.begin() as work:
                noted = work.retention.note_lapsed(now, BATCH)
                work.commit()
            if noted < BATCH:
                return

    def _forget_who_was_inside(self, now: datetime) -> None:
        """They go as the next one comes in; where nobody does, or nothing asks for it any more, they go here."""
        with self._store.begin() as work:
            work.presences.forget(now - LONGEST_INSIDE)
            work.commit()

    def _batches(self, subject: Subject, at: datetime) -> Iterator[int]:
        if subject is Subject.LAPSED_TEMPLATES:
            yield from self._members(subject, at, self._end_consent)
        elif subject is Subject.LAPSED_MEMBERS:
            yield from self._members(subject, at, self._erase_member)
        else:
            while count := self._sweep(subject, at):
                yield count

    def _sweep(self, subject: Subject, at: datetime) -> int:
        with self._store.begin() as work:
            began = self._clock.monotonic()
            swept = work.retention.sweep(subject, at, self._batch)
            if swept.gone and subject in IN_THE_LOG:
                detail: dict[str, Fact] = {"count": swept.gone, "cut off": at.isoformat()}
                if swept.first is not None and swept.last is not None:
                    detail |= {"first": swept.first.isoformat(), "last": swept.last.isoformat()}
                work.audit.append(self._clock.now(), Event.RETENTION_APPLIED, ACTOR, subject, detail)
            work.commit()
        self._adapt(self._clock.monotonic() - began)
        return swept.gone

    def _adapt(self, held: float) -> None:
        if held > LONG:
            self._batch = max(LEAST, self._batch // 2)
        elif held < SHORT:
            self._batch = min(BATCH, self._batch * 2)

    def _members(self, subject: Subject, at: datetime, what: Callable[[MemberId], None]) -> Iterator[int]:
        """One member a transaction."""
        while True:
            with self._store.read() as work:
                members = work.retention.lapsed(subject, at, BATCH)
            for member in members:
                what(member)
                yield 1
            if members:
                self._afterwards()  # once for all of them: scrubbing holds the write lock for a while
            if len(members) < BATCH:
                return

    def _end_consent(self, member: MemberId) -> None:
        """The purpose of the consent is over: template and key are destroyed, as by a withdrawal."""
        now = self._clock.now()
        with self._store.begin() as work:
            templates = work.templates.erase(member)
            work.consents.withdraw(member, now)
            work.audit.append(now, Event.TEMPLATE_EXPIRED, ACTOR, str(member), {"templates": templates})
            work.commit()
        if self._gallery is not None:
            self._gallery.remove(member)

    def _erase_member(self, member: MemberId) -> None:
        if self._erase is None:
            return
        try:
            self._erase.one_of_many(member, ACTOR, "retention")
        except NotFound:  # somebody was quicker
            return

    def _ran(self, run: Run) -> None:
        with self._store.begin() as work:
            work.retention.ran(run)
            work.commit()
