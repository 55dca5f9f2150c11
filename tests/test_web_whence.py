"""Whoever holds a network of addresses is counted once."""

import pytest
from starlette.requests import HTTPConnection

from stile.entrypoints.web.whence import whence
from tests.conftest import Here
from tests.web_client import Browser


def of(host: str) -> str:
    return whence(HTTPConnection({"type": "http", "client": (host, 1)}))


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_what_a_visitor_is_counted_under(host: str, counted: str) -> None:
    assert of(host) == counted


def test_nobody_known_by_no_address() -> None:
    assert whence(HTTPConnection({"type": "http", "client": None})) == "unknown"


def test_new_addresses_of_one_network_give_no_new_tries(here: Here) -> None:
    """Links to members' own pages are asked for from ever new addresses of one line."""
    browser = Browser(here)
    statuses = []
    for n in range(21):
        browser.client._transport.client = (f"2001:db8::{n + 1:x}", 1)  # type: ignore[attr-defined]
        statuses.append(browser.post("/me/sign-in", {"wanted": "nobody"}).status_code)
    assert statuses == [200] * 20 + [429]
