"""fuse → search → decide, at the end of an attempt.

Law 3: this is one of the two places that search the gallery; the other is the duplicate check of `enrol`. Law 7: the
threshold is that of the gallery that is searched, as it is now.
"""

from dataclasses import dataclass

from stile.application.attempt import Attempt
from stile.application.thresholds import Thresholds
from stile.domain import fusion
from stile.domain.calibration import Threshold
from stile.domain.entitlement import Asked
from stile.domain.liveness import Live, LivenessVerdict
from stile.domain.matching import Candidate, Match, Matching, NoMatch, compare
from stile.domain.passage import Comparison, Decision, Refer, ReferReason, decide_by_face, matched_score
from stile.ports import AtTheLane, Clock, Gallery, Store


@dataclass(frozen=True, slots=True)
class Found:
    """A decision, and what it rested on. `greeting`: the matched member's first name."""

    decision: Decision
    comparison: Comparison | None = None
    greeting: str | None = None


class Recognise:
    def __init__(self, store: Store, gallery: Gallery | None, thresholds: Thresholds, clock: Clock) -> None:
        self._store, self._gallery, self._thresholds, self._clock = store, gallery, thresholds, clock

    def decide(self, attempt: Attempt, liveness: LivenessVerdict) -> Found:
        """search → decide. Who is not shown to be live is not searched for."""
        asked = Asked(attempt.lane.centre, self._clock.local())
        if not isinstance(liveness, Live):
            return Found(decide_by_face(liveness, NoMatch(), None, False, asked))
        compared = self._compare(attempt)
        if compared is None:  # the gallery grew meanwhile beyond what the calibration can answer for
            return Found(Refer(ReferReason.NOT_CALIBRATED))
        matching, threshold, size = compared
        known = self._known(matching)
        decision = decide_by_face(
            liveness,
            matching,
            known.member if known else None,
            known is not None and known.consents,
            asked,
            look_alike=known is not None
            and known.look_alike
            and not (attempt.claim and attempt.claim.by_card),
        )
        score = None if isinstance(decision, Refer) else matched_score(matching)
        assert self._gallery is not None
        comparison = Comparison(self._gallery.pack, threshold.value, size, score)
        return Found(decision, comparison, known.member.given_name if known else None)

    def _compare(self, attempt: Attempt) -> tuple[Matching, Threshold, int] | None:
        """One to many, or with the one template of the number that was given. The threshold is that of the gallery
        that is searched, as it is now; None where there is none."""
        assert self._gallery is not None
        probe, claim = fusion.probe(attempt.features), attempt.claim
        size = len(self._gallery) if claim is None else 1
        thresholds, lane = self._thresholds, attempt.lane
        threshold = thresholds.among(lane, size) if claim is None else thresholds.one_to_one(lane.fmr)
        if threshold is None:
            return None
        if claim is None:
            found = self._gallery.search(probe)
        else:
            score = self._gallery.verify(claim.member, probe) if claim.member else None
            found = [] if claim.member is None or score is None else [Candidate(claim.member, score)]
        return compare(found, threshold.value), threshold, size

    def _known(self, matching: Matching) -> AtTheLane | None:
        """The matched member as the store has them now."""
        if not isinstance(matching, Match):
            return None
        assert self._gallery is not None
        with self._store.read() as work:
            return work.members.at_the_lane(matching.member, self._gallery.pack)
