"""What looking into one file gives."""

from dataclasses import dataclass

from stile.domain.foi_desk.redaction import Finding


@dataclass(frozen=True, slots=True)
class Looked:
    """`found`: what the file hides. `words`: everything in it that a reader gets, each with where it stands.
    `headings`: of its columns, each with where it stands."""

    found: tuple[Finding, ...]
    words: tuple[tuple[str, str], ...]
    headings: tuple[tuple[str, str], ...] = ()
