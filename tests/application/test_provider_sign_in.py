"""Signing in at an identity provider: over real HTTP, with real keys, and as an attacker would."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from stile.application.setup import NewSite
from stile.application.staff.provider_sign_in import Arrived
from stile.application.staff.sessions import Visitor
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotConfigured
from stile.domain.roles import Role
from stile.domain.sessions import Means
from stile.testing import FakeClock
from stile.testing.provider import FakeProvider

HERE = Visitor("Firefox on Linux")
ROLES = {"stile-reception": Role.RECEPTION, "stile-audit": Role.AUDITOR, "stile-boss": Role.MANAGER}


@pytest.fixture(scope="module")
def running() -> Iterator[FakeProvider]:
    with FakeProvider().running() as provider:
        yield provider


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def provider(running: FakeProvider, clock: FakeClock) -> FakeProvider:
    running.person = {"sub": "7", "preferred_username": "Ada", "groups": ["stile-reception", "chess"]}
    running.spoil = lambda claims: claims
    running.now = lambda: clock.now().timestamp()
    running.asked.clear()
    running.published = [running.signing]
    return running


@pytest.fixture
def site(tmp_path: Path, provider: FakeProvider, clock: FakeClock) -> Iterator[Site]:
    settings = Settings(
        data=tmp_path / "data",
        oidc_issuer=provider.issuer,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
        oidc_roles=ROLES,
    )
    site = open_site(settings, see=False, clock=clock)
    site.setup.create(NewSite("Operator", "Centre", "Lane", "admin", "correct horse battery"))
    yield site
    site.close()


def way(site: Site, browser: str = "cookie", **more: Any) -> str:
    """Goes to the provider, and gives the address that it sends the browser back to."""
    answer = httpx.get(site.provider_sign_in.leave(browser, "/desk", **more))
    assert answer.status_code == 302
    return answer.headers["location"]


def come(site: Site, **more: Any) -> Arrived:
    return site.provider_sign_in.arrive("cookie", way(site, **more), HERE)


def test_an_account_is_made_at_the_first_sign_in(site: Site, provider: FakeProvider) -> None:
    arrived = come(site)
    staff = arrived.signed_in.staff
    assert staff.name == "Ada"
    assert staff.roles == {Role.RECEPTION}
    assert (staff.issuer, staff.subject) == (provider.issuer, "7")
    assert arrived.signed_in.session.means is Means.PROVIDER
    assert arrived.next == "/desk"
    assert site.sessions.resume(arrived.signed_in.token) is not None
    assert come(site).signed_in.staff.id == staff.id
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/sign-in/provider/back"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3


def test_without_a_mapped_group_nobody_gets_an_account(site: Site, provider: FakeProvider) -> None:
    provider.person = {"sub": "8", "preferred_username": "Eve", "groups": ["chess"]}
    with pytest.raises(NotAllowed, match="no role here"):
        come(site)
    assert [one.staff.name for one in site.accounts.all()] == ["admin"]


def test_a_role_that_goes_there_ends_here(site: Site, provider: FakeProvider) -> None:
    assert provider.person
    first = come(site).signed_in
    provider.person["groups"] = ["stile-audit"]
    second = come(site).signed_in
    assert second.staff.roles == {Role.AUDITOR}
    assert site.sessions.resume(first.token) is None
    provider.person["groups"] = []
    with pytest.raises(NotAllowed, match="no role here"):
        come(site)
    assert site.sessions.resume(second.token) is None
    assert site.accounts.by_name("Ada").roles == frozenset()
    with site.store.read() as work:
        told = [one.actor for one in work.audit.entries() if one.event is Event.STAFF_ROLES_CHANGED]
    assert told == ["identity provider"] * 2


def test_who_signed_in_there_goes_there_again_within_the_hour(site: Site, clock: FakeClock) -> None:
    """In use all the time, as an open desk is: or a role that was taken away there would hold for a whole shift."""
    here = come(site).signed_in
    for minutes in range(0, 60, 10):
        assert site.sessions.find(here.token) is not None, f"after {minutes} minutes"
        clock.advance(600)
    assert site.sessions.find(here.token) is None


def test_a_name_makes_nobody_the_other_person(site: Site, provider: FakeProvider) -> None:
    provider.person = {"sub": "9", "preferred_username": "admin", "groups": ["stile-reception"]}
    staff = come(site).signed_in.staff
    assert staff.name == "admin (2)"
    assert staff.roles == {Role.RECEPTION}


def test_a_disabled_account_stays_disabled(site: Site) -> None:
    staff = come(site).signed_in.staff
    site.accounts.disable(None, staff.id)
    with pytest.raises(NotAllowed):
        come(site)


def test_an_account_of_the_provider_has_no_way_in_of_its_own(site: Site) -> None:
    """Or whoever lost their role there would still come in here."""
    arrived = come(site).signed_in
    with pytest.raises(NotAllowed, match="identity provider"):
        site.passkeys.to_add(arrived.session.digest, arrived.staff)
    with pytest.raises(NotAllowed, match="identity provider"):
        site.second_factors.begin(arrived.staff)
    with pytest.raises(NotAllowed, match="identity provider"):
        site.own_account.change_password(arrived.session, arrived.staff, "", "correct horse staple", HERE)
    with pytest.raises(NotAllowed, match="identity provider"):
        site.accounts.reset(None, arrived.staff.id)


def _without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {key: value for key, value in claims.items() if key != name}


def _with(**other: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: claims | other


@pytest.mark.parametrize(
    "spoil",
    [
        _with(iss="https://evil.example"),
        _with(aud="another client"),
        _with(aud=["stile", "another client"]),
        _with(aud=["stile", "another client"], azp="another client"),
        _with(nonce="another"),
        lambda claims: claims | {"exp": claims["iat"] - 3600},
        lambda claims: claims | {"iat": claims["iat"] + 3600},
        _with(sub=""),
        _with(sub=7),
        _with(at_hash="wrong"),
        *(_without(name) for name in ("iss", "aud", "nonce", "exp", "iat", "sub")),
    ],
)
def test_a_token_that_is_not_right_signs_nobody_in(
    site: Site, provider: FakeProvider, spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    provider.spoil = spoil
    with pytest.raises(NotAllowed, match="not accepted"):
        come(site)
    assert [one.staff.name for one in site.accounts.all()] == ["admin"]


def test_a_key_that_is_not_published_signs_nobody_in(site: Site, provider: FakeProvider) -> None:
    right = provider.signing
    provider.change_key(publish=False)
    with pytest.raises(NotAllowed, match="not accepted"):
        come(site)
    provider.signing = right
    come(site)


def test_the_way_back_works_once_and_in_the_same_browser(site: Site) -> None:
    back = way(site)
    with pytest.raises(NotAllowed, match="too long"):
        site.provider_sign_in.arrive("another browser", back, HERE)
    site.provider_sign_in.arrive("cookie", back, HERE)
    with pytest.raises(NotAllowed, match="too long"):
        site.provider_sign_in.arrive("cookie", back, HERE)


def test_the_way_back_is_in_time(site: Site, clock: FakeClock) -> None:
    back = way(site)
    clock.advance(601)
    with pytest.raises(NotAllowed, match="too long"):
        site.provider_sign_in.arrive("cookie", back, HERE)


@pytest.mark.parametrize("changed", [{"state": "other"}, {"iss": "https://evil.example"}, {"code": "other"}])
def test_an_answer_that_was_changed_signs_nobody_in(site: Site, changed: dict[str, str]) -> None:
    back = urlsplit(way(site))
    query = dict(part.split("=", 1) for part in back.query.split("&")) | changed
    with pytest.raises(NotAllowed, match="not accepted"):
        site.provider_sign_in.arrive("cookie", back._replace(query=urlencode(query)).geturl(), HERE)


def test_whoever_is_not_signed_in_there_is_not_signed_in_here(site: Site, provider: FakeProvider) -> None:
    provider.person = None
    with pytest.raises(NotAllowed, match="did not sign you in"):
        come(site)


def test_proving_again_asks_anew_there(site: Site, provider: FakeProvider, clock: FakeClock) -> None:
    session = come(site).signed_in.session
    clock.advance(3600)
    assert come(site, session=session).signed_in.session.is_fresh(clock.now())
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    provider.spoil = lambda claims: claims | {"auth_time": claims["iat"] - 3600}
    with pytest.raises(NotAllowed, match="did not ask"):
        come(site, session=session)
    provider.spoil = _without("auth_time")
    with pytest.raises(NotAllowed, match="did not ask"):
        come(site, session=session)
    assert not come(site).signed_in.session.is_fresh(clock.now()), "nobody said when they proved it"


def test_a_provider_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "data", oidc_issuer="http://127.0.0.1:9", oidc_client_id="stile", oidc_roles=ROLES
    )
    site = open_site(settings, see=False)
    with pytest.raises(NotConfigured, match="cannot be reached"):
        site.provider_sign_in.leave("cookie", "/")
    site.close()


def test_groups_may_lie_inside_another_claim(
    tmp_path: Path, provider: FakeProvider, clock: FakeClock
) -> None:
    provider.person = {"sub": "5", "realm_access": {"roles": ["stile-boss"]}}
    settings = Settings(
        data=tmp_path / "data",
        oidc_issuer=provider.issuer,
        oidc_client_id=provider.client_id,
        oidc_client_secret=provider.client_secret,
        oidc_roles=ROLES,
        oidc_roles_claim="realm_access.roles",
    )
    site = open_site(settings, see=False, clock=clock)
    assert come(site).signed_in.staff.roles == {Role.MANAGER}
    site.close()
