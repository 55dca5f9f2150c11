"""What was agreed to, and by whom, can be shown years later.

- A notice that was shown never changes and never goes.
- What a consent says of its giver, of who sat beside them and of what was offered never changes, as little as the rest
  of it (`rules_0001`).
- What a parent or a child said does not change. It may go with the member.
"""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import (
    APPEND_ONLY,
    CONSENT_STANDS,
    NEVER_REPLACED,
    _function,
    _known,
    _raise,
    _refuse,
    _trigger,
)

FIXED = ("giver", "guardian_name", "guardian_relation", "offered", "assisted_by")
WORD_STANDS = "law 2: what a parent or a child said does not change"


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> Iterator[str]:
    changed = " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in FIXED)
    yield _refuse("consent_giver_stands", "UPDATE ON consent", changed, CONSENT_STANDS)
    message = APPEND_ONLY.format(table="notice")
    yield _refuse("notice_update", "UPDATE ON notice", "1", message)
    yield _refuse("notice_delete", "DELETE ON notice", "1", message)
    replaced = NEVER_REPLACED.format(table="notice")
    yield _refuse("notice_replace", "INSERT ON notice", _known("notice", "sha256"), replaced)
    yield _refuse("guardian_word_stands", "UPDATE ON guardian_word", "1", WORD_STANDS)
    replaced = NEVER_REPLACED.format(table="guardian_word")
    yield _refuse("guardian_word_replace", "INSERT ON guardian_word", _known("guardian_word", "id"), replaced)


def _postgresql() -> Iterator[str]:
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in FIXED)
    yield _function("consent_giver_stands", f"IF {changed} THEN {_raise(CONSENT_STANDS)} END IF; RETURN NEW;")
    yield _trigger("consent_giver_stands", "BEFORE UPDATE ON consent")
    yield _function("notice_only_added", _raise(APPEND_ONLY.format(table="notice")))
    yield _trigger("notice_only_added", "BEFORE UPDATE OR DELETE ON notice")
    yield _trigger("notice_only_added", "BEFORE TRUNCATE ON notice", name="notice_kept", each="STATEMENT")
    yield _function("guardian_word_stands", _raise(WORD_STANDS))
    yield _trigger("guardian_word_stands", "BEFORE UPDATE ON guardian_word")
