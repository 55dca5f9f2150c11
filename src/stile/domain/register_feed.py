"""The register as it travels: one organisation's public entries as of a day, for another's register to read.

    {"format": "stile-register/1", "as_of": "2026-11-25", "url": "https://…/transparency/register.json",
     "organisation": {"name": "…", "kind": "operator"},
     "entries": [{"id": "…", "kind": "deployment", "at": "2026-01-31", "source": "…", "replaces": null, "fact": {…}}]}

`fact` is as in `register_json`. Only what stands is in it: an entry that was replaced is not. What a reader does not
know is refused with its name, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from stile.domain.errors import WrongValue
from stile.domain.register import Entry, Fact, OrganisationKind, Register
from stile.domain.register_json import fact_from_json, kind_of, to_json

FORMAT = "stile-register/1"
MOST = 100_000
"""Entries; more is no register."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`id`, `replaces`: of the register that it comes from. `source`: what that register gives as its source."""

    id: UUID
    at: date
    source: str
    fact: Fact
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """`url`: where it says that it is published."""

    organisation: str
    kind: OrganisationKind
    as_of: date
    url: str
    entries: tuple[FeedEntry, ...]


def feed_json(organisation: str, kind: OrganisationKind, register: Register, day: date, url: str) -> Any:
    """`register`: as anybody may read it (`public_register.public`)."""
    return {
        "format": FORMAT,
        "as_of": day.isoformat(),
        "url": url,
        "organisation": {"name": organisation, "kind": kind.value},
        "entries": entries_json(register.entries),
    }


def entries_json(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [
        {
            "id": str(one.id),
            "kind": kind_of(one.fact),
            "at": one.at.isoformat(),
            "source": one.source,
            "replaces": str(one.replaces) if one.replaces else None,
            "fact": to_json(one.fact),
        }
        for one in entries
    ]


def read_feed(given: Any) -> Feed:
    """Raises WrongValue, saying where, for what is no feed."""
    if not isinstance(given, Mapping) or given.get("format") != FORMAT:
        raise WrongValue(f"this is no register: expected “format”: “{FORMAT}”")
    organisation, entries = given.get("organisation"), given.get("entries")
    if not isinstance(organisation, Mapping) or not isinstance(entries, list) or len(entries) > MOST:
        raise WrongValue(f"a register names its organisation and lists up to {MOST:,} entries")
    name, kind = _words(organisation.get("name"), "organisation.name"), organisation.get("kind")
    if kind not in set(OrganisationKind):
        raise WrongValue(f"organisation.kind: expected {', '.join(OrganisationKind)}")
    return Feed(
        name,
        OrganisationKind(kind),
        _day(given.get("as_of"), "as_of"),
        _words(given.get("url"), "url"),
        tuple(_entry(one, f"entries[{n}]") for n, one in enumerate(entries)),
    )


def _entry(given: Any, where: str) -> FeedEntry:
    if not isinstance(given, Mapping) or not isinstance(given.get("fact"), Mapping):
        raise WrongValue(f"{where}: expected an entry with a fact")
    try:
        fact = fact_from_json(_words(given.get("kind"), f"{where}.kind"), given["fact"])
    except WrongValue as error:
        raise WrongValue(f"{where}: {error}") from None
    replaces = given.get("replaces")
    return FeedEntry(
        _id(given.get("id"), f"{where}.id"),
        _day(given.get("at"), f"{where}.at"),
        _words(given.get("source"), f"{where}.source"),
        fact,
        None if replaces is None else _id(replaces, f"{where}.replaces"),
    )


def _words(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given.strip() or len(given) > 5000:
        raise WrongValue(f"{where}: expected words")
    return given


def _day(given: Any, where: str) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise WrongValue(f"{where}: expected a date like 2026-12-31") from None


def _id(given: Any, where: str) -> UUID:
    try:
        return UUID(given)
    except (TypeError, ValueError, AttributeError):
        raise WrongValue(f"{where}: expected an id") from None
