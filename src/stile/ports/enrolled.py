"""Repository of how many members are enrolled: counts only, and nobody's name."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.enrolled import Born


class EnrolledMembers(Protocol):
    def born(self) -> Sequence[Born]:
        """Members who have a template, of whichever pack, by their own centre and date of birth."""
        ...
