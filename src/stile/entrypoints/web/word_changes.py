"""What became of a text, word by word."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

FEWEST = 3
"""Words in a row that count as the same between two changes."""
MOST_PAIRS = 4_000_000
"""Of words compared; texts that are longer are compared sentence by sentence, or a page would wait for seconds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`kind`: “same”, “new” or “gone”."""

    kind: str
    text: str


def pieces(before: str, later: str) -> Iterator[Piece]:
    """The later text with what is gone of the one before, in order."""
    a, b = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", later)
    fewest = FEWEST
    if len(a) * len(b) > MOST_PAIRS:
        a, b, fewest = _sentences(before), _sentences(later), 1
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    i = j = 0
    for block in matcher.get_matching_blocks():
        begins = (block.a, block.b) == (0, 0)
        ends = (block.a + block.size, block.b + block.size) == (len(a), len(b))
        if block.size and block.size < fewest and not (begins or ends):
            continue  # a word or two in common make no sense between what was changed
        if i < block.a:
            yield Piece("gone", "".join(a[i : block.a]))
        if j < block.b:
            yield Piece("new", "".join(b[j : block.b]))
        if block.size:
            yield Piece("same", "".join(b[block.b : block.b + block.size]))
        i, j = block.a + block.size, block.b + block.size


def _sentences(text: str) -> list[str]:
    return re.findall(r"[^.\n]+[.\n]?\s*|[.\n]\s*", text)
