"""A passage attempt ends in one decision, with a reason; its record keeps nothing of a stranger (law 1)."""

import math
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.entitlement import Asked, Inside
from stile.domain.errors import WrongValue
from stile.domain.hours import hours
from stile.domain.ids import CentreId, MemberId
from stile.domain.liveness import Live, LivenessVerdict, Spoof, Telltale, Unsure
from stile.domain.matching import Ambiguous, Match, Matching, NoMatch
from stile.domain.member import Member, MembershipStatus, NotEntitled
from stile.domain.passage import (
    BY_HAND,
    NAMES_NOBODY,
    OUTCOME_OF,
    REASONS_OF,
    Admit,
    AdmitReason,
    Comparison,
    Decision,
    Method,
    Outcome,
    Passage,
    Refer,
    ReferReason,
    Refuse,
    RefuseReason,
    decide_by_card,
    decide_by_face,
    decide_by_hand,
    decide_by_pass,
    decide_by_pin,
    decide_by_presence,
    matched_score,
    member_of,
    reasons,
)
from tests.domain.builders import (
    ADA,
    BOB,
    CENTRE,
    LANE,
    NAIVE,
    NOW,
    PACK,
    PASSAGE,
    STAFF,
    member,
    quick,
)

YESTERDAY, TODAY = NOW.date() - timedelta(days=1), NOW.date()
LAPSED = member(status=MembershipStatus.LAPSED)
SUSPENDED = member(status=MembershipStatus.SUSPENDED)
EXPIRED = member(expires_on=YESTERDAY)
ELSEWHERE = replace(member(), centres=(CentreId(UUID(int=7)),))
AT_OTHER_HOURS = replace(member(), hours=hours("tue 06:00-12:00"))
HERE = Asked(CENTRE, NOW)

# --- by face ---------------------------------------------------------------------------------------------

FACE: dict[str, tuple[Decision, LivenessVerdict, Matching, Member | None, bool]] = {
    "face matched": (Admit(ADA, AdmitReason.FACE_MATCHED), Live(), Match(ADA, 0.8), member(), True),
    "lapsed": (Refuse(ADA, RefuseReason.LAPSED), Live(), Match(ADA, 0.8), LAPSED, True),
    "suspended": (Refuse(ADA, RefuseReason.SUSPENDED), Live(), Match(ADA, 0.8), SUSPENDED, True),
    "expired": (Refuse(ADA, RefuseReason.EXPIRED), Live(), Match(ADA, 0.8), EXPIRED, True),
    "wrong centre": (Refuse(ADA, RefuseReason.WRONG_CENTRE), Live(), Match(ADA, 0.8), ELSEWHERE, True),
    "outside hours": (Refuse(ADA, RefuseReason.OUTSIDE_HOURS), Live(), Match(ADA, 0.8), AT_OTHER_HOURS, True),
    "no match": (Refer(ReferReason.NO_MATCH), Live(), NoMatch(), None, False),
    "ambiguous": (Refer(ReferReason.AMBIGUOUS), Live(), Ambiguous(), None, False),
    "not shown live": (Refer(ReferReason.NOT_SHOWN_LIVE), Unsure(), Match(ADA, 0.8), member(), True),
    "spoof": (
        Refer(ReferReason.SPOOF, Telltale.FLAT),
        Spoof(Telltale.FLAT),
        Match(ADA, 0.8),
        member(),
        True,
    ),
    "challenge failed": (
        Refer(ReferReason.CHALLENGE_FAILED),
        Unsure(after_turns=True),
        Match(ADA, 0.8),
        member(),
        True,
    ),
    "no live consent": (Refer(ReferReason.NO_CONSENT), Live(), Match(ADA, 0.8), member(), False),
}

NOT_DECIDED_BY_FACE = {
    ReferReason.NO_GOOD_FRAME: "time ran out before there was anything to decide on",
    ReferReason.FACE_MODE_OFF: "the lane does not look",
    ReferReason.NOT_REGISTERED: "the lane may not look",
    ReferReason.NOBODY_ENROLLED: "there is nobody to compare with",
    ReferReason.NOT_CALIBRATED: "there is no lawful threshold",
    ReferReason.VISION_DOWN: "nothing can see",
    ReferReason.TOO_MANY_ATTEMPTS: "the lane does not look again so soon",
    ReferReason.PIN_RESTS: "the PIN keypad rests; no face is asked about",
    ReferReason.PIN_NOT_CHECKED: "PINs cannot be checked; no face is asked about",
    ReferReason.CANNOT_RECORD: "decided already, and could not be recorded",
}


@pytest.mark.parametrize("reason", FACE)
def test_by_face(reason: str) -> None:
    expected, liveness, matching, matched, consents = FACE[reason]
    assert decide_by_face(liveness, matching, matched, consents, HERE) == expected
    assert expected.reason.value == reason


def test_every_reason_is_shown_above_or_is_not_decided_here() -> None:
    assert set(ReferReason) == {ReferReason(reason) for reason in FACE if reason in set(ReferReason)} | set(
        NOT_DECIDED_BY_FACE
    )
    by_presence = {NotEntitled.ALREADY_INSIDE, NotEntitled.CENTRE_FULL}
    assert {reason for reason in FACE if reason in set(RefuseReason)} == set(NotEntitled) - by_presence
    assert {reason for reason in FACE if reason in set(AdmitReason)} == {"face matched"}
    by_alternative = {AdmitReason.CARD_ACCEPTED, AdmitReason.PIN_ACCEPTED, AdmitReason.PASS_ACCEPTED}
    assert set(AdmitReason) - set(BY_HAND) == {AdmitReason.FACE_MATCHED} | by_alternative


@pytest.mark.parametrize(
    ("matched", "consents"),
    [(None, False), (None, True), (member(BOB), True), (member(BOB), False)],
    ids=["gone", "gone, with a consent", "somebody else", "somebody else, without"],
)
def test_a_gallery_that_lags_behind_the_store_admits_nobody(matched: Member | None, consents: bool) -> None:
    assert decide_by_face(Live(), Match(ADA, 0.9), matched, consents, HERE) == Refer(ReferReason.NO_CONSENT)


def test_a_withdrawal_counts_before_the_membership_is_looked_at() -> None:
    # Whoever withdrew is not recognised any more, so not even "lapsed" may be said to them.
    assert decide_by_face(Live(), Match(ADA, 0.9), LAPSED, False, HERE) == Refer(ReferReason.NO_CONSENT)


@pytest.mark.parametrize("matched", [member(), LAPSED], ids=["active", "lapsed"])
def test_who_has_a_look_alike_is_asked_for_the_card_and_not_told_why(matched: Member) -> None:
    decision = decide_by_face(Live(), Match(ADA, 0.9), matched, True, HERE, look_alike=True)
    assert decision == Refer(ReferReason.AMBIGUOUS)


@pytest.mark.parametrize("reason", ReferReason, ids=str)
def test_what_gave_an_attack_away_is_told_with_an_attack_only(reason: ReferReason) -> None:
    with pytest.raises(WrongValue, match="gave an attack away"):
        Refer(reason, None if reason is ReferReason.SPOOF else Telltale.STILL)


LIVENESS: tuple[LivenessVerdict, ...] = (Live(), Spoof(Telltale.NETWORKS), Unsure(), Unsure(after_turns=True))
MATCHINGS: tuple[Matching, ...] = (Match(ADA, 0.8), NoMatch(), Ambiguous())
MATCHED = (None, member(), member(BOB), LAPSED, SUSPENDED, EXPIRED, member(expires_on=TODAY))


@pytest.mark.parametrize("liveness", LIVENESS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("matching", MATCHINGS, ids=lambda one: type(one).__name__)
def test_of_all_that_can_come_together_only_this_admits(
    liveness: LivenessVerdict, matching: Matching
) -> None:
    for matched, consents in product(MATCHED, (True, False)):
        decision = decide_by_face(liveness, matching, matched, consents, HERE)
        may = (
            liveness == Live()
            and isinstance(matching, Match)
            and matched is not None
            and matched.id == matching.member
            and consents
        )
        entitled = matched in (member(), member(expires_on=TODAY))
        assert isinstance(decision, Admit) is (may and entitled)
        assert isinstance(decision, Refuse) is (may and not entitled)
        assert member_of(decision) == (ADA if may else None)


# --- by card and by hand ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "holder"),
    [
        pytest.param(Admit(ADA, AdmitReason.CARD_ACCEPTED), member(), id="card accepted"),
        pytest.param(Refuse(ADA, RefuseReason.LAPSED), LAPSED, id="lapsed"),
        pytest.param(Refuse(ADA, RefuseReason.SUSPENDED), SUSPENDED, id="suspended"),
        pytest.param(Refuse(ADA, RefuseReason.EXPIRED), EXPIRED, id="expired"),
        pytest.param(Refuse(ADA, RefuseReason.WRONG_CENTRE), ELSEWHERE, id="wrong centre"),
        pytest.param(Refuse(ADA, RefuseReason.OUTSIDE_HOURS), AT_OTHER_HOURS, id="outside hours"),
        pytest.param(Refuse(None, RefuseReason.UNKNOWN_CARD), None, id="unknown card"),
    ],
)
def test_by_card(expected: Decision, holder: Member | None) -> None:
    assert decide_by_card(holder, HERE) == expected


@pytest.mark.parametrize("holder", [one for one in MATCHED if one is not None], ids=lambda one: one.status)
def test_the_card_is_treated_as_the_face_is(holder: Member) -> None:
    by_card = decide_by_card(holder, HERE)
    by_face = decide_by_face(Live(), Match(holder.id, 0.8), holder, True, HERE)
    assert type(by_card) is type(by_face)
    assert member_of(by_card) == member_of(by_face)
    if isinstance(by_card, Refuse):
        assert by_card == by_face


@pytest.mark.parametrize(
    ("expected", "holder", "fits"),
    [
        pytest.param(Admit(ADA, AdmitReason.PIN_ACCEPTED), member(), True, id="accepted"),
        pytest.param(Refuse(None, RefuseReason.WRONG_PIN), member(), False, id="wrong PIN"),
        pytest.param(Refuse(None, RefuseReason.WRONG_PIN), None, False, id="nobody's number"),
        pytest.param(
            Refuse(None, RefuseReason.WRONG_PIN), None, True, id="nobody's number, and it fits nothing"
        ),
    ],
)
def test_by_pin(expected: Decision, holder: Member | None, fits: bool) -> None:
    assert decide_by_pin(holder, fits, HERE) == expected


@pytest.mark.parametrize(
    ("expected", "holder", "of_now", "used"),
    [
        pytest.param(Admit(ADA, AdmitReason.PASS_ACCEPTED), member(), True, False, id="accepted"),
        pytest.param(Refuse(None, RefuseReason.UNKNOWN_PASS), None, True, False, id="nobody's"),
        pytest.param(Refuse(ADA, RefuseReason.PASS_USED), member(), True, True, id="used"),
        pytest.param(Refuse(ADA, RefuseReason.PASS_USED), member(), False, True, id="used and old"),
        pytest.param(Refuse(ADA, RefuseReason.PASS_OUT_OF_DATE), member(), False, False, id="old"),
    ],
)
def test_by_pass(expected: Decision, holder: Member | None, of_now: bool, used: bool) -> None:
    assert decide_by_pass(holder, of_now, used, HERE) == expected


@pytest.mark.parametrize("holder", [one for one in MATCHED if one is not None], ids=lambda one: one.status)
def test_pin_and_pass_are_treated_as_the_card_is(holder: Member) -> None:
    by_card = decide_by_card(holder, HERE)
    for other in (decide_by_pin(holder, True, HERE), decide_by_pass(holder, True, False, HERE)):
        assert type(other) is type(by_card)
        assert member_of(other) == member_of(by_card)
        if isinstance(by_card, Refuse):
            assert other == by_card


@pytest.mark.parametrize("reason", BY_HAND, ids=str)
def test_by_hand(reason: AdmitReason) -> None:
    assert decide_by_hand(reason) == Admit(None, reason)


@pytest.mark.parametrize("reason", sorted(set(AdmitReason) - set(BY_HAND)), ids=str)
def test_a_receptionist_cannot_say_that_a_face_matched_or_a_card_did(reason: AdmitReason) -> None:
    with pytest.raises(WrongValue, match=f"not: {reason}"):
        decide_by_hand(reason)


@pytest.mark.parametrize("decide", ["face", "card"])
@pytest.mark.parametrize(
    ("now", "admits"),
    [
        pytest.param(datetime(2026, 6, 29, 23, 59, 59, tzinfo=NOW.tzinfo), True, id="the day before"),
        pytest.param(datetime(2026, 6, 30, 0, 0, tzinfo=NOW.tzinfo), True, id="the last day begins"),
        pytest.param(datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=NOW.tzinfo), True, id="and ends"),
        pytest.param(datetime(2026, 7, 1, 0, 0, tzinfo=NOW.tzinfo), False, id="the day after"),
        pytest.param(
            datetime(2026, 7, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), False, id="the day after, there"
        ),
    ],
)
def test_the_last_day_admits_to_its_end(decide: str, now: datetime, admits: bool) -> None:
    holder = member(expires_on=date(2026, 6, 30))
    decision = (
        decide_by_card(holder, Asked(CENTRE, now))
        if decide == "card"
        else decide_by_face(Live(), Match(ADA, 0.8), holder, True, Asked(CENTRE, now))
    )
    assert isinstance(decision, Admit) is admits


# --- by who is inside -------------------------------------------------------------------------------------

BY_CARD = Admit(ADA, AdmitReason.CARD_ACCEPTED)


@pytest.mark.parametrize(
    ("expected", "inside"),
    [
        pytest.param(BY_CARD, Inside(), id="nobody"),
        pytest.param(BY_CARD, Inside(others=99, capacity=100), id="one place left"),
        pytest.param(BY_CARD, Inside(others=10_000), id="no limit"),
        pytest.param(Refuse(ADA, RefuseReason.CENTRE_FULL), Inside(others=100, capacity=100), id="full"),
        pytest.param(Refuse(ADA, RefuseReason.CENTRE_FULL), Inside(others=101, capacity=100), id="over-full"),
        pytest.param(Refuse(ADA, RefuseReason.ALREADY_INSIDE), Inside(already=True), id="inside already"),
        pytest.param(
            Refuse(ADA, RefuseReason.ALREADY_INSIDE), Inside(True, others=100, capacity=100), id="both"
        ),
    ],
)
def test_by_presence(expected: Decision, inside: Inside) -> None:
    assert decide_by_presence(BY_CARD, inside) == expected


@pytest.mark.parametrize(
    "decision",
    [
        Admit(None, AdmitReason.GUEST),
        Refer(ReferReason.NO_MATCH),
        Refuse(ADA, RefuseReason.LAPSED),
        Refuse(None, RefuseReason.UNKNOWN_CARD),
    ],
    ids=lambda one: str(one.reason),
)
def test_what_is_not_a_members_own_way_in_stands_whoever_is_inside(decision: Decision) -> None:
    assert decide_by_presence(decision, Inside(True, 100, 1)) == decision


# --- decisions that cannot be ----------------------------------------------------------------------------


@pytest.mark.parametrize("reason", sorted(set(AdmitReason) - set(BY_HAND)), ids=str)
def test_nobody_is_admitted_by_face_or_card_without_a_name(reason: AdmitReason) -> None:
    with pytest.raises(WrongValue, match="none is named"):
        Admit(None, reason)


@pytest.mark.parametrize("reason", RefuseReason, ids=str)
def test_a_refusal_names_the_member_unless_nobody_holds_the_card(reason: RefuseReason) -> None:
    right: MemberId | None = None if reason in NAMES_NOBODY else ADA
    wrong = ADA if right is None else None
    assert member_of(Refuse(right, reason)) == right
    with pytest.raises(WrongValue, match=f"“{reason}” names {'nobody' if right is None else 'a member'}"):
        Refuse(wrong, reason)


@pytest.mark.parametrize("reason", ReferReason, ids=str)
def test_a_referral_names_nobody(reason: ReferReason) -> None:
    refer = Refer(reason, Telltale.STILL if reason is ReferReason.SPOOF else None)
    assert member_of(refer) is None
    assert not hasattr(refer, "member")


def test_the_score_is_had_from_a_match_and_from_nothing_else() -> None:
    assert matched_score(Match(ADA, 0.8)) == 0.8
    assert [matched_score(one) for one in (NoMatch(), Ambiguous(), None)] == [None, None, None]


def test_every_decision_has_its_outcome_and_every_outcome_its_reasons() -> None:
    assert {OUTCOME_OF[kind] for kind in (Admit, Refuse, Refer)} == set(Outcome)
    assert set(REASONS_OF) == set(Outcome)


def test_no_two_reasons_read_alike() -> None:
    assert len(reasons()) == len(set(reasons())) == len(AdmitReason) + len(RefuseReason) + len(ReferReason)


def test_whoever_is_not_entitled_can_be_told_why() -> None:
    assert {one.value for one in NotEntitled} <= {one.value for one in RefuseReason}


# --- the record ------------------------------------------------------------------------------------------


def passage(**changes: Any) -> Passage:
    """A member came in by face; `changes` make it something else."""
    facts: dict[str, Any] = {
        "id": PASSAGE,
        "centre": CENTRE,
        "lane": LANE,
        "at": NOW,
        "method": Method.FACE,
        "outcome": Outcome.ADMIT,
        "reason": "face matched",
        "member": ADA,
        "comparison": Comparison(PACK, 0.5, 300, 0.8),
        "ms": 41.5,
    }
    return Passage(**(facts | changes))


RECORDS: dict[str, dict[str, Any]] = {
    "a member, by face": {},
    "in no time": {"ms": 0.0},
    "a member refused, by face": {"outcome": Outcome.REFUSE, "reason": "lapsed"},
    "a stranger": {
        "outcome": Outcome.REFER,
        "reason": "no match",
        "member": None,
        "comparison": Comparison(PACK, 0.5, 300),
    },
    "face mode off": {
        "outcome": Outcome.REFER,
        "reason": "face mode off",
        "member": None,
        "comparison": None,
        "ms": None,
    },
    "a member, by card": {"method": Method.CARD, "reason": "card accepted", "comparison": None},
    "an unknown card": {
        "method": Method.CARD,
        "outcome": Outcome.REFUSE,
        "reason": "unknown card",
        "member": None,
        "comparison": None,
    },
    "by hand": {
        "method": Method.STAFF,
        "reason": "forgot card",
        "member": None,
        "staff": STAFF,
        "comparison": None,
        "ms": None,
    },
}


@pytest.mark.parametrize("changes", RECORDS.values(), ids=RECORDS.keys())
def test_what_is_recorded(changes: dict[str, Any]) -> None:
    one = passage(**changes)
    assert one.reason in {reason.value for reason in REASONS_OF[one.outcome]}


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a score without a member": (
        "no score",
        RECORDS["a stranger"] | {"comparison": Comparison(PACK, 0.5, 300, 0.3)},
    ),
    "a score without an admitted member": ("no score", {"member": None}),
    "a referral that names somebody": (
        "names no member",
        {"outcome": Outcome.REFER, "reason": "no live consent", "comparison": None},
    ),
    "by hand, by nobody": ("names who did it", RECORDS["by hand"] | {"staff": None}),
    "a comparison by card": (
        "no comparison",
        RECORDS["a member, by card"] | {"comparison": Comparison(PACK, 0.5, 300)},
    ),
    "a comparison by hand": ("no comparison", RECORDS["by hand"] | {"comparison": Comparison(PACK, 0.5, 3)}),
    "a reason in free words": ("is no reason", {"reason": "Ada from the swimming club"}),
    "no reason": ("is no reason", {"reason": ""}),
    "another outcome's reason": ("is no reason to admit", {"reason": "lapsed"}),
    "a time without its zone": ("zone", {"at": NAIVE}),
    "less than no time": ("milliseconds", {"ms": -0.1}),
    "no number": ("milliseconds", {"ms": math.nan}),
    "for ever": ("milliseconds", {"ms": math.inf}),
}


@pytest.mark.parametrize(("says", "changes"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_recorded(says: str, changes: dict[str, Any]) -> None:
    with pytest.raises(WrongValue, match=says) as caught:
        passage(**changes)
    assert "\n" not in str(caught.value)


@quick
@given(
    score=st.floats(allow_nan=False),
    reason=st.sampled_from([(outcome, one.value) for outcome, kind in REASONS_OF.items() for one in kind]),
    method=st.sampled_from(Method),
)
def test_law_1_no_record_carries_the_score_of_somebody_it_does_not_name(
    score: float, reason: tuple[Outcome, str], method: Method
) -> None:
    with pytest.raises(WrongValue):
        passage(
            member=None,
            comparison=Comparison(PACK, 0.5, 300, score),
            outcome=reason[0],
            reason=reason[1],
            method=method,
            staff=STAFF,
        )
