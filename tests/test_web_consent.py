"""Setting up face entry at the desk, a parent's own link, the kiosk's code, and the page of what waits."""

import re

import pytest

from stile.application.enrol import Enrol, Enrolment
from stile.domain.access import Staff
from stile.domain.children import WhyNot
from stile.domain.consent import Alternative, Audience, Channel, Giver
from stile.domain.guardians import Said
from stile.domain.ids import MemberId
from stile.domain.member import Member
from tests.conftest import Here
from tests.families import child, consents, enrol, for_children, is_enrolled, parent, with_settings
from tests.test_web_enrol import agree, take
from tests.web_client import Browser


@pytest.fixture
def member(here: Here) -> Member:
    added = here.add(1)
    return here.site.membership.change(added.id, {"email": "ada@example.org"}, "test")


@pytest.fixture
def desk(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def link_on(page: str) -> str:
    found = re.search(r"https?://[^\"<\s]+(/(?:enrol|parent)/[\w-]+)", page)
    assert found, page
    return found.group(1)


def staff(here: Here) -> Staff:
    with here.site.store.read() as work:
        found = work.staff.by_name("admin")
    assert found is not None
    return found


# --- the words on the page are those that are agreed to ---


def digest_on(page: str) -> str:
    found = re.search(r'name="words" value="([0-9a-f]{64})"', page)
    assert found
    return found.group(1)


def test_nobody_agrees_to_words_that_changed_while_they_read(here: Here, member: Member) -> None:
    browser, path = Browser(here), f"/enrol/{here.site.enrol.invite(member.id, 'test')}"
    read = digest_on(browser.get(path).text)
    here.site.expire.change("passages", 60, "test")
    answer = browser.post(f"{path}/consent", {"agree": "yes", "words": read})
    assert answer.status_code == 409
    assert "for 60 days" in answer.text
    with here.site.store.read() as work:
        assert work.consents.live_of(member.id) is None
    assert (
        browser.post(f"{path}/consent", {"agree": "yes", "words": digest_on(answer.text)}).status_code == 303
    )
    with here.site.store.read() as work:
        given = work.consents.live_of(member.id)
    assert given is not None
    assert given.notice_sha256 == digest_on(answer.text)


# --- the ways to a member ---


def test_the_page_offers_every_way_that_there_is(here: Here, desk: Browser, member: Member) -> None:
    page = desk.get(f"/desk/members/{member.id}/enrol").text
    for how in ("show", "print", "mail", "kiosk", "here"):
        assert f'name="how" value="{how}"' in page
    here.mail.is_set_up = False
    page = desk.get(f"/desk/members/{member.id}/enrol").text
    assert 'value="mail"' not in page
    assert "mail_host" in page


def test_looking_at_it_is_recorded(here: Here, desk: Browser, member: Member) -> None:
    desk.get(f"/desk/members/{member.id}/enrol")
    with here.site.store.read() as work:
        seen = [one for one in work.audit.entries() if one.subject == str(member.id)]
    assert seen[-1].detail == {"what": "set-up of face entry"}


@pytest.mark.parametrize("how", ["show", "print"])
def test_a_link_to_show_or_to_print(here: Here, desk: Browser, member: Member, how: str) -> None:
    page = desk.submit(f"/desk/members/{member.id}/invite", how=how).text
    assert "<svg" in page
    assert here.site.invite.invited(link_on(page).rpartition("/")[2])[1] == member


def test_a_link_by_letter(here: Here, desk: Browser, member: Member) -> None:
    page = desk.submit(f"/desk/members/{member.id}/invite", how="mail").text
    assert "on its way" in page
    (letter,) = here.mail.letters
    assert Browser(here).get(link_on(letter.text)).status_code == 200
    here.mail.refuses = True
    answer = desk.submit(f"/desk/members/{member.id}/invite", how="mail")
    assert answer.status_code == 409
    assert "told to refuse" in answer.text


def test_a_way_that_there_is_not(desk: Browser, member: Member) -> None:
    assert desk.submit(f"/desk/members/{member.id}/invite", how="pigeon").status_code == 422


def test_ending_the_links(here: Here, desk: Browser, member: Member) -> None:
    token = here.site.enrol.invite(member.id, "test")
    answer = desk.submit(f"/desk/members/{member.id}/links/end", back="enrolments")
    assert answer.headers["location"] == "/console/enrolments"
    assert Browser(here).get(f"/enrol/{token}").status_code == 404


# --- at the desk's own screen ---


def test_at_the_desk_the_staff_are_named_in_the_consent(here: Here, desk: Browser, member: Member) -> None:
    link = desk.submit(f"/desk/members/{member.id}/invite", how="here").headers["location"]
    page = desk.get(link).text
    assert "Reception sits beside you" in page
    assert f'href="/desk/members/{member.id}"' in page
    agree(desk, link)
    with here.site.store.read() as work:
        consent = work.consents.live_of(member.id)
    assert consent is not None
    assert (consent.channel, consent.assisted_by) == (Channel.DESK, staff(here).id)
    assert consent.offered == {Alternative.CARD, Alternative.PIN, Alternative.QR}


@pytest.mark.parametrize("signed_in", [True, False], ids=["the desk's browser", "any other"])
def test_only_before_the_staffs_eyes_liveness_is_not_judged(
    here: Here, desk: Browser, member: Member, signed_in: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    begin = Enrol.begin

    def spy(enrol: Enrol, id: MemberId, unattended: bool = False) -> Enrolment:
        begun.append(unattended)
        return begin(enrol, id, unattended)

    link = desk.submit(f"/desk/members/{member.id}/invite", how="here").headers["location"]
    agree(desk, link)
    if not signed_in:
        desk.client.cookies.clear()
    monkeypatch.setattr(Enrol, "begin", spy)
    with desk.line(f"{link}/ws") as line:
        line.hear("shot")
    assert begun == [not signed_in]


# --- a date of birth ---


def test_a_missing_date_of_birth_is_asked_for_first(here: Here) -> None:
    here = with_settings(here)
    member = here.add(1)
    desk = Browser(here)
    desk.sign_in()
    page = desk.get(f"/desk/members/{member.id}/enrol").text
    assert "date of birth is missing" in page
    assert desk.submit(f"/desk/members/{member.id}/invite").status_code == 403
    for wrong in ("soon", "2999-01-01"):
        assert desk.submit(f"/desk/members/{member.id}/born", born_on=wrong).status_code == 422
    assert desk.submit(f"/desk/members/{member.id}/born", born_on="1990-05-01").status_code == 303
    assert desk.submit(f"/desk/members/{member.id}/invite").status_code == 200
    assert desk.submit(f"/desk/members/{member.id}/born", born_on="1991-05-01").status_code == 422


# --- parents ---


@pytest.fixture
def kids(here: Here) -> Here:
    return for_children(here)


@pytest.fixture
def kids_desk(kids: Here) -> Browser:
    browser = Browser(kids)
    browser.sign_in()
    return browser


def test_from_naming_a_parent_to_the_childs_own_yes(kids: Here, kids_desk: Browser) -> None:
    member = child(kids, 11)
    page = f"/desk/members/{member.id}"
    fields = {"name": "Annabella Byron", "relation": "parent", "email": "Annabella@Example.org"}
    assert kids_desk.submit(f"{page}/parents", **fields).status_code == 303
    (guardian,) = kids.site.families.of(member.id).guardians
    assert "on its way" in kids_desk.submit(f"{page}/parents/{guardian.id}/letter").text
    link = link_on(kids.mail.letters[0].text)
    visitor = Browser(kids)
    shown = visitor.get(link).text
    assert "Your child and coming in by face" in shown
    assert "checked" not in shown
    assert visitor.post(f"{link}/yes", {"name": "Annabella Byron"}).status_code == 422
    assert visitor.post(f"{link}/yes", {"agree": "yes", "name": " "}).status_code == 422
    assert "consent is recorded" in visitor.post(f"{link}/yes", {"agree": "yes", "name": "A. Byron"}).text
    assert visitor.get(link).status_code == 404, "it works once"
    token = link_on(kids_desk.submit(f"{page}/invite").text)
    asked = visitor.get(token).text
    assert "Now it is your turn" in asked
    assert "I want to come in by face" in asked
    agree(visitor, token)
    with kids.site.store.read() as work:
        consent = work.consents.live_of(member.id)
        kept = {one.notice.audience for one in work.notices.all()}
    assert consent is not None
    assert (consent.giver, consent.guardian) == (Giver.GUARDIAN, "A. Byron")
    assert kept == {Audience.PARENT, Audience.CHILD}


def test_no_parent_agrees_to_words_that_changed_while_they_read(kids: Here) -> None:
    mother = parent(kids, child(kids, 11))
    browser, path = Browser(kids), f"/parent/{kids.site.families.link(mother.id, 'test').rpartition('/')[2]}"
    read = digest_on(browser.get(path).text)
    kids.site.expire.change("passages", 60, "test")
    answer = browser.post(f"{path}/yes", {"agree": "yes", "name": "Annabella", "words": read})
    assert answer.status_code == 409
    again = {"agree": "yes", "name": "Annabella", "words": digest_on(answer.text)}
    done = browser.post(f"{path}/yes", again)
    assert done.status_code == 200
    assert 'href="/me"' in done.text, "taking it back is one link away, too (Art. 7(3))"


def test_what_a_parent_signed_is_what_was_printed(kids: Here, kids_desk: Browser) -> None:
    member = child(kids, 11)
    mother = parent(kids, member)
    kids_desk.submit(f"/desk/members/{member.id}/parents/{mother.id}/paper")
    printed = kids.site.notices.current(Audience.PARENT)
    kids.site.expire.change("passages", 60, "test")
    assert kids.site.notices.current(Audience.PARENT) != printed
    kids.site.families.record(mother.id, Said.CONSENTED, Channel.PAPER, "test")
    assert kids.site.families.of(member.id).words[-1].notice_sha256 == printed.sha256


def test_a_childs_no_is_kept_and_may_become_a_yes(kids: Here) -> None:
    member = child(kids, 15)
    link, visitor = f"/enrol/{kids.site.enrol.invite(member.id, 'test')}", Browser(kids)
    assert "That is fine" in visitor.post(f"{link}/no").text
    _, decision = kids.site.may_enrol.of(member.id)
    assert getattr(decision, "reason", None) is WhyNot.CHILD_REFUSES
    assert visitor.get(link).status_code == 404, "and nobody goes on asking by that link"


def test_an_objection_at_the_desk_withdraws(kids: Here, kids_desk: Browser) -> None:
    member = child(kids, 11)
    mother = parent(kids, member)
    consents(kids, mother)
    enrol(kids, member)
    page = f"/desk/members/{member.id}/parents/{mother.id}"
    assert "its key destroyed" in kids_desk.submit(f"{page}/said", said="objected").text
    assert not is_enrolled(kids, member)
    assert "A parent or guardian objects" in kids_desk.get(f"/desk/members/{member.id}/enrol").text


def test_an_objection_by_the_link_withdraws(kids: Here) -> None:
    member = child(kids, 11)
    mother = parent(kids, member)
    consents(kids, mother)
    enrol(kids, member)
    link = link_on(kids.site.families.link(mother.id, "test"))
    assert "comes in by card" in Browser(kids).post(f"{link}/no").text
    assert not is_enrolled(kids, member)


@pytest.mark.parametrize(
    "fields",
    [{"said": "sung"}, {"said": "excused"}, {"said": "excused", "excuse": "bored"}, {}, {"said": "agreed"}],
    ids=["no such word", "no reason", "no such reason", "nothing", "a child's word"],
)
def test_what_a_parent_cannot_have_said(kids: Here, kids_desk: Browser, fields: dict[str, str]) -> None:
    member = child(kids, 11)
    page = f"/desk/members/{member.id}/parents/{parent(kids, member).id}"
    assert kids_desk.submit(f"{page}/said", **fields).status_code == 422
    assert kids.site.families.of(member.id).words == []


def test_a_parent_of_another_member_is_not_found(kids: Here, kids_desk: Browser) -> None:
    mine, other = child(kids, 11), child(kids, 12, who=2)
    page = f"/desk/members/{mine.id}/parents/{parent(kids, other).id}"
    for what in ("letter", "paper", "said"):
        assert kids_desk.submit(f"{page}/{what}", said="objected").status_code == 404


def test_a_notice_on_paper_is_a_notification(kids: Here, kids_desk: Browser) -> None:
    member = child(kids, 15, group="Year 10")
    mother = parent(kids, member)
    page = kids_desk.submit(f"/desk/members/{member.id}/parents/{mother.id}/paper").text
    assert "Signature and date" in page
    assert "Protection of Freedoms Act 2012" in page
    _, decision = kids.site.may_enrol.of(member.id)
    assert getattr(decision, "reason", None) is WhyNot.PARENT_HAS_NOT_CONSENTED


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "A", "relation": "aunt"}, {"name": "A", "relation": "parent", "email": "no"}],
    ids=["no name", "no such relation", "no address"],
)
def test_a_parent_that_cannot_be_keeps_what_was_typed(
    kids: Here, kids_desk: Browser, fields: dict[str, str]
) -> None:
    answer = kids_desk.submit(f"/desk/members/{child(kids, 11).id}/parents", **fields)
    assert answer.status_code == 422
    if fields["name"]:
        assert f'value="{fields["name"]}"' in answer.text


# --- the kiosk ---


def test_a_kiosk_takes_a_code_and_leads_back(here: Here, member: Member) -> None:
    kiosk = Browser(here)
    kiosk.pair()
    assert "/kiosk/main/enrol" in kiosk.get("/kiosk/main").text
    assert kiosk.get("/kiosk/main/enrol").headers["refresh"] == "60; url=/kiosk/main"
    code = here.site.invite.for_a_kiosk(member.id, "test").code
    link = kiosk.post("/kiosk/main/enrol", {"code": str(code)}).headers["location"]
    page = kiosk.get(link)
    assert page.headers["refresh"].endswith("/kiosk/main")
    assert 'href="/kiosk/main"' in page.text
    agree(kiosk, link)
    with kiosk.line(f"{link}/ws") as line:
        take(line, 1, 3)
        line.ask("finish")
        line.hear("done")
    with here.site.store.read() as work:
        consent = work.consents.live_of(member.id)
    assert consent is not None
    assert consent.channel is Channel.KIOSK


def test_a_screen_that_is_not_paired_takes_no_code(here: Here, member: Member) -> None:
    code = str(here.site.invite.for_a_kiosk(member.id, "test").code)
    answer = Browser(here).post("/kiosk/main/enrol", {"code": code})
    assert answer.headers["location"] == "/kiosk/main"
    assert here.site.invite.take_up(here.lane, code)


def test_codes_cannot_be_tried_out(here: Here, member: Member) -> None:
    kiosk = Browser(here)
    kiosk.pair()
    code = str(here.site.invite.for_a_kiosk(member.id, "test").code)
    for n in range(5):
        assert kiosk.post("/kiosk/main/enrol", {"code": f"{n:08}"}).status_code == 422
    assert kiosk.post("/kiosk/main/enrol", {"code": code}).status_code == 429
    here.clock.advance(901)
    assert kiosk.post("/kiosk/main/enrol", {"code": code}).status_code == 422, "run out meanwhile"


# --- what waits ---


def test_the_page_of_what_waits(kids: Here, kids_desk: Browser) -> None:
    assert "Nobody is waiting" in kids_desk.get("/console/enrolments").text
    waits, told = child(kids, 15, email="a@example.org"), child(kids, 11, who=2)
    parent(kids, told)
    kids.site.enrol.invite(waits.id, "test")
    page = kids_desk.get("/console/enrolments").text
    for words in ("Invited", "Children who wait for a parent", "must consent first", "Send"):
        assert words in page
    kids.clock.advance(8 * 24 * 3600)
    kids_desk.sign_in()
    assert "Ran out on" in kids_desk.get("/console/enrolments").text
    with kids.site.store.read() as work:
        seen = [one for one in work.audit.entries() if one.detail.get("what") == "enrolments waiting"]
    assert {one.subject for one in seen} == {str(waits.id), str(told.id)}
