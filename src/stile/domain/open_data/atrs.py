"""Records by the Algorithmic Transparency Recording Standard of the UK government, tier 1 and tier 2, by its field
names (the column “attribute” of version 2.1), one for each use that the organisation answers for.

Only what the register holds, and what this program is, goes into a record. A field that nobody recorded says so.
"""

from collections.abc import Sequence
from typing import Any

from stile.domain.account import Account
from stile.domain.figure_words import of
from stile.domain.figures import Figures, Measure
from stile.domain.foi_desk.saying import day, stage
from stile.domain.foi_desk.use import DOES
from stile.domain.open_data.atrs_words import RISKS, WORDS
from stile.domain.register import (
    Deployment,
    DocumentKind,
    Entry,
    Mode,
    OrganisationKind,
    Party,
    Phase,
    Relationship,
    SignOff,
)

STANDARD = "Algorithmic Transparency Recording Standard"
VERSION = "2.1"
FORMAT = "stile-atrs/1"
NOT_RECORDED = "Not recorded."

PHASES = {
    Phase.PLANNED: "Pre-deployment",
    Phase.PILOT: "Beta/Pilot",
    Phase.IN_USE: "Production",
    Phase.ENDED: "Retired",
}
"""The register's phases in the standard's words."""

COMPARED = {
    Mode.ONE_TO_ONE: "It compares the face with the one template of the member who said who they are (verification).",
    Mode.ONE_TO_MANY: "It compares the face with the templates of all enrolled members (identification).",
    Mode.BOTH: "It compares the face with one template where a member said who they are, and otherwise with those of "
    "all enrolled members.",
}


def atrs_json(account: Account, base: str) -> dict[str, Any]:
    """No record for an authority that answers for no use: who runs it answers for it."""
    return {
        "$schema": f"{base}/atrs.schema.json",
        "format": FORMAT,
        "standard": STANDARD,
        "standard_version": VERSION,
        "records": [_record(account, base, entry, one) for entry, one in account.answerable],
    }


def _record(account: Account, base: str, entry: Entry, one: Deployment) -> dict[str, Any]:
    return {
        "metadata": {
            "id": one.key,
            "standard_version": VERSION,
            "date_completion": entry.at.isoformat(),
            "date_update": account.day.isoformat(),
            "organisation_type": account.publisher.kind.value,
            "function": "Leisure and sport",
            "capability": "Biometric verification and identification",
            "phase": PHASES[one.phase],
            "region": one.address or one.place,
        },
        "tier_1": _tier_1(account, base, one),
        "tier_2": {
            "owner_and_responsibility": _owner(account, one),
            "description_and_rationale": _rationale(account, one),
            "decision_making_process": _process(account, one),
            "tool_specification": _tool(account, one),
            "risks_mitigations_and_impact_assessments": _impact(account, one),
        },
    }


def _tier_1(account: Account, base: str, one: Deployment) -> dict[str, Any]:
    who = account.publisher
    return {
        "name": f"{one.technology[0].upper()}{one.technology[1:]} at {one.place}",
        "description": f"{one.operator} {DOES[stage(one, account.day)]} {one.technology} at {one.place}. Purpose: "
        f"{_said(one.purpose)} Alternative to the face: {_said(one.alternative)}",
        "website": base,
        "contact_email": who.requests or who.contact or NOT_RECORDED,
    }


def _owner(account: Account, one: Deployment) -> dict[str, Any]:
    others: Sequence[Party] = (*one.suppliers, *one.processors)
    if one.relationship is not Relationship.OWN:
        others = (Party(one.operator, "runs the system"), *others)
    return {
        "organisation": account.publisher.name,
        "team": NOT_RECORDED,
        "senior_responsible_owner": NOT_RECORDED,
        "third_party_involvement": "Yes" if others else NOT_RECORDED,
        "external_supplier": [party.name for party in others],
        "companies_house_number": NOT_RECORDED,
        "external_supplier_role": [party.part or NOT_RECORDED for party in others],
        "procurement_procedure_type": NOT_RECORDED,
        "data_access_terms": _document(one, DocumentKind.CONTRACT),
    }


def _rationale(account: Account, one: Deployment) -> dict[str, Any]:
    described = _ours(account, one, "detailed_description")
    return {
        "detailed_description": f"{described} {COMPARED[one.mode]}" if one.mode else described,
        "scope": _said(one.purpose),
        "benefit": _ours(account, one, "benefit"),
        "previous_process": NOT_RECORDED,
        "alternatives_considered": _said(one.alternative),
    }


def _process(account: Account, one: Deployment) -> dict[str, Any]:
    contact = account.publisher.contact or account.publisher.requests
    return {
        "process_integration": _ours(account, one, "process_integration"),
        "provided_information": _ours(account, one, "provided_information"),
        "frequency_scale_usage": _usage(_latest(account, one)),
        "human_decisions": _ours(account, one, "human_decisions"),
        "required_training": NOT_RECORDED,
        "appeals_review": f"{f'To {contact}, and then to' if contact else 'To'} the Information Commissioner.",
    }


def _tool(account: Account, one: Deployment) -> dict[str, Any]:
    model = {name: _ours(account, one, name) for name in ("model_task", "model_input", "model_output")}
    data = {
        name: _ours(account, one, name)
        for name in (
            "source_data_name",
            "data_modality",
            "data_description",
            "source_data_url",
            "data_cleaning",
        )
    }
    return {
        "system_architecture": _ours(account, one, "system_architecture"),
        "phase": PHASES[one.phase],
        "maintenance": _ours(account, one, "maintenance"),
        "models": [
            {
                "model_name": one.pack or NOT_RECORDED,
                "model_version": NOT_RECORDED,
                **model,
                "model_architecture": NOT_RECORDED,
                "model_performance": _performance(_latest(account, one)),
                "threshold": one.threshold or NOT_RECORDED,
                "datasets": NOT_RECORDED,
                "dataset_purposes": NOT_RECORDED,
            }
        ],
        "data_specification": {
            **data,
            "data_quantities": NOT_RECORDED,
            "sensitive_attributes": "Biometric data: special category data (UK GDPR Art. 9(1)).",
            "data_completeness_representativeness": NOT_RECORDED,
            "data_collection": f"Lawful basis: {_said(one.lawful_basis)} Condition: {_said(one.condition)}",
            "data_sharing_agreements": "; ".join(party.name for party in one.processors) or NOT_RECORDED,
            "data_access_storage": _said(one.retention),
        },
    }


def _impact(account: Account, one: Deployment) -> dict[str, Any]:
    signed = account.register.sign_off(one.key)
    fact = signed.fact if signed is not None else None
    assessed = (
        f"Signed off on {day(signed.at)}; to be looked at again by {day(fact.review_on)}."
        if signed is not None and isinstance(fact, SignOff)
        else NOT_RECORDED
    )
    return {
        "impact_assessment_name": "Data protection impact assessment (UK GDPR Art. 35)",
        "impact_assessment_description": assessed,
        "impact_assessment_date": signed.at.isoformat() if signed is not None else NOT_RECORDED,
        "impact_assessment_link": _document(one, DocumentKind.DPIA),
        "risks": list(RISKS) if _is_ours(account, one) else [],
    }


def _is_ours(account: Account, one: Deployment) -> bool:
    """An operator's own use is run by this program; what a council's contractor runs is not known to it."""
    return account.publisher.kind is OrganisationKind.OPERATOR and one.relationship is Relationship.OWN


def _ours(account: Account, one: Deployment, name: str) -> str:
    return WORDS[name] if _is_ours(account, one) else NOT_RECORDED


def _latest(account: Account, one: Deployment) -> Figures | None:
    """The newest month of its centre in which anything happened."""
    return next(
        (shown for shown in reversed(account.figures) if str(shown.centre) == one.key and not shown.nothing),
        None,
    )


def _usage(figures: Figures | None) -> str:
    if figures is None:
        return "Not measured."
    found = {one.measure: one.count for one in figures}
    attempts, entries = found[Measure.ATTEMPTS], found[Measure.ENTRIES]
    if not isinstance(attempts, int) or not isinstance(entries, int):
        return "Not measured."
    return f"{attempts:,} attempts by face and {entries:,} entries by every way, {_period(figures)}."


def _performance(figures: Figures | None) -> str:
    if figures is None:
        return "Not measured."
    shares = figures.of(Measure.FALSE_ALERTS).shares
    return f"False alerts, {_period(figures)}: {'; '.join(of(share) for share in shares)}."


def _period(figures: Figures) -> str:
    return f"{day(figures.period.first)} to {day(figures.period.last)}"


def _document(one: Deployment, kind: DocumentKind) -> str:
    found = one.document(kind)
    if found is None:
        return NOT_RECORDED
    return f"{found.title}, {day(found.at)}: {found.where}"


def _said(words: str) -> str:
    words = words.strip()
    if not words:
        return NOT_RECORDED
    return words if words.endswith((".", "!", "?")) else f"{words}."
