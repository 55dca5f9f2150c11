"""Splitting a request, and what each question is about."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.foi_desk.questions import Regime, Topic, regime, split, topics

FIVE = """\
Dear Sir,

Under the Freedom of Information Act please tell me:
> 1) Do you use face recognition in any of your
>    buildings?
2. Since when, where, and for what purpose?
Q3. How often was it wrong?
(4) Was a police force involved, or a private firm?
5: Has the ICO been told?

Please reply within 20 working days.
Kind regards
"""


def test_numbered_questions_are_read_as_they_are_numbered() -> None:
    found = split(FIVE)
    assert [one.n for one in found] == [1, 2, 3, 4, 5]
    assert found[0].text == "Do you use face recognition in any of your buildings?"
    assert found[4].text == "Has the ICO been told?"


def test_a_number_inside_a_question_begins_none() -> None:
    [one, two] = split("1. How many of the\n20. centres use it?\n2. Since when?")
    assert one.text == "How many of the 20. centres use it?"
    assert two.n == 2


def test_without_numbers_each_sentence_that_asks_is_a_question() -> None:
    found = split(
        "Hello. I read about cameras. Do you use facial recognition? And since when is it used?\nThank you"
    )
    assert [one.text for one in found] == [
        "Do you use facial recognition?",
        "And since when is it used?",
    ]


@pytest.mark.parametrize("text", ["Please send me everything about facial recognition.", "cameras"])
def test_without_any_question_the_whole_is_one(text: str) -> None:
    assert [one.text for one in split(text)] == [text]


@pytest.mark.parametrize("text", ["", " \n> \n", "Kind regards"])
def test_nothing_is_no_question(text: str) -> None:
    assert list(split(text)) == []


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Has your council used facial recognition technology?", {Topic.USE}),
        ("Where and when?", {Topic.WHERE_WHEN_WHY}),
        ("Were any individuals arrested?", {Topic.RESULTS}),
        ("What is the false positive rate?", {Topic.ACCURACY}),
        ("Which private companies supply it?", {Topic.INVOLVED}),
        ("Were the police involved?", {Topic.INVOLVED}),
        ("Have you involved the local police?", {Topic.INVOLVED}),
        ("Did you refer yourself to the Information Commissioner's Office?", {Topic.ICO}),
        ("Is there a DPIA, and what is the lawful basis?", {Topic.BASIS}),
        ("How long are templates retained?", {Topic.RETENTION}),
        ("What alternative is offered?", {Topic.ALTERNATIVE}),
        ("How many complaints were made?", {Topic.COMPLAINTS}),
        ("Was data shared with anybody?", {Topic.DATA_REQUESTS}),
        ("What colour are the doors?", set()),
    ],
)
def test_what_a_question_is_about(question: str, about: set[Topic]) -> None:
    assert set(topics(question)) == about


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Under the Freedom of Information Act, do you use cameras?", Regime.FOI),
        ("Do you use cameras?", Regime.FOI),
        ("What are the noise levels near the pool?", Regime.EIR),
        ("Please send me the data you hold about me.", Regime.SUBJECT_ACCESS),
        ("What are the opening hours of the pool?", Regime.BUSINESS_AS_USUAL),
        ("Under FOI, how can I join?", Regime.FOI),
    ],
)
def test_which_law_it_falls_under(text: str, kind: Regime) -> None:
    assert regime(text).regime is kind
    assert regime(text).because


@pytest.mark.shared
def test_a_real_request(shared: Path) -> None:
    letter = (shared / "foi" / "barnet-6063588.txt").read_text()
    request = letter[letter.index("**To whom") : letter.index("We have processed")]
    found = split(request)
    assert [one.topics for one in found] == [
        (Topic.USE,),
        (Topic.WHERE_WHEN_WHY,),
        (Topic.RESULTS, Topic.ACCURACY),
        (Topic.INVOLVED,),
        (Topic.ICO,),
    ]
    assert regime(request).regime is Regime.FOI


@given(st.text(max_size=300))
def test_questions_are_numbered_and_none_is_empty(text: str) -> None:
    found = split(text)
    assert [one.n for one in found] == list(range(1, len(found) + 1))
    assert all(one.text.strip() for one in found)


def test_a_stranger_s_marks_make_no_endless_list() -> None:
    found = split("Why? " * 3_000)
    assert len(found) == 100
    assert found[-1].text.count("Why?") == 2_901
