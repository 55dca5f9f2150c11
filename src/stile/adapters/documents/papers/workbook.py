"""What an Excel workbook hides; and each of its sheets as a CSV that holds only what is seen.

A workbook never goes out as such (`Concealed.KIND`): in August 2023 the names of nearly ten thousand police officers
and staff went out with an answer, in a sheet that nobody saw. The Commissioner has asked for CSV since.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any

from stile.adapters.documents.papers.limits import in_our_words, unfolded
from stile.adapters.documents.papers.looked import Looked
from stile.adapters.documents.papers.plain import written
from stile.adapters.documents.papers.properties import in_properties
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.papers import safe_name
from stile.domain.foi_desk.redaction import Concealed, Finding, gathered

MOST_CELLS = 400_000
WHITE = ("FFFFFFFF", "00FFFFFF")
NEVER_SHOWN = ";;;"
PARTS: tuple[tuple[str, Concealed, str], ...] = (
    ("xl/pivotCache/pivotCacheRecords", Concealed.SOURCE, "rows behind a pivot table"),
    ("xl/model/", Concealed.SOURCE, "a data model"),
    ("xl/connections.xml", Concealed.LINKED, "a connection to a database or file"),
    ("xl/externalLinks/externalLink", Concealed.LINKED, "cells of another workbook"),
    ("xl/embeddings/", Concealed.EMBEDDED, "an embedded file"),
    ("xl/threadedComments/", Concealed.COMMENT, "a conversation"),
    ("xl/persons/", Concealed.AUTHOR, "people who commented"),
    ("xl/revisions/", Concealed.TRACKED, "a log of changes"),
    ("xl/vbaProject", Concealed.PROGRAM, "macros"),
    ("customXml/item", Concealed.METADATA, "custom data"),
    ("xl/printerSettings/", Concealed.METADATA, "settings of a printer"),
)
NEEDED = "xl/workbook.xml"


def look(name: str, content: bytes) -> Looked:
    parts = unfolded(content, NEEDED)
    found = [
        Finding(what, name, told) for begins, what, told in PARTS for part in parts if part.startswith(begins)
    ]
    with in_our_words():
        found += in_properties(parts)
        book = _opened(content)
        found += [
            Finding(Concealed.NAME, name, str(one.name)) for one in book.defined_names.values() if one.hidden
        ]
        for sheet in book.worksheets:
            found += _in_sheet(sheet)
        for sheet in book.chartsheets:
            if sheet.sheet_state != "visible":
                found.append(Finding(Concealed.SHEET, sheet.title, "a chart"))
    return Looked(tuple(gathered(found)), ())


def clean(name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
    """A CSV for each visible sheet that holds anything. Values are those that are stored: a cell that shows 3% may hold
    0.0312. Raises WrongValue where a formula was never worked out."""
    unfolded(content, NEEDED)
    with in_our_words():
        values, formulas = _opened(content), _opened(content, values=False)
        stem = PurePosixPath(name).stem
        made = []
        for sheet in values.worksheets:
            if sheet.sheet_state != "visible":
                continue
            rows = list(_seen(sheet, formulas[sheet.title]))
            if any(any(row) for row in rows):
                made.append((safe_name(f"{stem} - {sheet.title.replace('.', '_')}.csv"), written(rows)))
    if not made:
        raise WrongValue("No sheet shows anything, so there is nothing to give.")
    return made


def _opened(content: bytes, values: bool = True) -> Any:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), data_only=values, keep_links=False)
    if sum(len(sheet._cells) for sheet in book.worksheets) > MOST_CELLS:
        raise WrongValue(
            f"The workbook has more than {MOST_CELLS:,} cells. Please split it, or save it as CSV."
        )
    return book


def _in_sheet(sheet: Any) -> Iterator[Finding]:
    where = f"sheet “{sheet.title}”"
    if sheet.sheet_state != "visible":
        size = f"{_count(sheet.max_row, 'row')}, {_count(sheet.max_column, 'column')}"
        yield Finding(Concealed.SHEET, where, size)
    rows, columns = _hidden_rows(sheet), _hidden_columns(sheet)
    filtered = sheet.auto_filter.ref is not None and bool(sheet.auto_filter.filterColumn)
    if rows:
        yield Finding(Concealed.FILTERED if filtered else Concealed.ROWS, where, _told(sorted(rows), "row"))
    if columns:
        from openpyxl.utils import get_column_letter

        yield Finding(
            Concealed.COLUMNS, where, _told([get_column_letter(one) for one in sorted(columns)], "column")
        )
    for cell in sheet._cells.values():
        if getattr(cell, "comment", None) is not None:
            yield Finding(Concealed.COMMENT, where, f"{cell.coordinate}: {cell.comment.text.strip()[:60]}")
        if cell.value is not None and _is_unseen(cell):
            yield Finding(Concealed.TEXT, where, f"{cell.coordinate}: {str(cell.value)[:60]}")


def _hidden_rows(sheet: Any) -> set[int]:
    """Rows with something in them that are not shown."""
    used = {row for row, _ in sheet._cells}
    all_hidden = bool(sheet.sheet_format.zeroHeight)
    return {row for row in used if _row_hidden(sheet, row, all_hidden)}


def _row_hidden(sheet: Any, row: int, all_hidden: bool) -> bool:
    if row not in sheet.row_dimensions:
        return all_hidden
    shown = sheet.row_dimensions[row]
    return bool(shown.hidden) or (shown.height is not None and shown.height <= 0)


def _hidden_columns(sheet: Any) -> set[int]:
    used = {column for _, column in sheet._cells}
    hidden = set()
    for one in sheet.column_dimensions.values():
        if one.hidden or (one.customWidth and one.width is not None and one.width <= 0):
            hidden |= {column for column in used if (one.min or 0) <= column <= (one.max or 0)}
    return hidden


def _is_unseen(cell: Any) -> bool:
    """White letters on no ground, letters in the colour of their ground, or a format that shows nothing."""
    if not cell.has_style:
        return False
    if cell.number_format == NEVER_SHOWN:
        return True
    colour, ground = cell.font.color, cell.fill.fill_type
    white = colour is not None and (
        (colour.type == "rgb" and colour.rgb in WHITE) or (colour.type == "theme" and colour.theme == 0)
    )
    if ground is None:
        return white
    return ground == "solid" and _rgb(cell.fill.fgColor, "FFFFFF") == _rgb(colour, "000000")


def _rgb(colour: Any, otherwise: str) -> str:
    """Six digits. Of a theme's colours white and black only; any other is told by its number, equal to itself."""
    if colour is None or colour.type == "auto":
        return otherwise
    if colour.type == "rgb":
        return str(colour.rgb)[-6:].upper()
    if colour.type == "theme":
        return {0: "FFFFFF", 1: "000000"}.get(colour.theme, f"theme {colour.theme} {colour.tint}")
    return f"{colour.type} {colour.indexed}"


def _told(which: Sequence[object], one: str) -> str:
    named = ", ".join(str(row) for row in which[:8]) + (" …" if len(which) > 8 else "")
    return f"{_count(len(which), one)}: {named}"


def _count(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def _seen(sheet: Any, formulas: Any) -> Iterator[list[str]]:
    hidden_rows, hidden_columns = _hidden_rows(sheet), _hidden_columns(sheet)
    cells = sheet._cells
    rows = sorted({row for row, _ in cells} - hidden_rows)
    columns = sorted({column for _, column in cells} - hidden_columns)
    for row in rows:
        line = []
        for column in columns:
            cell = cells.get((row, column))
            if cell is None or cell.value is None:
                behind = formulas._cells.get((row, column))
                if behind is not None and behind.data_type == "f":
                    raise WrongValue(
                        f"{sheet.title}, {behind.coordinate} holds a formula that was never worked out. Please open "
                        "the workbook in a spreadsheet program, save it, and give it again."
                    )
                line.append("")
            else:
                line.append("" if _is_unseen(cell) else _said(cell.value))
        yield line


def _said(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)
