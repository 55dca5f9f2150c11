"""Statements, written once, as Turtle and as JSON-LD (W3C): two forms of one graph, which cannot differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class Iri:
    value: str

    @property
    def safe(self) -> str:
        """Without what an IRI may not hold (RFC 3987): a space or a bracket cannot end it early."""
        return re.sub(r"[\x00-\x20<>\"{}|^`\\]", lambda found: quote(found[0]), self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a language, or a value of a datatype such as `xsd:date`."""

    value: str
    datatype: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """`id`: None for a node that nobody else names. `types`, predicates: with their prefix."""

    id: Iri | None
    types: tuple[str, ...]
    says: "tuple[tuple[str, Value], ...]" = ()


Value = Iri | Text | Node


def english(words: str) -> Text:
    return Text(words, language="en")


def day(one: date) -> Text:
    return Text(one.isoformat(), "xsd:date")


def turtle(nodes: Sequence[Node]) -> str:
    heads = [f"@prefix {name}: <{iri}> ." for name, iri in PREFIXES.items()]
    return "\n".join(heads) + "\n\n" + "\n".join(f"{_statements(node)} .\n" for node in nodes)


def _statements(node: Node, indent: str = "    ") -> str:
    said = [f"a {', '.join(node.types)}", *(f"{name} {_term(value, indent)}" for name, value in node.says)]
    between = f" ;\n{indent}"
    if node.id is None:
        return f"[\n{indent}{between.join(said)}\n{indent[4:]}]"
    return f"<{node.id.safe}>\n{indent}{between.join(said)}"


def _term(value: Value, indent: str) -> str:
    if isinstance(value, Iri):
        return f"<{value.safe}>"
    if isinstance(value, Node):
        return _statements(value, indent + "    ") if value.id is None else f"<{value.id.safe}>"
    marked = f"@{value.language}" if value.language else f"^^{value.datatype}" if value.datatype else ""
    return f'"{_escaped(value.value)}"{marked}'


ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(text: str) -> str:
    return "".join(ESCAPES.get(one, one if one >= " " else f"\\u{ord(one):04X}") for one in text)


def json_ld(nodes: Sequence[Node]) -> dict[str, Any]:
    return {"@context": PREFIXES, "@graph": [_object(node) for node in nodes]}


def _object(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {} if node.id is None else {"@id": node.id.safe}
    found["@type"] = list(node.types)
    for name, value in node.says:
        found.setdefault(name, []).append(_json(value))
    return found


def _json(value: Value) -> Mapping[str, Any]:
    if isinstance(value, Iri):
        return {"@id": value.safe}
    if isinstance(value, Node):
        return _object(value) if value.id is None else {"@id": value.id.safe}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    return {"@value": value.value, "@type": value.datatype} if value.datatype else {"@value": value.value}
