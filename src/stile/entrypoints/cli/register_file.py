"""Entries from a TOML file: one of them, or several that go in together."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import Fact
from stile.domain.register_json import KINDS, fact_from_json


@dataclass(frozen=True, slots=True)
class Given:
    """`at`: the day that they stand for, None for today. `replaces`: what the one fact corrects."""

    facts: Sequence[Fact]
    source: str
    at: date | None
    replaces: EntryId | None


def read(file: Path) -> Given:
    """Raises WrongValue, in one line, for what is no entry."""
    try:
        given = tomllib.loads(file.read_text())
    except OSError as error:
        raise WrongValue(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongValue(f"{file} is no TOML: {error}.") from None
    at = given.get("at")
    if at is not None and (not isinstance(at, date) or isinstance(at, datetime)):
        raise WrongValue("`at` is a day, like 2026-01-31 without quotation marks.")
    several = given.get("entry")
    if several is not None and given.get("replaces") is not None:
        raise WrongValue("Only a file with one entry corrects another: `replaces` stands beside its kind.")
    entries = several if isinstance(several, list) and several else [given]
    facts = [_fact(one) for one in entries]
    return Given(facts, str(given.get("source") or ""), at, _id(given.get("replaces")))


def _fact(given: Any) -> Fact:
    kind = given.get("kind") if isinstance(given, Mapping) else None
    if kind not in KINDS or not isinstance(given.get("fact"), dict):
        raise WrongValue(f"An entry has a kind ({', '.join(KINDS)}) and a table [fact].")
    return fact_from_json(kind, _dates_as_words(given["fact"]))


def _dates_as_words(value: Any) -> Any:
    """TOML has days of its own; facts are read from words."""
    if isinstance(value, dict):
        return {name: _dates_as_words(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_dates_as_words(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _id(given: Any) -> EntryId | None:
    if given is None:
        return None
    try:
        return EntryId(UUID(str(given)))
    except ValueError:
        raise WrongValue("`replaces` is the id of an entry; `stile register show` shows them.") from None
