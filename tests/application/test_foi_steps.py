"""What each step of a request needs, who may let an answer go, and what a requester is told."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from stile.application.answer_foi import AnswerFoi, Incoming
from stile.application.foi.steps import FoiSteps, is_email
from stile.domain.audit import Event
from stile.domain.errors import CannotSend, NotAllowed, WrongValue
from stile.domain.foi import EXEMPTIONS, Refusal, State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.letter import Sender
from stile.domain.foi_desk.notices import About
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.redaction import LETTER
from stile.domain.foi_desk.request import FoiRequest, Requester
from tests.conftest import Here

TEXT = "1. Do you use facial recognition?\n2. What colour are the doors?"
ADA = Requester("Ada Lovelace", "ada@example.org")
BLUE = {1: ("No.", Held.HELD), 2: ("Blue.", Held.HELD)}


@pytest.fixture
def desk(here: Here) -> AnswerFoi:
    return here.site.answer_foi


@pytest.fixture
def steps(here: Here) -> FoiSteps:
    return here.site.foi_steps


@pytest.fixture
def asked(here: Here) -> FoiRequest:
    return here.site.answer_foi.log(Incoming(TEXT, here.clock.today(), requester=ADA), "test")


def drafted(here: Here, asked: FoiRequest, by: str = "officer") -> None:
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        here.site.foi_steps.take(asked.ref, step, by)
    here.site.answer_foi.draft(asked.ref, by)


def to_approval(here: Here, asked: FoiRequest) -> None:
    drafted(here, asked)
    here.site.answer_foi.edit(asked.ref, BLUE, "officer", 1)
    for step in (Step.CHECK, Step.CLEAR):
        here.site.foi_steps.take(asked.ref, step, "officer")


def test_nothing_is_checked_before_there_is_a_draft(steps: FoiSteps, asked: FoiRequest) -> None:
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        steps.take(asked.ref, step, "officer")
    with pytest.raises(NotAllowed, match="draft the answer"):
        steps.take(asked.ref, Step.CHECK, "officer")


def test_nothing_goes_to_approval_while_a_question_is_open_or_something_must_come_out(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    drafted(here, asked)
    steps.take(asked.ref, Step.CHECK, "officer")
    with pytest.raises(NotAllowed, match="question 2"):
        steps.take(asked.ref, Step.CLEAR, "officer")
    steps.take(asked.ref, Step.FOUND, "officer", note="Question 2 has no answer.")
    desk.edit(asked.ref, BLUE | {2: ("Ask j.smith@council.example.", Held.HELD)}, "officer", 1)
    steps.take(asked.ref, Step.CHECK, "officer")
    with pytest.raises(NotAllowed, match="e-mail address"):
        steps.take(asked.ref, Step.CLEAR, "officer")
    assert desk.get(asked.ref).state is State.REDACTION


def test_whoever_wrote_it_does_not_approve_it(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    to_approval(here, asked)
    assert steps.writers(desk.get(asked.ref)) == {"officer"}
    with pytest.raises(NotAllowed, match="Somebody else"):
        steps.take(asked.ref, Step.SEND, "officer")
    sent = steps.take(asked.ref, Step.SEND, "approver")
    assert sent.state is State.SENT
    assert sent.taken[-1].note == "Version 2."
    assert sent.taken[-1].by == "approver"


def test_nor_does_whoever_put_a_paper_to_it_or_let_something_through(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    """What goes out is papers too, and a decision that personal data may go is the one to be looked at again."""
    drafted(here, asked)
    desk.edit(asked.ref, BLUE | {2: ("Write to press@council.example.", Held.HELD)}, "officer", 1)
    here.site.foi_papers.add(asked.ref, "doors.txt", b"Blue.", "a second")
    [found] = here.site.foi_gate.look(asked.ref).letter
    here.site.foi_gate.let_through(asked.ref, LETTER, found.key, "It is the press office's.", "a third")
    for step in (Step.CHECK, Step.CLEAR):
        steps.take(asked.ref, step, "officer")
    assert steps.writers(desk.get(asked.ref)) == {"officer", "a second", "a third"}
    for actor in ("a second", "a third"):
        with pytest.raises(NotAllowed, match="Somebody else"):
            steps.take(asked.ref, Step.SEND, actor)
    assert steps.take(asked.ref, Step.SEND, "approver").state is State.SENT


def test_where_nobody_else_is_the_setting_says_so(here: Here, desk: AnswerFoi, asked: FoiRequest) -> None:
    to_approval(here, asked)
    site = here.site
    alone = FoiSteps(site.store, site.clock, site.mail, desk, site.foi_letters, lambda: Sender("", ""), False)
    assert alone.take(asked.ref, Step.SEND, "officer").state is State.SENT


def test_what_is_approved_stays_as_it_was_approved(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    to_approval(here, asked)
    changes: tuple[Callable[[], object], ...] = (
        lambda: desk.edit(asked.ref, {1: ("Yes.", Held.HELD)}, "officer", 2),
        lambda: desk.refuse(asked.ref, 1, None, "officer", 2),
        lambda: desk.draft(asked.ref, "officer"),
    )
    for change in changes:
        with pytest.raises(NotAllowed, match="Return it"):
            change()
    steps.take(asked.ref, Step.RETURN, "approver", note="Say which doors.")
    assert desk.edit(asked.ref, {2: ("The front door is blue.", Held.HELD)}, "officer", 2).n == 3
    for step, by in ((Step.CHECK, "officer"), (Step.CLEAR, "officer"), (Step.SEND, "approver")):
        steps.take(asked.ref, step, by)
    with pytest.raises(NotAllowed, match="has gone"):
        desk.edit(asked.ref, {1: ("Yes.", Held.HELD)}, "officer", 3)
    letter = here.site.foi_letters.make(asked.ref)
    here.clock.advance(3 * 86_400)
    assert here.site.foi_letters.make(asked.ref).on == letter.on, "a letter keeps the day on which it went"


def test_a_clarified_request_asks_its_new_questions_and_its_clock_begins_anew(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    steps.take(asked.ref, Step.ACCEPT, "officer")
    steps.tell(asked.ref, About.CLARIFICATION, "A question", "Which doors do you mean?", "officer", False)
    here.clock.advance(5 * 86_400)
    today = here.clock.today()
    clarified = steps.take(
        asked.ref, Step.CLARIFIED, "officer", note="What colour are the doors of the pool?"
    )
    assert [one.text for one in clarified.questions] == ["What colour are the doors of the pool?"]
    assert desk.due(clarified).received == today
    steps.take(asked.ref, Step.SEARCH, "officer")
    steps.take(asked.ref, Step.DRAFT, "officer")
    assert [one.n for one in desk.draft(asked.ref, "officer").answers] == [1]


def test_a_letter_is_not_made_of_answers_to_other_questions(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    desk.draft(asked.ref, "officer")
    steps.take(asked.ref, Step.ACCEPT, "officer")
    steps.tell(asked.ref, About.CLARIFICATION, "A question", "Which?", "officer", False)
    steps.take(asked.ref, Step.CLARIFIED, "officer", note="What colour are the doors?")
    with pytest.raises(NotAllowed, match="questions changed"):
        here.site.foi_letters.make(asked.ref)


# --- telling -----------------------------------------------------------------------------------------------------


def test_a_step_of_telling_is_not_taken_in_silence(steps: FoiSteps, asked: FoiRequest) -> None:
    with pytest.raises(WrongValue, match="what they were told"):
        steps.take(asked.ref, Step.TURN_BACK, "officer")
    with pytest.raises(WrongValue, match="square brackets"):
        steps.tell(asked.ref, About.NOT_VALID, "s", "Missing: [what]", "officer", False)
    with pytest.raises(WrongValue, match="subject and words"):
        steps.tell(asked.ref, About.NOT_VALID, "", "Your name.", "officer", False)
    with pytest.raises(WrongValue, match="cannot go on"):
        steps.tell(asked.ref, About.FEES, "s", "£5", "officer", False)


def test_it_is_sent_and_then_noted_and_not_noted_when_it_could_not_be_sent(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    here.mail.refuses = True
    with pytest.raises(CannotSend):
        steps.tell(asked.ref, About.NOT_VALID, "Yours", "Please give a name.", "officer", True)
    assert desk.get(asked.ref).state is State.RECEIVED
    here.mail.refuses = False
    told = steps.tell(asked.ref, About.NOT_VALID, "Yours", "Please give a name.", "officer", True)
    assert told.state is State.NOT_VALID
    assert told.taken[-1].note == "Please give a name."
    [letter] = here.mail.letters
    assert (letter.to, letter.subject) == ("ada@example.org", "Yours")
    with here.site.store.read() as work:
        entries = [str(one) for one in work.audit.entries() if one.event in (Event.FOI_TOLD, Event.FOI_STEP)]
    assert len(entries) == 2
    assert not any(words in one for one in entries for words in ("Lovelace", "ada@", "give a name"))


def test_an_extension_names_the_day_that_it_leads_to(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    drafted(here, asked)
    written = steps.write(desk.get(asked.ref), About.EXTENSION)
    extended = steps.tell(
        asked.ref,
        About.EXTENSION,
        written.subject,
        _named(written.text, "section 43(2): it would show prices"),
        "officer",
        False,
    )
    due = desk.due(extended)
    assert due.days == 40
    assert f"{due.due.day} {due.due:%B %Y}" in written.text


def test_it_lapses_only_when_their_time_is_over(here: Here, steps: FoiSteps, asked: FoiRequest) -> None:
    steps.take(asked.ref, Step.ACCEPT, "officer")
    steps.tell(asked.ref, About.FEES, "A fee", "£9.20, please.", "officer", False)
    charged = here.clock.today()
    with pytest.raises(NotAllowed, match="They have until"):
        steps.take(asked.ref, Step.NO_ANSWER, "officer")
    while here.clock.today() < charged + timedelta(days=93):
        here.clock.advance(86_400)
    assert steps.take(asked.ref, Step.NO_ANSWER, "officer").state is State.LAPSED


def test_a_step_is_not_taken_on_a_day_to_come(here: Here, steps: FoiSteps, asked: FoiRequest) -> None:
    with pytest.raises(WrongValue, match="day to come"):
        steps.take(asked.ref, Step.ACCEPT, "officer", on=date(2999, 1, 1))


def test_a_review_is_answered_by_somebody_else_within_its_days(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    to_approval(here, asked)
    steps.take(asked.ref, Step.SEND, "approver")
    steps.take(asked.ref, Step.ASK_REVIEW, "officer", note="Which doors?")
    due = desk.review_due(desk.get(asked.ref))
    assert due is not None
    assert due.days == 20
    steps.tell(asked.ref, About.REVIEW_LONGER, "More time", "It is complex: many doors.", "officer", False)
    longer = desk.review_due(desk.get(asked.ref))
    assert longer is not None
    assert longer.days == 40
    with pytest.raises(NotAllowed, match="Somebody else"):
        steps.tell(asked.ref, About.REVIEW_OUTCOME, "Outcome", "It stands.", "officer", False)
    assert (
        steps.tell(asked.ref, About.REVIEW_OUTCOME, "Outcome", "It stands.", "a third", False).state
        is State.CLOSED
    )
    assert desk.review_due(desk.get(asked.ref)) is None


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("ada@example.org", True),
        (" ada@example.org ", True),
        ("1 High Street", False),
        ("ada@localhost", False),
        ("ada@example.org, eve@example.org", False),
        ("ada@example.org\r\nBcc: eve@example.org", False),
        ("<ada@example.org>", False),
        ("@example.org", False),
    ],
)
def test_mail_goes_to_one_address_and_nothing_else(address: str, is_one: bool) -> None:
    assert is_email(address) is is_one


# --- the public form ---------------------------------------------------------------------------------------------


def test_the_public_form_gives_a_reference_and_the_same_one_for_the_same_words(here: Here) -> None:
    intake = here.site.foi_intake
    first, new = intake.receive(" Ada  Lovelace", "ada@example.org", TEXT)
    assert new
    assert first.requester == ADA
    again, new = intake.receive("Ada Lovelace", "ada@example.org", f"{TEXT}\n")
    assert (again, new) == (first, False)
    other, new = intake.receive("Grace", "grace@example.org", TEXT)
    assert new
    assert other.ref != first.ref
    here.clock.advance(86_400)
    assert intake.receive("Ada Lovelace", "ada@example.org", TEXT)[1], "another day, another request"


def test_the_acknowledgement_goes_once_and_repeats_nothing(
    here: Here, desk: AnswerFoi, steps: FoiSteps
) -> None:
    asked, _ = here.site.foi_intake.receive("Buy pills", "victim@example.org", "Buy at pills.example now?")
    assert steps.acknowledge(asked.ref, "web form")
    assert not steps.acknowledge(asked.ref, "web form")
    [letter] = here.mail.letters
    assert letter.to == "victim@example.org"
    assert asked.ref in letter.subject
    assert "pills" not in f"{letter.subject} {letter.text}".lower()
    assert desk.get(asked.ref).taken[-1].step is Step.ACKNOWLEDGE
    by_post, _ = here.site.foi_intake.receive("Grace", "1 High Street, Townford", "Where?")
    assert not steps.acknowledge(by_post.ref, "web form")


def test_who_asks_is_corrected_and_the_audit_log_does_not_say_who(
    here: Here, desk: AnswerFoi, asked: FoiRequest
) -> None:
    amended = desk.amend(asked.ref, Requester("Augusta King", "king@example.org"), Regime.EIR, "officer")
    assert desk.get(asked.ref) == amended
    assert amended.regime is Regime.EIR
    assert desk.amend(asked.ref, amended.requester, Regime.EIR, "officer") == amended
    with here.site.store.read() as work:
        entries = [one for one in work.audit.entries() if one.event is Event.FOI_AMENDED]
    assert len(entries) == 1
    assert not any(name in str(entries[0]) for name in ("Augusta", "king@"))


def test_a_reference_that_is_taken_is_passed_over(here: Here, desk: AnswerFoi) -> None:
    year = here.clock.today().year
    desk.log(Incoming(TEXT, here.clock.today(), ref=f"FOI-{year}-0002"), "test")
    assert desk.log(Incoming(TEXT, here.clock.today()), "test").ref == f"FOI-{year}-0003"


def test_it_is_published_where_its_words_are_looked_over_or_closed_without(
    here: Here, steps: FoiSteps, asked: FoiRequest
) -> None:
    to_approval(here, asked)
    steps.take(asked.ref, Step.SEND, "approver")
    with pytest.raises(NotAllowed, match="looked over"):
        steps.take(asked.ref, Step.LOG, "officer")
    assert steps.take(asked.ref, Step.CLOSE, "officer").state is State.CLOSED


def test_a_request_without_a_question_makes_no_letter(here: Here, desk: AnswerFoi) -> None:
    asked = desk.log(Incoming("Kind regards", here.clock.today()), "test")
    desk.draft(asked.ref, "officer")
    with pytest.raises(NotAllowed, match="no question"):
        here.site.foi_letters.make(asked.ref)


def test_no_page_and_no_command_takes_a_step_past_what_it_needs() -> None:
    entrypoints = (Path(__file__).parents[2] / "src" / "stile" / "entrypoints").rglob("*.py")
    past = [one.name for one in entrypoints if re.search(r"answer_foi\s*\.take\(", one.read_text())]
    assert past == []


def test_nothing_goes_before_it_is_said_whether_it_is_held(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    drafted(here, asked)
    desk.edit(asked.ref, {2: ("Blue.", Held.NOT_MATCHED)}, "officer", 1)
    steps.take(asked.ref, Step.CHECK, "officer")
    with pytest.raises(NotAllowed, match="whether it is held"):
        steps.take(asked.ref, Step.CLEAR, "officer")


def test_another_law_is_not_refused_by_this_acts_exemptions(
    here: Here, desk: AnswerFoi, asked: FoiRequest
) -> None:
    drafted(here, asked)
    desk.edit(asked.ref, BLUE, "officer", 1)
    refusal = Refusal(next(one for one in EXEMPTIONS if one.name == "s. 12(1)"), "Twenty hours.")
    desk.refuse(asked.ref, 1, refusal, "officer", 2)
    here.site.foi_letters.make(asked.ref)
    desk.amend(asked.ref, ADA, Regime.EIR, "officer")
    with pytest.raises(NotAllowed, match="handled under it"):
        here.site.foi_letters.make(asked.ref)
    with pytest.raises(NotAllowed, match="another law"):
        desk.refuse(asked.ref, 2, refusal, "officer", 3)
    assert desk.refuse(asked.ref, 1, None, "officer", 3).answers[0].refusal is None


def _named(text: str, exemption: str) -> str:
    """The notice, with what stands in brackets filled in."""
    return re.sub(r"\[[^]]*\]", exemption, text)


@pytest.mark.parametrize(
    "exemption", ["section 40(2): it names somebody", "section 12: too much work", "s. 21"]
)
def test_there_is_more_time_only_to_weigh_a_qualified_exemption(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest, exemption: str
) -> None:
    drafted(here, asked)
    words = _named(steps.write(desk.get(asked.ref), About.EXTENSION).text, exemption)
    with pytest.raises(NotAllowed, match="qualified exemption"):
        steps.tell(asked.ref, About.EXTENSION, "More time", words, "officer", False)
    with pytest.raises(NotAllowed, match="qualified exemption"):
        steps.take(asked.ref, Step.WEIGH, "officer", note=words)
    assert desk.due(desk.get(asked.ref)).days == 20


def test_more_time_is_taken_once(here: Here, steps: FoiSteps, asked: FoiRequest) -> None:
    drafted(here, asked)
    for step, note in ((Step.WEIGH, "s. 43(2)"), (Step.WEIGHED, "")):
        steps.take(asked.ref, step, "officer", note=note)
    with pytest.raises(NotAllowed, match="already"):
        steps.take(asked.ref, Step.WEIGH, "officer", note="s. 43(2)")


def test_what_takes_time_is_told_within_the_time(
    here: Here, desk: AnswerFoi, steps: FoiSteps, asked: FoiRequest
) -> None:
    steps.take(asked.ref, Step.ACCEPT, "officer")
    steps.take(asked.ref, Step.SEARCH, "officer")
    desk.amend(asked.ref, ADA, Regime.EIR, "officer")
    with pytest.raises(NotAllowed, match="Environmental"):
        steps.tell(asked.ref, About.FEES, "A fee", "£9.20, please.", "officer", False)
    desk.amend(asked.ref, ADA, Regime.FOI, "officer")
    here.clock.advance(40 * 86_400)
    with pytest.raises(NotAllowed, match="ended on"):
        steps.tell(asked.ref, About.FEES, "A fee", "£9.20, please.", "officer", False)
    steps.take(asked.ref, Step.DRAFT, "officer")
    with pytest.raises(NotAllowed, match="ended on"):
        steps.take(asked.ref, Step.WEIGH, "officer", note="s. 43(2)")
