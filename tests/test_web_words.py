"""Every reason that the domain knows has its words, for the desk and for the kiosk."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from stile.application.gate import Concluded
from stile.application.notice import notice
from stile.domain.audit import Event
from stile.domain.consent import Audience
from stile.domain.door import DoorState
from stile.domain.ids import MemberId
from stile.domain.liveness import Telltale
from stile.domain.member import MembershipStatus
from stile.domain.notice import VERSION
from stile.domain.notice_words import WORDS
from stile.domain.passage import (
    NAMES_NOBODY,
    OF_THE_MEMBERSHIP,
    Admit,
    AdmitReason,
    Decision,
    Method,
    Outcome,
    Refer,
    ReferReason,
    Refuse,
    RefuseReason,
    reasons,
)
from stile.entrypoints.web import member_history, own_words, words
from stile.entrypoints.web.pages import Pages
from stile.entrypoints.web.prose import Block, Kind, blocks
from stile.entrypoints.web.qr import svg

MEMBER = MemberId(uuid4())
EVERY: list[Decision] = [
    *(Admit(MEMBER, reason) for reason in AdmitReason),
    *(Refuse(None if reason in NAMES_NOBODY else MEMBER, reason) for reason in RefuseReason),
    *(Refer(one, Telltale.FLAT if one is ReferReason.SPOOF else None) for one in ReferReason),
]


def test_every_reason_has_words_at_the_desk() -> None:
    assert {str(reason) for reason in words.AT_THE_DESK} == set(reasons())
    assert len(set(words.AT_THE_DESK.values())) == len(reasons()), "no two reasons read alike"
    assert all(words.reason_at_the_desk(reason) != reason for reason in reasons())
    assert words.reason_at_the_desk("of a later version") == "of a later version"


ABOUT_NO_MEMBER = (
    "setup:", "console:", "staff:", "site:", "register:", "foi:", "unknown:",
    "desk:staff:", "desk:device:", "desk:passage:", "desk:members:list", "lane:passage:", "members:import:",
    "publish:", "worker:backup:", "worker:retention:", "worker:erasure:", "rights:member:erase",
)  # fmt: skip
"""Events whose subject is never a member who could read of them: a passage stands on their page as such, and who is
erased has no page any more."""


@pytest.mark.parametrize(
    "told", [member_history.SAID, own_words.EVENTS], ids=["to the staff", "to the member"]
)
def test_what_was_done_with_a_member_has_words(told: Mapping[str, str]) -> None:
    bare = {one for one in Event if one not in told and not one.value.startswith(ABOUT_NO_MEMBER)}
    assert bare == set(), "these would be shown by their tag"


def test_every_value_that_the_desk_shows_has_words() -> None:
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.METHODS) == set(Method)
    assert set(words.STATUSES) == set(MembershipStatus)
    assert set(words.DOORS) == set(DoorState)


@pytest.mark.parametrize("decision", EVERY, ids=lambda one: f"{type(one).__name__} {one.reason}")
def test_every_decision_is_told_at_the_kiosk(decision: Decision) -> None:
    said = words.at_the_kiosk(Concluded(decision, None, "Ada", door_opened=True))
    assert said.headline
    assert said.detail
    if isinstance(decision, Admit):
        assert said == words.Said(Outcome.ADMIT, "Welcome, Ada", "Please come in.")
    elif isinstance(decision, Refuse):
        assert said.outcome is Outcome.REFUSE
        if decision.reason in OF_THE_MEMBERSHIP or decision.reason is RefuseReason.UNKNOWN_CARD:
            assert (said.detail, said.offers) == ("Please see reception.", ())
        else:
            assert len(said.offers) == 3, "what one way refused, another may do"
    elif decision.reason in words.NO_PINS_NOW:
        assert said == words.USE_ANOTHER
        assert Method.PIN not in said.offers
    elif decision.reason is ReferReason.CANNOT_RECORD:
        assert said == words.SEE_RECEPTION
    else:
        assert said == words.USE_CARD, "nobody learns at the kiosk why a face was not enough"


def test_the_kiosk_names_nobody_but_by_first_name() -> None:
    admitted = Admit(MEMBER, AdmitReason.FACE_MATCHED)
    assert words.at_the_kiosk(Concluded(admitted, None, None, door_opened=True)).headline == "Welcome"
    assert str(MEMBER) not in str(words.at_the_kiosk(Concluded(admitted, None, "Ada", door_opened=True)))


def test_who_was_admitted_by_a_door_that_stayed_shut_is_sent_to_reception() -> None:
    stuck = Concluded(Admit(MEMBER, AdmitReason.CARD_ACCEPTED), None, "Ada", door_opened=False)
    assert words.at_the_kiosk(stuck) == words.SEE_RECEPTION


def test_the_notice_is_shown_whole() -> None:
    shown = blocks(notice("Test Operator", "dpo@example.org").words)
    assert shown[0] == Block(Kind.TITLE, "Coming in by face")
    assert sum(block.kind is Kind.HEADING for block in shown) == 8
    text = "\n".join(block.text for block in shown)
    for line in notice("Test Operator", "dpo@example.org").words.splitlines():
        assert line.lstrip("# ").strip() in text


def test_other_words_are_another_version() -> None:
    """Each version of the notice and the digest of its words: what a member agreed to can be shown years later."""
    digests = {audience: hashlib.sha256(words.encode()).hexdigest() for audience, words in WORDS.items()}
    assert (VERSION, digests) == (
        "2026-11-25.5",
        {
            Audience.ADULT: "41f525089740de3ef3255c5564970fa5da0f4a56c9f7aa3a69fd716a8bf9a074",
            Audience.TEENAGER: "9bcca5fbf2072f05424e621286277d62bc46fa2fac894364e62997aaf8b95ef5",
            Audience.CHILD: "631ed22ac0b5c6607fb5759c73871c8b7b256b70620c225ca0415ea6f1360ecb",
            Audience.PARENT: "ac75832651858327a9a1cdc4f9a6600613befa8708611339f9705fd3d2db02e7",
        },
    )


@pytest.mark.parametrize("audience", Audience, ids=str)
def test_the_alternative_is_the_first_thing_that_is_told(audience: Audience) -> None:
    shown = blocks(notice("Test Operator", None, audience).words)
    first = next(block.text for block in shown if block.kind is Kind.HEADING)
    assert first.startswith("You can always use ")


def test_markup_in_the_notice_stays_text() -> None:
    assert blocks("a <b>\n- c\n\n### d") == [
        Block(Kind.PARAGRAPH, "a <b>\n- c"),
        Block(Kind.PARAGRAPH, "### d"),
    ]


def test_a_qr_code_needs_no_style() -> None:
    drawn = svg("https://stile.example/enrol/" + "x" * 43)
    assert drawn.count("<path") == 2
    assert "style" not in drawn


def test_times_are_shown_as_the_centres_clocks_show_them() -> None:
    filters = Pages(ZoneInfo("Europe/London"))._templates.filters
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert filters["clock"](summer) == "00:30:00"
    assert filters["day"](summer) == "1 July 2026"
    assert filters["moment"](summer) == "1 July 2026, 00:30"
    assert filters["day_short"](summer) == "1 Jul 2026"
    assert filters["lately"](summer, date(2026, 7, 1)) == "00:30:00"
    assert filters["lately"](summer, date(2026, 7, 2)) == "1 Jul, 00:30"
