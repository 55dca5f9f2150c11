"""The register inside the database: an entry is never changed and never deleted, only replaced by a later one."""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    NEVER_REPLACED,
    _function,
    _known,
    _raise,
    _refuse,
    _trigger,
)

STANDS = "the register is only added to"


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    table = "register_entry"
    yield _refuse(f"{table}_update", f"UPDATE ON {table}", "1", STANDS)
    yield _refuse(f"{table}_delete", f"DELETE ON {table}", "1", STANDS)
    yield _refuse(
        f"{table}_replace", f"INSERT ON {table}", _known(table, "id"), NEVER_REPLACED.format(table=table)
    )


def _postgresql() -> Iterator[str]:
    yield _function("register_entry_only_added", _raise(STANDS))
    yield _trigger("register_entry_only_added", "BEFORE UPDATE OR DELETE ON register_entry")
    yield _trigger(
        "register_entry_only_added",
        "BEFORE TRUNCATE ON register_entry",
        name="register_entry_kept",
        each="STATEMENT",
    )
