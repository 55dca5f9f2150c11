"""An impact assessment in words."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from stile.domain.dpia import Effect, Gap, Level, Likelihood, Open, Risk, Severity
from stile.domain.dpia_questions import Step

E = TypeVar("E", bound=StrEnum)

TITLES: Mapping[Step, str] = {
    Step.NEED: "Why it is needed",
    Step.PROCESSING: "What is done with data",
    Step.CONSULTATION: "Who was consulted",
    Step.NECESSITY: "Necessity and proportionality",
    Step.RISKS: "Risks",
    Step.MEASURES: "Measures",
    Step.OUTCOME: "Outcome",
}
LEADS: Mapping[Step, str] = {
    Step.NEED: "What the project is for, and why it must be assessed before it begins.",
    Step.PROCESSING: "Describe it so that somebody who has never seen it understands it.",
    Step.CONSULTATION: "Ask those whom it is about, unless there is a good reason not to.",
    Step.NECESSITY: "Whether it is lawful, whether it is needed, and whether less would do.",
    Step.RISKS: "What could happen to people, how likely it is here, and how bad it would be.",
    Step.MEASURES: "What is done against each risk that is not low, and what is left of it then.",
    Step.OUTCOME: "What is left to say before it is signed off.",
}
LIKELIHOOD: Mapping[Likelihood, str] = {
    Likelihood.REMOTE: "Remote",
    Likelihood.POSSIBLE: "Possible",
    Likelihood.PROBABLE: "Probable",
}
SEVERITY: Mapping[Severity, str] = {
    Severity.MINIMAL: "Minimal",
    Severity.SIGNIFICANT: "Significant",
    Severity.SEVERE: "Severe",
}
LEVEL: Mapping[Level, str] = {Level.LOW: "Low", Level.MEDIUM: "Medium", Level.HIGH: "High"}
EFFECT: Mapping[Effect, str] = {
    Effect.ELIMINATED: "Eliminated",
    Effect.REDUCED: "Reduced",
    Effect.ACCEPTED: "Accepted",
}
OPEN: Mapping[Open, str] = {
    Open.UNANSWERED: "Not answered yet",
    Open.UNREAD: "Filled in, and not read yet",
    Open.NO_RISKS: "No risk is written down",
    Open.UNJUDGED: "Likelihood and severity are not decided",
    Open.UNMEASURED: "Nothing is said to reduce it",
    Open.NO_EFFECT: "The effect and the residual risk are not decided",
    Open.UNAPPROVED: "The measure is not approved",
    Open.NOT_CONSULTED: "A residual risk stays high: the Information Commissioner must be consulted first (Art. 36)",
}
STEPS: tuple[Step, ...] = tuple(Step)


def number(step: Step) -> int:
    return STEPS.index(step) + 1


def after(step: Step) -> Step | None:
    """The next one; None after the last."""
    return STEPS[number(step)] if number(step) < len(STEPS) else None


def risks(found: Sequence[Risk]) -> str:
    """As one text, to compare versions by."""
    return "\n\n".join(
        f"{one.source}\n"
        f"Likelihood: {_or_open(LIKELIHOOD, one.likelihood)}. Severity: {_or_open(SEVERITY, one.severity)}.\n"
        f"Measures: {one.measures or 'none'}\n"
        f"Effect: {_or_open(EFFECT, one.effect)}. Left: {_or_open(LEVEL, one.residual)}."
        f" Approved: {'yes' if one.approved else 'no'}."
        for one in found
    )


def _or_open(words: Mapping[E, str], value: E | None) -> str:
    return words[value].lower() if value is not None else "not decided"


def gap(one: Gap) -> str:
    return (
        f"{one.of.rstrip('.')}: {OPEN[one.why][:1].lower()}{OPEN[one.why][1:]}" if one.of else OPEN[one.why]
    )
