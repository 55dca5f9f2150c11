"""The ways in without a face: PINs, phones, the links that set them up, and what they need of the world."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from stile.domain.ids import LaneId, MemberId
from stile.domain.passes import Phone, SetsUp
from stile.domain.pins import PinKept
from stile.domain.waits import Counted, Wait


class Pins(Protocol):
    """Hashes PINs, and seals the hash under the site key: ten thousand PINs are tried in minutes by whoever holds a
    stolen store, unless the store alone is of no use."""

    def seal(self, member: MemberId, pin: str) -> bytes:
        """Slow on purpose: about 16 ms and 7 MiB."""
        ...

    def fits(self, member: MemberId | None, sealed: bytes | None, pin: str) -> bool:
        """Takes as long for nobody (`None`) as for somebody. Raises CannotDecrypt when the site key is not the one that
        it was sealed under."""
        ...


class Signatures(Protocol):
    """ECDSA on P-256 with SHA-256 (FIPS 186-5)."""

    def key(self, text: str) -> bytes:
        """A public key as a phone gives it (SubjectPublicKeyInfo, base64), in DER. Raises WrongValue for another."""
        ...

    def are_good(self, key: bytes, message: bytes, r: int, s: int) -> bool: ...


class Alternatives(Protocol):
    """What a member comes in with besides cards. One PIN and one phone each."""

    def pin_of(self, member: MemberId) -> PinKept | None: ...

    def keep_pin(self, pin: PinKept) -> None:
        """Instead of the one before. Raises NotFound for nobody."""
        ...

    def count_failures(self, member: MemberId, failures: int, rests_until: datetime | None) -> None: ...

    def forget_pin(self, member: MemberId) -> bool:
        """Whether there was one."""
        ...

    def phone(self, handle: str) -> Phone | None: ...
    def phone_of(self, member: MemberId) -> Phone | None: ...

    def keep_phone(self, phone: Phone) -> None:
        """Instead of the one before, which works no more. Raises NotFound for nobody."""
        ...

    def used(self, phone: Phone) -> None:
        """Keeps the newest step, when and where. Called in the transaction that records the passage."""
        ...

    def forget_phone(self, member: MemberId) -> bool:
        """Whether there was one."""
        ...

    def add_link(self, digest: str, member: MemberId, sets_up: SetsUp, expires_at: datetime) -> None:
        """Ends the member's earlier links of that kind."""
        ...

    def link(self, digest: str, sets_up: SetsUp, at: datetime) -> MemberId | None:
        """Whose link it is; None when it is unknown, used or over."""
        ...

    def end_links(self, member: MemberId, sets_up: SetsUp) -> None: ...


class Waits(Protocol):
    """How long people waited. Names nobody and no passage; only added to."""

    def add(self, wait: Wait) -> None: ...

    def since(self, day: date | None = None, lane: LaneId | None = None) -> Sequence[Wait]:
        """Of that day and later."""
        ...

    def counted(self, since: datetime | None = None, lane: LaneId | None = None) -> Sequence[Counted]:
        """Passages by way, outcome and reason; those that went by now are in it, by the day."""
        ...
