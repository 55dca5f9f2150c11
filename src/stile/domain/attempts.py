"""Every retry adds its own chance of a false match, so a person has a set number of them; then the card is asked for.

Nobody is told apart here, and nothing of a face is kept to do it (law 1): failed attempts that follow each other at one
lane within half a minute count as one person's. Who comes right after somebody else's failures may be asked for the
card once too often, which is a polite mistake.
"""

from dataclasses import dataclass

from stile.domain.passage import ReferReason

ONE_PERSON = 30.0
"""Seconds after a failure within which another one is taken for the same person's."""
PAUSE = 20.0
"""Seconds that the lane then asks for the card."""

COUNTED = frozenset(
    {
        ReferReason.NO_MATCH,
        ReferReason.AMBIGUOUS,
        ReferReason.NOT_SHOWN_LIVE,
        ReferReason.CHALLENGE_FAILED,
        ReferReason.SPOOF,
        ReferReason.NO_CONSENT,
    }
)
"""Failures after a face was compared or judged; a frame that was too dark is no throw of the dice."""


@dataclass(frozen=True, slots=True)
class Run:
    """Failures in a row at one lane. `last`: when, seconds on a monotonic clock."""

    failures: int = 0
    last: float = float("-inf")

    def after_failure(self, at: float) -> "Run":
        return Run(self.failures + 1 if at - self.last <= ONE_PERSON else 1, at)

    def is_spent(self, allowed: int, at: float) -> bool:
        """Whether the card is asked for now instead of another look."""
        return self.failures >= allowed and at - self.last <= PAUSE


def fpir_of_a_person(fpir: float, attempts: int) -> float:
    """How often a stranger who uses all attempts may be let in; retries of one person are less than independent, so
    this is the most."""
    return float(1 - (1 - fpir) ** attempts)
