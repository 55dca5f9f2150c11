"""Assessments inside the database: a version is never changed and never deleted."""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    NEVER_REPLACED,
    _function,
    _raise,
    _refuse,
    _trigger,
)

STANDS = "versions of an assessment are only added to"


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    table = "assessment"
    yield _refuse(f"{table}_update", f"UPDATE ON {table}", "1", STANDS)
    yield _refuse(f"{table}_delete", f"DELETE ON {table}", "1", STANDS)
    taken = "EXISTS (SELECT 1 FROM assessment WHERE deployment = NEW.deployment AND n = NEW.n)"
    yield _refuse(f"{table}_replace", f"INSERT ON {table}", taken, NEVER_REPLACED.format(table=table))


def _postgresql() -> Iterator[str]:
    yield _function("assessment_only_added", _raise(STANDS))
    yield _trigger("assessment_only_added", "BEFORE UPDATE OR DELETE ON assessment")
    yield _trigger(
        "assessment_only_added", "BEFORE TRUNCATE ON assessment", name="assessment_kept", each="STATEMENT"
    )
