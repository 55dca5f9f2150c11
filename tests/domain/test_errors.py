"""One tree of errors: the one that is drawn."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import stile
from stile.domain import errors
from stile.domain.errors import StileError, WrongValue

CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind)}


def drawn() -> dict[str, str | None]:
    """Each error of the drawing and the one it hangs on."""
    parents: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"((?:│   |    )*)(├── |└── )?([A-Z]\w+)( .*)?", line)
        if not found or (found[2] is None and found[3] != "StileError"):
            continue
        depth = len(found[1]) // 4 + (found[2] is not None)
        assert depth <= len(above), line
        assert found[3] not in parents, f"{found[3]} is drawn twice"
        parents[found[3]] = above[depth - 1] if depth else None
        above[depth:] = [found[3]]
    return parents


def defined() -> dict[str, str | None]:
    return {
        name: next((base.__name__ for base in kind.__bases__ if issubclass(base, StileError)), None)
        for name, kind in CLASSES.items()
    }


def test_the_tree_that_is_drawn_is_the_tree_that_is_defined() -> None:
    assert drawn() == defined()
    assert len(drawn()) > 10, "the drawing was found"


@pytest.mark.parametrize("name", sorted(set(CLASSES) - {"StileError"}))
def test_every_error_says_in_the_drawing_and_in_its_own_words_what_it_means(name: str) -> None:
    assert re.search(rf"── {name} {{2,}}\S", errors.__doc__ or "")
    assert inspect.getdoc(CLASSES[name])


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES.keys())
def test_an_error_is_its_one_line(kind: type[StileError]) -> None:
    assert str(kind("One line.")) == "One line."
    assert issubclass(kind, StileError)


def test_a_wrong_value_is_a_value_error_too() -> None:
    # So that what parses settings and forms for us takes it for what it is.
    assert issubclass(WrongValue, ValueError)
    assert [name for name, kind in CLASSES.items() if issubclass(kind, ValueError)] == ["WrongValue"]


def test_no_error_of_ours_grows_anywhere_else() -> None:
    strays = []
    for path in Path(stile.__file__).parent.rglob("*.py"):
        if path == Path(errors.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                strays += [f"{path.name}: {node.name}" for base in bases if base in CLASSES]
    assert strays == []
