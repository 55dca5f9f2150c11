"""Repository of data protection impact assessments."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.dpia import Assessment


class Assessments(Protocol):
    """Only added to: each version is kept."""

    def add(self, assessment: Assessment) -> None:
        """Raises Conflict when its number is taken: somebody saved another version meanwhile."""
        ...

    def latest(self, deployment: str) -> Assessment | None: ...
    def versions(self, deployment: str) -> Sequence[Assessment]:
        """Newest first."""
        ...
