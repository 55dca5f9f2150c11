"""An authority holds no template: no row, no route, and nothing imported that could see a face or search for one.

It runs in a process of its own in which all that cannot be imported: as on a machine where only the desk for requests
is installed. That takes a few seconds, once for all of these tests.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stile.entrypoints.web.app import ROUTERS
from stile.entrypoints.web.assembly import OF_BOTH, addresses_of
from stile.entrypoints.web.navigation import CONSOLE, DESK
from tests.laws.authority_process import COMMANDS, NEVER, SEES

SCRIPT = Path(__file__).with_name("authority_process.py")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a process without the packages that see found out about an authority."""
    data = tmp_path_factory.mktemp("authority") / "data"
    ran = subprocess.run([sys.executable, SCRIPT, data], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


def test_it_is_set_up_and_nothing_was_loaded_that_sees(told: Any) -> None:
    assert told["init"] == 0
    assert told["loaded"] == []


def test_an_import_of_what_sees_would_have_failed() -> None:
    """Otherwise the test above would prove nothing."""
    check = (
        "import sys; sys.path.insert(0, sys.argv[1]); import authority_process as here;"
        "sys.meta_path.insert(0, here.NotInstalled());"
        "import importlib\n"
        "for name in here.MISSING:\n"
        "    try: importlib.import_module(name)\n"
        "    except ModuleNotFoundError as error: print(error.args[0])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", check, SCRIPT.parent], capture_output=True, text=True, check=True
    )
    refused = ran.stdout.splitlines()
    assert [one for one in SEES if f"{one} is not installed here" not in refused] == []


@pytest.mark.parametrize("line", [line for line in COMMANDS if "doctor" not in line])
def test_its_commands_work(told: Any, line: str) -> None:
    assert told["commands"][line] == 0


@pytest.mark.parametrize("line", [line for line in COMMANDS if "doctor" in line])
def test_the_doctor_knows_an_authority(told: Any, line: str) -> None:
    """Exit code 1 where something is severe: this one signs in by password alone."""
    assert told["commands"][line] in (0, 1)
    assert told["said"][line], "one document"


@pytest.mark.parametrize("line", NEVER)
def test_commands_of_lanes_and_members_do_not(told: Any, line: str) -> None:
    assert told["commands"][line] != 0


def test_every_page_answers(told: Any) -> None:
    broken = {path: status for path, status in told["pages"].items() if status >= 500}
    assert broken == {"/sign-in/provider": 503}, "no identity provider is set up"
    ways = {way.path for group in CONSOLE for way in group.ways} & set(told["pages"])
    assert {"/console/register", "/console/foi", "/console/audit", "/console/staff"} <= ways
    assert {path: told["pages"][path] for path in ways} == dict.fromkeys(ways, 200)
    assert told["pages"]["/transparency"] == 200


def test_no_page_is_about_a_member_a_lane_or_a_face() -> None:
    of_authority, of_operator = ({path for _, path in addresses_of(one)} for one in (OF_BOTH, ROUTERS))
    of_people = re.compile(
        r"^/(desk|kiosk|enrol|me|pass|pin|parent|api)\b|/(members|lanes|imports|enrolments|rights|evaluation|devices)\b"
    )
    assert [path for path in of_authority if of_people.search(path)] == []
    assert len([path for path in of_operator if of_people.search(path)]) > 50
    assert of_authority < of_operator


def test_its_navigation_leads_to_no_lane_and_no_member(told: Any) -> None:
    assert not {way.path for way in DESK} & set(told["pages"])
    assert len(told["links"]) > len(CONSOLE), "the page after signing in has links"
    assert {link: status for link, status in told["links"].items() if status != 200} == {}


def test_the_database_refuses_a_template(told: Any) -> None:
    assert "an authority holds no template" in told["template"]
