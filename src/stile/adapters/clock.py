"""The machine's time and the operating system's randomness, as the application is given them."""

import secrets
import time
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from uuid_utils.compat import uuid7


class SystemClock:
    """Implements the port `Clock`. `zone`: where the centres are."""

    def __init__(self, zone: ZoneInfo = ZoneInfo("Europe/London")) -> None:  # noqa: B008 it cannot change
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return datetime.now(self._zone).date()

    def local(self) -> datetime:
        return datetime.now(self._zone)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemChance:
    """Implements the port `Chance`. Ids made in one process sort in the order they were made in."""

    def new_id(self) -> UUID:
        return uuid7()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)
