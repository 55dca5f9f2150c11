"""The register: what is used where, by whom, why and on what basis, and what came of it. One register feeds every
output, so that they cannot contradict each other.

It is a list of dated entries that only grows: an entry that is no longer right is replaced by a later one, never
changed. Each says the day its fact stands for and where it comes from, so that every sentence made of it can name
both. What no entry says is not recorded, and is said to be not recorded; that there was none of something is an
entry of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId


class OrganisationKind(StrEnum):
    """OPERATOR: runs lanes, has members, is their controller. AUTHORITY: a council, which holds no biometric data
    at all and registers what is used in its area."""

    OPERATOR = "operator"
    AUTHORITY = "authority"


class Phase(StrEnum):
    PLANNED = "planned"
    PILOT = "pilot"
    IN_USE = "in use"
    ENDED = "ended"


class Mode(StrEnum):
    """ISO/IEC 2382-37: verification compares with one template, identification with a gallery."""

    ONE_TO_ONE = "1:1"
    ONE_TO_MANY = "1:N"
    BOTH = "1:1 and 1:N"


class Relationship(StrEnum):
    """Who holds the information (FOIA s. 3(2)): OWN, the organisation's own system; ON_BEHALF, run by another on
    its behalf, so that what the other holds is held for it; OPERATORS_ALONE, another's own, of which it only
    knows."""

    OWN = "own"
    ON_BEHALF = "on the authority's behalf"
    OPERATORS_ALONE = "the operator's alone"


class DocumentKind(StrEnum):
    DPIA = "DPIA"
    CONTRACT = "contract"
    NOTICE = "privacy notice"
    SIGNAGE = "photograph of the signs"
    POLICY = "policy"
    OTHER = "other"


class EventKind(StrEnum):
    """What is asked about, and so recorded."""

    DATA_REQUEST = "request for data"
    ARREST = "arrest"
    CIVIL_ORDER = "breach of a civil order"
    COMPLAINT = "complaint"
    BREACH = "personal data breach"
    ICO_SELF_REFERRAL = "own referral to the ICO"
    ICO_THIRD_PARTY = "referral to the ICO by a third party"


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation and what it does here: “supplies the software”."""

    name: str
    part: str = ""

    def __post_init__(self) -> None:
        _words("an organisation's name", self.name)


@dataclass(frozen=True, slots=True)
class Document:
    """`where`: an address or a place on file."""

    kind: DocumentKind
    title: str
    at: date
    where: str

    def __post_init__(self) -> None:
        _words("a document's title", self.title)
        _words(f"the place of “{self.title}”", self.where)


# --- facts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnUse:
    """Whether this organisation itself uses facial recognition: the first thing that anybody asks."""

    uses: bool


@dataclass(frozen=True, slots=True)
class Deployment:
    """One use at one place. `key`: the same for each later entry about it. Empty or None is not recorded.

    `operator`: who runs it. `since`, `until`: first and last day of use. `uprn`: the place's Unique Property
    Reference Number. `asked_for`: whether the authority asked for its use; None where that is not recorded."""

    key: str
    place: str
    operator: str
    phase: Phase
    relationship: Relationship
    technology: str = "facial recognition"
    address: str = ""
    uprn: str = ""
    since: date | None = None
    until: date | None = None
    purpose: str = ""
    mode: Mode | None = None
    controller: str = ""
    joint_controllers: tuple[str, ...] = ()
    processors: tuple[Party, ...] = ()
    suppliers: tuple[Party, ...] = ()
    lawful_basis: str = ""
    condition: str = ""
    """Of UK GDPR Art. 9(2)."""
    asked_for: bool | None = None
    alternative: str = ""
    retention: str = ""
    pack: str = ""
    threshold: str = ""
    documents: tuple[Document, ...] = ()

    def __post_init__(self) -> None:
        for what, text in (("key", self.key), ("place", self.place), ("operator", self.operator)):
            _words(f"a deployment's {what}", text)
        if self.uprn and not (self.uprn.isascii() and self.uprn.isdigit() and len(self.uprn) <= 12):
            raise WrongValue("a UPRN has up to 12 digits")
        if self.since and self.until and self.until < self.since:
            raise WrongValue("a use cannot end before it began")
        if self.phase is Phase.ENDED and self.until is None:
            raise WrongValue("a use that ended has a last day")

    def in_use_on(self, day: date) -> bool:
        """As far as the entry says: not before its first day, and not after its last."""
        return (
            self.phase in (Phase.PILOT, Phase.IN_USE)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )

    def document(self, kind: DocumentKind) -> Document | None:
        """The newest of its kind."""
        return max((one for one in self.documents if one.kind is kind), key=lambda one: one.at, default=None)


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. `deployment`: the key of what it belongs to, empty for the organisation as a whole.
    `who`: an organisation, never a private person. `granted`: of a request for data; `ground`: why."""

    kind: EventKind
    on: date
    what: str
    deployment: str = ""
    who: str = ""
    granted: bool | None = None
    ground: str = ""

    def __post_init__(self) -> None:
        _words("what happened", self.what)
        if self.granted is not None and self.kind is not EventKind.DATA_REQUEST:
            raise WrongValue("only a request for data is granted or not")


@dataclass(frozen=True, slots=True)
class NoneHappened:
    """That there was none of this, in this period: normal, and only said where somebody recorded it."""

    kind: EventKind
    since: date
    until: date
    deployment: str = ""

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise WrongValue("a period ends after it began")


@dataclass(frozen=True, slots=True)
class Involved:
    """Whether police forces were involved in a deployment; private firms are its operator, suppliers and
    processors."""

    deployment: str
    police: bool
    who: str = ""

    def __post_init__(self) -> None:
        _words("which deployment", self.deployment)
        if self.police:
            _words("which police force", self.who)


@dataclass(frozen=True, slots=True)
class SignOff:
    """The end of a data protection impact assessment (UK GDPR Art. 35; ICO's seven steps, step 6).

    `measures_by`, `residual_by`: who approved the measures and accepted the residual risk. `advice`: of the data
    protection officer; `overruled`: why it was not followed, empty where it was. `review_on`: the day it must be
    looked at again."""

    deployment: str
    measures_by: str
    residual_by: str
    advice: str
    review_on: date
    overruled: str = ""
    version: str = ""

    def __post_init__(self) -> None:
        for what, text in (
            ("which deployment", self.deployment),
            ("who approved the measures", self.measures_by),
            ("who accepted the residual risk", self.residual_by),
            ("the data protection officer's advice", self.advice),
        ):
            _words(what, text)


Fact = OwnUse | Deployment | Happened | NoneHappened | Involved | SignOff


@dataclass(frozen=True, slots=True)
class Entry:
    """`at`: the day that the fact stands for. `source`: where it comes from. `replaces`: an earlier entry that it
    corrects. `recorded_by`: an id, or “system”."""

    id: EntryId
    at: date
    source: str
    recorded_at: datetime
    recorded_by: str
    fact: Fact
    replaces: EntryId | None = None

    def __post_init__(self) -> None:
        _words("an entry's source", self.source)
        if self.recorded_at.tzinfo is None:
            raise WrongValue("times carry their zone")


def too_soon(fact: Fact, at: date) -> bool:
    """Whether it says what happened, or did not, after the day that it stands for: nobody can have known."""
    if isinstance(fact, NoneHappened):
        return fact.until > at
    return isinstance(fact, Happened) and fact.on > at


# --- reading it --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Register:
    """What stood on one day: entries of that day or before that nothing replaced by then, oldest first."""

    entries: Sequence[Entry]

    @classmethod
    def as_of(cls, entries: Iterable[Entry], day: date) -> "Register":
        known = [one for one in entries if one.at <= day]
        replaced = {one.replaces for one in known}
        return cls(sorted((one for one in known if one.id not in replaced), key=lambda one: (one.at, one.id)))

    def own_use(self) -> Entry | None:
        """The latest entry that says whether this organisation uses it itself."""
        return next((one for one in reversed(self.entries) if isinstance(one.fact, OwnUse)), None)

    def deployments(self) -> Sequence[Entry]:
        """The latest entry of each deployment, in the order they were first recorded."""
        latest: dict[str, Entry] = {}
        for one in self.entries:
            if isinstance(one.fact, Deployment):
                latest[one.fact.key] = one
        return list(latest.values())

    def deployment(self, key: str) -> Entry | None:
        return next(
            (one for one in self.deployments() if isinstance(one.fact, Deployment) and one.fact.key == key),
            None,
        )

    def events(self, *kinds: EventKind, deployment: str | None = None) -> Sequence[Entry]:
        """What happened, oldest first."""
        return [
            one
            for one in self.entries
            if isinstance(one.fact, Happened)
            and (not kinds or one.fact.kind in kinds)
            and (deployment is None or one.fact.deployment == deployment)
        ]

    def none_of(self, kind: EventKind, deployment: str | None = None) -> Entry | None:
        """The latest entry that says there was none, unless something of the kind happened in its period."""
        for one in reversed(self.entries):
            fact = one.fact
            if not isinstance(fact, NoneHappened) or fact.kind is not kind:
                continue
            if deployment is not None and fact.deployment not in ("", deployment):
                continue
            contradicted = any(
                isinstance(other.fact, Happened) and fact.since <= other.fact.on <= fact.until
                for other in self.events(kind, deployment=deployment)
            )
            if not contradicted:
                return one
        return None

    def police(self, deployment: str) -> Entry | None:
        return next(
            (
                one
                for one in reversed(self.entries)
                if isinstance(one.fact, Involved) and one.fact.deployment == deployment
            ),
            None,
        )

    def sign_off(self, deployment: str) -> Entry | None:
        return next(
            (
                one
                for one in reversed(self.entries)
                if isinstance(one.fact, SignOff) and one.fact.deployment == deployment
            ),
            None,
        )


# --- law 5 -------------------------------------------------------------------------------------------------


class Missing(StrEnum):
    """What keeps a centre's lanes closed to faces (law 5)."""

    DEPLOYMENT = "the centre stands in the register"
    IN_USE = "the register says that it is a pilot or in use"
    PURPOSE = "the purpose is recorded"
    CONTROLLER = "the controller is recorded"
    LAWFUL_BASIS = "the lawful basis and the condition for special category data are recorded"
    ALTERNATIVE = "the alternative is recorded"
    RETENTION = "how long data is kept is recorded"
    NOTICE = "the privacy notice is on file"
    SIGNAGE = "a photograph of the signs is on file"
    DPIA = "the data protection impact assessment is on file"
    SIGN_OFF = "the assessment is signed off"
    REVIEW = "the assessment's review date lies ahead"


def missing(register: Register, deployment: str, today: date) -> Sequence[Missing]:
    """Law 5: what a centre lacks before its lanes may look at faces; empty when they may."""
    entry = register.deployment(deployment)
    if entry is None:
        return [Missing.DEPLOYMENT]
    found = entry.fact
    assert isinstance(found, Deployment)
    signed = register.sign_off(deployment)
    lacks = {
        Missing.IN_USE: not found.in_use_on(today),
        Missing.PURPOSE: not found.purpose.strip(),
        Missing.CONTROLLER: not found.controller.strip(),
        Missing.LAWFUL_BASIS: not (found.lawful_basis.strip() and found.condition.strip()),
        Missing.ALTERNATIVE: not found.alternative.strip(),
        Missing.RETENTION: not found.retention.strip(),
        Missing.NOTICE: found.document(DocumentKind.NOTICE) is None,
        Missing.SIGNAGE: found.document(DocumentKind.SIGNAGE) is None,
        Missing.DPIA: found.document(DocumentKind.DPIA) is None,
        Missing.SIGN_OFF: signed is None,
        Missing.REVIEW: signed is not None
        and isinstance(signed.fact, SignOff)
        and signed.fact.review_on < today,
    }
    return [one for one, is_so in lacks.items() if is_so]


def missing_to_enrol(register: Register, deployment: str, today: date) -> Sequence[Missing]:
    """Law 5: what a centre lacks before members may be enrolled. A template is processing too, and its assessment comes
    before it (UK GDPR Art. 35(1)); but members are enrolled while the use is still planned, before signs are up."""
    lacks = missing(register, deployment, today)
    entry = register.deployment(deployment)
    found = entry.fact if entry else None
    ahead = isinstance(found, Deployment) and (
        found.phase is Phase.PLANNED
        or (found.phase is not Phase.ENDED and found.since is not None and found.since > today)
    )
    later = {Missing.SIGNAGE, Missing.IN_USE} if ahead else {Missing.SIGNAGE}
    return [one for one in lacks if one not in later]


def _words(what: str, text: str) -> None:
    if not text.strip():
        raise WrongValue(f"{what} is missing")
    if len(text) > 5000:
        raise WrongValue(f"{what} has up to 5,000 characters")
