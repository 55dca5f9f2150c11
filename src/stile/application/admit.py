"""A member asks to come in by face.

detect → choose a face → (asked to come in?) → quality → liveness → embed → fuse → search → decide → record → act → tell

Law 1: what is seen lives in the attempt (`attempt`), in memory, and goes when the attempt is over. Looking is `seeing`,
searching and deciding `recognise`, recording and the door `gate`.
"""

from collections.abc import Callable, Sequence

from stile.application import seeing
from stile.application.attempt import Attempt, Claim, Looking
from stile.application.attempts import Attempts
from stile.application.gate import Concluded, Gate
from stile.application.go_live import GoLive
from stile.application.recognise import Found, Recognise
from stile.application.thresholds import Thresholds
from stile.domain.calibration import Calibration, Threshold
from stile.domain.challenge import TURNS, draw
from stile.domain.faces import DetectedFace, Frame
from stile.domain.liveness import (
    LivenessMode,
    Spoof,
    Telltale,
    asks_for_turns,
    judge,
)
from stile.domain.passage import (
    Method,
    Refer,
    ReferReason,
)
from stile.domain.places import Lane
from stile.domain.quality import DEFAULT_LIMITS, Flaw, QualityLimits
from stile.domain.tracking import Place
from stile.ports import Chance, Clock, Eyes, EyesPool, Gallery, News, Noticeboard, Store, Topic

COMPLAINS_EVERY = 60.0
"""Seconds. A zone is looked at five times a second, and its failure is told once."""


class AdmitByFace:
    def __init__(
        self,
        store: Store,
        pool: EyesPool | None,
        gallery: Gallery | None,
        gate: Gate,
        board: Noticeboard,
        clock: Clock,
        chance: Chance,
        go_live: GoLive,
        limits: QualityLimits = DEFAULT_LIMITS,
        of_site: Callable[[], Calibration | None] = lambda: None,
    ) -> None:
        self._pool, self._gallery, self._gate = pool, gallery, gate
        self._board, self._clock, self._chance, self._go_live = board, clock, chance, go_live
        self._limits, self._thresholds = limits, Thresholds(pool, gallery, of_site)
        self._recognise = Recognise(store, gallery, self._thresholds, clock)
        self._attempts = Attempts()
        self._complained = float("-inf")

    # --- asked to come in? ---

    def begin(self, lane: Lane, claim: Claim | None = None) -> Attempt | Concluded:
        """Somebody asked. Either the lane looks from now on, or it says at once that the card is needed."""
        closed = self.closed(lane)
        if closed is not None:
            return self._refer(lane, closed)
        one_person = self._thresholds.of_one_person()
        assert one_person is not None
        straight, turned = one_person
        attempt = Attempt(lane, self._clock.monotonic(), straight.value, turned.value, claim)
        if not self._attempts.admits(attempt, attempt.began):
            return self._refer(lane, ReferReason.TOO_MANY_ATTEMPTS)
        return attempt

    def asks(self, lane: Lane, frame: Frame) -> Place | None:
        """Where somebody stands in the lane's zone; None when nobody does. Finds faces and does nothing else with
        them: who passes by outside it is forgotten with the frame. The staff are told once when it cannot look."""
        assert self._pool is not None
        now = self._clock.monotonic()
        try:
            with self._pool.lend() as eyes:
                found = seeing.detect(eyes, frame, lane.zone, lane.least_face)
        except Exception as error:  # noqa: BLE001 a lane outlives whatever its models do; the card still works
            if now - self._complained > COMPLAINS_EVERY:
                self._complained = now
                self._complain(lane, error)
            return None
        return Place.of(found[0], now) if found else None

    # --- looking ---

    def see(self, attempt: Attempt, frame: Frame) -> Looking | Concluded:
        """One frame of the attempt. Blocks for the length of the inferences; after the decision it does not look."""
        if attempt.over:
            return Looking(0, attempt.needed)
        if not self._go_live.is_open(
            attempt.lane.centre
        ):  # since somebody asked: at midnight, or by an entry
            return self._stop(attempt, ReferReason.NOT_REGISTERED)
        began = self._clock.monotonic()
        try:
            flaw = self._look(attempt, frame, began)
            found = self._conclude(attempt, began)
        except Exception as error:  # noqa: BLE001 a lane outlives whatever its models do; the card still works
            return self._vision_failed(attempt, error)
        if attempt.over or (found is not None and not attempt.end()):
            attempt.end()  # given up while this frame was looked at: its decision is made, and this is forgotten
            return Looking(0, attempt.needed)
        if found is None:
            return attempt.looking(flaw)
        return self._carry_out(attempt.lane, found, (self._clock.monotonic() - began) * 1000)

    def _look(self, attempt: Attempt, frame: Frame, now: float) -> Flaw | None:
        assert self._pool is not None
        with self._pool.lend() as eyes:
            faces = seeing.detect(eyes, frame, attempt.lane.zone, attempt.lane.least_face)
            face = seeing.find(faces, frame, self._limits)
            if isinstance(face, Flaw):
                attempt.misses(now)
                if face is Flaw.SEVERAL_FACES:
                    attempt.start_again()
                return face
            attempt.tracks(face, frame.fingerprint, now)
            if attempt.challenge is not None:
                self._watch_the_turn(attempt, eyes, frame, face, now)
                return None
            return self._gather(attempt, eyes, frame, face, now) if attempt.wants(now) else None

    def _gather(
        self, attempt: Attempt, eyes: Eyes, frame: Frame, face: DetectedFace, now: float
    ) -> Flaw | None:
        """quality → liveness → embed; what is good is kept for the fusion."""
        seen = seeing.prepare(eyes, frame, face, self._limits)
        if isinstance(seen, Flaw):
            return seen
        opinions: Sequence[float] = ()
        traces = None
        if attempt.lane.liveness is not LivenessMode.OFF:
            opinions = eyes.liveness.bona_fide(frame, face) if eyes.liveness else ()
            if attempt.is_early:  # the last frame decides, and is kept free of whatever can be done before
                traces = eyes.inspector.traces(frame, face)
        features = eyes.embedder.embed(seen.aligned)
        if attempt.is_somebody_else(features):
            attempt.start_again()
            attempt.tracks(face, frame.fingerprint, now)
        attempt.keep(features, opinions, traces, now)
        return None

    @staticmethod
    def _watch_the_turn(attempt: Attempt, eyes: Eyes, frame: Frame, face: DetectedFace, now: float) -> None:
        """The head turns, and is still the head that was looked at."""
        attempt.turn(face, now)
        if attempt.challenge is None:
            return
        if attempt.challenge.looks_straight and eyes.liveness:
            attempt.hears(eyes.liveness.bona_fide(frame, face))
        if attempt.doubts(eyes.embedder.embed(eyes.embedder.align(frame, face))):
            attempt.start_again()

    # --- deciding ---

    def _conclude(self, attempt: Attempt, now: float) -> Found | None:
        """The decision, once the evidence is there; None while it is not. Head turns are asked for before anybody is
        searched for: whether somebody is a member must not show in what is asked of them."""
        mode, turned = attempt.mode, attempt.turned
        if turned is not None:
            return self._recognise.decide(attempt, judge(mode, attempt.glimpses, turned))
        if attempt.challenge is not None:
            return _time_is_over(attempt, now)
        if mode is not LivenessMode.OFF and attempt.came_again:
            return self._recognise.decide(attempt, Spoof(Telltale.STILL))
        if not attempt.has_enough(now):
            return _time_is_over(attempt, now)
        verdict = judge(mode, attempt.glimpses)
        if not asks_for_turns(mode, verdict):
            return self._recognise.decide(attempt, verdict)
        attempt.ask_for_turns(draw(self._chance.secret(), TURNS + attempt.tries), now)
        return None

    # --- what a lane can do now ---

    def closed(self, lane: Lane) -> ReferReason | None:
        """Why this lane cannot look at faces now; None when it can."""
        if not lane.face_mode:
            return ReferReason.FACE_MODE_OFF
        if not self._go_live.is_open(lane.centre):  # law 5: whatever else is ready
            return ReferReason.NOT_REGISTERED
        if self._pool is None or self._gallery is None:
            return ReferReason.VISION_DOWN
        if not len(self._gallery):
            return ReferReason.NOBODY_ENROLLED
        known = self.threshold(lane) is not None and self._thresholds.of_one_person() is not None
        return None if known else ReferReason.NOT_CALIBRATED

    def threshold(self, lane: Lane) -> Threshold | None:
        """Law 7: see `thresholds`. None where there is none, and the lane is closed to faces."""
        return self._thresholds.of(lane)

    # --- the end ---

    def give_up(self, attempt: Attempt) -> Concluded | None:
        """Time ran out, or the person turned to the card: what was seen goes, and the card is asked for. None when
        the attempt has its decision already. Who was asked to turn has used an attempt: or a film could wait for the
        turns that it shows."""
        found = _over(attempt)
        return self._carry_out(attempt.lane, found, None) if attempt.end() else None

    def _carry_out(self, lane: Lane, found: Found, ms: float | None) -> Concluded:
        """record → act → tell."""
        self._attempts.ended(lane, found.decision, self._clock.monotonic())
        concluded = self._gate.carry_out(
            lane,
            found.decision,
            Method.FACE,
            greeting=found.greeting,
            comparison=found.comparison,
            ms=ms,
        )
        if isinstance(found.decision, Refer) and found.decision.telltale:
            text = f"What was shown to the camera is not a live face: {found.decision.telltale}. The door stayed shut."
            self._board.post(News(Topic.STAFF_NEEDED, lane.id, text, self._clock.now()))
        return concluded

    def _refer(self, lane: Lane, reason: ReferReason) -> Concluded:
        return self._gate.carry_out(lane, Refer(reason), Method.FACE)

    def _vision_failed(self, attempt: Attempt, error: Exception) -> Looking | Concluded:
        if not attempt.end():
            return Looking(0, attempt.needed)
        self._complain(attempt.lane, error)
        return self._refer(attempt.lane, ReferReason.VISION_DOWN)

    def _stop(self, attempt: Attempt, reason: ReferReason) -> Looking | Concluded:
        return self._refer(attempt.lane, reason) if attempt.end() else Looking(0, attempt.needed)

    def _complain(self, lane: Lane, error: Exception) -> None:
        """The error's kind only: its text may hold what the model was looking at (law 1)."""
        text = f"Face recognition failed ({type(error).__name__}). The card works."
        self._board.post(News(Topic.STAFF_NEEDED, lane.id, text, self._clock.now()))


def _time_is_over(attempt: Attempt, now: float) -> Found | None:
    return _over(attempt) if attempt.has_run_out(now) else None


def _over(attempt: Attempt) -> Found:
    """Nobody could be decided on in time."""
    asked = attempt.was_asked_to_turn
    return Found(Refer(ReferReason.CHALLENGE_FAILED if asked else ReferReason.NO_GOOD_FRAME))
