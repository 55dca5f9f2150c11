"""Who may call what. Each test fails when the refusal it names is taken away."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from starlette.websockets import WebSocketDisconnect

from stile.application.setup import NewLane
from stile.config import Settings
from stile.entrypoints.web.app import addresses
from stile.entrypoints.web.bodies import LARGEST_BODY
from stile.entrypoints.web.security import local_path
from stile.entrypoints.web.views.enrol_socket import BETWEEN_SHOTS
from tests.conftest import Here
from tests.web_client import NAME, ORIGIN, PASSWORD, Browser, Line, code_on, hidden

OPEN = {
    "/",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/passkey/options",
    "/sign-in/passkey",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/join/{token}",
    "/join/{token}/password",
    "/join/{token}/passkey/options",
    "/join/{token}/passkey",
    "/health",
    "/static/{path}",
    "/transparency",
    "/transparency/{name}.{kind}",
    "/transparency/disclosure-log",
    "/transparency/disclosure-log/{ref:path}",
    "/transparency/disclosure-log/{ref:path}/papers/{name}",
    "/kiosk/{slug}",
    "/kiosk",
    "/kiosk/code",
    "/.well-known/security.txt",
    "/enrol/{token}",
    "/enrol/{token}/consent",
    "/enrol/{token}/no",
    "/enrol/{token}/pictures",
    "/kiosk/{slug}/enrol",
    "/parent/{token}",
    "/parent/{token}/no",
    "/parent/{token}/yes",
    "/me",
    "/me/ask/{kind}",
    "/me/contact",
    "/me/download",
    "/me/enter/{token}",
    "/me/news",
    "/me/group",
    "/me/group/forget",
    "/me/prove",
    "/me/now",
    "/me/pause",
    "/me/receipts/{number}",
    "/me/receipts/{number}/text",
    "/me/resume",
    "/me/sign-in",
    "/me/sign-out",
    "/me/withdraw",
    "/me/ways",
    "/me/ways/pin",
    "/me/ways/phone",
    "/me/ways/{sets_up}/end",
    "/pass",
    "/pass/now",
    "/pass/register",
    "/pass/used",
    "/pass/worker.js",
    "/pin/{code}",
    "/transparency/ask",
}
"""Pages that need no session: each has a secret of its own, or shows nothing. Whatever is added needs staff."""


def staff_pages() -> list[tuple[str, str]]:
    return [(method, path) for method, path in addresses() if method != "WEBSOCKET" and path not in OPEN]


def filled(path: str) -> str:
    known = {"slug": "main", "name": "recognition.html"}
    return re.sub(
        r"{(\w+)[^}]*}", lambda found: known.get(found[1], str(uuid4()) if "id" in found[1] else "1"), path
    )


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here)


# --- staff -----------------------------------------------------------------------------------------------


def test_there_are_staff_pages_to_refuse() -> None:
    assert len(staff_pages()) >= 12
    assert {"/desk", "/desk/members", "/desk/lanes/{slug}/let-in"} <= {path for _, path in staff_pages()}


def test_every_staff_page_refuses_without_a_session(browser: Browser) -> None:
    for method, path in staff_pages():
        answer = browser.client.request(method, filled(path))
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/sign-in"), (method, path)
        assert answer.text == "", (method, path)


@pytest.mark.parametrize("csrf", [None, "", "a token of somebody else"], ids=["missing", "empty", "wrong"])
def test_a_staff_form_without_its_token_changes_nothing(
    here: Here, browser: Browser, csrf: str | None
) -> None:
    browser.sign_in()
    with here.site.store.read() as work:
        before = len(list(work.audit.entries()))
    data = {"reason": "guest", "status": "lapsed", "number": "1", "given_name": "A"}
    if csrf is not None:
        data["csrf"] = csrf
    for method, path in staff_pages():
        if method == "POST":
            assert browser.post(filled(path), data).status_code == 403, path
    with here.site.store.read() as work:
        assert len(list(work.audit.entries())) == before
    assert here.door.opened_for == []


def test_a_session_ends_with_signing_out(browser: Browser) -> None:
    browser.sign_in()
    cookie = browser.client.cookies["stile"]
    assert browser.get("/desk").status_code == 200
    assert browser.submit("/sign-out").status_code == 303
    browser.client.cookies.set("stile", cookie)
    assert browser.get("/desk").status_code == 303, "the session is over for whoever kept its cookie, too"


def test_a_page_that_refreshes_itself_is_sent_to_sign_in_as_a_whole(browser: Browser) -> None:
    answer = browser.get("/desk/now", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_sign_in_does_not_say_what_was_wrong_and_locks_out(browser: Browser) -> None:
    wrong_name = browser.try_to_sign_in("nobody", PASSWORD)
    wrong_password = browser.try_to_sign_in(NAME, "wrong")
    assert wrong_name.status_code == wrong_password.status_code == 403
    assert problem(wrong_name.text) == problem(wrong_password.text) == "Name or password is not right."
    for _ in range(4):
        assert browser.try_to_sign_in(NAME, "wrong").status_code == 403
    locked = browser.try_to_sign_in(NAME, PASSWORD)
    assert locked.status_code == 429
    assert problem(locked.text).startswith("Too many attempts.")
    assert int(locked.headers["retry-after"]) > 0
    for _ in range(4):
        browser.try_to_sign_in("nobody", "wrong")
    assert browser.try_to_sign_in("nobody", "wrong").status_code == 429, (
        "a name that is nobody's locks as well"
    )


def problem(page: str) -> str:
    found = re.search(r'id="problem">.*?<span>(.*?)</span>', page, re.DOTALL)
    assert found
    return found.group(1)


def test_signing_in_needs_a_form_of_ours(browser: Browser) -> None:
    answer = browser.post("/sign-in", {"name": NAME, "password": PASSWORD, "form": "made up"})
    assert answer.status_code == 403
    assert "stile" not in browser.client.cookies


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/desk/members?q=1", "/desk/members?q=1"),
        ("https://elsewhere.example", "/desk"),
        ("//elsewhere.example", "/desk"),
        ("/\\elsewhere.example", "/desk"),
        ("/desk\r\nset-cookie: a=b", "/desk%0D%0Aset-cookie%3A%20a=b"),
        ("", "/desk"),
    ],
)
def test_signing_in_leads_to_our_own_pages_only(wanted: str, leads_to: str) -> None:
    assert local_path(wanted, "/desk") == leads_to


# --- every page ------------------------------------------------------------------------------------------


def all_pages(here: Here, browser: Browser) -> list[str]:
    member = here.enrol(1)
    token = here.site.enrol.invite(member.id, "test")
    return [
        "/",
        "/sign-in",
        "/health",
        "/desk",
        "/desk/now",
        "/desk/members",
        "/desk/members/new",
        f"/desk/members/{member.id}",
        "/kiosk/main",
        "/kiosk",
        "/kiosk/nowhere",
        f"/enrol/{token}",
        f"/enrol/{token}/pictures",
        "/enrol/unknown",
        "/nowhere",
        "/static/stile.css",
        "/static/nothing.js",
    ]


def test_no_page_holds_a_script_or_a_style_of_its_own(here: Here, browser: Browser) -> None:
    pages = all_pages(here, browser)
    browser.sign_in()
    browser.pair()
    for path in pages:
        answer = browser.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text), path
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", answer.text), path
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text), path


def test_over_tls_cookies_are_bound_to_it(here: Here, tmp_path: Path) -> None:
    secure = Settings(
        data=tmp_path / "data", public_url="https://stile.example", allowed_hosts=("testserver",)
    )
    here.site = replace(here.site, settings=secure)
    browser = Browser(here)
    browser.client.base_url = "https://testserver"
    answer = browser.try_to_sign_in(NAME, PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-stile=")
    assert all(part in cookie for part in ("secure", "httponly", "samesite=strict", "path=/"))
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert browser.get("/desk").status_code == 200


def test_cookies_are_kept_from_scripts_and_from_other_sites(here: Here, browser: Browser) -> None:
    staff = browser.try_to_sign_in(NAME, PASSWORD).headers["set-cookie"].lower()
    waits = browser.post("/kiosk/code", {"lane": "main"})
    here.site.kiosks.approve(code_on(waits.text), here.lane.id, "Tablet", "test")
    kiosk = browser.post("/kiosk/code").headers["set-cookie"].lower()
    for cookie in (staff, waits.headers["set-cookie"].lower(), kiosk):
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
    assert "path=/kiosk;" in kiosk


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_another_site_cannot_post(here: Here, browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in()
    csrf = hidden(browser.get("/desk").text, "csrf")
    data = {"csrf": csrf, "reason": "guest"}
    assert browser.post("/desk/lanes/main/let-in", data, headers=headers).status_code == 403
    assert here.door.opened_for == []
    own = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    assert browser.post("/desk/lanes/main/let-in", data, headers=own).status_code == 303
    assert len(here.door.opened_for) == 1


def test_a_body_that_is_too_large_is_refused(browser: Browser) -> None:
    answer = browser.client.post("/sign-in", content=bytes(LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "content-security-policy" in answer.headers


def test_what_a_member_is_called_is_text(here: Here, browser: Browser) -> None:
    member = here.add(1, "<script>alert(1)</script>")
    browser.sign_in()
    for path in ("/desk/members", f"/desk/members/{member.id}", "/desk/members?q=<script>"):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_an_error_nobody_thought_of_shows_no_traceback(here: Here) -> None:
    class BrokenStore:
        def read(self) -> None:
            raise RuntimeError("a secret of the store")

    here.site = replace(here.site, store=BrokenStore())  # type: ignore[arg-type]
    browser = Browser(here, raises=False)
    token = here.site.enrol.invite(here.add(1).id, "test")
    answer = browser.post(f"/enrol/{token}/no")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert not re.search("RuntimeError|secret|Traceback", answer.text)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert browser.get("/health").status_code == 503


def test_health_tells_no_secrets(here: Here, browser: Browser) -> None:
    assert browser.get("/health").json() == {"ok": True, "version": "0.1.0", "database": True, "face": True}


# --- sockets ---------------------------------------------------------------------------------------------


def refused(listen: Callable[[], object]) -> int:
    with pytest.raises(WebSocketDisconnect) as gone:
        listen()
    return gone.value.code


def test_a_kiosk_without_its_cookie_is_hung_up(browser: Browser) -> None:
    with browser.line() as line:
        assert refused(lambda: line.hear("lane")) == 4401


@pytest.mark.parametrize(
    "origin", [None, "https://elsewhere.example", "null", "http://testserver:81"], ids=str
)
def test_a_socket_of_another_sites_page_is_hung_up(here: Here, browser: Browser, origin: str | None) -> None:
    browser.pair()
    token = here.site.enrol.invite(here.add(1).id, "test")
    for path in ("/kiosk/main/ws", f"/enrol/{token}/ws"):
        with browser.line(path, origin) as line:
            assert refused(lambda line=line: line.hear("lane")) == 4403  # type: ignore[misc]


def test_a_kiosk_of_another_lane_is_refused(here: Here, browser: Browser) -> None:
    browser.pair()
    token = browser.client.cookies.get("stile_kiosk")
    here.site.setup.add_lane(NewLane("pool", "Pool"))
    other = Browser(here)
    other.client.cookies.set("stile_kiosk", token or "")
    assert other.get("/kiosk/pool").status_code == 401
    with other.line("/kiosk/pool/ws") as line:
        assert refused(lambda: line.hear("lane")) == 4401
    assert other.get("/kiosk/main").status_code == 200, "it is only the lane that is wrong"


def test_an_enrolment_link_works_once(here: Here, browser: Browser) -> None:
    member = here.add(1)
    token = here.site.enrol.invite(member.id, "test")
    assert browser.get(f"/enrol/{token}").status_code == 200
    assert browser.post(f"/enrol/{token}/consent", {"agree": "yes"}).status_code == 303
    with browser.line(f"/enrol/{token}/ws") as line:
        enrol_by(line, 1)
    assert browser.get(f"/enrol/{token}").status_code == 404
    with browser.line(f"/enrol/{token}/ws") as line:
        assert line.hear("stopped")["detail"].startswith("This link does not work any more.")
        assert refused(lambda: line.hear("shot")) == 4401


def enrol_by(line: Line, who: int) -> None:
    line.hear("shot")
    for n in range(3):
        line.show(who, variation=n)
        assert line.hear("shot")["taken"] == n + 1
        time.sleep(BETWEEN_SHOTS)
    line.ask("finish")
    line.hear("done")
