"""A data protection impact assessment is written before the processing begins, in the Information Commissioner's seven
steps, and is signed off only when nothing of it is open.

UK GDPR Arts. 35 and 36; ICO, “Sample DPIA template” and “How do we do a DPIA?” (the seven steps, the matrix of
likelihood and severity). Each version is kept: it is only added to.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.errors import WrongValue

MOST = 20_000
"""Characters of an answer."""
MOST_RISKS = 60


class Likelihood(StrEnum):
    REMOTE = "remote"
    POSSIBLE = "possible"
    PROBABLE = "probable"


class Severity(StrEnum):
    MINIMAL = "minimal"
    SIGNIFICANT = "significant"
    SEVERE = "severe"


class Level(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Effect(StrEnum):
    """What a measure does to a risk."""

    ELIMINATED = "eliminated"
    REDUCED = "reduced"
    ACCEPTED = "accepted"


MATRIX: Mapping[tuple[Severity, Likelihood], Level] = {
    (Severity.MINIMAL, Likelihood.REMOTE): Level.LOW,
    (Severity.MINIMAL, Likelihood.POSSIBLE): Level.LOW,
    (Severity.MINIMAL, Likelihood.PROBABLE): Level.LOW,
    (Severity.SIGNIFICANT, Likelihood.REMOTE): Level.LOW,
    (Severity.SIGNIFICANT, Likelihood.POSSIBLE): Level.MEDIUM,
    (Severity.SIGNIFICANT, Likelihood.PROBABLE): Level.HIGH,
    (Severity.SEVERE, Likelihood.REMOTE): Level.LOW,
    (Severity.SEVERE, Likelihood.POSSIBLE): Level.HIGH,
    (Severity.SEVERE, Likelihood.PROBABLE): Level.HIGH,
}
"""ICO's matrix."""


@dataclass(frozen=True, slots=True)
class Risk:
    """`source`: what could happen to people, and why. None and "" are not decided yet."""

    source: str
    likelihood: Likelihood | None = None
    severity: Severity | None = None
    measures: str = ""
    effect: Effect | None = None
    residual: Level | None = None
    approved: bool = False

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise WrongValue("a risk says what could happen")
        if len(self.source) > MOST or len(self.measures) > MOST:
            raise WrongValue(f"a risk is described in up to {MOST:,} characters")

    @property
    def level(self) -> Level | None:
        """Overall, before any measure; None while one of the two is not decided."""
        if self.likelihood is None or self.severity is None:
            return None
        return MATRIX[self.severity, self.likelihood]


@dataclass(frozen=True, slots=True)
class Answer:
    """`configured`: what the configuration said when this was written, so that it shows when the two drift apart."""

    question: str
    text: str
    configured: str = ""

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise WrongValue(f"an assessment has no question “{self.question}”")
        if len(self.text) > MOST:
            raise WrongValue(f"an answer has up to {MOST:,} characters")


@dataclass(frozen=True, slots=True)
class Assessment:
    """One version. `deployment`: the register's key. `n`: 1, 2, 3 …; 0 for one that nobody has begun."""

    deployment: str
    n: int
    at: datetime
    by: str
    answers: tuple[Answer, ...] = ()
    risks: tuple[Risk, ...] = ()

    def __post_init__(self) -> None:
        if not self.deployment.strip():
            raise WrongValue("an assessment is of one deployment")
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")
        names = [one.question for one in self.answers]
        if len(set(names)) != len(names):
            raise WrongValue("a question is answered once")
        if len(self.risks) > MOST_RISKS:
            raise WrongValue(f"an assessment has up to {MOST_RISKS} risks")

    def text(self, question: str) -> str:
        return next((one.text for one in self.answers if one.question == question), "")

    @property
    def signature(self) -> str:
        """What a sign-off of this version says: an assessment that is kept elsewhere has a version 3 as well."""
        return f"{self.n}, written in Stile"

    @property
    def must_consult(self) -> bool:
        """Whether the Commissioner must be asked before the processing begins (Art. 36(1))."""
        return any(one.residual is Level.HIGH for one in self.risks)


class Open(StrEnum):
    """What keeps an assessment from being signed off."""

    UNANSWERED = "is not answered"
    UNREAD = "is filled in from the configuration, and nobody has read it"
    NO_RISKS = "no risk is written down"
    UNJUDGED = "likelihood and severity are not decided"
    UNMEASURED = "nothing is said to reduce it"
    NO_EFFECT = "the effect and the residual risk are not decided"
    UNAPPROVED = "the measure is not approved"
    NOT_CONSULTED = "a residual risk stays high, and the Information Commissioner was not consulted"


@dataclass(frozen=True, slots=True)
class Gap:
    """`of`: the question's label or the risk, "" for the assessment as a whole."""

    step: Step
    why: Open
    of: str = ""


def gaps(assessment: Assessment, filled: Collection[str] = ()) -> Sequence[Gap]:
    """What is open, in the order of the steps; empty when it may be signed off. A low risk needs no measure.

    `filled`: questions that a form begins filled in with; until somebody has read and saved them, they are open."""
    found = [
        Gap(one.step, Open.UNREAD if one.name in filled else Open.UNANSWERED, one.label)
        for one in QUESTIONS.values()
        if one.name != "prior_consultation" and not assessment.text(one.name).strip()
    ]
    if not assessment.risks:
        found.append(Gap(Step.RISKS, Open.NO_RISKS))
    for risk in assessment.risks:
        if risk.level is None:
            found.append(Gap(Step.RISKS, Open.UNJUDGED, risk.source))
        elif risk.level is not Level.LOW:
            if not risk.measures.strip():
                found.append(Gap(Step.MEASURES, Open.UNMEASURED, risk.source))
            if risk.effect is None or risk.residual is None:
                found.append(Gap(Step.MEASURES, Open.NO_EFFECT, risk.source))
            elif not risk.approved:
                found.append(Gap(Step.MEASURES, Open.UNAPPROVED, risk.source))
    if assessment.must_consult and not assessment.text("prior_consultation").strip():
        found.append(Gap(Step.OUTCOME, Open.NOT_CONSULTED))
    order = list(Step)
    return sorted(found, key=lambda one: order.index(one.step))


def changed(before: Assessment | None, after: Assessment) -> Sequence[str]:
    """What a version changed: labels of questions, and the risks."""
    found = [
        one.label
        for one in QUESTIONS.values()
        if after.text(one.name) != (before.text(one.name) if before else "")
    ]
    if after.risks != (before.risks if before else ()):
        found.append("Risks and measures")
    return found


def drifted(assessment: Assessment, configured: Mapping[str, str]) -> Sequence[str]:
    """Questions whose configuration says something else now than when they were answered."""
    return [
        one.question
        for one in assessment.answers
        if one.question in configured and one.text.strip() and one.configured != configured[one.question]
    ]
