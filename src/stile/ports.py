"""What the application needs of the world. Each contract (return values, blocking, who may call) stands here,
beside the call; adapters implement it, and `stile.testing` ships small fakes that say they are fakes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from stile.domain.access import Device, Invitation, Session, Staff
from stile.domain.adjudication import Adjudication, Tally
from stile.domain.audit import AuditEntry, Event
from stile.domain.calibration import Calibration
from stile.domain.consent import Consent
from stile.domain.door import DoorStatus
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame, Probe, Template
from stile.domain.ids import (
    CentreId,
    ConsentId,
    DeviceId,
    InvitationId,
    LaneId,
    MemberId,
    PackId,
    PassageId,
    StaffId,
)
from stile.domain.liveness import ScreenTraces
from stile.domain.look_alike import LookAlike
from stile.domain.matching import Candidate
from stile.domain.member import Member
from stile.domain.passage import Passage
from stile.domain.places import Centre, Lane, Operator
from stile.domain.site_calibration import SiteCalibration

# --- time, chance and passwords --------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    def today(self) -> date:
        """The centres' own calendar day, by which a membership runs out."""
        ...

    def monotonic(self) -> float:
        """Seconds; only differences mean anything."""
        ...


class Chance(Protocol):
    """The only source of randomness."""

    def new_id(self) -> UUID:
        """A UUIDv7; later ids sort after earlier ones."""
        ...

    def secret(self) -> str:
        """A token of 256 random bits, fit for a link."""
        ...


class Passwords(Protocol):
    """Slow on purpose: about 50 ms a call."""

    def hash(self, password: str) -> str:
        """argon2id, encoded with its parameters and salt."""
        ...

    def verify(self, hashed: str | None, password: str) -> bool:
        """Takes as long for nobody (`None`) as for somebody, so that names cannot be guessed by timing."""
        ...


# --- seeing ----------------------------------------------------------------------------------------------


class Detector(Protocol):
    """Finds faces. Not thread-safe: one thread at a time may use one instance."""

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        """Every face found, largest first; empty when there is none."""
        ...


class Embedder(Protocol):
    """Turns one face into features. Not thread-safe."""

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        """The face upright and cut out, by a least-squares similarity of its landmarks."""
        ...

    def embed(self, aligned: AlignedFace) -> Features:
        """Unit length; the pack's id is set."""
        ...


class LivenessModel(Protocol):
    """Opinions about one frame; the domain decides over several. Not thread-safe."""

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        """Each network's probability of a bona fide presentation, 0 to 1, always in the same order."""
        ...


class Inspector(Protocol):
    """Looks for what a screen or a print leaves in a picture; needs no training. Not thread-safe."""

    def traces(self, frame: Frame, face: DetectedFace) -> ScreenTraces:
        """Stripes on the face, and straight edges around it."""
        ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """One loaded pack: what sees, for one thread. `liveness` is None where the pack has no such model."""

    pack: PackId
    dimensions: int
    detector: Detector
    embedder: Embedder
    liveness: LivenessModel | None
    inspector: Inspector
    calibration: Calibration


class EyesPool(Protocol):
    """Lends one set of eyes to one thread at a time. Parallel work is parallel sets."""

    @property
    def pack(self) -> PackId: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def calibration(self) -> Calibration: ...

    @property
    def frames(self) -> int:
        """How many good frames an attempt should fuse with this pack."""
        ...

    @property
    def detects_liveness(self) -> bool: ...

    def lend(self) -> AbstractContextManager[Eyes]:
        """Blocks until a set is free."""
        ...


class PictureReader(Protocol):
    def read(self, data: bytes) -> Frame:
        """Upright (EXIF applied), 8-bit BGR, at most 1,600 pixels on its longer side.

        Looks at the header before it decodes: a picture over 50 megapixels is refused without the memory.
        Raises BadPicture, with one line, for whatever cannot be looked at.
        """
        ...


# --- the gallery -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pairs:
    """What members' templates score against each other. `members`: who was compared, each with every other one.
    `first`, `second`: of a pair, their places in `members`; `scores`: cosines, the highest first. `comparisons`: how
    many pairs there were, of which these are the highest. `gallery`: how many members there were to choose from."""

    members: Sequence[MemberId]
    first: NDArray[np.intp]
    second: NDArray[np.intp]
    scores: NDArray[np.float32]
    comparisons: int
    gallery: int


class Gallery(Protocol):
    """The templates of members who consented, in memory, for one pack. Exact search, thread-safe.

    Law 3: `search` is called by the admission of a person who asked to come in and by the duplicate check of
    enrolment, `verify` by the admission of a person who said who they are, `between` by the site's own calibration,
    which brings nobody to look for. Nothing else calls them; a test reads the sources for it.
    """

    @property
    def pack(self) -> PackId: ...

    def __len__(self) -> int: ...

    def put(self, member: MemberId, template: Template) -> None:
        """Adds, or replaces what stood there. Raises WrongValue for a template of another pack."""
        ...

    def load(self, templates: Iterable[tuple[MemberId, Template]]) -> None:
        """Replaces everything, at start. Much faster than as many `put`."""
        ...

    def remove(self, member: MemberId) -> bool:
        """Whether there was something to remove. The vector's memory is overwritten."""
        ...

    def search(self, probe: Probe, most: int = 2) -> Sequence[Candidate]:
        """The best `most` members by cosine, best first. Raises WrongValue for a probe of another pack."""
        ...

    def verify(self, member: MemberId, probe: Probe) -> float | None:
        """One to one: the cosine with this member's template; None when they have none here."""
        ...

    def between(self, highest: int, most: int, seed: int) -> Pairs:
        """The highest so many pairs of members. Of a gallery larger than `most`, so many members are drawn at random.

        Takes seconds at 20,000 members and rests as long as it works; never makes a search or a change wait. Who is
        removed meanwhile is in no pair.
        """
        ...


# --- the vault -------------------------------------------------------------------------------------------


class Vault(Protocol):
    """Seals templates, each member's under a key of their own, which is wrapped by the site key.

    The caller keeps the wrapped key, apart from the sealed bytes; without it nobody opens them again.
    """

    def new_key(self, member: MemberId) -> bytes:
        """A fresh 256-bit key, wrapped by the site key and bound to the member."""
        ...

    def seal(self, member: MemberId, wrapped_key: bytes, template: Template) -> bytes:
        """AES-256-GCM, bound to member and pack."""
        ...

    def open(self, member: MemberId, wrapped_key: bytes, sealed: bytes, pack: PackId) -> Template:
        """Raises CannotDecrypt when key, member or pack is not the one it was sealed with."""
        ...


# --- the store -------------------------------------------------------------------------------------------


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


class Operators(Protocol):
    def add(self, operator: Operator) -> None: ...
    def only(self) -> Operator | None:
        """The operator of this instance; None before `stile init`."""
        ...


class Centres(Protocol):
    def add(self, centre: Centre) -> None: ...
    def get(self, id: CentreId) -> Centre | None: ...
    def all(self) -> Sequence[Centre]: ...


class Lanes(Protocol):
    def add(self, lane: Lane) -> None:
        """Raises Conflict when the slug is taken."""
        ...

    def get(self, id: LaneId) -> Lane | None: ...
    def by_slug(self, slug: str) -> Lane | None: ...
    def all(self) -> Sequence[Lane]: ...
    def save(self, lane: Lane) -> None: ...


@dataclass(frozen=True, slots=True)
class AtTheLane:
    """A matched member as the store has them now. `consents`: a consent of theirs is live. `look_alike`: another
    member's template of this pack is too much like theirs to tell them apart by face."""

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

    def count(self) -> int: ...


class Consents(Protocol):
    def add(self, consent: Consent) -> None: ...
    def live_of(self, member: MemberId) -> Consent | None: ...
    def withdraw(self, member: MemberId, at: datetime) -> int:
        """Ends every live consent of the member; how many there were."""
        ...


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
        """All of one pack under a live consent, with their wrapped keys. Streams."""
        ...

    def of_member(self, member: MemberId, pack: PackId) -> tuple[SealedTemplate, bytes] | None:
        """The member's own, under a live consent, with its wrapped key."""
        ...

    def changed_since(self, at: datetime) -> Sequence[MemberId]:
        """Whose template or consent changed since then, in any process (from the outbox)."""
        ...

    def count(self, pack: PackId) -> int: ...


class Passages(Protocol):
    def add(self, passage: Passage) -> None: ...
    def get(self, id: PassageId) -> Passage | None: ...
    def latest(self, most: int = 50, lane: LaneId | None = None) -> Sequence[Passage]:
        """Newest first."""
        ...

    def span(self, lane: LaneId, since: datetime | None = None) -> tuple[datetime, datetime] | None:
        """When the lane's first and last passage by face were; None when there was none."""
        ...

    def count(self) -> int: ...


class Adjudications(Protocol):
    def add(self, adjudication: Adjudication) -> None:
        """Raises NotFound for a passage or staff that does not exist."""
        ...

    def latest_of(self, passages: Collection[PassageId]) -> Mapping[PassageId, Adjudication]:
        """Those that count; passages that nobody adjudicated are not in it."""
        ...

    def tally(self, lane: LaneId, since: datetime | None = None) -> Sequence[Tally]:
        """The lane's passages by face, counted by outcome, reason and latest verdict."""
        ...


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


class Calibrations(Protocol):
    """The site's own, kept as history."""

    def add(self, calibration: SiteCalibration) -> None: ...
    def latest(self, pack: PackId) -> SiteCalibration | None: ...
    def history(self, pack: PackId, most: int = 20) -> Sequence[SiteCalibration]:
        """Newest first."""
        ...


class Audit(Protocol):
    def append(
        self,
        at: datetime,
        event: Event,
        actor: str,
        subject: str,
        detail: Mapping[str, str | int | float | bool | None] | None = None,
    ) -> AuditEntry: ...

    def entries(self) -> Iterator[AuditEntry]:
        """In order, from the first."""
        ...


class StaffAccounts(Protocol):
    def add(self, staff: Staff) -> None:
        """Raises Conflict when the name is taken."""
        ...

    def get(self, id: StaffId) -> Staff | None: ...
    def by_name(self, name: str) -> Staff | None: ...
    def count(self) -> int: ...


class Sessions(Protocol):
    def add(self, session: Session) -> None: ...
    def by_digest(self, digest: str) -> Session | None: ...
    def remove(self, digest: str) -> None: ...
    def remove_expired(self, now: datetime) -> int: ...


class Devices(Protocol):
    def add(self, device: Device) -> None: ...
    def save(self, device: Device) -> None: ...
    def by_digest(self, digest: str) -> Device | None: ...
    def of_lane(self, lane: LaneId) -> Sequence[Device]: ...
    def remove(self, id: DeviceId) -> None: ...


class Invitations(Protocol):
    def add(self, invitation: Invitation) -> None: ...
    def by_digest(self, digest: str) -> Invitation | None: ...
    def end_all(self, member: MemberId, at: datetime) -> None:
        """Whatever links the member still had work no more."""
        ...

    def use(self, id: InvitationId, at: datetime) -> None:
        """Raises Conflict when it was used already."""
        ...


class UnitOfWork(Protocol):
    """One transaction. `commit` makes it durable (fsync) before it returns; leaving without it rolls back.

    Changes to members, consents, templates, look-alikes, passages, adjudications and calibrations append a row to the
    outbox in the same transaction.
    """

    operators: Operators
    centres: Centres
    lanes: Lanes
    members: Members
    consents: Consents
    templates: Templates
    passages: Passages
    adjudications: Adjudications
    look_alikes: LookAlikes
    calibrations: Calibrations
    audit: Audit
    staff: StaffAccounts
    sessions: Sessions
    devices: Devices
    invitations: Invitations

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


# --- the door and the desk -------------------------------------------------------------------------------


class Door(Protocol):
    """Lets one person in. There is no call that locks (law 8), and none will be added."""

    def open(self, passage: PassageId) -> None:
        """Tells the door to open for one entry; returns when the door confirmed, within 2 seconds.

        The same passage id twice opens once. Raises DoorFault. Call it only after the passage is durably
        recorded (law 6).
        """
        ...

    def status(self) -> DoorStatus: ...


class Doors(Protocol):
    def of(self, lane: Lane) -> Door:
        """The lane's door; the same object for the same lane."""
        ...


class Topic(StrEnum):
    PASSAGE = "passage"
    STAFF_NEEDED = "staff needed"


@dataclass(frozen=True, slots=True)
class News:
    """Something for the desk. Carries ids and words, never a picture or a vector."""

    topic: Topic
    lane: LaneId
    text: str
    at: datetime
    passage: PassageId | None = None


class Noticeboard(Protocol):
    """In-process news for open pages. Never blocks, never fails: a slow reader loses news, not the door."""

    def post(self, news: News) -> None: ...

    def subscribe(self, reader: Callable[[News], None]) -> Callable[[], None]:
        """`reader` must not block. Returns what ends the subscription."""
        ...
