"""Law 3: the gallery is searched by the admission of a person who asked, and by the duplicate check; nothing else.

The sources are read: a new call anywhere fails this test, and so does a new way to reach a gallery.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from stile import ports
from stile.application.admit import AdmitByFace
from stile.testing import picture_of
from tests.conftest import ROOT, Here

SOURCES = ROOT / "src" / "stile"
ALLOWED = {("application/admit.py", "_decide"), ("application/enrol.py", "_refuse_duplicate")}
ITS_OWN = "adapters/gallery/"


def searches(tree: ast.Module) -> Iterator[str]:
    """Names of the functions that call `….search(…)` on anything but the module `re`."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Attribute) and call.attr == "search":
                of = call.value
                if not (isinstance(of, ast.Name) and of.id == "re"):
                    yield function.name


def test_only_admission_and_the_duplicate_check_search_the_gallery() -> None:
    found = {
        (str(path.relative_to(SOURCES)), name)
        for path in SOURCES.rglob("*.py")
        if not str(path.relative_to(SOURCES)).startswith(ITS_OWN)
        for name in searches(ast.parse(path.read_text()))
    }
    assert found == ALLOWED


def test_a_gallery_has_no_other_way_to_be_asked() -> None:
    public = {name for name in vars(ports.Gallery) if not name.startswith("_")}
    assert public == {"pack", "put", "load", "remove", "search"}


def test_the_store_has_no_way_to_ask_for_whoever_looks_like_somebody() -> None:
    public = {name for name in vars(ports.Templates) if not name.startswith("_")}
    assert public == {"put", "erase", "keys_of", "has", "of_pack", "of_member", "changed_since", "count"}


def test_a_face_is_looked_at_only_after_somebody_asked(here: Here) -> None:
    """There is no call that takes a picture and gives a name: the only one takes an attempt that was begun."""
    here.enrol(1)
    before = dict(here.pool.eyes.calls)
    public = {name for name in vars(AdmitByFace) if not name.startswith("_")}
    assert public == {"begin", "see", "give_up", "closed", "threshold"}
    assert here.pool.eyes.calls == before
    here.ask(picture_of(1))
    assert here.pool.eyes.calls["embed"] == before["embed"] + 1


def test_no_command_and_no_route_speaks_of_a_watchlist() -> None:
    words = ("watchlist", "identify", "who_is", "who-is", "lookup_face", "bulk_search")
    for path in SOURCES.rglob("*.py"):
        text = path.read_text().lower()
        assert not [word for word in words if word in text], path


def test_the_reader_of_sources_sees_a_forbidden_call(tmp_path: Path) -> None:
    tree = ast.parse("def peek(gallery, probe):\n    return gallery.search(probe)\n")
    assert list(searches(tree)) == ["peek"]
