"""A clean copy holds what a reader sees, and looking into it finds nothing."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader

from stile.adapters.documents.papers.plain import harmless
from stile.adapters.documents.papers.reader import HerePaperReader, look_into
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.redaction import Concealed
from tests.adapters.papers.made import annotated, pdf, picture, tracked, with_part, word, workbook
from tests.adapters.papers.test_looking import (
    BOX_OVER,
    LINE,
    PDFS,
    WORDS,
    a_comment,
    blackened,
    hidden_sheet,
    hide,
    photographed,
    white,
)

READER = HerePaperReader()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_workbook_becomes_a_csv_of_what_is_seen() -> None:
    def change(book: Any) -> None:
        hidden_sheet(book)
        sheet = book.active
        white(sheet)
        hide("row_dimensions", 3)(sheet)
        sheet.append(["=1+1", "+44 20 7946 0958", -5])
        sheet["A4"].data_type = "s"
        book.create_sheet("Empty")
        book.create_sheet("By day").append(["2026-11-02"])

    made = READER.clean("figures 2026.xlsx", workbook(change))
    assert [name for name, _ in made] == ["figures 2026 - Attempts.csv", "figures 2026 - By day.csv"]
    assert rows_of(made[0][1]) == [
        ["Centre", "Attempts", "Manager"],
        ["Pool", "1200", ""],
        ["'=1+1", "+44 20 7946 0958", "-5"],
    ]
    for name, content in made:
        assert look_into(name, content).found == ()


def test_a_formula_that_was_never_worked_out_is_told() -> None:
    with pytest.raises(WrongValue, match="Attempts, B4 holds a formula"):
        READER.clean("a.xlsx", workbook(lambda book: book.active.append(["All", "=SUM(B2:B3)"])))


def test_a_workbook_that_shows_nothing_has_no_copy() -> None:
    out = io.BytesIO()
    Workbook().save(out)
    with pytest.raises(WrongValue, match="No sheet shows anything"):
        READER.clean("a.xlsx", out.getvalue())


@pytest.mark.parametrize("cell", ["-5", "+3.5 %", "-1,200.00", "2026-11-02", "(12)", "abc"])
def test_a_number_stays_a_number(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+A1", "-A1", "@SUM(A1)", "\tx"])
def test_a_text_is_no_formula(cell: str) -> None:
    assert harmless(cell) == "'" + cell


CANNOT = (Concealed.EMBEDDED, Concealed.PROGRAM, Concealed.CROPPED)
"""What a copy keeps, because taking it out would break the page: the officer sees it again."""


@pytest.mark.parametrize("content", [one for one, what, _ in WORDS if what not in CANNOT])
def test_a_word_file_with_its_changes_accepted(content: bytes) -> None:
    [(name, made)] = READER.clean("a.docx", content)
    assert look_into(name, made).found == ()
    text = "\n".join(one.text for one in Document(io.BytesIO(made)).paragraphs)
    assert "We hold this." in text


def test_what_was_put_in_stays_and_what_was_taken_out_goes() -> None:
    def change(made: Any) -> None:
        a_comment(made)
        tracked("ins", "New words.")(made)
        tracked("del", "Old words.")(made)
        photographed(made)

    [(name, made)] = READER.clean("a.docx", word(change))
    assert look_into(name, made).found == ()
    assert [one.text for one in Document(io.BytesIO(made)).paragraphs if one.text] == [
        "New words.",
        "We hold this.",
    ]


def test_a_files_own_data_and_template_go_with_what_points_to_them() -> None:
    content = with_part(word(), "customXml/item1.xml", b"<secret>Ada</secret>")
    [(name, made)] = READER.clean("a.docx", content)
    assert look_into(name, made).found == ()
    assert Document(io.BytesIO(made)).core_properties.author == ""


@pytest.mark.parametrize("content", [one for one, what, _ in WORDS if what in CANNOT])
def test_what_cannot_be_taken_out_is_found_again(content: bytes) -> None:
    [(name, made)] = READER.clean("a.docx", content)
    assert {one.what for one in look_into(name, made).found} <= set(CANNOT)
    assert look_into(name, made).found


@pytest.mark.parametrize("change", [change for change, what, _ in PDFS if what is not Concealed.COVERED])
def test_a_pdf_written_anew(change: Callable[..., Any]) -> None:
    [(name, made)] = READER.clean("a.pdf", pdf(LINE, change))
    assert look_into(name, made).found == ()
    assert "Ada Byron signed it" in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_a_pdf_keeps_its_links_and_its_title() -> None:
    def change(writer: Any, page: Any) -> None:
        annotated("/Link")(writer, page)
        writer.add_metadata({"/Title": "An answer", "/Author": "Ada"})

    [(_, made)] = READER.clean("a.pdf", pdf(LINE, change))
    reader = PdfReader(io.BytesIO(made))
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("An answer", None)
    links: Any = reader.pages[0]["/Annots"]
    assert [one.get_object()["/Subtype"] for one in links] == ["/Link"]


def test_no_copy_is_made_of_words_under_a_box() -> None:
    with pytest.raises(WrongValue, match="On page 1 a box lies over words"):
        READER.clean("a.pdf", pdf(LINE + BOX_OVER))


def test_what_was_blackened_is_redacted() -> None:
    [(name, made)] = READER.clean("a.docx", word(blackened))
    assert look_into(name, made).found == ()
    assert [one.text for one in Document(io.BytesIO(made)).paragraphs if "Asked" in one.text] == [
        "Asked by [redacted]"
    ]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_keeps_its_pixels_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Ada"
    exif.get_ifd(0x8825)[1] = "N"
    name = "a.jpg" if kind == "JPEG" else "a.png"
    [(_, made)] = READER.clean(name, picture(kind, exif=exif))
    assert look_into(name, made).found == ()
    with Image.open(io.BytesIO(made)) as upright:
        assert (upright.size, upright.format) == ((30, 40), kind)


def test_a_table_has_no_clean_copy() -> None:
    with pytest.raises(WrongValue, match="Nothing is hidden"):
        READER.clean("a.txt", b"a,b")


@pytest.mark.parametrize(
    "table", [b"Centre,Remark\rPool,=1+1\r", b"Centre,Remark\n" + b"x" * 200_000 + b",=1+1\n"]
)
def test_no_table_is_too_odd_to_be_looked_at_as_one(table: bytes) -> None:
    [finding] = look_into("a.csv", table).found
    assert (finding.what, finding.where) == (Concealed.FORMULA, "column 2 “Remark”")
    [(_, made)] = READER.clean("a.csv", table)
    assert rows_of(made)[1][1] == "'=1+1"


def test_a_table_runs_nothing_where_it_is_opened() -> None:
    """A cell may hold what a stranger wrote; whoever opens the answer in a spreadsheet program would run it."""
    table = b'Centre;Change;Remark\nPool;-3.5;"=HYPERLINK(""https://evil.example"")"\nDome;+44 20 7946 0018;@SUM(1)\n'
    [finding] = look_into("a.csv", table).found
    assert (finding.what, finding.where, finding.times) == (Concealed.FORMULA, "column 3 “Remark”", 2)
    assert not finding.may_pass
    [(name, made)] = READER.clean("a.csv", table)
    assert name == "a.csv"
    assert rows_of(made)[1:] == [
        ["Pool", "-3.5", '\'=HYPERLINK("https://evil.example")'],
        ["Dome", "+44 20 7946 0018", "'@SUM(1)"],
    ]
    assert look_into("a.csv", made).found == ()
