"""The small part of Markdown that the notice is written in: headings and paragraphs, and nothing that could
carry markup. The words reach the page as text, escaped by the template."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    kind: Kind
    text: str


def blocks(words: str) -> list[Block]:
    """`# title`, `## heading`, and paragraphs set apart by empty lines."""
    found: list[Block] = []
    lines: list[str] = []

    def end_paragraph() -> None:
        if lines:
            found.append(Block(Kind.PARAGRAPH, "\n".join(lines)))
            lines.clear()

    for line in words.splitlines():
        if line.startswith("## "):
            end_paragraph()
            found.append(Block(Kind.HEADING, line[3:].strip()))
        elif line.startswith("# "):
            end_paragraph()
            found.append(Block(Kind.TITLE, line[2:].strip()))
        elif line.strip():
            lines.append(line.strip())
        else:
            end_paragraph()
    end_paragraph()
    return found
