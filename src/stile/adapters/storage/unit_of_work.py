"""One transaction, and every repository in it."""

from collections.abc import Callable
from typing import Generic, TypeVar

from stile import ports
from stile.adapters.storage.access import SqlInvitations
from stile.adapters.storage.alternative import SqlAlternatives
from stile.adapters.storage.assessments import SqlAssessments
from stile.adapters.storage.audit import SqlAudit
from stile.adapters.storage.checkpoints import SqlCheckpoints
from stile.adapters.storage.consent import SqlGuardians, SqlNotices
from stile.adapters.storage.devices import SqlDevices, SqlWaitingScreens
from stile.adapters.storage.enrolled import SqlEnrolledMembers
from stile.adapters.storage.erasures import SqlErasures
from stile.adapters.storage.evidence import SqlAdjudications, SqlCalibrations
from stile.adapters.storage.factors import SqlCodes, SqlPasskeys, SqlStaffLinks
from stile.adapters.storage.figures import SqlFigureCounts
from stile.adapters.storage.foi import SqlFoiRequests
from stile.adapters.storage.foi_papers import SqlDisclosureLog, SqlFoiPapers
from stile.adapters.storage.held import SqlPersonHeld
from stile.adapters.storage.imports import SqlMemberImports
from stile.adapters.storage.keeping import SqlRetention
from stile.adapters.storage.look_alikes import SqlLookAlikes
from stile.adapters.storage.member_groups import SqlMemberGroups
from stile.adapters.storage.members import SqlMembers
from stile.adapters.storage.own_page import SqlOwnLinks, SqlOwnSessions, SqlRestrictions
from stile.adapters.storage.places import SqlCentres, SqlLanes, SqlOperators
from stile.adapters.storage.presence import SqlPresences
from stile.adapters.storage.records import SqlPassages
from stile.adapters.storage.register import SqlRegister
from stile.adapters.storage.rights import SqlRightsRequests
from stile.adapters.storage.staff import SqlSessions, SqlStaff
from stile.adapters.storage.subscriptions import SqlSubscriptions
from stile.adapters.storage.templates import SqlConsents, SqlTemplates
from stile.adapters.storage.tokens import SqlTokens
from stile.adapters.storage.transaction import Transaction
from stile.adapters.storage.waiting import SqlWaiting
from stile.adapters.storage.waits import SqlWaits

P = TypeVar("P")


class Made(Generic[P]):
    """A repository of the port `P`, made when it is first asked for: a transaction uses a few of them, and every
    passage would wait for the making of all."""

    def __init__(self, make: Callable[[Transaction], P]) -> None:
        self._make = make

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, work: "SqlUnitOfWork", _: type) -> P:
        made = work.__dict__[self._name] = self._make(work.tx)  # found there, before this, from now on
        return made


class SqlUnitOfWork:
    """Belongs to the thread that opened it, and to the `with` block."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx

    operators = Made[ports.Operators](SqlOperators)
    centres = Made[ports.Centres](SqlCentres)
    lanes = Made[ports.Lanes](SqlLanes)
    members = Made[ports.Members](SqlMembers)
    imports = Made[ports.MemberImports](SqlMemberImports)
    consents = Made[ports.Consents](SqlConsents)
    templates = Made[ports.Templates](SqlTemplates)
    passages = Made[ports.Passages](SqlPassages)
    presences = Made[ports.Presences](SqlPresences)
    adjudications = Made[ports.Adjudications](SqlAdjudications)
    look_alikes = Made[ports.LookAlikes](SqlLookAlikes)
    calibrations = Made[ports.Calibrations](SqlCalibrations)
    audit = Made[ports.Audit](SqlAudit)
    checkpoints = Made[ports.Checkpoints](SqlCheckpoints)
    staff = Made[ports.StaffAccounts](SqlStaff)
    sessions = Made[ports.Sessions](SqlSessions)
    passkeys = Made[ports.Passkeys](SqlPasskeys)
    codes = Made[ports.Codes](SqlCodes)
    staff_links = Made[ports.StaffLinks](SqlStaffLinks)
    devices = Made[ports.Devices](SqlDevices)
    waiting_screens = Made[ports.WaitingScreens](SqlWaitingScreens)
    invitations = Made[ports.Invitations](SqlInvitations)
    notices = Made[ports.Notices](SqlNotices)
    guardians = Made[ports.Guardians](SqlGuardians)
    waiting = Made[ports.Waiting](SqlWaiting)
    tokens = Made[ports.Tokens](SqlTokens)
    register = Made[ports.RegisterEntries](SqlRegister)
    subscriptions = Made[ports.Subscriptions](SqlSubscriptions)
    assessments = Made[ports.Assessments](SqlAssessments)
    foi = Made[ports.FoiRequests](SqlFoiRequests)
    foi_papers = Made[ports.FoiPapers](SqlFoiPapers)
    disclosure_log = Made[ports.DisclosureLog](SqlDisclosureLog)
    rights = Made[ports.RightsRequests](SqlRightsRequests)
    own_links = Made[ports.OwnLinks](SqlOwnLinks)
    own_sessions = Made[ports.OwnSessions](SqlOwnSessions)
    restrictions = Made[ports.Restrictions](SqlRestrictions)
    held = Made[ports.PersonHeld](SqlPersonHeld)
    alternatives = Made[ports.Alternatives](SqlAlternatives)
    waits = Made[ports.Waits](SqlWaits)
    figures = Made[ports.FigureCounts](SqlFigureCounts)
    groups = Made[ports.MemberGroups](SqlMemberGroups)
    enrolled = Made[ports.EnrolledMembers](SqlEnrolledMembers)
    retention = Made[ports.Retention](SqlRetention)
    erasures = Made[ports.Erasures](SqlErasures)

    def commit(self) -> None:
        self.tx.commit()
