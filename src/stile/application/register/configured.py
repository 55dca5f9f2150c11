"""What this program is set to at a centre, gathered from where it is in force: lanes, thresholds, model, retention,
notice. An authority has none of it."""

from dataclasses import dataclass

from stile.application.notice import Notices
from stile.application.thresholds import Thresholds
from stile.domain.children import Children
from stile.domain.configuration import Configuration, LaneSet
from stile.domain.consent import Alternative
from stile.domain.errors import NotConfigured
from stile.domain.notice import OFFERED, Details
from stile.domain.places import Ask, Lane
from stile.domain.retention import in_force
from stile.ports import EyesPool, Store

WAYS = {
    Alternative.CARD: "card",
    Alternative.PIN: "PIN",
    Alternative.QR: "a code on the phone",
    Alternative.RECEPTION: "reception, by hand",
}


@dataclass(frozen=True, slots=True)
class SetTo:
    """What the settings say and no table does."""

    details: Details
    children: Children
    backups: bool
    over_tls: bool
    second_factor: bool
    spot_checks: int
    groups: tuple[str, ...]


class Configured:
    def __init__(
        self, store: Store, pool: EyesPool | None, thresholds: Thresholds, notices: Notices, settings: SetTo
    ) -> None:
        self._store, self._pool, self._thresholds = store, pool, thresholds
        self._notices, self._settings = notices, settings

    def of(self, key: str) -> Configuration | None:
        """`key`: a deployment's. None where it is none of our own centres."""
        with self._store.read() as work:
            operator = work.operators.only()
            centre = next((one for one in work.centres.all() if str(one.id) == key), None)
            if operator is None or centre is None:
                return None
            lanes = [lane for lane in work.lanes.all() if lane.centre == centre.id]
            chosen = in_force(work.retention.chosen())
            members = work.members.count()
            enrolled = work.templates.count(self._pool.pack) if self._pool else 0
        details = self._settings.details
        return Configuration(
            operator=operator.name,
            centre=centre.name,
            officer=details.officer or "",
            contact=details.contact or "",
            address=details.address or "",
            recipients=details.recipients or "",
            lanes=tuple(self._lane(lane) for lane in lanes),
            pack=self._pool.pack if self._pool else "",
            measured_on=self._pool.calibration.data if self._pool else "",
            members=members,
            enrolled=enrolled,
            days=chosen,
            children=self._settings.children,
            notice=self._notice(),
            ways=tuple(WAYS[one] for one in OFFERED),
            backups=self._settings.backups,
            over_tls=self._settings.over_tls,
            second_factor=self._settings.second_factor,
            spot_checks=self._settings.spot_checks,
            groups=self._settings.groups,
        )

    def _lane(self, lane: Lane) -> LaneSet:
        held = self._thresholds.of(lane) if lane.face_mode else None
        return LaneSet(
            lane.name,
            lane.face_mode,
            lane.ask,
            lane.liveness,
            lane.fmr if lane.ask is Ask.CARD_FIRST else lane.fpir,
            held.value if held else None,
            lane.attempts,
            lane.frames,
        )

    def _notice(self) -> str:
        try:
            return self._notices.current().version
        except NotConfigured:
            return ""
