"""The letter of an answer: made of its latest version, and held until nothing in it must stay inside."""

from collections.abc import Callable, Sequence

from stile.application.answer_foi import AnswerFoi
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.foi import ASK_REVIEW_WITHIN, reviewing, sent_on
from stile.domain.foi_letter import FoiLetter, Sender, letter
from stile.domain.foi_request import FoiRequest
from stile.domain.redaction import Finding, findings
from stile.domain.working_days import BankHolidays, due
from stile.ports import Clock


class FoiLetters:
    def __init__(
        self,
        desk: AnswerFoi,
        sender: Callable[[], Sender],
        allowed: Callable[[], Sequence[str]],
        holidays: Callable[[], BankHolidays],
        clock: Clock,
    ) -> None:
        """`allowed`: addresses of organisations that a letter may give."""
        self._desk, self._sender, self._allowed = desk, sender, allowed
        self._holidays, self._clock = holidays, clock

    def make(self, ref: str) -> FoiLetter:
        """Raises NotFound without a draft, NotAllowed while a question has no answer or something must not go out."""
        request, made = self._made(ref)
        if {one.n for one in request.questions} != set(made.answers):
            raise NotAllowed(
                "Not ready to go: the questions changed since it was drafted. Please draft it again."
            )
        empty = [str(one.n) for one in made.answers.values() if not one.text.strip() and one.refusal is None]
        if empty:
            raise NotAllowed(f"Not ready to go: no answer yet to question {', '.join(empty)}.")
        if found := self._check(request, made):
            first, more = found[0], f", and {len(found) - 1} more" if len(found) > 1 else ""
            told = f"{first.what} in question {first.where}{more}"
            raise NotAllowed(f"Not ready to go: {told}. Please take it out.")
        return made

    def preview(self, ref: str) -> FoiLetter:
        """The letter as it stands, ready or not. Raises NotFound without a draft."""
        return self._made(ref)[1]

    def check(self, ref: str) -> Sequence[Finding]:
        """What must be dealt with before the letter goes. Raises NotFound without a draft."""
        return self._check(*self._made(ref))

    def _made(self, ref: str) -> tuple[FoiRequest, FoiLetter]:
        request, versions = self._desk.get(ref), self._desk.versions(ref)
        if not versions:
            raise NotFound("There is no draft of this answer yet.")
        today = self._clock.today()
        on = (None if reviewing(request.taken) else sent_on(request.taken)) or today
        until = due(on, self._holidays(), ASK_REVIEW_WITHIN).due
        return request, letter(request, versions[-1], self._sender(), on, until)

    def _check(self, request: FoiRequest, made: FoiLetter) -> Sequence[Finding]:
        sender = self._sender()
        words = [
            (str(n), " ".join((one.text, one.refusal.why if one.refusal else "")))
            for n, one in made.answers.items()
        ]
        own = (request.requester.name, request.requester.address)
        return findings(words, own, (*self._allowed(), sender.email))
