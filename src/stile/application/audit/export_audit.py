"""The audit log in a file that an auditor can check without Stile: one JSON object a line, first the log's name and
public key, then the checkpoints and their time stamps, then every entry with its hashes. How it is checked stands in
`docs/how-to/check-the-audit-log.md`.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from stile.application.audit.checkpoints import Checkpoints
from stile.application.audit.verify_audit import Notes, Verified
from stile.domain.audit import EPOCH, AuditEntry, Event, microseconds
from stile.domain.audit_check import AsRead, Check, Finding, Wrong
from stile.domain.checkpoint import public_key
from stile.domain.errors import WrongValue
from stile.ports import Clock, Signer, Store, TimeStamps

FORMAT = "stile audit log 1"


class ExportAudit:
    def __init__(self, store: Store, checkpoints: Checkpoints, clock: Clock) -> None:
        self._store, self._checkpoints, self._clock = store, checkpoints, clock

    def lines(self, actor: str) -> Iterator[str]:
        """The file, line by line. The export is an entry itself, the last one, and covered by a checkpoint of its own.
        Raises what `Checkpoints.make` raises, when the first line is asked for."""
        with self._store.begin() as work:
            work.audit.append(self._clock.now(), Event.AUDIT_EXPORTED, actor, "audit log")
            work.commit()
        head = self._checkpoints.make().head
        yield _line("log", format=FORMAT, name=head.origin, public_key=self._checkpoints.public_line)
        with self._store.read() as work:
            for checkpoint in work.checkpoints.all():
                if checkpoint.head.size <= head.size:
                    yield _line("checkpoint", note=checkpoint.note)
            for stamp in work.checkpoints.stamps():
                response = base64.b64encode(stamp.response).decode()
                yield _line("time stamp", size=stamp.size, authority=stamp.authority, response=response)
            for entry in work.audit.entries():
                if entry.position <= head.size:
                    yield _entry(entry)


def _line(kind: str, **what: object) -> str:
    return json.dumps({"kind": kind, **what}, ensure_ascii=False) + "\n"


def _entry(entry: AuditEntry) -> str:
    return _line(
        "entry",
        position=entry.position,
        time=entry.at.isoformat(),
        microseconds=microseconds(entry.at),
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        detail=entry.facts,
        previous=entry.previous,
        chained=entry.chained,
        leaf=entry.leaf.hex(),
        nodes=entry.nodes.hex(),
    )


class VerifyExport:
    """Without the database: the file alone, and what was noted of the log elsewhere."""

    def __init__(self, signer: Signer, stamps: TimeStamps) -> None:
        self._signer, self._stamps = signer, stamps

    def run(self, lines: Iterable[str], public: bytes | None = None) -> Verified:
        """`public`: the key as it was noted elsewhere; without it the one in the file, which vouches for nothing but
        itself. Raises WrongValue for a file of another kind."""
        given = iter(lines)
        first = _object(next(given, ""))
        if first is None or first.get("format") != FORMAT:
            raise WrongValue("this file is no export of an audit log")
        remarks = []
        if public is None:
            remarks.append("The key was taken from the file itself: compare it with the one noted elsewhere.")
            _, public = public_key(str(first.get("public_key", "")))
        notes = Notes(self._signer, public)
        checking = Check()
        broken, findings = 0, list[Finding]()
        for text in given:
            line = _object(text)
            kind = line.get("kind") if line is not None else None
            if line is None or kind not in ("checkpoint", "time stamp", "entry"):
                broken += 1
            elif kind == "checkpoint":
                notes.take(line.get("note"), None, "the file")
                checking.heads = list(notes.heads.values())
            elif kind == "time stamp":
                response = _base64(line.get("response"))
                notes.stamp(line.get("size"), line.get("authority"), response, self._stamps)
            elif kind == "entry":
                checking.see(_row(line))
                if line.get("time") != _time(line.get("microseconds")):
                    at = checking.size
                    findings.append(
                        Finding(Wrong.CHANGED, at, at, "shows another time than the one that is hashed")
                    )
        findings += [*checking.end(), *notes.findings]
        if broken:
            findings.append(
                Finding(Wrong.UNREADABLE, None, None, f"{broken} lines of the file cannot be read")
            )
        if not notes.heads:
            findings.append(
                Finding(Wrong.CHECKPOINT_MISSING, None, None, "the file has no checkpoint that holds")
            )
        head = checking.agreed()
        return Verified(checking.size, findings, remarks, head, checking.size - (head.size if head else 0))


def _object(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _row(line: dict[str, Any]) -> AsRead:
    return AsRead(
        position=line.get("position"),
        at=line.get("microseconds"),
        event=line.get("event"),
        actor=line.get("actor"),
        subject=line.get("subject"),
        facts=line.get("detail"),
        previous=line.get("previous"),
        chained=line.get("chained"),
        leaf=_bytes(line.get("leaf")),
        nodes=_bytes(line.get("nodes")),
    )


def _time(at: object) -> str | None:
    try:
        return (EPOCH + timedelta(microseconds=at)).isoformat() if isinstance(at, int) else None
    except OverflowError:
        return None


def _base64(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (ValueError, binascii.Error):
        return b""


def _bytes(text: object) -> bytes | None:
    try:
        return binascii.unhexlify(text) if isinstance(text, str) else None
    except (ValueError, binascii.Error):
        return None
