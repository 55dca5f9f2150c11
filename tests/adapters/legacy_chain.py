"""The audit log of the first version: a chain of digests, and no tree."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

from stile.domain import merkle
from stile.domain.audit import GENESIS, Event, microseconds
from stile.domain.audit_check import AsRead
from tests.domain.builders import NOW


def rows_of_the_first_version(count: int) -> list[dict[str, object]]:
    """As that version wrote them: `at` is a datetime."""
    rows: list[dict[str, object]] = []
    previous = GENESIS
    for position in range(1, count + 1):
        at = NOW + timedelta(seconds=position)
        event, subject, detail = Event.MEMBER_ADDED.value, f"id-{position}", {"n": position}
        record = [position, at.isoformat(), event, "system", subject, detail, previous]
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        rows.append(
            {
                "position": position,
                "at": at,
                "event": event,
                "actor": "system",
                "subject": subject,
                "detail": json.dumps(detail),
                "previous": previous,
                "digest": digest,
            }
        )
        previous = digest
    return rows


def chained(count: int) -> list[AsRead]:
    """The same after the fourth migration."""
    nodes: dict[tuple[int, int], bytes] = {}
    made = []
    for place, row in enumerate(rows_of_the_first_version(count)):
        bare = AsRead(
            position=place + 1,
            at=microseconds(row["at"]),  # type: ignore[arg-type]
            event=row["event"],
            actor=row["actor"],
            subject=row["subject"],
            facts=row["detail"],
            previous=row["previous"],
            chained=row["digest"],
            leaf=None,
            nodes=None,
        )
        leaf = bare.hashed()
        assert leaf is not None
        nodes[0, place] = leaf
        above = merkle.completes(place, leaf, lambda level, index: nodes[level, index])
        for level, hashed in enumerate(above, 1):
            nodes[level, place >> level] = hashed
        made.append(replace(bare, leaf=leaf, nodes=b"".join(above)))
    return made
