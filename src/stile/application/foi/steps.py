"""The steps of a request, each with what it needs: the table says what may follow, this says what must be so.

Nothing goes to approval in which something was found that must stay inside, and nobody approves words of their own.
"""

from collections.abc import Callable, Sequence
from datetime import date

from stile.application.answer_foi import AnswerFoi
from stile.application.foi.letters import FoiLetters
from stile.domain.audit import Event
from stile.domain.errors import CannotSend, NotAllowed, WrongValue
from stile.domain.foi import State, Step, names_qualified
from stile.domain.foi_desk.fees import clarify_until, pay_until
from stile.domain.foi_desk.letter import Sender
from stile.domain.foi_desk.notices import ABOUT, STEP_OF, About, Written, write
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import DraftVersion, FoiRequest
from stile.ports import Clock, Letter, Mail, Store

APPROVING = frozenset((Step.SEND, Step.REVIEWED))
"""Steps that let an answer go: by somebody who may approve, and who did not write it."""


class FoiSteps:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        mail: Mail,
        desk: AnswerFoi,
        letters: FoiLetters,
        sender: Callable[[], Sender],
        second_person: bool = True,
    ) -> None:
        """`second_person`: whether somebody else than its writer approves an answer."""
        self._store, self._clock, self._mail = store, clock, mail
        self._desk, self._letters, self._sender = desk, letters, sender
        self._second_person = second_person

    def take(self, ref: str, step: Step, actor: str, on: date | None = None, note: str = "") -> FoiRequest:
        """Raises WrongValue for what does not follow or says too little, NotAllowed for what may not be, NotFound."""
        if step in ABOUT and not note.strip():
            raise WrongValue("This step is taken by telling the requester. Please note what they were told.")
        self._may(ref, step, actor, on, note)
        if step is Step.SEND:
            note = note.strip() or f"Version {self._desk.versions(ref)[-1].n}."
        return self._desk.take(ref, step, actor, on, note)

    def writers(self, request: FoiRequest) -> frozenset[str]:
        """Whoever drafted the answer or changed its words, put a paper to it, or let through what was found."""
        with self._store.read() as work:
            papers = {one.added_by for one in work.foi_papers.of(request.id) if not one.set_aside}
            passed = {one.by for one in work.foi_papers.passed(request.id)}
        return _writers(request, self._desk.versions(request.ref)) | papers | passed

    def may_approve(self, request: FoiRequest, actor: str) -> bool:
        return not self._second_person or actor not in self.writers(request)

    def _may(self, ref: str, step: Step, actor: str, on: date | None, note: str) -> None:
        request = self._desk.get(ref)
        request.go(step, on or self._clock.today())  # what does not follow at all is said first
        if step is Step.CHECK and not self._desk.versions(ref):
            raise NotAllowed("There is nothing to check yet. Please draft the answer first.")
        if step is Step.LOG:
            raise NotAllowed("It is published on the page where its words are looked over.")
        if step in (Step.CLEAR, Step.SEND):
            self._letters.make(ref)
        if step in APPROVING and not self.may_approve(request, actor):
            raise NotAllowed("You made part of this answer. Somebody else approves it.")
        if step is Step.NO_ANSWER:
            _waited(request, on or self._clock.today())
        if step in (Step.CHARGE, Step.WEIGH):
            _within_time(request, step, on or self._clock.today(), self._desk.due(request).due)
        if step is Step.WEIGH and not names_qualified(note):
            raise NotAllowed(
                "There is more time only to weigh a qualified exemption (s. 10(3)): name its section, such as s. 43(2)."
            )

    # --- telling the requester ---

    def write(self, request: FoiRequest, about: About, fee: str = "") -> Written:
        """The letter that goes with a step, to be completed. Raises WrongValue where it does not fit."""
        return self._write(request, about, fee)

    def _write(self, request: FoiRequest, about: About, fee: str = "", automatic: bool = False) -> Written:
        today, step = self._clock.today(), STEP_OF[about]
        after = request.go(step, today)  # the clock as it stands when this was told
        due = self._desk.review_due(after) if request.state is State.INTERNAL_REVIEW else None
        by = (due or self._desk.due(after)).due
        return write(about, request, self._sender(), today, by, fee, automatic)

    @property
    def can_send(self) -> bool:
        return self._mail.is_set_up

    def can_email(self, request: FoiRequest) -> bool:
        """Whether a letter can go by e-mail: there is a mail server, and an address that mail can go to."""
        return self.can_send and is_email(request.requester.address)

    def tell(self, ref: str, about: About, subject: str, text: str, actor: str, by_email: bool) -> FoiRequest:
        """Notes what the requester was told, and takes the step; before that sends it, where it goes `by_email`.

        Raises WrongValue while a bracket is left, CannotSend without an address or when the mail server did not take
        it: then nothing is noted."""
        step = STEP_OF[about]
        if not subject.strip() or not text.strip():
            raise WrongValue("A letter has a subject and words.")
        if "[" in text:
            raise WrongValue("Please fill in what stands in square brackets, or take it out.")
        request = self._desk.get(ref)
        self._may(ref, step, actor, None, text)
        if by_email:
            self._send(request, subject.strip(), text, actor)
        return self._desk.take(ref, step, actor, None, text)

    def acknowledge(self, ref: str, actor: str) -> bool:
        """By itself, to an address that nobody has checked: it repeats nothing of what was written, so that nobody can
        have us send their words to somebody else. False where it cannot go, or went before."""
        request = self._desk.get(ref)
        if not self.can_send or not is_email(request.requester.address):
            return False
        if any(one.step is Step.ACKNOWLEDGE for one in request.taken) or request.state is not State.RECEIVED:
            return False
        written = self._write(request, About.ACKNOWLEDGEMENT, automatic=True)
        self._send(request, written.subject, written.text, actor)
        self._desk.take(ref, Step.ACKNOWLEDGE, actor, None, written.text)
        return True

    def _send(self, request: FoiRequest, subject: str, text: str, actor: str) -> None:
        address = request.requester.address.strip()
        if not is_email(address):
            raise CannotSend("No e-mail address is known for whoever asks.")
        self._mail.send(Letter(address, subject, text))  # outside any transaction: it may take ten seconds
        now = self._clock.now()
        with self._store.begin() as work:
            work.audit.append(now, Event.FOI_TOLD, actor, str(request.id), {"by": "e-mail"})
            work.commit()


def is_email(address: str) -> bool:
    """Whether mail can go there. Nothing that could be two addresses, or a header."""
    name, at, domain = address.strip().rpartition("@")
    return bool(at and name and "." in domain and not set(address.strip()) & set(' \t\r\n,;<>"()'))


def _writers(request: FoiRequest, versions: Sequence[DraftVersion]) -> frozenset[str]:
    drafted = {one.by for one in request.taken if one.step is Step.DRAFT}
    return frozenset(({one.by for one in versions} | drafted) - {"draft", ""})


def _within_time(request: FoiRequest, step: Step, on: date, due: date) -> None:
    """Raises NotAllowed for a notice that would not do what it says: a fees notice is given within the time for the
    answer (s. 9(1)), and so is the notice of more time, once (ss. 10(3), 17(2))."""
    notice = "A fees notice" if step is Step.CHARGE else "More time"
    if request.regime is not Regime.FOI:
        raise NotAllowed(
            f"{notice} is of the Freedom of Information Act. This is handled under the {request.regime}."
        )
    if step is Step.WEIGH and any(one.step is Step.WEIGH for one in request.taken):
        raise NotAllowed("More time was taken already: at most 20 working days more.")
    if on > due:
        told = f"{due.day} {due:%B %Y}"
        raise NotAllowed(
            f"{notice} is told within the time for the answer, which ended on {told}. Answer it now."
        )


def _waited(request: FoiRequest, on: date) -> None:
    """Raises NotAllowed while the requester still has time (s. 9(2); s. 45 Code)."""
    since = request.taken[-1].on if request.taken else request.received
    last = pay_until(since) if request.state is State.FEE_HOLD else clarify_until(since)
    if on <= last:
        raise NotAllowed(f"They have until {last.day} {last:%B %Y}. It can be closed after that day.")
