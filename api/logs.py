"""Logging, and what never reaches the log: who rides, where they can be reached, what opens a booking.

Who writes a line leaves such things out. This is the second lock: fields named like them are emptied, texts
that look like them are masked, and of an exception only ours say more than their type, because the text of
any other may repeat what it was given.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, TextIO

import structlog

from api.store.errors import StoreError
from dispatch.errors import DispatchError
from gtfs.errors import FeedError
from regions.errors import RegionError
from routing.errors import RoutingError

MASK = "[…]"
PRIVATE = frozenset(
    {
        "address",
        "answer",
        "authorization",
        "body",
        "booking",
        "booking_code",
        "cookie",
        "destination",
        "driver",
        "email",
        "key",
        "label",
        "login",
        "name",
        "needs",
        "note",
        "offer",
        "origin",
        "passengers",
        "password",
        "path",
        "payload",
        "person",
        "phone",
        "query",
        "rider",
        "secret",
        "text",
        "token",
        "to",
        "url",
    }
)
"""Fields whose values are left out, whatever they hold."""
_IDS = frozenset({"account", "by", "holder", "file", "timestamp", "level"})
"""Fields that hold ids which open nothing."""
_OURS = StoreError, DispatchError, FeedError, RegionError, RoutingError, OSError
"""Errors whose texts are written by us and name no rider, or by the system about its files."""
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",  # an e-mail address
        # a telephone number: from + or 0 on, seven digits or more; neither a time nor a date
        r"(?<![\w.:+-])(?:\+|0)\d?(?:[ ()/-]{0,2}\d){6,}(?![\w:])",
        # what opens something: 22 or more letters of a token with a digit, a capital and a small letter
        r"(?<![\w.-])(?=[\w.-]*\d)(?=[\w.-]*[A-Z])(?=[\w.-]*[a-z])[\w-]{22,}(?:\.[\w-]+)*",
        r"\b[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}\b",  # the code of a booking
    )
)


def mask(text: str) -> str:
    """Return a text without what looks like a number, an address or a key of somebody."""
    for pattern in _PATTERNS:
        text = pattern.sub(MASK, text)
    return text


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Empty and mask the fields of a line; a processor of structlog."""
    return {
        name: value if name in _IDS else MASK if name in PRIVATE else _clean(value)
        for name, value in event.items()
    }


def _clean(value: Any) -> Any:  # noqa: ANN401  # whatever is logged
    if isinstance(value, BaseException):
        return _said(value)
    if isinstance(value, Mapping):
        return redact(None, "", dict(value))
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


def _said(error: BaseException) -> str:
    """Return what an exception says, if that is ours to tell; else its type."""
    return f"{type(error).__name__}: {mask(str(error)) if isinstance(error, _OURS) else MASK}"


def trace(error: BaseException) -> str:
    """Return where an exception comes from: files, lines and types, no values."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _lines(before, seen)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    yield _said(error)
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _lines(each, seen)


def _exceptions(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Turn an exception of a line into text; a processor of structlog."""
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else sys.exc_info()[1] if told else None
    if error is not None:
        event["exception"] = trace(error).splitlines()
    return event


class _Formatter(logging.Formatter):
    """What libraries log, masked."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and where its exception comes from."""
        error = record.exc_info[1] if record.exc_info else None
        line = mask(f"{record.levelname.lower()} {record.name}: {record.getMessage()}")
        return line if error is None else f"{line}\n{trace(error)}"


def configure_logging(stream: TextIO | None = None) -> None:
    """Log in lines for people on a terminal, else in JSON; times are UTC.

    Parameters
    ----------
    stream
        Where to; standard error when not given.
    """
    to = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exceptions,
            redact,
            structlog.dev.ConsoleRenderer()
            if to.isatty()
            else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(to),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(_Formatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    threading.excepthook = _thread_ended


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        structlog.get_logger().error("a thread ended", exc_info=ended.exc_value)
