"""Repositories of members, their consents, templates and links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stile.domain.access import Invitation
from stile.domain.consent import Consent
from stile.domain.ids import (
    CentreId,
    ConsentId,
    InvitationId,
    MemberId,
    PackId,
)
from stile.domain.look_alike import LookAlike
from stile.domain.member import Member


@dataclass(frozen=True, slots=True)
class AtTheLane:
    """A matched member as the store has them now. `consents`: a consent of theirs is live, and they did not ask that
    their template is not used (Art. 18). `look_alike`: another member's template of this pack is too much like theirs
    to tell them apart by face."""

    member: Member
    consents: bool
    look_alike: bool


class Members(Protocol):
    def add(self, member: Member) -> None:
        """Raises Conflict when the membership number or a card is taken."""
        ...

    def save(self, member: Member) -> None:
        """Writes the member with `version + 1`. Raises Conflict when somebody saved another version."""
        ...

    def get(self, id: MemberId) -> Member | None: ...
    def at_the_lane(self, id: MemberId, pack: PackId) -> AtTheLane | None:
        """All that the frame's path asks of the store, in one look."""
        ...

    def by_number(self, number: str) -> Member | None: ...
    def by_card(self, card: str) -> Member | None: ...
    def page(self, after: str = "", most: int = 100) -> Sequence[Member]:
        """By membership number, those after the given one."""
        ...

    def find(self, text: str, most: int = 50, skip: int = 0) -> Sequence[Member]:
        """Whose family or given name, number or card begins with the text; of two words and more one begins the given
        name and the other the family name. Always in the same order."""
        ...

    def count(self) -> int: ...


class Consents(Protocol):
    def add(self, consent: Consent) -> str:
        """Its digest, for the audit entry about it."""
        ...

    def live_of(self, member: MemberId) -> Consent | None: ...
    def withdraw(self, member: MemberId, at: datetime) -> int:
        """Ends every live consent of the member; how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class SealedTemplate:
    """A template at rest. `consent`: the live consent it stands under (law 2; the store enforces it)."""

    member: MemberId
    centre: CentreId
    pack: PackId
    consent: ConsentId
    sealed: bytes
    shots: int
    made_at: datetime


class Templates(Protocol):
    """Sealed templates and, in a table apart, their wrapped keys. Leaves go together or not at all."""

    def put(self, template: SealedTemplate, wrapped_key: bytes) -> None:
        """Adds, or replaces the member's template of that pack.

        Raises NoLiveConsent when its consent is not live and the member's own (law 2).
        """
        ...

    def erase(self, member: MemberId) -> int:
        """Deletes every template and every key of the member; how many templates there were."""
        ...

    def keys_of(self, member: MemberId) -> Sequence[bytes]: ...
    def has(self, member: MemberId, pack: PackId) -> bool: ...
    def of_pack(self, pack: PackId) -> Iterator[tuple[SealedTemplate, bytes]]:
        """All of one pack under a live consent that may be used (Art. 18), with their wrapped keys. Streams."""
        ...

    def of_member(self, member: MemberId, pack: PackId) -> tuple[SealedTemplate, bytes] | None:
        """The member's own, under a live consent, with its wrapped key; None also where it may not be used."""
        ...

    def changed_since(self, at: datetime) -> Sequence[MemberId]:
        """Whose template or consent changed since then, in any process (from the outbox)."""
        ...

    def count(self, pack: PackId) -> int: ...


class LookAlikes(Protocol):
    """Law 2: a pair goes with either template, in the same transaction."""

    def remove(self, pair: LookAlike) -> None:
        """The two are told apart now."""
        ...

    def add(self, pair: LookAlike) -> bool:
        """Whether it was not known before. Raises NotFound when one of the two has no template of that pack."""
        ...

    def of_pack(self, pack: PackId) -> Sequence[LookAlike]: ...
    def of_member(self, member: MemberId, pack: PackId) -> Sequence[LookAlike]: ...
    def count(self, pack: PackId) -> int: ...


class Invitations(Protocol):
    def add(self, invitation: Invitation) -> None: ...
    def by_digest(self, digest: str) -> Invitation | None: ...
    def by_code(self, code: str) -> Invitation | None:
        """By the digest of the code for a kiosk."""
        ...

    def latest_of(self, member: MemberId) -> Invitation | None: ...
    def was_sent(self, id: InvitationId, at: datetime) -> None: ...
    def end_all(self, member: MemberId, at: datetime) -> None:
        """Whatever links the member still had work no more."""
        ...

    def use(self, id: InvitationId, at: datetime) -> None:
        """Raises Conflict when it was used already."""
        ...
