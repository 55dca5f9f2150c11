"""The disclosure log holds what was asked and answered, and nothing of who asked; the e-mail goes through the gate."""

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from stile.adapters.documents.papers.reader import HerePaperReader
from stile.application.answer_foi import Incoming
from stile.application.foi.disclosing import PAGE, Wording
from stile.application.foi.papers import FoiPapers
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.foi import EXEMPTIONS, Refusal, State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.redaction import LETTER, Sensitive
from stile.domain.foi_desk.request import Requester
from stile.domain.retention import RULES, Subject
from tests.conftest import Here

ADA = Requester("Ada Byron", "ada@b.example")
TEXT = "1. How many came in by face?\n2. What did it cost?"
PUBLIC = Wording("People who came in by face", {})


def drafted(here: Here, text: str = TEXT, who: Requester = ADA, **more: Any) -> str:
    desk = here.site.answer_foi
    asked = desk.log(Incoming(text, here.clock.today(), requester=who, **more), "test")
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        desk.take(asked.ref, step, "test")
    version = desk.draft(asked.ref, "test")
    desk.edit(asked.ref, {one.n: ("1,200.", Held.HELD) for one in version.answers}, "test", after=1)
    return asked.ref


def send(here: Here, ref: str) -> None:
    for step in (Step.CHECK, Step.CLEAR, Step.SEND):
        here.site.answer_foi.take(ref, step, "test")


@pytest.fixture
def papers(here: Here) -> FoiPapers:
    site = here.site
    return FoiPapers(site.store, site.clock, site.chance, HerePaperReader(), lambda: ())


def test_an_answer_is_published_and_its_request_is_logged(here: Here, papers: FoiPapers) -> None:
    ref = drafted(here)
    papers.add(ref, "table.csv", b"Centre,Attempts\nPool,1", "officer")
    aside = papers.add(ref, "draft.csv", b"Centre\nPool", "officer")
    papers.set_aside(ref, aside.id, "officer")
    refusal = Refusal(
        next(one for one in EXEMPTIONS if one.name == "s. 43(2)"), "It shows prices.", "It weighs more."
    )
    here.site.answer_foi.refuse(ref, 2, refusal, "test", after=2)
    send(here, ref)
    entry = here.site.disclosing.publish(ref, PUBLIC, "officer")
    assert here.site.disclosing.get(ref) == entry
    assert (entry.title, [one.question for one in entry.answers]) == (
        "People who came in by face",
        ["How many came in by face?", "What did it cost?"],
    )
    assert (entry.answers[0].text, entry.answers[0].refused) == ("1,200.", "")
    assert entry.answers[1].text == "", "what is refused does not stand in the log"
    assert entry.answers[1].refused == (
        "Withheld under s. 43(2): commercial interests. It shows prices. On the public interest: It weighs more."
    )
    assert [one.name for one in entry.papers] == ["table.csv"]
    assert here.site.disclosing.paper(ref, "table.csv") == b"Centre,Attempts\nPool,1"
    assert here.site.answer_foi.get(ref).state is State.LOGGED
    with here.site.store.read() as work:
        [told] = [one for one in work.audit.entries() if one.event is Event.FOI_DISCLOSED]
    assert told.detail == {"ref": ref, "papers": 1}


@pytest.mark.parametrize(
    ("wording", "where"),
    [
        (Wording("What Ada Byron asked", {}), "title"),
        (Wording("Faces", {1: "Please answer to ada@b.example: how many?"}), "question 1"),
        (Wording("Faces", {2: "Call me on 020 7946 0958"}), "question 2"),
    ],
)
def test_words_that_tell_who_asked_are_not_published(here: Here, wording: Wording, where: str) -> None:
    ref = drafted(here)
    send(here, ref)
    assert [one.where for one in here.site.disclosing.check(ref, wording)] == [where]
    with pytest.raises(NotAllowed, match=f"Not published: .* in {where}"):
        here.site.disclosing.publish(ref, wording, "officer")
    with pytest.raises(NotFound):
        here.site.disclosing.get(ref)
    assert here.site.answer_foi.get(ref).state is State.SENT


def test_what_was_let_through_in_the_letter_may_be_read_by_everybody(here: Here) -> None:
    ref = drafted(here)
    version = here.site.answer_foi.versions(ref)[-1]
    here.site.answer_foi.edit(ref, {1: ("Ask press@d.example.", Held.HELD)}, "test", after=version.n)
    [found] = here.site.foi_gate.look(ref).letter
    assert found.what is Sensitive.EMAIL
    here.site.foi_gate.let_through(ref, LETTER, found.key, "It is the press office's.", "officer")
    send(here, ref)
    assert here.site.disclosing.publish(ref, PUBLIC, "officer").answers[0].text == "Ask press@d.example."


def test_what_is_never_or_not_yet_published(here: Here) -> None:
    publish = here.site.disclosing.publish
    with pytest.raises(NotAllowed, match="not been answered"):
        publish(drafted(here), PUBLIC, "officer")
    own = drafted(here, "What do you hold about me?", regime=Regime.SUBJECT_ACCESS)
    send(here, own)
    with pytest.raises(NotAllowed, match="own data"):
        publish(own, PUBLIC, "officer")
    ref = drafted(here)
    send(here, ref)
    for wrong in (Wording("", {}), Wording("x" * 121, {}), Wording("Faces", {1: " "})):
        with pytest.raises(WrongValue):
            publish(ref, wrong, "officer")
    here.site.answer_foi.take(ref, Step.ASK_REVIEW, "test")
    with pytest.raises(NotAllowed, match="under review"):
        publish(ref, PUBLIC, "officer")


def test_the_log_stays_when_the_request_goes(here: Here, papers: FoiPapers) -> None:
    ref = drafted(here)
    papers.add(ref, "table.csv", b"Centre,Attempts\nPool,1", "officer")
    send(here, ref)
    here.site.disclosing.publish(ref, PUBLIC, "officer")
    here.site.answer_foi.take(ref, Step.CLOSE, "test")
    here.clock.advance(timedelta(days=RULES[Subject.FOI].days + 2).total_seconds())
    list(here.site.expire.run())
    with pytest.raises(NotFound):
        here.site.answer_foi.get(ref)
    assert here.site.disclosing.get(ref).title == "People who came in by face"
    assert here.site.disclosing.paper(ref, "table.csv").startswith(b"Centre")


def test_it_is_withdrawn_and_read_in_pages(here: Here) -> None:
    refs = [drafted(here, "What?") for _ in range(2)]
    for ref in refs:
        send(here, ref)
        here.site.disclosing.publish(ref, Wording("Faces", {}), "officer")
    assert (here.site.disclosing.page().count, PAGE) == (2, 50)
    assert here.site.disclosing.page(2).entries == []
    here.site.disclosing.withdraw(refs[0], "officer")
    assert [one.ref for one in here.site.disclosing.page().entries] == [refs[1]]
    with pytest.raises(NotFound):
        here.site.disclosing.withdraw(refs[0], "officer")


def test_the_proposed_wording_is_what_came_in_and_then_what_is_published(here: Here) -> None:
    ref = drafted(here, "How many " + "people " * 30 + "came in?")
    proposed = here.site.disclosing.proposed(ref)
    assert len(proposed.title) <= 120
    assert proposed.title.endswith("…")
    send(here, ref)
    here.site.disclosing.publish(ref, Wording("Faces", {1: "How many?"}, papers=False), "officer")
    assert here.site.disclosing.proposed(ref) == Wording("Faces", {1: "How many?"}, papers=False)


def test_words_of_a_review_that_nobody_approved_go_nowhere(here: Here) -> None:
    """One officer alone: a review is asked for, the words are changed, and a complaint ends the review."""
    ref = drafted(here)
    send(here, ref)
    desk = here.site.answer_foi
    desk.take(ref, Step.ASK_REVIEW, "officer")
    desk.edit(ref, {1: ("Nobody approved this.", Held.HELD)}, "officer", after=2)
    for step in (None, Step.COMPLAIN, Step.DECIDE, Step.CLOSE):
        if step:
            desk.take(ref, step, "officer")
        with pytest.raises(NotAllowed, match="under review"):
            here.site.disclosing.publish(ref, PUBLIC, "officer")
        with pytest.raises(NotAllowed, match="under review"):
            here.site.foi_email.make(ref, "officer")
    desk.take(ref, Step.ASK_REVIEW, "officer")
    desk.take(ref, Step.REVIEWED, "approver")
    assert here.site.disclosing.publish(ref, PUBLIC, "officer").answers[0].text == "Nobody approved this."


# --- the e-mail ----------------------------------------------------------------------------------------------------


def test_an_email_holds_the_whole_letter_and_its_papers(here: Here, papers: FoiPapers) -> None:
    ref = drafted(here)
    papers.add(ref, "Zahlen für alle.csv", b"Centre,Attempts\nPool,1", "officer")
    with pytest.raises(NotAllowed, match="not been approved"):
        here.site.foi_email.make(ref, "officer")
    send(here, ref)
    message = message_from_bytes(here.site.foi_email.make(ref, "officer"), policy=policy.default)
    assert (message["to"], message["x-unsent"], message["date"]) == ("Ada Byron <ada@b.example>", "1", None)
    body = message.get_body(("plain",))
    assert body is not None
    words = body.get_content()
    assert "1. 1,200." in words
    assert "YOUR RIGHTS" in words
    letter, paper = message.iter_attachments()
    assert (letter.get_content_type(), letter.get_content()[:5]) == ("application/pdf", b"%PDF-")
    assert paper.get_filename() == "Zahlen für alle.csv"
    assert paper.get_payload(decode=True) == b"Centre,Attempts\nPool,1"


def test_no_email_while_something_is_open_or_without_an_address(here: Here, papers: FoiPapers) -> None:
    ref = drafted(here)
    paper = papers.add(ref, "people.csv", b"Surname\nByron", "officer")
    with pytest.raises(NotAllowed, match="people"):
        here.site.foi_email.make(ref, "officer")
    papers.remove(ref, paper.id, "officer")
    for odd in ("4 Mill Lane", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "a@[`-{:'.cd"):
        other = drafted(here, who=Requester("Ada\r\nBcc: c@d.example", odd))
        send(here, other)
        with pytest.raises(WrongValue, match=r"e-mail address|mail can go to"):
            here.site.foi_email.make(other, "officer")


def test_a_name_adds_no_header(here: Here) -> None:
    ref = drafted(here, who=Requester("Ada\r\nBcc: c@d.example", "ada@b.example"))
    send(here, ref)
    message = message_from_bytes(here.site.foi_email.make(ref, "officer"), policy=policy.default)
    assert message["bcc"] is None
    assert str(message["to"]).endswith("<ada@b.example>")


# --- statistics ------------------------------------------------------------------------------------------------------


def test_quarters_that_are_over_are_published_from_the_first_with_a_request(here: Here) -> None:
    statistics = here.site.foi_statistics
    send(here, drafted(here))
    assert statistics.published() == [], "this quarter is not over"
    here.clock.advance(timedelta(days=70).total_seconds())
    [quarter] = statistics.published()
    assert (quarter.name, quarter.received, quarter.granted_in_full) == ("2026 Q4", 1, 1)
    assert here.site.publish.account().handled == (quarter,)
    assert statistics.published() is statistics.published(), "counted once an hour"
    here.clock.advance(3_601)
    assert statistics.published() == [quarter]
