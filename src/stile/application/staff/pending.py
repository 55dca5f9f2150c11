"""What was asked and is not answered yet: a challenge, a journey to the identity provider. Each answer is taken once
and in time. In memory: whoever is under way when the program restarts begins anew, and nobody who has not signed in
can make the store write."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

from stile.ports import Clock

T = TypeVar("T")

MOST = 50_000
"""Kept at once; one more, and the oldest goes. Far more than anybody can ask for while a person finds their key, so
that a flood drives nobody's question out; 20 MB at most."""


class Pending(Generic[T]):
    """Thread-safe. `lasts`: seconds."""

    def __init__(self, clock: Clock, lasts: float) -> None:
        self._clock, self._lasts = clock, lasts
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self._lock = Lock()

    def put(self, key: Hashable, asked: T) -> None:
        """In place of what this key asked before."""
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = (self._clock.monotonic() + self._lasts, asked)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def take(self, key: Hashable) -> T | None:
        """None when nothing was asked, when it was answered before, or too long ago."""
        with self._lock:
            until, asked = self._kept.pop(key, (0.0, None))
        return asked if asked is not None and self._clock.monotonic() < until else None
