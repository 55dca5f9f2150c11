"""An authority's own pages in a real browser, as `test_accessibility` looks at every page."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser

from stile.entrypoints.web.authority import create_authority
from tests.council import NAME, PASSWORD, URL, Council, open_council
from tests.e2e.conftest import free_port
from tests.e2e.test_accessibility import TABLET, Look

pytestmark = pytest.mark.browser


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    opened = open_council(tmp_path / "data", port=free_port())
    config = uvicorn.Config(
        create_authority(opened.office), port=opened.office.settings.port, log_level="error"
    )
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield opened
    server.should_exit = True
    thread.join()
    opened.office.close()


def test_an_officer_reads_what_an_operator_publishes(council: Council, browser: Browser) -> None:
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        look = Look(context.new_page())
        page = look.page
        page.goto(council.office.settings.base_url)
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Register", exact=True).wait_for()
        look.at("the register of an authority")
        page.get_by_role("link", name="What operators publish").click()
        look.at("no operator yet")
        council.published.broken = "barnstone.example answered 500."
        page.get_by_label("Where it is published").fill(URL)
        page.get_by_role("button", name="Read it").click()
        page.get_by_text("barnstone.example answered 500.").wait_for()
        look.at("it could not be read")
        council.published.broken = ""
        page.get_by_role("button", name="Read it").click()
        page.get_by_text("Barnstone Leisure: 1 entry made.").wait_for()
        look.at("it was read")
        page.goto(f"{council.office.settings.base_url}/console/staff/new")
        look.at("a colleague")
    assert look.found == []
    assert len(look.seen) == 5
