"""A small operator to put into a store, and the values that tests of the store need."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.access import Staff
from stile.domain.consent import Channel, Consent, Notice
from stile.domain.ids import CentreId, ConsentId, LaneId, MemberId, OperatorId, PackId, PassageId, StaffId
from stile.domain.member import Member
from stile.domain.passage import AdmitReason, Comparison, Method, Outcome, Passage
from stile.domain.places import Centre, Lane, Operator
from stile.domain.roles import Role
from stile.ports import SealedTemplate

NOW = datetime(2026, 11, 2, 7, 30, 15, 123456, UTC)
PACK = PackId("dlib")
NOTICE = Notice("2026-1", "We measure your face so that the door knows you.")
WRAPPED = bytes(range(61))


@dataclass(frozen=True)
class Town:
    """One operator, one centre, one lane, one member of staff."""

    operator: Operator = field(default_factory=lambda: Operator(OperatorId(uuid7()), "Barnstone Leisure"))
    centre_id: CentreId = field(default_factory=lambda: CentreId(uuid7()))
    lane_id: LaneId = field(default_factory=lambda: LaneId(uuid7()))
    staff_id: StaffId = field(default_factory=lambda: StaffId(uuid7()))

    @property
    def centre(self) -> Centre:
        return Centre(self.centre_id, self.operator.id, "Pool")

    @property
    def lane(self) -> Lane:
        return Lane(self.lane_id, self.centre_id, "main", "Main entrance")

    @property
    def staff(self) -> Staff:
        return Staff(self.staff_id, "reception", frozenset(Role), "$argon2id$…")

    def member(self, number: str = "1001", cards: tuple[str, ...] = ()) -> Member:
        return Member(MemberId(uuid7()), self.centre_id, number, "Ada", "Byron", cards=cards)

    def passage(
        self,
        member: MemberId | None = None,
        score: float | None = None,
        at: datetime = NOW,
        lane: LaneId | None = None,
    ) -> Passage:
        return Passage(
            id=PassageId(uuid7()),
            centre=self.centre_id,
            lane=lane or self.lane_id,
            at=at,
            method=Method.FACE,
            outcome=Outcome.ADMIT if member else Outcome.REFER,
            reason=AdmitReason.FACE_MATCHED if member else "no match",
            member=member,
            comparison=Comparison(PACK, 0.61, 1, score),
            ms=12.5,
        )

    def template(
        self, consent: Consent, sealed: bytes = b"sealed", pack: PackId = PACK, shots: int = 3
    ) -> SealedTemplate:
        return SealedTemplate(consent.member, self.centre_id, pack, consent.id, sealed, shots, NOW)


def consent_of(member: MemberId, given_at: datetime = NOW) -> Consent:
    return Consent(
        ConsentId(uuid7()), member, NOTICE.version, NOTICE.sha256, Channel.PAPER, "form 12", given_at
    )


def settle(store: SqlStore) -> Town:
    """Puts a town into the store."""
    town = Town()
    with store.begin() as work:
        work.operators.add(town.operator)
        work.centres.add(town.centre)
        work.lanes.add(town.lane)
        work.staff.add(town.staff)
        work.commit()
    return town


def enrol(
    store: SqlStore, town: Town, number: str = "1001", sealed: bytes = b"sealed", wrapped: bytes = WRAPPED
) -> Consent:
    """A member of the town with a live consent, a template and its key."""
    member = town.member(number)
    consent = consent_of(member.id)
    with store.begin() as work:
        work.members.add(member)
        work.consents.add(consent)
        work.templates.put(town.template(consent, sealed), wrapped)
        work.commit()
    return consent


LATER = NOW + timedelta(days=3)
