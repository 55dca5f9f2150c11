"""The pages of requests for information: from what came in to what goes out."""

import re
from collections.abc import Sequence
from dataclasses import replace
from email.message import EmailMessage

import pytest

from stile.adapters.storage import foi as storage
from stile.application.answer_foi import Incoming
from stile.config import FoiDesk
from stile.domain.foi import State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Question, Regime, split
from stile.domain.foi_desk.request import Channel, FoiRequest, Requester
from stile.domain.roles import Role
from stile.entrypoints.web.views import foi as views
from tests.conftest import Here
from tests.web_client import NAME, Browser, hidden

TEXT = "1. Do you use facial recognition?\n2. Where and when?\n3. What colour are the doors?"
ADA = Requester("Ada Lovelace", "ada@example.org")


@pytest.fixture
def browser(here: Here) -> Browser:
    made = Browser(here)
    made.sign_in()
    return made


@pytest.fixture
def asked(here: Here) -> FoiRequest:
    return here.site.answer_foi.log(Incoming(TEXT, here.clock.today(), requester=ADA), "test")


def at(request: FoiRequest) -> str:
    return f"/console/foi/{request.id}"


def now(here: Here, request: FoiRequest) -> FoiRequest:
    return here.site.answer_foi.get(request.ref)


def to_drafting(here: Here, request: FoiRequest, by: str = "a colleague") -> None:
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        here.site.foi_steps.take(request.ref, step, by)
    here.site.answer_foi.draft(request.ref, by)


def answered(here: Here, request: FoiRequest, by: str = "a colleague") -> None:
    """Every question has an answer, and it waits for approval."""
    to_drafting(here, request, by)
    words = dict.fromkeys((1, 2, 3), ("It is blue.", Held.HELD))
    here.site.answer_foi.edit(request.ref, words, by, 1)
    for step in (Step.CHECK, Step.CLEAR):
        here.site.foi_steps.take(request.ref, step, by)


# --- the list, and logging -------------------------------------------------------------------------------------


def test_it_is_logged_and_found_and_the_list_does_not_say_who_asks(here: Here, browser: Browser) -> None:
    given = {"text": TEXT, "name": "Ada Lovelace", "address": "ada@example.org", "channel": "letter"}
    answer = browser.submit("/console/foi/new", **given)
    assert answer.status_code == 303
    path = answer.headers["location"]
    page = browser.get(path).text
    assert "Logged. The clock runs." in page
    assert "Do you use facial recognition?" in page
    assert "20 working days after" in page
    [kept] = here.site.answer_foi.all()
    assert (kept.requester, kept.channel) == (ADA, Channel.LETTER)
    listed = browser.get("/console/foi").text
    assert kept.ref in listed
    assert "Ada" not in listed, "everybody is answered alike"
    for q, there in (("colour doors", True), (kept.ref, True), ("trees", False)):
        assert (at(kept) in browser.get("/console/foi", params={"q": q}).text) is there


def test_what_was_typed_is_not_lost(browser: Browser, asked: FoiRequest) -> None:
    for wrong, told in (
        ({"text": " "}, "There is nothing in the request"),
        ({"received": "2999-01-01"}, "A request is not received on a day to come"),
        ({"received": "soon"}, "A date is written like"),
        ({"ref": asked.ref}, "already"),
        ({"ref": "<b>"}, "letters, digits"),
    ):
        page = browser.submit("/console/foi/new", **({"text": TEXT, "name": "Grace"} | wrong))
        assert page.status_code == 422
        [field] = wrong
        beside = re.search(f'id="{field}-wrong">([^<]*)<', page.text)
        assert beside, "it stands beside its field"
        assert told in beside[1]
        assert f'aria-describedby="{field}-wrong"' in page.text
        assert "Grace" in page.text


def test_an_e_mail_fills_the_form_and_logs_nothing_yet(here: Here, browser: Browser) -> None:
    mail = EmailMessage()
    mail["From"] = "Ada Lovelace <ada@example.org>"
    mail["Date"] = here.clock.now()
    mail["Subject"] = "FOI"
    mail.set_content(TEXT)
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="more.pdf")
    csrf = hidden(browser.get("/console/foi/new").text, "csrf")
    files = {"email": ("request.eml", bytes(mail), "message/rfc822")}
    page = browser.post("/console/foi/new", {"csrf": csrf, "read": "yes"}, files=files)
    assert page.status_code == 200
    for words in ("What colour are the doors?", "Ada Lovelace", "ada@example.org", "more.pdf"):
        assert words in page.text
    assert here.site.answer_foi.all() == []
    for name, content in (("x.eml", b"nothing of the kind"), ("y.eml", b"")):
        refused = browser.post(
            "/console/foi/new", {"csrf": csrf, "read": "yes"}, files={"email": (name, content)}
        )
        assert refused.status_code == 422
        assert "not an e-mail" in refused.text
    assert browser.post("/console/foi/new", {"csrf": csrf, "read": "yes"}).status_code == 422


# --- the steps ---------------------------------------------------------------------------------------------------


def test_only_the_steps_that_may_follow_are_offered_and_taken(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    page = browser.get(at(asked)).text
    assert "Accept it" in page
    assert "Approve: it goes" not in page
    refused = browser.submit(f"{at(asked)}/step", step=Step.CHECK.value)
    assert refused.status_code == 422
    assert "cannot go on" in refused.text
    assert browser.submit(f"{at(asked)}/step", step="dance").status_code == 422
    assert browser.submit(f"{at(asked)}/step", step=Step.ACCEPT.value).status_code == 303
    assert now(here, asked).state is State.VALID


def test_the_first_draft_comes_with_its_step_and_each_sentence_leads_into_the_register(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        assert browser.submit(f"{at(asked)}/step", step=step.value).status_code == 303
    [version] = here.site.answer_foi.versions(asked.ref)
    page = browser.get(at(asked)).text
    entries = {one.entry for answer in version.answers for one in answer.citations} - {"register"}
    linked = [one for one in entries if f"/console/register/entries/{one}" in page]
    assert linked
    assert all(browser.get(f"/console/register/entries/{one}").status_code == 200 for one in linked)


def test_an_officer_s_words_are_kept_as_a_version_and_seen_to_rest_on_nothing(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    to_drafting(here, asked)
    form = browser.get(f"{at(asked)}/answer").text
    assert "What colour are the doors?" in form
    [first] = here.site.answer_foi.versions(asked.ref)
    fields = {f"text-{one.n}": one.text for one in first.answers}
    fields |= {f"held-{one.n}": one.held.value for one in first.answers}
    changed = fields | {"after": "1", "text-3": "They are <b>blue</b>.", "held-3": "held"}
    assert browser.submit(f"{at(asked)}/answer", **changed).headers["location"].endswith("said=saved")
    page = browser.get(at(asked)).text
    assert '<span class="words foi-own">They are &lt;b&gt;blue&lt;/b&gt;.</span>' in page
    versions = browser.get(f"{at(asked)}/versions").text
    assert "<ins>They are &lt;b&gt;blue&lt;/b&gt;.</ins>" in versions
    assert "<ins>held</ins>" in versions
    same = browser.submit(f"{at(asked)}/answer", **(changed | {"after": "2"}))
    assert same.headers["location"].endswith("said=same")
    back = browser.submit(f"{at(asked)}/versions", n="1", after="2")
    assert back.headers["location"].endswith("said=restored")
    [one, _, three] = here.site.answer_foi.versions(asked.ref)
    assert (three.n, three.answers) == (3, one.answers)
    assert browser.submit(f"{at(asked)}/versions", n="1", after="2").status_code == 409
    assert browser.submit(f"{at(asked)}/versions", n="9", after="3").status_code == 404


def test_two_officers_at_once_lose_nothing(here: Here, browser: Browser, asked: FoiRequest) -> None:
    to_drafting(here, asked)
    here.site.answer_foi.edit(asked.ref, {3: ("Green.", Held.HELD)}, "another", 1)
    mine = {"after": "1", "text-3": "Blue.", "held-3": "held"}
    page = browser.submit(f"{at(asked)}/answer", **mine)
    assert page.status_code == 409
    for words in ("meanwhile", "Blue.", "Green.", 'name="after" value="2"'):
        assert words in page.text
    assert browser.submit(f"{at(asked)}/answer", **(mine | {"after": "2"})).status_code == 303


def test_a_refusal_is_built_in_two_steps_and_taken_back(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    to_drafting(here, asked)
    path = f"{at(asked)}/answer/3/refuse"
    assert "The public interest" not in browser.get(path, params={"exemption": "s. 12(1)"}).text
    assert "The public interest" in browser.get(path, params={"exemption": "s. 43(2)"}).text
    bare = browser.submit(path, exemption="s. 43(2)", why="Prices.", balance=" ", after="1")
    assert bare.status_code == 422
    assert "weighs the public interest" in bare.text
    assert "Prices." in bare.text
    assert browser.submit(path, exemption="s. 99", why="x", after="1").status_code == 422
    for lacks, given in (
        ("why", {"why": " ", "balance": "Competition."}),
        ("balance", {"why": "Prices.", "balance": " "}),
    ):
        page = browser.submit(path, exemption="s. 43(2)", after="1", **given).text
        assert re.findall(r'aria-invalid="true" aria-describedby="([a-z]+)-wrong"', page) == [lacks]
    done = browser.submit(path, exemption="s. 43(2)", why="Prices.", balance="Competition.", after="1")
    assert done.status_code == 303
    assert "Refused: s. 43(2)" in browser.get(at(asked)).text
    assert "We withhold this under s. 43(2)" in browser.get(f"{at(asked)}/letter").text
    every = browser.submit(path, exemption="s. 12(1)", why="19 hours.", every="yes", after="2")
    assert every.status_code == 303
    assert all(one.refusal for one in here.site.answer_foi.versions(asked.ref)[-1].answers)
    assert browser.submit(path, take_back="yes", after="3").status_code == 303
    assert here.site.answer_foi.versions(asked.ref)[-1].answers[2].refusal is None
    assert browser.get(f"{at(asked)}/answer/9/refuse").status_code == 404
    here.site.answer_foi.amend(asked.ref, ADA, Regime.EIR, "test")
    assert "reg. 12" in browser.get(path).text
    other = browser.submit(path, exemption="s. 12(1)", why="19 hours.", after="4")
    assert other.status_code == 422
    assert "do not apply" in other.text


def test_a_requester_is_told_by_e_mail_and_it_is_noted(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    here.site.foi_steps.take(asked.ref, Step.ACCEPT, "test")
    form = browser.get(f"{at(asked)}/tell/clarification").text
    assert "Send to ada@example.org" in form
    left = browser.submit(f"{at(asked)}/tell/clarification", subject="S", text="Which [doors]?", how="e-mail")
    assert left.status_code == 422
    assert "square brackets" in left.text
    assert "Which [doors]?" in left.text
    sent = browser.submit(f"{at(asked)}/tell/clarification", subject="S", text="Which doors?", how="e-mail")
    assert sent.headers["location"].endswith("said=sent")
    assert [one.text for one in here.mail.letters] == ["Which doors?"]
    page = browser.get(at(asked)).text
    assert "Theirs to act" in page
    assert "Which doors?" in page
    assert browser.get(f"{at(asked)}/tell/extension").status_code == 404
    assert browser.get(f"{at(asked)}/tell/dance").status_code == 404
    new = browser.submit(
        f"{at(asked)}/step", step=Step.CLARIFIED.value, note="What colour are the pool’s doors?"
    )
    assert new.status_code == 303
    assert [one.text for one in now(here, asked).questions] == ["What colour are the pool’s doors?"]


def test_a_mail_server_that_refuses_changes_nothing(here: Here, browser: Browser, asked: FoiRequest) -> None:
    here.mail.refuses = True
    answer = browser.submit(
        f"{at(asked)}/tell/acknowledgement", subject="S", text="We have it.", how="e-mail"
    )
    assert answer.status_code == 422
    assert now(here, asked).taken == ()
    noted = browser.submit(f"{at(asked)}/tell/acknowledgement", subject="S", text="By post.", how="otherwise")
    assert noted.status_code == 303
    assert now(here, asked).taken[-1].note == "By post."


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"locating": "2"}, "Nothing to pay"),
        ({"locating": "2", "copies": "6.20", "postage": "3"}, "£9.20"),
        ({"locating": "19"}, "s. 12(1)"),
        ({"determining": "19"}, "s. 12(2)"),
    ],
    ids=["nothing", "a fee", "over", "over to tell"],
)
def test_what_it_costs(browser: Browser, asked: FoiRequest, given: dict[str, str], told: str) -> None:
    page = browser.get(f"{at(asked)}/fee", params=given)
    assert page.status_code == 200
    assert told in page.text


def test_a_fee_stands_in_its_notice(here: Here, browser: Browser, asked: FoiRequest) -> None:
    here.site.foi_steps.take(asked.ref, Step.ACCEPT, "test")
    page = browser.get(f"{at(asked)}/fee", params={"copies": "6.20"}).text
    link = page.split('href="')[-1] if "tell/fees" not in page else page.split("/tell/fees")[1].split('"')[0]
    notice = browser.get(f"{at(asked)}/tell/fees{link.replace('&amp;', '&')}").text
    assert "£6.20 (copies or printing £6.20)" in notice
    for wrong in ("many", "-1", "nan", "1e9"):
        answer = browser.get(f"{at(asked)}/fee", params={"copies": wrong})
        assert answer.status_code == 422
        assert "a number from 0" in answer.text


# --- approval ------------------------------------------------------------------------------------------------------


def test_an_answer_goes_by_somebody_who_wrote_none_of_it(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    answered(here, asked)
    assert browser.submit(f"{at(asked)}/step", step=Step.SEND.value).status_code == 403
    assert now(here, asked).state is State.APPROVAL
    page = browser.get(at(asked)).text
    assert "Approve: it goes" in page
    assert browser.submit(f"{at(asked)}/approve", step=Step.LOG.value).status_code == 422
    assert browser.submit(f"{at(asked)}/approve", step=Step.SEND.value).status_code == 303
    assert now(here, asked).state is State.SENT
    page = browser.get(at(asked)).text
    assert "Answered in time" in page
    until = here.site.answer_foi.review_until(here.clock.today())
    assert f"review until {until.day} {until:%B %Y}" in page


def test_the_outcome_of_a_review_is_told_by_whoever_approves(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    answered(here, asked)
    here.site.foi_steps.take(asked.ref, Step.SEND, "an approver")
    here.site.foi_steps.take(asked.ref, Step.ASK_REVIEW, "a colleague")
    refused = browser.submit(f"{at(asked)}/step", step=Step.REVIEWED.value, note="It stands.")
    assert refused.status_code == 403
    assert now(here, asked).state is State.INTERNAL_REVIEW


def test_a_writer_is_told_that_somebody_else_approves(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    me = str(here.site.accounts.by_name(NAME).id)
    answered(here, asked, by=me)
    assert "somebody else approves it" in browser.get(at(asked)).text
    refused = browser.submit(f"{at(asked)}/approve", step=Step.SEND.value)
    assert refused.status_code == 403
    assert "Somebody else approves" in refused.text
    back = browser.submit(f"{at(asked)}/approve", step=Step.RETURN.value, note="Once more.")
    assert back.status_code == 303
    assert now(here, asked).state is State.DRAFTING


@pytest.mark.parametrize(
    ("role", "sees", "handles", "approves"),
    [
        (Role.INFORMATION, True, True, False),
        (Role.MANAGER, True, False, True),
        (Role.DATA_PROTECTION, True, True, True),
        (Role.AUDITOR, False, False, False),
        (Role.RECEPTION, False, False, False),
    ],
)
def test_who_sees_handles_and_approves(role: Role, sees: bool, handles: bool, approves: bool) -> None:
    from stile.domain.roles import Permission, may

    found = [may({role}, one) for one in (Permission.SEE_FOI, Permission.HANDLE_FOI, Permission.APPROVE_FOI)]
    assert found == [sees, handles, approves]


# --- the letter -----------------------------------------------------------------------------------------------------


def test_the_letter_is_held_and_then_taken_away(here: Here, browser: Browser, asked: FoiRequest) -> None:
    assert browser.get(f"{at(asked)}/letter").status_code == 404
    to_drafting(here, asked)
    page = browser.get(f"{at(asked)}/letter").text
    assert "no answer yet to question 3" in page
    assert browser.get(f"{at(asked)}/letter/html").status_code == 403
    here.site.answer_foi.edit(asked.ref, {3: ("Ask j.smith@council.example.", Held.HELD)}, "test", 1)
    assert "e-mail address" in browser.get(f"{at(asked)}/letter").text
    here.site.answer_foi.edit(asked.ref, {3: ("Blue.", Held.HELD)}, "test", 2)
    html = browser.get(f"{at(asked)}/letter/html")
    assert html.status_code == 200
    assert "attachment" in html.headers["content-disposition"]
    assert "Blue." in html.text
    assert browser.get(f"{at(asked)}/letter/docx").content[:2] == b"PK"
    assert browser.get(f"{at(asked)}/letter/exe").status_code == 404


def test_a_reference_leads_there_too_and_what_is_not_there_says_so(
    browser: Browser, asked: FoiRequest
) -> None:
    assert browser.get(f"/console/foi/{asked.ref}").status_code == 200
    for key in ("FOI-1999-0001", "00000000-0000-0000-0000-000000000000"):
        assert browser.get(f"/console/foi/{key}").status_code == 404


# --- the public form ------------------------------------------------------------------------------------------------


def ask(browser: Browser, **more: str) -> str:
    given = {"name": "Ada Lovelace", "address": "ada@example.org", "text": TEXT} | more
    answer = browser.post("/transparency/ask", given)
    assert answer.status_code == 200, answer.text
    assert "set-cookie" not in answer.headers
    return str(answer.text)


def test_what_the_form_lacks_is_told_first_and_the_cursor_is_there(here: Here) -> None:
    """For whoever hears the page: its title says it, and the first field that lacks something is where they are."""
    stranger = Browser(here)
    assert "autofocus" not in stranger.get("/transparency/ask").text
    page = stranger.post("/transparency/ask", {"name": " ", "address": " ", "text": TEXT}).text
    assert "<title>Not sent: Ask for information" in page
    assert re.findall(r'<(?:input|textarea) name="(\w+)"[^>]* autofocus', page) == ["name"]
    page = stranger.post("/transparency/ask", {"name": " ", "address": "x", "text": " "}).text
    assert re.findall(r'<(?:input|textarea) name="(\w+)"[^>]* autofocus', page) == ["text"]


def test_anybody_asks_and_has_a_reference_and_a_day(here: Here) -> None:
    stranger = Browser(here)
    form = stranger.get("/transparency/ask")
    assert form.status_code == 200
    assert "set-cookie" not in form.headers
    page = ask(stranger)
    for one in (form.text, page):
        assert '<span class="wordmark">Test Operator</span>' in one, "who asks sees whom they ask"
    [kept] = here.site.answer_foi.all()
    due = here.site.answer_foi.due(kept).due
    assert kept.channel is Channel.FORM
    for words in (kept.ref, f"{due.day} {due:%B %Y}", "What colour are the doors?"):
        assert words in page
    [letter] = here.mail.letters
    assert letter.to == "ada@example.org"
    assert "colour" not in letter.text
    assert kept.ref in ask(stranger), "the page loaded again logs nothing twice"
    assert len(here.site.answer_foi.all()) == 1
    assert len(here.mail.letters) == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", " ", "your name"),
        ("address", "", "where the answer can go"),
        ("text", "", "describe the information"),
        ("text", "Kind regards", "describe the information"),
        ("text", "x" * 20_001, "20,000 characters"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(here: Here, field: str, value: str, told: str) -> None:
    stranger = Browser(here)
    given = {"name": "Ada Lovelace", "address": "ada@example.org", "text": TEXT} | {field: value}
    page = stranger.post("/transparency/ask", given)
    assert page.status_code == 422
    assert told in page.text
    assert f'aria-describedby="problem-{field}"' in page.text
    assert all(words in page.text for name, words in given.items() if name not in (field, "text"))
    assert here.site.answer_foi.all() == []


def test_a_flood_is_stopped_and_nothing_typed_is_lost(here: Here) -> None:
    stranger = Browser(here)
    for n in range(6):
        ask(stranger, text=f"Where is door {n}?")
    page = stranger.post("/transparency/ask", {"name": "Ada", "address": "x", "text": "Where is door 7?"})
    assert page.status_code == 429
    assert "Where is door 7?" in page.text
    assert len(here.site.answer_foi.all()) == 6
    assert len(here.mail.letters) == 3, "one mailbox is not filled by whoever types it into a form"
    here.clock.advance(3601)
    ask(stranger, text="Where is door 7?")


def test_a_flood_makes_neither_the_form_nor_the_list_slow(
    here: Here, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in before is not read through for each that comes, and of what is at work the oldest are listed."""
    ask(browser, text="Where is the door?")
    read: list[str] = []

    def counted(text: str) -> Sequence[Question]:
        read.append(text)
        return split(text)

    monkeypatch.setattr(storage, "split", counted)
    ask(browser, text="Where is the gate?")
    assert "Where is the door?" not in read
    monkeypatch.setattr(views, "AT_WORK", 1)
    page = browser.get("/console/foi").text
    assert "Where is the door?" in page
    assert "Where is the gate?" not in page
    assert "There are newer ones" in page
    assert "Where is the gate?" in browser.get("/console/foi", params={"q": "gate"}).text


def test_a_mail_server_that_refuses_does_not_lose_a_request_nor_tell_the_log_who_asks(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    here.mail.refuses = True
    with caplog.at_level("DEBUG"):
        ask(Browser(here), text="Where\0 is it?")
    [kept] = here.site.answer_foi.all()
    assert kept.taken == ()
    assert kept.text == "Where is it?"
    assert not any(name in caplog.text for name in ("Ada", "ada@example.org"))


def test_where_the_form_is_off_the_page_says_where_to_write(here: Here) -> None:
    desk = FoiDesk(public_form=False, email="foi@council.example")
    settings = here.site.settings.model_copy(update={"foi": desk})
    stranger = Browser(replace(here, site=replace(here.site, settings=settings)))
    page = stranger.get("/transparency/ask").text
    assert "foi@council.example" in page
    assert "<form" not in page
    assert stranger.post("/transparency/ask", {"name": "A", "address": "b", "text": "c?"}).status_code == 404
    assert here.site.answer_foi.all() == []
