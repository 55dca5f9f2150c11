"""The register as tables: every entry, and each place where faces are used."""

import json

from stile.domain.account import Account
from stile.domain.open_data.tables import DAY, TEXT, YES_NO, Cell, Column, Table
from stile.domain.register import Deployment, Party
from stile.domain.register_json import kind_of, to_json

ENTRIES = (
    Column("id", "Entry", "The entry's id.", required=True),
    Column("kind", "Kind", "Own use, deployment, event, none, police or sign-off.", required=True),
    Column("date", "Day", "The day that it stands for.", DAY, True),
    Column("source", "Source", "Where it comes from.", required=True),
    Column("replaces", "Replaces", "The earlier entry that it corrects."),
    Column(
        "deployment",
        "Deployment",
        "What it belongs to: a row of deployments.csv; empty for the whole organisation.",
    ),
    Column("fact", "Fact", "What it says, as JSON by the published schema of the register.", required=True),
)
DEPLOYMENTS = (
    Column("key", "Deployment", "Its key.", required=True),
    Column("entry", "Entry", "The entry that says so: a row of register.csv.", required=True),
    Column("as_of", "Day", "The day that the entry stands for.", DAY, True),
    Column("place", "Place", "Where it is.", required=True),
    Column("address", "Address", "Its address."),
    Column("uprn", "UPRN", "Unique Property Reference Number."),
    Column("operator", "Run by", "Who runs it.", required=True),
    Column("phase", "Phase", "Planned, pilot, in use or ended.", required=True),
    Column("since", "From", "First day of use.", DAY),
    Column("until", "To", "Last day of use.", DAY),
    Column(
        "relationship",
        "Whose it is",
        "Own, on the authority's behalf, or the operator's alone.",
        required=True,
    ),
    Column("technology", "Technology", "What is used.", required=True),
    Column("purpose", "Purpose", "What for."),
    Column("mode", "Compared", "1:1 (verification) or 1:N (identification), ISO/IEC 2382-37."),
    Column("controller", "Controller", "Controller of the personal data."),
    Column("joint_controllers", "Joint controllers", "Separated by a semicolon."),
    Column("processors", "Processors", "Separated by a semicolon."),
    Column("suppliers", "Suppliers", "Separated by a semicolon."),
    Column("lawful_basis", "Lawful basis", "UK GDPR Art. 6."),
    Column("condition", "Condition", "UK GDPR Art. 9(2)."),
    Column(
        "asked_for", "Asked for", "Whether the authority asked for its use; empty is not recorded.", YES_NO
    ),
    Column("alternative", "Alternative", "What there is instead of the face."),
    Column("retention", "Retention", "How long data is kept."),
    Column("pack", "Model pack", "Which models compare."),
    Column("threshold", "Threshold", "In force."),
)
LEFT_OUT = (
    Column("what", "What", "An entry of the register, or a figure.", required=True),
    Column("part", "Part", "Which part of it is left out.", required=True),
    Column("because", "Because", "Why.", TEXT, True),
)


def register_tables(account: Account) -> tuple[Table, ...]:
    return (
        Table(
            "register.csv",
            "The register",
            "Every entry that stands, with its day and source.",
            ENTRIES,
            tuple(
                (
                    str(one.id),
                    kind_of(one.fact),
                    one.at,
                    one.source,
                    str(one.replaces) if one.replaces else None,
                    getattr(one.fact, "key", "") or getattr(one.fact, "deployment", "") or None,
                    json.dumps(to_json(one.fact), ensure_ascii=False, sort_keys=True),
                )
                for one in account.register.entries
            ),
            ("id",),
        ),
        Table(
            "deployments.csv",
            "Places where faces are used",
            "Each place as it stands now, one in a row.",
            DEPLOYMENTS,
            tuple(_deployment(str(entry.id), entry.at, one) for entry, one in account.uses),
            ("key",),
        ),
        Table(
            "left-out.csv",
            "What is left out, and why",
            "Parts of entries and figures that are known and not published, each with its reason.",
            LEFT_OUT,
            tuple((one.what, one.part, one.because) for one in account.left_out),
            ("what", "part", "because"),
        ),
    )


def _deployment(entry: str, at: Cell, one: Deployment) -> tuple[Cell, ...]:
    return (
        one.key,
        entry,
        at,
        one.place,
        one.address or None,
        one.uprn or None,
        one.operator,
        one.phase.value,
        one.since,
        one.until,
        one.relationship.value,
        one.technology,
        one.purpose or None,
        one.mode.value if one.mode else None,
        one.controller or None,
        "; ".join(one.joint_controllers) or None,
        _parties(one.processors),
        _parties(one.suppliers),
        one.lawful_basis or None,
        one.condition or None,
        one.asked_for,
        one.alternative or None,
        one.retention or None,
        one.pack or None,
        one.threshold or None,
    )


def _parties(parties: tuple[Party, ...]) -> str | None:
    return "; ".join(f"{one.name} ({one.part})" if one.part else one.name for one in parties) or None
