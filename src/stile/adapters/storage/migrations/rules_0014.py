"""Figures inside the database: a spot check that was drawn stays drawn, with the probability it was drawn with. An
answer may be corrected and never taken back; the passage may go. Counts only grow. Whoever could drop the checks with
the wrong answers could make any rate."""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    NEVER_REPLACED,
    _function,
    _known,
    _raise,
    _refuse,
    _trigger,
)

CHECK_STAYS = "law 7: a spot check stays as it was drawn, and its answer is not taken back"
COUNT_STAYS = "law 7: what was counted of enrolments only grows"

CHANGED = (
    "NEW.id <> OLD.id OR NEW.centre <> OLD.centre OR NEW.lane <> OLD.lane OR NEW.day <> OLD.day"
    " OR NEW.every <> OLD.every OR (NEW.answer IS NULL AND OLD.answer IS NOT NULL)"
    " OR (NEW.passage IS NOT NULL AND OLD.passage IS NULL)"
    " OR (NEW.passage IS NOT NULL AND NEW.passage <> OLD.passage)"
)
FEWER = (
    "NEW.day <> OLD.day OR NEW.centre <> OLD.centre OR NEW.group_name <> OLD.group_name"
    " OR NEW.begun < OLD.begun OR NEW.done < OLD.done"
)


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    yield _refuse("spot_check_update", "UPDATE ON spot_check", CHANGED, CHECK_STAYS)
    yield _refuse("spot_check_delete", "DELETE ON spot_check", "1", CHECK_STAYS)
    # `INSERT OR REPLACE` deletes without firing the trigger of a deletion.
    known = f"{_known('spot_check', 'id')} OR {_known('spot_check', 'passage')}"
    yield _refuse(
        "spot_check_replace", "INSERT ON spot_check", known, NEVER_REPLACED.format(table="spot_check")
    )
    yield _refuse("enrolment_count_update", "UPDATE ON enrolment_count", FEWER, COUNT_STAYS)
    yield _refuse("enrolment_count_delete", "DELETE ON enrolment_count", "1", COUNT_STAYS)


def _postgresql() -> Iterator[str]:
    for table, wrong, message in (
        ("spot_check", CHANGED, CHECK_STAYS),
        ("enrolment_count", FEWER, COUNT_STAYS),
    ):
        yield _function(
            f"{table}_stays",
            f"IF TG_OP <> 'UPDATE' THEN {_raise(message)} END IF;"
            f" IF {wrong} THEN {_raise(message)} END IF; RETURN NEW;",
        )
        yield _trigger(f"{table}_stays", f"BEFORE UPDATE OR DELETE ON {table}")
        yield _function(f"{table}_not_emptied", _raise(message))
        yield _trigger(
            f"{table}_not_emptied", f"BEFORE TRUNCATE ON {table}", name=f"{table}_kept", each="STATEMENT"
        )
