"""How often codes may be asked for and typed (RFC 8628 s. 5.1 and 5.2). In memory: a restart forgives."""

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

ASKED_BY_ADDRESS = parse_many("12/10 minute; 60/hour")
"""New codes: a screen asks once in ten minutes, and a centre's screens may share an address."""
WRONG_BY_STAFF = parse_many("10/15 minute")
"""Wrong codes at the desk, right ones do not count. Even a thousand would hit a waiting screen once in a million."""


class PairingPace:
    def __init__(self) -> None:
        self._windows = FixedWindowRateLimiter(MemoryStorage())

    def may_ask(self, address: str) -> bool:
        """Counts one new code."""
        return all(self._windows.hit(item, "asked", address) for item in ASKED_BY_ADDRESS)

    def may_type(self, staff: str) -> bool:
        return all(self._windows.test(item, "wrong", staff) for item in WRONG_BY_STAFF)

    def was_wrong(self, staff: str) -> None:
        for item in WRONG_BY_STAFF:
            self._windows.hit(item, "wrong", staff)
