"""E-mails of strangers: what they ask is found, and what they break is refused in one line."""

import contextlib
import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import NotConfigured, WrongValue
from stile.domain.foi_desk.request import Requester
from stile.entrypoints import foi_email_apart
from stile.entrypoints.foi_email import LARGEST, plain, read_email

WHOLE = (
    b"Received: from out.example by in.council; Tue, 30 Jun 2026 23:30:00 +0000\r\n"
    b"From: =?utf-8?q?Ada_L=C3=B6velace?= <ada@example.org>\r\nDate: Mon, 29 Jun 2026 10:00:00 +0000\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
    b"--y\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"Where is the caf=C3=A9?\r\n"
    b"--y\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>Where?</b>\r\n--y--\r\n"
    b"--x\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename*=utf-8''%e2%82%ac.pdf\r\n\r\nxx\r\n--x--\r\n"
)


def test_a_whole_e_mail() -> None:
    found = read_email(WHOLE)
    assert found.text.strip() == "Where is the café?"
    assert found.requester == Requester("Ada Lövelace", "ada@example.org")
    assert found.attached == ("€.pdf",)
    assert found.received is not None
    assert found.received.isoformat() == "2026-07-01", "half an hour after midnight in London"
    assert read_email(WHOLE, "America/New_York").received != found.received


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not an e-mail"),
        (b"Where?", "not an e-mail"),
        (b"From: a@b.cd\r\n\r\n", "no words"),
        (b"From: a@b.cd\r\nContent-Type: text/html\r\n\r\n<style>p{}</style>", "no words"),
        (b"x" * (LARGEST + 1), "up to 10 MB"),
    ],
    ids=["nothing", "a text", "empty", "only style", "too large"],
)
def test_what_is_no_request_is_said_to_be_none(content: bytes, told: str) -> None:
    with pytest.raises(WrongValue, match=told):
        read_email(content)


def test_words_of_a_page() -> None:
    page = (
        "<head><title>No</title></head><script>no()</script><p>Where&nbsp;is it, 5 &lt; 6 < 7?</p>"
        "<!-- no --><div>When?<br/>Why?</div><style>no"
    )
    assert plain(page) == "Where is it, 5 < 6 < 7?\nWhen?\nWhy?"


@given(seed=st.integers(0, 2**32))
def test_what_is_broken_is_read_or_refused_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    broken = bytearray(WHOLE)
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(broken))
        if chance.random() < 0.5:
            del broken[at : at + chance.randint(1, 20)]
        else:
            broken[at:at] = chance.choice(
                (b"=?", b"\xff", b"<", b'"', b"(", b";", b":", b"\r\n", b"\0", b"@", b"[")
            )
    found = None
    with contextlib.suppress(WrongValue):  # anything else fails the test
        found = read_email(bytes(broken))
    assert found is None or (found.text.strip() and "\0" not in found.text)


HOURS = (
    b"From: " + b'"a" ' * 100_000 + b"\r\nDate: x\r\n\r\nWhere?",
    b"From: a@b.cd\r\nContent-Type: text/plain; " + b"a=b; " * 200_000 + b"\r\n\r\nWhere?",
)
"""Half a megabyte that keeps the parser of the standard library busy for minutes."""


def test_a_process_of_its_own_says_the_same() -> None:
    assert foi_email_apart.read_email(WHOLE, "America/New_York") == read_email(WHOLE, "America/New_York")
    with pytest.raises(WrongValue, match="no words"):
        foi_email_apart.read_email(b"From: a@b.cd\r\n\r\n")


@pytest.mark.parametrize("content", HOURS, ids=["names", "parameters"])
def test_an_e_mail_that_would_take_hours_is_given_up(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foi_email_apart, "MOST_SECONDS", 0.3)
    with pytest.raises(WrongValue, match="too much to read"):
        foi_email_apart.read_email(content)


def test_a_process_that_does_not_start_is_told_apart_from_a_bad_e_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotConfigured, match="does not start"):
        foi_email_apart.read_email(WHOLE)
