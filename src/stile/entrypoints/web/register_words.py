"""The register in words that anybody can read."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from stile.domain.register import (
    Deployment,
    DocumentKind,
    EventKind,
    Fact,
    Happened,
    Involved,
    Missing,
    Mode,
    NoneHappened,
    OwnUse,
    Party,
    Phase,
    Relationship,
    SignOff,
)

PHASES: Mapping[Phase, str] = {
    Phase.PLANNED: "Planned",
    Phase.PILOT: "Pilot",
    Phase.IN_USE: "In use",
    Phase.ENDED: "Ended",
}
RELATIONSHIPS: Mapping[Relationship, str] = {
    Relationship.OWN: "Our own system",
    Relationship.ON_BEHALF: "Run by another on our behalf",
    Relationship.OPERATORS_ALONE: "The operator’s alone, of which we only know",
}
MODES: Mapping[Mode, str] = {
    Mode.ONE_TO_ONE: "One to one: a face against one member’s template",
    Mode.ONE_TO_MANY: "One to many: a face against all members’ templates",
    Mode.BOTH: "Both, by lane",
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.DATA_REQUEST: "Request for data by the police or anyone else",
    EventKind.ARREST: "Arrest",
    EventKind.CIVIL_ORDER: "Breach of a civil order",
    EventKind.COMPLAINT: "Complaint",
    EventKind.BREACH: "Personal data breach",
    EventKind.ICO_SELF_REFERRAL: "Own referral to the Information Commissioner",
    EventKind.ICO_THIRD_PARTY: "Referral to the Information Commissioner by a third party",
}
DOCUMENTS: Mapping[DocumentKind, str] = {
    DocumentKind.DPIA: "Data protection impact assessment",
    DocumentKind.CONTRACT: "Contract",
    DocumentKind.NOTICE: "Privacy notice",
    DocumentKind.SIGNAGE: "Photograph of the signs",
    DocumentKind.POLICY: "Policy",
    DocumentKind.OTHER: "Another document",
}
LACKS: Mapping[Missing, str] = {
    Missing.DEPLOYMENT: "The centre does not stand in the register yet",
    Missing.IN_USE: "The register does not say that it is a pilot or in use",
    Missing.PURPOSE: "The purpose is not recorded",
    Missing.CONTROLLER: "The controller is not recorded",
    Missing.LAWFUL_BASIS: "The lawful basis, or the condition for special category data, is not recorded",
    Missing.ALTERNATIVE: "The alternative is not recorded",
    Missing.RETENTION: "How long data is kept is not recorded",
    Missing.NOTICE: "The privacy notice is not on file",
    Missing.SIGNAGE: "A photograph of the signs is not on file",
    Missing.DPIA: "The data protection impact assessment is not on file",
    Missing.SIGN_OFF: "The assessment is not signed off",
    Missing.REVIEW: "The assessment’s review date is over",
}
"""What keeps a centre's lanes closed to faces, as a sentence; each leads to where it is mended."""
WHOLE = "The organisation as a whole"
LABELS: Mapping[str, str] = {
    "place": "Place",
    "operator": "Operator",
    "phase": "Phase",
    "relationship": "Whose system it is",
    "technology": "Technology",
    "address": "Address",
    "uprn": "UPRN",
    "since": "From",
    "until": "To",
    "purpose": "Purpose",
    "mode": "Mode",
    "controller": "Controller",
    "joint_controllers": "Joint controllers",
    "processors": "Processors",
    "suppliers": "Suppliers",
    "lawful_basis": "Lawful basis",
    "condition": "Condition for special category data",
    "asked_for": "Asked for by the authority",
    "alternative": "Alternative",
    "retention": "How long data is kept",
    "pack": "Model",
    "threshold": "Threshold in force",
    "uses": "Uses facial recognition itself",
    "kind": "What",
    "on": "On",
    "what": "In a sentence",
    "deployment": "Where",
    "who": "Which organisation",
    "granted": "Granted",
    "ground": "Ground",
    "police": "Police involved",
    "measures_by": "Measures approved by",
    "residual_by": "Residual risk accepted by",
    "advice": "The data protection officer’s advice",
    "overruled": "Overruled, because",
    "review_on": "To be looked at again on",
    "version": "Version",
}


def headline(fact: Fact, places: Mapping[str, str]) -> str:
    """An entry in a line. `places`: names of deployments by key."""
    match fact:
        case OwnUse():
            return f"Own use of facial recognition: {'yes' if fact.uses else 'no'}"
        case Deployment():
            return f"{fact.place}: {PHASES[fact.phase].lower()}"
        case Happened():
            return f"{EVENTS[fact.kind]}, {_day(fact.on)}"
        case NoneHappened():
            kind = EVENTS[fact.kind]
            return f"None: {kind[0].lower()}{kind[1:]}, {_day(fact.since)} to {_day(fact.until)}"
        case Involved():
            return (
                f"{_place(fact.deployment, places)}: police {'involved' if fact.police else 'not involved'}"
            )
        case SignOff():
            return f"{_place(fact.deployment, places)}: assessment signed off"


def facts(fact: Fact, places: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Label and value of what is recorded; documents are shown apart."""
    for name, label in LABELS.items():
        value = getattr(fact, name, None)
        if name == "deployment" and value is not None:
            yield label, _place(value, places)
        elif value is not None and (told := tell(value)):
            yield label, told


def tell(value: Any) -> str:
    match value:
        case bool():
            return "Yes" if value else "No"
        case Phase():
            return PHASES[value]
        case Relationship():
            return RELATIONSHIPS[value]
        case Mode():
            return MODES[value]
        case EventKind():
            return EVENTS[value]
        case StrEnum():
            return value.value
        case date():
            return _day(value)
        case tuple():
            return "\n".join(tell(one) for one in value)
        case Party():
            return f"{value.name}: {value.part}" if value.part else value.name
        case _:
            return str(value)


def _place(key: str, places: Mapping[str, str]) -> str:
    return places.get(key, key) if key else WHOLE


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
