"""A clock that stands still until it is told to go on."""

from datetime import UTC, date, datetime, timedelta


class FakeClock:
    def __init__(self, now: datetime = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)) -> None:
        self._now, self._started = now, now

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        return self._now.date()

    def local(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._started).total_seconds()

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
