"""What a PDF hides: text under boxes that were drawn over it, comments, attached files, earlier states, properties.

A box that is drawn over words takes nothing out: whoever copies the page gets the words. ISO 32000-2: 8.5 (paths),
9.3.6 (rendering modes), 12.5 (annotations), 7.5.6 (incremental updates)."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from stile.adapters.documents.papers.limits import LOCKED, in_our_words
from stile.adapters.documents.papers.looked import Looked
from stile.adapters.documents.papers.pdf_page import Box, on_page
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.redaction import Concealed, Finding, gathered

MOST_PAGES = 1_000
SEEN = ("/Link", "/Popup", "/Widget")
"""Annotations that are part of the page."""
BOXES = ("/Square", "/Circle", "/Polygon", "/FreeText", "/Stamp", "/Ink", "/Line", "/Redact")
"""Annotations that may be drawn over words, as who does not know better redacts."""
HIDDEN = 0b100010
"""Flags of an annotation: hidden, or not viewed."""
SOFTWARE = ("/Producer", "/Creator", "/CreationDate", "/ModDate", "/Title", "/Trapped")
"""Properties that name no person; a title is wanted by who cannot see the page (PDF/UA)."""
WHERE = "the file’s properties"


def look(name: str, content: bytes) -> Looked:
    with in_our_words():
        with _complaints() as heard:
            reader = opened(content)
            for page in reader.pages:
                page.get_contents()
        found = [*_in_properties(reader), *_in_file(name, content, reader)]
        if heard:  # another program may show what is not seen here; written anew there is one reading
            found.append(Finding(Concealed.UNSOUND, name, "it was not written as the standard says"))
        words: list[tuple[str, str]] = []
        if reader.metadata and reader.metadata.title:
            words.append(("the title", str(reader.metadata.title)))
        for n, page in enumerate(reader.pages, 1):
            where = f"page {n}"
            text, hidden = on_page(page, where, _boxes(page))
            found += [*hidden, *_annotations(page, where)]
            words.append((where, "\n".join((text, *_typed(page)))))
    return Looked(tuple(gathered(found)), tuple(words))


def clean(name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
    """The pages, written anew: without properties, comments, attached files, scripts and earlier states. Raises
    WrongValue for words under a box: a comment's box would be gone, and the words be there."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, NameObject

    with in_our_words():
        reader = opened(content)
        title = reader.metadata.title if reader.metadata else None
        writer = PdfWriter()
        for n, page in enumerate(reader.pages, 1):
            hidden = on_page(page, "", _boxes(page))[1]
            if any(one.what is Concealed.COVERED for one in hidden) or any(map(_is_filled, _annots(page))):
                raise WrongValue(
                    f"On page {n} a box lies over words, or may. A copy without the box would show them: take them out "
                    "where the file was made, and make it anew."
                )
            added: Any = writer.add_page(page)
            kept = [
                one
                for one in (added.get("/Annots") or ())
                if one.get_object().get("/Subtype") in ("/Link", "/Widget")
                and not _is_hidden(one.get_object())
            ]
            added[NameObject("/Annots")] = ArrayObject(kept)
            for key in ("/AA", "/Metadata", "/PieceInfo", "/Thumb"):
                added.pop(key, None)
        writer.metadata = {"/Title": title} if title else None
        out = io.BytesIO()
        writer.write(out)
        return [(name, out.getvalue())]


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What pypdf mends on the way, by level only: its words quote the file."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.levelname)

    log, ear = logging.getLogger("pypdf"), Ear(logging.WARNING)
    before, log.propagate = log.propagate, False
    log.addHandler(ear)
    try:
        yield heard
    finally:
        log.removeHandler(ear)
        log.propagate = before


def opened(content: bytes) -> Any:
    from pypdf import PdfReader

    if not content.lstrip()[:5] == b"%PDF-":
        raise WrongValue("The file is not a PDF, whatever its name says.")
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise WrongValue(LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise WrongValue(f"The file has more than {MOST_PAGES:,} pages. Please split it.")
    return reader


def _in_properties(reader: Any) -> Iterator[Finding]:
    for key, value in (reader.metadata or {}).items():
        text = str(value).strip()
        if text and key == "/Author":
            yield Finding(Concealed.AUTHOR, WHERE, text[:80])
        elif text and key not in SOFTWARE:
            yield Finding(Concealed.METADATA, WHERE, f"{key.lstrip('/')}: {text[:80]}")
    xmp = reader.xmp_metadata
    if xmp is None:
        return
    for person in xmp.dc_creator or ():
        yield Finding(Concealed.AUTHOR, WHERE, str(person)[:80])
    told = [*(xmp.dc_contributor or ()), *(xmp.dc_subject or ()), *(xmp.dc_description or {}).values()]
    for text in (str(one) for one in told if str(one).strip()):
        yield Finding(Concealed.METADATA, WHERE, text[:80])
    if b"History" in xmp.stream.get_data() or b"DerivedFrom" in xmp.stream.get_data():
        yield Finding(Concealed.METADATA, WHERE, "how the file came about")


def _in_file(name: str, content: bytes, reader: Any) -> Iterator[Finding]:
    ends = content.count(b"%%EOF")
    if ends > (2 if b"/Linearized" in content[:2048] else 1):
        yield Finding(Concealed.EARLIER, name, "what was changed afterwards is still in it")
    root = reader.trailer["/Root"]
    names = root.get("/Names", {})
    for attached in reader.attachment_list:
        yield Finding(Concealed.EMBEDDED, name, str(attached.name)[:80])
    if "/JavaScript" in names or "/AA" in root or _runs(root.get("/OpenAction")):
        yield Finding(Concealed.PROGRAM, name, "a script")
    layers = root.get("/OCProperties", {}).get("/D", {})
    if layers.get("/OFF") or layers.get("/BaseState") == "/OFF":
        yield Finding(Concealed.LAYER, name, f"{len(layers.get('/OFF') or ()) or 'some'} of its layers")
    if "/XFA" in root.get("/AcroForm", {}):
        yield Finding(Concealed.FORM, name, "a form of a kind that few programs show (XFA)")
    if "/PieceInfo" in root:
        yield Finding(Concealed.METADATA, name, "the program’s own data")


def _runs(action: Any) -> bool:
    return hasattr(action, "get") and action.get("/S") in (
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
    )


def _annotations(page: Any, where: str) -> Iterator[Finding]:
    for one in _annots(page):
        kind = one.get("/Subtype")
        said = str(one.get("/Contents", "") or "").strip()[:60]
        if kind == "/Redact":
            yield Finding(Concealed.COVERED, where, "marked to be taken out, and not taken out yet")
        elif kind == "/FileAttachment":
            yield Finding(Concealed.EMBEDDED, where, said or "an attached file")
        elif _is_filled(one):
            yield Finding(Concealed.COVERED, where, "a filled box: what lies under it is in the file")
        elif kind not in SEEN:
            yield Finding(Concealed.COMMENT, where, said or str(kind).lstrip("/"))
        elif kind == "/Widget" and _is_hidden(one) and one.get("/V"):
            yield Finding(Concealed.FORM, where, str(one.get("/T", "a hidden field"))[:60])
        if _runs(one.get("/A")) or "/AA" in one:
            yield Finding(Concealed.PROGRAM, where, "a script")


def _boxes(page: Any) -> Sequence[Box]:
    """Where annotations lie over the page."""
    boxes = []
    for one in _annots(page):
        if one.get("/Subtype") in BOXES and one.get("/Rect"):
            x, y, other_x, other_y = (float(side) for side in one["/Rect"])
            boxes.append(Box(min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)))
    return boxes


def _is_filled(annotation: Any) -> bool:
    """Whether what lies under it cannot be seen, words or picture."""
    kind = annotation.get("/Subtype")
    return kind in ("/Redact", "/Stamp") or (kind in BOXES and bool(annotation.get("/IC")))


def _annots(page: Any) -> Iterator[Any]:
    for one in page.get("/Annots") or ():
        if hasattr(found := one.get_object(), "get"):
            yield found


def _is_hidden(annotation: Any) -> bool:
    return bool(int(annotation.get("/F", 0)) & HIDDEN)


def _typed(page: Any) -> Iterator[str]:
    """What stands in fields, and where links lead: both are read."""
    for one in _annots(page):
        if value := one.get("/V"):
            yield str(value)
        if hasattr(one.get("/A"), "get") and (to := one["/A"].get("/URI")):
            yield str(to)
