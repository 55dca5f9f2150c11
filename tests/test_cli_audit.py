"""`stile audit`: what it prints, and with which code it ends."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.config import settings as read_settings
from stile.domain.audit import Event
from stile.entrypoints.cli import app

RUNNER = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    read_settings.cache_clear()
    site = open_site(Settings(data=folder), see=False)
    site.setup.create(
        NewSite("Test Operator", "Test Centre", "Main entrance", "admin", "correct horse battery")
    )
    site.close()
    return folder


def run(*words: str | Path) -> Result:
    return RUNNER.invoke(app, [str(word) for word in words])


def document(*words: str | Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run(*words, "--json").stdout)
    return read


def tamper(data: Path, statement: str, trigger: str = "audit_entry_update") -> None:
    tool = sqlite3.connect(data / "stile.db", isolation_level=None)
    tool.execute(f"DROP TRIGGER {trigger}")
    tool.execute(statement)
    tool.close()


def test_a_log_that_holds_is_said_to_hold(data: Path) -> None:
    answer = run("audit", "verify", "--data", data)
    assert answer.exit_code == 0
    assert "The audit log holds: 4 entries" in answer.stdout
    assert "stile audit checkpoint" in answer.stdout, "nothing was signed yet, and what to do about it"


def test_a_changed_entry_is_named_and_the_code_is_1(data: Path) -> None:
    tamper(data, "UPDATE audit_entry SET subject = 'somebody else' WHERE position = 2")
    answer = run("audit", "verify", "--data", data)
    assert answer.exit_code == 1
    assert "Entry 2 is not what was written [entry changed]." in answer.stdout
    found = document("audit", "verify", "--data", data)
    assert found["holds"] is False
    assert [(one["wrong"], one["first"], one["last"]) for one in found["findings"]] == [
        ("entry changed", 2, 2)
    ]


def test_the_head_is_signed_on_command_and_checked_against_what_was_noted(data: Path, tmp_path: Path) -> None:
    signed = document("audit", "checkpoint", "--data", data)
    assert signed["size"] == 4
    noted = tmp_path / "noted.txt"
    noted.write_text(signed["note"])
    check = ("audit", "verify", "--data", data, "--key", signed["public_key"], "--checkpoints", noted)
    assert run(*check).exit_code == 0
    tamper(data, "DELETE FROM audit_entry WHERE position = 4", "audit_entry_delete")
    tamper(data, "DELETE FROM audit_checkpoint", "audit_checkpoint_delete")
    (data / "audit-checkpoints.txt").unlink()
    assert run("audit", "verify", "--data", data).exit_code == 0, (
        "whoever holds everything can tidy up everything"
    )
    answer = run(*check)
    assert answer.exit_code == 1, "but for what was noted elsewhere"
    assert "Entry 4 cut off" in answer.stdout


def test_an_export_is_checked_without_the_database(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    assert run("audit", "export", file, "--data", data).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert run("audit", "export", file, "--data", data).exit_code == 1, "nothing is written over"
    assert run("audit", "verify", "--file", file).exit_code == 0
    lines = file.read_text().splitlines(keepends=True)
    for place, line in enumerate(lines[1:], 1):
        changed = line.replace('"system"', '"nobody"') if '"system"' in line else line.replace("2", "3", 1)
        file.write_text("".join([*lines[:place], changed, *lines[place + 1 :]]))
        assert run("audit", "verify", "--file", file).exit_code == 1, line
    file.write_text("".join(lines[:-1]))
    assert "cut off" in run("audit", "verify", "--file", file).stdout


@pytest.mark.parametrize("content", ["", "{}\n", "nonsense\n", '{"format": "stile audit log 1"}\n'])
def test_a_file_that_is_no_export_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text(content)
    answer = run("audit", "verify", "--file", file)
    assert answer.exit_code == 1
    assert len(answer.stderr.strip().splitlines()) == 1


def test_the_log_is_shown_in_words_and_filtered(data: Path) -> None:
    shown = run("audit", "show", "--data", data).stdout
    assert "Main entrance" in shown
    only = document("audit", "show", "--event", Event.LANE_CREATED, "--data", data)["entries"]
    assert [one["words"] for one in only] == ["Lane entered"]
    assert document("audit", "show", "--actor", "nobody", "--data", data)["entries"] == []
    assert document("audit", "show", "--since", "2100-01-01", "--data", data)["entries"] == []
    assert len(document("audit", "show", "--subject", "Main entrance", "--data", data)["entries"]) == 1
    looks = document("audit", "show", "--event", Event.AUDIT_SEEN, "--data", data)["entries"]
    assert len(looks) == 6, "each reading is an entry, this one too"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "--event", "no:such:tag"), "no tag of the audit log"),
        (("verify", "--key", "nonsense"), "public key"),
        (("verify", "--checkpoints", "/nowhere"), "cannot be read"),
        (("verify", "--file", "/nowhere"), "cannot be read"),
    ],
)
def test_bad_input_is_one_clear_line(data: Path, words: tuple[str, ...], said: str) -> None:
    answer = run("audit", *words, "--data", data)
    assert answer.exit_code == 1
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_the_how_tos_own_program_checks_an_export(data: Path, tmp_path: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs/how-to/check-the-audit-log.md").read_text()
    program = tmp_path / "check.py"
    program.write_text(guide.split("```python\n")[1].split("```")[0])
    run("audit", "checkpoint", "--data", data)
    file = tmp_path / "log.jsonl"
    run("audit", "export", file, "--data", data)

    def checked() -> "subprocess.CompletedProcess[str]":
        return subprocess.run([sys.executable, program, file], capture_output=True, text=True, check=False)

    assert checked().stdout == "5 entries hold, 2 checkpoints fit\n"
    file.write_text(file.read_text().replace("command line", "somebody else"))
    assert checked().returncode == 1
