"""Versions of data protection impact assessments. The database refuses to change or delete one."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.dpia import Answer, Assessment, Effect, Level, Likelihood, Risk, Severity
from stile.domain.errors import Conflict
from stile.domain.register_json import to_json

assessment = tables.assessment
TAKEN = "Somebody saved another version of this assessment meanwhile. Please look again."


class SqlAssessments:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, assessment: Assessment) -> None:
        table = tables.assessment
        same = (table.c.deployment == assessment.deployment, table.c.n == assessment.n)
        if self._tx.one(select(table.c.n).where(*same)) is not None:
            raise Conflict(TAKEN)
        self._tx.add(
            table,
            {
                "deployment": assessment.deployment,
                "n": assessment.n,
                "at": assessment.at,
                "by": assessment.by,
                "answers": json.dumps(to_json(assessment.answers), ensure_ascii=False),
                "risks": json.dumps(to_json(assessment.risks), ensure_ascii=False),
            },
            taken=TAKEN,
            missing="",
        )

    def latest(self, deployment: str) -> Assessment | None:
        found = self._of(deployment, 1)
        return found[0] if found else None

    def versions(self, deployment: str) -> Sequence[Assessment]:
        return self._of(deployment, None)

    def _of(self, deployment: str, most: int | None) -> Sequence[Assessment]:
        newest_first = (
            select(assessment)
            .where(assessment.c.deployment == deployment)
            .order_by(assessment.c.n.desc())
            .limit(most)
        )
        return [_assessment(row) for row in self._tx.all(newest_first)]


def _assessment(row: AnyRow) -> Assessment:
    return Assessment(
        row.deployment,
        row.n,
        row.at,
        row.by,
        tuple(Answer(**one) for one in json.loads(row.answers)),
        tuple(_risk(one) for one in json.loads(row.risks)),
    )


def _risk(kept: dict[str, Any]) -> Risk:
    return Risk(
        kept["source"],
        kept["likelihood"] and Likelihood(kept["likelihood"]),
        kept["severity"] and Severity(kept["severity"]),
        kept["measures"],
        kept["effect"] and Effect(kept["effect"]),
        kept["residual"] and Level(kept["residual"]),
        kept["approved"],
    )
