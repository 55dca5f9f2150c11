"""How many attempts a lane allows in a row, and at once: two screens of one lane give nobody twice as many tries.

Thread-safe. In memory: a restart forgives.
"""

from threading import Lock
from weakref import WeakSet

from stile.application.attempt import Attempt
from stile.domain.attempts import COUNTED, Run
from stile.domain.ids import LaneId
from stile.domain.passage import Admit, Decision, Refer
from stile.domain.places import Lane


class Attempts:
    def __init__(self) -> None:
        self._runs: dict[LaneId, Run] = {}
        self._live: dict[LaneId, WeakSet[Attempt]] = {}
        self._lock = Lock()

    def admits(self, attempt: Attempt, now: float) -> bool:
        """Whether this attempt may begin; it is then one of those under way, until it is over or forgotten."""
        lane = attempt.lane
        with self._lock:
            live = self._live.setdefault(lane.id, WeakSet())
            for one in [one for one in live if one.over or one.has_run_out(now)]:
                live.discard(one)
            if len(live) >= self._runs.get(lane.id, Run()).leaves(lane.attempts, now):
                return False
            live.add(attempt)
            return True

    def ended(self, lane: Lane, decision: Decision, now: float) -> None:
        """What came of one. Only who is let in wipes out the failures before."""
        with self._lock:
            if isinstance(decision, Refer) and decision.reason in COUNTED:
                self._runs[lane.id] = self._runs.get(lane.id, Run()).after_failure(lane.attempts, now)
            elif isinstance(decision, Admit):
                self._runs.pop(lane.id, None)
