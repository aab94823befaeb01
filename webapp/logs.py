"""The log: one event, one line of JSON in ASCII. Nothing in it can pass for another line, or colour a screen."""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from time import monotonic
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
# Called with each request: its method, the route that answered, if any, the status and the seconds.
RequestObserver = Callable[[str, str | None, int, float], object]

# Where the app tells the access log who has asked.
PERSON = "slipway.person"
# Where the app tells the access log which of its views has answered.
ROUTE = "slipway.route"
# Where the access log tells the app which request it is.
REQUEST = "slipway.request"
FORWARDED_ID = "HTTP_X_REQUEST_ID"
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
# Which request this thread answers, so that whatever is logged meanwhile says so.
answering: ContextVar[str | None] = ContextVar("answering", default=None)
LONGEST_PATH = 500
LONGEST_METHOD = 20
# A random text of this length in an address opens what it names, so that the log holds the beginning alone.
OPENING = re.compile(r"([A-Za-z0-9_-]{8})[A-Za-z0-9_-]{32,}")

log = logging.getLogger(__name__)
access = logging.getLogger("slipway.access")


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; what the record has under `event` is laid beside its message.

    Whoever wrote the message or raised the error, what could open something is cut, unless the record is `whole`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        message = message_of(record)
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message if getattr(record, "whole", False) else covered(message),
            **({"request": id} if (id := answering.get()) else {}),
            **getattr(record, "event", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            # Without the values of local names, which can be secrets.
            line["traceback"] = covered("".join(traceback.format_exception(record.exc_info[1])))
        # JSON escapes every control character but this one.
        return json.dumps(line, default=str).replace("\x7f", "\\u007f")


def message_of(record: logging.LogRecord) -> str:
    """The message; where its arguments do not fit it, without them, since Python would write all of it elsewhere."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def covered(text: str) -> str:
    """A text in which nothing stands any more that opens something."""
    return OPENING.sub(r"\1…", text)


def log_to_stderr(level: int) -> None:
    """Write the log to standard error, and into it what Python itself would write there: warnings and failures."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: log.critical("Slipway failed", exc_info=error)
    threading.excepthook = lambda failed: log.error("a thread failed", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: log.error("what was left could not be ended", exc_info=failed.exc_value)


class AccessLog:
    """WSGI middleware that writes one line a request: who, from where, what, how it ended, how long it took.

    The query is left out, since it holds what people typed. Each request has an id: the one that a proxy gives it in
    X-Request-ID, where it `believes` in one, or a new one. `observer` is told of each.
    """

    def __init__(
        self, app: "WSGIApplication", believes: bool = False, observer: RequestObserver = lambda *_: None
    ) -> None:
        self._app = app
        self._observer = observer
        self._believes = believes

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        begin = monotonic()
        statuses = [0]
        given = environ.pop(FORWARDED_ID, "")
        environ[REQUEST] = given if self._believes and GIVEN_ID.fullmatch(given) else token_hex(8)
        answering.set(environ[REQUEST])

        def start(status: str, headers: Headers, *rest: Any) -> Callable[[bytes], object]:
            statuses.append(int(status.split()[0]))
            return start_response(status, headers, *rest)

        def write() -> None:
            seconds, status = monotonic() - begin, statuses[-1]
            event = describe(environ) | {"status": status, "milliseconds": round(seconds * 1000)}
            access.info("request", extra={"event": event})
            self._observer(environ["REQUEST_METHOD"], environ.get(ROUTE), status, seconds)
            answering.set(None)

        return ClosingIterator(self._app(environ, start), write)


def shown_path(path: str) -> str:
    """A path as it may be written down: cut, and without what opens something."""
    return covered(path)[:LONGEST_PATH]


def describe(environ: "WSGIEnvironment") -> dict[str, Any]:
    """What a request was, as the access log tells it."""
    path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    # WSGI hands the path's bytes over as Latin-1.
    readable = path.encode("latin-1", "replace").decode("utf-8", "replace")
    return {
        "who": environ.get(PERSON),
        "from": environ.get("REMOTE_ADDR"),
        "method": environ["REQUEST_METHOD"][:LONGEST_METHOD],
        "path": shown_path(readable),
    }
