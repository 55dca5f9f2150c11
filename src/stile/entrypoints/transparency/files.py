"""Every file of the public account, by its name. Nothing in here depends on who asks, or when on that day."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stile.domain.account import Account
from stile.domain.open_data.account_json import account_json
from stile.domain.open_data.atrs import atrs_json
from stile.domain.open_data.atrs_schema import atrs_schema
from stile.domain.open_data.dcat import Published, catalogue
from stile.domain.open_data.figures_tables import figures_tables
from stile.domain.open_data.graph import json_ld, turtle
from stile.domain.open_data.handled_tables import handled_tables
from stile.domain.open_data.people_tables import people_tables
from stile.domain.open_data.register_tables import register_tables
from stile.domain.open_data.schemas import account_schema, feed_schema
from stile.domain.open_data.tables import csv_text, csvw
from stile.domain.register_feed import feed_json

PAGE = "index.html"
JSON = "application/json"
CSVW = "application/csvm+json"
SCHEMA = "application/schema+json"
METADATA = "-metadata.json"


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
    data = (*data, *_catalogue(account, base, data))
    shown = File(PAGE, "text/html; charset=utf-8", page(account, data).encode(), "The page for people")
    return {one.name: one for one in (shown, *data)}


def _data(account: Account, base: str) -> Iterator[File]:
    yield _json(
        "account.json", account_json(account, base), "The whole account", "Everything on this page, as JSON."
    )
    yield _json("account.schema.json", account_schema(base), "Schema of the account", media=SCHEMA)
    for table in (
        *figures_tables(account),
        *people_tables(account),
        *handled_tables(account),
        *register_tables(account),
    ):
        yield File(table.name, "text/csv; charset=utf-8", csv_text(table).encode(), table.title, table.about)
        yield _json(f"{table.name}{METADATA}", csvw(table, account), table.title, media=CSVW)
    publisher, address = account.publisher, f"{base}/register.json"
    yield _json(
        "register.json",
        feed_json(publisher.name, publisher.kind, account.register, account.day, address),
        "The register, as a feed",
        "For another organisation's register to read, again and again.",
    )
    yield _json("register.schema.json", feed_schema(base), "Schema of the register", media=SCHEMA)
    if account.answerable:
        yield _json(
            "atrs.json",
            atrs_json(account, base),
            "Algorithmic transparency records",
            "By the Algorithmic Transparency Recording Standard, tier 1 and 2.",
        )
        yield _json("atrs.schema.json", atrs_schema(base), "Schema of the records", media=SCHEMA)
    if account.head is not None:
        yield File("checkpoint.txt", "text/plain; charset=utf-8", account.head.note.encode(), "Signed head")


def _catalogue(account: Account, base: str, data: Sequence[File]) -> Iterator[File]:
    """Last: it says how long each file is, and its hash."""
    about = {one.name: one for one in data}
    nodes = catalogue(account, base, [_published(one, about) for one in data if one.about])
    yield _json(
        "catalogue.jsonld",
        json_ld(nodes),
        "The catalogue, as JSON-LD",
        "DCAT-AP 3: what a data portal harvests.",
        media="application/ld+json",
    )
    yield File(
        "catalogue.ttl",
        "text/turtle; charset=utf-8",
        turtle(nodes).encode(),
        "The catalogue, as Turtle",
        "The same, in the other form.",
    )


def _published(one: File, all_of_them: Mapping[str, File]) -> Published:
    stem = one.name.rpartition(".")[0]
    described = (f"{one.name}{METADATA}", f"{stem}.schema.json")
    conforms = next((name for name in described if name in all_of_them), "")
    media = one.media.partition(";")[0]
    return Published(one.name, media, one.title, one.about, len(one.body), one.sha256, conforms)


def _json(name: str, value: Any, title: str, about: str = "", media: str = JSON) -> File:
    body = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return File(name, media, body.encode(), title, about)
