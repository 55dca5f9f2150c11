"""The public account as it is served: made anew at most once a minute, whoever asks how often (law 4: lanes need the
store and the threads more)."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from stile.domain.errors import StileError
from stile.entrypoints.transparency.files import File

Files = Mapping[str, File]
FOR = timedelta(minutes=1)


@dataclass(slots=True)
class PublicNow:
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _made: tuple[datetime, Files] | None = None

    def files(self, now: datetime, make: Callable[[], Files]) -> Files:
        """What was made within the last minute of the same day. While it is made anew, others get the one before."""
        held = self._made
        if held is not None and _is_fresh(held[0], now):
            return held[1]
        if not self._lock.acquire(blocking=held is None or held[0].date() != now.date()):
            assert held is not None
            return held[1]
        try:
            held = self._made
            if held is None or not _is_fresh(held[0], now):
                held = self._made = (now, self._made_or(held, make))
            return held[1]
        finally:
            self._lock.release()

    @staticmethod
    def _made_or(held: tuple[datetime, Files] | None, make: Callable[[], Files]) -> Files:
        """What was made before where it cannot be made now: the store is busy, or what is left out cannot be logged."""
        try:
            return make()
        except StileError:
            if held is None:
                raise
            return held[1]


def _is_fresh(made: datetime, now: datetime) -> bool:
    return made <= now < made + FOR and made.date() == now.date()
