"""The steps of an assessment as forms: answers to questions, a row for each risk, a row for each measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from stile.domain.dpia import (
    MOST,
    MOST_RISKS,
    Assessment,
    Effect,
    Level,
    Likelihood,
    Risk,
    Severity,
)
from stile.domain.dpia_questions import QUESTIONS, Question, Step

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Read:
    """`problems`: by the name of a field."""

    answers: Mapping[str, str]
    risks: Sequence[Risk]
    problems: Mapping[str, str]


def questions(step: Step) -> Sequence[Question]:
    return [one for one in QUESTIONS.values() if one.step is step]


def shown(assessment: Assessment, step: Step) -> dict[str, str]:
    """What stands in the fields of a step."""
    if step is Step.RISKS:
        rows: dict[str, str] = {"source_new": "", "likelihood_new": "", "severity_new": ""}
        for n, risk in enumerate(assessment.risks):
            rows |= {
                f"source_{n}": risk.source,
                f"likelihood_{n}": risk.likelihood or "",
                f"severity_{n}": risk.severity or "",
                f"remove_{n}": "",
            }
        return rows
    if step is Step.MEASURES:
        return {
            name: value
            for n, risk in enumerate(assessment.risks)
            for name, value in (
                (f"measures_{n}", risk.measures),
                (f"effect_{n}", risk.effect or ""),
                (f"residual_{n}", risk.residual or ""),
                (f"approved_{n}", "yes" if risk.approved else ""),
            )
        }
    return {one.name: assessment.text(one.name) for one in questions(step)}


def read(assessment: Assessment, step: Step, given: Mapping[str, str]) -> Read:
    """`assessment`: the version that the form was made of, so that its rows are the same."""
    problems = {
        name: f"Up to {MOST:,} characters, please: these are {len(value):,}."
        for name, value in given.items()
        if len(value) > MOST
    }
    if step is Step.RISKS:
        risks = _judged(assessment, given, problems)
    elif step is Step.MEASURES:
        risks = [_measured(n, risk, given) for n, risk in enumerate(assessment.risks)] if not problems else []
    else:
        risks = list(assessment.risks)
    answers = {one.name: given.get(one.name, "") for one in questions(step)}
    return Read(answers, risks, problems)


def _judged(assessment: Assessment, given: Mapping[str, str], problems: dict[str, str]) -> list[Risk]:
    found = []
    for n, risk in enumerate(assessment.risks):
        if given.get(f"remove_{n}"):
            continue
        source = _text(given.get(f"source_{n}", risk.source))
        if not source:
            problems[f"source_{n}"] = "Say what could happen, or tick that the risk is taken out."
            continue
        likelihood = _one(Likelihood, given.get(f"likelihood_{n}"))
        severity = _one(Severity, given.get(f"severity_{n}"))
        if f"source_{n}" not in problems:
            found.append(replace(risk, source=source, likelihood=likelihood, severity=severity))
    new = _text(given.get("source_new", ""))
    if new and "source_new" not in problems:
        if len(found) >= MOST_RISKS:
            problems["source_new"] = f"An assessment has up to {MOST_RISKS} risks."
        else:
            found.append(
                Risk(
                    new,
                    _one(Likelihood, given.get("likelihood_new")),
                    _one(Severity, given.get("severity_new")),
                )
            )
    elif not new and (given.get("likelihood_new") or given.get("severity_new")):
        problems["source_new"] = "Say what could happen."
    return found


def _measured(n: int, risk: Risk, given: Mapping[str, str]) -> Risk:
    return replace(
        risk,
        measures=_text(given.get(f"measures_{n}", risk.measures)),
        effect=_one(Effect, given.get(f"effect_{n}")),
        residual=_one(Level, given.get(f"residual_{n}")),
        approved=given.get(f"approved_{n}") == "yes",
    )


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


def _one(kind: type[E], value: str | None) -> E | None:
    """Not decided, where it is nothing that can be chosen."""
    return next((one for one in kind if one.value == value), None)
