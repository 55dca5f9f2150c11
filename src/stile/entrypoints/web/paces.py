"""How often something may be tried: sign-in by name and by address, and frames and attempts by kiosk.

In memory: a restart forgives. That is enough against guessing at twelve characters, and keeps no addresses on disk.
"""

import time
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from stile.ports import Clock

WRONG_BY_NAME = parse_many("5/minute; 10/15 minute; 15/hour; 25/day")
WRONG_BY_ADDRESS = parse_many("20/minute; 60/hour; 200/day")
"""Wrong sign-ins allowed. The windows lie over one another, so that each lock-out is longer than the last; an
address gets more, because a whole centre may share one."""


class SignInPace:
    """Counts wrong sign-ins, for names that exist and names that do not alike."""

    def __init__(self) -> None:
        self._windows = FixedWindowRateLimiter(MemoryStorage())

    def locked_for(self, name: str, address: str) -> int:
        """Seconds until this name may be tried from this address again; 0 when it may be now."""
        return max(
            self._locked(WRONG_BY_NAME, "name", _plain(name)),
            self._locked(WRONG_BY_ADDRESS, "address", address),
        )

    def was_wrong(self, name: str, address: str) -> None:
        for item in WRONG_BY_NAME:
            self._windows.hit(item, "name", _plain(name))
        for item in WRONG_BY_ADDRESS:
            self._windows.hit(item, "address", address)

    def was_right(self, name: str) -> None:
        """The name's count starts anew; the address's does not, or one account would open it to guess others."""
        for item in WRONG_BY_NAME:
            self._windows.clear(item, "name", _plain(name))

    def _locked(self, items: list[RateLimitItem], *key: str) -> int:
        waits = [
            self._windows.get_window_stats(item, *key).reset_time - time.time()
            for item in items
            if not self._windows.test(item, *key)
        ]
        return max((int(wait) + 1 for wait in waits), default=0)


def _plain(name: str) -> str:
    return name.strip().casefold()[:100]


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
