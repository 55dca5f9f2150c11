"""Fields of the register's forms: how each is shown, and read back with the problem that belongs beside it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from stile.domain.errors import WrongValue
from stile.domain.register import Party
from stile.entrypoints.dates import day

MOST = 5000
"""Characters of one field, as the domain says."""


class Shape(StrEnum):
    """How a field looks on the page. LINES: one thing a line."""

    LINE = "line"
    AREA = "area"
    LINES = "lines"
    DATE = "date"
    CHOICE = "choice"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """`write`: the fact's value as the form shows it. `read`: what was typed as the fact's value; raises WrongValue.
    `must`: what is said where it is empty; "" where it may be. `begins`: the heading over it and those after it.
    `offers`: what others wrote, to choose from."""

    name: str
    label: str
    hint: str = ""
    shape: Shape = Shape.LINE
    must: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    offers: tuple[str, ...] = ()
    begins: str = ""
    write: Callable[[Any], str] = lambda value: "" if value is None else str(value)
    read: Callable[[str], Any] = lambda text: text


def read(fields: tuple[Field, ...], given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values, and what is wrong with which field."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in fields:
        text = given.get(field.name, "").replace("\r\n", "\n").strip()
        if not text and field.must:
            problems[field.name] = field.must
        elif len(text) > MOST:
            problems[field.name] = f"Up to {MOST:,} characters, please: these are {len(text):,}."
        else:
            try:
                values[field.name] = field.read(text)
            except WrongValue as error:
                problems[field.name] = str(error)
    return values, problems


# --- kinds of values ---------------------------------------------------------------------------------------


def choice(kind: type[StrEnum]) -> Callable[[str], Any]:
    """One of the enum's values; None for nothing chosen."""

    def chosen(text: str) -> StrEnum | None:
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            raise WrongValue("Please choose one of those listed.") from None

    return chosen


def a_day(text: str) -> date | None:
    return day(text)


def uprn(text: str) -> str:
    digits = "".join(text.split())
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise WrongValue("A UPRN is a number of up to 12 digits.")
    return digits


YES_NO = (("yes", "Yes"), ("no", "No"))


def yes_no(text: str) -> bool | None:
    if text not in ("", "yes", "no"):
        raise WrongValue("Please choose yes or no.")
    return {"yes": True, "no": False}.get(text)


def told_yes_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def parties(text: str) -> tuple[Party, ...]:
    """`Name: what they do`, one a line."""
    found = []
    for line in lines(text):
        name, _, part = line.partition(":")
        if not name.strip():
            raise WrongValue(f"Each line begins with a name: “{line[:40]}” does not.")
        found.append(Party(name.strip(), part.strip()))
    return tuple(found)


def told_parties(value: tuple[Party, ...]) -> str:
    return "\n".join(f"{one.name}: {one.part}" if one.part else one.name for one in value)


def told_lines(value: tuple[str, ...]) -> str:
    return "\n".join(value)
