"""What the kiosks of this process are doing at this moment, for the desk."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from stile.domain.ids import LaneId


class LanesNow:
    """Written from the event loop only; read from anywhere."""

    def __init__(self) -> None:
        self._screens: Counter[LaneId] = Counter()
        self._looking: Counter[LaneId] = Counter()

    @contextmanager
    def screen(self, lane: LaneId) -> Iterator[None]:
        """A kiosk of the lane is connected."""
        self._screens[lane] += 1
        try:
            yield
        finally:
            self._screens[lane] -= 1

    def asked(self, lane: LaneId) -> None:
        """Somebody asked to come in by face; `answered` follows without fail."""
        self._looking[lane] += 1

    def answered(self, lane: LaneId) -> None:
        self._looking[lane] -= 1

    def screens(self, lane: LaneId) -> int:
        return self._screens[lane]

    def looking(self, lane: LaneId) -> bool:
        return self._looking[lane] > 0
