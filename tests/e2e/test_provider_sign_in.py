"""Staff come back from the identity provider signed in: a real browser keeps strict cookies back on the way from
another site, so the way must not depend on them."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from stile.domain.liveness import LivenessMode
from stile.domain.roles import Role
from stile.domain.sessions import SecondFactor
from stile.testing import FakePool
from stile.testing.provider import FakeProvider
from tests.e2e.conftest import EyesOfAnything, Faked, new_site

pytestmark = pytest.mark.browser


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """On “localhost”, while the site is on 127.0.0.1: two sites, as a browser sees it."""
    person = {"sub": "7", "preferred_username": "Ada", "groups": ["managers"]}
    with FakeProvider(host="localhost", now=time.time, person=person).running() as running:
        yield running


@pytest.fixture
def served(tmp_path: Path, provider: FakeProvider) -> Iterator[Faked]:
    pool, eyes = FakePool(), EyesOfAnything()
    site = new_site(
        tmp_path / "data",
        LivenessMode.PASSIVE,
        pool,
        second_factor=SecondFactor.REQUIRED,
        oidc_issuer=provider.issuer,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
        oidc_roles={"managers": Role.MANAGER},
    )
    with Faked(site, eyes).running() as served:
        yield served
    site.close()


def test_there_and_back(served: Faked, provider: FakeProvider, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(f"{served.base}/console/staff")
    page.get_by_role("link", name="Use your work account").click()
    page.wait_for_url(f"{served.base}/console/staff")
    expect(page.get_by_role("heading", name="Staff")).to_be_visible()

    page.goto(f"{served.base}/account")
    expect(page.get_by_text("With the work account")).to_be_visible()
    expect(page.get_by_role("heading", name="Passkeys")).to_have_count(0)

    assert provider.person
    provider.person["groups"] = []
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("link", name="Use your work account").click()
    expect(page.get_by_text("has no role here")).to_be_visible()
