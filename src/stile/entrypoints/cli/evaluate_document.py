"""What `stile evaluate recognition` gives to a program: one document, whose keys stay as they are."""

from dataclasses import fields
from typing import Any

from stile.application.evaluation.evaluate import Evaluation
from stile.application.evaluation.people import Plan
from stile.domain.intervals import Interval
from stile.entrypoints.cli.photographs import LeftOut


def document_of(found: Evaluation, left_out: LeftOut, plan: Plan, seconds: float) -> dict[str, Any]:
    return {
        "results": [_plain(row) for row in found.results],
        "fte": found.fte,
        "fte_ci": _value(found.fte_ci),
        "fta": found.fta,
        "fta_ci": _value(found.fta_ci),
        "people": found.people,
        "images": found.images + len(left_out.unread) + len(left_out.copies),
        "unreadable": len(left_out.unread),
        "copies": len(left_out.copies),
        "came_with_enough": found.came,
        "members": found.enrolled,
        "refused_at_enrolment": {
            str(flaw): count for flaw, count in sorted(found.refused_at_enrolment.items())
        },
        "refused_at_lane": {str(flaw): count for flaw, count in sorted(found.refused_at_lane.items())},
        "rates": [_plain(row) for row in found.rates],
        "groups": None
        if found.groups is None
        else {
            "threshold": found.groups.threshold,
            "rows": [_plain(row) for row in found.groups.rows],
            "fmr_worst_over_geometric_mean": found.groups.fmr_ratio,
            "fnmr_worst_over_geometric_mean": found.groups.fnmr_ratio,
        },
        "suspects": [_plain(pair) for pair in found.suspects],
        "limits": list(found.limits),
        "seed": plan.seed,
        "seconds": round(seconds, 1),
    }


def _plain(row: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(row, field.name)) for field in fields(row)}


def _value(value: Any) -> Any:
    if isinstance(value, Interval):
        return [value.lower, value.upper]
    return list(value) if isinstance(value, list | tuple) else value
