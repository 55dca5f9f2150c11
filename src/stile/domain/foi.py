"""A request under the Freedom of Information Act 2000: the steps it goes through, and by when it must be answered.

What may follow on what is a table, and the diagram in the docs is made of it. The clock is s. 10's: it begins with
receipt, begins anew with what was needed to find the information (s. 1(3), s. 10(6)), stands still from a fees
notice to the fee (s. 10(2)), and gets up to twenty working days more where the public interest is weighed (s. 10(3)
and the s. 45 Code)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.rights import answer_by
from stile.domain.working_days import DAYS, BankHolidays, Due, Suspended, due, working_days_between

EXTENSION = 20
"""Working days more for the public interest, at most (s. 45 Code of Practice, 2018)."""
REVIEW = 20
REVIEW_AT_MOST = 40
ASK_REVIEW_WITHIN = 40
"""Working days for an internal review, for a complex one, and from the answer for asking for one (s. 45 Code, part
5)."""


class State(StrEnum):
    RECEIVED = "received"
    VALID = "valid"
    NOT_VALID = "not valid"
    CLARIFYING = "clarifying"
    FEE_HOLD = "fee hold"
    SEARCHING = "searching"
    DRAFTING = "drafting"
    WEIGHING = "public-interest extension"
    REDACTION = "redaction check"
    APPROVAL = "approval"
    SENT = "sent"
    LOGGED = "logged"
    CLOSED = "closed"
    LAPSED = "lapsed"
    INTERNAL_REVIEW = "internal review"
    ICO_COMPLAINT = "ICO complaint"
    DECISION_NOTICE = "decision notice"
    TRIBUNAL = "tribunal"


class Step(StrEnum):
    """What somebody does, or what comes in."""

    ACKNOWLEDGE = "acknowledge it"
    ACCEPT = "accept as valid (s. 8)"
    TURN_BACK = "say what makes it valid (s. 16)"
    MADE_VALID = "it was made valid"
    ASK = "ask what is meant (s. 1(3))"
    CLARIFIED = "it was clarified"
    CHARGE = "send a fees notice (s. 9)"
    PAID = "the fee came"
    NO_ANSWER = "nothing came in time"
    SEARCH = "search, here and at others"
    DRAFT = "draft the answer"
    WEIGH = "extend to weigh the public interest (s. 10(3))"
    WEIGHED = "the public interest is weighed"
    CHECK = "check for what must not go out"
    FOUND = "something was found"
    CLEAR = "nothing is left to redact"
    RETURN = "return for another draft"
    SEND = "approve and send"
    LOG = "enter into the disclosure log"
    CLOSE = "close"
    WITHDRAW = "the requester withdrew it"
    ASK_REVIEW = "the requester asks for a review"
    REVIEW_LONGER = "take longer for a complex review"
    REVIEWED = "answer the review"
    COMPLAIN = "the requester complains to the ICO (s. 50)"
    DECIDE = "the ICO decides"
    APPEAL = "an appeal is made (s. 57)"
    RULE = "the tribunal rules"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.RECEIVED, Step.ACKNOWLEDGE): State.RECEIVED,
    (State.RECEIVED, Step.ACCEPT): State.VALID,
    (State.RECEIVED, Step.TURN_BACK): State.NOT_VALID,
    (State.NOT_VALID, Step.MADE_VALID): State.VALID,
    (State.NOT_VALID, Step.NO_ANSWER): State.LAPSED,
    (State.VALID, Step.ASK): State.CLARIFYING,
    (State.VALID, Step.CHARGE): State.FEE_HOLD,
    (State.VALID, Step.SEARCH): State.SEARCHING,
    (State.CLARIFYING, Step.CLARIFIED): State.VALID,
    (State.CLARIFYING, Step.NO_ANSWER): State.LAPSED,
    (State.FEE_HOLD, Step.PAID): State.VALID,
    (State.FEE_HOLD, Step.NO_ANSWER): State.LAPSED,
    (State.SEARCHING, Step.ASK): State.CLARIFYING,
    (State.SEARCHING, Step.CHARGE): State.FEE_HOLD,
    (State.SEARCHING, Step.DRAFT): State.DRAFTING,
    (State.DRAFTING, Step.SEARCH): State.SEARCHING,
    (State.DRAFTING, Step.WEIGH): State.WEIGHING,
    (State.WEIGHING, Step.WEIGHED): State.DRAFTING,
    (State.DRAFTING, Step.CHECK): State.REDACTION,
    (State.REDACTION, Step.FOUND): State.DRAFTING,
    (State.REDACTION, Step.CLEAR): State.APPROVAL,
    (State.APPROVAL, Step.RETURN): State.DRAFTING,
    (State.APPROVAL, Step.SEND): State.SENT,
    (State.SENT, Step.LOG): State.LOGGED,
    (State.SENT, Step.CLOSE): State.CLOSED,  # not everything may be read by all
    (State.LOGGED, Step.CLOSE): State.CLOSED,
    (State.SENT, Step.ASK_REVIEW): State.INTERNAL_REVIEW,
    (State.LOGGED, Step.ASK_REVIEW): State.INTERNAL_REVIEW,
    (State.CLOSED, Step.ASK_REVIEW): State.INTERNAL_REVIEW,
    (State.INTERNAL_REVIEW, Step.ACKNOWLEDGE): State.INTERNAL_REVIEW,
    (State.INTERNAL_REVIEW, Step.REVIEW_LONGER): State.INTERNAL_REVIEW,
    (State.INTERNAL_REVIEW, Step.REVIEWED): State.CLOSED,
    (State.SENT, Step.COMPLAIN): State.ICO_COMPLAINT,
    (State.LOGGED, Step.COMPLAIN): State.ICO_COMPLAINT,  # the ICO may take it up without a review
    (State.CLOSED, Step.COMPLAIN): State.ICO_COMPLAINT,
    (State.INTERNAL_REVIEW, Step.COMPLAIN): State.ICO_COMPLAINT,
    (State.ICO_COMPLAINT, Step.DECIDE): State.DECISION_NOTICE,
    (State.ICO_COMPLAINT, Step.CLOSE): State.CLOSED,  # most complaints end without a decision notice
    (State.DECISION_NOTICE, Step.CLOSE): State.CLOSED,
    (State.DECISION_NOTICE, Step.APPEAL): State.TRIBUNAL,
    (State.TRIBUNAL, Step.RULE): State.CLOSED,
    **{
        (state, Step.WITHDRAW): State.CLOSED
        for state in (
            State.RECEIVED,
            State.NOT_VALID,
            State.VALID,
            State.CLARIFYING,
            State.FEE_HOLD,
            State.SEARCHING,
            State.DRAFTING,
            State.WEIGHING,
            State.REDACTION,
            State.APPROVAL,
        )
    },
}


def after(state: State, step: Step) -> State:
    """Raises WrongValue for what does not follow."""
    found = TRANSITIONS.get((state, step))
    if found is None:
        raise WrongValue(f"a request that is “{state}” cannot go on with “{step}”")
    return found


OPEN = frozenset(
    (
        *(State.RECEIVED, State.NOT_VALID, State.VALID, State.CLARIFYING, State.FEE_HOLD, State.SEARCHING),
        *(State.DRAFTING, State.WEIGHING, State.REDACTION, State.APPROVAL),
    )
)
"""No answer has gone yet."""
MAY_BE_WRITTEN = OPEN - {State.REDACTION, State.APPROVAL} | {State.INTERNAL_REVIEW}
"""Words may change. What is being checked or approved stays as it is, and so does what was sent."""


def possible(state: State) -> Sequence[Step]:
    """The steps that may follow, in the table's order."""
    return [step for (one, step) in TRANSITIONS if one is state]


# --- the clock -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """A step and the day it was taken. `by`: an officer's id, or what took it. `note`: what was told to the requester,
    or came from them; empty where there is nothing to say. Personal data: it goes with the request."""

    step: Step
    on: date
    by: str = ""
    note: str = ""


def answer_due(received: date, taken: Sequence[Taken], holidays: BankHolidays, today: date) -> Due:
    """By when the answer must go, with the working.

    `taken`: in order. While a clarification is awaited no period runs; what is told then is the one that would begin
    today. While a fee is awaited, the days up to today do not count.
    """
    begins, extended = received, False
    suspended: list[Suspended] = []
    waiting: date | None = None
    for one in taken:
        if one.step in (Step.CLARIFIED, Step.MADE_VALID):
            begins, suspended = one.on, []
        elif one.step is Step.CHARGE:
            waiting = one.on
        elif one.step is Step.PAID and waiting is not None:
            suspended.append(Suspended(waiting, one.on, "the fee is awaited"))
            waiting = None
        elif one.step is Step.WEIGH:
            extended = True
    if waiting is not None:
        suspended.append(Suspended(waiting, max(waiting, today), "the fee is awaited"))
    if taken and taken[-1].step in (Step.ASK, Step.TURN_BACK):
        begins = max(begins, today)
    return due(begins, holidays, DAYS + (EXTENSION if extended else 0), suspended)


def subject_access_due(received: date, holidays: BankHolidays) -> Due:
    """By when a request for one's own data must be answered, whichever desk it came to: within a calendar month (UK
    GDPR Arts. 12(3), 12A), over Christmas sooner than twenty working days. Pauses are for whoever handles it."""
    by = answer_by(received)
    assert by is not None
    return Due(received, by, working_days_between(received, by, holidays), (), holidays.version)


def reviewing(taken: Sequence[Taken]) -> tuple[date, bool] | None:
    """When the review that is under way was asked for, and whether it takes longer; None where none is."""
    begun: tuple[date, bool] | None = None
    for one in taken:
        if one.step is Step.ASK_REVIEW:
            begun = (one.on, False)
        elif one.step is Step.REVIEW_LONGER and begun is not None:
            begun = (begun[0], True)
        elif one.step in (Step.REVIEWED, Step.COMPLAIN):
            begun = None
    return begun


def review_without_outcome(taken: Sequence[Taken]) -> date | None:
    """The day on which a review was asked for that nobody answered, be it that it goes on or that a complaint to the
    ICO cut it short; None where none is."""
    asked: date | None = None
    for one in taken:
        if one.step is Step.ASK_REVIEW:
            asked = one.on
        elif one.step is Step.REVIEWED:
            asked = None
    return asked


def sent_on(taken: Sequence[Taken]) -> date | None:
    """The day on which the answer went, or that of a review of it."""
    return next((one.on for one in reversed(taken) if one.step in (Step.SEND, Step.REVIEWED)), None)


def review_due(asked: date, holidays: BankHolidays, complex_: bool = False) -> Due:
    """By when an internal review must be answered."""
    return due(asked, holidays, REVIEW_AT_MOST if complex_ else REVIEW)


# --- refusing (s. 17) ------------------------------------------------------------------------------------------


class Refusing(StrEnum):
    """What a refusal says that it does. Only the first says that the information is held."""

    WITHHELD = "withheld"
    NOT_OBLIGED = "no duty to answer"
    NEITHER = "neither confirmed nor denied"


@dataclass(frozen=True, slots=True)
class Exemption:
    """`limb`: the part of the section. `qualified`: the public interest must be weighed (s. 2)."""

    section: str
    limb: str
    about: str
    qualified: bool

    @property
    def name(self) -> str:
        return f"s. {self.section}{self.limb}"

    @property
    def does(self) -> Refusing:
        """Ss. 12 and 14 take the duty to answer away; s. 40(5) that to say whether it is held."""
        if self.section in ("12", "14"):
            return Refusing.NOT_OBLIGED
        return Refusing.NEITHER if self.name == "s. 40(5)" else Refusing.WITHHELD


EXEMPTIONS: tuple[Exemption, ...] = (
    Exemption("12", "(1)", "finding it would cost more than the appropriate limit", False),
    Exemption(
        "12", "(2)", "finding out whether it is held would cost more than the appropriate limit", False
    ),
    Exemption("14", "(1)", "the request is vexatious", False),
    Exemption("14", "(2)", "it repeats a request answered before, without a reasonable time between", False),
    Exemption("21", "", "it is reasonably accessible by other means", False),
    Exemption("22", "", "it is held for future publication", True),
    Exemption("24", "(1)", "national security", True),
    Exemption("31", "(1)(a)", "prevention or detection of crime", True),
    Exemption("31", "(1)(b)", "apprehension or prosecution of offenders", True),
    Exemption("31", "(1)(g)", "functions of a public authority listed in s. 31(2)", True),
    Exemption("38", "(1)(a)", "physical or mental health of an individual", True),
    Exemption("38", "(1)(b)", "safety of an individual", True),
    Exemption("40", "(1)", "it is the requester's own personal data: a subject access request", False),
    Exemption("40", "(2)", "it is another person's personal data", False),
    Exemption("40", "(5)", "confirming or denying would itself disclose personal data", False),
    Exemption("41", "(1)", "it was given in confidence", False),
    Exemption("42", "(1)", "legal professional privilege", True),
    Exemption("43", "(1)", "a trade secret", True),
    Exemption("43", "(2)", "commercial interests", True),
    Exemption("44", "(1)(a)", "disclosure is prohibited by another enactment", False),
)


QUALIFIED = re.compile(r"\b(?:sections?|ss?\.)\s*(?:22A?|2[46-9]|3[0135-9]|4[23])(?![0-9A-Z])", re.IGNORECASE)
"""A section of the Act by which the public interest is weighed, as letters name it (s. 2(2), (3))."""


def names_qualified(text: str) -> bool:
    """Whether a notice names a qualified exemption: for no other is there more time (ss. 10(3), 17(2))."""
    return bool(QUALIFIED.findall(text))


@dataclass(frozen=True, slots=True)
class Refusal:
    """What s. 17 asks a refusal notice to hold: the exemption, why it applies and, where it is qualified, why the
    public interest in keeping it outweighs that in telling it."""

    exemption: Exemption
    why: str
    balance: str = ""

    def __post_init__(self) -> None:
        if not self.why.strip():
            raise WrongValue(f"a refusal by {self.exemption.name} says why it applies (s. 17(1)(c))")
        if self.exemption.qualified != bool(self.balance.strip()):
            needed = "weighs the public interest" if self.exemption.qualified else "weighs no public interest"
            raise WrongValue(f"a refusal by {self.exemption.name} {needed} (s. 17(3))")
