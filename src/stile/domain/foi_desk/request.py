"""One request for information: what came in, the steps that were taken, and each version of the answer.

The requester's name and address stand here and nowhere else: they are not part of the answer's facts and never go into
the disclosure log.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.foi import Refusal, State, Step, Taken, after
from stile.domain.foi_desk.draft import Citation, Held, Sentence
from stile.domain.foi_desk.questions import Question, Regime, split
from stile.domain.ids import FoiRequestId

REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,39}")
LONGEST = 100_000
"""Characters of a request."""


class Channel(StrEnum):
    """How it came in. Any writing will do (s. 8(1)(a))."""

    FORM = "web form"
    EMAIL = "e-mail"
    LETTER = "letter"
    PASTED = "pasted text"


@dataclass(frozen=True, slots=True)
class Requester:
    """`name` and `address` as they gave them; s. 8(1)(b) asks for both."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class FoiRequest:
    """`ref`: its reference, as it stands on letters. `received`: the day it came in (day 0 of the clock).
    `taken`: the steps so far, in order."""

    id: FoiRequestId
    ref: str
    received: date
    channel: Channel
    requester: Requester
    text: str
    regime: Regime
    questions: tuple[Question, ...]
    logged_at: datetime
    state: State = State.RECEIVED
    taken: tuple[Taken, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        if not REF.fullmatch(self.ref):
            raise WrongValue("a reference has 1 to 40 letters, digits and . / _ -")
        if not self.text.strip():
            raise WrongValue("There is nothing in the request. Please give its words.")
        if len(self.text) > LONGEST:
            raise WrongValue(f"a request has up to {LONGEST:,} characters")
        if self.logged_at.tzinfo is None:
            raise WrongValue("times carry their zone")

    def go(self, step: Step, on: date, by: str = "", note: str = "") -> "FoiRequest":
        """The request after this step. Raises WrongValue for what does not follow, or lies before the last one.

        Of a request that was clarified or made valid the `note` is its new wording, and the questions are those."""
        if on < (self.taken[-1].on if self.taken else self.received):
            raise WrongValue("a step is not taken before the one it follows")
        if len(note) > LONGEST:
            raise WrongValue(f"a note has up to {LONGEST:,} characters")
        state, taken = after(self.state, step), (*self.taken, Taken(step, on, by, note.strip()))
        return replace(self, state=state, taken=taken, questions=tuple(split(wording(self.text, taken))))

    @property
    def wording(self) -> str:
        """What is asked as it now stands; `text` stays what came in first."""
        return wording(self.text, self.taken)


def wording(text: str, taken: Sequence[Taken]) -> str:
    """What is asked after every clarification (s. 1(3)): the last one's words, or those that came in."""
    said = [one.note for one in taken if one.step in (Step.CLARIFIED, Step.MADE_VALID) and one.note]
    return said[-1] if said else text


@dataclass(frozen=True, slots=True)
class DraftedAnswer:
    """`citations`: the entries that the words rest on; an officer's own words keep those of the draft they changed.
    `said`: the sentences as they were drafted, each with its own: where one still stands in the text, it rests on them.
    """

    n: int
    text: str
    held: Held
    citations: tuple[Citation, ...]
    refusal: Refusal | None = None
    said: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftVersion:
    """One version of the whole answer. `by`: an officer's id, or “draft” for what was made of the register."""

    request: FoiRequestId
    n: int
    at: datetime
    by: str
    answers: tuple[DraftedAnswer, ...]

    def __post_init__(self) -> None:
        if self.n < 1 or self.at.tzinfo is None:
            raise WrongValue("a version is numbered from 1, and its time carries its zone")


def differences(before: DraftVersion, later: DraftVersion) -> Sequence[str]:
    """What an officer changed, as a unified diff, a sentence a line."""
    return list(
        difflib.unified_diff(_lines(before), _lines(later), _named(before), _named(later), lineterm="", n=0)
    )


def _lines(version: DraftVersion) -> list[str]:
    return [
        f"{answer.n}. [{answer.held}] {sentence}"
        for answer in version.answers
        for sentence in re.split(r"(?<=[.?!])\s+", answer.text) or [""]
    ]


def _named(version: DraftVersion) -> str:
    return f"version {version.n}"


def reference(year: int, number: int) -> str:
    """A reference of the desk's own."""
    return f"FOI-{year}-{number:04}"
