"""Slipway as a process of its own, and as little of a browser in front of it as there can be."""

import re
from contextlib import AbstractContextManager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlencode, urlsplit

from support.html import parse
from support.pages import posted_fields
from support.revisions import THIS, Revision
from support.server import Served, serving_with

from benches.upstream import Control
from webapp.buddy.places import Place

TOKEN = "bench-token"
PLACE = Place("buddy", "company-website", 2)
ACTIONS = f"{PLACE.path}/actions"
# The contract's example as a person types it.
TYPED = {
    "name": "Run container",
    "image_source": "integration",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "integration": "5ddb7c180fb38be67bd78a88a",
    "inline_commands": "ls -al > ls.log",
    "run_as_user": "$containerUser",
    "export_container_path": "/exportPath",
    "volume_mappings-0-source": "/",
    "volume_mappings-0-target": "/buddy/mount/directory",
    "variables-0-key": "containerUser",
    "variables-0-value": "notRoot",
    "entrypoint": "/bin/sh",
}

FORM = "application/x-www-form-urlencoded"
PATIENCE = 60
# Drawn again; the same with what is wrong; more than is read at all.
DRAWN = (200, 422, 413)


def slipway(
    upstream: Control, database: Path | str, revision: Revision = THIS, **settings: str
) -> AbstractContextManager[Served]:
    """Run `slipway serve` in front of the upstream, as people do: what Python has compiled is kept.

    The `database` is a file of SQLite's, or an address. No registry is asked.
    """
    common = {
        "BUDDY_TOKEN": TOKEN,
        "BUDDY_API_ENDPOINT": upstream.url,
        "SLIPWAY_DATABASE_URL": database if isinstance(database, str) else f"sqlite:///{database.as_posix()}",
        "PYTHONDONTWRITEBYTECODE": "",
    }
    unasked = {"SLIPWAY_REGISTRIES": "none"} if revision.knows("SLIPWAY_REGISTRIES") else {}
    return serving_with(common | unasked | revision.environment | settings)


class Tab:
    """One kept connection to a Slipway with its cookie: as little of a browser as there can be."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        self._headers: dict[str, str] = {}
        self._fields: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def page(self, path: str) -> str:
        """Fetch a page whole."""
        answer, body = self._ask("GET", path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return body.decode()

    def form(self) -> bytes:
        """Open a form of its own and fill it in: what a browser would post."""
        html = self.page(f"{ACTIONS}/new")
        if not self._fields:
            self._fields = fields_of(html) | TYPED
        # Only this differs from one form of a session to the next, and reading all of each would take long.
        (envelope,) = re.findall(r'name="envelope" value="([A-Za-z0-9_.-]+)"', html)
        # Another content each time, since the same one twice would be asked about.
        commands = f"{TYPED['inline_commands']} # {token_urlsafe(8)}"
        return urlencode(self._fields | {"envelope": envelope, "inline_commands": commands}).encode()

    def submit(self, form: bytes) -> None:
        """Send a filled form, up to the 303."""
        answer, _ = self._ask("POST", ACTIONS, form, {"Content-Type": FORM})
        assert answer.status == 303, answer.status

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Send a form, to be drawn again or to be refused for what is in it."""
        answer, _ = self._ask("POST", path, urlencode(fields).encode(), {"Content-Type": FORM})
        assert answer.status in DRAWN, f"{path}: {answer.status}"

    def submit_bytes(self, form: bytes) -> bytes:
        """The same request as it goes over the wire."""
        return request_bytes(self._url, ACTIONS, FORM, form, self._headers)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        self._connection.request(method, path, body, self._headers | (headers or {}))
        answer = self._connection.getresponse()
        content = answer.read()
        if cookie := answer.headers["Set-Cookie"]:
            self._headers = {"Cookie": cookie.partition(";")[0]}
        return answer, content


def fields_of(html: str) -> dict[str, str]:
    """The form of a page that has one, as a browser would post it."""
    root = parse(html, strict=False)
    (element,) = (item for item in root.iter("form"))
    return dict(posted_fields(element))


def request_bytes(url: str, path: str, kind: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """A POST as it goes over the wire."""
    lines = {"Host": urlsplit(url).netloc, "Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
