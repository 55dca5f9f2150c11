"""The register's entries in words, for the page for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from stile.domain.foi_desk.sentences import day
from stile.domain.register import Document, Entry, EventKind, Fact, Happened, NoneHappened, OwnUse, Party
from stile.domain.register_json import kind_of, to_json

KINDS = {
    "own use": "Own use",
    "deployment": "Use at a place",
    "event": "Event",
    "none": "None of these",
    "police": "Police",
    "sign-off": "Assessment signed off",
}
FIELDS = {
    "uses": "Uses facial recognition",
    "place": "Place",
    "operator": "Run by",
    "phase": "Phase",
    "relationship": "Whose it is",
    "technology": "Technology",
    "address": "Address",
    "uprn": "UPRN",
    "since": "From",
    "until": "To",
    "purpose": "Purpose",
    "mode": "Compared",
    "controller": "Controller",
    "joint_controllers": "Joint controllers",
    "processors": "Processors",
    "suppliers": "Suppliers",
    "lawful_basis": "Lawful basis",
    "condition": "Condition, special category data",
    "asked_for": "The authority asked for it",
    "alternative": "Alternative",
    "retention": "How long data is kept",
    "pack": "Model pack",
    "threshold": "Threshold",
    "documents": "Documents",
    "kind": "What",
    "on": "Day",
    "what": "What happened",
    "who": "Who",
    "granted": "Granted",
    "ground": "Ground",
    "police": "A police force was involved",
    "review_on": "To be looked at again by",
    "version": "Version",
}
"""Fields that are told, in words; keys, and what only officers need, are not."""

PLURALS = {
    EventKind.DATA_REQUEST: "requests for data",
    EventKind.ARREST: "arrests",
    EventKind.CIVIL_ORDER: "breaches of civil orders",
    EventKind.COMPLAINT: "complaints",
    EventKind.BREACH: "personal data breaches",
    EventKind.ICO_SELF_REFERRAL: "own referrals to the ICO",
    EventKind.ICO_THIRD_PARTY: "referrals to the ICO by a third party",
}


@dataclass(frozen=True, slots=True)
class Told:
    """`link`: where a document stands, empty where it is only on file."""

    label: str
    text: str
    link: str = ""


def kind(entry: Entry) -> str:
    return KINDS[kind_of(entry.fact)]


def headline(entry: Entry, places: dict[str, str]) -> str:
    """`places`: name of each deployment's place by its key."""
    fact = entry.fact
    where = places.get(getattr(fact, "deployment", getattr(fact, "key", "")), "")
    if isinstance(fact, OwnUse):
        return "It uses facial recognition itself" if fact.uses else "It uses no facial recognition itself"
    if isinstance(fact, NoneHappened):
        at = f" at {where or 'one place'}" if fact.deployment else ""
        return f"No {PLURALS[fact.kind]}{at} from {day(fact.since)} to {day(fact.until)}"
    if isinstance(fact, Happened):
        return f"{fact.kind.value[0].upper()}{fact.kind.value[1:]}{where and ' at '}{where}, {day(fact.on)}"
    return f"{kind(entry)}: {where}" if where else kind(entry)


def told(fact: Fact) -> Sequence[Told]:
    """Every field that says something."""
    return [
        one
        for name in to_json(fact)
        if name in FIELDS
        and not (name == "kind" or (isinstance(fact, NoneHappened) and name != "deployment"))
        for one in _lines(FIELDS[name], getattr(fact, name))
    ]


def _lines(label: str, value: Any) -> Iterator[Told]:
    if isinstance(value, tuple):
        for one in value:
            yield from _lines(label, one)
    elif isinstance(value, Document):
        link = value.where if value.where.startswith(("https://", "http://")) else ""
        yield Told(label, f"{value.title} ({value.kind.value}, {day(value.at)})", link)
    elif isinstance(value, Party):
        yield Told(label, f"{value.name}: {value.part}" if value.part else value.name)
    elif isinstance(value, bool):
        yield Told(label, "yes" if value else "no")
    elif isinstance(value, date):
        yield Told(label, day(value))
    elif value not in ("", None):
        yield Told(label, str(value))
