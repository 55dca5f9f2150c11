"""A checkpoint is written in one way only, and what is not exactly that is none."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.checkpoint import Checkpoint, Head, key_hash, notes_in, public_key, verifier_key
from stile.domain.errors import WrongValue
from tests.domain.builders import NAIVE, NOW, quick

HEAD = Head("stile/site", 10_000, bytes(range(32)), NOW.replace(microsecond=0))
SIGNED = Checkpoint(HEAD, b"\x01\x02\x03\x04", bytes(range(64)))


def test_it_reads_as_c2sps_checkpoints_do() -> None:
    lines = SIGNED.note.split("\n")
    assert lines[:3] == ["stile/site", "10000", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]
    assert lines[3].startswith("time 20")
    assert lines[4] == ""
    assert lines[5].startswith("— stile/site AQIDBAABAgME")
    assert lines[6:] == [""]


def test_it_comes_back_as_it_was_written() -> None:
    assert Checkpoint.read(SIGNED.note) == SIGNED


@quick
@given(st.data())
def test_any_changed_byte_makes_it_another_or_none(data: st.DataObject) -> None:
    note = bytearray(SIGNED.note.encode())
    note[data.draw(st.integers(0, len(note) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with suppress(WrongValue):
        assert Checkpoint.read(note.decode("utf-8", "replace")) != SIGNED


def test_the_checkpoints_of_a_file_are_found_whatever_stands_between_them() -> None:
    other = replace(SIGNED, head=replace(HEAD, size=20_000))
    assert notes_in(f"{SIGNED.note}\n\n{other.note}") == [SIGNED.note, other.note]
    assert notes_in("") == []
    assert notes_in(f"{SIGNED.note}\nhalf a li") == [SIGNED.note, "half a li"]


def test_a_public_key_is_one_line() -> None:
    line = verifier_key("stile/site", bytes(32))
    assert line.startswith(f"stile/site+{key_hash('stile/site', bytes(32)).hex()}+AQAAAA")
    assert public_key(line + "\n") == ("stile/site", bytes(32))
    for wrong in ("", "a+b+c", line[:-3], line.replace("site", "other", 1)):
        with pytest.raises(WrongValue, match="public key"):
            public_key(wrong)


@pytest.mark.parametrize(
    "change",
    [{"origin": "two words"}, {"origin": ""}, {"size": -1}, {"root": b"short"}, {"at": NAIVE}],
    ids=lambda change: next(iter(change)),
)
def test_a_head_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(WrongValue):
        replace(HEAD, **change)  # type: ignore[arg-type]
