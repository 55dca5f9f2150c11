"""What the register's pages show: deployments with what they lack, events with whether anybody recorded them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stile.domain.ids import StaffId
from stile.domain.places import Centre
from stile.domain.register import (
    Deployment,
    Entry,
    EventKind,
    Happened,
    Involved,
    Missing,
    NoneHappened,
    OwnUse,
    Phase,
    Register,
    Relationship,
    SignOff,
    missing,
    missing_to_enrol,
)
from stile.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Shown:
    """One deployment. `entry`: None for a centre that nobody has entered yet. `gates`: whether lanes wait for it
    (law 5)."""

    key: str
    place: str
    entry: Entry | None
    lacks: Sequence[Missing]
    gates: bool
    review_on: date | None = None
    may_enrol: bool = False

    @property
    def fact(self) -> Deployment | None:
        return self.entry.fact if self.entry and isinstance(self.entry.fact, Deployment) else None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of one kind of event: how often and when last; otherwise who says that there was none."""

    kind: EventKind
    events: Sequence[Entry]
    none: Entry | None


def shown(register: Register, centres: Sequence[Centre], today: date) -> list[Shown]:
    """This organisation's centres first, then whatever else is registered."""
    ours = {str(centre.id): centre for centre in centres}
    of: dict[str, list[Entry]] = {key: [] for key in ours}
    for entry in register.entries:
        if key := about(entry):
            of.setdefault(key, []).append(entry)
    return [
        _shown(key, Register(entries), ours.get(key), today)
        for key, entries in of.items()
        if _any(key, entries, ours)
    ]


def _any(key: str, entries: Sequence[Entry], ours: Mapping[str, Centre]) -> bool:
    """An event may stand under the key of a place that nobody has entered."""
    return key in ours or any(isinstance(one.fact, Deployment) for one in entries)


def _shown(key: str, register: Register, centre: Centre | None, today: date) -> Shown:
    """`register`: what is about this deployment alone, so that hundreds of centres are looked through once."""
    entry, signed = register.deployment(key), register.sign_off(key)
    fact = entry.fact if entry else None
    place = fact.place if isinstance(fact, Deployment) else centre.name if centre else key
    return Shown(
        key,
        place,
        entry,
        missing(register, key, today) if centre else [],
        centre is not None,
        signed.fact.review_on if signed and isinstance(signed.fact, SignOff) else None,
        centre is not None and not missing_to_enrol(register, key, today),
    )


def places(register: Register, centres: Sequence[Centre]) -> Mapping[str, str]:
    """Names by key."""
    return {one.key: one.place for one in shown(register, centres, date.min)}


def denied(register: Register, centres: Sequence[Centre]) -> Sequence[str]:
    """Places of our own that are in use although the register says that we do not use it."""
    own = register.own_use()
    if own is None or not isinstance(own.fact, OwnUse) or own.fact.uses:
        return []
    keys = {str(centre.id) for centre in centres}
    return [
        entry.fact.place
        for entry in register.deployments()
        if isinstance(entry.fact, Deployment)
        and entry.fact.phase in (Phase.PILOT, Phase.IN_USE)
        and (entry.fact.key in keys or entry.fact.relationship is Relationship.OWN)
    ]


def speaking(register: Register) -> Sequence[Deployment]:
    """Of this organisation's own, or on its behalf: they say that it uses it, where nobody entered that by itself. The
    answers to requests are made of them likewise (`foi_draft.Facts.own`)."""
    return [
        entry.fact
        for entry in register.deployments()
        if isinstance(entry.fact, Deployment) and entry.fact.relationship is not Relationship.OPERATORS_ALONE
    ]


def recorded(register: Register, deployment: str | None = None) -> list[Recorded]:
    return [
        Recorded(
            kind, register.events(kind, deployment=deployment), register.none_of(kind, deployment=deployment)
        )
        for kind in EventKind
    ]


def happened_in(
    register: Register, kind: EventKind, since: date, until: date, deployment: str = ""
) -> Sequence[date]:
    """Days of the period on which something of the kind is recorded; "" is everywhere."""
    return [
        entry.fact.on
        for entry in register.events(kind, deployment=deployment or None)
        if isinstance(entry.fact, Happened) and since <= entry.fact.on <= until
    ]


def about(entry: Entry) -> str:
    """The key of the deployment that an entry is about; "" for the organisation as a whole."""
    match entry.fact:
        case Deployment(key=key):
            return key
        case (
            Happened(deployment=key)
            | NoneHappened(deployment=key)
            | Involved(deployment=key)
            | SignOff(deployment=key)
        ):
            return key
    return ""


def names(work: UnitOfWork, entries: Sequence[Entry]) -> Mapping[str, str]:
    """Who recorded them, by what the entries hold."""
    return {one: name_of(work, one) for one in {entry.recorded_by for entry in entries}}


def name_of(work: UnitOfWork, actor: str) -> str:
    """Whose account it is, or what the entry itself says: “system”, “command line”."""
    try:
        staff = work.staff.get(StaffId(UUID(actor)))
    except ValueError:
        return actor
    return staff.name if staff else "an account that is gone"
