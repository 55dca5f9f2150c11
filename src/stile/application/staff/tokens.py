"""Tokens of other programs are made, recognised and revoked. The secret is shown once and kept nowhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from stile.domain.access import Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import WrongValue
from stile.domain.ids import TokenId
from stile.domain.roles import Permission, held
from stile.domain.tokens import LONGEST, PREFIX, Stopped, Token, check_grant, stopped
from stile.ports import Chance, Clock, Store, UnitOfWork

SEEN_EVERY = timedelta(hours=1)
"""How exactly it is kept when a token was last used: each call would otherwise be a write."""


@dataclass(frozen=True, slots=True)
class Given:
    """A token as the list shows it. `maker`: the name of the account that made it. `stopped`: why it opens nothing;
    None while it works."""

    token: Token
    maker: str
    stopped: Stopped | None


class Tokens:
    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store, self._clock, self._chance = store, clock, chance

    def make(
        self, name: str, permissions: Collection[Permission], days: int, maker: Staff
    ) -> tuple[Token, str]:
        """The token and its secret. Raises NotAllowed for more than the maker holds, WrongValue for what cannot be."""
        check_grant(permissions, held(maker.roles))
        if not 1 <= days <= LONGEST.days:
            raise WrongValue(f"A token lasts from 1 to {LONGEST.days} days.")
        secret, now = PREFIX + self._chance.secret(), self._clock.now()
        token = Token(
            TokenId(self._chance.new_id()),
            name.strip(),
            digest_of(secret),
            frozenset(permissions),
            maker.id,
            now,
            now + timedelta(days=days),
        )
        with self._store.begin() as work:
            work.tokens.add(token)
            may = " ".join(sorted(token.permissions))
            work.audit.append(now, Event.TOKEN_MADE, str(maker.id), str(token.id), {"may": may, "days": days})
            work.commit()
        return token, secret

    def recognise(self, secret: str) -> Token | None:
        """The token with this secret, while it works."""
        now = self._clock.now()
        with self._store.read() as work:
            token = work.tokens.by_digest(digest_of(secret))
            if token is None or stopped(token, _maker(work, token), now):
                return None
        if token.used_at is None or now - token.used_at >= SEEN_EVERY:
            with self._store.begin() as work:
                work.tokens.used(token.id, now)
                work.commit()
        return token

    def all(self) -> Sequence[Given]:
        """Newest first."""
        now = self._clock.now()
        with self._store.read() as work:
            accounts = {one.id: one for one in work.staff.all()}
            made = [
                (token, accounts.get(token.made_by) if token.made_by else None) for token in work.tokens.all()
            ]
        return [
            Given(token, maker.name if maker else "", stopped(token, maker, now)) for token, maker in made
        ]

    def revoke(self, id: TokenId, actor: str) -> None:
        """At once, and for good. Raises NotFound."""
        now = self._clock.now()
        with self._store.begin() as work:
            work.tokens.revoke(id, now)
            work.audit.append(now, Event.TOKEN_REVOKED, actor, str(id))
            work.commit()


def _maker(work: UnitOfWork, token: Token) -> Staff | None:
    return None if token.made_by is None else work.staff.get(token.made_by)
