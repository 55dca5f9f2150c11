"""Runs as a process of its own, in which nothing can be imported that sees or searches: `python … DATA FOLDER`.

Prints what it found as one JSON document, for `test_authority.py`.
"""

import importlib.abc
import json
import re
import sqlite3
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

SEES = ("cv2", "onnxruntime", "dlib", "faiss", "skimage", "stile.adapters.vision", "stile.adapters.gallery")
"""The packages of the extra `vision`, and whatever of ours is made of them."""
MEMBERS = tuple(
    f"stile.application.{one}"
    for one in ("enrol", "admit", "recognise", "membership", "import_members", "calibrate_site", "consenting")
)
MISSING = (*SEES, "stile.bootstrap", *MEMBERS)

REQUEST = """\
1. Has your council used facial recognition technology?
2. If yes please provide the date of use, location and purpose.
3. What were the results? If you recorded the false alert rate please provide details.
4. Were any private firms or police forces involved?
5. Has your council referred itself to the Information Commissioner's Office?
"""
COMMANDS = (
    "register show",
    "foi log {request} --ref 1 --received 2026-01-05",
    "foi draft 1",
    "foi list",
    "foi statistics",
    "register processing",
    "publish --to {published}",
    "audit verify",
    "staff list",
    "doctor --json",
    "doctor --security --json",
    "retention preview",
)
NEVER = ("lanes list", "members list")


class NotInstalled(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        del path, target
        if any(name == one or name.startswith(one + ".") for one in MISSING):
            raise ModuleNotFoundError(f"{name} is not installed here")


def command(line: str, data: Path) -> tuple[int, str]:
    """Exit code of one `stile …`, and what it printed."""
    from stile.entrypoints.cli import app

    said, code = StringIO(), 0
    try:
        with redirect_stdout(said):
            app([*line.split(), "--data", str(data)])
    except SystemExit as end:
        code = int(end.code or 0)
    return code, said.getvalue()


def walk(data: Path) -> tuple[dict[str, int], dict[str, int]]:
    """The status of each page, for a signed-in officer; and of where the links of the first one lead."""
    from fastapi.testclient import TestClient

    from stile.config import Settings
    from stile.domain.register import OrganisationKind
    from stile.domain.sessions import SecondFactor
    from stile.entrypoints.web.assembly import OF_BOTH, addresses_of
    from stile.entrypoints.web.authority import create_authority
    from stile.office import open_office

    office = open_office(
        Settings(data=data, organisation=OrganisationKind.AUTHORITY, second_factor=SecondFactor.OPTIONAL)
    )
    client = TestClient(create_authority(office), base_url="http://testserver", follow_redirects=False)
    page = client.get("/sign-in").text
    form = re.search(r'name="form" value="([^"]*)"', page)
    assert form
    client.post(
        "/sign-in", data={"name": "admin", "password": "correct horse battery", "form": form.group(1)}
    )
    known = {"id": str(office.answer_foi.get("1").id), "n": "1", "kind": "html"}
    found = {}
    for method, path in addresses_of(OF_BOTH):
        if method == "GET":
            here = known if path.startswith("/console/foi") else {}
            filled = re.sub(r"\{(\w+)[^}]*\}", lambda one: here.get(one.group(1), "nothing"), path)  # noqa: B023
            found[path] = client.get(filled).status_code
    home = client.get(client.get("/").headers["location"]).text
    links = {link: client.get(link).status_code for link in re.findall(r'href="(/[^"#]*)"', home)}
    office.close()
    return found, links


def template_row(data: Path) -> str:
    """What the database says to somebody with a tool who tries to put a template in."""
    with sqlite3.connect(data / "stile.db") as tool:
        try:
            tool.execute(
                "INSERT INTO template (id, member, pack, centre, consent, sealed, shots, made_at, version)"
                " VALUES (x'01', x'02', 'dlib', x'03', x'04', x'05', 1, 0, 1)"
            )
        except sqlite3.IntegrityError as error:
            return str(error)
    return "it was taken"


def main(data: Path) -> None:
    sys.meta_path.insert(0, NotInstalled())
    password = data.parent / "password"
    password.write_text("correct horse battery\n")
    request = data.parent / "request.txt"
    request.write_text(REQUEST)
    first, _ = command(f"init --authority --name Barnstone --password-file {password}", data)
    ran = {
        line: command(line.format(request=request, published=data.parent / "published"), data)
        for line in (*COMMANDS, *NEVER)
    }
    pages, links = walk(data)
    told = {
        "init": first,
        "commands": {line: code for line, (code, _) in ran.items()},
        "said": {line: said for line, (_, said) in ran.items()},
        "pages": pages,
        "links": links,
        "template": template_row(data),
        "loaded": [one for one in sys.modules if one.startswith(MISSING)],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
