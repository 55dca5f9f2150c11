"""The register's pages: what stands and what is missing, forms that lose nothing, and a history that only grows."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pytest

from stile.domain.audit import Event
from stile.domain.ids import EntryId
from stile.domain.notice import VERSION
from stile.domain.register import (
    Deployment,
    DocumentKind,
    Entry,
    EventKind,
    Happened,
    Involved,
    Missing,
    Mode,
    NoneHappened,
    OwnUse,
    Phase,
    Register,
    Relationship,
    SignOff,
    missing,
)
from stile.domain.register_json import KINDS
from stile.entrypoints.web.register_form import FORMS, new_key
from stile.entrypoints.web.register_links import missing_link
from stile.entrypoints.web.register_now import speaking
from stile.entrypoints.web.register_words import (
    DOCUMENTS,
    EVENTS,
    LACKS,
    MODES,
    PHASES,
    RELATIONSHIPS,
    headline,
)
from stile.ports.audit import Wanted
from tests.conftest import Here
from tests.web_client import NAME, Browser, hidden

POOL = {
    "place": "Barnstone Pool",
    "operator": "Barnstone Leisure",
    "technology": "facial recognition",
    "phase": "in use",
    "relationship": "the operator's alone",
    "source": "the contract",
}


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


@pytest.fixture
def key(here: Here) -> str:
    return str(here.lane.centre)


def submit(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    csrf = hidden(browser.get("/console/register/enter/own-use").text, "csrf")
    return browser.post(path, {"csrf": csrf, **fields})


def entered(browser: Browser, slug: str, **fields: str) -> Register:
    answer = submit(browser, f"/console/register/enter/{slug}", **fields)
    assert answer.status_code == 303, answer.text
    assert browser.get(answer.headers["location"]).status_code == 200
    return browser.here.site.registering.as_of()


def pool(found: Register) -> Deployment:
    entry = found.deployment("barnstone-pool")
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    return entry.fact


# --- entering ----------------------------------------------------------------------------------------------


def test_a_use_is_entered_and_stands_on_the_page(browser: Browser) -> None:
    found = pool(
        entered(
            browser,
            "deployment",
            **POOL,
            uprn="100 023 336 956",
            processors="Cloudy: hosts the backups\nPaper & Co",
            joint_controllers="Barnstone Council",
            since="2019-05-01",
            asked_for="no",
            mode="1:N",
        )
    )
    assert (found.phase, found.relationship) == (Phase.IN_USE, Relationship.OPERATORS_ALONE)
    assert found.uprn == "100023336956"
    assert [(one.name, one.part) for one in found.processors] == [
        ("Cloudy", "hosts the backups"),
        ("Paper & Co", ""),
    ]
    assert (found.since, found.asked_for) == (date(2019, 5, 1), False)
    assert "Barnstone Pool" in browser.get("/console/register").text
    page = browser.get("/console/register/deployment?key=barnstone-pool").text
    assert "Cloudy: hosts the backups" in page
    assert "Paper &amp; Co" in page
    assert "source: the contract" in page
    with browser.here.site.store.read() as work:
        last = work.audit.find(Wanted(events=(Event.REGISTER_ENTERED,)))[0]
    assert (last.actor, last.detail["kind"]) == (
        str(browser.here.site.accounts.by_name(NAME).id),
        "deployment",
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("place", " ", "Which place is it?"),
        ("operator", "", "Who runs it?"),
        ("phase", "", "Please choose the phase."),
        ("phase", "over", "Please choose one of those listed."),
        ("relationship", "", "Please choose whose system it is."),
        ("uprn", "12 monkeys", "A UPRN is a number of up to 12 digits."),
        ("since", "May", "A date is written like 2026-12-31"),
        ("processors", ": hosts", "Each line begins with a name"),
        ("purpose", "x" * 5001, "Up to 5,000 characters, please: these are 5,001."),
        ("source", " ", "Where does it come from?"),
        ("at", "2999-01-01", "An entry stands for today or a day before."),
        ("at", "soon", "A date is written like 2026-12-31"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_lost(
    browser: Browser, field: str, value: str, said: str
) -> None:
    before = len(browser.here.site.registering.history())
    answer = submit(
        browser, "/console/register/enter/deployment", **POOL | {"address": "1 Road", field: value}
    )
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-wrong">[^<]*{re.escape(said)}', answer.text)
    assert f'aria-describedby="{field}-wrong"' in answer.text
    assert 'value="1 Road"' in answer.text
    assert len(browser.here.site.registering.history()) == before


@pytest.mark.parametrize(
    ("slug", "fields", "where", "said"),
    [
        ("deployment", POOL | {"phase": "ended"}, "until", "A use that ended has a last day."),
        (
            "deployment",
            POOL | {"since": "2020-02-02", "until": "2020-02-01"},
            "until",
            "It cannot end before it began.",
        ),
        (
            "none",
            {"kind": "arrest", "since": "2020-02-02", "until": "2020-02-01", "source": "x"},
            "until",
            "A period ends after it began.",
        ),
        (
            "event",
            {"kind": "arrest", "on": "2020-02-02", "what": "One.", "granted": "yes", "source": "x"},
            "granted",
            "Only a request for data is granted or not.",
        ),
        ("own-use", {"uses": "", "source": "x"}, "uses", "Please choose yes or no."),
    ],
)
def test_what_fields_are_wrong_about_together(
    browser: Browser, slug: str, fields: dict[str, str], where: str, said: str
) -> None:
    answer = submit(browser, f"/console/register/enter/{slug}", **fields)
    assert answer.status_code == 422
    assert f'id="{where}-wrong">{said}' in answer.text


def test_a_police_force_that_is_involved_has_a_name(browser: Browser, key: str) -> None:
    fields = {"deployment": key, "police": "yes", "source": "the manager"}
    answer = submit(browser, "/console/register/enter/police", **fields)
    assert 'id="who-wrong">Which police force is it?' in answer.text
    found = entered(browser, "police", **fields | {"police": "no"}).police(key)
    assert found is not None
    assert found.fact == Involved(key, False)
    assert "None is involved" in browser.get(f"/console/register/deployment?key={key}").text


def test_what_happened_and_that_nothing_did(browser: Browser, key: str) -> None:
    assert "Not recorded" in browser.get("/console/register").text
    found = entered(
        browser,
        "event",
        kind="request for data",
        deployment=key,
        on="2026-10-01",
        what="Police asked for passages of one day.",
        who="Barnstone Police",
        granted="no",
        ground="no court order",
        source="letter",
    )
    [event] = found.events(EventKind.DATA_REQUEST)
    assert isinstance(event.fact, Happened)
    assert (event.fact.granted, event.fact.deployment) == (False, key)
    found = entered(
        browser, "none", kind="arrest", since="2026-01-01", until="2026-10-31", source="the centre's manager"
    )
    none = found.none_of(EventKind.ARREST)
    assert none is not None
    assert isinstance(none.fact, NoneHappened)
    page = browser.get("/console/register").text
    assert "from 1 January 2026 to 31 October 2026" in page
    assert "1 October 2026" in page


def test_nothing_happened_is_entered_for_many_kinds_at_once(browser: Browser, key: str) -> None:
    site, path = browser.here.site, "/console/register/none"
    before = len(site.registering.history())
    empty = submit(browser, path, since="2026-02-02", until="2026-02-01")
    assert "Please tick what there was none of." in empty.text
    assert "A period ends after it began." in empty.text
    assert 'id="source-wrong"' in empty.text
    ahead = submit(browser, path, since="", until="2999-01-01", ARREST="yes", source="all", deployment="no")
    for field in ("since", "until", "deployment"):
        assert f'id="{field}-wrong"' in ahead.text
    assert 'name="ARREST" value="yes" checked' in ahead.text
    asked = Happened(EventKind.COMPLAINT, date(2026, 3, 3), "One.", key)
    site.registering.add(asked, "letter", "test")
    quarter = {"since": "2026-01-01", "until": "2026-03-31", "source": "all managers", "ARREST": "yes"}
    contradicted = submit(browser, path, **quarter, COMPLAINT="yes")
    assert 'id="COMPLAINT-wrong">One was entered, of 3 March 2026.' in contradicted.text
    single = {"kind": "complaint", "deployment": key, "source": "x"} | {
        k: quarter[k] for k in ("since", "until")
    }
    alone = submit(browser, "/console/register/enter/none", **single)
    assert 'id="kind-wrong">One was entered, of 3 March 2026' in alone.text
    assert len(site.registering.history()) == before + 1
    assert submit(browser, path, **quarter, BREACH="yes").status_code == 303
    found = site.registering.as_of()
    assert found.none_of(EventKind.ARREST) is not None
    assert found.none_of(EventKind.BREACH) is not None
    assert found.none_of(EventKind.CIVIL_ORDER) is None
    assert 'value="2026-04-01"' in browser.get(path).text


def test_a_place_that_nobody_entered_is_refused(browser: Browser) -> None:
    answer = submit(
        browser,
        "/console/register/enter/event",
        kind="arrest",
        deployment="elsewhere",
        on="2026-10-01",
        what="One.",
        source="x",
    )
    assert 'id="deployment-wrong">Please choose one of those listed.' in answer.text


def test_a_use_of_ones_own_says_that_there_is_one(browser: Browser) -> None:
    """As answers do (`foi_draft.Facts.own`): the register must not say that nobody recorded it."""
    page = browser.get("/console/register").text
    assert "Nobody has recorded whether" not in page
    assert "What stands below says it, and answers are made of that: Test Centre (in use)." in page


def test_a_use_of_somebody_else_says_nothing_of_ones_own() -> None:
    theirs = Deployment("x", "Arena", "Arena plc", Phase.IN_USE, Relationship.OPERATORS_ALONE)
    mine = replace(theirs, key="y", place="Pool", relationship=Relationship.ON_BEHALF)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    entries = [Entry(EntryId(uuid4()), now.date(), "x", now, "x", one) for one in (theirs, mine)]
    assert [one.place for one in speaking(Register(entries))] == ["Pool"]


def test_a_name_keeps_its_capitals() -> None:
    none = NoneHappened(EventKind.ICO_SELF_REFERRAL, date(2026, 1, 1), date(2026, 3, 31))
    assert headline(none, {}).startswith("None: own referral to the Information Commissioner, ")


def test_own_use_is_recorded_and_shown(browser: Browser) -> None:
    found = entered(browser, "own-use", uses="no", source="the chief executive").own_use()
    assert found is not None
    assert found.fact == OwnUse(False)
    page = browser.get("/console/register").text
    assert "does not itself use" in page
    assert "That does not agree with what stands below: Test Centre is in use." in page
    entered(browser, "own-use", uses="yes", source="the chief executive")
    assert "does not agree" not in browser.get("/console/register").text


@pytest.mark.parametrize(("slug", "field"), [("none", "until"), ("event", "on")])
def test_nothing_is_entered_of_a_day_after_the_one_it_stands_for(
    browser: Browser, slug: str, field: str
) -> None:
    days = {"since": "2026-09-01", field: "2026-10-20", "what": "a man was arrested", "granted": ""}
    given = {"kind": EventKind.ARREST.value, "deployment": "", "source": "the manager", "at": "2026-10-01"}
    page = submit(browser, f"/console/register/enter/{slug}", **given, **days)
    assert page.status_code == 422
    assert "nobody knew that day" in page.text
    assert not [one for one in browser.here.site.registering.history() if one.source == "the manager"]


# --- later entries -------------------------------------------------------------------------------------------


def test_a_change_follows_and_what_was_typed_before_stays(browser: Browser) -> None:
    entered(browser, "deployment", **POOL, purpose="to let members in", at="2026-10-01")
    form = browser.get("/console/register/enter/deployment?key=barnstone-pool").text
    assert "to let members in" in form
    before = hidden(form, "before")
    fields = POOL | {"key": "barnstone-pool", "before": before, "phase": "ended", "until": "2026-10-30"}
    late = submit(browser, "/console/register/enter/deployment", **fields | {"at": "2026-09-01"})
    assert "What stands now is of 1 October 2026" in late.text
    found = pool(entered(browser, "deployment", **fields))
    assert found.phase is Phase.ENDED
    assert found.purpose == ""  # nobody typed it
    then = browser.here.site.registering.as_of(date(2026, 10, 15))
    assert pool(then).phase is Phase.IN_USE
    page = browser.get("/console/register?as_of=2026-10-15").text
    assert "As it stood on 15 October 2026" in page
    again = submit(browser, "/console/register/enter/deployment", **fields)
    assert again.status_code == 422
    assert "since you opened the form" in again.text


def test_a_mistake_is_corrected_and_the_mistake_stays_in_the_history(browser: Browser) -> None:
    entered(browser, "own-use", uses="yes", source="a misunderstanding", at="2026-10-01")
    wrong = next(one for one in browser.here.site.registering.history() if one.source == "a misunderstanding")
    form = browser.get(f"/console/register/enter/own-use?replaces={wrong.id}").text
    assert "Correct an entry" in form
    assert 'value="2026-10-01"' in form
    found = entered(
        browser, "own-use", uses="no", source="the contract", at="2026-10-01", replaces=str(wrong.id)
    )
    standing = found.own_use()
    assert standing is not None
    assert standing.replaces == wrong.id
    page = browser.get(f"/console/register/entries/{wrong.id}").text
    assert "This entry was corrected." in page
    assert "Correct a mistake" not in page
    assert "corrected" in browser.get("/console/register/history").text
    again = submit(browser, "/console/register/enter/own-use", uses="yes", source="x", replaces=str(wrong.id))
    assert again.status_code == 409
    assert "replaced already" in again.text


def test_an_entry_is_corrected_by_its_own_kind_of_form(browser: Browser) -> None:
    entered(browser, "own-use", uses="no", source="x")
    entry = browser.here.site.registering.as_of().own_use()
    assert entry is not None
    assert browser.get(f"/console/register/enter/event?replaces={entry.id}").status_code == 404
    assert browser.get("/console/register/enter/own-use?replaces=nonsense").status_code == 404
    assert browser.get("/console/register/enter/wedding").status_code == 404
    assert browser.get("/console/register/deployment?key=nowhere").status_code == 404


# --- a centre of our own -----------------------------------------------------------------------------------------


def test_what_lanes_wait_for_is_marked_on_a_centre_of_ours_only(browser: Browser, key: str) -> None:
    marked = "(lanes wait for it)"
    assert browser.get(f"/console/register/enter/deployment?key={key}").text.count(marked) == 7
    assert marked not in browser.get("/console/register/enter/deployment").text


def test_each_gap_leads_to_where_it_is_closed(browser: Browser, key: str) -> None:
    for lack in Missing:
        link = missing_link(lack, key)
        answer = browser.get(link)
        assert answer.status_code == 200, link
        anchor = urlsplit(link).fragment
        assert not anchor or f'id="{anchor}"' in answer.text
        assert parse_qs(urlsplit(link).query)["key"] == [key]


def test_documents_go_on_file_and_off_it_again(browser: Browser, key: str) -> None:
    def on_file() -> list[str]:
        entry = browser.here.site.registering.as_of().deployment(key)
        assert entry is not None
        assert isinstance(entry.fact, Deployment)
        return [one.title for one in entry.fact.documents]

    before = on_file()
    answer = submit(browser, "/console/register/document", key=key, kind="contract", title="Lease")
    assert answer.status_code == 422
    assert 'value="Lease"' in answer.text
    assert {"dated-wrong", "where-wrong", "source-wrong"} <= set(
        re.findall(r'id="([a-z]+-wrong)"', answer.text)
    )
    fields = {"kind": "contract", "title": "Lease", "dated": "2026-01-01", "where": "deed box 4"}
    for name, value in (("dated", "2999-01-01"), ("kind", "poem"), ("dated", "soon")):
        wrong = submit(browser, "/console/register/document", key=key, source="x", **fields | {name: value})
        assert f'id="{name}-wrong"' in wrong.text
    assert submit(browser, "/console/register/document", key=key, source="x", **fields).status_code == 303
    assert on_file() == [*before, "Lease"]
    n = str(len(before))
    off = "/console/register/document/off"
    assert submit(browser, off, key=key, n=n, title="Another", source="x").status_code == 404
    assert submit(browser, off, key=key, n=n, title="Lease", source="sold").status_code == 303
    assert on_file() == before


def test_a_change_of_a_centre_keeps_its_documents_and_its_lanes_open(browser: Browser, key: str) -> None:
    today = browser.here.clock.today()
    assert missing(browser.here.site.registering.as_of(), key, today) == []
    form = browser.get(f"/console/register/enter/deployment?key={key}").text
    given = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', form))
    given |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>([^<]*)<', form))
    given |= {
        name: chosen
        for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', form)
        for chosen in re.findall(r'<option value="([^"]*)" selected', options)
    }
    given |= {"source": "the manager", "purpose": "to let members in, by choice"}
    found = entered(browser, "deployment", **given)
    assert missing(found, key, today) == []
    entry = found.deployment(key)
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    assert entry.fact.document(DocumentKind.SIGNAGE) is not None


def test_a_register_that_says_otherwise_than_the_program_is_told_so(browser: Browser, key: str) -> None:
    site = browser.here.site
    entry = site.registering.as_of().deployment(key)
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    page = f"/console/register/deployment?key={key}"
    assert "The program is set otherwise" not in browser.get(page).text
    drafted = site.assessing.deployment_as_configured(key)
    assert drafted is not None
    changed = replace(entry.fact, threshold=drafted.threshold, retention=drafted.retention, pack="other-pack")
    site.registering.add(changed, "test", "test")
    assert [one.field for one in site.assessing.differences(key, site.registering.as_of())] == ["pack"]
    site.setup.change_lane(browser.here.lane.id, {"fpir": 0.01}, "test")
    site.expire.change("passages", 60, "test")
    assert "The program is set otherwise" in browser.get(page).text
    form = browser.get(f"/console/register/enter/deployment?key={key}&take=yes").text
    assert "false-positive identification rate of 0.01 of an attempt" in form
    assert "Passages: 60 days after the passage." in form
    assert "other-pack" not in form


def test_members_may_be_enrolled_while_it_is_planned(browser: Browser, key: str) -> None:
    entry = browser.here.site.registering.as_of().deployment(key)
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    browser.here.site.registering.add(replace(entry.fact, phase=Phase.PLANNED), "test", "test")
    for page in ("/console/register", f"/console/register/deployment?key={key}"):
        shown = browser.get(page).text
        assert "embers may be enrolled already" in shown
        assert LACKS[Missing.IN_USE] in shown
    browser.here.site.registering.add(replace(entry.fact, phase=Phase.PLANNED, purpose=""), "test", "test")
    assert "embers may be enrolled already" not in browser.get("/console/register").text


def test_a_review_that_is_due_soon_is_told_ahead(browser: Browser, key: str) -> None:
    today = browser.here.clock.today()
    assert "to be looked at again by" not in browser.get("/console/register").text
    browser.here.site.registering.add(SignOff(key, "a", "b", "c", today + timedelta(days=28)), "test", "test")
    assert "to be looked at again by" in browser.get("/console/register").text


def test_a_long_history_has_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stile.entrypoints.web.views.register.A_PAGE", 2)
    for n in range(3):
        browser.here.site.registering.add(OwnUse(bool(n % 2)), f"source {n}", "test")
    first = browser.get("/console/register/history").text
    assert "source 2" in first
    assert "source 0" not in first
    assert "Newer" not in first
    second = browser.get("/console/register/history?after=2").text
    assert "source 0" in second
    assert "Newer" in second
    assert browser.get("/console/register/history?after=-1").status_code == 422


def test_the_notice_is_put_on_file_as_it_is_shown(browser: Browser, key: str) -> None:
    form = browser.get(f"/console/register/document?key={key}&kind=privacy+notice").text
    assert f'value="Notice, version {VERSION}"' in form
    assert 'value="as this program shows it"' in form


# --- words ---------------------------------------------------------------------------------------------------------


def test_everything_has_words() -> None:
    assert set(LACKS) == set(Missing)
    assert set(EVENTS) == set(EventKind)
    assert set(PHASES) == set(Phase)
    assert set(MODES) == set(Mode)
    assert set(RELATIONSHIPS) == set(Relationship)
    assert set(DOCUMENTS) == set(DocumentKind)


def test_each_kind_of_fact_has_a_form_but_the_signature() -> None:
    assert {form.kind for form in FORMS.values()} == set(KINDS) - {"sign-off"}


def test_a_key_is_made_of_the_place() -> None:
    assert new_key("Château d’Eau, Hall 2", []) == "chateau-deau-hall-2"
    assert new_key("Pool", ["pool", "pool-2"]) == "pool-3"
    assert new_key("游泳馆", []) == "place"
