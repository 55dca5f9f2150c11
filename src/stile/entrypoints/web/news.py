"""What the staff must see to, until one of them says that they did. In memory, and of this process."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from threading import Lock

from stile.domain.ids import LaneId
from stile.ports import News, Noticeboard, Topic

MOST = 20
"""Older ones give way: a fault that repeats every second must not fill the memory or the page."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`times`: how often the same was said since it was first shown."""

    id: int
    lane: LaneId
    text: str
    at: datetime
    times: int = 1


class Alerts:
    """Thread-safe. Ends with `close`."""

    def __init__(self, board: Noticeboard) -> None:
        self._lock, self._numbers = Lock(), count(1)
        self._open: OrderedDict[tuple[LaneId, str], Alert] = OrderedDict()
        self.close = board.subscribe(self._read)

    def _read(self, news: News) -> None:
        if news.topic is not Topic.STAFF_NEEDED:
            return
        with self._lock:
            key = (news.lane, news.text)
            before = self._open.pop(key, None)
            number, times = (before.id, before.times + 1) if before else (next(self._numbers), 1)
            self._open[key] = Alert(number, news.lane, news.text, news.at, times)
            while len(self._open) > MOST:
                self._open.popitem(last=False)

    def open(self) -> list[Alert]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._open.values()))

    def dismiss(self, id: int) -> None:
        """No error when it is gone: two people may press at once."""
        with self._lock:
            for key, alert in self._open.items():
                if alert.id == id:
                    del self._open[key]
                    return
