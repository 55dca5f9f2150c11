"""The draft of an answer. Every sentence rests on a dated entry of the register and names it; no text is invented: the
words are the templates of `foi_sentences`, and facts. What no entry says is said to be not recorded, as of the day it
was looked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.register import Deployment, Entry, OrganisationKind, OwnUse, Register, Relationship


class Held(StrEnum):
    """Whether the information is held (s. 1(1)(a))."""

    HELD = "held"
    PARTLY = "partly held"
    NOT_HELD = "not held"
    NOT_MATCHED = "to be answered by the officer"


@dataclass(frozen=True, slots=True)
class Citation:
    """`entry`: the id of a register entry, or “register” for a search of all of it. `date`: the day it stands for."""

    entry: str
    date: date


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tells`: it gives what was asked for; False where it says that it is not recorded, or held by another."""

    text: str
    citations: tuple[Citation, ...]
    tells: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    question: Question
    held: Held
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.sentences)

    @property
    def citations(self) -> Sequence[Citation]:
        """Each once, in order."""
        return list(dict.fromkeys(cited for one in self.sentences for cited in one.citations))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a draft is made of. `who`: how the organisation is called in a sentence (“the council”).
    `today`: the day the register was searched. `measured`: sentences about figures, made where the figures are, with
    their own citations. `contacts`: how to reach an operator that may hold more (s. 16)."""

    kind: OrganisationKind
    who: str
    register: Register
    today: date
    measured: Mapping[Topic, Sequence[Sentence]]
    contacts: Mapping[str, str]

    @property
    def searched(self) -> Citation:
        return Citation("register", self.today)

    @property
    def uses(self) -> Sequence[tuple[Entry, Deployment]]:
        return [(one, one.fact) for one in self.register.deployments() if isinstance(one.fact, Deployment)]

    @property
    def own(self) -> Sequence[tuple[Entry, Deployment]]:
        """Its own, and what is run on its behalf: what is held there is held by it (s. 3(2)(b))."""
        return [one for one in self.uses if one[1].relationship is not Relationship.OPERATORS_ALONE]

    @property
    def others(self) -> Sequence[tuple[Entry, Deployment]]:
        return [one for one in self.uses if one[1].relationship is Relationship.OPERATORS_ALONE]

    @property
    def says_no(self) -> Entry | None:
        """The entry that says that it uses none itself; None where the register knows of one all the same, also of one
        that is planned or over."""
        own = None if self.own else self.register.own_use()
        return own if own is not None and isinstance(own.fact, OwnUse) and not own.fact.uses else None
