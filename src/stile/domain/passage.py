"""A passage attempt ends in one decision: Admit | Refuse | Refer, each with a reason from a closed set.

Refer means "please use your card"; it is a normal, polite outcome and accuses nobody. Refuse is said only of
a membership that is known and does not admit now, or of a card, PIN or code that is not good; never of a face unknown
here.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.entitlement import Asked, Inside, barred, barred_by_presence
from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, LaneId, MemberId, PackId, PassageId, StaffId
from stile.domain.liveness import Live, LivenessVerdict, Spoof, Telltale, Unsure
from stile.domain.matching import Ambiguous, Match, Matching, NoMatch
from stile.domain.member import Member, NotEntitled


class Method(StrEnum):
    """How the person asked to come in."""

    FACE = "face"
    CARD = "card"
    PIN = "pin"
    PASS = "pass"
    STAFF = "staff"


class Outcome(StrEnum):
    ADMIT = "admit"
    REFUSE = "refuse"
    REFER = "refer"


class AdmitReason(StrEnum):
    FACE_MATCHED = "face matched"
    CARD_ACCEPTED = "card accepted"
    PIN_ACCEPTED = "PIN accepted"
    PASS_ACCEPTED = "pass accepted"
    FORGOT_CARD = "forgot card"
    NOT_RECOGNISED = "not recognised"
    READER_FAULT = "reader fault"
    GUEST = "guest"
    ACCESS_NEED = "access need"
    OTHER = "other"


BY_HAND = (
    AdmitReason.FORGOT_CARD,
    AdmitReason.NOT_RECOGNISED,
    AdmitReason.READER_FAULT,
    AdmitReason.GUEST,
    AdmitReason.ACCESS_NEED,
    AdmitReason.OTHER,
)
"""What a receptionist may give as the reason. A closed set: a free text would collect personal data."""


class RefuseReason(StrEnum):
    LAPSED = NotEntitled.LAPSED.value
    SUSPENDED = NotEntitled.SUSPENDED.value
    EXPIRED = NotEntitled.EXPIRED.value
    WRONG_CENTRE = NotEntitled.WRONG_CENTRE.value
    OUTSIDE_HOURS = NotEntitled.OUTSIDE_HOURS.value
    ALREADY_INSIDE = NotEntitled.ALREADY_INSIDE.value
    CENTRE_FULL = NotEntitled.CENTRE_FULL.value
    UNKNOWN_CARD = "unknown card"
    WRONG_PIN = "number or PIN not right"
    UNKNOWN_PASS = "unknown pass"
    PASS_USED = "pass used already"
    PASS_OUT_OF_DATE = "pass out of date"


OF_THE_MEMBERSHIP = frozenset(RefuseReason(one.value) for one in NotEntitled)
"""Reasons that are the same whichever way the member chose. The rest are of the way."""

NAMES_NOBODY = frozenset({RefuseReason.UNKNOWN_CARD, RefuseReason.WRONG_PIN, RefuseReason.UNKNOWN_PASS})
"""A number that nobody has and a wrong PIN are one reason, also in the records: neither tells who is a member."""


class ReferReason(StrEnum):
    NO_MATCH = "no match"
    AMBIGUOUS = "ambiguous"
    NO_GOOD_FRAME = "no good frame"
    NOT_SHOWN_LIVE = "not shown live"
    SPOOF = "spoof"
    CHALLENGE_FAILED = "challenge failed"
    TOO_MANY_ATTEMPTS = "too many attempts"
    NO_CONSENT = "no live consent"
    FACE_MODE_OFF = "face mode off"
    NOT_REGISTERED = "register not complete"
    NOBODY_ENROLLED = "nobody enrolled"
    NOT_CALIBRATED = "not calibrated"
    VISION_DOWN = "vision down"
    PIN_RESTS = "PIN keypad rests"
    PIN_NOT_CHECKED = "PIN cannot be checked"
    CANNOT_RECORD = "cannot record"


@dataclass(frozen=True, slots=True)
class Admit:
    """`member`: None only when a receptionist lets somebody in."""

    member: MemberId | None
    reason: AdmitReason

    def __post_init__(self) -> None:
        if self.member is None and self.reason not in BY_HAND:
            raise WrongValue(f"“{self.reason}” admits a member, and none is named")


@dataclass(frozen=True, slots=True)
class Refuse:
    """`member`: None only for a reason that names nobody."""

    member: MemberId | None
    reason: RefuseReason

    def __post_init__(self) -> None:
        if (self.member is None) != (self.reason in NAMES_NOBODY):
            raise WrongValue(f"“{self.reason}” names {'a member' if self.member is None else 'nobody'}")


@dataclass(frozen=True, slots=True)
class Refer:
    """Names nobody, even where the face matched a member who has no live consent. `telltale`: what gave an attack away,
    for the staff; it describes a picture or a film, not a person."""

    reason: ReferReason
    telltale: Telltale | None = None

    def __post_init__(self) -> None:
        if (self.telltale is not None) != (self.reason is ReferReason.SPOOF):
            raise WrongValue("what gave an attack away is told with an attack, and with nothing else")


Decision = Admit | Refuse | Refer

OUTCOME_OF: dict[type, Outcome] = {Admit: Outcome.ADMIT, Refuse: Outcome.REFUSE, Refer: Outcome.REFER}

REASONS_OF: dict[Outcome, type[StrEnum]] = {
    Outcome.ADMIT: AdmitReason,
    Outcome.REFUSE: RefuseReason,
    Outcome.REFER: ReferReason,
}


def decide_by_face(
    liveness: LivenessVerdict,
    matching: Matching,
    matched: Member | None,
    consents: bool,
    asked: Asked,
    look_alike: bool = False,
) -> Decision:
    """The one decision of a face attempt. `matched` is the member that `matching` names, as the store has
    them now; `consents` is whether their consent is live now (a gallery may lag behind a withdrawal).
    `look_alike`: another member's template is too much like theirs for a face to tell them apart."""
    if isinstance(liveness, Spoof):
        return Refer(ReferReason.SPOOF, liveness.by)
    if isinstance(liveness, Unsure):
        return Refer(ReferReason.CHALLENGE_FAILED if liveness.after_turns else ReferReason.NOT_SHOWN_LIVE)
    assert isinstance(liveness, Live)
    if isinstance(matching, NoMatch):
        return Refer(ReferReason.NO_MATCH)
    if isinstance(matching, Ambiguous):
        return Refer(ReferReason.AMBIGUOUS)
    if matched is None or matched.id != matching.member or not consents:
        return Refer(ReferReason.NO_CONSENT)
    if look_alike:  # recorded as what it is to the lane; that a member has a double is nobody's business
        return Refer(ReferReason.AMBIGUOUS)
    return _entitled(matched, asked, AdmitReason.FACE_MATCHED)


def decide_by_card(holder: Member | None, asked: Asked) -> Decision:
    """The one decision of a card attempt. Never asks for anything but the membership (law 4)."""
    if holder is None:
        return Refuse(None, RefuseReason.UNKNOWN_CARD)
    return _entitled(holder, asked, AdmitReason.CARD_ACCEPTED)


def decide_by_pin(holder: Member | None, fits: bool, asked: Asked) -> Decision:
    """The one decision of a number and a PIN. Nobody's number and a wrong PIN are the same one (`NAMES_NOBODY`)."""
    if holder is None or not fits:
        return Refuse(None, RefuseReason.WRONG_PIN)
    return _entitled(holder, asked, AdmitReason.PIN_ACCEPTED)


def decide_by_pass(holder: Member | None, of_now: bool, used: bool, asked: Asked) -> Decision:
    """The one decision of a code on a phone. `holder`: whose phone signed it; None when nobody's did. `of_now`: it is
    the code of this half minute. `used`: it, or a newer one, was taken before."""
    if holder is None:
        return Refuse(None, RefuseReason.UNKNOWN_PASS)
    if used:
        return Refuse(holder.id, RefuseReason.PASS_USED)
    if not of_now:
        return Refuse(holder.id, RefuseReason.PASS_OUT_OF_DATE)
    return _entitled(holder, asked, AdmitReason.PASS_ACCEPTED)


def decide_by_hand(reason: AdmitReason) -> Admit:
    """A receptionist lets somebody in. Raises WrongValue for a reason that is not theirs to give."""
    if reason not in BY_HAND:
        raise WrongValue(f"expected one of: {', '.join(BY_HAND)}; not: {reason}")
    return Admit(None, reason)


def decide_by_presence(decision: Decision, inside: Inside) -> Decision:
    """The last word on a way in, within the transaction that records it. A receptionist's word stands."""
    if not isinstance(decision, Admit) or decision.member is None or decision.reason in BY_HAND:
        return decision
    why = barred_by_presence(inside)
    return decision if why is None else Refuse(decision.member, RefuseReason(why.value))


def _entitled(member: Member, asked: Asked, reason: AdmitReason) -> Admit | Refuse:
    why = barred(member, asked)
    return Admit(member.id, reason) if why is None else Refuse(member.id, RefuseReason(why.value))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a face decision rested on: published with the figures, and kept only with a member's passage.
    `score` is a cosine; None unless a member was matched (law 1)."""

    pack: PackId
    threshold: float
    gallery_size: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The record of one decision. Append-only: corrections are records of their own.

    A passage that names no member carries no score, so that nothing derived from a stranger is kept (law 1).
    `reason`: the value of one of its outcome's reasons; a free text would collect personal data.
    `ms`: milliseconds from the last needed frame (or the card) to the decision.
    """

    id: PassageId
    centre: CentreId
    lane: LaneId
    at: datetime
    method: Method
    outcome: Outcome
    reason: str
    member: MemberId | None = None
    staff: StaffId | None = None
    comparison: Comparison | None = None
    ms: float | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")
        if self.member is None and self.comparison is not None and self.comparison.score is not None:
            raise WrongValue("a passage that names no member carries no score (law 1)")
        if self.member is not None and self.outcome is Outcome.REFER:
            raise WrongValue("a passage that was referred to the card names no member")
        if self.comparison is not None and self.method is not Method.FACE:
            raise WrongValue(f"a passage by {self.method} rests on no comparison of faces")
        if self.method is Method.STAFF and self.staff is None:
            raise WrongValue("a passage let in by hand names who did it")
        if self.reason not in set(REASONS_OF[self.outcome]):
            raise WrongValue(f"“{self.reason}” is no reason to {self.outcome}")
        if self.ms is not None and not 0 <= self.ms < math.inf:
            raise WrongValue(f"a decision takes 0 milliseconds or more, not {self.ms}")


def member_of(decision: Decision) -> MemberId | None:
    return None if isinstance(decision, Refer) else decision.member


def reasons() -> Sequence[str]:
    """Every reason there is, for documents and tests."""
    return [str(one) for kind in REASONS_OF.values() for one in kind]


def matched_score(matching: Matching | None) -> float | None:
    return matching.score if isinstance(matching, Match) else None
