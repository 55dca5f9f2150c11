"""Members are found by how a name, a number or a card begins: ranges of an index, the same on both databases."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.sql.elements import ColumnElement

from stile.adapters.storage import tables
from stile.domain.member import search_key

member, card = tables.member, tables.member_card
LAST = chr(0x10FFFF)
"""After every text that begins with what stands before it, byte by byte."""


def searches(text: str) -> Iterator[Select[Any]]:
    """Ids, the likeliest first. Nothing for an empty text."""
    plain, key = text.strip().replace("\0", ""), search_key(text.replace("\0", ""))
    if not plain or not key:
        return
    by_family = (member.c.family_key, member.c.given_key, member.c.id)
    for number in dict.fromkeys((plain, plain.upper())):
        yield select(member.c.id).where(_begins(member.c.number, number)).order_by(member.c.number)
    words = key.split(" ")
    if len(words) == 1:
        yield select(member.c.id).where(_begins(member.c.family_key, key)).order_by(*by_family)
        yield (
            select(member.c.id)
            .where(_begins(member.c.given_key, key))
            .order_by(member.c.given_key, member.c.id)
        )
        yield from _cards(key)
        return
    if any(char.isdigit() for char in key):  # a card as it is printed, in groups
        yield from _cards(key)
    for gap in range(1, len(words)):
        one, other = " ".join(words[:gap]), " ".join(words[gap:])
        for given, family in ((one, other), (other, one)):
            both = and_(_begins(member.c.given_key, given), _begins(member.c.family_key, family))
            yield select(member.c.id).where(both).order_by(*by_family)
    yield select(member.c.id).where(_begins(member.c.family_key, key)).order_by(*by_family)
    yield (
        select(member.c.id).where(_begins(member.c.given_key, key)).order_by(member.c.given_key, member.c.id)
    )


def _cards(key: str) -> Iterator[Select[Any]]:
    number = key.replace("-", "").replace(" ", "").upper()
    if len(number) >= 4:
        cards = select(card.c.member.label("id")).join(member, member.c.id == card.c.member)
        yield cards.where(_begins(card.c.card, number)).order_by(card.c.card)


def _begins(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return and_(column >= text, column < text + LAST)
