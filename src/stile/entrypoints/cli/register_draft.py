"""`stile register draft`: a file that opens the lanes (law 5) once somebody has filled in what no program can know."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from stile.application.go_live import key_of
from stile.domain.consent import Audience
from stile.domain.ids import CentreId
from stile.domain.register import Deployment, Document, DocumentKind, Phase
from stile.entrypoints.cli.common import Data, print_line, site

if TYPE_CHECKING:
    from stile.bootstrap import Site

A_YEAR = timedelta(days=365)

HEAD = """\
# What opens the lanes of {place} to faces, as far as this program knows it. Nothing here is recorded yet.
# Fill in what is empty (""), read the rest, and run `stile register add FILE`. Entries are never changed afterwards:
# one that was wrong is replaced by a later one.
source = ""  # who says so, such as "the managing director"
"""

SAYS: Mapping[str, str] = {
    "phase": 'planned, pilot or in use. With "planned" members can enrol, and lanes stay closed to faces',
    "since": "first day of use",
    "address": "street, town and postcode",
    "uprn": "Unique Property Reference Number, where it is known",
    "mode": "1:1, 1:N or both",
    "where": "an address, or a place on file",
    "measures_by": "who approved the measures against the risks",
    "residual_by": "who accepts the risk that is left",
    "advice": "of the data protection officer, in a sentence",
    "overruled": "why the advice was not followed; empty where it was",
    "review_on": "the last day on which lanes stay open without another review",
}
LEFT_OUT = ("until", "asked_for", "joint_controllers", "processors", "suppliers")
"""Of a deployment: what an operator's own centre seldom has. `stile register example` and the console have the rest."""


def draft(data: Data = None) -> None:
    """Print a file for `stile register add`, filled in as far as the program knows, for each centre of this site."""
    with site(data, see=True) as here:
        with here.store.read() as work:
            centres = [one.id for one in work.centres.all()]
        for centre in centres:
            print_line("\n".join(_lines(here, centre)))


def _lines(here: "Site", centre: CentreId) -> Iterator[str]:
    today, key = here.clock.today(), key_of(centre)
    found = _deployment(here, key, today)
    yield HEAD.format(place=found.place)
    yield from _entry("own use", {"uses": True})
    fields = {name: getattr(found, name) for name in Deployment.__dataclass_fields__}
    documents = fields.pop("documents")
    yield from _entry("deployment", {name: one for name, one in fields.items() if name not in LEFT_OUT})
    for document in documents:
        yield "[[entry.fact.documents]]"
        yield from _fields({"kind": document.kind, "title": document.title, "at": document.at})
        yield from _fields({"where": "" if document.where == EMPTY else document.where})
        yield ""
    yield from _entry(
        "sign-off",
        {
            "deployment": key,
            "measures_by": "",
            "residual_by": "",
            "advice": "",
            "overruled": "",
            "version": "1",
            "review_on": today + A_YEAR,
        },
    )


EMPTY = "?"
"""Where a document is, until somebody says it."""


def _deployment(here: "Site", key: str, today: date) -> Deployment:
    """What stands in the register, or else what the program is set to; with each document that law 5 asks for."""
    entry = here.registering.as_of().deployment(key)
    known = entry.fact if entry else None
    if not isinstance(known, Deployment):
        known = here.assessing.deployment_as_configured(key)
        assert known is not None, "a centre of our own is configured"
    if known.phase is Phase.PLANNED:
        known = replace(known, phase=Phase.IN_USE, since=known.since or today)
    version = here.notices.current(Audience.ADULT).version
    wanted = (
        Document(DocumentKind.DPIA, "Data protection impact assessment", today, EMPTY),
        Document(
            DocumentKind.NOTICE,
            f"Privacy notice {version}",
            today,
            "shown before every consent; `stile notice`",
        ),
        Document(DocumentKind.SIGNAGE, "Signs at the way in", today, EMPTY),
    )
    more = tuple(one for one in wanted if known.document(one.kind) is None)
    return replace(known, documents=known.documents + more)


def _entry(kind: str, fact: Mapping[str, Any]) -> Iterator[str]:
    yield "[[entry]]"
    yield f"kind = {json.dumps(kind)}"
    yield "[entry.fact]"
    yield from _fields(fact)
    yield ""


def _fields(fact: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fact.items():
        if value is not None:
            note = f"  # {SAYS[name]}" if name in SAYS else ""
            yield f"{name} = {_toml(value)}{note}"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    text = json.dumps(str(value), ensure_ascii=False)  # the escapes of a JSON string are TOML's as well
    return '"""\n' + text[1:-1].replace("\\n", "\n") + '"""' if "\n" in str(value) else text
