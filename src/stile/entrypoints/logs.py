"""Logs: JSON lines on stderr, for a log collector. No picture, vector, name, number or token ever goes in:
what is logged are kinds of events and ids."""

import logging
import sys

import structlog


def configure_logs(level: str) -> None:
    """Sends structlog and the standard library's logging through one JSON renderer."""
    chosen = getattr(logging, level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _kind_of_error_only,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen)
    # httpx logs every address it calls, and a relay's may hold its password; uvicorn logs every WebSocket's, and
    # an enrolment's holds its token.
    for name in ("httpx", "uvicorn.error", "alembic", "faiss"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _kind_of_error_only(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A traceback's text may quote what was being looked at; its kind and place are enough to mend it (law 1)."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        trace = info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        event["error"] = info[0].__name__
        if trace is not None:
            event["where"] = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    return event
