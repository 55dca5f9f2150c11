"""What somebody saw of a passage afterwards: the evidence by which a lane's own error rates are counted.

An adjudication never changes the passage (law 6): it is a record of its own, and the latest one of a passage counts.
It says what kind of person stood there, never who (law 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import AdjudicationId, CentreId, PassageId, StaffId
from stile.domain.passage import Method, Outcome, Passage, ReferReason


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG_PERSON = "wrong person"
    SHOULD_HAVE_OPENED = "should have opened"
    ATTACK = "attack"
    RIGHTLY_REFERRED = "rightly referred"


FITTING: Mapping[Outcome, Sequence[Verdict]] = {
    Outcome.ADMIT: (Verdict.WRONG_PERSON, Verdict.ATTACK, Verdict.RIGHT),
    Outcome.REFUSE: (Verdict.WRONG_PERSON, Verdict.ATTACK, Verdict.RIGHT),
    Outcome.REFER: (Verdict.SHOULD_HAVE_OPENED, Verdict.ATTACK, Verdict.RIGHTLY_REFERRED),
}
"""Which verdicts a passage by face may have, the one that is given most often first."""

NOT_LOOKED_AT = frozenset(
    {
        ReferReason.FACE_MODE_OFF,
        ReferReason.NOT_REGISTERED,
        ReferReason.NOBODY_ENROLLED,
        ReferReason.NOT_CALIBRATED,
        ReferReason.VISION_DOWN,
        ReferReason.TOO_MANY_ATTEMPTS,
        ReferReason.CANNOT_RECORD,
    }
)
"""Referred before, or without, looking at a face: there is nothing to be right or wrong about, and such an attempt
is in no denominator."""


def fitting(passage: Passage) -> Sequence[Verdict]:
    """Which verdicts this passage may have; none for a card, and none where no face was looked at."""
    if passage.method is not Method.FACE or passage.reason in NOT_LOOKED_AT:
        return ()
    return FITTING[passage.outcome]


@dataclass(frozen=True, slots=True)
class Adjudication:
    id: AdjudicationId
    passage: PassageId
    centre: CentreId
    verdict: Verdict
    staff: StaffId
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")


@dataclass(frozen=True, slots=True)
class Tally:
    """So many passages by face of one lane ended so; `verdict`: the latest of each, None where nobody gave one."""

    outcome: Outcome
    reason: str
    verdict: Verdict | None
    count: int
