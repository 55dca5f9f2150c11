"""Tables for anybody's tools: CSV (RFC 4180), and what each column means as CSV on the Web (W3C, Metadata Vocabulary
for Tabular Data, 2015). One table says both, so that they cannot disagree.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from stile.domain.account import Account
from stile.domain.errors import WrongValue

Cell = str | int | float | bool | date | None

TEXT, WHOLE, NUMBER, DAY, YES_NO, ADDRESS = "string", "integer", "number", "date", "boolean", "anyURI"

QUOTE = '"'
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a text."""


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: a datatype of CSVW. An empty cell is no value, where `required` is not set."""

    name: str
    title: str
    about: str
    kind: str = TEXT
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`name`: of the file. `key`: names of the columns that no two rows share."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise WrongValue(f"{self.name}: a row has {len(row)} cells for {len(self.columns)} columns")


def csv_text(table: Table) -> str:
    """With a header line of column names."""
    lines = [[one.name for one in table.columns], *([_written(cell) for cell in row] for row in table.rows)]
    return "".join(f"{','.join(_quoted(cell) for cell in line)}\r\n" for line in lines)


def _quoted(text: str) -> str:
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if any(one in text for one in '",\r\n') else text


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RISKY) else cell
    return repr(cell)


def csvw(table: Table, account: Account) -> dict[str, Any]:
    """The metadata document that lies beside the file, under its name with `-metadata.json` (CSVW, 5.2)."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": table.name,
        "dc:title": table.title,
        "dc:description": table.about,
        "dc:publisher": account.publisher.name,
        "dc:license": {"@id": account.publisher.licence},
        "dc:modified": {"@value": account.day.isoformat(), "@type": "xsd:date"},
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {
            "columns": [
                {
                    "name": one.name,
                    "titles": [one.name],
                    "dc:title": one.title,
                    "dc:description": one.about,
                    "datatype": one.kind,
                    "required": one.required,
                }
                for one in table.columns
            ],
            "primaryKey": list(table.key),
        },
    }
