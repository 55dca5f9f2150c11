"""Papers of answers, decisions about what is in them, and the disclosure log."""

import json
from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import NotFound
from stile.domain.foi_desk.disclosure_log import Disclosed, DisclosedAnswer, DisclosedPaper
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.papers import Paper, PaperKind
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.redaction import Concealed, Finding, LetThrough, Sensitive
from stile.domain.ids import FoiRequestId, PaperId

paper, passed = tables.foi_paper, tables.foi_let_through
disclosed, published = tables.foi_disclosed, tables.foi_disclosed_paper
WHAT: dict[str, Sensitive | Concealed] = {one.name: one for one in (*Sensitive, *Concealed)}


class SqlFoiPapers:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, paper: Paper, content: bytes) -> None:
        values = {
            "id": paper.id,
            "request": paper.request,
            "name": paper.name,
            "kind": paper.kind,
            "sha256": paper.sha256,
            "size": paper.size,
            "added_at": paper.added_at,
            "added_by": paper.added_by,
            "found": _kept(paper.found),
            "made_from": paper.made_from,
            "set_aside": paper.set_aside,
            "content": content,
        }
        self._tx.add(
            tables.foi_paper, values, taken="there is such a paper", missing="There is no such request."
        )

    def get(self, id: PaperId) -> Paper | None:
        row = self._tx.one(_without_content().where(paper.c.id == id))
        return None if row is None else _paper(row)

    def of(self, request: FoiRequestId) -> Sequence[Paper]:
        rows = self._tx.all(_without_content().where(paper.c.request == request).order_by(paper.c.id))
        return [_paper(row) for row in rows]

    def content(self, id: PaperId) -> bytes:
        row = self._tx.one(select(paper.c.content).where(paper.c.id == id))
        if row is None:
            raise NotFound("There is no such paper.")
        return bytes(row.content)

    def save(self, paper: Paper) -> None:
        table = tables.foi_paper
        self._tx.run(
            update(table)
            .where(table.c.id == paper.id)
            .values(set_aside=paper.set_aside, found=_kept(paper.found))
        )

    def remove(self, id: PaperId) -> None:
        self._tx.run(delete(paper).where(paper.c.id == id))

    def let_through(self, decision: LetThrough) -> None:
        same = (
            passed.c.request == decision.request,
            passed.c.of == decision.of,
            passed.c.key == decision.key,
        )
        self._tx.run(delete(passed).where(*same))
        values = {
            "request": decision.request,
            "of": decision.of,
            "key": decision.key,
            "what": decision.what.name,
            "where": decision.where,
            "reason": decision.reason,
            "by": decision.by,
            "at": decision.at,
        }
        self._tx.add(passed, values, taken="that was decided already", missing="There is no such request.")

    def passed(self, request: FoiRequestId) -> Sequence[LetThrough]:
        rows = self._tx.all(
            select(passed).where(passed.c.request == request).order_by(passed.c.at, passed.c.key)
        )
        return [
            LetThrough(
                FoiRequestId(row.request),
                row.of,
                row.key,
                WHAT[row.what],
                row.where,
                row.reason,
                row.by,
                row.at,
            )
            for row in rows
        ]


class SqlDisclosureLog:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def publish(self, entry: Disclosed, contents: Sequence[bytes]) -> None:
        self.withdraw(entry.ref)
        values = {
            "ref": entry.ref,
            "published_on": entry.published_on,
            "received": entry.received,
            "answered": entry.answered,
            "regime": entry.regime,
            "title": entry.title,
            "answers": json.dumps(
                [[one.n, one.question, one.held, one.text, one.refused] for one in entry.answers],
                ensure_ascii=False,
            ),
        }
        self._tx.add(disclosed, values, taken="that is published already", missing="")
        for one, content in zip(entry.papers, contents, strict=True):
            row = {"ref": entry.ref, "name": one.name, "sha256": one.sha256, "content": content}
            self._tx.add(published, row, taken=f"“{one.name}” is there twice", missing="")

    def withdraw(self, ref: str) -> bool:
        self._tx.run(delete(published).where(published.c.ref == ref))
        return bool(self._tx.run(delete(disclosed).where(disclosed.c.ref == ref)).rowcount)

    def get(self, ref: str) -> Disclosed | None:
        row = self._tx.one(select(disclosed).where(disclosed.c.ref == ref))
        return None if row is None else _disclosed(row, self._papers([ref]))

    def content(self, ref: str, name: str) -> bytes | None:
        row = self._tx.one(
            select(published.c.content).where(published.c.ref == ref, published.c.name == name)
        )
        return None if row is None else bytes(row.content)

    def count(self) -> int:
        return self._tx.number(select(func.count()).select_from(disclosed))

    def page(self, most: int, after: int = 0) -> Sequence[Disclosed]:
        newest = select(disclosed).order_by(disclosed.c.answered.desc(), disclosed.c.ref.desc())
        rows = self._tx.all(newest.limit(most).offset(after))
        papers = self._papers([row.ref for row in rows])
        return [_disclosed(row, papers) for row in rows]

    def _papers(self, refs: Sequence[str]) -> Sequence[AnyRow]:
        named = select(published.c.ref, published.c.name, published.c.sha256).where(published.c.ref.in_(refs))
        return self._tx.all(named.order_by(published.c.name))


def _without_content() -> Select[tuple[object, ...]]:
    return select(*(column for column in paper.c if column.name != "content"))


def _paper(row: AnyRow) -> Paper:
    return Paper(
        PaperId(row.id),
        FoiRequestId(row.request),
        row.name,
        PaperKind(row.kind),
        row.sha256,
        row.size,
        row.added_at,
        row.added_by,
        tuple(
            Finding(WHAT[what], where, found, times) for what, where, found, times in json.loads(row.found)
        ),
        PaperId(row.made_from) if row.made_from else None,
        row.set_aside,
    )


def _kept(found: Sequence[Finding]) -> str:
    return json.dumps([[one.what.name, one.where, one.found, one.times] for one in found], ensure_ascii=False)


def _disclosed(row: AnyRow, papers: Sequence[AnyRow]) -> Disclosed:
    return Disclosed(
        row.ref,
        row.published_on,
        row.received,
        row.answered,
        Regime(row.regime),
        row.title,
        tuple(
            DisclosedAnswer(n, question, Held(held), text, refused)
            for n, question, held, text, refused in json.loads(row.answers)
        ),
        tuple(DisclosedPaper(one.name, one.sha256) for one in papers if one.ref == row.ref),
    )
