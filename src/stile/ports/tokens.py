"""Repository of other programs' tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from stile.domain.ids import TokenId
from stile.domain.tokens import Token


class Tokens(Protocol):
    def add(self, token: Token) -> None: ...
    def by_digest(self, digest: str) -> Token | None:
        """Also one that is revoked or over: the caller looks."""
        ...

    def get(self, id: TokenId) -> Token | None: ...
    def all(self) -> Sequence[Token]:
        """Newest first."""
        ...

    def used(self, id: TokenId, at: datetime) -> None: ...
    def revoke(self, id: TokenId, at: datetime) -> None:
        """Raises NotFound for a token that was never made. Twice is no error, and keeps the first time."""
        ...
