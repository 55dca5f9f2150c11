"""What goes out with an answer besides its letter. A paper is looked into when it comes, is kept by its hash, and goes
only while nothing in it must stay: a spreadsheet never goes as such, because what it hides cannot be seen.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.foi import MAY_BE_WRITTEN, State
from stile.domain.foi_desk.redaction import Concealed, Finding
from stile.domain.ids import FoiRequestId, PaperId

LARGEST = 10 * 1024 * 1024
"""Bytes of one paper."""
LARGEST_TOGETHER = 20 * 1024 * 1024
"""Bytes that go out together: most mail servers take 25 MB, and base64 adds a third to what is in a message."""
MOST = 30
"""Papers of one answer."""

MAY_CHANGE = MAY_BE_WRITTEN | {State.REDACTION}
"""While a request is in one of these, papers come and go. Whoever checks cleans them; what waits for approval stays."""


class PaperKind(StrEnum):
    """What may be taken in. Whatever else there is, is converted first by whoever knows it."""

    SPREADSHEET = "Excel workbook"
    DOCUMENT = "Word document"
    PDF = "PDF"
    TABLE = "CSV"
    TEXT = "plain text"
    PICTURE = "picture"


ENDS = {
    ".xlsx": PaperKind.SPREADSHEET,
    ".docx": PaperKind.DOCUMENT,
    ".pdf": PaperKind.PDF,
    ".csv": PaperKind.TABLE,
    ".txt": PaperKind.TEXT,
    ".jpg": PaperKind.PICTURE,
    ".jpeg": PaperKind.PICTURE,
    ".png": PaperKind.PICTURE,
}
MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}


def ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(name: str) -> PaperKind:
    """Raises WrongValue for what is not taken in."""
    kind = ENDS.get(ending(name))
    if kind is None:
        raise WrongValue(
            "Papers are XLSX, DOCX, PDF, CSV, TXT, JPEG or PNG. Please save it as one of these, and give it again."
        )
    return kind


def safe_name(given: str) -> str:
    """The file's own name, without folders and without what a mail program or a disk stumbles over."""
    last = re.split(r"[\\/]", given)[-1]
    stem, dot, end = last.rpartition(".")
    stem = re.sub(r"[^\w .()&+-]+", "_", stem if dot else end).strip(" .")[:80] or "paper"
    return f"{stem}.{end.lower()}" if dot else stem


ANYTHING = frozenset(Concealed)
ON_THE_PAGE = frozenset((Concealed.COVERED, Concealed.OVERLAID, Concealed.CROPPED, Concealed.UNSEEN))
CLEANED = {
    PaperKind.SPREADSHEET: ANYTHING,
    PaperKind.PDF: ANYTHING - ON_THE_PAGE,
    PaperKind.DOCUMENT: ANYTHING
    - {Concealed.EMBEDDED, Concealed.PROGRAM, Concealed.CROPPED, Concealed.LINKED},
    PaperKind.TABLE: frozenset((Concealed.FORMULA,)),
    PaperKind.PICTURE: ANYTHING,
}
"""What a clean copy is without, by kind of paper. The rest is found in the copy again."""


@dataclass(frozen=True, slots=True)
class Paper:
    """`sha256`: of its content, in hex. `found`: what was found in it when it came. `made_from`: the paper that this is
    a clean copy of. `set_aside`: it stays with the request and does not go out. `media`: its type on the web."""

    id: PaperId
    request: FoiRequestId
    name: str
    kind: PaperKind
    sha256: str
    size: int
    added_at: datetime
    added_by: str
    found: tuple[Finding, ...] = ()
    made_from: PaperId | None = None
    set_aside: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.size <= LARGEST:
            raise WrongValue(f"a paper has 1 byte to {LARGEST // 1024 // 1024} MB, not {self.size:,} bytes")
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise WrongValue("a paper is kept by the SHA-256 of its content, in hex")
        if kind_of(self.name) is not self.kind or safe_name(self.name) != self.name:
            raise WrongValue(f"“{self.name}” is no name for a paper of this kind")
        if self.added_at.tzinfo is None:
            raise WrongValue("times carry their zone")

    @property
    def media(self) -> str:
        return MEDIA[ending(self.name)]

    @property
    def helps(self) -> frozenset[Concealed]:
        """What of it a clean copy would be without."""
        return CLEANED.get(self.kind, frozenset())

    @property
    def holds(self) -> tuple[Finding, ...]:
        """What must be dealt with before it goes, its kind included."""
        if self.kind is PaperKind.SPREADSHEET:
            return (Finding(Concealed.KIND, self.name, "the workbook"), *self.found)
        return self.found


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
