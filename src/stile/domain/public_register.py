"""What of the register anybody may read. Names of officers, and addresses and numbers of people, stay inside; whatever
is left out is listed with its reason, so that a gap is never taken for nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from stile.domain.foi_desk.redaction import Sensitive, findings
from stile.domain.register import Document, Entry, Register, SignOff

WITHHELD = "[withheld]"


class Why(StrEnum):
    """Why something in an entry is not published."""

    EMAIL = Sensitive.EMAIL
    PHONE = Sensitive.PHONE
    NATIONAL_INSURANCE = Sensitive.NATIONAL_INSURANCE
    OFFICER = "it names officers, or is advice to them"
    ON_FILE = "it is kept on file and stands at no public address"


@dataclass(frozen=True, slots=True)
class Withheld:
    """`entry`: its id. `field`: which part of it, such as `fact.documents[0].where`."""

    entry: str
    field: str
    because: Why


@dataclass(frozen=True, slots=True)
class PublicRegister:
    """`register`: the entries as anybody may read them."""

    register: Register
    withheld: tuple[Withheld, ...]


OFFICERS = ("measures_by", "residual_by", "advice", "overruled")
"""Fields of a sign-off that name officers, or what they were advised: that it was signed off is public, and when."""

NAMES = ("key", "deployment", "uprn")
"""Fields that name a place by letters and digits: an id that looks like a telephone number is none."""


def public(register: Register, allowed: Collection[str]) -> PublicRegister:
    """`allowed`: addresses and numbers that are an organisation's own and meant to be given."""
    entries: list[Entry] = []
    withheld: list[Withheld] = []
    for one in register.entries:
        shown, kept_back = _entry(one, allowed)
        entries.append(shown)
        withheld += kept_back
    return PublicRegister(Register(tuple(entries)), tuple(withheld))


def _entry(entry: Entry, allowed: Collection[str]) -> tuple[Entry, Sequence[Withheld]]:
    withheld: list[Withheld] = []

    def keep_back(field: str, because: Why) -> None:
        one = Withheld(str(entry.id), field, because)
        if one not in withheld:
            withheld.append(one)

    def clean(value: Any, where: str) -> Any:
        if isinstance(value, StrEnum):
            return value
        if isinstance(value, str):
            return words(value, where)
        if isinstance(value, tuple):
            return tuple(clean(one, f"{where}[{n}]") for n, one in enumerate(value))
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **dict(parts(value, where)))
        return value

    def parts(value: Any, where: str) -> Iterator[tuple[str, Any]]:
        for field in fields(value):
            part, at = getattr(value, field.name), f"{where}.{field.name}"
            if isinstance(value, SignOff) and field.name in OFFICERS and part:
                keep_back(at, Why.OFFICER)
                yield field.name, WITHHELD
            elif field.name in NAMES:
                yield field.name, part
            elif isinstance(value, Document) and field.name == "where" and not _is_address(part):
                keep_back(at, Why.ON_FILE)
                yield field.name, "on file"
            else:
                yield field.name, clean(part, at)

    def words(text: str, where: str) -> str:
        for found in findings([("", text)], (), allowed):
            keep_back(where, Why[found.what.name])
            text = text.replace(found.found, WITHHELD)
        return text

    fact = replace(entry.fact, **dict(parts(entry.fact, "fact")))
    return replace(entry, source=words(entry.source, "source"), fact=fact), withheld


def _is_address(where: str) -> bool:
    return where.startswith(("https://", "http://"))
