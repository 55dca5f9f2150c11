"""Staff of operators who have an identity provider sign in there. Who somebody is is what the provider says (issuer and
subject, never a name or an address, which others could take); what they may do is what their groups there map to, read
anew at each sign-in. Whoever has no mapped group gets no account, and what they had is closed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from stile.application.staff.failed_sign_ins import FailedSignIns
from stile.application.staff.pending import Pending
from stile.application.staff.sessions import Sessions, SignedIn, Visitor
from stile.domain.access import Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotConfigured
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.domain.sessions import FRESH, Means, Session, Stage
from stile.ports import Chance, Clock, Identity, IdentityProvider, Journey, Store, UnitOfWork

JOURNEY_LASTS = 600.0
TOO_LATE = "That took too long. Please sign in again."
NO_ROLE = "Your work account has no role here. Please ask whoever manages it."
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When somebody proved who they are, where the provider does not say: never fresh enough for what is sensitive."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """`next`: the page that was wanted. `session`: of whoever only proves again who they are."""

    journey: Journey
    next: str
    session: str | None


@dataclass(frozen=True, slots=True)
class Arrived:
    signed_in: SignedIn
    next: str


class ProviderSignIn:
    def __init__(
        self,
        store: Store,
        provider: IdentityProvider | None,
        roles: Mapping[str, Role],
        sessions: Sessions,
        failed: FailedSignIns,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._store, self._provider, self._roles = store, provider, roles
        self._sessions, self._failed = sessions, failed
        self._clock, self._chance = clock, chance
        self._under_way: Pending[UnderWay] = Pending(clock, JOURNEY_LASTS)

    @property
    def is_set_up(self) -> bool:
        return self._provider is not None

    def leave(self, browser: str, next: str, session: Session | None = None) -> str:
        """Where to send the browser. `browser`: a secret in its cookie, so that the way back is open to it alone.
        `session`: of whoever is asked to prove again who they are; the provider then asks for the password anew."""
        provider = self._the_provider()
        secret = self._chance.secret
        journey = Journey(secret(), secret(), secret() + secret(), again=session is not None)
        address = provider.address(journey)
        self._under_way.put(digest_of(browser), UnderWay(journey, next, session.digest if session else None))
        return address

    def arrive(self, browser: str, answer_url: str, visitor: Visitor) -> Arrived:
        """Raises NotAllowed for whatever is not right, or not allowed in."""
        provider = self._the_provider()
        under_way = self._under_way.take(digest_of(browser))
        if under_way is None:
            raise NotAllowed(TOO_LATE)
        try:
            identity = provider.identity(under_way.journey, answer_url, self._clock.now())
            if under_way.session is not None and not self._proved_just_now(identity):
                raise NotAllowed("The provider did not ask who you are. Please sign out there first.")
        except NotAllowed:
            self._failed.note(None, "identity provider")
            raise
        with self._store.begin() as work:
            staff = self._account(work, identity)
            if staff is not None:
                proved = identity.proved_at or LONG_AGO
                signed_in = self._sessions.open(work, staff, Stage.WHOLE, Means.PROVIDER, visitor, proved)
            work.commit()
        if staff is None:
            self._failed.note(None, "identity provider: no role")
            raise NotAllowed(NO_ROLE)
        return Arrived(signed_in, under_way.next)

    def _account(self, work: UnitOfWork, identity: Identity) -> Staff | None:
        """The account as the provider has it now; None for whoever may not come in."""
        roles = frozenset(self._roles[group] for group in identity.groups if group in self._roles)
        staff = work.staff.by_identity(identity.issuer, identity.subject)
        if staff is None:
            return self._new(work, identity, roles) if roles else None
        if roles != staff.roles:
            work.staff.save(replace(staff, roles=roles))
            told = {"from": ", ".join(sorted(staff.roles)), "to": ", ".join(sorted(roles))}
            work.audit.append(
                self._clock.now(), Event.STAFF_ROLES_CHANGED, "identity provider", str(staff.id), told
            )
            if ended := work.sessions.remove_of(staff.id):
                self._sessions.note_ended(work, "identity provider", str(staff.id), ended)
        return replace(staff, roles=roles) if roles and not staff.is_disabled else None

    def _new(self, work: UnitOfWork, identity: Identity, roles: frozenset[Role]) -> Staff:
        now, name, number = self._clock.now(), identity.name, 2
        while work.staff.by_name(name) is not None:  # a name that is taken makes nobody the other person
            name, number = f"{identity.name} ({number})", number + 1
        staff = Staff(
            StaffId(self._chance.new_id()), name, roles, None, now, None, identity.issuer, identity.subject
        )
        work.staff.add(staff)
        work.audit.append(
            now,
            Event.STAFF_CREATED,
            "identity provider",
            str(staff.id),
            {"roles": ", ".join(sorted(roles))},
        )
        return staff

    def _proved_just_now(self, identity: Identity) -> bool:
        return identity.proved_at is not None and self._clock.now() - identity.proved_at < FRESH

    def _the_provider(self) -> IdentityProvider:
        if self._provider is None:
            raise NotConfigured("No identity provider is set up here: see the setting `oidc_issuer`.")
        return self._provider
