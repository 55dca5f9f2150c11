"""Where an error was raised: all that is ever told of it besides its kind."""

from types import TracebackType


def place_of(trace: TracebackType | None) -> str | None:
    """Module and line where it was raised."""
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
