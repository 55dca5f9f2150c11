"""Time, chance and passwords."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def today(self) -> date:
        """The centres' own calendar day, by which a membership runs out."""
        ...

    def local(self) -> datetime:
        """Now, on the centres' own clock: by it a membership's hours are kept."""
        ...

    def monotonic(self) -> float:
        """Seconds; only differences mean anything."""
        ...


class Chance(Protocol):
    """The only source of randomness."""

    def new_id(self) -> UUID:
        """A UUIDv7; later ids sort after earlier ones."""
        ...

    def secret(self) -> str:
        """A token of 256 random bits, fit for a link."""
        ...


class Passwords(Protocol):
    """Slow on purpose: about 50 ms a call."""

    def hash(self, password: str) -> str:
        """argon2id, encoded with its parameters and salt."""
        ...

    def verify(self, hashed: str | None, password: str) -> bool:
        """Takes as long for nobody (`None`) as for somebody, so that names cannot be guessed by timing."""
        ...
