"""Secrets: planted in every field that takes one, and looked for in everything that comes out of Slipway."""

import html
import json
import logging
import socket
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.buddy import StubBuddy
from support.clock import Clock
from support.databases import database_in, stored_in
from support.examples import RESPONSE_EXAMPLE
from support.faults import FaultyServer
from support.pages import Browser
from support.rigs import LEAST, NEW
from support.server import serving

from webapp.app import create_app
from webapp.settings import Settings
from webapp.store.models import KeyProof, Secret

# Each has characters that HTML, addresses, JSON and Base64 write in ways of their own.
TOKEN = "canary-token-1_7f3a"
KEY = "canary key \"of\" <Slipway> & 'itself' 92c1"
PASSWORD = "canary pass<w>ord & \"quoted\" 'ü' 5d21"
VARIABLE = "canary\nof {a} <variable> & more\\ 81be"
PRIVATE_KEY = "-----BEGIN KEY-----\ncanary+of/a=key 4a77\n-----END KEY-----\n"
CANARIES = {"token": TOKEN, "secret key": KEY, "password": PASSWORD, "variable": VARIABLE, "private key": PRIVATE_KEY}
TYPED = LEAST | {
    "image_source": "credentials",
    "login": "me",
    "password": PASSWORD,
    "variables__0__key": "A",
    "variables__0__value": VARIABLE,
    "variables__0__encrypted": "true",
    "variables__1__key": "B",
    "variables__1__value": PRIVATE_KEY,
    "variables__1__type": "SSH_KEY",
}
PLACE = NEW.removesuffix("/new")


def spellings(secret: str) -> set[bytes]:
    """A secret as it could turn up: raw, escaped for HTML, an address or JSON, as Base64 at each of three offsets."""
    texts = {secret, secret.replace("\n", "\r\n"), html.escape(secret), html.escape(secret, quote=False)}
    texts |= {
        secret.replace("'", "&#39;").replace('"', "&#34;"),
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
    }
    texts |= {str(html.escape(secret)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")}
    texts |= {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    # Of several lines, the one that nothing else holds is one too.
    texts |= {line for line in secret.splitlines() if any(char.isdigit() for char in line)}
    found = {text.encode() for text in texts}
    for offset in range(3):
        whole = b64encode(b"x" * offset + secret.encode())
        # Without the characters that what stands around it has a part in.
        found.add(whole[4 if offset else 0 : -4])
    return found


def leaks(data: bytes) -> list[str]:
    """Which canaries stand in `data`."""
    return [name for name, secret in CANARIES.items() if any(text in data for text in spellings(secret))]


def test_a_leak_would_be_seen() -> None:
    for name, secret in CANARIES.items():
        for spoilt in (secret, html.escape(secret), quote(secret, safe=""), json.dumps({"a": secret})):
            assert leaks(f"xx{spoilt}xx".encode()) == [name]
            assert leaks(f"x{b64encode(f'xy{secret}z'.encode()).decode()}".encode()) == [name]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, upstream: StubBuddy, clock: Clock) -> Iterator[Flask]:
    settings = Settings(
        buddy_token=TOKEN,
        buddy_api_endpoint=upstream.url,
        database_url=database_in(tmp_path),
        secret_keys=(KEY,),
    )
    app = create_app(settings, clock)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    app.extensions["slipway"].close()


@pytest.fixture
def answers(app: Flask) -> list[bytes]:
    """Everything that Slipway answers, its headers too."""
    seen: list[bytes] = []

    def keep(response: object) -> object:
        assert isinstance(response, app.response_class)
        response.direct_passthrough = False
        seen.append(str(response.headers).encode() + response.get_data())
        return response

    app.after_request(keep)
    return seen


def echo() -> dict[str, object]:
    """What an upstream answers that repeats everything it was sent."""
    return RESPONSE_EXAMPLE | {
        "name": f"with {PASSWORD}",
        "html_url": f"https://app.buddy.works/{quote(PASSWORD, safe='')}",
        "login": "me",
        "password": PASSWORD,
        "variables": [{"key": "A", "value": VARIABLE}, {"key": "B", "value": PRIVATE_KEY}],
        "note": f"Bearer {TOKEN}",
        VARIABLE: {"deep": [PRIVATE_KEY]},
    }


REFUSAL = {"errors": [{"message": f"bad password {PASSWORD}, bad token {TOKEN}, bad {VARIABLE}"}]}
# An action whose secrets Buddy tells.
STORED = RESPONSE_EXAMPLE | {
    "id": 7,
    "login": "me",
    "password": PASSWORD,
    "variables": [
        {"key": "A", "value": VARIABLE, "encrypted": True},
        {"key": "B", "value": PRIVATE_KEY, "type": "SSH_KEY"},
    ],
}
ANSWERS = {"created": (201, echo()), "rejected": (400, REFUSAL), "unknown": (500, {}), "nonsense": (201, [PASSWORD])}


def everything(desk: Browser, upstream: StubBuddy, clock: Clock) -> None:
    """Do what can be done with secrets: each page, each helper, each outcome, each error."""
    for answer in ANSWERS.values():
        upstream.answer = answer
        form = desk.get(NEW).press("add-variables", **TYPED)
        form.press("check", timeout="no number")
        form.send(csrf_token="forged")
        form.send(envelope="forged")
        form.send(timeout="no number")
        receipt = form.send()
        form.send(name="An edited copy")
        clock.forward(seconds=200)
        for path in (receipt.path, "/", "/submissions", f"{NEW}?like={receipt.path.rpartition('/')[2]}", "/nowhere"):
            desk.get(path)
        token = {"csrf_token": form.fields["csrf_token"]}
        for noun in ("looks", "ruling", "attempts", "delete"):
            desk.client.post(f"{receipt.path}/{noun}", data=token | {"choice": "7"}, base_url=desk.url)
        desk.client.post(f"{PLACE}/draft", data=form.fields | {"name": "x"}, base_url=desk.url)
        desk.get(NEW).press("check", **TYPED).press("forget-password")
    desk.client.post(NEW, data={"password": PASSWORD, "csrf_token": TOKEN}, base_url=desk.url)
    desk.client.get(f"{NEW}?password={quote(PASSWORD)}&variables-0-type=SSH_KEY&variables-0-value=x", base_url=desk.url)


def changes_and_deletions(desk: Browser, upstream: StubBuddy, clock: Clock) -> None:
    """Look at an action that has secrets, copy it, change it with new ones and delete it, with each outcome."""
    upstream.by_hand = [STORED]
    typed = {name: value for name, value in TYPED.items() if name.startswith(("password", "variables"))}
    for number, answer in enumerate(ANSWERS.values()):
        upstream.numbered = 0
        upstream.answer = (200, echo() | {"id": 7}) if number == 0 else answer
        for path in (f"{PLACE}/7", f"{NEW}?like={PLACE}/7", PLACE):
            desk.get(path)
        form = desk.get(f"{PLACE}/7/edit").press("check", **typed, timeout=str(60 + number))
        previewed = form.press("preview")
        assert previewed.heading.startswith("Review “")
        previewed.send(csrf_token="forged")
        receipt = previewed.send()
        form.send(name="Changed since")
        # A deletion sends no secret, so that only what Buddy tells of the action can hold one.
        upstream.answer = (204, None) if answer[0] == 201 else (answer[0], {"errors": [{"message": "No."}]})
        question = desk.get(f"{PLACE}/7/delete")
        fields = {str(element.get("name")): element.get("value") or "" for element in question.all("input")}
        deleted = desk.post(f"{PLACE}/7/delete", fields)
        clock.forward(seconds=200)
        for path in (receipt.path, deleted.path, f"{NEW}?like={deleted.path.rpartition('/')[2]}", "/", "/record"):
            desk.get(path)
        desk.client.post(f"{deleted.path}/looks", data={"csrf_token": form.fields["csrf_token"]}, base_url=desk.url)


def test_no_secret_is_in_any_answer_log_line_or_file(
    app: Flask,
    answers: list[bytes],
    upstream: StubBuddy,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = Browser(app, "http://127.0.0.1:8000")
    everything(desk, upstream, clock)
    changes_and_deletions(desk, upstream, clock)
    assert b"canary" in json.dumps(upstream.bodies).encode()
    assert [body["password"] for body in upstream.bodies if body and "inline_commands" not in body] == [PASSWORD] * 4
    assert len(answers) > 80
    assert [found for answer in answers if (found := leaks(answer))] == []
    written = [path for path in tmp_path.iterdir() if path.name.startswith("slipway.db")]
    assert {path.name for path in written} >= {"slipway.db", "slipway.db-wal"}
    assert [(path.name, found) for path in written if (found := leaks(path.read_bytes()))] == []
    assert "canary" not in caplog.text
    assert any(record.name.startswith("urllib3") for record in caplog.records)


def test_what_is_kept_of_a_secret_is_sealed(app: Flask) -> None:
    Browser(app, "http://127.0.0.1:8000").get(NEW).press("check", **TYPED)
    with Session(app.extensions["slipway"].journal._engine) as session:
        sealed = [*session.scalars(select(Secret.sealed)), *session.scalars(select(KeyProof.sealed))]
    assert len(sealed) == 4
    assert {text[:5] for text in sealed} == {"gAAAA"}


def test_a_fault_of_our_own_in_the_middle_of_a_send_tells_no_secret(
    app: Flask, answers: list[bytes], upstream: StubBuddy, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk = Browser(app, "http://127.0.0.1:8000")
    form = desk.get(NEW)

    def break_the_clock(connection: socket.socket, server: FaultyServer) -> None:
        clock.now = None
        StubBuddy.answers(connection, server)

    upstream.write_fault = break_the_clock
    page = form.send(**TYPED)
    assert (page.status, page.heading) == (500, "Something went wrong in Slipway")
    assert [found for answer in answers if (found := leaks(answer))] == []
    assert "Traceback" in caplog.text
    assert leaks(caplog.text.encode()) == []


def test_once_the_action_is_there_its_secrets_are_gone(app: Flask) -> None:
    Browser(app, "http://127.0.0.1:8000").get(NEW).send(**TYPED)
    with Session(app.extensions["slipway"].journal._engine) as session:
        assert session.scalars(select(Secret)).all() == []


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.env",
        "/debug",
        "/console",
        "/env",
        "/server-status",
        "/metrics",
        "/static/",
        "/static",
        "/static/..%2f..%2fREADME.md",
        "/templates/base.html",
        "/webapp/settings.py",
        "/slipway.db",
        "/secret-key",
        "/sandbox/",
    ],
)
def test_nothing_of_the_inside_is_served(app: Flask, path: str) -> None:
    assert Browser(app, "http://127.0.0.1:8000").get(path).status == 404


def test_flasks_debug_mode_cannot_be_switched_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(Settings(**stored_in(tmp_path)))
    assert app.debug is False
    app.extensions["slipway"].close()


def test_a_running_slipway_names_no_secret_in_the_list_of_processes(upstream: StubBuddy, tmp_path: Path) -> None:
    settings = {"BUDDY_TOKEN": TOKEN, "SLIPWAY_SECRET_KEY": KEY, "BUDDY_API_ENDPOINT": upstream.url}
    with serving(**settings, SLIPWAY_DATABASE_URL=f"sqlite:///{tmp_path}/slipway.db") as served:
        shown = subprocess.run(
            ["ps", "-o", "args=", "-p", str(served.process.pid)], check=True, capture_output=True, text=True
        ).stdout
        assert ("webapp" in shown, "canary" in shown) == (True, False)
        port = int(served.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(f"TRACE / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Secret: {TOKEN}\r\n\r\n".encode())
            answer = connection.recv(65536)
        assert answer.startswith(b"HTTP/1.1 405 ")
        assert leaks(answer) == []
