"""The machine's time and the operating system's randomness, as the application is given them."""

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


class SystemClock:
    """Implements the port `Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class SystemChance:
    """Implements the port `Chance`. Ids made in one process sort in the order they were made in."""

    def new_id(self) -> UUID:
        return uuid7()

    def secret(self) -> str:
        return secrets.token_urlsafe(32)
