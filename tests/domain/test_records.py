"""Whatever is decided or recorded does not change afterwards."""

import dataclasses
import importlib
import pkgutil
from typing import Any

import pytest

from stile import domain


def records() -> dict[str, type[Any]]:
    found = {}
    for module in pkgutil.iter_modules(domain.__path__):
        for name, kind in vars(importlib.import_module(f"stile.domain.{module.name}")).items():
            if (
                isinstance(kind, type)
                and dataclasses.is_dataclass(kind)
                and kind.__module__ == f"stile.domain.{module.name}"
            ):
                found[f"{module.name}.{name}"] = kind
    return found


@pytest.mark.parametrize("kind", records().values(), ids=records().keys())
def test_it_is_frozen_and_has_room_for_nothing_else(kind: type[Any]) -> None:
    one = object.__new__(kind)
    assert "__slots__" in vars(kind)
    assert not hasattr(one, "__dict__")
    for field in dataclasses.fields(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, field.name, None)


def test_they_were_found() -> None:
    assert {"passage.Passage", "consent.Consent", "faces.Frame", "matching.NoMatch"} <= set(records())
