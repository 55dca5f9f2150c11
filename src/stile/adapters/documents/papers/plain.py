"""CSV and plain text: all that is in them is seen, so only the words are looked at, and whether a spreadsheet program
would run them; and how a CSV is written."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from stile.adapters.documents.papers.looked import Looked
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.redaction import Concealed, Finding, by_place

NUMBER = re.compile(r"[+-]?[£$€]?[\d\s.,()%/:-]+%?")
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_CELLS = 2_000_000


def text_of(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252. Raises WrongValue for what is no text."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise WrongValue("The file is no text. Please save it as CSV or TXT, and give it again.")
    return text


def look_at_text(name: str, content: bytes) -> Looked:
    return Looked((), ((name, text_of(content)),))


def look_at_table(name: str, content: bytes) -> Looked:
    """Words by column, named by its heading; the first row that is not empty holds the headings."""
    text = text_of(content)
    columns: list[list[str]] = []
    headings: list[str] = []
    try:
        for row in _rows(text):
            if not headings and any(cell.strip() for cell in row):
                headings = [cell.strip() for cell in row]
            while len(columns) < len(row):
                columns.append([])
            for column, cell in zip(columns, row, strict=False):
                column.append(cell)
    except csv.Error:
        return look_at_text(name, content)
    named = [headings[n] if n < len(headings) else "" for n in range(len(columns))]
    where = [f"column {n} “{heading}”" if heading else f"column {n}" for n, heading in enumerate(named, 1)]
    words = tuple((at, "\n".join(column)) for at, column in zip(where, columns, strict=True))
    formulas = [
        Finding(Concealed.FORMULA, at, cell[:60])
        for at, column in zip(where, columns, strict=True)
        for cell in column
        if harmless(cell) != cell
    ]
    return Looked(
        tuple(by_place(formulas)),
        words,
        tuple((at, heading) for at, heading in zip(where, named, strict=True) if heading),
    )


def clean_table(name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
    """With every cell as text. Raises WrongValue for what is no table."""
    try:
        return [(name, written(_rows(text_of(content))))]
    except csv.Error:
        raise WrongValue("The table cannot be read. Please save it anew as CSV, and give it again.") from None


def _rows(text: str) -> Iterator[list[str]]:
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:8192], ",;\t|")
    except csv.Error:
        dialect = "excel"
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    cells = 0
    for row in csv.reader(io.StringIO(text, newline=None), dialect):  # a lone CR ends a line too
        cells += len(row)
        if cells > MOST_CELLS:
            raise WrongValue("The table has more cells than are looked at. Please split it.")
        yield row


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, as spreadsheet programs expect it. A text that they would take for a formula begins with an
    apostrophe; a number never does."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) and not NUMBER.fullmatch(cell) else cell
