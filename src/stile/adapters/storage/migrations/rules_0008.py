"""What was done with a request stays as it was written: the clock follows from it. It may go with its request, when
its time is over, and be added to; never be changed."""

from collections.abc import Iterator

from stile.adapters.storage.migrations.rules_0001 import _function, _raise, _refuse, _trigger

ENTRY_STANDS = "rights: a step that was taken with a request does not change"


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        yield _refuse("rights_entry_stands", "UPDATE ON rights_entry", "1", ENTRY_STANDS)
    else:
        yield _function("rights_entry_stands", _raise(ENTRY_STANDS))
        yield _trigger("rights_entry_stands", "BEFORE UPDATE ON rights_entry")
