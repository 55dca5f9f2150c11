"""What goes out with an answer: where it is kept, and who looks into it."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.foi_desk.disclosure_log import Disclosed
from stile.domain.foi_desk.papers import Paper
from stile.domain.foi_desk.redaction import Finding, Known, LetThrough
from stile.domain.ids import FoiRequestId, PaperId


class FoiPapers(Protocol):
    def add(self, paper: Paper, content: bytes) -> None:
        """Raises NotFound without such a request."""
        ...

    def get(self, id: PaperId) -> Paper | None: ...
    def of(self, request: FoiRequestId) -> Sequence[Paper]:
        """In the order in which they came, those set aside included. Reads no contents."""
        ...

    def content(self, id: PaperId) -> bytes:
        """Raises NotFound."""
        ...

    def save(self, paper: Paper) -> None:
        """What may change: whether it is set aside, and what was found."""
        ...

    def remove(self, id: PaperId) -> None: ...
    def let_through(self, decision: LetThrough) -> None:
        """A later decision about the same thing takes the place of the earlier one."""
        ...

    def passed(self, request: FoiRequestId) -> Sequence[LetThrough]: ...


class DisclosureLog(Protocol):
    """Stands by itself: it holds nothing of who asked, and stays when the request goes."""

    def publish(self, entry: Disclosed, contents: Sequence[bytes]) -> None:
        """`contents`: of its papers, in their order. Takes the place of an earlier entry of the same reference."""
        ...

    def withdraw(self, ref: str) -> bool:
        """Whether there was one."""
        ...

    def get(self, ref: str) -> Disclosed | None: ...
    def content(self, ref: str, name: str) -> bytes | None: ...
    def count(self) -> int: ...
    def page(self, most: int, after: int = 0) -> Sequence[Disclosed]:
        """The newest first, from the one after so many."""
        ...


class PaperReader(Protocol):
    """Looks into files that anybody may have made. Thread-safe; may take seconds, so it is called outside of any
    transaction. A file that is not what it says, that would unfold to more than the limits, or that takes too long
    raises WrongValue with one line that says what to do; NotConfigured where the extra “documents” is missing."""

    def look(self, name: str, content: bytes, known: Known) -> Sequence[Finding]:
        """What the file hides, and personal data in its words, by place."""
        ...

    def clean(self, name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
        """Names and contents of a copy that holds only what a reader sees. A workbook becomes one CSV for each visible
        sheet; a Word file its text with every change accepted. Look into it again: nothing is taken on trust."""
        ...
