"""The REST API: who may call what, what it answers, and that nothing of a face is to be had."""

import json
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
from limits import parse_many
from starlette.types import Message

from stile.domain.audit import Event
from stile.domain.roles import Permission, Role
from stile.domain.tokens import FOR_PROGRAMS, Stopped
from stile.entrypoints.api import auth
from stile.entrypoints.api.app import AT, needed_by, routes
from stile.ports import Wanted
from tests.conftest import Here
from tests.web_client import Browser

EVERYTHING = frozenset(FOR_PROGRAMS)


class Program:
    """Another program, with a token that carries `may`."""

    def __init__(
        self, here: Here, may: frozenset[Permission] = EVERYTHING, browser: Browser | None = None
    ) -> None:
        self.here, self.browser = here, browser or Browser(here, raises=False)
        with here.site.store.read() as work:
            [maker] = [staff for staff in [work.staff.by_name("admin")] if staff]
        self.token, self.secret = here.site.tokens.make("Leisure manager", may, 90, maker)

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"authorization": f"Bearer {self.secret}"} | more.pop("headers", {})
        return self.browser.client.request(method, AT + path, headers=headers, **more)


@pytest.fixture
def program(here: Here) -> Program:
    return Program(here)


def filled(path: str) -> str:
    return path.format(number="1001", slug="main", id=uuid4())


CALLS = sorted((method, route.path) for route in routes() for method in route.methods or ())
NEEDED = {(method, route.path): needed_by(route) for route in routes() for method in route.methods or ()}


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_no_call_answers_without_a_token_that_works(here: Here, method: str, path: str) -> None:
    program = Program(here)
    for secret in ("", "Bearer ", "Bearer stile_wrong", f"Basic {program.secret}", program.secret):
        answer = program.call(method, filled(path), headers={"authorization": secret})
        assert answer.status_code == 401, secret
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
    here.site.tokens.revoke(program.token.id, "test")
    assert program.call(method, filled(path)).status_code == 401


def test_a_token_stops_with_the_account_that_made_it_and_works_again_with_it(here: Here) -> None:
    accounts = here.site.accounts
    made = accounts.add(None, "Mo Leaver", {Role.MANAGER}).staff
    token, secret = here.site.tokens.make("Till", {Permission.SEE_MEMBERS}, 90, made)
    program = Program(here)
    called = {"headers": {"authorization": f"Bearer {secret}"}}
    assert program.call("GET", "/members", **called).status_code == 200
    accounts.disable(None, made.id)
    assert program.call("GET", "/members", **called).status_code == 401
    accounts.enable(None, made.id)
    assert program.call("GET", "/members", **called).status_code == 200
    accounts.change_roles(None, made.id, {Role.RECEPTION})
    assert program.call("GET", "/members", **called).status_code == 401
    [why] = [one.stopped for one in here.site.tokens.all() if one.token.id == token.id]
    assert why is Stopped.MAKER_MAY_NOT


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_each_call_needs_its_own_permission(here: Here, method: str, path: str) -> None:
    needed = NEEDED[method, path]
    if needed is None:
        assert path == "/about"
        return
    browser = Browser(here, raises=False)
    without = Program(here, EVERYTHING - {needed}, browser).call(method, filled(path))
    assert without.status_code == 403, without.text
    assert needed in without.json()["detail"]
    only = Program(here, frozenset({needed}), browser).call(method, filled(path))
    assert only.status_code not in (401, 403), only.text


def test_a_staff_session_opens_nothing(here: Here) -> None:
    browser = Browser(here)
    browser.sign_in()
    assert browser.get(f"{AT}/about").status_code == 401


def test_a_token_runs_out(program: Program) -> None:
    assert program.call("GET", "/about").status_code == 200
    program.here.clock.advance(90 * 24 * 3600)
    assert program.call("GET", "/about").status_code == 401


def test_a_program_is_slowed_down_and_told_for_how_long(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "BY_TOKEN", parse_many("5/hour"))
    answers = [program.call("GET", "/about") for _ in range(7)]
    assert {one.status_code for one in answers} == {200, 429}
    slowed = next(one for one in answers if one.status_code == 429)
    assert int(slowed.headers["retry-after"]) >= 1


def test_what_is_wrong_is_told_and_what_was_sent_is_not_repeated(program: Program) -> None:
    answer = program.call("GET", "/passages", params={"most": "a-marker"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "query.most"
    assert "a-marker" not in answer.text
    assert program.call("GET", "/nowhere").json()["status"] == 404
    assert program.call("PUT", "/about").json()["status"] == 405


def test_the_document_tells_the_permission_of_each_call(program: Program) -> None:
    document = program.browser.get(f"{AT}/openapi.json").json()
    told = {
        (method.upper(), path): call["x-needs"]
        for path, calls in document["paths"].items()
        for method, call in calls.items()
    }
    assert told == NEEDED


def test_no_call_takes_or_gives_a_picture_or_a_template(program: Program) -> None:
    document = program.browser.get(f"{AT}/openapi.json").json()
    words = json.dumps({key: document[key] for key in ("paths", "components")}).lower()
    for one in ("image", "octet-stream", "embedding", "vector", "features", "base64", "probe"):
        assert one not in words


def test_the_latest_passages_and_who_read_them(here: Here, program: Program) -> None:
    member = here.enrol(1)
    here.come(1)
    here.come(2)
    stranger, admitted = program.call("GET", "/passages").json()["passages"]
    assert (admitted["outcome"], admitted["member"]) == ("admit", str(member.id))
    assert (stranger["outcome"], stranger["member"]) == ("refer", None)
    with here.site.store.read() as work:
        [seen] = [one for one in work.audit.entries() if one.event is Event.MEMBER_SEEN]
    assert (seen.actor, seen.subject) == (f"token:{program.token.id}", str(member.id))


def test_the_lanes_and_whether_faces_are_looked_at(here: Here, program: Program) -> None:
    [lane] = program.call("GET", "/lanes").json()["lanes"]
    assert (lane["slug"], lane["door"], lane["closed_because"]) == ("main", "shut", "nobody enrolled")
    here.enrol(1)
    [lane] = program.call("GET", "/lanes").json()["lanes"]
    assert lane["closed_because"] is None


# --- members -----------------------------------------------------------------------------------------------

ADA = {
    "number": "2001",
    "given_name": "Ada",
    "family_name": "Example",
    "cards": ["77 00 11"],
    "email": "ada@example.org",
    "hours": "mon-fri 06:00-16:00",
    "born_on": "1990-02-28",
}


def test_a_member_is_added_read_changed_and_listed(program: Program) -> None:
    added = program.call("POST", "/members", json=ADA)
    assert added.status_code == 201, added.text
    assert added.headers["location"] == f"{AT}/members/2001"
    member = program.call("GET", "/members/2001").json()
    assert member == added.json()
    assert (member["cards"], member["hours"], member["marketing"]) == (["770011"], ADA["hours"], False)
    assert member["face"] == {"agreed": False, "enrolled": False}
    changed = program.call("PATCH", "/members/2001", json={"status": "suspended", "version": 1}).json()
    assert (changed["status"], changed["version"], changed["email"]) == ("suspended", 2, "ada@example.org")
    gone = program.call("PATCH", "/members/2001", json={"email": None, "hours": None}).json()
    assert (gone["email"], gone["hours"]) == (None, None)
    assert program.call("PATCH", "/members/2001", json={"status": "active", "version": 2}).status_code == 409


def test_a_change_is_no_way_to_read_unseen(here: Here) -> None:
    member = here.add(1)
    blind = Program(here, frozenset({Permission.CHANGE_MEMBERS}))
    answer = blind.call("PATCH", "/members/1001", json={})
    assert (answer.status_code, answer.content) == (204, b"")
    reader = Program(here, frozenset({Permission.CHANGE_MEMBERS, Permission.SEE_MEMBERS}))
    assert reader.call("PATCH", "/members/1001", json={}).json()["id"] == str(member.id)
    with here.site.store.read() as work:
        [entry] = work.audit.find(Wanted(events=(Event.MEMBER_SEEN,), subjects=(str(member.id),)))
    assert entry.actor == f"token:{reader.token.id}"


def test_members_come_a_page_at_a_time(here: Here, program: Program) -> None:
    for who in range(1, 6):
        here.add(who)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        page = program.call("GET", "/members", params={"after": after, "most": 2}).json()
        seen += [one["number"] for one in page["members"]]
        after = page["next"]
    assert seen == ["1001", "1002", "1003", "1004", "1005"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"number": "1001"}, 409),
        ({"number": "a\u0000b"}, 422),
        ({"number": " "}, 422),
        ({"given_name": ""}, 422),
        ({"cards": ["x"]}, 422),
        ({"cards": ["ÄÖÜ99"]}, 422),
        ({"email": "nobody"}, 422),
        ({"phone": "12"}, 422),
        ({"hours": "always on Mondays"}, 422),
        ({"born_on": "2190-01-01"}, 422),
        ({"marketing": True}, 422),
        ({"surplus": 1}, 422),
    ],
    ids=lambda one: str(next(iter(one))) if isinstance(one, dict) else "",
)
def test_a_member_that_cannot_be_is_told_in_a_line_and_nothing_is_kept(
    here: Here, program: Program, wrong: dict[str, object], status: int
) -> None:
    here.add(1)
    answer = program.call("POST", "/members", json=ADA | wrong)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"].strip()
    with here.site.store.read() as work:
        assert work.members.count() == 1


def test_a_link_to_enrol_and_a_withdrawal(here: Here, program: Program) -> None:
    here.add(1)
    link = program.call("POST", "/members/1001/invitations").json()["link"]
    token = link.rsplit("/", 1)[1]
    assert here.site.enrol.invited(token)[1].number == "1001"
    member = here.enrol(2)
    receipt = program.call("POST", "/members/1002/withdrawal").json()
    assert receipt["templates"] == 1
    with here.site.store.read() as work:
        assert work.consents.live_of(member.id) is None
    assert program.call("GET", "/members/1002").json()["face"] == {"agreed": False, "enrolled": False}


def test_nobody_is_told_whether_a_number_exists_without_the_right(here: Here) -> None:
    here.add(1)
    program = Program(here, frozenset({Permission.SEE_SETTINGS}))
    answers = [program.call("GET", f"/members/{number}") for number in ("1001", "9999")]
    assert [one.status_code for one in answers] == [403, 403]
    assert answers[0].text == answers[1].text


def test_an_exit_is_told_and_never_refused(here: Here, program: Program) -> None:
    """Law 8: with a card, without one, with one of nobody's; and whoever left comes in again."""
    here.lane = here.site.setup.change_lane(here.lane.id, {"anti_passback": True})
    here.add(1)
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    assert not here.site.admit_by_card.present(here.lane, "5500001").door_opened
    for left in ({"card": "99999999"}, {"card": "?"}, {}, {"card": "55000-01"}):
        assert program.call("POST", "/lanes/main/exits", json=left).status_code == 204
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    assert program.call("POST", "/lanes/none/exits", json={}).status_code == 404


def test_all_members_from_a_file_looked_at_first(here: Here, program: Program) -> None:
    rows = "number,given name,family name,card\n2001,Ada,Example,7700\n2002,Bo,Example,\n,Nobody,,\n"
    for dry_run in (True, False):
        begun = program.call(
            "POST",
            "/imports",
            content=rows,
            params={"dry_run": dry_run},
            headers={"content-type": "text/csv"},
        )
        assert begun.status_code == 202, begun.text
        job = program.browser.web.imports.get(UUID(begun.json()["id"]))
        assert job is not None
        assert job.ended.wait(30)
        told = program.call("GET", begun.headers["location"].removeprefix(AT)).json()
        assert (told["ended"], told["error"]) == (True, None)
        report = told["report"]
        assert (report["added"], report["wrong"], report["imported"]) == (2, 1, not dry_run)
        assert report["errors"][0]["line"] == 4
        with here.site.store.read() as work:
            assert work.members.count() == (0 if dry_run else 2)
    assert program.call("GET", f"/imports/{uuid4()}").status_code == 404
    assert program.call("POST", "/imports", content=" ").status_code == 422


@pytest.mark.parametrize("may", [None, Permission.SEE_MEMBERS])
def test_a_large_body_is_not_read_before_the_program_is_known(here: Here, may: Permission | None) -> None:
    program = Program(here, frozenset((may or Permission.IMPORT_MEMBERS,)))
    secret = program.secret if may else "stile_nobody"
    headers = {"authorization": f"Bearer {secret}", "content-type": "text/csv"}
    got: list[int] = []

    async def receive() -> Message:
        got.append(1)
        return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

    answered: list[Message] = []

    async def send(message: Message) -> None:
        answered.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{AT}/imports",
        "raw_path": f"{AT}/imports".encode(),
        "query_string": b"",
        "headers": [(b"host", b"testserver"), *((k.encode(), v.encode()) for k, v in headers.items())],
        "scheme": "http",
        "http_version": "1.1",
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "root_path": "",
    }
    anyio.run(program.browser.client.app, scope, receive, send)
    assert answered[0]["status"] == (403 if may else 401)
    assert not got


def test_the_signed_head_of_the_audit_log(here: Here, program: Program) -> None:
    assert program.call("GET", "/audit/head").json() == {"head": None}
    made = here.site.checkpoints.make()
    told = program.call("GET", "/audit/head").json()["head"]
    assert (told["size"], told["note"]) == (made.head.size, made.note)
    assert told["public_key"] == here.site.checkpoints.public_line
