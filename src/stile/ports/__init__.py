"""What the application needs of the world. Each contract (return values, blocking, who may call) stands here,
beside the call; adapters implement it, and `stile.testing` ships small fakes that say they are fakes."""

from stile.ports.alternative import Alternatives, Pins, Signatures, Waits
from stile.ports.assessments import Assessments
from stile.ports.audit import (
    Audit,
    AuditTrail,
    AuditTrails,
    CheckpointFile,
    Checkpoints,
    Signer,
    TimeStamps,
    Wanted,
)
from stile.ports.consent import Guardians, Notices, ShownNotice, Waiting
from stile.ports.contacts import Contacts
from stile.ports.devices import Devices, WaitingScreens
from stile.ports.door import Door, Doors, News, Noticeboard, Topic
from stile.ports.enrolled import EnrolledMembers
from stile.ports.feeds import FeedReader, Subscriptions
from stile.ports.figures import FigureCounts, MemberGroups
from stile.ports.foi import FoiRequests
from stile.ports.gallery import Gallery, Pairs
from stile.ports.imports import ImportRecord, MemberImports
from stile.ports.keeping import Erasure, Erasures, Retention, Run, Swept
from stile.ports.mail import Letter, Mail
from stile.ports.papers import DisclosureLog, FoiPapers, PaperReader
from stile.ports.people import (
    AtTheLane,
    Consents,
    Invitations,
    LookAlikes,
    Members,
    SealedTemplate,
    Templates,
)
from stile.ports.places import Centres, Lanes, Operators
from stile.ports.presence import Presences, Whereabouts
from stile.ports.proofs import (
    Identity,
    IdentityProvider,
    Journey,
    NewPasskey,
    OneTimeCodes,
    PasskeyCeremony,
    PasskeyUse,
)
from stile.ports.records import Adjudications, Calibrations, Passages
from stile.ports.register import RegisterEntries
from stile.ports.rights import OwnLinks, OwnSessions, PersonHeld, Restrictions, RightsRequests
from stile.ports.seeing import Detector, Embedder, Eyes, EyesPool, Inspector, LivenessModel, PictureReader
from stile.ports.staff import Codes, Passkeys, Sessions, StaffAccounts, StaffLinks
from stile.ports.store import Store, UnitOfWork
from stile.ports.tokens import Tokens
from stile.ports.vault import Vault
from stile.ports.world import Chance, Clock, Passwords

__all__ = [
    "Adjudications",
    "Alternatives",
    "Assessments",
    "AtTheLane",
    "Audit",
    "AuditTrail",
    "AuditTrails",
    "Calibrations",
    "Centres",
    "Chance",
    "CheckpointFile",
    "Checkpoints",
    "Clock",
    "Codes",
    "Consents",
    "Contacts",
    "Detector",
    "Devices",
    "DisclosureLog",
    "Door",
    "Doors",
    "Embedder",
    "EnrolledMembers",
    "Erasure",
    "Erasures",
    "Eyes",
    "EyesPool",
    "FeedReader",
    "FigureCounts",
    "FoiPapers",
    "FoiRequests",
    "Gallery",
    "Guardians",
    "Identity",
    "IdentityProvider",
    "ImportRecord",
    "Inspector",
    "Invitations",
    "Journey",
    "Lanes",
    "Letter",
    "LivenessModel",
    "LookAlikes",
    "Mail",
    "MemberGroups",
    "MemberImports",
    "Members",
    "NewPasskey",
    "News",
    "Noticeboard",
    "Notices",
    "OneTimeCodes",
    "Operators",
    "OwnLinks",
    "OwnSessions",
    "Pairs",
    "PaperReader",
    "Passages",
    "PasskeyCeremony",
    "PasskeyUse",
    "Passkeys",
    "Passwords",
    "PersonHeld",
    "PictureReader",
    "Pins",
    "Presences",
    "RegisterEntries",
    "Restrictions",
    "Retention",
    "RightsRequests",
    "Run",
    "SealedTemplate",
    "Sessions",
    "ShownNotice",
    "Signatures",
    "Signer",
    "StaffAccounts",
    "StaffLinks",
    "Store",
    "Subscriptions",
    "Swept",
    "Templates",
    "TimeStamps",
    "Tokens",
    "Topic",
    "UnitOfWork",
    "Vault",
    "Waiting",
    "WaitingScreens",
    "Waits",
    "Wanted",
    "Whereabouts",
]
