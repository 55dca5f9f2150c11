"""The pages of signing in, of one's own account and of colleagues: nothing serious by axe-core, in light and in
dark."""

import pyotp
import pytest
from playwright.sync_api import BrowserContext, expect

from stile.domain.roles import Role
from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import Look
from tests.e2e.test_staff_sign_in import add_authenticator, base, sign_in, strict

__all__ = ["strict"]

pytestmark = pytest.mark.browser


def test_the_pages_of_accounts(strict: Faked, context: BrowserContext) -> None:
    page = context.new_page()
    look, devtools = Look(page), add_authenticator(page)
    page.goto(f"{base(strict)}/sign-in")
    look.at("sign in")
    sign_in(page, strict)
    look.at("set up")
    page.get_by_role("button", name="Set up an app").click()
    look.at("app")
    page.get_by_text("No camera? Type the secret").click()
    totp = pyotp.TOTP(page.get_by_role("textbox", name="Secret").input_value().replace(" ", ""))
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Confirm").click()
    look.at("app, a wrong code")
    page.get_by_role("textbox", name="Code").fill(totp.now())
    page.get_by_role("button", name="Confirm").click()
    look.at("recovery codes")
    page.goto(f"{base(strict)}/account")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    look.at("account")
    page.goto(f"{base(strict)}/account/again")
    look.at("again")
    page.goto(f"{base(strict)}/console/staff")
    look.at("staff, only one")
    page.goto(f"{base(strict)}/console/staff/new")
    look.at("add a colleague")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Make the account").click()
    look.at("add a colleague, no role")
    page.get_by_role("checkbox", name="Reception Watches").check()
    page.get_by_role("button", name="Make the account").click()
    look.at("sign-up link")
    strict.site.accounts.add(None, "Grace", frozenset((Role.MANAGER, Role.DATA_PROTECTION)))
    page.goto(f"{base(strict)}/console/staff")
    look.at("staff")
    page.get_by_role("link", name="Ada").click()
    look.at("a colleague")
    page.get_by_role("button", name="Disable").click()
    look.at("a colleague, disabling")
    invited = strict.site.accounts.add(None, "Edith", frozenset((Role.AUDITOR,)))
    page.goto(f"{base(strict)}/join/{invited.token}")
    look.at("join")
    page.goto(f"{base(strict)}/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    sign_in(page, strict)
    look.at("code")
    assert look.found == []
    assert len(look.seen) == 16
    devtools.detach()
