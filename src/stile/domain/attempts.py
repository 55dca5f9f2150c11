"""Every retry adds its own chance of a false match, so a person has a set number of them; then the card is asked for.

Nobody is told apart here, and nothing of a face is kept to do it (law 1): failed attempts that follow each other at one
lane within half a minute count as one person's. Who comes right after somebody else's failures may be asked for the
card once too often, which is a polite mistake.
"""

from dataclasses import dataclass

from stile.domain.passage import ReferReason

ONE_PERSON = 30.0
"""Seconds after a failure, or after the pause that it brought, within which another one is taken for the same
person's."""
PAUSE = 20.0
"""Seconds that the lane then asks for the card. Whoever goes on failing waits twice as long each time."""
LONGEST_PAUSE = 160.0

COUNTED = frozenset(
    {
        ReferReason.NO_MATCH,
        ReferReason.NOT_SHOWN_LIVE,
        ReferReason.CHALLENGE_FAILED,
        ReferReason.SPOOF,
        ReferReason.NO_CONSENT,
    }
)
"""Failures after a face was compared or judged. A frame that was too dark is no throw of the dice, and a member who has
a double must not close the lane to those behind them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Failures in a row at one lane. `last`: when, seconds on a monotonic clock."""

    failures: int = 0
    last: float = float("-inf")

    def after_failure(self, allowed: int, at: float) -> "Run":
        goes_on = at - self.last <= ONE_PERSON + self.pause(allowed)
        return Run(self.failures + 1 if goes_on else 1, at)

    def pause(self, allowed: int) -> float:
        """Seconds after the last failure in which the card is asked for."""
        beyond = self.failures - allowed
        return 0.0 if beyond < 0 else float(min(PAUSE * 2.0 ** min(beyond, 16), LONGEST_PAUSE))

    def leaves(self, allowed: int, at: float) -> int:
        """How many attempts may be under way now: what is left of those allowed, or one after each pause."""
        if self.failures >= allowed and at - self.last <= self.pause(allowed):
            return 0
        if at - self.last > ONE_PERSON + self.pause(allowed):
            return allowed
        return max(1, allowed - self.failures)


def fpir_of_a_person(fpir: float, attempts: int) -> float:
    """How often a stranger who uses all attempts may be let in; retries of one person are less than independent, so
    this is the most."""
    return float(1 - (1 - fpir) ** attempts)
