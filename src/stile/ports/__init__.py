"""What the application needs of the world. Each contract (return values, blocking, who may call) stands here,
beside the call; adapters implement it, and `stile.testing` ships small fakes that say they are fakes."""

from stile.ports.access import Devices, Sessions, StaffAccounts
from stile.ports.contacts import Contacts
from stile.ports.door import Door, Doors, News, Noticeboard, Topic
from stile.ports.gallery import Gallery, Pairs
from stile.ports.keeping import Erasure, Erasures, Retention, Run, Swept
from stile.ports.mail import Letter, Mail
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
from stile.ports.records import Adjudications, Audit, Calibrations, Passages
from stile.ports.rights import OwnLinks, OwnSessions, PersonHeld, Restrictions, RightsRequests
from stile.ports.seeing import Detector, Embedder, Eyes, EyesPool, Inspector, LivenessModel, PictureReader
from stile.ports.store import Store, UnitOfWork
from stile.ports.tokens import Tokens
from stile.ports.vault import Vault
from stile.ports.world import Chance, Clock, Passwords

__all__ = [
    "Adjudications",
    "AtTheLane",
    "Audit",
    "Calibrations",
    "Centres",
    "Chance",
    "Clock",
    "Consents",
    "Contacts",
    "Detector",
    "Devices",
    "Door",
    "Doors",
    "Embedder",
    "Erasure",
    "Erasures",
    "Eyes",
    "EyesPool",
    "Gallery",
    "Inspector",
    "Invitations",
    "Lanes",
    "Letter",
    "LivenessModel",
    "LookAlikes",
    "Mail",
    "Members",
    "News",
    "Noticeboard",
    "Operators",
    "OwnLinks",
    "OwnSessions",
    "Pairs",
    "Passages",
    "Passwords",
    "PersonHeld",
    "PictureReader",
    "Presences",
    "Restrictions",
    "Retention",
    "RightsRequests",
    "Run",
    "SealedTemplate",
    "Sessions",
    "StaffAccounts",
    "Store",
    "Swept",
    "Templates",
    "Tokens",
    "Topic",
    "UnitOfWork",
    "Vault",
    "Whereabouts",
]
