"""The audit page in a real browser: a receptionist is refused it; an auditor checks the log and takes it away."""

from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.from_settings import export_verifier
from tests.e2e.conftest import PASSWORD, Faked


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in_as(served: Faked, page: Page, role: Role) -> None:
    password_hash = served.site.passwords.hash(PASSWORD)
    staff = Staff(StaffId(uuid4()), f"only {role}", frozenset((role,)), password_hash)
    with served.site.store.begin() as work:
        work.staff.add(staff)
        work.commit()
    page.goto(f"{served.base}/sign-in")
    page.get_by_label("Name").fill(staff.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_receptionist_is_refused_the_audit_page(served: Faked, page: Page) -> None:
    served.add(enrolled=False)
    sign_in_as(served, page, Role.RECEPTION)
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)
    answer = page.goto(f"{served.base}/console/audit")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="That is not allowed")).to_be_visible()
    expect(page.get_by_text("Member entered")).to_have_count(0)


def test_an_auditor_checks_the_log_and_takes_it_away(served: Faked, page: Page, tmp_path: Path) -> None:
    served.add(enrolled=False)
    with served.site.store.begin() as work:
        work.audit.append(served.site.clock.now(), Event.LEFT_OUT, "system", "0123456789abcdef" * 2, {})
        work.commit()
    served.site.checkpoints.make()
    sign_in_as(served, page, Role.AUDITOR)
    page.goto(f"{served.base}/console/audit")
    expect(page.get_by_text("Member entered", exact=True).last).to_be_visible()
    page.get_by_role("button", name="Verify now").click()
    expect(page.get_by_text("The log holds:")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert Axe().run(page).response["violations"] == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator(".whom").evaluate_all(
        "all => all.every((one) => one.scrollWidth <= one.clientWidth)"
    ), "an id is not cut off on a phone"
    with page.expect_download() as download:
        page.get_by_role("button", name="Download for an auditor").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with file.open(encoding="utf-8") as lines:
        assert export_verifier().run(lines).holds
    page.locator("select[name=event]").select_option("members:member:add")
    page.get_by_label("By whom").fill("nobody at all")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No entry fits.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
