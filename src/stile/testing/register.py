"""A complete register, for tests and throw-away sites: everything that law 5 asks of a centre, made up. A centre that
lets real people in records what is true of it (`docs/how-to/keep-the-register.md`)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from stile.domain.ids import CentreId
from stile.domain.places import PURPOSE
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Fact,
    Mode,
    Phase,
    Relationship,
    SignOff,
)

SOURCE = "made up for a test"
A_YEAR = timedelta(days=365)


class Adds(Protocol):
    """What is needed of `stile.application.register.registering.Registering`."""

    def add(self, fact: Fact, source: str, actor: str, at: date | None = None) -> object: ...


def complete_facts(
    centre: CentreId,
    day: date,
    operator: str = "Test Operator",
    place: str = "Test Centre",
    review_on: date | None = None,
) -> Sequence[Fact]:
    """The centre's deployment and the sign-off of its assessment. `review_on`: a year from `day` otherwise."""
    return (
        Deployment(
            str(centre),
            place,
            operator,
            Phase.IN_USE,
            Relationship.OWN,
            since=day,
            purpose=PURPOSE,
            mode=Mode.ONE_TO_MANY,
            controller=operator,
            lawful_basis="consent (UK GDPR Art. 6(1)(a))",
            condition="explicit consent (UK GDPR Art. 9(2)(a))",
            alternative="card, PIN or phone, at the same door and the same hours",
            retention="until consent is withdrawn or membership ends",
            documents=(
                Document(DocumentKind.DPIA, "Assessment of entry by face", day, "on file: DPIA 1"),
                Document(DocumentKind.NOTICE, "Privacy notice", day, "at the desk, and on the website"),
                Document(DocumentKind.SIGNAGE, "Signs at the way in", day, "on file: signs 1"),
            ),
        ),
        SignOff(
            str(centre),
            measures_by="Managing director",
            residual_by="Managing director",
            advice="No objection.",
            review_on=review_on or day + A_YEAR,
            version="1",
        ),
    )


def complete_register(
    registering: Adds,
    centre: CentreId,
    day: date,
    operator: str = "Test Operator",
    place: str = "Test Centre",
    review_on: date | None = None,
) -> None:
    """Opens the centre's lanes to faces, as far as law 5 goes, from `day` on."""
    for fact in complete_facts(centre, day, operator, place, review_on):
        registering.add(fact, SOURCE, "test", day)
