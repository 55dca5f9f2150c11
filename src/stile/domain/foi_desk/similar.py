"""Requests that ask much the same as one before, and answers that would say otherwise than one that was given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.foi_desk.request import DraftVersion, FoiRequest

ALIKE = 0.4
"""Share of words in common (Jaccard) from which two questions count as the same question."""
COMPARED = 30
"""Questions of a request that are compared, the first of them: whoever asks a hundred makes nothing slow."""
COMMON = frozenset(
    re.findall(
        r"\w+",
        "a an and any are as at be been by can did do does for from had has have how if in is it its of on or "
        "our please provide that the their them there they this to was were what when where which who with "
        "you your details give ",
    )
)
"""Words that tell two questions apart from nothing."""


@dataclass(frozen=True, slots=True)
class Similar:
    """`alike`: 0 to 1, the mean over this request's questions of the best match among the other's."""

    request: FoiRequest
    alike: float


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{2,}", text.lower())) - COMMON


@dataclass(frozen=True, slots=True)
class Bag:
    """What a question is compared by."""

    words: frozenset[str]
    topics: tuple[Topic, ...]

    @classmethod
    def of(cls, question: Question) -> "Bag":
        return cls(words(question.text), question.topics)

    def like(self, other: "Bag") -> float:
        """0 to 1: the words in common; a little more where both are about the same things."""
        if not self.words or not other.words:
            return 0.0
        same = len(self.words & other.words) / len(self.words | other.words)
        return min(1.0, same + 0.2) if self.topics and self.topics == other.topics else same


def likeness(one: Question, other: Question) -> float:
    """Of two questions, 0 to 1."""
    return Bag.of(one).like(Bag.of(other))


def similar(request: FoiRequest, others: Sequence[FoiRequest]) -> Sequence[Similar]:
    """Those that ask much the same, the most alike first."""
    mine = _bags(request)
    found = [Similar(one, _alike(mine, _bags(one))) for one in others]
    return sorted((one for one in found if one.alike >= ALIKE), key=lambda one: -one.alike)


def _bags(request: FoiRequest) -> Sequence[Bag]:
    return [Bag.of(one) for one in request.questions[:COMPARED]]


def _alike(mine: Sequence[Bag], theirs: Sequence[Bag]) -> float:
    if not mine or not theirs:
        return 0.0
    return sum(max(one.like(two) for two in theirs) for one in mine) / len(mine)


def asks_alike(request: FoiRequest, other: FoiRequest) -> bool:
    """Whether one of its questions is one of the other's: only then can the answers contradict each other."""
    theirs = _bags(other)
    return any(one.like(two) >= ALIKE for one in _bags(request) for two in theirs)


def contradictions(
    request: FoiRequest, mine: DraftVersion, earlier: Sequence[tuple[FoiRequest, DraftVersion]]
) -> Sequence[str]:
    """A line each: the same question, another finding or other words. The register may have changed since: the
    officer looks."""
    found = []
    texts = {one.n: one for one in request.questions}
    for answer in mine.answers:
        question = texts.get(answer.n)
        if question is None:
            continue
        for other, version in earlier:
            before = {one.n: one for one in version.answers}
            for asked in other.questions:
                given = before.get(asked.n)
                if given is None or likeness(question, asked) < ALIKE:
                    continue
                if (given.refusal is None) is not (answer.refusal is None):
                    here, there = ("answered", "refused") if given.refusal else ("refused", "answered")
                    found.append(
                        f"Question {answer.n}: {here} here, {there} in {other.ref}, question {asked.n}."
                    )
                elif given.held is not answer.held:
                    found.append(
                        f"Question {answer.n}: {answer.held} here, {given.held} in {other.ref}, question {asked.n}."
                    )
                elif given.text != answer.text:
                    found.append(f"Question {answer.n}: other words in {other.ref}, question {asked.n}.")
    return found
