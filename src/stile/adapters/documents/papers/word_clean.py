"""A copy of a Word file with every change accepted and without what is not read. What it does not understand (embedded
files, macros, cropped pictures) it leaves, and looking into the copy finds it again.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from stile.adapters.documents.papers import pictures
from stile.adapters.documents.papers.limits import in_our_words, unfolded
from stile.adapters.documents.papers.word import (
    CHANGED,
    INSERTED,
    NEEDED,
    W,
    hidden_styles,
    is_blackened,
    is_hidden,
    is_text,
    letters,
)
from stile.domain.errors import StileError

DROPPED = re.compile(
    r"word/(?:comments\w*|people|commentsIds|commentsExtensible)\.xml|customXml/.*|docProps/(?:custom\.xml|thumbnail.*)"
    r"|word/printerSettings.*|word/_rels/comments\w*\.xml\.rels"
)
GONE = ("del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")
MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef")
REDACTED = "[redacted]"
SETTINGS = ("attachedTemplate", "docVars", "trackRevisions", "rsids")
CORE = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def clean(name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
    parts = unfolded(content, NEEDED)
    with in_our_words():
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, held in _cleaned(parts).items():
                # The same time for all: when each was written says when somebody worked.
                archive.writestr(zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)), held, zipfile.ZIP_DEFLATED)
        return [(name, out.getvalue())]


def _cleaned(parts: dict[str, bytes]) -> dict[str, bytes]:
    styles = hidden_styles(_parse(parts["word/styles.xml"])) if "word/styles.xml" in parts else frozenset()
    kept = {}
    for part, held in parts.items():
        if DROPPED.fullmatch(part):
            continue
        if is_text(part):
            held = _changed(held, lambda tree: _clean_text(tree, styles))
        elif part == "word/settings.xml":
            held = _changed(held, _clean_settings)
        elif part == "[Content_Types].xml":
            held = _changed(held, lambda tree: _without(tree, "PartName", lambda to: to.lstrip("/")))
        elif part == "word/_rels/settings.xml.rels":
            held = _changed(held, lambda tree: _without_types(tree, ("/attachedTemplate",)))
        elif part.endswith(".rels"):
            folder = part.rpartition("_rels/")[0]
            held = _changed(held, partial(_without, attribute="Target", named=partial(_from, folder)))
        elif part == "docProps/core.xml":
            held = CORE
        elif part == "docProps/app.xml":
            held = _changed(held, _clean_app)
        elif part.startswith("word/media/") and part.lower().endswith((".jpg", ".jpeg", ".png")):
            held = _clean_picture(part, held)
        kept[part] = held
    return kept


def _parse(part: bytes) -> Any:
    from docx.oxml.parser import parse_xml

    return parse_xml(part)  # resolves no entities; there are none, by `unfolded`


def _changed(part: bytes, change: Callable[[Any], None]) -> bytes:
    from docx.oxml.parser import parse_xml
    from lxml import etree

    tree = parse_xml(part)
    change(tree)
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _clean_text(tree: Any, styles: frozenset[str]) -> None:
    for row in [
        mark.getparent().getparent() for mark in tree.iter(f"{W}del") if mark.getparent().tag == f"{W}trPr"
    ]:
        _remove(row)
    for tag in (*GONE, *CHANGED, *MARKS):
        for one in list(tree.iter(f"{W}{tag}")):
            _remove(one)
    for paragraph in tree.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        all_hidden = style is not None and style.get(f"{W}val") in styles
        for run in list(paragraph.iter(f"{W}r")):
            if letters(run).strip() and is_blackened(run):
                _redact(run)
            elif letters(run).strip() and (all_hidden or is_hidden(run, styles)):
                _remove(run)
    for tag in INSERTED:
        for one in list(tree.iter(f"{W}{tag}")):
            _unwrap(one)


def _redact(run: Any) -> None:
    """The words go, and that something stood here stays to be seen."""
    properties = run.find(f"{W}rPr")
    for one in list(run):
        if one is properties:
            for look in [mark for mark in one if mark.tag in (f"{W}highlight", f"{W}shd", f"{W}color")]:
                one.remove(look)
        else:
            run.remove(one)
    words = run.makeelement(f"{W}t", {})
    words.text = REDACTED
    run.append(words)


def _remove(one: Any) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _unwrap(one: Any) -> None:
    parent = one.getparent()
    if parent is None:
        return
    at = parent.index(one)
    for child in reversed(list(one)):
        parent.insert(at, child)
    parent.remove(one)


def _clean_settings(tree: Any) -> None:
    for tag in SETTINGS:
        for one in list(tree.iter(f"{W}{tag}")):
            _remove(one)


def _clean_app(tree: Any) -> None:
    for one in list(tree):
        if one.tag.rpartition("}")[2] in ("Company", "Manager", "HyperlinkBase", "Template", "TotalTime"):
            tree.remove(one)


def _without(tree: Any, attribute: str, named: Callable[[str], str]) -> None:
    """Takes out what points to a part that was dropped."""
    for one in list(tree):
        to = one.get(attribute)
        if to is not None and one.get("TargetMode") != "External" and DROPPED.fullmatch(named(to)):
            tree.remove(one)


def _without_types(tree: Any, ends: tuple[str, ...]) -> None:
    for one in list(tree):
        if str(one.get("Type", "")).endswith(ends):
            tree.remove(one)


def _from(folder: str, to: str) -> str:
    """The part that a relationship of a folder points to."""
    if to.startswith("/"):
        return to.lstrip("/")
    path = [one for one in folder.split("/") if one]
    for step in to.split("/"):
        if step == "..":
            path = path[:-1]
        elif step not in ("", "."):
            path.append(step)
    return "/".join(path)


def _clean_picture(part: str, held: bytes) -> bytes:
    try:
        return pictures.clean(part, held)[0][1]
    except StileError:
        return held
