"""Looks into a paper of any kind that is taken in, in this process: see `apart` for what serves."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from stile.adapters.documents.papers import pdf, pictures, plain, word, word_clean, workbook
from stile.adapters.documents.papers.looked import Looked
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.papers import LARGEST, PaperKind, kind_of
from stile.domain.foi_desk.redaction import Finding, Known, in_paper

LONGEST_SHOWN = 200
Cleaned = Sequence[tuple[str, bytes]]

LOOK: dict[PaperKind, Callable[[str, bytes], Looked]] = {
    PaperKind.SPREADSHEET: workbook.look,
    PaperKind.DOCUMENT: word.look,
    PaperKind.PDF: pdf.look,
    PaperKind.TABLE: plain.look_at_table,
    PaperKind.TEXT: plain.look_at_text,
    PaperKind.PICTURE: pictures.look,
}
CLEAN: dict[PaperKind, Callable[[str, bytes], Cleaned]] = {
    PaperKind.SPREADSHEET: workbook.clean,
    PaperKind.DOCUMENT: word_clean.clean,
    PaperKind.PDF: pdf.clean,
    PaperKind.TABLE: plain.clean_table,
    PaperKind.PICTURE: pictures.clean,
}


def look_into(name: str, content: bytes) -> Looked:
    """Raises WrongValue, NotConfigured."""
    return LOOK[_checked(name, content)](name, content)


class HerePaperReader:
    """Implements the port `PaperReader`."""

    def look(self, name: str, content: bytes, known: Known) -> Sequence[Finding]:
        looked = look_into(name, content)
        found = list(looked.found)
        if (
            kind_of(name) is not PaperKind.SPREADSHEET
        ):  # its words are looked through where they go out, as CSV
            words = (("the file’s name", name), *looked.words)
            found += in_paper(words, looked.headings, known)
        return [replace(one, where=shown(one.where), found=shown(one.found)) for one in found]

    def clean(self, name: str, content: bytes) -> Cleaned:
        kind = _checked(name, content)
        if kind not in CLEAN:
            raise WrongValue(
                "Nothing is hidden in such a file. Please take out what must not go, and give it again."
            )
        return CLEAN[kind](name, content)


def shown(text: str) -> str:
    """Fit to be stored and shown: files hold characters that are none."""
    return "".join(one if one.isprintable() else " " for one in text)[:LONGEST_SHOWN].strip() or "…"


def _checked(name: str, content: bytes) -> PaperKind:
    if not content:
        raise WrongValue("The file is empty.")
    if len(content) > LARGEST:
        raise WrongValue(f"A paper has up to {LARGEST // 1024 // 1024} MB.")
    return kind_of(name)
