"""How often something may be tried: frames and attempts by kiosk. Signing in: `sign_in_pace`."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from stile.ports import Clock


@dataclass(slots=True)
class Pace:
    """At most `most` in any `seconds`, for each key. Thread-safe; no timer threads, fit for every frame."""

    clock: Clock
    most: int
    seconds: float
    _seen: dict[Hashable, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def allows(self, key: Hashable) -> bool:
        """Counts one, unless it is one too many."""
        now = self.clock.monotonic()
        with self._lock:
            times = self._seen.setdefault(key, deque(maxlen=self.most))
            if len(times) == self.most and now - times[0] < self.seconds:
                return False
            times.append(now)
            return True
