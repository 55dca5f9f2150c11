"""Figures as JSON. A count and a share are numbers with their status, so that `0`, “not measured” and “suppressed” are
never taken for one another."""

from typing import Any

from stile.domain.disclosure import LEAST, NotMeasured, Shown, Suppressed
from stile.domain.figures import Estimate, Figure, Figures, Rate, Share
from stile.domain.member_groups import SHARES, GroupFigures, GroupMeasure
from stile.domain.waits import Quantile, Row

COUNTED, NOT_MEASURED, SUPPRESSED = "counted", "not measured", "suppressed"


def figures_json(one: Figures) -> dict[str, Any]:
    return {
        "centre": None if one.centre is None else {"id": str(one.centre), "name": one.place},
        "period": {
            "key": one.period.key,
            "first": one.period.first.isoformat(),
            "last": one.period.last.isoformat(),
        },
        "figures": [_figure(figure) for figure in one],
        "waits": [wait_json(row) for row in one.waits],
        "limits": list(one.limits),
    }


def groups_json(one: GroupFigures) -> dict[str, Any]:
    """By group: each count, and each share of the other that it is compared by."""
    return {
        "period": {
            "key": one.period.key,
            "first": one.period.first.isoformat(),
            "last": one.period.last.isoformat(),
        },
        "groups": [
            {
                "group": group,
                "counts": [
                    {"measure": measure.value, "count": count_json(one.count(measure, group))}
                    for measure in GroupMeasure
                ],
                "shares": [
                    {
                        "measure": measure.value,
                        "of": of.value,
                        "rate": rate_json(one.rate(measure, of, group)),
                    }
                    for measure, of in SHARES
                ],
            }
            for group in one.groups
        ],
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "measure": one.measure.value,
        "basis": one.basis.value,
        "count": count_json(one.count),
        "shares": [_share(share) for share in one.shares],
    }


def _share(one: Share) -> dict[str, Any]:
    return {"of": one.of.value, "trials": count_json(one.trials), "rate": rate_json(one.rate)}


def count_json(one: Shown) -> dict[str, Any]:
    return {"status": status(one), "value": one if isinstance(one, int) else None, "because": because(one)}


def rate_json(one: Rate) -> dict[str, Any]:
    if isinstance(one, Estimate):
        return {
            "status": COUNTED,
            "value": one.value,
            "lower": one.interval.lower,
            "upper": one.interval.upper,
            "interval": one.by.value,
            "because": None,
        }
    return {
        "status": status(one),
        "value": None,
        "lower": None,
        "upper": None,
        "interval": None,
        "because": because(one),
    }


def status(one: Shown | Rate) -> str:
    if isinstance(one, NotMeasured):
        return NOT_MEASURED
    return SUPPRESSED if isinstance(one, Suppressed) else COUNTED


def because(one: Shown | Rate) -> str | None:
    return one.because.value if isinstance(one, NotMeasured | Suppressed) else None


def wait_json(row: Row) -> dict[str, Any]:
    """Milliseconds. Fewer than `LEAST` waits are people, not a distribution: their quantiles are not shown."""
    return {
        "way": row.method.value,
        "passages": row.passages,
        "turned_away": row.turned_away.errors,
        "by_membership": row.by_membership.errors,
        "to_decision": _quantiles(row.waits, row.median, row.ninth),
        "to_door": _quantiles(row.door_waits, row.door_median, row.door_ninth),
    }


def wait_status(waits: int) -> str:
    if not waits:
        return NOT_MEASURED
    return SUPPRESSED if waits < LEAST else COUNTED


def _quantiles(waits: int, median: Quantile | None, ninth: Quantile | None) -> dict[str, Any]:
    told = wait_status(waits)
    shown = told == COUNTED
    return {
        "status": told,
        "timed": waits,
        "median_ms": median.value if shown and median else None,
        "ninth_decile_ms": ninth.value if shown and ninth else None,
    }
