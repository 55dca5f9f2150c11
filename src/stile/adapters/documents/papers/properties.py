"""The properties of an Office file: who made it, who changed it last, and what it says of itself."""

from collections.abc import Iterator, Mapping

from stile.domain.foi_desk.redaction import Concealed, Finding

PEOPLE = ("creator", "lastModifiedBy")
ABOUT = ("title", "subject", "keywords", "description", "category", "contentStatus")
OFFICE = ("Company", "Manager", "HyperlinkBase")
WHERE = "the file’s properties"


def in_properties(parts: Mapping[str, bytes]) -> Iterator[Finding]:
    """`parts`: of the file, looked at before (`limits.unfolded`)."""
    from defusedxml.ElementTree import fromstring

    for name in ("docProps/core.xml", "docProps/app.xml"):
        if name not in parts:
            continue
        for element in fromstring(parts[name], forbid_dtd=True):
            tag, text = element.tag.rpartition("}")[2], (element.text or "").strip()
            if text and tag in PEOPLE:
                yield Finding(Concealed.AUTHOR, WHERE, text[:80])
            elif text and tag in (*ABOUT, *OFFICE):
                yield Finding(Concealed.METADATA, WHERE, f"{tag}: {text[:80]}")
    if "docProps/custom.xml" in parts:
        for element in fromstring(parts["docProps/custom.xml"], forbid_dtd=True):
            yield Finding(Concealed.METADATA, WHERE, str(element.get("name", "a property of its own"))[:80])
    if any(name.startswith("docProps/thumbnail") for name in parts):
        yield Finding(Concealed.METADATA, WHERE, "a small picture of the first page")
