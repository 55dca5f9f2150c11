"""An answer is held while something in its letter or its papers must stay inside, and goes when it was dealt with."""

import pytest

from stile.adapters.documents.papers.reader import HerePaperReader
from stile.application.answer_foi import Incoming
from stile.application.foi.papers import FoiPapers
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.foi import Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.papers import PaperKind
from stile.domain.foi_desk.redaction import LETTER, Concealed, Sensitive
from stile.domain.foi_desk.request import Requester
from stile.domain.roles import Role
from tests.adapters.papers.made import workbook
from tests.adapters.papers.test_looking import hidden_sheet
from tests.conftest import Here

ADA = Requester("Ada Byron", "ada@b.example")
TABLE = b"Centre,Attempts\nPool,12\n"


@pytest.fixture
def papers(here: Here) -> FoiPapers:
    """Looks into papers here, not in a process of its own: a second less for each."""
    site = here.site
    return FoiPapers(site.store, site.clock, site.chance, HerePaperReader(), lambda: ("foi@c.example",))


@pytest.fixture
def ref(here: Here) -> str:
    """A request whose answer is drafted and has words for each question."""
    desk = here.site.answer_foi
    asked = desk.log(Incoming("1. How many came in by face?", here.clock.today(), requester=ADA), "test")
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        desk.take(asked.ref, step, "test")
    desk.draft(asked.ref, "test")
    desk.edit(asked.ref, {1: ("They are in the table.", Held.HELD)}, "test", after=1)
    return asked.ref


def edit(here: Here, ref: str, text: str) -> None:
    desk = here.site.answer_foi
    desk.edit(ref, {1: (text, Held.HELD)}, "test", after=desk.versions(ref)[-1].n)


def test_a_letter_that_names_the_requester_is_held_until_it_does_not(here: Here, ref: str) -> None:
    edit(here, ref, "Ada Byron asked before.")
    [found] = here.site.foi_gate.look(ref).letter
    assert (found.what, found.where, found.found) == (Sensitive.REQUESTER, "1", "Ada Byron")
    with pytest.raises(NotAllowed, match="requester's name or address in question 1 of the letter"):
        here.site.foi_letters.make(ref)
    edit(here, ref, "It was asked before.")
    assert here.site.foi_gate.look(ref).open == ()
    assert here.site.foi_letters.make(ref).answers[1].text == "It was asked before."


def test_what_is_let_through_has_a_reason_and_is_audited_without_the_words(here: Here, ref: str) -> None:
    edit(here, ref, "Write to press@d.example.")
    gate = here.site.foi_gate
    [found] = gate.look(ref).letter
    with pytest.raises(WrongValue, match="why it may go out"):
        gate.let_through(ref, LETTER, found.key, "  ", "officer")
    with pytest.raises(NotFound, match="not open any more"):
        gate.let_through(ref, "f" * 64, found.key, "It is published.", "officer")
    gate.let_through(ref, LETTER, found.key, "It is the press office's, and published.", "officer")
    assert gate.look(ref).open == ()
    assert [one.reason for one in gate.look(ref).passed] == ["It is the press office's, and published."]
    here.site.foi_letters.make(ref)
    with here.site.store.read() as work:
        [told] = [one for one in work.audit.entries() if one.event is Event.FOI_LET_THROUGH]
    assert "press" not in str(told)
    assert found.key not in str(told), "from which the words can be found again"
    edit(here, ref, "Write to other@d.example.")
    assert len(gate.look(ref).letter) == 1, "other words are another decision"


def test_a_workbook_never_goes_and_its_clean_copies_do(here: Here, ref: str, papers: FoiPapers) -> None:
    book = papers.add(ref, "C:\\Users\\ada\\figures.xlsx", workbook(hidden_sheet), "officer")
    assert (book.name, book.kind) == ("figures.xlsx", PaperKind.SPREADSHEET)
    assert {one.finding.what for one in here.site.foi_gate.look(ref).open} == {
        Concealed.KIND,
        Concealed.SHEET,
    }
    with pytest.raises(NotAllowed, match=r"goes out as CSV in “figures.xlsx”, and 1 more"):
        here.site.foi_letters.make(ref)
    kind = next(one for one in here.site.foi_gate.look(ref).open if one.finding.what is Concealed.KIND)
    with pytest.raises(WrongValue, match="not let through"):
        here.site.foi_gate.let_through(ref, kind.of, kind.finding.key, "I like it.", "officer")
    [copy] = papers.clean(ref, book.id, "officer")
    assert (copy.name, copy.made_from) == ("figures - Attempts.csv", book.id)
    assert [one.set_aside for one in papers.of(ref)] == [True, False]
    # The names in it are a column about people: that is decided, not taken out by itself.
    with pytest.raises(Conflict):
        papers.clean(ref, book.id, "officer")


def test_personal_data_in_a_paper_holds_it_and_is_decided_by_column(
    here: Here, ref: str, papers: FoiPapers
) -> None:
    rows = "".join(f"Pool,person{n}@b.example\n" for n in range(50))
    paper = papers.add(ref, "contacts.csv", f"Centre,E-mail\n{rows}".encode(), "officer")
    assert [(one.what, one.where, one.times) for one in paper.found] == [
        (Sensitive.EMAIL, "column 2 “E-mail”", 50),
        (Sensitive.COLUMN, "column 2 “E-mail”", 1),
    ]
    for one in here.site.foi_gate.look(ref).open:
        here.site.foi_gate.let_through(ref, one.of, one.finding.key, "All are offices.", "officer")
    assert here.site.foi_gate.look(ref).open == ()
    papers.remove(ref, paper.id, "officer")
    again = papers.add(ref, "contacts.csv", f"Centre,E-mail\n{rows}Dome,x@b.example".encode(), "officer")
    assert len(here.site.foi_gate.look(ref).of(again)) == 2, "another file is looked at anew"


def test_the_organisations_own_address_may_stand_in_a_paper(ref: str, papers: FoiPapers) -> None:
    assert papers.add(ref, "note.txt", b"Write to foi@c.example.", "officer").found == ()


def test_an_officers_name_in_a_paper_is_found(here: Here, ref: str, papers: FoiPapers) -> None:
    here.site.accounts.add(None, "grace.hopper", {Role.RECEPTION})
    [found] = papers.add(ref, "note.txt", b"Counted by Grace Hopper.", "officer").found
    assert (found.what, found.found) == (Sensitive.OFFICER, "Grace Hopper")


def test_papers_stand_still_from_approval_on(here: Here, ref: str, papers: FoiPapers) -> None:
    paper = papers.add(ref, "table.csv", TABLE, "officer")
    desk = here.site.answer_foi
    for step in (Step.CHECK, Step.CLEAR):
        desk.take(ref, step, "test")
    for change in (
        lambda: papers.add(ref, "more.csv", TABLE, "officer"),
        lambda: papers.set_aside(ref, paper.id, "officer"),
        lambda: papers.remove(ref, paper.id, "officer"),
    ):
        with pytest.raises(NotAllowed, match="takes no papers"):
            change()
    assert papers.content(ref, paper.id) == (paper, TABLE)


def test_the_steps_ask_the_gate(here: Here, ref: str, papers: FoiPapers) -> None:
    papers.add(ref, "contacts.csv", b"Surname\nByron", "officer")
    here.site.foi_steps.take(ref, Step.CHECK, "test")
    with pytest.raises(NotAllowed, match=r"a column about people in “contacts.csv”"):
        here.site.foi_steps.take(ref, Step.CLEAR, "test")


def test_a_name_is_given_once_and_what_is_set_aside_does_not_go(
    here: Here, ref: str, papers: FoiPapers
) -> None:
    first = papers.add(ref, "table.csv", TABLE, "officer")
    with pytest.raises(Conflict, match=r"“Table.csv” already"):
        papers.add(ref, "Table.csv", TABLE, "officer")
    papers.set_aside(ref, first.id, "officer")
    papers.add(ref, "table.csv", b"Surname\nByron", "officer")
    with pytest.raises(Conflict, match="already"):
        papers.set_aside(ref, first.id, "officer", aside=False)
    other = here.site.answer_foi.log(Incoming("What?", here.clock.today()), "test")
    with pytest.raises(NotFound, match="no such paper"):
        papers.content(other.ref, first.id)
