"""From a request of the own port to the WSGI app and back (PEP 3333)."""

import io
import sys
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LARGEST_BODY = 2 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """A whole answer of the app; `status` is code and words."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def ask(app: "WSGIApplication", request: BaseHTTPRequestHandler, body: bytes, more: dict[str, Any]) -> Answer:
    """Have the app answer a request whose body was read; `more` goes into its environment."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written = io.BytesIO()

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [(status, headers)]
        return written.write

    parts = app({**environment(request, body), **more}, start_response)
    try:
        written.writelines(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started[0]
    return Answer(status, tuple(headers), written.getvalue())


def environment(request: BaseHTTPRequestHandler, body: bytes) -> "WSGIEnvironment":
    """The request as the app is told of it."""
    path, _, query = request.path.partition("?")
    environ = {
        "REQUEST_METHOD": request.command,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path, "latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": request.client_address[0],
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(request.connection.getsockname()[1]),
        "SERVER_PROTOCOL": request.request_version,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if name.lower() not in ("content-type", "content-length"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
