"""Staff sign in with a real browser: by passkey (Chromium's virtual authenticator), by code, and not where they may
not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from stile.domain.liveness import LivenessMode
from stile.domain.roles import Role
from stile.domain.sessions import SecondFactor
from stile.testing import FakePool
from tests.e2e.conftest import NAME, PASSWORD, EyesOfAnything, Faked, new_site

pytestmark = pytest.mark.browser


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Faked]:
    """A site as it is by default. On “localhost”: browsers give passkeys to names only."""
    pool, eyes = FakePool(), EyesOfAnything()
    site = new_site(tmp_path / "data", LivenessMode.PASSIVE, pool, second_factor=SecondFactor.REQUIRED)
    with Faked(site, eyes).running() as served:
        yield served
    site.close()


def base(served: Faked) -> str:
    return served.base.replace("127.0.0.1", "localhost")


def add_authenticator(page: Page) -> CDPSession:
    """Gone when the session is: the test holds on to it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return devtools


def sign_in(page: Page, served: Faked, name: str = NAME, password: str = PASSWORD) -> None:
    page.goto(f"{base(served)}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_the_first_sign_in_makes_a_passkey_and_the_next_uses_it(
    strict: Faked, context: BrowserContext
) -> None:
    page = context.new_page()
    devtools = add_authenticator(page)
    sign_in(page, strict)
    expect(page.get_by_role("heading", name="One thing first, admin")).to_be_visible()
    other = context.new_page()
    other.goto(f"{base(strict)}/desk")
    expect(other.get_by_role("heading", name="One thing first, admin")).to_be_visible()
    other.close()
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/desk")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{base(strict)}/console/staff")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Staff")).to_be_visible()

    page.goto(f"{base(strict)}/account")
    expect(page.get_by_text("by passkey")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("holds a passkey for this account already")).to_be_visible()
    devtools.detach()


def test_a_new_colleague_joins_with_a_phone_and_signs_in_by_code(
    strict: Faked, context: BrowserContext
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    invited = strict.site.accounts.add(None, "Ada", frozenset((Role.RECEPTION,)))
    page.goto(f"{base(strict)}/join/{invited.token}")
    page.locator("input[name=password]").fill("staple correct horse")
    page.get_by_label("Once more").fill("staple correct horse")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("No camera? Type the secret").click()
    totp = pyotp.TOTP(page.get_by_role("textbox", name="Secret").input_value().replace(" ", ""))
    confirmed = totp.now()
    page.get_by_role("textbox", name="Code").fill(confirmed)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your app is set up")).to_be_visible()
    recovery = page.locator(".recovery code").all_text_contents()
    assert len(recovery) == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/desk")

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, strict, "Ada", "staple correct horse")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("Code of your authenticator app").fill(
        confirmed
    )  # the same: a new half minute has a new one
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("used before")).to_be_visible()
    page.get_by_label("Code of your authenticator app").fill(recovery[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk")

    answer = page.goto(f"{base(strict)}/console/audit")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", name="That is not allowed")).to_be_visible()
    expect(page.get_by_role("link", name="Console")).to_have_count(0)


def test_what_is_sensitive_asks_once_more(strict: Faked, context: BrowserContext) -> None:
    page = context.new_page()
    devtools = add_authenticator(page)
    sign_in(page, strict)
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/desk")
    with strict.site.store.begin() as work:
        admin = strict.site.accounts.by_name(NAME)
        for one in work.sessions.of_staff(admin.id):
            work.sessions.proved(one.digest, one.made_at.replace(year=2020))
            work.sessions.seen(one.digest, strict.site.clock.now())
        work.commit()
    page.goto(f"{base(strict)}/console/staff")
    page.get_by_role("link", name="Add a colleague").click()
    expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["next"] == ["/console/staff/new"]
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_label("Name").fill("Grace")
    page.get_by_role("checkbox", name="Reception Watches").check()
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Sign-up link")).to_be_visible()
    devtools.detach()
