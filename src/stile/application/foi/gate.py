"""The redaction gate: an answer goes nowhere while something is found in its letter or its papers that must stay inside
(FOIA s. 40), and nobody decided about it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.foi_desk.papers import Paper
from stile.domain.foi_desk.redaction import LETTER, Finding, LetThrough, findings
from stile.domain.foi_desk.request import DraftVersion, FoiRequest
from stile.ports import Clock, Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Open:
    """Something that must be dealt with. `of`: the SHA-256 of the paper that it is in, or “letter”. `in_`: in words."""

    finding: Finding
    of: str
    in_: str

    @property
    def told(self) -> str:
        place = f"question {self.finding.where} of the letter" if self.of == LETTER else self.in_
        return f"{self.finding.what} in {place}"


@dataclass(frozen=True, slots=True)
class Gate:
    """`open`: what holds the answer. `passed`: what an officer let through, and why."""

    open: tuple[Open, ...]
    passed: tuple[LetThrough, ...]

    def of(self, paper: Paper) -> Sequence[Finding]:
        return [one.finding for one in self.open if one.of == paper.sha256]

    @property
    def letter(self) -> Sequence[Finding]:
        return [one.finding for one in self.open if one.of == LETTER]


class FoiGate:
    def __init__(self, store: Store, clock: Clock, allowed: Callable[[], Sequence[str]]) -> None:
        """`allowed`: addresses and numbers of organisations that an answer may give."""
        self._store, self._clock, self._allowed = store, clock, allowed

    def look(self, ref: str) -> Gate:
        """Raises NotFound."""
        allowed = self._allowed()
        with self._store.read() as work:
            return self._look(work, _only(work, ref), allowed)

    def require(self, ref: str) -> None:
        """Raises NotAllowed while something is open."""
        if found := self.look(ref).open:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            raise NotAllowed(
                f"Not ready to go: {found[0].told}{more}. Please take it out, or say why it may go."
            )

    def let_through(self, ref: str, of: str, key: str, reason: str, actor: str) -> LetThrough:
        """Raises NotFound for what is not open, WrongValue without a reason or for what is never let through."""
        now, allowed = self._clock.now(), self._allowed()
        with self._store.begin() as work:
            request = _only(work, ref)
            gate = self._look(work, request, allowed)
            found = next((one for one in gate.open if (one.of, one.finding.key) == (of, key)), None)
            if found is None:
                raise NotFound("That is not open any more. Please look again.")
            finding = found.finding
            decision = LetThrough(
                request.id, of, key, finding.what, finding.where, reason.strip(), actor, now
            )
            work.foi_papers.let_through(decision)
            # Not its key: a telephone number is found again from its hash, and the audit log keeps for good.
            detail = {"of": of[:16], "what": finding.what.name.lower()}
            work.audit.append(now, Event.FOI_LET_THROUGH, actor, str(request.id), detail)
            work.commit()
        return decision

    def in_words(
        self, work: UnitOfWork, request: FoiRequest, words: Sequence[tuple[str, str]]
    ) -> Sequence[Finding]:
        """Personal data in words that go out with this request's answer."""
        return _found(work, request, words, self._allowed())

    def _look(self, work: UnitOfWork, request: FoiRequest, allowed: Sequence[str]) -> Gate:
        versions = work.foi.versions(request.id)
        passed = tuple(work.foi_papers.passed(request.id))
        let = {(one.of, one.key) for one in passed}
        found = [
            Open(one, LETTER, "the letter")
            for one in (_found(work, request, _words(versions[-1]), allowed) if versions else ())
        ]
        for paper in work.foi_papers.of(request.id):
            if not paper.set_aside:
                found += [Open(one, paper.sha256, f"“{paper.name}”") for one in paper.holds]
        return Gate(tuple(one for one in found if (one.of, one.finding.key) not in let), passed)


def _found(
    work: UnitOfWork, request: FoiRequest, words: Sequence[tuple[str, str]], allowed: Sequence[str]
) -> Sequence[Finding]:
    own = (request.requester.name, request.requester.address)
    return findings(words, own, allowed, [one.name for one in work.staff.all()])


def _words(version: DraftVersion) -> Sequence[tuple[str, str]]:
    return [
        (
            str(one.n),
            " ".join((one.text, *((one.refusal.why, one.refusal.balance) if one.refusal else ()))),
        )
        for one in version.answers
    ]


def _only(work: UnitOfWork, ref: str) -> FoiRequest:
    request = work.foi.by_ref(ref.strip())
    if request is None:
        raise NotFound(f"There is no request “{ref}”.")
    return request
