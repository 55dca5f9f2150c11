"""Papers of answers and the disclosure log, on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from stile.adapters.sealed_file import LONGEST_LINE
from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import foi_disclosed, foi_let_through, foi_paper
from stile.domain.errors import NotFound, WrongValue
from stile.domain.foi import State
from stile.domain.foi_desk.disclosure_log import Disclosed, DisclosedAnswer, DisclosedPaper
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.papers import LARGEST, Paper, digest, kind_of
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.redaction import Concealed, Finding, LetThrough, Sensitive
from stile.domain.foi_desk.request import Channel, DraftedAnswer, DraftVersion, FoiRequest, Requester
from stile.domain.ids import FoiRequestId, PaperId
from stile.domain.retention import Subject
from tests.adapters.builders import LATER, NOW
from tests.adapters.conftest import Place

DAY = date(2020, 2, 10)
ABOUT = Finding(Sensitive.EMAIL, "column A", "a@b.example", 3)


def a_request(ref: str = "FOI-2020-0001", **more: Any) -> FoiRequest:
    text = "Do you?"
    asked = FoiRequest(
        FoiRequestId(uuid7()),
        ref,
        DAY,
        Channel.EMAIL,
        Requester("Ada", "a@b.example"),
        text,
        Regime.FOI,
        tuple(split(text)),
        NOW,
    )
    return replace(asked, **more)


def a_paper(request: FoiRequest, name: str = "table.csv", content: bytes = b"a,b") -> Paper:
    return Paper(
        PaperId(uuid7()),
        request.id,
        name,
        kind_of(name),
        digest(content),
        len(content),
        NOW,
        "officer",
        (ABOUT, Finding(Concealed.ROWS, "sheet", "2 rows")),
    )


def an_entry(ref: str = "FOI-2020-0001", **more: Any) -> Disclosed:
    answer = DisclosedAnswer(1, "Do you?", Held.HELD, "No.")
    papers = (DisclosedPaper("table.csv", digest(b"a,b")),)
    return replace(Disclosed(ref, DAY, DAY, DAY, Regime.FOI, "Facial recognition", (answer,), papers), **more)


def test_a_paper_comes_back_as_it_went_in(store: SqlStore) -> None:
    request = a_request()
    first, second = a_paper(request), a_paper(request, "map.pdf", b"%PDF")
    with store.begin() as work:
        work.foi.add(request)
        work.foi_papers.add(first, b"a,b")
        work.foi_papers.add(replace(second, made_from=first.id), b"%PDF")
        work.commit()
    with store.begin() as work:
        work.foi_papers.save(replace(first, set_aside=True, found=()))
        work.commit()
    with store.read() as work:
        assert work.foi_papers.of(request.id) == [
            replace(first, set_aside=True, found=()),
            replace(second, made_from=first.id),
        ]
        assert work.foi_papers.content(first.id) == b"a,b"
    with store.begin() as work:
        work.foi_papers.remove(first.id)
        work.commit()
    with store.read() as work:
        assert work.foi_papers.get(first.id) is None
        with pytest.raises(NotFound):
            work.foi_papers.content(first.id)


def test_versions_of_many_requests(store: SqlStore) -> None:
    asked = [a_request(f"R-{n}") for n in range(1_100)]  # more than one statement asks for
    with store.begin() as work:
        for one in asked:
            work.foi.add(one)
        for one in (asked[0], asked[0], asked[-1]):
            n = len(work.foi.versions(one.id)) + 1
            answers = (DraftedAnswer(1, "No.", Held.HELD, ()),)
            work.foi.add_version(DraftVersion(one.id, n, NOW, "draft", answers))
        work.commit()
    with store.read() as work:
        found = [(one.request, one.n) for one in work.foi.versions_of([one.id for one in asked])]
        assert found == [(asked[0].id, 1), (asked[0].id, 2), (asked[-1].id, 1)]
        assert list(work.foi.versions_of([])) == []


def test_a_paper_belongs_to_a_request(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(NotFound, match="no such request"):
        work.foi_papers.add(a_paper(a_request()), b"a,b")


def test_the_last_decision_about_the_same_thing_counts(store: SqlStore) -> None:
    request = a_request()
    first = LetThrough(
        request.id, "letter", ABOUT.key, ABOUT.what, "1", "It is the press office's.", "officer", NOW
    )
    with store.begin() as work:
        work.foi.add(request)
        work.foi_papers.let_through(first)
        work.foi_papers.let_through(replace(first, reason="It is published.", at=LATER))
        work.foi_papers.let_through(replace(first, of="f" * 64))
        work.commit()
    with store.read() as work:
        reasons = [(one.of, one.reason) for one in work.foi_papers.passed(request.id)]
    assert reasons == [("f" * 64, first.reason), ("letter", "It is published.")]


def test_an_entry_of_the_log_is_published_changed_and_withdrawn(store: SqlStore) -> None:
    with store.begin() as work:
        work.disclosure_log.publish(an_entry(), [b"a,b"])
        work.disclosure_log.publish(an_entry(title="Faces"), [b"a,b"])
        work.disclosure_log.publish(
            an_entry("other", answered=date(2020, 3, 1), published_on=date(2020, 3, 2)), [b"c"]
        )
        work.commit()
    with store.read() as work:
        assert work.disclosure_log.get("FOI-2020-0001") == an_entry(title="Faces")
        assert work.disclosure_log.content("FOI-2020-0001", "table.csv") == b"a,b"
        assert work.disclosure_log.content("FOI-2020-0001", "other.csv") is None
        assert [one.ref for one in work.disclosure_log.page(1)] == ["other"]
        assert [one.ref for one in work.disclosure_log.page(5, after=1)] == ["FOI-2020-0001"]
        assert work.disclosure_log.count() == 2
    with store.begin() as work:
        assert work.disclosure_log.withdraw("other")
        assert not work.disclosure_log.withdraw("nothing")
        work.commit()
    with store.read() as work:
        assert work.disclosure_log.get("other") is None


def test_papers_go_with_their_request_and_what_was_published_stays(store: SqlStore, place: Place) -> None:
    request = a_request(state=State.CLOSED)
    let = LetThrough(request.id, "letter", ABOUT.key, ABOUT.what, "1", "It is published.", "officer", NOW)
    with store.begin() as work:
        work.foi.add(request)
        work.foi_papers.add(a_paper(request), b"a,b")
        work.foi_papers.let_through(let)
        work.disclosure_log.publish(an_entry(), [b"a,b"])
        work.commit()
    with store.begin() as work:
        assert work.retention.sweep(Subject.FOI, NOW, 10).gone == 1
        work.commit()
    with place.stranger() as tool:
        counts = [
            tool.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (foi_paper, foi_let_through, foi_disclosed)
        ]
    assert counts == [0, 0, 1]


def test_the_largest_paper_fits_into_a_backup() -> None:
    assert LARGEST * 4 / 3 + 1_000_000 < LONGEST_LINE


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0}, {"sha256": "F"}, {"name": "a/b.csv"}, {"name": "a.pdf"}, {"name": "a.exe"}],
)
def test_what_is_no_paper_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongValue):
        replace(a_paper(a_request()), **wrong)
