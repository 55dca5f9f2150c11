"""The register's facts as plain JSON values and back: how they lie in the store and travel in a feed.

Names and values are the dataclasses' own. What comes from outside is checked field by field: an unknown field, or a
value of another type, is refused with its name.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from stile.domain.errors import WrongValue
from stile.domain.register import Deployment, Fact, Happened, Involved, NoneHappened, OwnUse, SignOff

KINDS: dict[str, type[Fact]] = {
    "own use": OwnUse,
    "deployment": Deployment,
    "event": Happened,
    "none": NoneHappened,
    "police": Involved,
    "sign-off": SignOff,
}
KIND_OF = {kind: name for name, kind in KINDS.items()}


def kind_of(fact: Fact) -> str:
    return KIND_OF[type(fact)]


def to_json(value: Any) -> Any:
    """Plain values only: strings, numbers, booleans, null, lists, objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    return value


def fact_from_json(kind: str, given: Mapping[str, Any]) -> Fact:
    """Raises WrongValue, with the field's name, for what is no fact."""
    if kind not in KINDS:
        raise WrongValue(f"expected a kind of fact ({', '.join(KINDS)}), not “{kind}”")
    fact: Fact = _built(KINDS[kind], given, kind)
    return fact


def _built(wanted: type, given: Any, where: str) -> Any:
    if not isinstance(given, Mapping):
        raise WrongValue(f"{where}: expected an object")
    hints = _hints(wanted)
    if unknown := set(given) - set(hints):
        raise WrongValue(f"{where}: unknown field “{sorted(unknown)[0]}”")
    values = {name: _read(hints[name], value, f"{where}.{name}") for name, value in given.items()}
    try:
        return wanted(**values)
    except TypeError:
        needed = [one.name for one in fields(wanted) if one.name not in given]
        raise WrongValue(f"{where}: missing {', '.join(needed)}") from None


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)


def _read(wanted: Any, given: Any, where: str) -> Any:
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        if given is None:
            return None
        [inner] = [one for one in get_args(wanted) if one is not type(None)]
        return _read(inner, given, where)
    if origin is tuple:
        if not isinstance(given, list):
            raise WrongValue(f"{where}: expected a list")
        inner = get_args(wanted)[0]
        return tuple(_read(inner, one, f"{where}[{n}]") for n, one in enumerate(given))
    if is_dataclass(wanted):
        return _built(wanted, given, where)  # type: ignore[arg-type]
    if wanted is bool:
        if not isinstance(given, bool):
            raise WrongValue(f"{where}: expected true or false")
        return given
    if not isinstance(given, str):
        raise WrongValue(f"{where}: expected words")
    if wanted is str:
        return given
    try:
        return date.fromisoformat(given) if wanted is date else wanted(given)
    except ValueError:
        expected = "a date like 2026-12-31" if wanted is date else ", ".join(wanted)
        raise WrongValue(f"{where}: expected {expected}") from None
