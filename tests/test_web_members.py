"""Members in the console: found while somebody types, changed with errors at the field, with their history; imports."""

import re
import time
from dataclasses import replace

import pytest

from stile.application.membership import NewMember
from stile.application.rights.rights_requests import Asked
from stile.domain.audit import Event
from stile.domain.hours import hours
from stile.domain.rights_request import CameBy, Kind
from stile.domain.roles import Role
from tests.conftest import Here
from tests.web_client import Browser, hidden


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_is_found_in_parts_while_somebody_types(here: Here, browser: Browser) -> None:
    for who in range(1, 53):
        here.add(who)
    page = browser.get("/desk/members").text
    assert page.count("/desk/members/0") == 50
    assert "52 members altogether" in text(page)
    assert browser.get("/desk/members", params={"after": "1050"}).text.count("/desk/members/0") == 2
    assert "There are no more members." in browser.get("/desk/members", params={"after": "9"}).text
    found = browser.get("/desk/members", params={"q": "exa"}, headers={"HX-Target": "div#found"}).text
    assert "<h1>" not in found
    assert found.count("/desk/members/0") == 50
    assert "50 of more shown" in text(found)
    last = browser.get("/desk/members", params={"q": "exa", "part": "1"}).text
    assert last.count("/desk/members/0") == 2


def test_a_member_is_added_with_everything(here: Here, browser: Browser) -> None:
    answer = browser.submit(
        "/desk/members/new",
        number="7",
        given_name="Zoë",
        family_name="Müller",
        born_on="2000-02-29",
        email="Zoe@Example.org",
        phone="020 7946 0000",
        kind="off-peak",
        expires_on="2030-12-31",
        cards="55-0001",
        hours="mon-fri 06:00-16:00",
        group="Hill School",
        marketing="yes",
        marketing_how="At the desk",
    )
    assert answer.status_code == 303, text(answer.text)
    page = text(browser.get(answer.headers["location"]).text)
    for said in (
        "29 February 2000",
        "Zoe@example.org",
        "+442079460000",
        "off-peak",
        "mon-fri 06:00-16:00",
        "Hill School",
        "Said yes on 2 November 2026: At the desk",
        "Added admin",
        "member page admin",
        "Zoë has not come by yet.",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("given_name", " ", "Please give a first name."),
        ("born_on", "yesterday", "A date is written like 2026-12-31."),
        ("email", "nobody", "Expected an e-mail address"),
        ("phone", "12", "Expected a telephone number"),
        ("status", "gone", "Please choose active"),
        ("cards", "1", "4 to 32 letters and digits"),
        ("hours", "morning", "Expected hours like"),
        ("kind", "x" * 201, "At most 200 characters."),
        ("marketing", "yes", "Choose how they said so."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    here: Here, browser: Browser, field: str, given: str, said: str
) -> None:
    member = here.add(1)
    plain = {"version": "1", "given_name": "Ada", "family_name": "Changed"}
    answer = browser.submit(f"/desk/members/{member.id}/change", **(plain | {field: given}))
    assert answer.status_code == 422
    marked = "marketing_how" if field == "marketing" else field
    assert re.search(rf'id="wrong-{marked}">[^<]*{re.escape(said)}', answer.text)
    assert f'aria-describedby="wrong-{marked}"' in answer.text
    assert 'value="Changed"' in answer.text, "what was typed is kept"
    assert here.site.membership.by_number("1001") == member


def test_a_change_is_made_once_by_one(here: Here, browser: Browser) -> None:
    member = here.add(1)
    path = f"/desk/members/{member.id}/change"
    form = browser.get(path).text
    assert hidden(form, "version") == "1"
    fields = {"version": "1", "given_name": "Ada", "family_name": "Byron", "email": "ada@example.org"}
    assert browser.submit(path, **fields).status_code == 303
    assert here.site.membership.by_number("1001").cards == member.cards, "what the form does not name stays"
    again = browser.submit(path, **(fields | {"family_name": "Lovelace"}))
    assert again.status_code == 422
    assert "Somebody else changed this member meanwhile" in again.text
    assert "Changed: email, family name admin" in text(browser.get(f"/desk/members/{member.id}").text)


def test_who_looks_is_recorded_and_shown_with_who_came_in(here: Here, browser: Browser) -> None:
    member = here.add(1)
    here.site.admit_by_card.present(here.lane, "5500001")
    page = text(browser.get(f"/desk/members/{member.id}").text)
    assert "Let in: Card accepted" in page
    with here.site.store.read() as work:
        looks = [one for one in work.audit.entries() if one.event == Event.MEMBER_SEEN]
    assert [(one.subject, one.detail["what"]) for one in looks] == [(str(member.id), "member page")]


def test_reception_is_shown_no_looks_and_no_complaints(here: Here, browser: Browser) -> None:
    """To let somebody in takes neither: least privilege (UK GDPR Arts. 5(1)(c), 25(2))."""
    member = here.add(1)
    asked = Asked(
        Kind.COMPLAINT, CameBy.DESK, here.site.clock.today(), member=member.id, words="It was wrong."
    )
    here.site.rights.receive(asked, "test")
    path = f"/desk/members/{member.id}"
    browser.get(path)
    page = text(browser.get(path).text)
    assert "Who looked" in page
    assert "Request or complaint received" in page
    with here.site.store.begin() as work:
        [admin] = work.staff.all()
        work.staff.save(replace(admin, roles=frozenset((Role.RECEPTION,))))
        work.commit()
    page = text(browser.get(path).text)
    assert "Coming in" in page
    assert "Who looked" not in page
    assert "Request or complaint received" not in page


def test_hours_are_said_where_they_refuse(here: Here, browser: Browser) -> None:
    new = NewMember("1", "Ada", cards=("5501",), hours=hours("sun 06:00-07:00"))
    here.site.membership.add(here.lane.centre, new, "test")
    here.site.admit_by_card.present(here.lane, "5501")
    assert "Membership admits at other hours" in text(browser.get("/desk/now").text)


# --- imports ---


def ended(browser: Browser, where: str) -> str:
    for _ in range(300):
        page = browser.get(where).text
        if "hx-get" not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the import did not end")


def upload(browser: Browser, content: bytes, **fields: str) -> str:
    csrf = hidden(browser.get("/console/imports").text, "csrf")
    answer = browser.post(
        "/console/imports", {"csrf": csrf, **fields}, files={"file": ("members.csv", content, "text/csv")}
    )
    if answer.status_code != 303:
        return str(answer.text)
    return str(answer.headers["location"])


def test_a_file_is_looked_at_and_then_imported(here: Here, browser: Browser) -> None:
    """Two processes of its own, a second each: the one test that goes the whole way."""
    assert "Nothing was imported yet." in browser.get("/console/imports").text
    where = upload(browser, b"Number,First name,Card,Shoe\n1,Ada,5501,42\n2,Bob,x,41\n")
    shown = ended(browser, where)
    page = text(shown)
    for said in ("Added 1", "Wrong lines 1", "Columns not used Shoe", "3 cards a card number has 4 to 32"):
        assert said in page, said
    with here.site.store.read() as work:
        assert work.members.count() == 0
    kept = list((here.site.settings.data / "imports").iterdir())
    assert [one.stat().st_mode & 0o777 for one in kept] == [0o600]
    assert (here.site.settings.data / "imports").stat().st_mode & 0o777 == 0o700
    done = browser.submit(f"{where}/import")
    assert "Imported. The audit log has it as" in text(ended(browser, done.headers["location"]))
    assert here.site.membership.by_number("1").cards == ("5501",)
    assert not any((here.site.settings.data / "imports").iterdir())
    assert re.search(r"Console 2 1 0 0 1", text(browser.get("/console/imports").text))
    again = browser.submit(f"{where}/import")
    assert "The file waited too long and is gone" in again.text


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (b"", {}, "The member file is empty."),
        (b"x", {"mapping": "file"}, "Please choose the mapping."),
    ],
)
def test_what_cannot_be_looked_at_is_said_at_once(
    browser: Browser, content: bytes, fields: dict[str, str], said: str
) -> None:
    assert said in upload(browser, content, **fields)


def test_an_import_that_is_not_known_is_said_so(browser: Browser) -> None:
    answer = browser.get("/console/imports/0190163d-8694-739b-aea5-966c26f8ad91")
    assert answer.status_code == 404
    assert "not known any more" in answer.text
