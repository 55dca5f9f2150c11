"""The schema of the algorithmic transparency records: the standard's field names, tier by tier, and its four phases."""

from stile.domain.open_data.atrs import FORMAT, STANDARD, VERSION
from stile.domain.open_data.schemas import ADDRESS, DAY, DRAFT, WORDS, Schema, each, exactly

PHASE: Schema = {"enum": ["Pre-deployment", "Beta/Pilot", "Production", "Retired"]}
"""As the standard spells them."""


def atrs_schema(base: str) -> Schema:
    body = exactly(
        **{"$schema": ADDRESS},
        format={"const": FORMAT},
        standard={"const": STANDARD},
        standard_version={"const": VERSION},
        records=each(_record()),
    )
    return {"$schema": DRAFT, "$id": f"{base}/atrs.schema.json", "title": "ATRS records", **body}


def _record() -> Schema:
    return exactly(
        metadata=exactly(
            id=WORDS,
            standard_version={"const": VERSION},
            date_completion=DAY,
            date_update=DAY,
            organisation_type=WORDS,
            function=WORDS,
            capability=WORDS,
            phase=PHASE,
            region=WORDS,
        ),
        tier_1=_words("name", "description", "website", "contact_email"),
        tier_2=exactly(
            owner_and_responsibility=_owner(),
            description_and_rationale=_words(
                "detailed_description", "scope", "benefit", "previous_process", "alternatives_considered"
            ),
            decision_making_process=_words(
                "process_integration",
                "provided_information",
                "frequency_scale_usage",
                "human_decisions",
                "required_training",
                "appeals_review",
            ),
            tool_specification=_tool(),
            risks_mitigations_and_impact_assessments=_impact(),
        ),
    )


def _words(*names: str, **more: Schema) -> Schema:
    return exactly(**dict.fromkeys(names, WORDS), **more)


def _owner() -> Schema:
    return _words(
        "organisation",
        "team",
        "senior_responsible_owner",
        "third_party_involvement",
        "companies_house_number",
        "procurement_procedure_type",
        "data_access_terms",
        external_supplier=each(WORDS),
        external_supplier_role=each(WORDS),
    )


def _tool() -> Schema:
    model = _words(
        "model_name",
        "model_version",
        "model_task",
        "model_input",
        "model_output",
        "model_architecture",
        "model_performance",
        "threshold",
        "datasets",
        "dataset_purposes",
    )
    data = _words(
        "source_data_name",
        "data_modality",
        "data_description",
        "data_quantities",
        "sensitive_attributes",
        "data_completeness_representativeness",
        "source_data_url",
        "data_collection",
        "data_cleaning",
        "data_sharing_agreements",
        "data_access_storage",
    )
    return _words(
        "system_architecture",
        "maintenance",
        phase=PHASE,
        models={**each(model), "minItems": 1},
        data_specification=data,
    )


def _impact() -> Schema:
    return _words(
        "impact_assessment_name",
        "impact_assessment_description",
        "impact_assessment_date",
        "impact_assessment_link",
        risks=each(_words("risk_name", "risk_description", "risk_mitigation")),
    )
