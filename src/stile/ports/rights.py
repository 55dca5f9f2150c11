"""Repositories of requests, of the members' own page, and of templates that are not to be used."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from stile.domain.consent import Consent
from stile.domain.held import HeldFact, HeldLink, TemplateDescribed, Trace
from stile.domain.ids import LinkId, MemberId, RequestId
from stile.domain.own_page import OwnLink, OwnSession
from stile.domain.rights_request import RightsRequest


class RightsRequests(Protocol):
    def next_number(self) -> int:
        """The number of the next request; in the transaction that adds it."""
        ...

    def add(self, request: RightsRequest) -> None: ...
    def save(self, request: RightsRequest) -> None:
        """Adds the steps that are new, with `version + 1`. Raises Conflict when somebody saved another version."""
        ...

    def get(self, id: RequestId) -> RightsRequest | None: ...
    def open(self) -> Sequence[RightsRequest]:
        """Those that are not over, the oldest first."""
        ...

    def over(self, most: int = 100) -> Sequence[RightsRequest]:
        """Answered, refused or closed, the newest first."""
        ...

    def of_member(self, member: MemberId) -> Sequence[RightsRequest]:
        """Newest first."""
        ...


class OwnLinks(Protocol):
    def add(self, link: OwnLink) -> None: ...
    def by_digest(self, digest: str) -> OwnLink | None: ...
    def use(self, id: LinkId, at: datetime) -> None:
        """Raises Conflict when it was used already."""
        ...

    def end_all(self, member: MemberId, at: datetime) -> None:
        """Whatever links the member still had work no more."""
        ...


class OwnSessions(Protocol):
    def add(self, session: OwnSession) -> None: ...
    def by_digest(self, digest: str) -> OwnSession | None: ...
    def seen(self, digest: str, at: datetime) -> None: ...
    def remove(self, digest: str) -> None: ...
    def remove_of(self, member: MemberId, but: str | None = None) -> int:
        """All of the member's, but the one with this digest; how many there were."""
        ...

    def remove_older(self, seen_before: datetime, begun_before: datetime) -> int: ...


class Restrictions(Protocol):
    """UK GDPR Art. 18: the template is kept and not used. Adding and lifting tell the outbox, so that every gallery
    follows."""

    def add(self, member: MemberId, since: datetime) -> bool:
        """Whether it is new. Raises NotFound for nobody."""
        ...

    def lift(self, member: MemberId) -> bool:
        """Whether there was one."""
        ...

    def since(self, member: MemberId) -> datetime | None: ...


class PersonHeld(Protocol):
    """All that stands in the store about one member, for that member."""

    def addressed_by(self, wanted: str) -> Sequence[tuple[MemberId, str]]:
        """Members with this membership number or e-mail address, in whichever case, who have an e-mail address; and
        that address."""
        ...

    def consents(self, member: MemberId) -> Sequence[Consent]:
        """Newest first, also those that were withdrawn."""
        ...

    def templates(self, member: MemberId) -> Sequence[TemplateDescribed]:
        """Described; what opens them is not read."""
        ...

    def trail(self, member: MemberId) -> Sequence[Trace]:
        """The audit entries that name the member or one of their consents, as subject or as the one who acted, newest
        first. `by` is the actor's id as it stands there."""
        ...

    def links(self, member: MemberId) -> Sequence[HeldLink]: ...
    def others(self, member: MemberId) -> Sequence[HeldFact]:
        """What else is kept that is about the member: how else they come in, being inside, what their parents said."""
        ...
