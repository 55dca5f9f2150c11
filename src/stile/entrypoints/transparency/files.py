"""Every file of the public account, by its name. Nothing in here depends on who asks, or when on that day."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stile.domain.account import Account
from stile.domain.open_data.account_json import account_json
from stile.domain.open_data.figures_tables import figures_tables
from stile.domain.open_data.register_tables import register_tables
from stile.domain.open_data.tables import csv_text, csvw
from stile.domain.register_feed import feed_json

PAGE = "index.html"
JSON = "application/json"
CSVW = "application/csvm+json"


@dataclass(frozen=True, slots=True)
class File:
    """`media`: its type. `about`: what is in it, for people; empty for what only belongs to another file."""

    name: str
    media: str
    body: bytes
    title: str
    about: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def etag(self) -> str:
        return f'"{self.sha256[:32]}"'


Page = Callable[[Account, tuple[File, ...]], str]
"""Makes the page for people, which links to the files."""


def files(account: Account, base: str, page: Page) -> Mapping[str, File]:
    """`base`: the address under which they are published, without a slash at its end."""
    data = tuple(_data(account, base))
    shown = File(PAGE, "text/html; charset=utf-8", page(account, data).encode(), "The page for people")
    return {one.name: one for one in (shown, *data)}


def _data(account: Account, base: str) -> Iterator[File]:
    yield from _as_json(account, base)
    for table in (*figures_tables(account), *register_tables(account)):
        about = f"{table.about} CSV; what each column means stands beside it, as CSV on the Web."
        yield File(table.name, "text/csv; charset=utf-8", csv_text(table).encode(), table.title, about)
        yield _json(f"{table.name}-metadata.json", csvw(table, account), table.title, media=CSVW)


def _as_json(account: Account, base: str) -> list[File]:
    publisher = account.publisher
    feed = feed_json(publisher.name, publisher.kind, account.register, account.day, f"{base}/register.json")
    return [
        _json(
            "account.json",
            account_json(account, base),
            "The whole account",
            "Everything on this page, as JSON.",
        ),
        _json(
            "register.json",
            feed,
            "The register, as a feed",
            "For another organisation's register to read, again and again.",
        ),
    ]


def _json(name: str, value: Any, title: str, about: str = "", media: str = JSON) -> File:
    body = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return File(name, media, body.encode(), title, about)
