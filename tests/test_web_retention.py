"""The console's page about retention, and the pages by which a member is erased."""

from tests.conftest import Here
from tests.web_client import Browser


def test_the_rules_stand_with_their_reasons(here: Here) -> None:
    browser = Browser(here)
    browser.sign_in()
    page = browser.get("/console/retention").text
    assert "90 days after the passage" in page
    assert "Limitation Act 1980" in page
    assert "The rules have not been applied yet" in page
    assert "stile backup new-key" in page
    assert list(here.site.expire.run()) == []
    assert "nothing was over" in browser.get("/console/retention").text


def test_a_period_is_changed_within_its_bounds(here: Here) -> None:
    browser = Browser(here)
    browser.sign_in()
    for days, why in (("5", "31 to 730 days, not 5"), ("soon", "whole number"), ("731", "not 731")):
        refused = browser.submit("/console/retention", rule="passages", days=days)
        assert refused.status_code == 422
        assert why in refused.text
        assert f'value="{days}"' in refused.text
    assert browser.submit("/console/retention", rule="passages", days="60").status_code == 303
    page = browser.get("/console/retention?said=passages").text
    assert "60 days after the passage" in page
    assert "the new period counts" in page
    assert browser.submit("/console/retention", rule="everything", days="60").status_code == 404


def test_a_member_is_erased_with_their_number(here: Here) -> None:
    member = here.add(1, "Zebedee")
    browser = Browser(here)
    browser.sign_in()
    page = f"/desk/members/{member.id}/erase"
    assert "Zebedee" in browser.get(page).text
    refused = browser.submit(page, number="9999")
    assert refused.status_code == 422
    assert "Nothing was erased" in refused.text
    done = browser.submit(page, number=member.number)
    assert "The member is erased" in done.text
    assert "Zebedee" not in done.text
    assert browser.get(f"/desk/members/{member.id}").status_code == 404
    assert browser.submit(page, number=member.number).status_code == 404
    assert "Zebedee" not in browser.get("/desk/members").text
