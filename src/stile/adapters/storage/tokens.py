"""Tokens of other programs: digests only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import NotFound
from stile.domain.ids import StaffId, TokenId
from stile.domain.roles import Permission
from stile.domain.tokens import Token

token = tables.api_token


class SqlTokens:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, token: Token) -> None:
        self._tx.add(
            tables.api_token,
            {
                "id": token.id,
                "name": token.name,
                "digest": token.digest,
                "permissions": " ".join(sorted(token.permissions)),
                "made_by": token.made_by,
                "made_at": token.made_at,
                "expires_at": token.expires_at,
                "used_at": token.used_at,
                "revoked_at": token.revoked_at,
            },
            taken="that token exists already",
            missing="the token's maker does not exist",
        )

    def by_digest(self, digest: str) -> Token | None:
        row = self._tx.one(select(token).where(token.c.digest == digest))
        return None if row is None else _token(row)

    def get(self, id: TokenId) -> Token | None:
        row = self._tx.one(select(token).where(token.c.id == id))
        return None if row is None else _token(row)

    def all(self) -> Sequence[Token]:
        return [_token(row) for row in self._tx.all(select(token).order_by(token.c.id.desc()))]

    def used(self, id: TokenId, at: datetime) -> None:
        self._tx.run(update(token).where(token.c.id == id).values(used_at=at))

    def revoke(self, id: TokenId, at: datetime) -> None:
        """Raises NotFound as the port says."""
        standing = update(token).where(token.c.id == id, token.c.revoked_at.is_(None))
        if not self._tx.run(standing.values(revoked_at=at)).rowcount and self.get(id) is None:
            raise NotFound("There is no such token.")


def _token(row: AnyRow) -> Token:
    return Token(
        TokenId(row.id),
        row.name,
        row.digest,
        frozenset(Permission(one) for one in row.permissions.split()),
        None if row.made_by is None else StaffId(row.made_by),
        row.made_at,
        row.expires_at,
        row.used_at,
        row.revoked_at,
    )
