"""What parents and children said: the latest word of each counts."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from stile.domain.consent import Channel, Relation
from stile.domain.errors import WrongValue
from stile.domain.guardians import Evidence, Excuse, Guardian, Parent, Said, Word, evidence
from stile.domain.ids import GuardianId, WordId
from tests.domain.builders import ADA, NAIVE, NOW

MOTHER = Guardian(GuardianId(UUID(int=1)), ADA, "Annabella Byron", Relation.PARENT)
FATHER = Guardian(GuardianId(UUID(int=2)), ADA, "George Byron", Relation.PARENT)
SHA = "0" * 64


def word(n: int, said: Said, who: Guardian | None = MOTHER) -> Word:
    excuse = Excuse.NOT_FOUND if said is Said.EXCUSED else None
    id, at = WordId(UUID(int=n)), NOW + timedelta(minutes=n)
    shown = SHA if said is Said.CONSENTED else None
    return Word(id, ADA, who.id if who else None, said, at, Channel.PAPER, "staff", shown, excuse)


@pytest.mark.parametrize(
    ("said", "parent"),
    [
        ([], Parent()),
        ([Said.NOTIFIED], Parent(notified=True)),
        ([Said.NOTIFIED, Said.CONSENTED], Parent(notified=True, consents=True)),
        ([Said.CONSENTED, Said.OBJECTED], Parent(notified=True, objects=True)),
        ([Said.OBJECTED, Said.CONSENTED], Parent(notified=True, consents=True)),
        ([Said.CONSENTED, Said.NOTIFIED], Parent(notified=True, consents=True)),
        ([Said.EXCUSED], Parent(excused=True)),
        ([Said.EXCUSED, Said.NOTIFIED], Parent(notified=True, excused=True)),
        ([Said.EXCUSED, Said.OBJECTED], Parent(notified=True, objects=True)),
        ([Said.OBJECTED, Said.EXCUSED], Parent(notified=True, objects=True, excused=True)),
        ([Said.CONSENTED, Said.EXCUSED], Parent(notified=True, excused=True)),
    ],
    ids=lambda one: ", ".join(one) or "nothing" if isinstance(one, list) else "",
)
def test_the_latest_word_of_a_parent_counts(said: list[Said], parent: Parent) -> None:
    """And no excuse silences an objection that was made."""
    words = [word(n, one) for n, one in enumerate(said)]
    assert evidence([MOTHER], reversed(words)) == Evidence((parent,))


def test_each_parent_speaks_for_themselves() -> None:
    found = evidence([MOTHER, FATHER], [word(1, Said.CONSENTED), word(2, Said.OBJECTED, FATHER)])
    assert found.somebody_consents
    assert found.somebody_objects


@pytest.mark.parametrize(
    ("said", "refuses"),
    [
        ([], False),
        ([Said.REFUSED], True),
        ([Said.REFUSED, Said.AGREED], False),
        ([Said.AGREED, Said.REFUSED], True),
    ],
    ids=["nothing", "no", "no, then yes", "yes, then no"],
)
def test_the_childs_latest_word_counts(said: list[Said], refuses: bool) -> None:
    words = [word(n, one, None) for n, one in enumerate(said)]
    assert evidence([], words).child_refuses is refuses


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: replace(word(1, Said.CONSENTED), guardian=None),
        lambda: replace(word(1, Said.REFUSED, None), guardian=MOTHER.id),
        lambda: replace(word(1, Said.CONSENTED), notice_sha256=None),
        lambda: replace(word(1, Said.EXCUSED), excuse=None),
        lambda: replace(word(1, Said.OBJECTED), excuse=Excuse.WELFARE),
        lambda: replace(word(1, Said.OBJECTED), at=NAIVE),
        lambda: replace(MOTHER, name=" "),
        lambda: replace(MOTHER, name="x" * 201),
        lambda: replace(MOTHER, email="nobody"),
        lambda: replace(MOTHER, digest="a token", link_expires_at=NOW),
        lambda: replace(MOTHER, digest=SHA),
    ],
    ids=[
        "nobody consents",
        "a parent refuses for the child",
        "a consent to nothing",
        "an excuse without a reason",
        "an objection with an excuse",
        "no zone",
        "no name",
        "a very long name",
        "no address",
        "a token where its digest belongs",
        "a link without an end",
    ],
)
def test_what_cannot_be_said(wrong: object) -> None:
    with pytest.raises(WrongValue):
        wrong()  # type: ignore[operator]
