"""Papers of an answer come in, are looked into, and go out clean. What is looked at is untrusted, and looking takes
seconds: it happens before a transaction begins, and what was found is kept with the paper.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from stile.domain.audit import Event, Fact
from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.foi_desk.papers import (
    LARGEST,
    LARGEST_TOGETHER,
    MAY_CHANGE,
    MOST,
    Paper,
    digest,
    kind_of,
    safe_name,
)
from stile.domain.foi_desk.redaction import Finding, Known
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.ids import PaperId
from stile.ports import Chance, Clock, PaperReader, Store, UnitOfWork


class FoiPapers:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        chance: Chance,
        reader: PaperReader,
        allowed: Callable[[], Sequence[str]],
    ) -> None:
        self._store, self._clock, self._chance = store, clock, chance
        self._reader, self._allowed = reader, allowed

    def of(self, ref: str) -> Sequence[Paper]:
        """In the order in which they came, those set aside included."""
        with self._store.read() as work:
            return work.foi_papers.of(_only(work, ref).id)

    def content(self, ref: str, id: PaperId) -> tuple[Paper, bytes]:
        """Raises NotFound."""
        with self._store.read() as work:
            paper = _paper(work, _only(work, ref), id)
            return paper, work.foi_papers.content(id)

    def add(self, ref: str, name: str, content: bytes, actor: str) -> Paper:
        """Raises WrongValue for what cannot be looked into or is too large, NotAllowed once the answer went."""
        name = safe_name(name)
        if len(content) > LARGEST:
            raise WrongValue(f"A paper has up to {LARGEST // 1024 // 1024} MB.")
        with self._store.read() as work:
            known = self._known(work, _open(_only(work, ref)))
        found = self._reader.look(name, content, known)
        with self._store.begin() as work:
            request = _open(_only(work, ref))
            paper = self._kept(work, request, name, content, found, actor)
            detail: dict[str, Fact] = {
                "paper": str(paper.id),
                "sha256": paper.sha256,
                "found": len(paper.holds),
            }
            work.audit.append(paper.added_at, Event.FOI_PAPER_ADDED, actor, str(request.id), detail)
            work.commit()
        return paper

    def clean(self, ref: str, id: PaperId, actor: str) -> Sequence[Paper]:
        """Copies that hold only what a reader sees; the paper itself is set aside. Nothing is taken on trust: each
        copy is looked into like any paper."""
        with self._store.read() as work:
            request = _open(_only(work, ref))
            paper, known = _paper(work, request, id), self._known(work, request)
            content = work.foi_papers.content(id)
        made = [
            (safe_name(name), held, self._reader.look(name, held, known))
            for name, held in self._reader.clean(paper.name, content)
        ]
        with self._store.begin() as work:
            request = _open(_only(work, ref))
            paper = _paper(work, request, id)
            if paper.set_aside:
                raise Conflict("That was made meanwhile. Please look again.")
            work.foi_papers.save(replace(paper, set_aside=True))
            copies = [self._kept(work, request, name, held, found, actor, id) for name, held, found in made]
            detail: dict[str, Fact] = {
                "paper": str(id),
                "copies": len(copies),
                "found": sum(len(one.holds) for one in copies),
            }
            work.audit.append(self._clock.now(), Event.FOI_PAPER_CLEANED, actor, str(request.id), detail)
            work.commit()
        return copies

    def set_aside(self, ref: str, id: PaperId, actor: str, aside: bool = True) -> Paper:
        """It stays with the request and does not go out; or it goes out again."""
        with self._store.begin() as work:
            request = _open(_only(work, ref))
            paper = replace(_paper(work, request, id), set_aside=aside)
            if not aside:
                self._fits(work, request, paper.name, paper.size)
            work.foi_papers.save(paper)
            detail: dict[str, Fact] = {"paper": str(id), "aside": aside}
            work.audit.append(self._clock.now(), Event.FOI_PAPER_SET_ASIDE, actor, str(request.id), detail)
            work.commit()
        return paper

    def remove(self, ref: str, id: PaperId, actor: str) -> None:
        """It is gone for good: for what was given by mistake."""
        with self._store.begin() as work:
            request = _open(_only(work, ref))
            paper = _paper(work, request, id)
            work.foi_papers.remove(id)
            detail = {"paper": str(id), "sha256": paper.sha256}
            work.audit.append(self._clock.now(), Event.FOI_PAPER_REMOVED, actor, str(request.id), detail)
            work.commit()

    def _kept(
        self,
        work: UnitOfWork,
        request: FoiRequest,
        name: str,
        content: bytes,
        found: Sequence[Finding],
        actor: str,
        made_from: PaperId | None = None,
    ) -> Paper:
        self._fits(work, request, name, len(content))
        paper = Paper(
            PaperId(self._chance.new_id()),
            request.id,
            name,
            kind_of(name),
            digest(content),
            len(content),
            self._clock.now(),
            actor,
            tuple(found),
            made_from,
        )
        work.foi_papers.add(paper, content)
        return paper

    def _known(self, work: UnitOfWork, request: FoiRequest) -> Known:
        return Known(
            (request.requester.name, request.requester.address),
            tuple(self._allowed()),
            tuple(one.name for one in work.staff.all()),
        )

    def _fits(self, work: UnitOfWork, request: FoiRequest, name: str, size: int) -> None:
        papers = work.foi_papers.of(request.id)
        going = [one for one in papers if not one.set_aside]
        if len(papers) >= 2 * MOST or len(going) >= MOST:
            raise WrongValue(f"An answer has up to {MOST} papers.")
        if any(one.name.lower() == name.lower() for one in going):
            raise Conflict(
                f"There is a paper “{name}” already. Please remove it first, or give this one another name."
            )
        if sum(one.size for one in going) + size > 2 * LARGEST_TOGETHER:
            raise WrongValue(
                f"The papers of an answer have up to {2 * LARGEST_TOGETHER // 1024 // 1024} MB together."
            )


def outgoing(work: UnitOfWork, request: FoiRequest) -> Sequence[tuple[Paper, bytes]]:
    """What goes with the answer. Raises NotAllowed where it is more than mail takes."""
    going = [one for one in work.foi_papers.of(request.id) if not one.set_aside]
    if sum(one.size for one in going) > LARGEST_TOGETHER:
        raise NotAllowed(
            f"The papers have more than {LARGEST_TOGETHER // 1024 // 1024} MB together: more than mail takes."
        )
    return [(one, work.foi_papers.content(one.id)) for one in going]


def _open(request: FoiRequest) -> FoiRequest:
    if request.state not in MAY_CHANGE:
        raise NotAllowed(f"A request that is “{request.state}” takes no papers, and keeps those that it has.")
    return request


def _paper(work: UnitOfWork, request: FoiRequest, id: PaperId) -> Paper:
    paper = work.foi_papers.get(id)
    if paper is None or paper.request != request.id:
        raise NotFound("There is no such paper.")
    return paper


def _only(work: UnitOfWork, ref: str) -> FoiRequest:
    request = work.foi.by_ref(ref.strip())
    if request is None:
        raise NotFound(f"There is no request “{ref}”.")
    return request
