"""Requests for information as they lie in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import foi_request
from stile.domain.errors import Conflict, NotFound
from stile.domain.foi import EXEMPTIONS, Refusal, State, Step, Taken
from stile.domain.foi_desk.draft import Citation, Held, Sentence
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.request import Channel, DraftedAnswer, DraftVersion, FoiRequest, Requester
from stile.domain.ids import FoiRequestId
from stile.domain.retention import Subject
from tests.adapters.conftest import Place

TEXT = "1. Do you use facial recognition?\n2. Where?"
NOW, DAY = datetime(2026, 6, 1, 9, tzinfo=UTC), date(2026, 6, 1)


def a_request(n: int = 1) -> FoiRequest:
    return FoiRequest(
        FoiRequestId(UUID(int=n)),
        f"FOI-2026-{n:04}",
        DAY,
        Channel.EMAIL,
        Requester("Ada Lovelace", "ada@example.org"),
        TEXT,
        Regime.FOI,
        tuple(split(TEXT)),
        NOW,
    )


def kept(store: SqlStore, request: FoiRequest) -> FoiRequest:
    with store.begin() as work:
        work.foi.add(request)
        work.commit()
    return request


def test_a_request_comes_back_as_it_was_with_what_was_told(store: SqlStore) -> None:
    request = kept(store, a_request())
    request = request.go(Step.ACCEPT, DAY, "an officer")
    request = request.go(Step.ASK, DAY, "an officer", "Which building – “pool” or “hall”?")
    request = request.go(Step.CLARIFIED, DAY, "an officer", "Do you use facial recognition in the pool?")
    with store.begin() as work:
        work.foi.save(request)
        work.commit()
    with store.read() as work:
        found = work.foi.get(request.id)
        assert found == replace(request, version=2)
        assert work.foi.by_ref(request.ref) == found
        assert work.foi.all() == [found]
    assert found is not None
    assert [one.text for one in found.questions] == ["Do you use facial recognition in the pool?"]
    assert found.text == TEXT
    assert found.state is State.VALID


def test_two_officers_do_not_overwrite_each_other(store: SqlStore) -> None:
    request = kept(store, a_request())
    with store.begin() as work:
        work.foi.save(request.go(Step.ACCEPT, DAY))
        work.commit()
    with pytest.raises(Conflict, match="meanwhile"), store.begin() as work:
        work.foi.save(request.go(Step.TURN_BACK, DAY))
    with pytest.raises(NotFound), store.begin() as work:
        work.foi.save(a_request(2))
    with pytest.raises(Conflict, match="already"), store.begin() as work:
        work.foi.add(replace(a_request(3), ref=request.ref))


def test_an_answer_comes_back_sentence_by_sentence(store: SqlStore) -> None:
    request = kept(store, a_request())
    cited = (Citation("register", DAY), Citation(str(UUID(int=7)), DAY))
    refusal = Refusal(next(one for one in EXEMPTIONS if one.qualified), "Because.", "It weighs more.")
    answers = (
        DraftedAnswer(
            1,
            "Yes. No.",
            Held.HELD,
            cited,
            said=(Sentence("Yes.", cited[:1]), Sentence("No.", cited[1:], False)),
        ),
        DraftedAnswer(2, "", Held.NOT_MATCHED, (), refusal),
    )
    version = DraftVersion(request.id, 1, NOW, "draft", answers)
    with store.begin() as work:
        work.foi.add_version(version)
        work.commit()
    with store.read() as work:
        assert work.foi.versions(request.id) == [version]
    with pytest.raises(Conflict, match="meanwhile"), store.begin() as work:
        work.foi.add_version(version)


def test_steps_that_were_kept_before_they_said_by_whom_are_still_read(store: SqlStore, place: Place) -> None:
    request = kept(store, a_request())
    with place.stranger() as tool:
        tool.execute(update(foi_request).values(taken='[["accept as valid (s. 8)", "2026-06-01"]]'))
    with store.read() as work:
        found = work.foi.get(request.id)
    assert found is not None
    assert found.taken == (Taken(Step.ACCEPT, DAY),)


def test_lists_are_what_they_say(store: SqlStore) -> None:
    first, second, third = (
        kept(store, replace(a_request(n), received=date(2026, 6, n), text=f"Where is door {n}? 100% sure"))
        for n in (1, 2, 3)
    )
    with store.begin() as work:
        work.foi.save(second.go(Step.WITHDRAW, date(2026, 6, 5)))
        work.commit()
    with store.read() as work:
        assert [one.ref for one in work.foi.at_work(9)] == [first.ref, third.ref]
        assert [one.ref for one in work.foi.at_work(1)] == [first.ref]
        assert [one.ref for one in work.foi.over(10)] == [second.ref]
        assert [one.ref for one in work.foi.latest(2)] == [third.ref, second.ref]
        found = work.foi.same(third.received, third.requester, third.text)
        assert found is not None
        assert found.ref == third.ref
        for day, who, text in (
            (first.received, third.requester, third.text),
            (third.received, Requester("another"), third.text),
            (third.received, third.requester, "Why?"),
        ):
            assert work.foi.same(day, who, text) is None
        assert [one.ref for one in work.foi.at_work(9, ["DOOR", "3"])] == [third.ref]
        assert [one.ref for one in work.foi.at_work(9, ["foi-2026-0001"])] == [first.ref]
        assert len(work.foi.at_work(9, ["100%"])) == 2
        assert work.foi.at_work(9, ["1_0%"]) == []
        assert work.foi.over(10, ["nothing"]) == []


def test_who_asked_goes_with_the_request_also_where_nobody_closed_it(store: SqlStore) -> None:
    answered = a_request(1)
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT, Step.CHECK, Step.CLEAR, Step.SEND):
        answered = answered.go(step, DAY, "an officer", "a note")
    kept(store, answered)
    still_open = kept(store, a_request(2))
    with store.begin() as work:
        work.foi.add_version(DraftVersion(answered.id, 1, NOW, "draft", ()))
        work.commit()
    with store.begin() as work:
        assert work.retention.sweep(Subject.FOI, NOW - timedelta(days=1), 10).gone == 0
        gone = work.retention.sweep(Subject.FOI, NOW + timedelta(days=1), 10)
        work.commit()
    assert gone.gone == 1
    with store.read() as work:
        assert work.foi.all() == [still_open]
        assert work.foi.versions(answered.id) == []
