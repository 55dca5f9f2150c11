"""What a Word file hides: changes that were tracked, comments, hidden letters, properties, files inside it.

Elements and their meaning: ECMA-376 part 1, 17.13 (annotations) and 17.3.2 (run properties)."""

from collections.abc import Iterator, Mapping
from typing import Any

from stile.adapters.documents.papers import pictures
from stile.adapters.documents.papers.limits import in_our_words, unfolded
from stile.adapters.documents.papers.looked import Looked
from stile.adapters.documents.papers.properties import in_properties
from stile.domain.foi_desk.redaction import Concealed, Finding, gathered

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
NEEDED = "word/document.xml"

DELETED = ("del", "moveFrom", "cellDel")
INSERTED = ("ins", "moveTo", "cellIns", "cellMerge")
CHANGED = (
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblPrExChange",
    "tcPrChange",
    "trPrChange",
    "tblGridChange",
    "numberingChange",
)
PARTS: tuple[tuple[str, Concealed, str], ...] = (
    ("word/embeddings/", Concealed.EMBEDDED, "an embedded file"),
    ("word/vbaProject", Concealed.PROGRAM, "macros"),
    ("word/activeX/", Concealed.PROGRAM, "an ActiveX control"),
    ("word/people", Concealed.AUTHOR, "people who changed or commented"),
    ("customXml/item", Concealed.METADATA, "custom data"),
    ("word/printerSettings", Concealed.METADATA, "settings of a printer"),
)
PLACES = {"document": "the text", "footnotes": "footnotes", "endnotes": "endnotes"}
SMALLEST = 4
"""Half points: what is smaller is not read."""


def is_text(name: str) -> bool:
    """Whether a part holds what is read, or what is said about it."""
    stem = name.removeprefix("word/").removesuffix(".xml")
    return name.startswith("word/") and (
        stem in PLACES or stem.startswith(("header", "footer", "comments", "glossary/document"))
    )


def look(name: str, content: bytes) -> Looked:
    parts = unfolded(content, NEEDED)
    found = [
        Finding(what, name, told) for begins, what, told in PARTS for part in parts if part.startswith(begins)
    ]
    words: list[tuple[str, str]] = []
    with in_our_words():
        from defusedxml.ElementTree import fromstring

        found += in_properties(parts)
        found += _in_settings(parts)
        styles = (
            hidden_styles(fromstring(parts["word/styles.xml"], forbid_dtd=True))
            if ("word/styles.xml" in parts)
            else frozenset()
        )
        for part in filter(is_text, parts):
            tree = fromstring(parts[part], forbid_dtd=True)
            where = place(part)
            found += _in_text(tree, where, styles)
            words.append((where, "\n".join(_paragraph(one) for one in tree.iter(f"{W}p"))))
        for part, held in parts.items():
            if part.startswith("word/media/"):
                found += pictures.found_in(f"the picture {part.removeprefix('word/media/')}", held)
    return Looked(tuple(gathered(found)), tuple(words))


def place(part: str) -> str:
    stem = part.removeprefix("word/").removesuffix(".xml")
    for begins, told in (("header", "a page’s head"), ("footer", "a page’s foot"), ("comments", "comments")):
        if stem.startswith(begins):
            return told
    return PLACES.get(stem, stem)


def hidden_styles(styles: Any) -> frozenset[str]:
    """Ids of styles whose letters are not shown."""
    return frozenset(
        str(one.get(f"{W}styleId"))
        for one in styles.iter(f"{W}style")
        if any(is_on(mark) for mark in one.iter(f"{W}vanish"))
    )


def is_on(mark: Any) -> bool:
    return mark.get(f"{W}val", "true") not in ("0", "false", "off")


def is_blackened(run: Any) -> bool:
    """Whether a run's letters stand on a ground of their own colour: how redacting looks, and is not."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    marks = {one.tag.removeprefix(W): one for one in properties}
    letters_in = marks["color"].get(f"{W}val", "auto") if "color" in marks else "auto"
    letters_in = "000000" if letters_in == "auto" else letters_in.upper()
    grounds = {marks["shd"].get(f"{W}fill", "auto").upper()} if "shd" in marks else set()
    if "highlight" in marks and marks["highlight"].get(f"{W}val") == "black":
        grounds.add("000000")
    return letters_in in grounds


def is_hidden(run: Any, styles: frozenset[str]) -> bool:
    """Whether a run's letters are hidden, white on no ground, or too small to be read."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    marks = {one.tag.removeprefix(W): one for one in properties}
    if any(name in marks and is_on(marks[name]) for name in ("vanish", "webHidden", "specVanish")):
        return True
    if "rStyle" in marks and marks["rStyle"].get(f"{W}val") in styles:
        return True
    white = "color" in marks and marks["color"].get(f"{W}val", "").upper() == "FFFFFF"
    tiny = (
        "sz" in marks
        and marks["sz"].get(f"{W}val", "99").isdigit()
        and int(marks["sz"].get(f"{W}val")) <= SMALLEST
    )
    return (white and not {"shd", "highlight"} & set(marks)) or tiny


def each(element: Any, *names: str) -> Iterator[Any]:
    """Elements of these names, in the order of the text."""
    wanted = {W + name for name in names}
    return (one for one in element.iter() if one.tag in wanted)


def letters(element: Any) -> str:
    return "".join(one.text or "" for one in each(element, "t", "delText"))


def _in_text(tree: Any, where: str, styles: frozenset[str]) -> Iterator[Finding]:
    for tag in (*DELETED, *INSERTED):
        for one in tree.iter(f"{W}{tag}"):
            done = "taken out" if tag in DELETED else "put in"
            yield Finding(
                Concealed.TRACKED, where, f"{done}: {letters(one).strip()[:60] or 'a mark or cell'}"
            )
    changed = sum(1 for tag in CHANGED for _ in tree.iter(f"{W}{tag}"))
    if changed:
        yield Finding(Concealed.TRACKED, where, "changed looks", changed)
    for one in tree.iter(f"{W}comment"):
        yield Finding(Concealed.COMMENT, where, letters(one).strip()[:60] or "without words")
    for paragraph in tree.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        all_hidden = style is not None and style.get(f"{W}val") in styles
        for run in paragraph.iter(f"{W}r"):
            if not (text := letters(run).strip()):
                continue
            if is_blackened(run):
                yield Finding(Concealed.TEXT, where, f"blackened: {text[:60]}")
            elif all_hidden or is_hidden(run, styles):
                yield Finding(Concealed.TEXT, where, text[:60])
    for cropped in tree.iter(f"{A}srcRect"):
        if any(cropped.get(side, "0") not in ("0", "") for side in "ltrb"):
            yield Finding(
                Concealed.CROPPED, where, "a picture that was cropped: what was cut off is in the file"
            )


def _in_settings(parts: Mapping[str, bytes]) -> Iterator[Finding]:
    from defusedxml.ElementTree import fromstring

    if "word/settings.xml" in parts:
        settings = fromstring(parts["word/settings.xml"], forbid_dtd=True)
        for one in settings.iter(f"{W}docVar"):
            yield Finding(Concealed.METADATA, "the file’s settings", str(one.get(f"{W}name", ""))[:80])
        if settings.find(f"{W}attachedTemplate") is not None:
            yield Finding(Concealed.METADATA, "the file’s settings", "where its template lies")
    for name, part in parts.items():
        if name.endswith(".rels") and name != "word/_rels/settings.xml.rels":
            for one in fromstring(part, forbid_dtd=True):
                external = one.get("TargetMode") == "External"
                if external and not str(one.get("Type", "")).endswith("/hyperlink"):
                    yield Finding(Concealed.LINKED, name, str(one.get("Target", ""))[:80])


def _paragraph(paragraph: Any) -> str:
    """What is read: with what was put in, without what was taken out."""
    gone = {id(one) for tag in DELETED for mark in paragraph.iter(f"{W}{tag}") for one in mark.iter(f"{W}t")}
    return "".join(
        "\t" if one.tag == f"{W}tab" else one.text or ""
        for one in each(paragraph, "t", "tab")
        if id(one) not in gone
    )
