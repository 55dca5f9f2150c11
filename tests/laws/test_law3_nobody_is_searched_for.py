"""Law 3: the gallery is searched by the admission of a person who asked, and by the duplicate check; nothing else.
One template is compared by the admission of a person who said who they are. Members are compared with each other by
the site's own calibration, which brings nobody to look for.

The sources are read: a new call anywhere fails this test, and so does a new way to reach a gallery.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from stile import ports
from stile.application.admit import AdmitByFace
from stile.testing import picture_of
from tests.conftest import ROOT, Here

SOURCES = ROOT / "src" / "stile"
ALLOWED = {
    "search": {("application/recognise.py", "_compare"), ("application/enrol.py", "_refuse_duplicate")},
    "verify": {("application/recognise.py", "_compare")},
    "between": {("application/calibrate_site.py", "_make")},
}
"""Each call of a gallery: the files and functions that may make it."""
NOT_A_GALLERY = {("re", "search"), ("_passwords", "verify"), ("_hasher", "verify"), ("public_key", "verify")}
"""What else has a method of such a name: regular expressions and passwords."""
ITS_OWN = "adapters/gallery/"


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(method, function): which functions call, or hand on, a gallery's method."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for call in ast.walk(function):
            if isinstance(call, ast.Attribute) and call.attr in ALLOWED:
                of = call.value
                name = of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""
                if (name, call.attr) not in NOT_A_GALLERY:
                    yield call.attr, function.name


@pytest.mark.parametrize("method", ALLOWED)
def test_only_those_who_may_call_the_gallery(method: str) -> None:
    found = {
        (str(path.relative_to(SOURCES)), name)
        for path in SOURCES.rglob("*.py")
        if not str(path.relative_to(SOURCES)).startswith(ITS_OWN)
        for called, name in calls(ast.parse(path.read_text()))
        if called == method
    }
    assert found == ALLOWED[method]


def test_a_gallery_has_no_other_way_to_be_asked() -> None:
    public = {name for name in vars(ports.Gallery) if not name.startswith("_")}
    assert public == {"pack", "put", "load", "remove", *ALLOWED}


def test_the_members_are_compared_without_anybody_to_look_for() -> None:
    """`between` takes numbers only: no probe, no template and no member can be handed to it."""
    kinds = {name: of for name, of in get_type_hints(ports.Gallery.between).items() if name != "return"}
    assert kinds == {"highest": int, "most": int, "seed": int}


def test_the_store_has_no_way_to_ask_for_whoever_looks_like_somebody() -> None:
    public = {name for name in vars(ports.Templates) if not name.startswith("_")}
    assert public == {"put", "erase", "keys_of", "has", "of_pack", "of_member", "changed_since", "count"}


def test_a_face_is_looked_at_only_after_somebody_asked(here: Here) -> None:
    """There is no call that takes a picture and gives a name: the only one takes an attempt that was begun."""
    here.enrol(1)
    before = dict(here.pool.eyes.calls)
    public = {name for name in vars(AdmitByFace) if not name.startswith("_")}
    assert public == {"asks", "begin", "see", "give_up", "closed", "threshold"}
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
    assert list(calls(tree)) == [("search", "peek")]
    tree = ast.parse("def peek(site):\n    for_later = site.gallery.verify\n    return for_later\n")
    assert list(calls(tree)) == [("verify", "peek")]
