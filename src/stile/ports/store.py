"""Units of work, and where they come from."""

from contextlib import AbstractContextManager
from typing import Protocol

from stile.ports.alternative import Alternatives, Waits
from stile.ports.assessments import Assessments
from stile.ports.audit import Audit, Checkpoints
from stile.ports.consent import Guardians, Notices, Waiting
from stile.ports.devices import Devices, WaitingScreens
from stile.ports.enrolled import EnrolledMembers
from stile.ports.feeds import Subscriptions
from stile.ports.figures import FigureCounts, MemberGroups
from stile.ports.foi import FoiRequests
from stile.ports.imports import MemberImports
from stile.ports.keeping import Erasures, Retention
from stile.ports.papers import DisclosureLog, FoiPapers
from stile.ports.people import Consents, Invitations, LookAlikes, Members, Templates
from stile.ports.places import Centres, Lanes, Operators
from stile.ports.presence import Presences
from stile.ports.records import Adjudications, Calibrations, Passages
from stile.ports.register import RegisterEntries
from stile.ports.rights import OwnLinks, OwnSessions, PersonHeld, Restrictions, RightsRequests
from stile.ports.staff import Codes, Passkeys, Sessions, StaffAccounts, StaffLinks
from stile.ports.tokens import Tokens


class UnitOfWork(Protocol):
    """One transaction. `commit` makes it durable (fsync) before it returns; leaving without it rolls back.

    Changes to members, consents, templates, look-alikes, passages, adjudications and calibrations append a row to the
    outbox in the same transaction.
    """

    operators: Operators
    centres: Centres
    lanes: Lanes
    members: Members
    imports: MemberImports
    consents: Consents
    templates: Templates
    passages: Passages
    presences: Presences
    adjudications: Adjudications
    look_alikes: LookAlikes
    calibrations: Calibrations
    audit: Audit
    checkpoints: Checkpoints
    staff: StaffAccounts
    sessions: Sessions
    passkeys: Passkeys
    codes: Codes
    staff_links: StaffLinks
    devices: Devices
    waiting_screens: WaitingScreens
    invitations: Invitations
    notices: Notices
    guardians: Guardians
    waiting: Waiting
    tokens: Tokens
    register: RegisterEntries
    subscriptions: Subscriptions
    assessments: Assessments
    foi: FoiRequests
    foi_papers: FoiPapers
    disclosure_log: DisclosureLog
    rights: RightsRequests
    own_links: OwnLinks
    own_sessions: OwnSessions
    restrictions: Restrictions
    held: PersonHeld
    alternatives: Alternatives
    waits: Waits
    figures: FigureCounts
    groups: MemberGroups
    enrolled: EnrolledMembers
    retention: Retention
    erasures: Erasures

    def commit(self) -> None:
        """Raises CannotRecord when the store could not make it durable."""
        ...


class Store(Protocol):
    """Where units of work come from. Thread-safe."""

    def begin(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction that may write. Takes the write lock at once, so that it cannot fail half-way."""
        ...

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A snapshot that is never committed and never waits for a writer."""
        ...

    def scrub(self) -> None:
        """After an erasure: nothing of what was deleted stays in the write-ahead log or in free pages."""
        ...

    def close(self) -> None: ...
