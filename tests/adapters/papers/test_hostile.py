"""Files made to do harm: each is refused with one line, within its bounds, and the process that asks goes on."""

import io
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from pypdf.generic import TextStringObject

from stile.adapters.documents.papers import apart
from stile.adapters.documents.papers.apart import PaperReaderApart
from stile.adapters.documents.papers.reader import HerePaperReader, look_into
from stile.domain.errors import NotConfigured, StileError, WrongValue
from stile.domain.foi_desk.papers import LARGEST
from stile.domain.foi_desk.redaction import Known
from tests.adapters.papers.made import annotated, changed_in, pdf, picture, with_part, word, workbook
from tests.adapters.papers.test_looking import LINE, hidden_sheet

READER = HerePaperReader()
TABLE = b"Surname,Write to\nByron,ada@b.example"
KNOWN = Known(("Ada", ""), ("foi@c.example",), ("grace.hopper",))
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'


def bomb(size: int) -> bytes:
    return with_part(workbook(), "xl/worksheets/sheet9.xml", b"\0" * size)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", bomb(80 * 1024 * 1024), "unfolds"),
        ("a.xlsx", bomb(20 * 1024 * 1024), "unfolds"),
        ("a.xlsx", with_part(workbook(), "xl/worksheets/sheet1.xml", LAUGHS), "entities"),
        ("a.docx", with_part(word(), "word/document.xml", OUTSIDE), "entities"),
        ("a.docx", with_part(word(), "word/document.xml", OUTSIDE.decode().encode("utf-16")), "entities"),
        ("a.docx", with_part(word(), "word/document.xml", b"<open>"), "damaged"),
        (
            "a.docx",
            with_part(word(), "word/document.xml", b"<?xml version='1.0' encoding='U-8'?><a/>"),
            "damaged",
        ),
        ("a.docx", workbook(), "damaged"),
        ("a.docx", b"PK\x03\x04", "damaged"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "password"),
        ("a.pdf", b"PK", "not a PDF"),
        ("a.pdf", b"%PDF-1.7\n", "damaged"),
        ("a.pdf", pdf(LINE)[:400], "damaged"),
        ("a.jpg", b"GIF89a", "damaged"),
        ("a.jpg", picture()[:200], "damaged"),
        ("a.csv", b"a\0b", "no text"),
        ("a.csv", b"", "empty"),
        ("a.exe", b"MZ", "XLSX, DOCX"),
        ("a", b"MZ", "XLSX, DOCX"),
        ("a.csv", b"x" * (LARGEST + 1), "10 MB"),
    ],
)
def test_it_is_refused(name: str, content: bytes, told: str) -> None:
    with pytest.raises(WrongValue, match=told) as refused:
        look_into(name, content)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "told"), [("a\0b\nc", "a b c"), ("a\x1b[31mb", "a [31mb"), ("\0", "…"), ("x" * 500, "x" * 60)]
)
def test_what_is_found_can_be_stored_and_shown(said: str, told: str) -> None:
    content = pdf(LINE, annotated("/Text", Contents=TextStringObject(said)))
    assert [one.found for one in READER.look("a.pdf", content, Known())] == [told]


def test_many_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(4_100):
            archive.writestr(f"{n}.xml", b"")
    with pytest.raises(WrongValue, match="unfolds"):
        look_into("a.docx", out.getvalue())


def test_a_part_is_not_larger_than_it_was_said_to_be() -> None:
    content = with_part(word(), "word/media/image1.bin", b"\0" * 900_000)
    lie = content.replace((900_000).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    assert lie != content
    with pytest.raises(WrongValue, match="damaged"):
        look_into("a.docx", lie)


def test_a_pdf_that_unfolds_without_end_is_refused() -> None:
    folded = zlib.compress(b" " * 120_000_000, 9)
    content = b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
    content += b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
    content += b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>> endobj\n"
    content += (
        b"4 0 obj <</Length %d/Filter/FlateDecode>> stream\n" % len(folded) + folded + b"\nendstream endobj\n"
    )
    content += b"trailer <</Root 1 0 R>>\n%%EOF"
    with pytest.raises(WrongValue, match="damaged"):
        look_into("a.pdf", content)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    big = picture("PNG")
    header = big[:16] + (60_000).to_bytes(4, "big") * 2 + big[24:29]
    content = header + zlib.crc32(header[12:29]).to_bytes(4, "big") + big[33:]
    with pytest.raises(WrongValue):
        look_into("a.png", content)


def test_a_process_of_its_own_says_the_same(tmp_path: Path) -> None:
    content = workbook(hidden_sheet)
    assert PaperReaderApart().look("a.csv", TABLE, KNOWN) == READER.look("a.csv", TABLE, KNOWN)
    assert PaperReaderApart().clean("a.xlsx", content) == READER.clean("a.xlsx", content)
    with pytest.raises(WrongValue, match="entities"):
        PaperReaderApart().look("a.docx", with_part(word(), "word/document.xml", OUTSIDE), KNOWN)


def test_what_cannot_start_is_told_apart_from_a_bad_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NotConfigured, match="does not start"):
        PaperReaderApart().look("a.csv", TABLE, KNOWN)


def test_a_file_that_breaks_its_process_breaks_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    content = changed_in(word(), "word/document.xml", b"We hold this.", b"x" * 30_000_000 + b"\0")
    monkeypatch.setattr(apart, "MOST_SECONDS", -29.9)
    with pytest.raises(StileError):
        PaperReaderApart().look("a.docx", content[:LARGEST], KNOWN)
