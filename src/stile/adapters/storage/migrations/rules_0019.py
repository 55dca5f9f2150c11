"""Every no is remembered beside the erasures, by id, whoever said it: a restored backup must not take one back.

A template set aside, a no to direct marketing, an objection of a parent and a refusal of a child, a PIN and a phone
that were ended, and a screen, a program's token and an account that were shut. A yes that came later is not remembered:
where a backup does not know which of the two counts, the no does, and a person says yes again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stile.adapters.storage.migrations.rules_0001 import _function, _trigger
from stile.adapters.storage.migrations.rules_0009 import _remember

NO = "NEW.marketing = {no} AND NEW.marketing_at IS NOT NULL"
NEWLY = "(OLD.marketing_at IS NULL OR OLD.marketing_at <> NEW.marketing_at)"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`row`: OLD or NEW; `subject`, `member`: its columns; `at`: its column, or None for the database's own clock."""

    what: str
    change: str
    when: str
    subject: str
    member: str
    at: str | None
    row: str = "NEW"

    @property
    def name(self) -> str:
        return f"remember_{self.what}"

    def remember(self, now: str) -> str:
        at = now if self.at is None else f"{self.row}.{self.at}"
        return _remember(self.what, f"{self.row}.{self.subject}", f"{self.row}.{self.member}", at)


def _shut(table: str, what: str, at: str) -> _Rule:
    """What is nobody's own stands with its own id in the place of a member's."""
    shut = f"OLD.{at} IS NULL AND NEW.{at} IS NOT NULL"
    return _Rule(what, f"UPDATE ON {table}", shut, "id", "id", at)


def _rules(no: str) -> Iterator[_Rule]:
    """`no`: the dialect's word for it."""
    yield _Rule("restriction", "INSERT ON face_restriction", "1 = 1", "member", "member", "since")
    no_news = f"{NO.format(no=no)} AND {NEWLY}"
    yield _Rule("marketing", "UPDATE ON member", no_news, "id", "id", "marketing_at")
    said = "NEW.said = '{}'"
    of_word = "INSERT ON guardian_word"
    yield _Rule("objection", of_word, said.format("objected"), "guardian", "member", "at")
    yield _Rule("refusal", of_word, said.format("refused"), "member", "member", "at")
    for way in ("pin", "phone"):
        yield _Rule(way, f"DELETE ON member_{way}", "1 = 1", "member", "member", None, "OLD")
    yield _shut("device", "device", "revoked_at")
    yield _shut("api_token", "token", "revoked_at")
    yield _shut("staff", "account", "disabled_at")


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    now = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
    for one in _rules("0"):
        yield f"CREATE TRIGGER {one.name} AFTER {one.change} WHEN {one.when} BEGIN {one.remember(now)} END"


def _postgresql() -> Iterator[str]:
    for one in _rules("false"):
        yield _function(one.name, f"IF {one.when} THEN {one.remember('now()')} END IF; RETURN {one.row};")
        yield _trigger(one.name, f"AFTER {one.change}")
