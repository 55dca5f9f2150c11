"""What a file hides is found, whatever kind of file it is, and one that hides nothing is let be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from stile.adapters.documents.papers.reader import HerePaperReader, look_into
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.foi_desk.redaction import Concealed, findings
from tests.adapters.papers.made import annotated, changed_in, pdf, picture, tracked, with_part, word, workbook


def found(name: str, content: bytes) -> dict[Concealed, str]:
    looked = look_into(name, content)
    assert all(isinstance(one.what, Concealed) for one in looked.found)
    return {one.what: one.found for one in looked.found}  # type: ignore[misc]


# --- workbooks ---


def sheet(change: Callable[[Any], None]) -> bytes:
    return workbook(lambda book: change(book.active))


def hidden_sheet(book: Any) -> None:
    book.create_sheet("Officers").append(["Ada Byron"])
    book["Officers"].sheet_state = "veryHidden"


def hide(what: str, which: Any) -> Callable[[Any], None]:
    return lambda sheet: setattr(getattr(sheet, what)[which], "hidden", True)


def filter_rows(sheet: Any) -> None:
    sheet.auto_filter.ref = "A1:C3"
    sheet.auto_filter.add_filter_column(0, ["Pool"])
    sheet.row_dimensions[3].hidden = True


def white(sheet: Any) -> None:
    sheet["C2"].font = Font(color="FFFFFFFF")


def never_shown(sheet: Any) -> None:
    sheet["C2"].number_format = ";;;"


def black(sheet: Any) -> None:
    sheet["C2"].fill = PatternFill("solid", fgColor="FF000000")


def own_colour(sheet: Any) -> None:
    sheet["C2"].fill = PatternFill("solid", fgColor="FF336699")
    sheet["C2"].font = Font(color="FF336699")


def note(sheet: Any) -> None:
    sheet["A2"].comment = Comment("Ask Ada", "Ada")


WORKBOOKS: list[tuple[bytes, Concealed, str]] = [
    (workbook(hidden_sheet), Concealed.SHEET, "1 row, 1 column"),
    (sheet(hide("row_dimensions", 2)), Concealed.ROWS, "1 row: 2"),
    (sheet(hide("column_dimensions", "C")), Concealed.COLUMNS, "1 column: C"),
    (
        changed_in(
            workbook(), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="2" ht="0" customHeight="1"'
        ),
        Concealed.ROWS,
        "1 row: 2",
    ),
    (sheet(filter_rows), Concealed.FILTERED, "1 row: 3"),
    (sheet(white), Concealed.TEXT, "C2: Ada Byron"),
    (sheet(never_shown), Concealed.TEXT, "C2: Ada Byron"),
    (sheet(black), Concealed.TEXT, "C2: Ada Byron"),
    (sheet(own_colour), Concealed.TEXT, "C2: Ada Byron"),
    (sheet(note), Concealed.COMMENT, "A2: Ask Ada"),
    (
        workbook(
            lambda book: book.defined_names.add(DefinedName("secret", attr_text="Attempts!$A$1", hidden=True))
        ),
        Concealed.NAME,
        "secret",
    ),
    (workbook(lambda book: setattr(book.properties, "creator", "Ada Byron")), Concealed.AUTHOR, "Ada Byron"),
    (
        workbook(lambda book: setattr(book.properties, "keywords", "draft")),
        Concealed.METADATA,
        "keywords: draft",
    ),
    (
        with_part(workbook(), "xl/pivotCache/pivotCacheRecords1.xml", b"<r/>"),
        Concealed.SOURCE,
        "rows behind a pivot table",
    ),
    (with_part(workbook(), "xl/vbaProject.bin", b"x"), Concealed.PROGRAM, "macros"),
    (with_part(workbook(), "xl/embeddings/a.bin", b"x"), Concealed.EMBEDDED, "an embedded file"),
    (
        with_part(workbook(), "xl/externalLinks/externalLink1.xml", b"<r/>"),
        Concealed.LINKED,
        "cells of another workbook",
    ),
    (with_part(workbook(), "xl/revisions/log.xml", b"<r/>"), Concealed.TRACKED, "a log of changes"),
]


@pytest.mark.parametrize(
    ("content", "what", "told"), WORKBOOKS, ids=[f"{b.name}-{n}" for n, (_, b, _) in enumerate(WORKBOOKS)]
)
def test_a_workbook(content: bytes, what: Concealed, told: str) -> None:
    assert found("a.xlsx", content)[what] == told


def on_a_ground(sheet: Any) -> None:
    sheet["C1"].fill = PatternFill("solid", fgColor="FF112244")
    sheet["C1"].font = Font(color="FFFFFFFF")
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFFFF00")


def test_a_workbook_that_hides_nothing() -> None:
    assert found("a.xlsx", workbook()) == {}
    assert found("a.xlsx", sheet(on_a_ground)) == {}


# --- Word files ---


def hidden_run(made: Any) -> None:
    made.add_paragraph().add_run("Ada Byron").font.hidden = True


def white_run(made: Any) -> None:
    from docx.shared import RGBColor

    made.add_paragraph().add_run("Ada Byron").font.color.rgb = RGBColor(255, 255, 255)


def tiny_run(made: Any) -> None:
    from docx.shared import Pt

    made.add_paragraph().add_run("Ada Byron").font.size = Pt(1)


def blackened(made: Any) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    made.add_paragraph("Asked by ").add_run("Ada Byron").font.highlight_color = WD_COLOR_INDEX.BLACK


def hidden_style(made: Any) -> None:
    made.styles["Quote"].font.hidden = True
    made.add_paragraph("Ada Byron", style="Quote")


def a_comment(made: Any) -> None:
    made.add_comment(made.paragraphs[0].runs, "Not for release", "Ada Byron", "AB")


def photographed(made: Any) -> None:
    import io

    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    made.add_picture(io.BytesIO(picture(exif=exif)))


def cropped(made: Any) -> None:
    import io

    made.add_picture(io.BytesIO(picture()))
    [blip] = made.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
    rectangle = blip.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}srcRect", {"l": "25000"}
    )
    blip.addnext(rectangle)


WORDS: list[tuple[bytes, Concealed, str]] = [
    (word(tracked("del", "Ada Byron")), Concealed.TRACKED, "taken out: Ada Byron"),
    (word(tracked("ins", "Ada Byron")), Concealed.TRACKED, "put in: Ada Byron"),
    (word(tracked("moveFrom", "Ada Byron")), Concealed.TRACKED, "taken out: Ada Byron"),
    (word(hidden_run), Concealed.TEXT, "Ada Byron"),
    (word(white_run), Concealed.TEXT, "Ada Byron"),
    (word(tiny_run), Concealed.TEXT, "Ada Byron"),
    (word(hidden_style), Concealed.TEXT, "Ada Byron"),
    (word(blackened), Concealed.TEXT, "blackened: Ada Byron"),
    (word(a_comment), Concealed.COMMENT, "Not for release"),
    (
        word(lambda made: setattr(made.core_properties, "last_modified_by", "Ada")),
        Concealed.AUTHOR,
        "Ada",
    ),
    (word(photographed), Concealed.PLACE, "the place by satellite (GPS)"),
    (word(cropped), Concealed.CROPPED, "a picture that was cropped: what was cut off is in the file"),
    (with_part(word(), "word/embeddings/a.xlsx", b"x"), Concealed.EMBEDDED, "an embedded file"),
    (with_part(word(), "word/vbaProject.bin", b"x"), Concealed.PROGRAM, "macros"),
]


@pytest.mark.parametrize(
    ("content", "what", "told"), WORDS, ids=[f"{b.name}-{n}" for n, (_, b, _) in enumerate(WORDS)]
)
def test_a_word_file(content: bytes, what: Concealed, told: str) -> None:
    assert found("a.docx", content)[what] == told


def test_a_word_file_is_read_as_it_would_be_with_its_changes() -> None:
    looked = look_into("a.docx", word(tracked("del", "Ada Byron")))
    assert [text for where, text in looked.words if where == "the text"] == ["\nWe hold this."]
    assert "put in" not in str(looked.words)


# --- PDF ---

LINE = b"BT /F 12 Tf 50 700 Td (Ada Byron signed it) Tj ET\n"
BOX_OVER = b"0 g 50 696 60 14 re f\n"
BOX_OVER_END = b"0 g 130 696 40 14 re f\n"
BOX_BESIDE = b"0 g 50 600 60 14 re f\n"
UNDERLINE = b"0 g 50 698 100 1 re f\n"


@pytest.mark.parametrize("box", [BOX_OVER, BOX_OVER_END, b"q 60 0 0 14 50 696 cm 0 0 1 1 re f Q\n"])
def test_words_under_a_box_that_was_drawn_over_them(box: bytes) -> None:
    assert found("a.pdf", pdf(LINE + box))[Concealed.COVERED] == "Ada Byron signed it"


@pytest.mark.parametrize(
    "drawn",
    [
        BOX_OVER + b"1 g\n" + LINE,  # a table's head: the box is under the words
        LINE + BOX_BESIDE,
        LINE + UNDERLINE,
        LINE + b"/Half gs " + BOX_OVER,  # a marker pen
        LINE + b"50 696 60 14 re S\n",  # a frame
        LINE + b"50 696 60 14 re W n\n",
    ],
)
def test_a_box_that_covers_nothing(drawn: bytes) -> None:
    assert found("a.pdf", pdf(drawn)) == {}


def pictured(writer: PdfWriter, page: Any) -> None:
    image = DecodedStreamObject()
    image.set_data(b"\0")
    image.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/ColorSpace"): NameObject("/DeviceGray"),
            NameObject("/BitsPerComponent"): NumberObject(8),
        }
    )
    page["/Resources"][NameObject("/XObject")] = DictionaryObject(
        {NameObject("/I"): writer._add_object(image)}
    )


def test_words_under_a_picture_and_a_picture_under_words() -> None:
    over = b"q 60 0 0 14 50 696 cm /I Do Q\n"
    assert found("a.pdf", pdf(LINE + over, pictured)) == {Concealed.COVERED: "Ada Byron signed it"}
    assert found("a.pdf", pdf(over + LINE, pictured)) == {}


def test_a_box_on_a_scan() -> None:
    scan, box = b"q 595 0 0 842 0 0 cm /I Do Q\n", b"0 g 50 696 60 14 re f\n"
    assert set(found("a.pdf", pdf(scan + box, pictured))) == {Concealed.OVERLAID}
    assert found("a.pdf", pdf(box + scan, pictured)) == {}
    assert found("a.pdf", pdf(scan + b"0 g 50 696 60 1 re f\n", pictured)) == {}


def test_a_filled_box_over_a_scan_is_no_comment_to_be_taken_off() -> None:
    filled = annotated("/Square", IC=ArrayObject([NumberObject(0)]))
    assert Concealed.COVERED in found("a.pdf", pdf(b"", filled))
    with pytest.raises(WrongValue, match="On page 1"):
        HerePaperReader().clean("a.pdf", pdf(b"", filled))
    assert set(found("a.pdf", pdf(b"", annotated("/Square")))) == {Concealed.COMMENT}


@pytest.mark.parametrize("subtype", ["/Square", "/Redact", "/Stamp", "/FreeText"])
def test_words_under_a_box_that_is_an_annotation(subtype: str) -> None:
    """A copy without comments would show them, so that none is made."""
    where = ArrayObject([NumberObject(one) for one in (50, 690, 120, 715)])
    content = pdf(LINE, annotated(subtype, Rect=where))
    assert Concealed.COVERED in found("a.pdf", content)
    with pytest.raises(WrongValue, match="On page 1 a box lies over words"):
        HerePaperReader().clean("a.pdf", content)


def test_words_that_are_not_drawn_and_words_outside_the_page() -> None:
    assert Concealed.UNSEEN in found("a.pdf", pdf(LINE.replace(b"BT", b"BT 3 Tr")))
    assert Concealed.CROPPED in found("a.pdf", pdf(LINE.replace(b"50 700", b"50 1700")))


def titled(**told: str) -> Callable[[PdfWriter, Any], None]:
    return lambda writer, _: writer.add_metadata({f"/{key}": value for key, value in told.items()})


def attached(writer: PdfWriter, _: Any) -> None:
    writer.add_attachment("list.xlsx", b"x")


def scripted(writer: PdfWriter, _: Any) -> None:
    script = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.alert(1)"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def switched_off(writer: PdfWriter, _: Any) -> None:
    layer = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {
            NameObject("/OCGs"): ArrayObject([layer]),
            NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer])}),
        }
    )


PDFS: list[tuple[Callable[[PdfWriter, Any], None], Concealed, str]] = [
    (titled(Author="Ada Byron"), Concealed.AUTHOR, "Ada Byron"),
    (titled(Keywords="draft"), Concealed.METADATA, "Keywords: draft"),
    (attached, Concealed.EMBEDDED, "list.xlsx"),
    (scripted, Concealed.PROGRAM, "a script"),
    (annotated("/Text", Contents=TextStringObject("Ask Ada")), Concealed.COMMENT, "Ask Ada"),
    (annotated("/Redact"), Concealed.COVERED, "marked to be taken out, and not taken out yet"),
    (
        annotated("/Widget", F=NumberObject(2), T=TextStringObject("name"), V=TextStringObject("Ada")),
        Concealed.FORM,
        "name",
    ),
    (switched_off, Concealed.LAYER, "1 of its layers"),
]


@pytest.mark.parametrize(
    ("change", "what", "told"), PDFS, ids=[f"{b.name}-{n}" for n, (_, b, _) in enumerate(PDFS)]
)
def test_a_pdf(change: Callable[[PdfWriter, Any], None], what: Concealed, told: str) -> None:
    assert found("a.pdf", pdf(LINE, change))[what] == told


def test_an_earlier_state_of_a_pdf() -> None:
    import io

    from pypdf import PdfReader

    writer = PdfWriter(io.BytesIO(pdf(LINE)), incremental=True)
    writer.pages[0].rotate(90)
    out = io.BytesIO()
    writer.write(out)
    assert len(PdfReader(out).pages) == 1
    assert Concealed.EARLIER in found("a.pdf", out.getvalue())


def test_a_pdf_that_programs_may_read_in_different_ways_and_its_copy() -> None:
    content = pdf(LINE)
    start = content.rindex(b"startxref") + len(b"startxref\n")
    broken = content[:start] + b"7" + content[start + 1 :]
    assert set(found("a.pdf", broken)) == {Concealed.UNSOUND}
    [(name, made)] = HerePaperReader().clean("a.pdf", broken)
    assert found(name, made) == {}


def test_what_stands_in_fields_and_links_is_read() -> None:
    change = annotated("/Widget", V=TextStringObject("ada@b.example"))
    assert "ada@b.example" in look_into("a.pdf", pdf(LINE, change)).words[-1][1]


# --- pictures, tables, text ---


def exif(**tags: Any) -> Image.Exif:
    made = Image.Exif()
    for tag, value in tags.items():
        made[int(tag.removeprefix("t"))] = value
    return made


def test_a_picture() -> None:
    placed = Image.Exif()
    placed.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0)})
    assert Concealed.PLACE in found("a.jpg", picture(exif=placed))
    assert found("a.jpg", picture(exif=exif(t315="Ada Byron"))) == {Concealed.AUTHOR: "Ada Byron"}
    assert found("a.jpg", picture(exif=exif(t271="Phone"))) == {
        Concealed.METADATA: "1 facts of the camera (EXIF)"
    }
    assert found("a.jpg", picture(comment=b"by Ada")) == {Concealed.METADATA: "comment"}
    assert found("a.jpg", picture(exif=exif(t274=6))) == {}
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "Ada")
    assert found("a.png", picture("PNG", pnginfo=told)) == {Concealed.METADATA: "Author"}
    assert found("a.png", picture("PNG")) == {}


def test_a_table_is_read_by_column_with_its_headings() -> None:
    looked = look_into("a.csv", "Centre;Surname\nPool;Byron\nDome;Ray".encode("cp1252"))
    assert looked.headings == (("column 1 “Centre”", "Centre"), ("column 2 “Surname”", "Surname"))
    assert looked.words[1] == ("column 2 “Surname”", "Surname\nByron\nRay")
    [one] = findings(look_into("a.txt", b"write to ada@b.example").words, (), ())
    assert (one.where, one.found) == ("a.txt", "ada@b.example")


def test_a_page_with_colours_behind_its_words_hides_nothing() -> None:
    """As programs make PDF: grounds, rules, marks and links are painted before the words that stand on them."""
    from weasyprint import HTML

    page = """<h1 style="background: #124; color: white">Head</h1>
    <table style="border-collapse: collapse"><tr style="background: #ddd"><th>Centre</th></tr>
    <tr><td style="background: yellow; border: 1px solid">Pool</td></tr></table>
    <p><mark>marked</mark> <u>under</u> <a href="https://stile.example">a link</a></p>
    <p style="background: linear-gradient(red, blue)">on colours</p>"""
    assert found("a.pdf", HTML(string=page).write_pdf()) == {}
    cover = '<i style="position: absolute; left: 0; top: 0; width: 4em; height: 2em; background: black"></i>'
    covered = f'<div style="position: relative">Ada Byron{cover}</div>'
    assert found("a.pdf", HTML(string=page + covered).write_pdf()) == {Concealed.COVERED: "Ada Byron"}


def test_our_own_letter_names_the_organisation_and_hides_nothing() -> None:
    from stile.adapters.documents.letter_docx import docx
    from stile.adapters.documents.letter_html import pdf as letter_pdf
    from tests.adapters.papers.made import a_letter

    assert found("a.pdf", letter_pdf(a_letter())) == {Concealed.AUTHOR: "Barnstone Council"}
    assert found("a.docx", docx(a_letter())) == {
        Concealed.AUTHOR: "Barnstone Council",
        Concealed.METADATA: "title: Reference R-1",
    }


def test_what_a_template_hides_does_not_go_out_with_letters(tmp_path: Path) -> None:
    from stile.adapters.documents.letter_docx import docx
    from tests.adapters.papers.made import a_letter

    template = tmp_path / "ours.docx"
    template.write_bytes(word(a_comment))
    assert set(found("a.docx", docx(a_letter(), template))) == {Concealed.AUTHOR, Concealed.METADATA}
    template.write_bytes(word(cropped))
    with pytest.raises(
        NotAllowed, match=r"the letter’s template holds words or pictures outside what is shown"
    ):
        docx(a_letter(), template)
