"""JSON Schemas (draft 2020-12) of what is published, so that anybody can check it with their own tools.

Those of the register's facts are made from the facts themselves: a field that is added cannot be forgotten."""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from stile.domain.figures import Basis, IntervalBy, Measure
from stile.domain.foi_desk.draft import Held
from stile.domain.member_groups import GroupMeasure
from stile.domain.open_data.account_json import FORMAT as ACCOUNT_FORMAT
from stile.domain.open_data.figures_json import COUNTED, NOT_MEASURED, SUPPRESSED
from stile.domain.passage import Method
from stile.domain.register import OrganisationKind
from stile.domain.register_feed import FORMAT as FEED_FORMAT
from stile.domain.register_json import KINDS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

WORDS: Schema = {"type": "string", "minLength": 1}
MAYBE_WORDS: Schema = {"type": ["string", "null"]}
DAY: Schema = {"type": "string", "format": "date"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
ID: Schema = {"type": "string", "format": "uuid"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
SHARE: Schema = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
STATUS: Schema = {"enum": [COUNTED, NOT_MEASURED, SUPPRESSED]}


def exactly(**properties: Schema) -> Schema:
    """An object with all of these, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def each(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(kind: type[StrEnum]) -> Schema:
    return {"enum": [one.value for one in kind]}


# --- the register ----------------------------------------------------------------------------------------


def fact_schema(kind: type) -> Schema:
    """Of one kind of fact, by the fields of its record."""
    hints = get_type_hints(kind)
    return {
        "type": "object",
        "properties": {one.name: _of(hints[one.name]) for one in fields(kind)},
        "required": [
            one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING
        ],
        "additionalProperties": False,
    }


def _of(wanted: Any) -> Schema:
    origin, within = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        [inner] = [one for one in within if one is not type(None)]
        return {"anyOf": [_of(inner), {"type": "null"}]}
    if origin is tuple:
        return each(_of(within[0]))
    if is_dataclass(wanted) and isinstance(wanted, type):
        return fact_schema(wanted)
    if wanted is bool:
        return {"type": "boolean"}
    if wanted is date:
        return DAY
    return _one_of(wanted) if issubclass(wanted, StrEnum) else {"type": "string"}


def _entry() -> Schema:
    made = exactly(
        id=ID,
        kind={"enum": list(KINDS)},
        at=DAY,
        source=WORDS,
        replaces={"anyOf": [ID, {"type": "null"}]},
        fact={"type": "object"},
    )
    made["allOf"] = [
        {"if": {"properties": {"kind": {"const": name}}}, "then": {"properties": {"fact": fact_schema(kind)}}}
        for name, kind in KINDS.items()
    ]
    return made


def feed_schema(base: str) -> Schema:
    body = exactly(
        format={"const": FEED_FORMAT},
        as_of=DAY,
        url=ADDRESS,
        organisation=exactly(name=WORDS, kind=_one_of(OrganisationKind)),
        entries=each(_entry()),
    )
    return _document(base, "register.schema.json", "A register of facial recognition, as a feed", body)


# --- the account -----------------------------------------------------------------------------------------


def account_schema(base: str) -> Schema:
    body = exactly(
        **{"$schema": ADDRESS},
        format={"const": ACCOUNT_FORMAT},
        as_of=DAY,
        url=ADDRESS,
        licence=ADDRESS,
        organisation=exactly(
            name=WORDS,
            kind=_one_of(OrganisationKind),
            address=MAYBE_WORDS,
            data_protection_officer=MAYBE_WORDS,
            privacy_contact=MAYBE_WORDS,
            requests=MAYBE_WORDS,
        ),
        questions=_answers(5),
        more=_answers(1),
        register=each(_entry()),
        figures={"anyOf": [each(_figures()), {"type": "null"}]},
        groups=each(_groups()),
        enrolled=_or_null(each(exactly(centre=WORDS, place=WORDS, age_group=WORDS, members=_count()))),
        disclosure_log=each(_disclosed()),
        left_out=each(exactly(what=WORDS, part=WORDS, because=WORDS)),
        alternatives=each(WORDS),
        notice=_or_null(
            exactly(version=WORDS, sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"}, words=WORDS)
        ),
        audit_log=_or_null(exactly(checkpoint=WORDS, public_key={"type": "string"})),
    )
    return _document(base, "account.schema.json", "A public account of facial recognition", body)


def _or_null(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "null"}]}


def _answers(least: int) -> Schema:
    cited = exactly(entry=WORDS, date=DAY)
    answer = exactly(n=WHOLE, text=WORDS, held=_one_of(Held), answer=WORDS, citations=each(cited))
    return {**each(answer), "minItems": least}


def _groups() -> Schema:
    named = _one_of(GroupMeasure)
    group = exactly(
        group=WORDS,
        counts=each(exactly(measure=named, count=_count())),
        shares=each(exactly(measure=named, of=named, rate=_rate())),
    )
    return exactly(period=_period(), groups=each(group))


def _period() -> Schema:
    return exactly(key=WORDS, first=DAY, last=DAY)


def _rate() -> Schema:
    return _with_status(
        exactly(
            status=STATUS,
            value=SHARE,
            lower=SHARE,
            upper=SHARE,
            interval={"enum": [*(one.value for one in IntervalBy), None]},
            because=MAYBE_WORDS,
        )
    )


def _figures() -> Schema:
    count, rate = _count(), _rate()
    figure = exactly(
        measure=_one_of(Measure),
        basis=_one_of(Basis),
        count=count,
        shares=each(exactly(of=_one_of(Measure), trials=count, rate=rate)),
    )
    quantiles = exactly(
        status=STATUS,
        timed=WHOLE,
        median_ms={"type": ["number", "null"]},
        ninth_decile_ms={"type": ["number", "null"]},
    )
    wait = exactly(
        way=_one_of(Method),
        passages=WHOLE,
        turned_away=WHOLE,
        by_membership=WHOLE,
        to_decision=quantiles,
        to_door=quantiles,
    )
    return exactly(
        centre=_or_null(exactly(id=WORDS, name=WORDS)),
        period=_period(),
        figures=each(figure),
        waits=each(wait),
        limits=each(WORDS),
    )


def _count() -> Schema:
    return _with_status(exactly(status=STATUS, value={"type": ["integer", "null"]}, because=MAYBE_WORDS))


def _disclosed() -> Schema:
    held = {"enum": [*(one.value for one in Held), None], "description": "null where the answer is refused"}
    answer = exactly(n=WHOLE, text=WORDS, held=held, answer={"type": "string"}, refused=MAYBE_WORDS)
    return exactly(
        ref=WORDS,
        title=WORDS,
        received=DAY,
        answered=DAY,
        published=DAY,
        law=WORDS,
        questions={**each(answer), "minItems": 1},
        papers=each(exactly(name=WORDS, sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"})),
    )


def _with_status(one: Schema) -> Schema:
    """A value stands where it was counted, and only there; where it was not, the reason does."""
    counted = {"properties": {"value": {"type": "number"}, "because": {"type": "null"}}}
    missing = {"properties": {"value": {"type": "null"}, "because": WORDS}}
    return {**one, "if": {"properties": {"status": {"const": COUNTED}}}, "then": counted, "else": missing}


def _document(base: str, name: str, title: str, body: Schema) -> Schema:
    return {"$schema": DRAFT, "$id": f"{base}/{name}", "title": title, **body}
