"""The audit page: read, searched, checked and exported by who may, refused to everybody else."""

import time
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import create_engine

from stile.application.audit.export_audit import VerifyExport
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.entrypoints.audit_words import WORDS
from stile.from_settings import export_verifier
from tests.conftest import Here
from tests.web_client import NAME, PASSWORD, Browser, hidden


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here)


def as_role(here: Here, browser: Browser, role: Role) -> None:
    staff = Staff(StaffId(uuid4()), f"only {role}", frozenset((role,)), here.site.passwords.hash(PASSWORD))
    with here.site.store.begin() as work:
        work.staff.add(staff)
        work.commit()
    assert browser.try_to_sign_in(staff.name, PASSWORD).status_code == 303


def submit(browser: Browser, path: str) -> httpx2.Response:
    return browser.post(path, {"csrf": hidden(browser.get("/console/audit").text, "csrf")})


def events(here: Here) -> list[Event]:
    with here.site.store.read() as work:
        return [entry.event for entry in work.audit.entries()]


@pytest.mark.parametrize("event", Event, ids=str)
def test_every_tag_has_words(event: Event) -> None:
    assert WORDS[event].strip()


def test_a_receptionist_is_refused_the_audit_page(here: Here, browser: Browser) -> None:
    as_role(here, browser, Role.RECEPTION)
    for path in ("/console/audit", "/console/audit/check", "/console/audit?event=desk:member:see"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "Site set up" not in answer.text
    assert 'href="/console/audit"' not in browser.get("/desk").text
    assert Event.AUDIT_SEEN not in events(here)


def test_an_auditor_reads_it_in_plain_words_and_that_is_an_entry(here: Here, browser: Browser) -> None:
    member = here.add(1, "Adelaide")
    as_role(here, browser, Role.AUDITOR)
    page = browser.get("/console/audit").text
    assert "Member entered" in page
    assert "Main entrance" in page, "a lane is shown by its name"
    assert "Adelaide" not in page, "a member is not"
    assert f'href="/desk/members/{member.id}"' not in page, "and no link for who may not see members"
    assert str(member.id) in page
    assert events(here)[-1] is Event.AUDIT_SEEN


def test_who_may_see_members_gets_the_link(here: Here, browser: Browser) -> None:
    member = here.add(1)
    as_role(here, browser, Role.DATA_PROTECTION)
    assert f'href="/desk/members/{member.id}"' in browser.get("/console/audit").text


def test_it_is_searched_by_kind_person_thing_and_time(here: Here, browser: Browser) -> None:
    first, second = here.add(1), here.add(2)
    here.clock.advance(3 * 24 * 3600)
    browser.sign_in()
    here.site.looked.at(second.id, "somebody", "member page")
    for query, there, not_there in (
        ("event=members:member:add", (first, second), ()),
        (f"subject={first.id}", (first,), (second,)),
        ("actor=somebody", (second,), (first,)),
        ("actor=nobody-at-all", (), (first, second)),
        (f"event=members:member:add&since={here.clock.today()}", (), (first, second)),
        (f"since={here.clock.today()}&until={here.clock.today()}&event=desk:member:see", (second,), (first,)),
    ):
        page = browser.get(f"/console/audit?{query}").text.split("<tbody>")[-1].split("</tbody>")[0]
        for member in there:
            assert str(member.id)[-4:] in page, query
        if not there:
            assert "No entry fits." in page, query
        for member in not_there:
            assert str(member.id)[:8] + "…" + str(member.id)[-4:] not in page, query


def test_staff_are_found_by_name(here: Here, browser: Browser) -> None:
    browser.sign_in()
    page = browser.get(f"/console/audit?actor={NAME.upper()}&event=desk:staff:sign-in").text
    assert "Staff signed in" in page.split("<tbody>")[1]


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=31.12.2026", "until=9999-12-31", "event=no:such:tag"]
)
def test_what_cannot_be_searched_is_said_in_one_line(browser: Browser, query: str) -> None:
    browser.sign_in()
    answer = browser.get(f"/console/audit?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("before", [str(10**30), "-1", "x"])
def test_a_page_that_cannot_be_is_refused(browser: Browser, before: str) -> None:
    browser.sign_in()
    assert browser.get(f"/console/audit?before={before}").status_code == 422


def test_older_entries_are_on_the_next_page(here: Here, browser: Browser) -> None:
    browser.sign_in()
    with here.site.store.begin() as work:
        work.audit.append_all(
            here.clock.now(), Event.MEMBER_ADDED, "test", ((f"subject {n}", {}) for n in range(60))
        )
        work.commit()
    page = browser.get("/console/audit?event=members:member:add").text
    assert "subject 59" in page
    assert "subject 5<" not in page
    older = page.split('href="/console/audit?event=members%3Amember%3Aadd&amp;before=')[1].split('"')[0]
    assert "subject 5\n" in browser.get(f"/console/audit?event=members:member:add&before={older}").text


def test_verify_now_says_that_it_holds(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.site.checkpoints.make()
    browser.sign_in()
    page = browser.get("/console/audit").text
    assert "Not checked since" in page
    assert "stile/" in page, "the public key, to be noted elsewhere"
    assert submit(browser, "/console/audit/verify").status_code == 303
    assert "The log holds:" in finished(browser)
    assert Event.AUDIT_VERIFIED in events(here)


def finished(browser: Browser) -> str:
    for _ in range(100):
        shown = browser.get("/console/audit/check").text
        if "Checking:" not in shown:
            return shown
        assert 'hx-get="/console/audit/check"' in shown
        time.sleep(0.05)
    raise AssertionError("the check does not end")


def test_verify_now_names_the_entry_that_was_changed(here: Here, browser: Browser, tmp_path: Path) -> None:
    here.enrol(1)
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'stile.db'}", isolation_level="AUTOCOMMIT")
    with engine.connect() as tool:
        tool.exec_driver_sql("DROP TRIGGER audit_entry_update")
        tool.exec_driver_sql("UPDATE audit_entry SET actor = 'nobody' WHERE position = 3")
    engine.dispose()
    browser.sign_in()
    submit(browser, "/console/audit/verify")
    shown = finished(browser)
    assert "The log does not hold." in shown
    assert "Entry 3 is not what was written" in shown


def test_the_export_is_whole_and_can_be_checked_without_the_database(here: Here, browser: Browser) -> None:
    here.enrol(1)
    browser.sign_in()
    answer = submit(browser, "/console/audit/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="audit-log-')
    lines = answer.text.splitlines(keepends=True)
    verifier: VerifyExport = export_verifier()
    found = verifier.run(lines)
    assert found.holds
    assert (found.entries, found.after) == (len(events(here)), 0)
    assert events(here)[-1] is Event.AUDIT_EXPORTED


def test_nothing_signed_yet_says_what_to_do(browser: Browser) -> None:
    browser.sign_in()
    assert "stile audit checkpoint" in browser.get("/console/audit").text
