"""Logs: JSON lines on stderr, for a log collector. No picture, vector, name, number, address, password or token ever
goes in: what is logged are kinds of events and ids.

Three nets, one behind the other. What Stile says itself is written without personal data. What other packages say may
quote what they were given, so of them only who speaks, where and how gravely is kept. Of an error only its kind and
place is kept. And whatever still looks like an address or a secret is struck out.
"""

import logging
import re
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

from stile.entrypoints.places import place_of

OURS = "stile"
FIRST_WORDS = frozenset(
    (
        "account",
        "api",
        "console",
        "desk",
        "enrol",
        "health",
        "join",
        "kiosk",
        "me",
        "sign-in",
        "sign-out",
        "static",
    )
)
"""Beginnings of addresses that say nothing of anybody. All that follows may be a token or a name."""

SECRETS = (
    (re.compile(r"//[^/\s@]+@"), "//…@"),
    (re.compile(r"[^\s@,;:<>\"'()]+@[^\s@,;:<>\"'()]+"), "…@…"),
    # No id is struck out: it is what an entry is found by.
    (
        re.compile(
            r"(?<![\w-])(?![0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-]))[\w-]{24,}(?![\w-])",
            re.IGNORECASE,
        ),
        "…",
    ),
    (re.compile(r"(?<![\w-])\+?\d(?:[\d \u00a0/.-]*\d){5,}(?![\w-])"), "…"),
)


def configure_logs(level: str) -> None:
    """Sends structlog and the standard library's logging through one JSON renderer."""
    chosen = getattr(logging, level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
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
            pass_foreign_args=True,
            processors=[
                _who_speaks,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _kind_of_error_only,
                _without_secrets,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)  # of others nothing below it, at whatever level we speak ourselves
    logging.getLogger(OURS).setLevel(chosen)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # its own handlers would print past ours
        server = logging.getLogger(name)
        server.handlers[:], server.propagate = [], True
    logging.captureWarnings(True)
    sys.excepthook = _unexpected
    threading.excepthook = _unexpected_in_a_thread
    sys.unraisablehook = _unexpected_where_nothing_can_be_raised


def _who_speaks(_: object, __: str, event: EventDict) -> EventDict:
    """Before the record is taken out of the event."""
    record, args = event.get("_record"), event.pop("positional_args", ())
    if not isinstance(record, logging.LogRecord) or event.get("_from_structlog"):
        return event
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        event["logger"] = record.name
    elif record.name == "uvicorn.access":
        event.clear()
        event.update(_request(args), level=record.levelname.lower(), _record=record, _from_structlog=False)
    else:
        event["event"] = "another package has something to say"
        event["logger"] = record.name
        event["where"] = f"{Path(record.pathname).name}:{record.lineno}"
    return event


def _request(args: Any) -> dict[str, Any]:
    """What was asked for, without its address: the rest of a path may be a member's link."""
    if not isinstance(args, tuple) or len(args) != 5:
        return {"event": "request"}
    _, method, path, _, status = args
    first = re.split(r"[/?]", str(path).lstrip("/"), maxsplit=1)[0]
    shown = f"/{first}" if first in FIRST_WORDS or not first else "/…"
    kind = str(method) if re.fullmatch(r"[A-Z]{1,10}", str(method)) else "…"
    return {"event": "request", "method": kind, "path": shown, "status": status}


def _kind_of_error_only(_: object, __: str, event: EventDict) -> EventDict:
    """A traceback's text may quote what was being looked at; its kind and place are enough to mend it (law 1)."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    elif info is True:
        info = sys.exc_info()
    if isinstance(info, tuple) and info[0] is not None:
        event["error"] = info[0].__name__
        if place := place_of(info[2]):
            event["where"] = place
    return event


def _without_secrets(_: object, __: str, event: EventDict) -> EventDict:
    return {key: _struck(value) for key, value in event.items()}


def _struck(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value) if not isinstance(value, bytes) else "…"
    for pattern, instead in SECRETS:
        text = pattern.sub(instead, text)
    return text


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(OURS).critical("ended by an error", exc_info=(kind, error, trace))


def _unexpected_in_a_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        error = args.exc_value or args.exc_type()
        logging.getLogger(OURS).error("a thread was ended by an error", exc_info=error)


def _unexpected_where_nothing_can_be_raised(args: Any) -> None:
    logging.getLogger(OURS).error("an error while cleaning up", exc_info=args.exc_value)
