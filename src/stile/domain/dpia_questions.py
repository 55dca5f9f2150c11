"""What an impact assessment asks, in the Information Commissioner's seven steps (ICO, “Sample DPIA template”; UK GDPR
Art. 35(7))."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """ICO's seven, in order."""

    NEED = "need"
    PROCESSING = "processing"
    CONSULTATION = "consultation"
    NECESSITY = "necessity"
    RISKS = "risks"
    MEASURES = "measures"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Question:
    """`filled`: whether the configuration says something to it."""

    name: str
    step: Step
    label: str
    hint: str
    filled: bool = False


QUESTIONS: Mapping[str, Question] = {
    one.name: one
    for one in (
        Question(
            "aim",
            Step.NEED,
            "What the project aims to achieve, and what kind of processing it is",
            "Refer to other documents where that helps.",
            filled=True,
        ),
        Question("need", Step.NEED, "Why an assessment is needed", "", filled=True),
        Question(
            "nature",
            Step.PROCESSING,
            "The nature of the processing",
            "How data is collected, used, kept and deleted; where it comes from; who has it; what is high risk in it.",
            filled=True,
        ),
        Question(
            "scope",
            Step.PROCESSING,
            "The scope of the processing",
            "Which data, how much, how often, of how many people, for how long, in which area; special category data.",
            filled=True,
        ),
        Question(
            "context",
            Step.PROCESSING,
            "The context of the processing",
            "Your relationship with the people, how much control they have, whether they would expect it, children and"
            " other vulnerable people, concerns that others have raised, how new it is.",
            filled=True,
        ),
        Question(
            "purposes",
            Step.PROCESSING,
            "The purposes of the processing",
            "What you want to achieve, what it does for the people, and what it does for you.",
            filled=True,
        ),
        Question(
            "consultation",
            Step.CONSULTATION,
            "Whom you consulted, when and how, and what they said",
            "Members, staff, the data protection officer, processors, security experts. Where you did not ask members:"
            " why that is right.",
        ),
        Question(
            "lawful", Step.NECESSITY, "Lawful basis, and condition for special category data", "", filled=True
        ),
        Question(
            "proportionate",
            Step.NECESSITY,
            "Whether it achieves the purpose, and whether there is another way",
            "Why a card alone is not enough. If you cannot say, do not use faces.",
        ),
        Question(
            "creep",
            Step.NECESSITY,
            "How it is kept from being used for something else",
            "Function creep.",
            filled=True,
        ),
        Question("quality", Step.NECESSITY, "Data quality and minimisation", "", filled=True),
        Question("informed", Step.NECESSITY, "What people are told", "", filled=True),
        Question("rights", Step.NECESSITY, "How people use their rights", "", filled=True),
        Question(
            "processors",
            Step.NECESSITY,
            "Processors, and how you make sure that they comply",
            "",
            filled=True,
        ),
        Question("transfers", Step.NECESSITY, "International transfers, and how they are safeguarded", ""),
        Question(
            "views",
            Step.OUTCOME,
            "Who looked at the views of those consulted",
            "Where the decision departs from them: why.",
        ),
        Question(
            "review_by",
            Step.OUTCOME,
            "Who keeps the assessment under review",
            "And when besides the review date: a new model, another lane, a changed threshold, a complaint.",
        ),
        Question(
            "prior_consultation",
            Step.OUTCOME,
            "Consultation of the Information Commissioner",
            "Only where a residual risk stays high: the day you asked, and what the answer was (UK GDPR Art. 36).",
        ),
    )
}
