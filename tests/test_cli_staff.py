"""`stile staff`: the way back in from the machine itself. It takes and prints no password."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stile.application.setup import NewSite
from stile.application.staff.sessions import Visitor
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.roles import Role
from stile.entrypoints.cli import app

NEW = "staple correct horse"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    site = open_site(Settings(data=folder), see=False)
    site.setup.create(NewSite("Operator", "Centre", "Lane", "admin", "correct horse battery"))
    site.close()
    return folder


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["staff", *words, "--data", str(data)])


def listed(data: Path) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in json.loads(run(data, "list", "--json").stdout)["staff"]}


def test_an_account_from_link_to_end(data: Path) -> None:
    added = run(data, "add", "Ada", "--role", "manager", "--role", "auditor")
    found = re.search(r"^http://127\.0\.0\.1:8000/join/(\S+)$", added.stdout, re.MULTILINE)
    assert found
    assert listed(data)["Ada"]["roles"] == ["auditor", "manager"]
    assert listed(data)["Ada"]["joined"] is False
    site = open_site(Settings(data=data), see=False)
    signed = site.joining.with_password(found[1], NEW, Visitor())
    assert run(data, "roles", "Ada", "--role", "manager").stdout == "Ada: manager.\n"
    assert site.sessions.find(signed.token) is None
    assert site.accounts.by_name("Ada").roles == {Role.MANAGER}

    assert run(data, "disable", "Ada").exit_code == 0
    assert listed(data)["Ada"]["disabled"] is True
    assert run(data, "enable", "Ada").exit_code == 0
    assert "/join/" in run(data, "reset", "Ada").stdout
    assert listed(data)["Ada"]["password"] is False
    site.close()


def test_the_last_account_that_manages_staff_can_be_reset_but_not_taken_away(data: Path) -> None:
    for words in (("disable", "admin"), ("roles", "admin", "--role", "reception")):
        refused = run(data, *words)
        assert refused.exit_code == 1
        assert "last account" in refused.stderr
    assert "/join/" in run(data, "reset", "admin").stdout


def test_who_is_not_there_is_one_line(data: Path) -> None:
    refused = run(data, "reset", "Nobody")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "There is no account “Nobody”." in refused.stderr


def test_the_list_reads_plainly(data: Path) -> None:
    told = run(data, "list").stdout
    assert "admin" in told
    assert "argon2" not in told
