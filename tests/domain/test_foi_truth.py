"""No register makes a draft say what it does not say: not of another place, another time, or somebody else."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from stile.domain.foi_desk.draft import Facts, Held
from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.foi_desk.sentences import draft
from stile.domain.register import (
    Document,
    DocumentKind,
    EventKind,
    Happened,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Party,
    Phase,
    Register,
    Relationship,
    SignOff,
)
from stile.entrypoints.transparency.told import headline
from tests.domain.test_foi_draft import DAY, LEISURE, OWN, an_entry, ask

POOL = replace(OWN, key="pool", place="the pool")
HALL = replace(OWN, key="hall", place="the hall")
BEHALF = replace(LEISURE, relationship=Relationship.ON_BEHALF, since=date(2019, 5, 1))
YEAR = (date(2019, 1, 1), date(2019, 12, 31))


def no(kind: EventKind, deployment: str = "", since: date = YEAR[0], until: date = YEAR[1]) -> NoneHappened:
    return NoneHappened(kind, since, until, deployment)


# --- what happened -----------------------------------------------------------------------------------------------


def test_none_at_one_centre_is_not_none_anywhere() -> None:
    said = ask(Topic.RESULTS, POOL, HALL, no(EventKind.ARREST, "pool"))
    assert "There were no arrests at the pool from 1 January 2019 to 31 December 2019." in said.text
    assert "There were no arrests from" not in said.text
    assert "Whether there were arrests at the hall is not recorded." in said.text
    assert said.held is Held.PARTLY


def test_an_event_takes_away_none_of_its_own_place_only() -> None:
    arrest = Happened(EventKind.ARREST, date(2019, 6, 1), "a man was arrested", "pool")
    known = (POOL, HALL, no(EventKind.ARREST, "pool"), no(EventKind.ARREST, "hall"), arrest)
    said = ask(Topic.RESULTS, *known).text
    assert "1 June 2019, at the pool: a man was arrested." in said
    assert "no arrests at the pool" not in said
    assert "There were no arrests at the hall from 1 January 2019" in said
    assert "no arrests" not in ask(Topic.RESULTS, POOL, no(EventKind.ARREST), arrest).text


def test_years_without_any_that_follow_on_one_another_are_one_time() -> None:
    later = no(EventKind.ARREST, since=date(2020, 1, 1), until=date(2020, 2, 1))
    apart = no(EventKind.ARREST, since=date(2017, 1, 1), until=date(2017, 12, 31))
    said = ask(Topic.RESULTS, POOL, later, no(EventKind.ARREST), apart).text
    assert "There were no arrests from 1 January 2019 to 1 February 2020." in said
    assert "There were no arrests from 1 January 2017 to 31 December 2017." in said


def test_what_is_recorded_of_anothers_use_is_told_and_not_denied() -> None:
    arrest = Happened(EventKind.ARREST, date(2019, 6, 1), "a man was arrested", "leisure")
    said = ask(Topic.RESULTS, OwnUse(False), LEISURE, arrest).text
    assert "1 June 2019, at the leisure centres, where Barnstone Leisure runs it: a man was arrested." in said
    assert "does not hold the results" not in said


def test_who_asked_for_data_is_told() -> None:
    asked = Happened(
        EventKind.DATA_REQUEST, date(2019, 6, 1), "pictures", "pool", "Barnstone Police", False, "kept none"
    )
    said = ask(Topic.DATA_REQUESTS, POOL, asked).text
    assert (
        said
        == "1 June 2019, at the pool: pictures, by Barnstone Police. It was not granted. Ground: kept none."
    )


def test_a_use_that_is_only_planned_has_had_no_time_for_arrests() -> None:
    planned = replace(HALL, phase=Phase.PLANNED, since=None)
    assert "the hall" not in ask(Topic.RESULTS, POOL, planned, no(EventKind.ARREST, "pool")).text


# --- whose it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"joint_controllers": ("Barnstone Borough Council",)},
        {"controller": "Barnstone Borough Council"},
    ],
    ids=["joint", "another"],
)
def test_not_responsible_is_said_only_where_the_operator_alone_decides(more: dict[str, object]) -> None:
    said = ask(Topic.USE, OwnUse(False), replace(LEISURE, **more)).text  # type: ignore[arg-type]
    assert "not responsible" not in said
    assert "managed entirely" not in said
    assert "The council did not ask for its use." in said


def test_joint_controllers_are_both_named() -> None:
    joint = replace(LEISURE, joint_controllers=("The Trust", "The Council"))
    said = ask(Topic.USE, OwnUse(False), joint).text
    assert "Barnstone Leisure, The Trust and The Council are joint controllers of the personal data" in said


def test_who_asked_for_it_is_not_said_to_have_nothing_to_do_with_it() -> None:
    said = ask(Topic.USE, OwnUse(False), replace(LEISURE, asked_for=True)).text
    assert "The council asked for its use." in said
    assert "not responsible" not in said


def test_what_is_run_on_its_behalf_is_said_to_be_so() -> None:
    said = ask(Topic.USE, OwnUse(False), BEHALF).text
    assert "The council does not itself use facial recognition." in said
    assert "Barnstone Leisure uses facial recognition on behalf of the council at the leisure centres" in said
    assert "Barnstone Leisure is the controller" in said
    assert "no use of its own" not in ask(Topic.WHERE_WHEN_WHY, OwnUse(False), BEHALF).text


def test_centres_of_one_operator_are_said_to_be_its_own_once() -> None:
    other = replace(LEISURE, key="gym", place="the gym")
    said = ask(Topic.USE, OwnUse(False), LEISURE, other)
    assert said.text.count("managed entirely") == said.text.count("not responsible") == 1
    assert len(said.sentences[-1].citations) == 2
    unlike = ask(Topic.USE, OwnUse(False), LEISURE, replace(other, asked_for=True)).text
    assert unlike.index("did not ask") < unlike.index("at the gym") < unlike.index("The council asked for")


def test_firms_that_nobody_recorded_are_not_passed_over() -> None:
    said = ask(Topic.INVOLVED, replace(POOL, suppliers=(), processors=()))
    assert "Which private firms were involved at the pool is not recorded." in said.text
    assert said.held is Held.NOT_HELD


# --- when --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "told", "not_told"),
    [
        (
            {"phase": Phase.ENDED, "until": date(2019, 9, 1)},
            ("used facial", "It was in use from 1 May 2019 to 1 September 2019.", "Faces were compared"),
            "no use of its own",
        ),
        ({"until": date(2019, 9, 1)}, ("used facial", "to 1 September 2019."), " uses "),
        (
            {"until": date(2020, 9, 1)},
            ("uses facial", "since 1 May 2019, and is to end on 1 September 2020."),
            "was in",
        ),
        ({"since": date(2020, 9, 1)}, ("plans to use", "It is planned from 1 September 2020."), "since"),
        (
            {"phase": Phase.PLANNED},
            ("planned to use", "It was planned from 1 May 2019.", "Whether it began is not recorded."),
            "is planned",
        ),
        ({"phase": Phase.PILOT}, ("is trying out facial", "It has been tried since 1 May 2019."), "in use"),
        (
            {"phase": Phase.ENDED, "since": None, "until": date(2019, 9, 1)},
            ("on which Barnstone Leisure began is not recorded.", "It ended on 1 September 2019."),
            "uses",
        ),
    ],
    ids=["ended", "past its end", "to end", "to come", "plan that is past", "pilot", "ended, begun unknown"],
)
def test_a_use_is_told_as_it_stands_today(
    more: dict[str, object], told: tuple[str, ...], not_told: str
) -> None:
    said = ask(Topic.WHERE_WHEN_WHY, OwnUse(False), replace(OWN, **more)).text  # type: ignore[arg-type]
    for words in told:
        assert words in said
    assert not_told not in said


def test_a_trial_of_before_is_told_when_it_has_become_use() -> None:
    trial = replace(POOL, phase=Phase.PILOT, since=date(2018, 3, 1), until=date(2018, 6, 1))
    said = ask(Topic.WHERE_WHEN_WHY, trial, POOL).text
    assert (
        "It has been in use since 1 May 2019. Before that it was tried from 1 March 2018 to 1 June 2018."
        in said
    )


def test_anothers_use_that_is_over_was_managed() -> None:
    over = replace(LEISURE, phase=Phase.ENDED, until=date(2019, 9, 1))
    said = ask(Topic.USE, OwnUse(False), over).text
    assert "Barnstone Leisure used facial recognition" in said
    assert "The technology was managed entirely by Barnstone Leisure." in said
    assert "Barnstone Leisure ran the system" in ask(Topic.INVOLVED, over).text


# --- what the register says of another's use is held ---------------------------------------------------------------


def test_what_the_register_says_of_anothers_use_is_not_said_to_be_not_held() -> None:
    known = replace(
        LEISURE,
        lawful_basis="consent",
        retention="until consent is withdrawn",
        alternative="a card",
        documents=(Document(DocumentKind.DPIA, "DPIA", date(2019, 4, 1), "https://leisure.example/dpia"),),
    )
    for topic, words in (
        (Topic.BASIS, "The lawful basis at the leisure centres is consent."),
        (
            Topic.BASIS,
            "There is a data protection impact assessment for the leisure centres, of 1 April 2019.",
        ),
        (Topic.RETENTION, "data is kept as follows: until consent is withdrawn."),
        (Topic.ALTERNATIVE, "The alternative to the face at the leisure centres: a card."),
    ):
        said = ask(topic, OwnUse(False), known)
        assert words in said.text
        assert said.held is Held.HELD
        assert "does not hold" in ask(topic, OwnUse(False), LEISURE).text


def test_what_is_not_held_of_several_centres_is_said_once_with_their_places() -> None:
    other = replace(LEISURE, key="gym", place="the gym", lawful_basis="consent")
    said = ask(Topic.BASIS, OwnUse(False), LEISURE, other).text
    assert "does not hold the lawful basis of Barnstone Leisure's use at the leisure centres;" in said
    assert "impact assessment of Barnstone Leisure's use at the leisure centres and the gym;" in said
    results = ask(Topic.RESULTS, OwnUse(False), LEISURE, other, replace(other, key="x", operator="SwimCo"))
    assert results.text.count("does not hold") == 2


def test_what_an_operator_publishes_is_pointed_to() -> None:
    """S. 16: its register was read from there."""
    source = (
        "https://leisure.example/transparency/register.json, published by Barnstone Leisure as of 2020-02-01"
    )
    entry = replace(an_entry(LEISURE), source=source)
    known = Facts(OrganisationKind.AUTHORITY, "the council", Register([entry]), DAY, {}, {})
    [answer] = draft([Question(1, "?", (Topic.RETENTION,))], known)
    assert answer.text.endswith(
        "held by Barnstone Leisure, which publishes its own account at https://leisure.example/transparency."
    )


def test_a_review_that_is_overdue_was_to_be_made() -> None:
    signed = SignOff("pool", "Manager", "Board", "Followed.", date(2020, 1, 1))
    assert "it was to be reviewed by 1 January 2020" in ask(Topic.BASIS, POOL, signed).text


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize(("phase", "relationship"), list(product(Phase, Relationship)))
def test_no_answer_says_yes_and_no(topic: Topic, phase: Phase, relationship: Relationship) -> None:
    use = replace(
        LEISURE, phase=phase, relationship=relationship, until=DAY if phase is Phase.ENDED else None
    )
    for own in ((), (OwnUse(False),)):
        said = ask(topic, *own, use, replace(use, key="two", processors=(Party("Firm"),)))
        assert said.text
        if relationship is not Relationship.OPERATORS_ALONE:
            assert "no use of its own" not in said.text
        assert ".." not in said.text
        assert "  " not in said.text


def test_none_at_one_place_is_shown_with_its_place_on_the_page_for_people() -> None:
    entry = an_entry(no(EventKind.ARREST, "pool"))
    assert headline(entry, {"pool": "the pool"}).startswith("No arrests at the pool from 1 January 2019")
    assert "at one place" in headline(entry, {})
    assert headline(an_entry(no(EventKind.ARREST)), {}).startswith("No arrests from")
