"""The templates in memory, and who may ask them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stile.domain.faces import Probe, Template
from stile.domain.ids import (
    MemberId,
    PackId,
)
from stile.domain.matching import Candidate


@dataclass(frozen=True, slots=True)
class Pairs:
    """What members' templates score against each other. `members`: who was compared, each with every other one.
    `first`, `second`: of a pair, their places in `members`; `scores`: cosines, the highest first. `comparisons`: how
    many pairs there were, of which these are the highest. `gallery`: how many members there were to choose from."""

    members: Sequence[MemberId]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    scores: NDArray[np.float32]
    comparisons: int
    gallery: int


class Gallery(Protocol):
    """The templates of members who consented, in memory, for one pack. Exact search, thread-safe.

    Law 3: `search` is called by the admission of a person who asked to come in and by the duplicate check of
    enrolment, `verify` by the admission of a person who said who they are, `between` by the site's own calibration,
    which brings nobody to look for. Nothing else calls them; a test reads the sources for it.
    """

    @property
    def pack(self) -> PackId: ...

    def __len__(self) -> int: ...

    def put(self, member: MemberId, template: Template) -> None:
        """Adds, or replaces what stood there. Raises WrongValue for a template of another pack."""
        ...

    def load(self, templates: Iterable[tuple[MemberId, Template]]) -> None:
        """Replaces everything, at start. Much faster than as many `put`."""
        ...

    def remove(self, member: MemberId) -> bool:
        """Whether there was something to remove. The vector's memory is overwritten."""
        ...

    def search(self, probe: Probe, most: int = 2) -> Sequence[Candidate]:
        """The best `most` members by cosine, best first. Raises WrongValue for a probe of another pack."""
        ...

    def verify(self, member: MemberId, probe: Probe) -> float | None:
        """One to one: the cosine with this member's template; None when they have none here."""
        ...

    def between(self, highest: int, most: int, seed: int) -> Pairs:
        """The highest so many pairs of members. Of a gallery larger than `most`, so many members are drawn at random.

        Takes seconds at 20,000 members and rests as long as it works; never makes a search or a change wait. Who is
        removed meanwhile is in no pair.
        """
        ...
