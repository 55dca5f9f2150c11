"""A request of a person about their own data, from its receipt to its end: what may be done next is a table.

UK GDPR Arts. 7(3), 12, 15 to 22; DPA 2018 s. 164A for complaints. The state and the clock both follow from the history,
which is only added to; neither can be set.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from stile.domain import rights
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import CentreId, MemberId, RequestId
from stile.domain.rights import Pause


class Kind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal of consent"
    COMPLAINT = "complaint"


ARTICLES = {
    Kind.ACCESS: "UK GDPR Art. 15",
    Kind.RECTIFICATION: "UK GDPR Art. 16",
    Kind.ERASURE: "UK GDPR Art. 17",
    Kind.RESTRICTION: "UK GDPR Art. 18",
    Kind.PORTABILITY: "UK GDPR Art. 20",
    Kind.OBJECTION: "UK GDPR Art. 21",
    Kind.WITHDRAWAL: "UK GDPR Art. 7(3)",
    Kind.COMPLAINT: "DPA 2018 s. 164A",
}


class CameBy(StrEnum):
    """How it reached the operator. No form is needed: a request counts however it is made."""

    OWN_PAGE = "own page"
    DESK = "desk"
    EMAIL = "e-mail"
    LETTER = "letter"
    TELEPHONE = "telephone"


class State(StrEnum):
    RECEIVED = "received"
    IDENTITY_AWAITED = "identity awaited"
    CLARIFICATION_AWAITED = "clarification awaited"
    SEARCHING = "searching"
    EXTENDED = "extended"
    ACKNOWLEDGED = "acknowledged"
    LOOKED_INTO = "looked into"
    ANSWERED = "answered"
    REFUSED = "refused"
    CLOSED = "closed"


class Step(StrEnum):
    RECEIVE = "receive"
    ASK_IDENTITY = "ask for identity"
    IDENTITY_SHOWN = "identity shown"
    ASK_CLARIFICATION = "ask for clarification"
    CLARIFIED = "clarified"
    SEARCH = "begin the search"
    EXTEND = "extend"
    ACKNOWLEDGE = "acknowledge"
    LOOK_INTO = "look into it"
    TELL_PROGRESS = "tell of progress"
    ANSWER = "answer"
    REFUSE = "refuse"
    TAKE_BACK = "take back"
    CLOSE = "close"
    NOTE = "note"


class Ground(StrEnum):
    """Why a request is extended or refused. A closed set: what is not in it is no ground."""

    COMPLEX = "complex"
    MANY_REQUESTS = "many requests"
    MANIFESTLY_UNFOUNDED = "manifestly unfounded"
    EXCESSIVE = "excessive"
    EXEMPT = "exempt"
    IDENTITY_NOT_SHOWN = "identity not shown"


TO_EXTEND = (Ground.COMPLEX, Ground.MANY_REQUESTS)
"""Art. 12A(3)."""
TO_REFUSE = (
    Ground.MANIFESTLY_UNFOUNDED,
    Ground.EXCESSIVE,
    Ground.EXEMPT,
    Ground.IDENTITY_NOT_SHOWN,
)
"""Art. 12(2) and (5); exemptions: DPA 2018 Schs. 2 to 4."""

S, T = State, Step

REQUESTS: dict[tuple[State, Step], State] = {
    (S.RECEIVED, T.ASK_IDENTITY): S.IDENTITY_AWAITED,
    (S.RECEIVED, T.ASK_CLARIFICATION): S.CLARIFICATION_AWAITED,
    (S.RECEIVED, T.SEARCH): S.SEARCHING,
    (S.RECEIVED, T.ANSWER): S.ANSWERED,
    (S.RECEIVED, T.REFUSE): S.REFUSED,
    (S.IDENTITY_AWAITED, T.IDENTITY_SHOWN): S.SEARCHING,
    (S.IDENTITY_AWAITED, T.REFUSE): S.REFUSED,
    (S.CLARIFICATION_AWAITED, T.CLARIFIED): S.SEARCHING,
    (S.CLARIFICATION_AWAITED, T.ANSWER): S.ANSWERED,
    (S.CLARIFICATION_AWAITED, T.REFUSE): S.REFUSED,
    (S.SEARCHING, T.ASK_CLARIFICATION): S.CLARIFICATION_AWAITED,
    (S.SEARCHING, T.EXTEND): S.EXTENDED,
    (S.SEARCHING, T.ANSWER): S.ANSWERED,
    (S.SEARCHING, T.REFUSE): S.REFUSED,
    (S.EXTENDED, T.ANSWER): S.ANSWERED,
    (S.EXTENDED, T.REFUSE): S.REFUSED,
    (S.RECEIVED, T.TAKE_BACK): S.CLOSED,
    (S.IDENTITY_AWAITED, T.TAKE_BACK): S.CLOSED,
    (S.CLARIFICATION_AWAITED, T.TAKE_BACK): S.CLOSED,
    (S.SEARCHING, T.TAKE_BACK): S.CLOSED,
    (S.EXTENDED, T.TAKE_BACK): S.CLOSED,
    (S.ANSWERED, T.CLOSE): S.CLOSED,
    (S.REFUSED, T.CLOSE): S.CLOSED,
}
"""What may be done with a request; only the person takes it back. Clarification stops the clock of an access request
only (`may_take`)."""

COMPLAINTS: dict[tuple[State, Step], State] = {
    (S.RECEIVED, T.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.ACKNOWLEDGED, T.LOOK_INTO): S.LOOKED_INTO,
    (S.ACKNOWLEDGED, T.ANSWER): S.ANSWERED,
    (S.LOOKED_INTO, T.TELL_PROGRESS): S.LOOKED_INTO,
    (S.LOOKED_INTO, T.ANSWER): S.ANSWERED,
    (S.RECEIVED, T.TAKE_BACK): S.CLOSED,
    (S.ACKNOWLEDGED, T.TAKE_BACK): S.CLOSED,
    (S.LOOKED_INTO, T.TAKE_BACK): S.CLOSED,
    (S.ANSWERED, T.CLOSE): S.CLOSED,
}
"""What may be done with a complaint: acknowledged within 30 days, its outcome told without undue delay."""

OVER = frozenset({S.ANSWERED, S.REFUSED, S.CLOSED})
"""The states in which no clock runs any more."""
WAITS = frozenset({S.IDENTITY_AWAITED, S.CLARIFICATION_AWAITED})
"""The states in which the clock may stand still."""


def table_of(kind: Kind) -> dict[tuple[State, Step], State]:
    return COMPLAINTS if kind is Kind.COMPLAINT else REQUESTS


@dataclass(frozen=True, slots=True)
class Entry:
    """One step. `on`: the day it counts from, in the centres' own calendar; `actor`: a staff id, a member id or
    "system". `note`: free words of whoever handles it: personal data."""

    step: Step
    on: date
    at: datetime
    actor: str
    note: str = ""
    ground: Ground | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")
        wanted = {Step.EXTEND: TO_EXTEND, Step.REFUSE: TO_REFUSE}.get(self.step)
        if wanted and self.ground not in wanted:
            raise WrongValue(f"to {self.step} takes one of these grounds: {', '.join(wanted)}")
        if wanted and not self.note.strip():
            raise WrongValue(f"to {self.step} takes the reason, in words that the person is told")


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of a request shows. `by`: the last day; None while it stands still, and where there is none.
    `for_what`: what is to be done by then. `stopped_by`: what is awaited. `days_left`: negative once overdue."""

    by: date | None = None
    for_what: str = ""
    stopped_by: State | None = None
    days_left: int | None = None

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0


@dataclass(frozen=True, slots=True)
class RightsRequest:
    """`number`: counted from 1 at each site, for letters. `member`: None where nobody here is known to have asked.
    `who` and `contact`: how the person signed and where the answer goes, as they gave them. `words`: what they ask."""

    id: RequestId
    number: int
    centre: CentreId
    kind: Kind
    came_by: CameBy
    member: MemberId | None
    who: str
    contact: str
    words: str
    history: tuple[Entry, ...]
    version: int = 1

    def __post_init__(self) -> None:
        if not self.history or self.history[0].step is not Step.RECEIVE:
            raise WrongValue("a request begins with its receipt")
        if self.member is None and not self.who.strip():
            raise WrongValue("a request says who asks: a member, or a name")
        if self.kind in (Kind.COMPLAINT, Kind.RECTIFICATION) and not self.words.strip():
            raise WrongValue(f"a {self.kind} says what is wrong")
        self.state  # noqa: B018 the whole history must be walkable

    @property
    def received(self) -> date:
        return self.history[0].on

    @property
    def state(self) -> State:
        state = State.RECEIVED
        for entry in self.history[1:]:
            if entry.step is not Step.NOTE:
                state = self._after(state, entry.step)
        return state

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_extended(self) -> bool:
        return any(one.step is Step.EXTEND for one in self.history)

    @property
    def answered_on(self) -> date | None:
        """The day it was answered or refused."""
        return next((one.on for one in self.history if one.step in (Step.ANSWER, Step.REFUSE)), None)

    def may_take(self) -> Sequence[Step]:
        """What may be done now, in the order of the table."""
        steps = [step for state, step in table_of(self.kind) if state is self.state]
        return [step for step in steps if not self._is_barred(step)]

    def _is_barred(self, step: Step) -> bool:
        if step is Step.ASK_CLARIFICATION:  # Art. 12A(5): of an access request, and of no other
            return self.kind is not Kind.ACCESS
        return step is Step.EXTEND and self.is_extended

    def take(self, entry: Entry) -> "RightsRequest":
        """The request after one more step. Raises NotAllowed for a step that the table or the law does not give now."""
        if entry.on < self.history[-1].on:
            raise WrongValue(f"the step before this was on {self.history[-1].on}")
        if entry.step is Step.NOTE:
            return replace(self, history=(*self.history, entry))
        if entry.step not in self.may_take():
            raise NotAllowed(f"A {self.kind} that is {self.state} cannot take “{entry.step}”.")
        if entry.step is Step.EXTEND and (by := self._answer_by()) is not None and entry.on > by:
            raise NotAllowed("The month is over: an extension is told within it (UK GDPR Art. 12A(4)).")
        return replace(self, history=(*self.history, entry))

    def clock(self, today: date) -> Clock:
        """What is to be done, and by when."""
        state = self.state
        if state in OVER:
            return Clock()
        if self.kind is Kind.COMPLAINT:
            if state is not State.RECEIVED:
                return Clock(None, "Tell the outcome without undue delay")
            return self._reads(rights.acknowledge_by(self.received), "Acknowledge", today)
        if (
            self.kind is Kind.WITHDRAWAL
        ):  # Art. 7(3): as easy as it was to give, so there is nothing to wait for
            return self._reads(self.received, "Withdraw at once", today)
        by = self._answer_by()
        if by is None:
            return Clock(None, "Answer", state)
        return self._reads(by, "Answer", today)

    @property
    def last_day(self) -> date | None:
        """The last day to answer or acknowledge on, also when it is over."""
        if self.kind is Kind.COMPLAINT:
            return rights.acknowledge_by(self.received)
        return self.received if self.kind is Kind.WITHDRAWAL else self._answer_by()

    @staticmethod
    def _reads(by: date, what: str, today: date) -> Clock:
        return Clock(by, what, None, (by - today).days)

    def _answer_by(self) -> date | None:
        identity = self._pauses(Step.ASK_IDENTITY, Step.IDENTITY_SHOWN)
        return rights.answer_by(
            self.received,
            identity=identity[0] if identity else None,
            clarifications=self._pauses(Step.ASK_CLARIFICATION, Step.CLARIFIED),
            extended=self.is_extended,
        )

    def _pauses(self, asks: Step, ends: Step) -> list[Pause]:
        """An answer or a refusal ends an open question too."""
        found: list[Pause] = []
        for entry in self.history:
            if entry.step is asks:
                found.append(Pause(entry.on))
            elif found and found[-1].answered is None and entry.step in (ends, Step.ANSWER, Step.REFUSE):
                found[-1] = Pause(found[-1].asked, entry.on)
        return found

    def _after(self, state: State, step: Step) -> State:
        try:
            return table_of(self.kind)[state, step]
        except KeyError:
            raise WrongValue(f"a {self.kind} that is {state} cannot take “{step}”") from None
