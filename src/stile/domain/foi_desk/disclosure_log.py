"""The disclosure log: what was asked and what was answered, for everybody to read. Who asked is not in it: there is no
field for them, and words that hold their name or address are not published.
"""

from dataclasses import dataclass
from datetime import date

from stile.domain.errors import WrongValue
from stile.domain.foi import Refusing
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import REF, DraftedAnswer

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class DisclosedAnswer:
    """`refused`: the exemption and why it applies, where the answer was refused."""

    n: int
    question: str
    held: Held
    text: str
    refused: str = ""

    @classmethod
    def of(cls, answer: DraftedAnswer, question: str) -> "DisclosedAnswer":
        if answer.refusal is None:
            return cls(answer.n, question, answer.held, answer.text)
        exemption = answer.refusal.exemption
        balance = f" On the public interest: {answer.refusal.balance}" if answer.refusal.balance else ""
        done = "refused" if exemption.does is Refusing.NOT_OBLIGED else exemption.does.value
        why = f"{exemption.about}. {answer.refusal.why}{balance}"
        refused = f"{done[0].upper()}{done[1:]} under {exemption.name}: {why}"
        return cls(answer.n, question, answer.held, "", refused)


@dataclass(frozen=True, slots=True)
class DisclosedPaper:
    """`sha256`: of its content, in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One answered request as it is published. `answered`: the day on which the answer went."""

    ref: str
    published_on: date
    received: date
    answered: date
    regime: Regime
    title: str
    answers: tuple[DisclosedAnswer, ...]
    papers: tuple[DisclosedPaper, ...] = ()

    def __post_init__(self) -> None:
        if not REF.fullmatch(self.ref):
            raise WrongValue("a reference has 1 to 40 letters, digits and . / _ -")
        if not self.title.strip() or len(self.title) > LONGEST_TITLE:
            raise WrongValue(f"Please give a title of 1 to {LONGEST_TITLE} characters.")
        if not self.answers:
            raise WrongValue("An entry has at least one question.")
        if not self.received <= self.answered <= self.published_on:
            raise WrongValue("a request is received, then answered, then published")

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """Everything that is read, with where it stands."""
        return (
            ("title", self.title),
            *((f"question {one.n}", one.question) for one in self.answers),
            *((f"answer {one.n}", " ".join((one.text, one.refused))) for one in self.answers),
            *(("name of a paper", one.name) for one in self.papers),
        )
