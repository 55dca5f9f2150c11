"""Requests for information. Questions are split anew from the words: the words are what came in."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import Conflict, NotFound
from stile.domain.foi import EXEMPTIONS, Refusal, State, Step, Taken
from stile.domain.foi_desk.draft import Citation, Held, Sentence
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.request import Channel, DraftedAnswer, DraftVersion, FoiRequest, Requester, wording
from stile.domain.ids import FoiRequestId

request, version = tables.foi_request, tables.foi_version
AT_ONCE = 500
"""Requests whose versions are asked for together: SQLite takes so many values in one statement."""
OVER = (State.CLOSED, State.LAPSED)
EXEMPTION = {one.name: one for one in EXEMPTIONS}


class SqlFoiRequests:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, request: FoiRequest) -> None:
        self._tx.add(
            tables.foi_request,
            {"id": request.id, "version": request.version} | _values(request),
            taken=f"there is a request {request.ref} already",
            missing="",
        )

    def save(self, request: FoiRequest) -> None:
        """Raises NotFound for one that was never added, and Conflict as the port says."""
        table = tables.foi_request
        done = self._tx.run(
            update(table)
            .where(table.c.id == request.id, table.c.version == request.version)
            .values(**_values(request), version=request.version + 1)
        )
        if not done.rowcount:
            if self.by_ref(request.ref) is None:
                raise NotFound("There is no such request.")
            raise Conflict("Somebody changed this request meanwhile. Please look again.")

    def get(self, id: FoiRequestId) -> FoiRequest | None:
        row = self._tx.one(select(request).where(request.c.id == id))
        return None if row is None else _request(row)

    def by_ref(self, ref: str) -> FoiRequest | None:
        row = self._tx.one(select(request).where(request.c.ref == ref))
        return None if row is None else _request(row)

    def all(self) -> Sequence[FoiRequest]:
        return self._found()

    def at_work(self, most: int, words: Sequence[str] = ()) -> Sequence[FoiRequest]:
        wanted = select(request).where(request.c.state.not_in(OVER), *_has(words))
        oldest_first = wanted.order_by(request.c.received, request.c.id)
        return [_request(row) for row in self._tx.all(oldest_first.limit(most))]

    def over(self, most: int, words: Sequence[str] = ()) -> Sequence[FoiRequest]:
        return self._found(request.c.state.in_(OVER), *_has(words), most=most)

    def latest(self, most: int) -> Sequence[FoiRequest]:
        return self._found(most=most)

    def same(self, received: date, requester: Requester, text: str) -> FoiRequest | None:
        theirs = (request.c.requester == requester.name, request.c.address == requester.address)
        found = self._found(request.c.received == received, *theirs, request.c.text == text, most=1)
        return next(iter(found), None)

    def _found(self, *where: ColumnElement[bool], most: int | None = None) -> Sequence[FoiRequest]:
        newest_first = select(request).where(*where).order_by(request.c.received.desc(), request.c.id.desc())
        return [_request(row) for row in self._tx.all(newest_first.limit(most))]

    def count_of_year(self, year: int) -> int:
        first, last = request.c.received >= date(year, 1, 1), request.c.received <= date(year, 12, 31)
        return self._tx.number(select(func.count()).select_from(request).where(first, last))

    def add_version(self, version: DraftVersion) -> None:
        self._tx.add(
            tables.foi_version,
            {
                "request": version.request,
                "n": version.n,
                "at": version.at,
                "by": version.by,
                "answers": json.dumps([_answer_kept(one) for one in version.answers], ensure_ascii=False),
            },
            taken="Somebody changed the answer meanwhile. Please look again.",
            missing="There is no such request.",
        )

    def versions(self, request: FoiRequestId) -> Sequence[DraftVersion]:
        rows = self._tx.all(select(version).where(version.c.request == request).order_by(version.c.n))
        return [_version(row) for row in rows]

    def versions_of(self, requests: Sequence[FoiRequestId]) -> Iterator[DraftVersion]:
        for first in range(0, len(requests), AT_ONCE):
            some = requests[first : first + AT_ONCE]
            wanted = select(version).where(version.c.request.in_(some))
            for row in self._tx.stream(wanted.order_by(version.c.request, version.c.n)):
                yield _version(row)


def _version(row: AnyRow) -> DraftVersion:
    answers = tuple(_answer(one) for one in json.loads(row.answers))
    return DraftVersion(FoiRequestId(row.request), row.n, row.at, row.by, answers)


def _has(words: Sequence[str]) -> Sequence[ColumnElement[bool]]:
    text = func.lower(request.c.ref + " " + request.c.text)
    return [text.contains(word.lower(), autoescape=True) for word in words]


def _values(request: FoiRequest) -> dict[str, object]:
    return {
        "ref": request.ref,
        "received": request.received,
        "channel": request.channel,
        "requester": request.requester.name,
        "address": request.requester.address,
        "text": request.text,
        "regime": request.regime,
        "logged_at": request.logged_at,
        "state": request.state,
        "taken": json.dumps(
            [[one.step, one.on.isoformat(), one.by, one.note] for one in request.taken], ensure_ascii=False
        ),
    }


def _taken(step: str, on: str, by: str = "", note: str = "") -> Taken:
    """Rows of before had neither `by` nor `note`."""
    return Taken(Step(step), date.fromisoformat(on), by, note)


def _request(row: AnyRow) -> FoiRequest:
    taken = tuple(_taken(*one) for one in json.loads(row.taken))
    return FoiRequest(
        FoiRequestId(row.id),
        row.ref,
        row.received,
        Channel(row.channel),
        Requester(row.requester, row.address),
        row.text,
        Regime(row.regime),
        tuple(split(wording(row.text, taken))),
        row.logged_at,
        State(row.state),
        taken,
        row.version,
    )


def _answer_kept(one: DraftedAnswer) -> dict[str, Any]:
    refusal = one.refusal
    return {
        "n": one.n,
        "text": one.text,
        "held": one.held,
        "citations": _cited_kept(one.citations),
        "said": [[said.text, _cited_kept(said.citations), said.tells] for said in one.said],
        "refusal": refusal and [refusal.exemption.name, refusal.why, refusal.balance],
    }


def _answer(kept: dict[str, Any]) -> DraftedAnswer:
    refusal = kept["refusal"]
    return DraftedAnswer(
        kept["n"],
        kept["text"],
        Held(kept["held"]),
        _cited(kept["citations"]),
        Refusal(EXEMPTION[refusal[0]], refusal[1], refusal[2]) if refusal else None,
        tuple(Sentence(text, _cited(cited), tells) for text, cited, tells in kept.get("said", ())),
    )


def _cited_kept(citations: Sequence[Citation]) -> list[list[str]]:
    return [[one.entry, one.date.isoformat()] for one in citations]


def _cited(kept: Sequence[Sequence[str]]) -> tuple[Citation, ...]:
    return tuple(Citation(entry, date.fromisoformat(on)) for entry, on in kept)
