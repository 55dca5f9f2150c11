"""One transaction, and every repository in it."""

from stile import ports
from stile.adapters.storage.access import SqlInvitations
from stile.adapters.storage.alternative import SqlAlternatives
from stile.adapters.storage.audit import SqlAudit
from stile.adapters.storage.checkpoints import SqlCheckpoints
from stile.adapters.storage.consent import SqlGuardians, SqlNotices
from stile.adapters.storage.devices import SqlDevices, SqlWaitingScreens
from stile.adapters.storage.erasures import SqlErasures
from stile.adapters.storage.evidence import SqlAdjudications, SqlCalibrations
from stile.adapters.storage.factors import SqlCodes, SqlPasskeys, SqlStaffLinks
from stile.adapters.storage.foi import SqlFoiRequests
from stile.adapters.storage.held import SqlPersonHeld
from stile.adapters.storage.imports import SqlMemberImports
from stile.adapters.storage.keeping import SqlRetention
from stile.adapters.storage.look_alikes import SqlLookAlikes
from stile.adapters.storage.members import SqlMembers
from stile.adapters.storage.own_page import SqlOwnLinks, SqlOwnSessions, SqlRestrictions
from stile.adapters.storage.places import SqlCentres, SqlLanes, SqlOperators
from stile.adapters.storage.presence import SqlPresences
from stile.adapters.storage.records import SqlPassages
from stile.adapters.storage.register import SqlRegister
from stile.adapters.storage.rights import SqlRightsRequests
from stile.adapters.storage.staff import SqlSessions, SqlStaff
from stile.adapters.storage.templates import SqlConsents, SqlTemplates
from stile.adapters.storage.tokens import SqlTokens
from stile.adapters.storage.transaction import Transaction
from stile.adapters.storage.waiting import SqlWaiting
from stile.adapters.storage.waits import SqlWaits


class SqlUnitOfWork:
    """Belongs to the thread that opened it, and to the `with` block."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.operators: ports.Operators = SqlOperators(tx)
        self.centres: ports.Centres = SqlCentres(tx)
        self.lanes: ports.Lanes = SqlLanes(tx)
        self.members: ports.Members = SqlMembers(tx)
        self.imports: ports.MemberImports = SqlMemberImports(tx)
        self.consents: ports.Consents = SqlConsents(tx)
        self.templates: ports.Templates = SqlTemplates(tx)
        self.passages: ports.Passages = SqlPassages(tx)
        self.presences: ports.Presences = SqlPresences(tx)
        self.adjudications: ports.Adjudications = SqlAdjudications(tx)
        self.look_alikes: ports.LookAlikes = SqlLookAlikes(tx)
        self.calibrations: ports.Calibrations = SqlCalibrations(tx)
        self.audit: ports.Audit = SqlAudit(tx)
        self.checkpoints: ports.Checkpoints = SqlCheckpoints(tx)
        self.staff: ports.StaffAccounts = SqlStaff(tx)
        self.sessions: ports.Sessions = SqlSessions(tx)
        self.passkeys: ports.Passkeys = SqlPasskeys(tx)
        self.codes: ports.Codes = SqlCodes(tx)
        self.staff_links: ports.StaffLinks = SqlStaffLinks(tx)
        self.devices: ports.Devices = SqlDevices(tx)
        self.waiting_screens: ports.WaitingScreens = SqlWaitingScreens(tx)
        self.invitations: ports.Invitations = SqlInvitations(tx)
        self.notices: ports.Notices = SqlNotices(tx)
        self.guardians: ports.Guardians = SqlGuardians(tx)
        self.waiting: ports.Waiting = SqlWaiting(tx)
        self.tokens: ports.Tokens = SqlTokens(tx)
        self.register: ports.RegisterEntries = SqlRegister(tx)
        self.foi: ports.FoiRequests = SqlFoiRequests(tx)
        self.rights: ports.RightsRequests = SqlRightsRequests(tx)
        self.own_links: ports.OwnLinks = SqlOwnLinks(tx)
        self.own_sessions: ports.OwnSessions = SqlOwnSessions(tx)
        self.restrictions: ports.Restrictions = SqlRestrictions(tx)
        self.held: ports.PersonHeld = SqlPersonHeld(tx)
        self.alternatives: ports.Alternatives = SqlAlternatives(tx)
        self.waits: ports.Waits = SqlWaits(tx)
        self.retention: ports.Retention = SqlRetention(tx)
        self.erasures: ports.Erasures = SqlErasures(tx)

    def commit(self) -> None:
        self._tx.commit()
