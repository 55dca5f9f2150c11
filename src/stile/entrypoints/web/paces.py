"""How often something may be tried: frames and attempts by kiosk. Signing in: `sign_in_pace`."""

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from stile.ports import Clock

MOST_KEYS = 10_000
"""Kept at once: whoever has many addresses must not fill the memory with them. One more, and those go whose time is
over; where none is, the oldest, whose count begins anew."""


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
            times = self._seen.get(key)
            if times is None:
                self._make_room(now)
                times = self._seen[key] = deque(maxlen=self.most)
            if len(times) == self.most and now - times[0] < self.seconds:
                return False
            times.append(now)
            return True

    def _make_room(self, now: float) -> None:
        if len(self._seen) < MOST_KEYS:
            return
        for key in [key for key, times in self._seen.items() if now - times[-1] >= self.seconds]:
            del self._seen[key]
        while len(self._seen) >= MOST_KEYS:
            del self._seen[next(iter(self._seen))]
