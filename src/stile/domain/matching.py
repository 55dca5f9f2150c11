"""Scores → Match | NoMatch | Ambiguous. The threshold comes from a stated rate (law 7), never from here.

When two members lie at or above the threshold the answer is Ambiguous and the lane asks for the card. At a
threshold set for a false-positive rate of 1 in 1,000 this costs a member about one refusal in 1,000, and it
spares us a margin constant that nobody could justify.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stile.domain.errors import WrongValue
from stile.domain.ids import MemberId


@dataclass(frozen=True, slots=True)
class Candidate:
    """A gallery member and the cosine of their template with the probe, -1 to 1."""

    member: MemberId
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """One member, alone, at or above the threshold."""

    member: MemberId
    score: float


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody at or above the threshold. Carries no score: it would be derived from a stranger (law 1)."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two members or more at or above the threshold. Names nobody: one of them is the wrong one."""


Matching = Match | NoMatch | Ambiguous


def compare(candidates: Sequence[Candidate], threshold: float) -> Matching:
    """`candidates`: the gallery's best two or more, best first."""
    if not -1 <= threshold <= 1:
        raise WrongValue(f"a threshold is a cosine between -1 and 1, not {threshold}")
    over = [one for one in candidates if one.score >= threshold]
    if not over:
        return NoMatch()
    if len(over) > 1:
        return Ambiguous()
    return Match(over[0].member, over[0].score)
