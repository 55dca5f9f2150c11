"""An answer is published in the disclosure log: the questions, the answers and the papers, for everybody, and nothing
of who asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stile.application.foi.gate import FoiGate
from stile.application.foi.papers import outgoing
from stile.domain.audit import Event, Fact
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.foi import State, Step, review_without_outcome, sent_on
from stile.domain.foi_desk.disclosure_log import LONGEST_TITLE, Disclosed, DisclosedAnswer, DisclosedPaper
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.redaction import LETTER, Finding
from stile.domain.foi_desk.request import FoiRequest
from stile.ports import Clock, Store, UnitOfWork

PAGE = 50
"""Entries on a page of the log."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How an entry is worded: its title, and each question by its number. Requesters write of themselves; what they
    wrote of others or of themselves is left out here. `papers`: whether they are published too."""

    title: str
    questions: Mapping[int, str]
    papers: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """Entries of a page, the newest first. `count`: of all."""

    entries: Sequence[Disclosed]
    count: int


class Disclosing:
    def __init__(self, store: Store, clock: Clock, gate: FoiGate) -> None:
        self._store, self._clock, self._gate = store, clock, gate

    def proposed(self, ref: str) -> Wording:
        """The wording as it came in, or as it is published now. Raises NotFound."""
        with self._store.read() as work:
            request = _only(work, ref)
            now = work.disclosure_log.get(request.ref)
        if now is not None:
            return Wording(now.title, {one.n: one.question for one in now.answers}, bool(now.papers))
        first = request.questions[0].text if request.questions else ""
        title = first if len(first) <= LONGEST_TITLE else f"{first[: LONGEST_TITLE - 1].rstrip()}…"
        return Wording(title, {one.n: one.text for one in request.questions})

    def check(self, ref: str, wording: Wording) -> Sequence[Finding]:
        """What must not be read by everybody. Raises NotFound, NotAllowed for what is never published."""
        with self._store.read() as work:
            request = _only(work, ref)
            return self._check(work, request, self._entry(work, request, wording))

    def publish(self, ref: str, wording: Wording, actor: str) -> Disclosed:
        """Raises NotAllowed for what has not been answered, is never published, or holds what must not be read;
        WrongValue without a title or a question."""
        now = self._clock.now()
        with self._store.begin() as work:
            request = _only(work, ref)
            entry = self._entry(work, request, wording)
            if found := self._check(work, request, entry):
                more = f", and {len(found) - 1} more" if len(found) > 1 else ""
                raise NotAllowed(
                    f"Not published: {found[0].what} in {found[0].where}{more}. Please take it out."
                )
            contents = {one.name: held for one, held in outgoing(work, request)}
            work.disclosure_log.publish(entry, [contents[one.name] for one in entry.papers])
            if request.state is State.SENT:
                work.foi.save(request.go(Step.LOG, self._clock.today(), actor))
            detail: dict[str, Fact] = {"ref": request.ref, "papers": len(entry.papers)}
            work.audit.append(now, Event.FOI_DISCLOSED, actor, str(request.id), detail)
            work.commit()
        return entry

    def withdraw(self, ref: str, actor: str) -> None:
        """Takes an entry out of the log again. Raises NotFound."""
        with self._store.begin() as work:
            if not work.disclosure_log.withdraw(ref):
                raise NotFound("There is no such entry in the disclosure log.")
            work.audit.append(self._clock.now(), Event.FOI_DISCLOSURE_WITHDRAWN, actor, ref, {})
            work.commit()

    # --- reading, by anybody ---

    def page(self, number: int = 1) -> Seen:
        with self._store.read() as work:
            after = (max(1, number) - 1) * PAGE
            return Seen(work.disclosure_log.page(PAGE, after), work.disclosure_log.count())

    def get(self, ref: str) -> Disclosed:
        """Raises NotFound."""
        with self._store.read() as work:
            found = work.disclosure_log.get(ref)
        if found is None:
            raise NotFound("There is no such entry in the disclosure log.")
        return found

    def paper(self, ref: str, name: str) -> bytes:
        """Raises NotFound."""
        with self._store.read() as work:
            found = work.disclosure_log.content(ref, name)
        if found is None:
            raise NotFound("There is no such paper in the disclosure log.")
        return found

    def _entry(self, work: UnitOfWork, request: FoiRequest, wording: Wording) -> Disclosed:
        answered, versions = sent_on(request.taken), work.foi.versions(request.id)
        if answered is None or not versions:
            raise NotAllowed("Not published: it has not been answered yet.")
        # Words and papers change in a review, and are approved with its outcome; a complaint may cut that short.
        if review_without_outcome(request.taken) is not None:
            raise NotAllowed("Not published: it is under review, and the answer may change.")
        if request.regime is Regime.SUBJECT_ACCESS:
            raise NotAllowed("Not published: it is about somebody's own data.")
        questions = {one.n: one.text for one in request.questions} | {
            n: text.strip() for n, text in wording.questions.items()
        }
        if not all(questions.values()):
            raise WrongValue("Each question needs words: what was asked, without who asked.")
        return Disclosed(
            request.ref,
            self._clock.today(),
            request.received,
            answered,
            request.regime,
            wording.title.strip(),
            tuple(DisclosedAnswer.of(one, questions.get(one.n, "")) for one in versions[-1].answers),
            tuple(DisclosedPaper(one.name, one.sha256) for one, _ in outgoing(work, request))
            if wording.papers
            else (),
        )

    def _check(self, work: UnitOfWork, request: FoiRequest, entry: Disclosed) -> Sequence[Finding]:
        """What was let through in the letter may be read here as well: it went to a stranger, which is to the world."""
        let = {one.key for one in work.foi_papers.passed(request.id) if one.of == LETTER}
        found = self._gate.in_words(work, request, entry.words)
        answers = {f"answer {one.n}": str(one.n) for one in entry.answers}
        return [
            one
            for one in found
            if Finding(one.what, answers.get(one.where, one.where), one.found, one.times).key not in let
        ]


def _only(work: UnitOfWork, ref: str) -> FoiRequest:
    request = work.foi.by_ref(ref.strip())
    if request is None:
        raise NotFound(f"There is no request “{ref}”.")
    return request
