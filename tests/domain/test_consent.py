"""Law 2: consent is versioned, explicit, proved by its words, and can be withdrawn."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from stile.domain.consent import Channel, Consent, Notice
from stile.domain.errors import WrongValue
from stile.domain.ids import ConsentId
from tests.domain.builders import ADA, NAIVE, NOW

NOTICE = Notice("2026-01", "We compare your face with our members' when you ask to come in.")
GIVEN = Consent(
    ConsentId(UUID(int=20)), ADA, NOTICE.version, NOTICE.sha256, Channel.PAPER, "a signed form", NOW
)


def test_a_consent_is_live_until_it_is_withdrawn() -> None:
    assert GIVEN.is_live
    assert not replace(GIVEN, withdrawn_at=NOW + timedelta(days=1)).is_live


def test_it_can_be_withdrawn_in_the_moment_it_was_given() -> None:
    assert not replace(GIVEN, withdrawn_at=NOW).is_live


def test_it_cannot_be_withdrawn_before_it_was_given() -> None:
    with pytest.raises(WrongValue, match="before it was given"):
        replace(GIVEN, withdrawn_at=NOW - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("given_at", "withdrawn_at"), [(NAIVE, None), (NOW, NAIVE)], ids=["given", "withdrawn"]
)
def test_times_carry_their_zone(given_at: object, withdrawn_at: object) -> None:
    with pytest.raises(WrongValue, match="zone"):
        replace(GIVEN, given_at=given_at, withdrawn_at=withdrawn_at)  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["notice_version", "given_by"])
@pytest.mark.parametrize("empty", ["", " "], ids=["empty", "blank"])
def test_a_consent_to_nothing_or_by_nobody_cannot_be(field: str, empty: str) -> None:
    with pytest.raises(WrongValue, match="to which notice it was given, and by whom"):
        replace(GIVEN, **{field: empty})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "digest", ["", "abc", NOTICE.words, NOTICE.sha256.upper(), NOTICE.sha256 + "0", NOTICE.sha256 + "\n"]
)
def test_a_consent_that_does_not_prove_its_words_cannot_be(digest: str) -> None:
    with pytest.raises(WrongValue, match="SHA-256"):
        replace(GIVEN, notice_sha256=digest)


def test_the_proof_is_of_the_exact_words() -> None:
    assert NOTICE.sha256 == hashlib.sha256(NOTICE.words.encode()).hexdigest()
    assert replace(NOTICE, words=NOTICE.words + " ").sha256 != NOTICE.sha256
    assert replace(NOTICE, version="2026-02").sha256 == NOTICE.sha256, "of the words, not of their number"


@pytest.mark.parametrize(
    ("version", "text"), [("", "words"), (" ", "words"), ("1", ""), ("1", " \n")], ids=repr
)
def test_a_notice_without_words_or_version_cannot_be(version: str, text: str) -> None:
    with pytest.raises(WrongValue, match="a version and words"):
        Notice(version, text)


@pytest.mark.parametrize("channel", Channel, ids=str)
def test_a_consent_can_be_given_through_every_channel(channel: Channel) -> None:
    assert replace(GIVEN, channel=channel).is_live
