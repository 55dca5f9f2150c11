"""PINs at rest: argon2id (RFC 9106), and the hash sealed under the site key, which is not in the store.

A PIN of four digits falls to whoever may try all ten thousand, whatever the hash costs: against a stolen store only the
site key protects it. argon2id is for the case that the key is stolen as well; its cost is bounded by the lane, where a
PIN must be as quick as a card, beside a recogniser that is at work. Of the choices that the OWASP Password Storage
Cheat Sheet calls equal, 7 MiB and 5 passes suffers least there: 16 ms alone on a core, a quarter of what staff
passwords take (`passwords`), and half of the next choice's time on a machine with five programs to a core.
"""

from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from stile.domain.ids import MemberId
from stile.ports import Vault

MEMORY_KIB = 7_168
PASSES = 5
LANES = 1

KIND = "pin"
NOBODY = MemberId(UUID(int=0))
NO_HASH = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"
"""Looks like a hash and costs as much to check. No PIN is known that fits it, and none would be let in."""


class SealedPins:
    """Implements the port `Pins`. Thread-safe; 16 ms and 7 MiB a call."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._of_nobody = vault.seal_secret(KIND, NOBODY, NO_HASH.encode())

    def seal(self, member: MemberId, pin: str) -> bytes:
        return self._vault.seal_secret(KIND, member, self._hasher.hash(pin).encode())

    def fits(self, member: MemberId | None, sealed: bytes | None, pin: str) -> bool:
        known = member is not None and sealed is not None
        hashed = (
            self._vault.open_secret(KIND, member, sealed)
            if member is not None and sealed is not None
            else self._vault.open_secret(KIND, NOBODY, self._of_nobody)
        )
        try:
            return self._hasher.verify(hashed.decode(), pin) and known
        except (VerificationError, InvalidHashError):
            return False
