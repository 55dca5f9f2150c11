"""Files that hide something, made by the libraries that offices use."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject
from uuid_utils.compat import uuid7

from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.letter import FoiLetter, Sender, letter
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.request import Channel, DraftedAnswer, DraftVersion, FoiRequest, Requester
from stile.domain.ids import FoiRequestId

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def workbook(change: Callable[[Any], None] = lambda _: None) -> bytes:
    """Two centres and their attempts. Its author is nobody."""
    book: Any = Workbook()
    sheet = book.active
    sheet.title = "Attempts"
    for row in (("Centre", "Attempts", "Manager"), ("Pool", 1200, "Ada Byron"), ("Dome", 34.5, "Bob Ray")):
        sheet.append(row)
    book.properties.creator = ""
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(change: Callable[[Any], None] = lambda _: None) -> bytes:
    made: Any = Document()
    made.core_properties.author = made.core_properties.comments = ""
    made.add_paragraph("We hold this.")
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tracked(tag: str, text: str) -> Callable[[Any], None]:
    """A change of this kind at the end of the text."""
    from docx.oxml.parser import parse_xml

    letters = "delText" if tag in ("del", "moveFrom") else "t"
    xml = (
        f'<w:p xmlns:w="{W}"><w:{tag} w:id="1" w:author="Ada Byron"><w:r><w:{letters}>{text}</w:{letters}></w:r>'
        f"</w:{tag}></w:p>"
    )
    return lambda made: made.element.body.insert(0, parse_xml(xml))


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same Office file with one part more, or another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return out.getvalue()


def changed_in(content: bytes, name: str, before: bytes, after: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name)
    assert before in part
    return with_part(content, name, part.replace(before, after))


def pdf(drawn: bytes, change: Callable[[PdfWriter, Any], None] = lambda *_: None) -> bytes:
    """One page with this content stream; its font is /F and its half-transparent state /Half."""
    writer = PdfWriter()
    page: Any = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {
            NameObject("/Font"): DictionaryObject({NameObject("/F"): font}),
            NameObject("/ExtGState"): DictionaryObject(
                {NameObject("/Half"): DictionaryObject({NameObject("/BM"): NameObject("/Multiply")})}
            ),
        }
    )
    stream = DecodedStreamObject()
    stream.set_data(drawn)
    page[NameObject("/Contents")] = writer._add_object(stream)
    change(writer, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def annotated(subtype: str, **more: Any) -> Callable[[PdfWriter, Any], None]:
    def change(writer: PdfWriter, page: Any) -> None:
        one = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject(subtype),
                NameObject("/Rect"): ArrayObject([NumberObject(one) for one in (10, 10, 50, 50)]),
                **{NameObject(f"/{key}"): value for key, value in more.items()},
            }
        )
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(one)])

    return change


def picture(kind: str = "JPEG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind, **save)
    return out.getvalue()


def a_letter() -> FoiLetter:
    """To nobody in particular, about one question."""
    day = date(2020, 2, 10)
    asked = FoiRequest(
        FoiRequestId(uuid7()),
        "R-1",
        day,
        Channel.LETTER,
        Requester("Zed"),
        "Do you?",
        Regime.FOI,
        tuple(split("Do you?")),
        datetime(2020, 2, 10, tzinfo=UTC),
    )
    answers = (DraftedAnswer(1, "We do.", Held.HELD, ()),)
    version = DraftVersion(asked.id, 1, asked.logged_at, "draft", answers)
    return letter(asked, version, Sender("Barnstone Council", "Information Team"), day, day)
