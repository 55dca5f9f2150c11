"""Law 7 for liveness: how often an attack is taken for a person and a person for an attack, with intervals and counts,
each kind of attack by itself, because an average over kinds hides the one that works.

Terms and rates of ISO/IEC 30107-3:2023. What was presented decides what a figure means: films that were made from
photographs make a regression test, real presentations on the lane's own camera a measurement.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.intervals import Interval, clopper_pearson
from stile.domain.passage import AdmitReason, ReferReason, RefuseReason

NOT_THE_STANDARD = (
    "This is a regression test on films made from photographs; it is not an evaluation by ISO/IEC 30107-3."
)
ON_THIS_CAMERA = (
    "These are presentations that people made to this lane's camera; no independent laboratory was there, "
    "so it is not an evaluation by ISO/IEC 30107-3."
)


class Response(StrEnum):
    """What a lane made of one presentation. LIVE: taken for a bona fide presentation, and then not let in (nobody was
    matched). NONE: it came to no judgement."""

    ADMITTED = "admitted"
    LIVE = "live"
    ATTACK = "attack"
    NONE = "no response"


LIVE_REASONS = frozenset(
    {
        ReferReason.NO_MATCH,
        ReferReason.AMBIGUOUS,
        ReferReason.NO_CONSENT,
    }
)
NOT_LIVE_REASONS = frozenset({ReferReason.SPOOF, ReferReason.NOT_SHOWN_LIVE, ReferReason.CHALLENGE_FAILED})

NOT_LOOKED = frozenset(
    {
        ReferReason.TOO_MANY_ATTEMPTS,
        ReferReason.FACE_MODE_OFF,
        ReferReason.NOT_REGISTERED,
        ReferReason.NOBODY_ENROLLED,
        ReferReason.NOT_CALIBRATED,
    }
)
"""The lane was closed to faces, or paused: nothing was presented to it."""


def response_of(reason: str) -> Response:
    """From the reason of a passage by face. Who matched and is refused for their membership was taken for live."""
    if reason == AdmitReason.FACE_MATCHED:
        return Response.ADMITTED
    if reason in LIVE_REASONS or reason in tuple(RefuseReason):
        return Response.LIVE
    return Response.ATTACK if reason in NOT_LIVE_REASONS else Response.NONE


@dataclass(frozen=True, slots=True)
class Share:
    """`rate` is None where there was nothing to count. The interval is exact and of 95 %."""

    of: int
    count: int

    @property
    def rate(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval:
        return clopper_pearson(self.count, self.of)


@dataclass(frozen=True, slots=True)
class Tally:
    """All presentations of one kind, by the reason they ended with."""

    kind: str
    reasons: Mapping[str, int]

    @classmethod
    def of(cls, kind: str, reasons: Iterable[str]) -> "Tally":
        return cls(kind, dict(sorted(Counter(reasons).items())))

    def count(self, *responses: Response) -> int:
        return sum(count for reason, count in self.reasons.items() if response_of(reason) in responses)

    @property
    def presentations(self) -> int:
        return sum(self.reasons.values())

    @property
    def taken_for_live(self) -> int:
        return self.count(Response.ADMITTED, Response.LIVE)

    @property
    def taken_for_an_attack(self) -> int:
        return self.count(Response.ATTACK)

    @property
    def no_response(self) -> Share:
        """APNRR or BPNRR: attack, or bona fide, presentation non-response rate."""
        return Share(self.presentations, self.count(Response.NONE))

    @property
    def apcer(self) -> Share:
        """Attack presentation classification error rate, of those that were classified."""
        return Share(self.taken_for_live + self.taken_for_an_attack, self.taken_for_live)

    @property
    def bpcer(self) -> Share:
        """Bona fide presentation classification error rate, of those that were classified."""
        return Share(self.taken_for_live + self.taken_for_an_attack, self.taken_for_an_attack)

    @property
    def iapar(self) -> Share:
        """Impostor attack presentation accept rate: of all presentations, those that opened the door. For a lane that
        searches a gallery the standard calls it IAPIR."""
        return Share(self.presentations, self.count(Response.ADMITTED))

    @property
    def false_rejects(self) -> Share:
        """Of all presentations of members, those that did not open the door, whatever the reason."""
        return Share(self.presentations, self.presentations - self.count(Response.ADMITTED))


def riapar(attacks: Sequence[Tally], bona_fide: Tally | None) -> float | None:
    """Relative impostor attack presentation accept rate: 1 + (IAPAR − (1 − FRR)) = IAPAR + FRR, of the kind of attack
    with the highest IAPAR. A system that admits nobody has 1, as one that admits every attack has.
    None where there is nothing to count."""
    rates = [one.iapar.rate for one in attacks if one.iapar.rate is not None]
    rejected = bona_fide.false_rejects.rate if bona_fide else None
    return None if rejected is None or not rates else max(rates) + rejected
