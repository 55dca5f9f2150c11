"""An authority holds no template, and nobody who could have one: the database refuses the row, whoever comes past the
program with a database tool. What an organisation is stays as it was set up.
"""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import _function, _raise, _refuse, _trigger

REFUSED = (
    "template",
    "member_key",
    "look_alike",
    "consent",
    "member",
    "member_staged",
    "invitation",
    "guardian",
    "lane",
    "device",
    "passage",
)
"""Tables that stay empty at an authority; every other one about a member or a lane hangs on one of these."""

NOTHING_HERE = "an authority holds no template, no member and no lane: {table} stays empty"
STAYS = "an operator stays an operator, and an authority an authority"

IS_AUTHORITY = "EXISTS (SELECT 1 FROM operator WHERE operator.kind = 'authority')"
ANOTHER_KIND = "EXISTS (SELECT 1 FROM operator WHERE operator.kind <> NEW.kind)"
NOT_EMPTY = " OR ".join(f"EXISTS (SELECT 1 FROM {table})" for table in REFUSED)  # noqa: S608 (names from this file)
TOO_LATE = f"NEW.kind = 'authority' AND ({NOT_EMPTY})"


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    for table in REFUSED:
        message = NOTHING_HERE.format(table=table)
        yield _refuse(f"authority_has_no_{table}", f"INSERT ON {table}", IS_AUTHORITY, message)
    yield _refuse("operator_kind_update", "UPDATE ON operator", "NEW.kind <> OLD.kind", STAYS)
    # `INSERT OR REPLACE` fires no other trigger of the row that it takes away.
    yield _refuse("operator_kind_insert", "INSERT ON operator", f"({ANOTHER_KIND}) OR ({TOO_LATE})", STAYS)
    yield _refuse("operator_kind_delete", "DELETE ON operator", "OLD.kind = 'authority'", STAYS)


def _postgresql() -> Iterator[str]:
    for table in REFUSED:
        refuse = _raise(NOTHING_HERE.format(table=table))
        yield _function(f"authority_has_no_{table}", f"IF {IS_AUTHORITY} THEN {refuse} END IF; RETURN NEW;")
        yield _trigger(f"authority_has_no_{table}", f"BEFORE INSERT ON {table}")
    refuse = _raise(STAYS)
    yield _function(
        "operator_kind_stays",
        f"IF TG_OP = 'DELETE' THEN IF OLD.kind = 'authority' THEN {refuse} END IF; RETURN OLD; END IF;"
        f" IF TG_OP = 'UPDATE' THEN IF NEW.kind <> OLD.kind THEN {refuse} END IF; RETURN NEW; END IF;"
        f" IF ({ANOTHER_KIND}) OR ({TOO_LATE}) THEN {refuse} END IF; RETURN NEW;",
    )
    yield _trigger("operator_kind_stays", "BEFORE INSERT OR UPDATE OR DELETE ON operator")
