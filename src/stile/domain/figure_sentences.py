"""What the figures say in answer to a question, sentence by sentence: counts, both denominators, each with its
interval, and what was not measured said to be not measured. Each cites the figures it is made of, by period and
centre."""

from collections.abc import Iterator, Sequence
from datetime import date

from stile.domain.figure_words import measured, number, of
from stile.domain.figures import Figures, Measure
from stile.domain.foi_desk.draft import Citation, Sentence

M = Measure


def citation(figures: Figures, day: date) -> Citation:
    """Of one period and one centre: `figures:2026-10-01/2026-11-26:<centre>`, dated the last day that was counted."""
    period = figures.period
    key = f"figures:{period.first.isoformat()}/{period.last.isoformat()}:{figures.centre or 'all'}"
    return Citation(key, min(period.last, day))


def sentences(place: str, figures: Figures, day: date) -> Sequence[Sentence]:
    """How often it was wrong at one place, as far as it was measured."""
    cited = (citation(figures, day),)
    return [Sentence(text, cited, tells) for text, tells in _said(place, figures)]


def _said(place: str, figures: Figures) -> Iterator[tuple[str, bool]]:
    first, last = _day(figures.period.first), _day(figures.period.last)
    attempts, matches = figures.of(M.ATTEMPTS).count, figures.of(M.MATCHES).count
    if attempts == 0:
        yield f"At {place} nobody came by face from {first} to {last}, so no error rate was measured.", False
        return
    yield (
        f"At {place}, from {first} to {last}, a face was looked at in {number(attempts)} "
        f"attempt{'' if attempts == 1 else 's'} to come in; {number(matches)} matched a member.",
        True,
    )
    yield _false_alerts(figures)
    yield _false_admissions(figures)
    yield _false_refusals(figures)
    if any(measured(figures.of(one)) for one in (M.FALSE_ALERTS, M.FALSE_REFUSALS)):
        yield "Rates of what staff noticed are lower bounds: what nobody noticed is not in them.", True


def _false_alerts(figures: Figures) -> tuple[str, bool]:
    figure = figures.of(M.FALSE_ALERTS)
    if not measured(figure):
        return "False alerts were not measured: no match was looked into.", False
    rates = " and ".join(of(one) for one in figure.shares)
    return f"False alerts that staff noticed: {number(figure.count)}, which is {rates}.", True


def _false_admissions(figures: Figures) -> tuple[str, bool]:
    figure = figures.of(M.FALSE_ADMISSIONS)
    drawn, answered = (figures.of(one).count for one in (M.SPOT_CHECKS, M.SPOT_CHECKS_ANSWERED))
    if not measured(figure):
        why = "none was drawn" if drawn == 0 else f"none of the {number(drawn)} drawn was answered"
        return f"The false-admit rate was not estimated by spot checks: {why}.", False
    rates = " and ".join(of(one) for one in figure.shares)
    return (
        f"Spot checks of admissions, drawn at random: {number(drawn)}; answered: {number(answered)}; found that the "
        f"door had opened for somebody else: {number(figure.count)}. The false-admit rate is estimated at {rates}.",
        True,
    )


def _false_refusals(figures: Figures) -> tuple[str, bool]:
    figure = figures.of(M.FALSE_REFUSALS)
    if not measured(figure):
        return "False refusals were not measured: no referral was looked into.", False
    rates = " and ".join(of(one) for one in figure.shares)
    return f"False refusals that staff noticed: {number(figure.count)}, which is {rates}.", True


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
