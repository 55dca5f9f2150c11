"""Entries about passages, consents and adjudications carry the record's digest: the records are held against them.

The rule for what is gone: a passage may be missing when a later entry says that the retention rules were applied to
passages from after its time, and no more may be missing than such entries count; an adjudication goes with its passage;
a consent may be missing when the rules were applied to ended consents from after its time. What an erased member's
consents say is not asked any more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from stile.domain.audit import Event, Fact
from stile.domain.audit_check import AsRead, Finding, Wrong
from stile.domain.checkpoint import Kind
from stile.domain.retention import Subject
from stile.ports import AuditTrail

AT_ONCE = 500

ABOUT = {
    Event.PASSAGE_RECORDED.value: Kind.PASSAGE,
    Event.CONSENT_GIVEN.value: Kind.CONSENT,
    Event.PASSAGE_ADJUDICATED.value: Kind.ADJUDICATION,
}
RULE = {
    Kind.PASSAGE: Subject.PASSAGES,
    Kind.ADJUDICATION: Subject.PASSAGES,
    Kind.CONSENT: Subject.ENDED_CONSENTS,
}


@dataclass(frozen=True, slots=True)
class Bound:
    position: int
    at: int
    id: UUID
    digest: str
    actor: str


@dataclass(slots=True)
class BoundRecords:
    trail: AuditTrail
    findings: list[Finding] = field(default_factory=list)
    restored: list[tuple[int, int]] = field(default_factory=list)
    """Position and time of each restored backup."""
    _waiting: dict[Kind, list[Bound]] = field(default_factory=dict)
    _gone: dict[Kind, list[Bound]] = field(default_factory=dict)
    _swept: dict[str, tuple[int, int]] = field(default_factory=dict)
    _erased: set[str] = field(default_factory=set)

    def see(self, position: int, row: AsRead) -> None:
        """An entry that holds, in order."""
        event, subject, at = str(row.event), str(row.subject), row.at
        assert isinstance(at, int)
        if event in ABOUT:
            self._wait(ABOUT[event], position, at, subject, row)
        elif event == Event.RETENTION_APPLIED:
            self._sweep(subject, _facts(row))
        elif event == Event.MEMBER_ERASED:
            self._erased.add(subject)
        elif event == Event.BACKUP_RESTORED:
            self.restored.append((position, at))

    def end(self) -> list[Finding]:
        for kind in list(self._waiting):
            self._ask(kind)
        for kind, gone in self._gone.items():
            self.findings += self._unlawful(kind, gone)
        return self.findings

    @property
    def remarks(self) -> Iterable[str]:
        for position, at in self.restored:
            when = datetime.fromtimestamp(at / 1_000_000, UTC)
            yield (
                f"A backup was restored on {when:%d %B %Y at %H:%M} UTC (entry {position}): what was written between"
                " that backup and the restore is not in this log."
            )

    def _wait(self, kind: Kind, position: int, at: int, subject: str, row: AsRead) -> None:
        facts = _facts(row)
        digest, named = facts.get("record"), facts.get("adjudication", subject)
        if not isinstance(digest, str):
            return  # from before records were bound
        try:
            id = UUID(str(named))
        except ValueError:
            return
        waiting = self._waiting.setdefault(kind, [])
        waiting.append(Bound(position, at, id, digest, str(row.actor)))
        if len(waiting) >= AT_ONCE:
            self._ask(kind)

    def _ask(self, kind: Kind) -> None:
        waiting = self._waiting.pop(kind)
        found = self.trail.records(kind, [one.id for one in waiting])
        for one in waiting:
            if one.id not in found:
                self._gone.setdefault(kind, []).append(one)
            elif found[one.id] != one.digest and not (kind is Kind.CONSENT and one.actor in self._erased):
                state = "was changed since" if found[one.id] else "cannot be read"
                self._say(Wrong.RECORD_CHANGED, one, f"is about the {kind} {one.id}, which {state}")

    def _sweep(self, subject: str, facts: dict[str, Fact]) -> None:
        count, until = self._swept.get(subject, (0, 0))
        gone, cut_off = facts.get("count"), facts.get("cut off")
        try:
            to = int(datetime.fromisoformat(str(cut_off)).timestamp() * 1_000_000)
        except ValueError:
            return
        self._swept[subject] = (count + (gone if isinstance(gone, int) else 0), max(until, to))

    def _unlawful(self, kind: Kind, gone: list[Bound]) -> Iterable[Finding]:
        count, until = self._swept.get(RULE[kind], (0, 0))
        for one in gone:
            if one.at >= until and not (kind is Kind.CONSENT and one.actor in self._erased):
                what = (
                    f"is about the {kind} {one.id}, which is gone, and no entry says that its time was over"
                )
                yield Finding(Wrong.RECORD_MISSING, one.position, one.position, what)
        if kind is Kind.PASSAGE and len(gone) > count and any(one.at < until for one in gone):
            what = f"{len(gone)} passages are gone, and the log accounts for {count}"
            yield Finding(Wrong.RECORD_MISSING, None, None, what)

    def _say(self, wrong: Wrong, one: Bound, what: str) -> None:
        self.findings.append(Finding(wrong, one.position, one.position, what))


def _facts(row: AsRead) -> dict[str, Fact]:
    try:
        read = json.loads(str(row.facts))
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
