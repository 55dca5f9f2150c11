"""Laws 2, 6 and 7 inside the database, for the tables of the second migration.

- That two members look alike is derived from their templates: it stands only while both templates stand, and goes
  with either of them, in the same transaction (law 2).
- A calibration is the history of what was measured (law 7), an adjudication what somebody saw of a passage (law 6):
  both are only added to.
"""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    APPEND_ONLY,
    NEVER_REPLACED,
    _function,
    _known,
    _raise,
    _refuse,
    _trigger,
)

BOTH_TEMPLATES = "law 2: two members look alike by their templates, and one of them has none"
PAIR_STANDS = "law 2: a pair of look-alikes does not change"
ONLY_ADDED = {
    "calibration": APPEND_ONLY.format(table="calibration").replace("law 6", "law 7"),
    "adjudication": APPEND_ONLY.format(table="adjudication"),
}

HAS_BOTH = " AND ".join(
    f"EXISTS (SELECT 1 FROM template WHERE template.member = NEW.{one} AND template.pack = NEW.pack)"  # noqa: S608
    for one in ("member", "other")
)
TAKES_PAIRS = (
    "DELETE FROM look_alike WHERE look_alike.pack = OLD.pack"
    " AND (look_alike.member = OLD.member OR look_alike.other = OLD.member);"
)


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    # Foreign keys are off in a foreign tool: hence the check of both templates here as well.
    yield _refuse("look_alike_insert", "INSERT ON look_alike", f"NOT ({HAS_BOTH})", BOTH_TEMPLATES)
    yield _refuse("look_alike_update", "UPDATE ON look_alike", "1", PAIR_STANDS)
    yield f"CREATE TRIGGER template_takes_pairs BEFORE DELETE ON template BEGIN {TAKES_PAIRS} END"
    for table, message in ONLY_ADDED.items():
        yield _refuse(f"{table}_update", f"UPDATE ON {table}", "1", message)
        yield _refuse(f"{table}_delete", f"DELETE ON {table}", "1", message)
        yield _refuse(
            f"{table}_replace", f"INSERT ON {table}", _known(table, "id"), NEVER_REPLACED.format(table=table)
        )


def _postgresql() -> Iterator[str]:
    # No check of the templates: the foreign keys are always on there, and make a deletion wait for an insertion.
    yield _function("look_alike_stands", _raise(PAIR_STANDS))
    yield _trigger("look_alike_stands", "BEFORE UPDATE ON look_alike")
    yield _function("template_takes_pairs", f"{TAKES_PAIRS} RETURN OLD;")
    yield _trigger("template_takes_pairs", "BEFORE DELETE ON template")
    for table, message in ONLY_ADDED.items():
        yield _function(f"{table}_only_added", _raise(message))
        yield _trigger(f"{table}_only_added", f"BEFORE UPDATE OR DELETE ON {table}")
        yield _trigger(
            f"{table}_only_added", f"BEFORE TRUNCATE ON {table}", name=f"{table}_kept", each="STATEMENT"
        )
