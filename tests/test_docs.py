"""The build checks the docs: an undocumented setting, command, route or reason fails, and so does a dead link."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

REFERENCE = ROOT / "docs" / "reference"


def load_writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_reference", REFERENCE / "write.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WRITER = load_writer()


@pytest.mark.parametrize("page", WRITER.PAGES)
def test_a_reference_page_says_what_the_program_says(page: str) -> None:
    made = WRITER.page(page)
    assert (REFERENCE / page).read_text() == made, "run: python docs/reference/write.py"


def test_nothing_in_the_reference_is_without_words() -> None:
    for page in WRITER.PAGES:
        empty = [
            line for line in WRITER.page(page).splitlines() if line.startswith("|") and line.endswith("|  |")
        ]
        assert not empty, page


PAGES = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target
    for path in re.findall(r"`((?:docs|tests|src)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path


def test_every_make_target_and_command_in_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`make ([a-z]+)`", readme)) <= targets
    commands = WRITER.page("commands.md")
    for command in re.findall(r"`(stile [a-z]+(?: [a-z]+)?)", readme):
        first_two = command.split()[:2]
        assert f"`{command}`" in commands or f"`{' '.join(first_two)}" in commands, command
