"""Law 7: what was measured, kept as history: the site's own calibrations, and what was seen of passages afterwards.
Both are only ever added to; the database refuses the rest."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select

from stile.adapters.storage import binding, tables
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.adjudication import Adjudication, Tally, Verdict
from stile.domain.calibration import OperatingPoint
from stile.domain.checkpoint import Kind as Record
from stile.domain.ids import AdjudicationId, CalibrationId, CentreId, LaneId, PackId, PassageId, StaffId
from stile.domain.passage import Method, Outcome
from stile.domain.site_calibration import SiteCalibration, data_of

adjudication, calibration, passage = tables.adjudication, tables.calibration, tables.passage

NEWEST = (
    func.row_number()
    .over(
        partition_by=adjudication.c.passage,
        order_by=(adjudication.c.at.desc(), adjudication.c.id.desc()),
    )
    .label("place")
)


class SqlAdjudications:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, given: Adjudication) -> str:
        missing = "the adjudication names a passage, a centre or staff that does not exist"
        values = {
            "id": given.id,
            "passage": given.passage,
            "centre": given.centre,
            "verdict": given.verdict,
            "staff": given.staff,
            "at": given.at,
            "version": 1,
        }
        salt = binding.new_salt()
        with self._tx.part("that adjudication is recorded already", missing):
            self._tx.run(adjudication.insert(), values | {"salt": salt})
            self._tx.tell(Kind.ADJUDICATION, given.id, given.centre, 1)
        return binding.digest(Record.ADJUDICATION, values, salt)

    def latest_of(self, passages: Collection[PassageId]) -> Mapping[PassageId, Adjudication]:
        if not passages:
            return {}
        among = select(adjudication, NEWEST).where(adjudication.c.passage.in_(passages)).subquery()
        rows = self._tx.all(select(among).where(among.c.place == 1))
        return {PassageId(row.passage): _adjudication(row) for row in rows}

    def tally(self, lane: LaneId, since: datetime | None = None) -> Sequence[Tally]:
        among = select(adjudication.c.passage, adjudication.c.verdict, NEWEST).subquery()
        wanted = [passage.c.lane == lane, passage.c.method == Method.FACE]
        if since is not None:
            wanted.append(passage.c.at >= since)
        by = (passage.c.outcome, passage.c.reason, among.c.verdict)
        rows = self._tx.all(
            select(*by, func.count().label("count"))
            .select_from(passage)
            .outerjoin(among, (among.c.passage == passage.c.id) & (among.c.place == 1))
            .where(*wanted)
            .group_by(*by)
        )
        sums: dict[tuple[str, str, str | None], int] = defaultdict(int)
        for outcome, reason, verdict, count in (*rows, *self._gone(lane, since)):
            sums[outcome, reason, verdict or None] += count
        ordered = sorted(sums.items(), key=lambda one: tuple(part or "" for part in one[0]))
        return [
            Tally(Outcome(outcome), reason, None if verdict is None else Verdict(verdict), count)
            for (outcome, reason, verdict), count in ordered
        ]

    def _gone(self, lane: LaneId, since: datetime | None) -> Sequence[AnyRow]:
        """What was counted of passages before they were deleted, by whole days of UTC."""
        counted = tables.passage_count
        wanted = [counted.c.lane == lane, counted.c.method == Method.FACE]
        if since is not None:
            wanted.append(counted.c.day >= since.astimezone(UTC).date())
        by = (counted.c.outcome, counted.c.reason, counted.c.verdict)
        return self._tx.all(select(*by, func.sum(counted.c.passages)).where(*wanted).group_by(*by))


class SqlCalibrations:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, made: SiteCalibration) -> None:
        with self._tx.part("that calibration is kept already", "the calibration's centre does not exist"):
            self._tx.run(
                calibration.insert(),
                {
                    "id": made.id,
                    "centre": made.centre,
                    "pack": made.pack,
                    "at": made.at,
                    "gallery_size": made.gallery,
                    "members": made.people,
                    "comparisons": made.comparisons,
                    "left_out": made.left_out,
                    "points": json.dumps([[one.threshold, one.fmr] for one in made.points]),
                    "version": 1,
                },
            )
            self._tx.tell(Kind.CALIBRATION, made.id, made.centre, 1)

    def latest(self, pack: PackId) -> SiteCalibration | None:
        return next(iter(self.history(pack, 1)), None)

    def history(self, pack: PackId, most: int = 20) -> Sequence[SiteCalibration]:
        rows = self._tx.all(
            select(calibration)
            .where(calibration.c.pack == pack)
            .order_by(calibration.c.at.desc(), calibration.c.id.desc())
            .limit(most)
        )
        return [_calibration(row) for row in rows]


def _adjudication(row: AnyRow) -> Adjudication:
    return Adjudication(
        AdjudicationId(row.id),
        PassageId(row.passage),
        CentreId(row.centre),
        Verdict(row.verdict),
        StaffId(row.staff),
        row.at,
    )


def _calibration(row: AnyRow) -> SiteCalibration:
    return SiteCalibration(
        pack=PackId(row.pack),
        data=data_of(row.members, row.gallery_size, row.at),
        comparisons=row.comparisons,
        people=row.members,
        points=[OperatingPoint(threshold, fmr) for threshold, fmr in json.loads(row.points)],
        id=CalibrationId(row.id),
        centre=CentreId(row.centre),
        at=row.at,
        gallery=row.gallery_size,
        left_out=row.left_out,
    )
