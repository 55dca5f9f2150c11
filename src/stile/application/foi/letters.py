"""The letter of an answer: made of its latest version, and held until nothing in it must stay inside."""

from collections.abc import Callable, Sequence

from stile.application.answer_foi import AnswerFoi
from stile.application.foi.gate import FoiGate
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.foi import ASK_REVIEW_WITHIN, reviewing, sent_on
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.letter import FoiLetter, Sender, letter
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.redaction import Finding
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.working_days import BankHolidays, due
from stile.ports import Clock


class FoiLetters:
    def __init__(
        self,
        desk: AnswerFoi,
        sender: Callable[[], Sender],
        gate: FoiGate,
        holidays: Callable[[], BankHolidays],
        clock: Clock,
    ) -> None:
        self._desk, self._sender, self._gate = desk, sender, gate
        self._holidays, self._clock = holidays, clock

    def make(self, ref: str) -> FoiLetter:
        """Raises NotFound without a draft, NotAllowed while a question has no answer or nobody said whether it is
        held, or something in it or in the papers that go with it must not go out."""
        request, made = self._made(ref)
        if not made.answers:
            raise NotAllowed("Not ready to go: there is no question in it. Please ask what is meant.")
        if {one.n for one in request.questions} != set(made.answers):
            raise NotAllowed(
                "Not ready to go: the questions changed since it was drafted. Please draft it again."
            )
        empty = [str(one.n) for one in made.answers.values() if not one.text.strip() and one.refusal is None]
        if empty:
            raise NotAllowed(f"Not ready to go: no answer yet to question {', '.join(empty)}.")
        answers = made.answers.values()
        unsaid = [str(one.n) for one in answers if one.held is Held.NOT_MATCHED and one.refusal is None]
        if unsaid:
            raise NotAllowed(
                f"Not ready to go: say whether it is held (s. 1(1)(a)), for question {', '.join(unsaid)}."
            )
        if request.regime is not Regime.FOI and any(one.refusal for one in answers):
            raise NotAllowed(
                "Not ready to go: what is refused by the Freedom of Information Act is handled under it."
            )
        self._gate.require(ref)
        return made

    def preview(self, ref: str) -> FoiLetter:
        """The letter as it stands, ready or not. Raises NotFound without a draft."""
        return self._made(ref)[1]

    def check(self, ref: str) -> Sequence[Finding]:
        """What must be dealt with before the letter goes. Raises NotFound without a draft."""
        self._made(ref)
        return self._gate.look(ref).letter

    def _made(self, ref: str) -> tuple[FoiRequest, FoiLetter]:
        request, versions = self._desk.get(ref), self._desk.versions(ref)
        if not versions:
            raise NotFound("There is no draft of this answer yet.")
        today = self._clock.today()
        on = (None if reviewing(request.taken) else sent_on(request.taken)) or today
        until = due(on, self._holidays(), ASK_REVIEW_WITHIN).due
        return request, letter(request, versions[-1], self._sender(), on, until)
