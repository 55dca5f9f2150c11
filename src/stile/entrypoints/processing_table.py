"""The record of processing as a table, for the page, the CSV file and the command line."""

import csv
import io
from collections.abc import Mapping

from stile.domain.processing_record import Activity, ProcessingRecord

COLUMNS: Mapping[str, str] = {
    "part": "Part",
    "name": "Activity",
    "controller": "Controller",
    "joint": "Joint controllers",
    "places": "Places",
    "purposes": "Purposes",
    "basis": "Lawful basis and condition",
    "people": "Categories of data subjects",
    "data": "Categories of personal data",
    "recipients": "Recipients and processors",
    "transfers": "Transfers abroad",
    "kept": "Time limits for erasure",
    "security": "Security measures",
    "assessed": "Impact assessment",
}
WHOSE = ("Organisation", "Address", "Contact", "Data protection officer", "As of")


def cells(activity: Activity) -> dict[str, str]:
    """By column, in words."""
    return {name: str(getattr(activity, name)) for name in COLUMNS}


def whose(record: ProcessingRecord) -> tuple[str, ...]:
    of = record.of
    return (
        of.name,
        of.address or "Not set",
        of.contact or "Not set",
        of.officer or "Not set",
        record.on.isoformat(),
    )


def as_csv(record: ProcessingRecord) -> str:
    """One row an activity (RFC 4180, UTF-8)."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow((*WHOSE, *COLUMNS.values()))
    for activity in record.activities:
        rows.writerow([_plain(one) for one in (*whose(record), *cells(activity).values())])
    return out.getvalue()


def as_json(record: ProcessingRecord) -> dict[str, object]:
    return {
        "organisation": {"name": record.of.name, "kind": record.of.kind.value}
        | {"address": record.of.address, "contact": record.of.contact, "officer": record.of.officer},
        "as_of": record.on.isoformat(),
        "activities": [cells(one) for one in record.activities],
        "not_ours": [{"place": one.place, "operator": one.operator} for one in record.outside],
    }


def _plain(text: str) -> str:
    """A spreadsheet takes what begins like this for a formula, and runs it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
