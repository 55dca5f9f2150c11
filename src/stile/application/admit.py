"""A member asks to come in by face.

detect → choose a face → (asked to come in?) → quality → liveness → embed → fuse → search → decide → record → act → tell

Law 1: what is seen lives in the attempt, in memory, and goes when the attempt is over. Law 3: this is one of
the two places that search the gallery; the other is the duplicate check of `enrol`.
"""

from dataclasses import dataclass, field
from threading import Lock

from stile.application.gate import Concluded, Gate
from stile.domain import fusion
from stile.domain.calibration import Threshold
from stile.domain.faces import Features, Frame
from stile.domain.liveness import LivenessMode, judge
from stile.domain.matching import Match, Matching, compare
from stile.domain.member import Member
from stile.domain.passage import (
    Comparison,
    Decision,
    Method,
    Refer,
    ReferReason,
    decide_by_face,
    matched_score,
)
from stile.domain.places import Lane
from stile.domain.quality import Flaw, assess, choose
from stile.ports import Clock, EyesPool, Gallery, News, Noticeboard, Store, Topic


@dataclass(slots=True)
class Attempt:
    """One person, from the moment they ask to the one decision. Never written anywhere."""

    lane: Lane
    began: float
    features: list[Features] = field(default_factory=list)
    bona_fide: list[float] = field(default_factory=list)
    over: bool = False
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def has_enough(self) -> bool:
        return len(self.features) >= self.lane.frames

    def end(self) -> bool:
        """Whether it was this caller who ended it: an attempt has one decision, whoever comes first.

        Law 1: what was seen goes with the attempt, also when somebody still holds the attempt.
        """
        with self._lock:
            first, self.over = not self.over, True
        self.features.clear()
        self.bona_fide.clear()
        return first


@dataclass(frozen=True, slots=True)
class Looking:
    """No decision yet: `good` of `needed` frames are in hand. `flaw`: what was wrong with this one."""

    good: int
    needed: int
    flaw: Flaw | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A decision, and what it rested on."""

    decision: Decision
    comparison: Comparison | None = None
    greeting: str | None = None


class AdmitByFace:
    def __init__(
        self,
        store: Store,
        pool: EyesPool | None,
        gallery: Gallery | None,
        gate: Gate,
        board: Noticeboard,
        clock: Clock,
    ) -> None:
        self._store, self._pool, self._gallery, self._gate = store, pool, gallery, gate
        self._board, self._clock = board, clock

    def begin(self, lane: Lane) -> Attempt | Concluded:
        """Somebody asked. Either the lane looks from now on, or it says at once that the card is needed."""
        closed = self.closed(lane)
        if closed is not None:
            return self._refer(lane, closed)
        if self.threshold(lane) is None:
            return self._refer(lane, ReferReason.NOT_CALIBRATED)
        return Attempt(lane, self._clock.monotonic())

    def see(self, attempt: Attempt, frame: Frame) -> Looking | Concluded:
        """One frame of the attempt. Blocks for the length of the inferences; after the decision it does not look."""
        if attempt.over:
            return Looking(0, attempt.lane.frames)
        started = self._clock.monotonic()
        try:
            flaw = self._look(attempt, frame)
            found = self._decide(attempt) if attempt.has_enough else None
        except Exception as error:  # noqa: BLE001 a lane outlives whatever its models do; the card still works
            return self._vision_failed(attempt, error)
        if found is None and self._clock.monotonic() - attempt.began > attempt.lane.seconds:
            found = _Found(Refer(ReferReason.NO_GOOD_FRAME))
        if attempt.over or (found is not None and not attempt.end()):
            attempt.end()  # given up while this frame was looked at: its decision is made, and this is forgotten
            return Looking(0, attempt.lane.frames)
        if found is None:
            return Looking(len(attempt.features), attempt.lane.frames, flaw)
        ms = (self._clock.monotonic() - started) * 1000
        return self._gate.carry_out(
            attempt.lane,
            found.decision,
            Method.FACE,
            greeting=found.greeting,
            comparison=found.comparison,
            ms=ms,
        )

    def give_up(self, attempt: Attempt) -> Concluded | None:
        """Time ran out, or the person turned to the card: what was seen goes, and the card is asked for. None when
        the attempt has its decision already."""
        return self._refer(attempt.lane, ReferReason.NO_GOOD_FRAME) if attempt.end() else None

    def closed(self, lane: Lane) -> ReferReason | None:
        """Why this lane cannot look at faces now; None when it can."""
        if not lane.face_mode:
            return ReferReason.FACE_MODE_OFF
        if self._pool is None or self._gallery is None:
            return ReferReason.VISION_DOWN
        return None if len(self._gallery) else ReferReason.NOBODY_ENROLLED

    def threshold(self, lane: Lane) -> Threshold | None:
        """Law 7: from the rate that the lane promises, at the gallery's size as it is now."""
        return None if self._gallery is None else self._threshold(lane, len(self._gallery))

    def _threshold(self, lane: Lane, members: int) -> Threshold | None:
        return None if self._pool is None else self._pool.calibration.threshold_for(lane.fpir, members)

    def _look(self, attempt: Attempt, frame: Frame) -> Flaw | None:
        assert self._pool is not None
        with self._pool.lend() as eyes:
            face = choose(eyes.detector.detect(frame), frame)
            if isinstance(face, Flaw):
                return face
            aligned = eyes.embedder.align(frame, face)
            if flaw := assess(aligned):
                return flaw
            if eyes.liveness is not None and attempt.lane.liveness is not LivenessMode.OFF:
                attempt.bona_fide.append(eyes.liveness.bona_fide(frame, face))
            attempt.features.append(eyes.embedder.embed(aligned))
        return None

    def _decide(self, attempt: Attempt) -> "_Found":
        assert self._gallery is not None
        size = len(self._gallery)
        threshold = self._threshold(attempt.lane, size)
        if (
            threshold is None
        ):  # the gallery grew during the attempt beyond what the calibration can answer for
            return _Found(Refer(ReferReason.NOT_CALIBRATED))
        matching = compare(self._gallery.search(fusion.probe(attempt.features)), threshold.value)
        member, consented = self._member(matching)
        liveness = judge(attempt.lane.liveness, attempt.bona_fide)
        decision = decide_by_face(liveness, matching, member, consented, self._clock.today())
        score = None if isinstance(decision, Refer) else matched_score(matching)
        comparison = Comparison(self._gallery.pack, threshold.value, size, score)
        return _Found(decision, comparison, member.given_name if member else None)

    def _member(self, matching: Matching) -> tuple[Member | None, bool]:
        """The matched member as the store has them now, and whether their consent is live now."""
        if not isinstance(matching, Match):
            return None, False
        with self._store.read() as work:
            return work.members.at_the_lane(matching.member) or (None, False)

    def _refer(self, lane: Lane, reason: ReferReason) -> Concluded:
        return self._gate.carry_out(lane, Refer(reason), Method.FACE)

    def _vision_failed(self, attempt: Attempt, error: Exception) -> Looking | Concluded:
        if not attempt.end():
            return Looking(0, attempt.lane.frames)
        # The error's kind only: its text may hold what the model was looking at (law 1).
        text = f"Face recognition failed ({type(error).__name__}). The card works."
        self._board.post(News(Topic.STAFF_NEEDED, attempt.lane.id, text, self._clock.now()))
        return self._refer(attempt.lane, ReferReason.VISION_DOWN)
