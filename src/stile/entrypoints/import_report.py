"""What an import did, or would do, as plain values: for the console, for `--json` and for the file that is put beside
an imported one. Names no member and repeats nothing of a line."""

from dataclasses import asdict
from typing import Any

from stile.application.import_members import Imported, Plan

MOST_ERRORS = 1_000
"""Shown one by one; a file with more has one mistake all over."""


def of_plan(plan: Plan) -> dict[str, Any]:
    delta = plan.delta
    return {
        "sha256": plan.sha256,
        "lines": plan.rows,
        "added": delta.added,
        "changed": delta.changed,
        "fields": dict(sorted(delta.fields.items())),
        "unchanged": delta.unchanged,
        "lapsed": delta.lapsed,
        "wrong": len(delta.errors),
        "errors": [asdict(one) for one in delta.errors[:MOST_ERRORS]],
        "columns": list(plan.fields),
        "ignored_columns": list(plan.ignored),
        "refused": plan.refused,
        "imported": False,
    }


def of_import(done: Imported) -> dict[str, Any]:
    told = {
        "imported": True,
        "import": str(done.record.id) if done.record else None,
        "left": done.left,
    }
    return of_plan(done.plan) | told
