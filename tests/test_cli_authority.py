"""An authority from the command line: set up, subscribed to an operator, and the demonstration."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from stile.bootstrap import open_site
from stile.config import Settings, settings
from stile.domain.errors import NotConfigured
from stile.domain.register import OrganisationKind
from stile.domain.roles import AT_AUTHORITY
from stile.entrypoints.cli import app
from stile.office import open_office

PASSWORD = {"STILE_ADMIN_PASSWORD": "correct horse battery"}


@pytest.fixture(autouse=True)
def read_anew() -> None:
    settings.cache_clear()


def run(*words: str | Path, code: int = 0, env: dict[str, str] | None = None) -> Result:
    done = CliRunner().invoke(app, [str(word) for word in words], env=PASSWORD | (env or {}))
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def council(tmp_path: Path) -> Path:
    run("init", "--authority", "--name", "Barnstone Council", "--data", tmp_path / "data")
    return tmp_path / "data"


# --- setting up ---


def test_it_knows_what_it_is_from_then_on(council: Path) -> None:
    assert Settings(data=council).organisation is OrganisationKind.AUTHORITY
    office = open_office(Settings(data=council))
    whose = office.setup.whose()
    assert whose is not None
    assert (whose.name, whose.kind) == ("Barnstone Council", OrganisationKind.AUTHORITY)
    with office.store.read() as work:
        assert (work.centres.all(), work.lanes.all()) == ([], [])
        [admin] = work.staff.all()
    assert admin.roles == AT_AUTHORITY
    office.close()


def test_what_stood_in_the_settings_still_does(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "stile.toml").write_text('port = 9000\n[foi]\nwho = "the council"\n')
    run("init", "--authority", "--name", "Barnstone Council", "--data", data)
    chosen = Settings(data=data)
    assert (chosen.port, chosen.foi.who, chosen.organisation) == (
        9000,
        "the council",
        OrganisationKind.AUTHORITY,
    )


def test_a_setting_that_says_otherwise_is_not_overruled(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "stile.toml").write_text('organisation = "operator"\n')
    told = run("init", "--authority", "--name", "Council", "--data", data, code=1)
    assert "The settings say `operator`" in told.output
    assert (data / "stile.toml").read_text() == 'organisation = "operator"\n'


def test_a_site_is_not_made_an_authority(tmp_path: Path) -> None:
    run("init", "--operator", "O", "--centre", "C", "--data", tmp_path)
    told = run("init", "--authority", "--name", "Council", "--data", tmp_path, code=1)
    assert "was set up as an operator" in told.output
    assert not (tmp_path / "stile.toml").exists()


def test_a_password_that_is_too_short_leaves_the_way_open(tmp_path: Path) -> None:
    words = ("init", "--authority", "--name", "Council", "--data", tmp_path)
    assert "12 characters" in run(*words, code=1, env={"STILE_ADMIN_PASSWORD": "short"}).output
    run(*words)
    assert "set up already" in run(*words, code=1).output


def test_it_is_not_opened_as_what_it_is_not(council: Path) -> None:
    with pytest.raises(NotConfigured, match='set `organisation = "authority"`'):
        open_site(Settings(data=council, organisation=OrganisationKind.OPERATOR), see=False)
    with pytest.raises(NotConfigured, match="no lanes and no members"):
        open_site(Settings(data=council), see=False)


def test_an_authority_has_no_centre(tmp_path: Path) -> None:
    told = run("init", "--authority", "--name", "C", "--centre", "Pool", "--data", tmp_path / "d", code=1)
    assert "no centre" in told.output


@pytest.mark.parametrize(
    "command", ["members list", "lanes list", "devices list", "enrol 1001 x.jpg --consent c"]
)
def test_commands_of_an_operator_say_why_not(council: Path, command: str) -> None:
    assert "no lanes and no members" in run(*command.split(), "--data", council, code=1).output


# --- subscribing ---


class Feed(BaseHTTPRequestHandler):
    document: Any

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.document).encode())  # type: ignore[attr-defined]

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def operator() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    made.document = {  # type: ignore[attr-defined]
        "format": "stile-register/1",
        "as_of": "2026-11-25",
        "url": "https://barnstone.example/transparency/register.json",
        "organisation": {"name": "Barnstone Leisure", "kind": "operator"},
        "entries": [
            {
                "id": "0192f0c0-0000-7000-8000-000000000001",
                "kind": "deployment",
                "at": "2026-01-31",
                "source": "the manager",
                "replaces": None,
                "fact": {
                    "key": "pool",
                    "place": "Barnstone Pool",
                    "operator": "Barnstone Leisure",
                    "phase": "in use",
                    "relationship": "own",
                    "controller": "Barnstone Leisure",
                },
            }
        ],
    }
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_an_operators_register_becomes_entries_with_their_source(
    council: Path, operator: ThreadingHTTPServer
) -> None:
    url = f"http://127.0.0.1:{operator.server_address[1]}/transparency/register.json"
    refused = run("register", "subscribe", url, "--data", council, code=1)
    assert "only https is read" in refused.output
    inside = {"STILE_FEEDS_INSIDE": '["127.0.0.1"]'}
    settings.cache_clear()
    told = run("register", "subscribe", url, "--data", council, env=inside)
    assert "Barnstone Leisure: 1 entry made." in told.output
    [entry] = json.loads(run("register", "show", "--json", "--data", council).output)["entries"]
    assert entry["at"] == date.today().isoformat()  # noqa: DTZ011 the day of this machine is what is meant
    assert entry["source"] == f"{url}, published by Barnstone Leisure as of 2026-11-25"
    assert entry["fact"]["relationship"] == "the operator's alone"
    assert "nothing changed" in run("register", "refresh", "--data", council, env=inside).output
    operator.document["entries"][0]["fact"]["phase"] = "pilot"  # type: ignore[attr-defined]
    told = run("register", "refresh", url, "--json", "--data", council, env=inside)
    assert len(json.loads(told.output)["read"][0]["entries"]) == 1
    [known] = json.loads(run("register", "subscriptions", "--json", "--data", council).output)[
        "subscriptions"
    ]
    assert (known["url"], known["organisation"], known["problem"]) == (url, "Barnstone Leisure", None)
    operator.document["organisation"]["name"] = "Barnstone [/] \x1b[2J"  # type: ignore[attr-defined]
    told = run("register", "refresh", url, "--data", council, env=inside)
    told_of = run("register", "subscriptions", "--data", council, env={"COLUMNS": "200"})
    for output in (told.output, told_of.output):
        assert "Barnstone [/]" in output, "what an operator calls itself is no markup"
        assert "\x1b" not in output, "and moves nothing on the terminal"
    run("register", "unsubscribe", url, "--data", council)
    assert "Nothing is subscribed to" in run("register", "refresh", "--data", council).output


# --- the demonstration ---


def test_the_demonstration_writes_the_letter_in_three_forms(tmp_path: Path) -> None:
    """Takes a few seconds: a PDF is laid out, and a council is set up for it."""
    began = time.monotonic()
    told = json.loads(run("demo", "--authority", "--to", tmp_path / "letters", "--json").output)
    assert time.monotonic() - began < 20
    assert (told["ok"], told["ref"], told["due"]) == (True, "6063588", "2020-03-09")
    pages = PdfReader(tmp_path / "letters" / "6063588.pdf").pages
    assert len(pages) == 2, "a letter on two sheets, as the README shows it"
    texts = {
        "pdf": "\n".join(page.extract_text() for page in pages),
        "docx": "\n".join(
            one.text for one in Document(str(tmp_path / "letters" / "6063588.docx")).paragraphs
        ),
        "html": (tmp_path / "letters" / "6063588.html").read_text(),
    }
    for kind, text in texts.items():
        plain = " ".join(text.replace("\u00ad", "").split())
        for words in (
            "The council does not use facial recognition.",
            "Barnstone Leisure uses facial recognition",
            "Barnstone Leisure is the controller of the personal data involved.",
            "did not ask for its use.",
            "Further information",
            "direct marketing",
            "Your rights",
        ):
            assert words in plain, (kind, words)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = run("demo", "--authority", "--to", tmp_path / "file", code=1)
    assert "cannot be made" in told.output
    assert "--to FOLDER" in run("demo", "--authority", code=1).output
    assert "--to goes with --authority" in run("demo", "--to", tmp_path, code=1).output


def test_its_own_use_is_recorded_as_the_guide_says(council: Path, tmp_path: Path) -> None:
    said = run("doctor", "--data", council).output
    assert "does not say whether the authority itself uses" in " ".join(said.split())
    example = run("register", "example").output
    file = tmp_path / "own-use.toml"
    head = example.partition("[fact]")[0].replace('kind = "deployment"', 'kind = "own use"')
    file.write_text(f"{head}[fact]\nuses = false\n")
    run("register", "add", file, "--data", council)
    [entry] = json.loads(run("register", "show", "--json", "--data", council).output)["entries"]
    assert (entry["kind"], entry["fact"]) == ("own use", {"uses": False})
    assert "1 entry, 0 uses in its area" in " ".join(run("doctor", "--data", council).output.split())
