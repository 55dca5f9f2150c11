"""How often a sign-in may go wrong. In memory: a restart forgives. That is enough against guessing at twelve
characters, and keeps no addresses on disk.

A stranger can lock a name that they know, and an address that they share with a centre. Neither locks anybody out who
belongs there: a browser that signed in to the account before has a count of its own, and passkeys and the identity
provider have none (decision 0018).
"""

import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

WRONG_BY_NAME = parse_many("5/minute; 10/15 minute; 15/hour; 25/day")
WRONG_BY_ADDRESS = parse_many("20/minute; 60/hour; 200/day")
"""Wrong sign-ins allowed. The windows lie over one another, so that each lock-out is longer than the last; an
address gets more, because a whole centre may share one."""


class SignInPace:
    """Counts wrong sign-ins, for names that exist and names that do not alike. `browser`: what a known browser is
    counted under."""

    def __init__(self) -> None:
        self._windows = FixedWindowRateLimiter(MemoryStorage())

    def locked_for(self, name: str, address: str, browser: str | None = None) -> int:
        """Seconds until this name may be tried from here again; 0 when it may be now."""
        return max(self._locked(items, *key) for items, key in _counts(name, address, browser))

    def was_wrong(self, name: str, address: str, browser: str | None = None) -> None:
        for items, key in _counts(name, address, browser):
            for item in items:
                self._windows.hit(item, *key)

    def was_right(self, name: str, browser: str | None = None) -> None:
        """The name's count starts anew; the address's does not, or one account would open it to guess others."""
        items, key = _counts(name, "", browser)[0]
        for item in items:
            self._windows.clear(item, *key)

    def locked_for_own(self, what: str) -> int:
        """The same for a proof of an account that is known already (`what`: which, and whose): a code after the right
        password, a password given again. Counted by account alone: an address that a centre shares must not run full
        with its own people's sign-ins."""
        return self._locked(WRONG_BY_NAME, "own", what)

    def was_wrong_of_own(self, what: str) -> None:
        for item in WRONG_BY_NAME:
            self._windows.hit(item, "own", what)

    def was_right_of_own(self, what: str) -> None:
        for item in WRONG_BY_NAME:
            self._windows.clear(item, "own", what)

    def _locked(self, items: list[RateLimitItem], *key: str) -> int:
        waits = [
            self._windows.get_window_stats(item, *key).reset_time - time.time()
            for item in items
            if not self._windows.test(item, *key)
        ]
        return max((int(wait) + 1 for wait in waits), default=0)


def _counts(
    name: str, address: str, browser: str | None
) -> list[tuple[list[RateLimitItem], tuple[str, ...]]]:
    plain = name.strip().casefold()[:100]
    if browser is not None:
        return [(WRONG_BY_NAME, ("browser", plain, browser))]
    return [(WRONG_BY_NAME, ("name", plain)), (WRONG_BY_ADDRESS, ("address", address))]


def in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{-(-minutes // 60)} hours"
