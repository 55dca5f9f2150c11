"""In-process news for open pages. A page that is slow or gone loses news; the lane never waits for it."""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from stile.ports import News


class InProcessNoticeboard:
    """Implements ports.Noticeboard. Each reader is called in the thread that posts, so it only puts the news
    into a queue of its own; when that queue is full, what it raises is the drop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._readers: tuple[Callable[[News], None], ...] = ()

    def post(self, news: News) -> None:
        for reader in self._readers:  # a tuple that is replaced, never changed: no lock on the lane's path
            with suppress(Exception):
                reader(news)

    def subscribe(self, reader: Callable[[News], None]) -> Callable[[], None]:
        mine = _Subscription(reader)
        with self._lock:
            self._readers = (*self._readers, mine)

        def end() -> None:
            with self._lock:
                self._readers = tuple(one for one in self._readers if one is not mine)

        return end


class _Subscription:
    """One reader may subscribe twice and end either subscription: they differ by identity."""

    def __init__(self, reader: Callable[[News], None]) -> None:
        self._reader = reader

    def __call__(self, news: News) -> None:
        self._reader(news)
