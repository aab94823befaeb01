"""The log: one event, one line, whatever stands in it."""

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from support.buddy import StubBuddy
from support.clock import Clock
from support.pages import Browser
from support.rigs import LEAST, NEW, open_rig
from support.server import logged, serving

from webapp.logs import JsonLines
from webapp.views.access import public


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that is logged, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def events(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().split("\n") if line]


def requested(written: io.StringIO) -> list[dict[str, Any]]:
    return [event for event in events(written) if event["logger"] == "slipway.access"]


def test_each_request_is_one_line_that_says_who_what_and_how_it_ended(desk: Browser, lines: io.StringIO) -> None:
    desk.get("/submissions?before=1-1")
    (line,) = requested(lines)
    assert (line.pop("milliseconds") >= 0, line.pop("time")[-6:]) == (True, "+00:00")
    assert re.fullmatch("[0-9a-f]{16}", line.pop("request"))
    assert line == {
        "level": "info",
        "logger": "slipway.access",
        "message": "request",
        "who": "local",
        "from": "127.0.0.1",
        "method": "GET",
        "path": "/submissions",
        "status": 200,
    }


def test_what_the_gate_refuses_and_what_the_sandbox_serves_is_logged_too(browser: Browser, lines: io.StringIO) -> None:
    browser.client.get("/", headers={"Host": "example.com"}, buffered=True)
    browser.client.get("/sandbox/", base_url=browser.url, buffered=True)
    assert [(line["who"], line["path"], line["status"]) for line in requested(lines)] == [
        (None, "/", 400),
        (None, "/sandbox/", 200),
    ]


def test_a_path_that_opens_something_is_cut(desk: Browser, lines: io.StringIO) -> None:
    desk.client.get(f"/invitations/{'k' * 43}", base_url=desk.url, buffered=True)
    desk.client.get("/workspaces/a-workspace-of-a-long-name/projects", base_url=desk.url, buffered=True)
    paths = [line["path"] for line in requested(lines)]
    assert paths == ["/invitations/kkkkkkkk…", "/workspaces/a-workspace-of-a-long-name/projects"]


OPENING = "k" * 43


def test_what_opens_something_is_cut_in_the_messages_of_everybody_and_in_what_failed(
    personal: Flask, lines: io.StringIO
) -> None:
    @public
    def broken(secret: str) -> str:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"no such link: /invitations/{secret}") from error

    personal.add_url_rule("/invitations/<secret>/broken", view_func=broken)
    personal.config["PROPAGATE_EXCEPTIONS"] = False
    Browser(personal, "http://127.0.0.1:8000").get(f"/invitations/{OPENING}/broken")
    for name in ("waitress", "werkzeug", "urllib3.connectionpool", "sqlalchemy", "webapp.views"):
        logging.getLogger(name).warning("Exception while serving %s", f"/invitations/{OPENING}")
    faults = [event for event in events(lines) if event["level"] in ("warning", "error")]
    assert [event["message"].endswith("/invitations/kkkkkkkk…") for event in faults[1:]] == [True] * 5
    assert faults[0]["message"] == "Exception on /invitations/kkkkkkkk…/broken [GET]"
    assert faults[0]["traceback"].count("kkkkkkkk…") == 2
    assert OPENING not in lines.getvalue()


OUTSIDE = f"""
import logging, threading, warnings
from webapp.logs import log_to_stderr

def fail():
    raise RuntimeError("/invitations/{OPENING}")

class Odd:
    def __del__(self):
        fail()

log_to_stderr(20)
warnings.warn("/invitations/{OPENING}")
logging.getLogger("library").error("its arguments do not fit: %d", "{OPENING}")
thread = threading.Thread(target=fail, name="odd")
thread.start()
thread.join()
del thread
odd = Odd()
del odd
fail()
"""


def test_what_nobody_caught_and_what_python_warns_of_are_lines_of_the_log_too() -> None:
    ended = subprocess.run([sys.executable, "-c", OUTSIDE], capture_output=True, text=True, check=False)
    written = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [(line["level"], "kkkkkkkk…" in line["message"] + line.get("traceback", "")) for line in written] == [
        ("warning", True),
        ("error", False),
        ("error", True),
        ("error", True),
        ("critical", True),
    ]
    assert (ended.returncode, OPENING in ended.stderr) == (1, False)


FORGED = [
    'a\r\n{"level": "info"}',
    "a\n\x1b[2J\x1b[31mred",
    "a\x00\x7f\x08b",
    "a\x85b\u2028c\u2029d\x9b31m",
    "a\u202eb",
    "é🚀",
]


@pytest.mark.parametrize("text", FORGED, ids=ascii)
def test_whatever_is_asked_or_typed_an_event_stays_one_line_of_plain_ascii(
    desk: Browser, lines: io.StringIO, text: str
) -> None:
    desk.get(NEW).send(**LEAST | {"name": text, "docker_image_tag": text})
    desk.client.get(f"/{text}", base_url=desk.url, buffered=True)
    logging.getLogger("slipway").warning("typed: %s", text)
    logging.getLogger("slipway").info(text, extra={"event": {text: text}})
    written = lines.getvalue()
    assert len(written.splitlines()) == written.count("\n") == len(events(lines)) >= 6
    assert all(" " <= char <= "~" for char in written.replace("\n", ""))


def test_a_fault_is_one_line_with_its_traceback(personal: Flask, lines: io.StringIO) -> None:
    @public
    def broken() -> str:
        raise RuntimeError("one\ntwo")

    personal.add_url_rule("/broken", view_func=broken)
    personal.config["PROPAGATE_EXCEPTIONS"] = False
    Browser(personal, "http://127.0.0.1:8000").get("/broken")
    (line,) = [event for event in events(lines) if event["level"] == "error"]
    assert line["traceback"].startswith("Traceback (most recent call last):\n")
    assert line["traceback"].endswith("RuntimeError: one\ntwo\n")
    assert requested(lines)[-1]["status"] == 500


def test_a_running_slipway_writes_its_log_to_standard_error() -> None:
    with serving() as served:
        requests.get(f"{served.url}/submissions?before=1", timeout=30)
        requests.get(f"{served.url}/a%0d%0ab", timeout=30)
        served.process.terminate()
        served.process.wait(60)
        written = [json.loads(line) for line in logged(served.log).splitlines()]
    # A request is logged once it was answered, and by then the next one may have been, too.
    assert sorted((line["path"], line["status"]) for line in written if line["message"] == "request") == [
        ("/a\r\nb", 404),
        ("/submissions", 200),
    ]


def test_all_that_one_request_logs_has_its_id_which_its_error_page_shows(personal: Flask, lines: io.StringIO) -> None:
    @public
    def broken() -> str:
        raise RuntimeError("a fault of our own")

    personal.add_url_rule("/broken", view_func=broken)
    personal.config["PROPAGATE_EXCEPTIONS"] = False
    page = Browser(personal, "http://127.0.0.1:8000").get("/broken")
    logging.getLogger("slipway").warning("later, for nobody")
    *of_request, later = events(lines)
    (id,) = {line["request"] for line in of_request}
    assert len(of_request) >= 2
    assert f"Status 500, request {id}" in page.text
    assert "request" not in later


def test_each_request_has_another_id(desk: Browser, lines: io.StringIO) -> None:
    for _ in range(3):
        desk.get("/submissions")
    assert len({line["request"] for line in requested(lines)}) == 3


GIVEN = {
    "by a proxy": (1, "6f1d5a3c-0f6b-4d0c-9c1e-2b8b1c0a7e55", True),
    "by nginx": (2, "0123456789abcdef0123456789abcdef", True),
    "where there is no proxy": (0, "0123456789abcdef", False),
    "far too long": (1, "x" * 65, False),
    "too short to tell anything": (1, "1", False),
    "with what could be read as more": (1, 'abcdefgh", "level": "info', False),
    "in other letters": (1, "ábcdefghijklmnop", False),
}


@pytest.mark.parametrize(("hops", "given", "taken"), GIVEN.values(), ids=GIVEN)
def test_the_id_that_a_proxy_gives_is_taken_where_there_is_one_and_it_is_short_and_plain(
    tmp_path: Path, upstream: StubBuddy, lines: io.StringIO, hops: int, given: str, taken: bool
) -> None:
    url = "https://desk.example.com" if hops else "http://127.0.0.1:8000"
    rig = open_rig(tmp_path, upstream, Clock(), url=url, proxy_hops=hops)
    entries = {"X-Forwarded-For": ", ".join(["10.0.0.7"] * hops)} if hops else {}
    # As it stands on the wire.
    raw = given.encode().decode("latin-1")
    answer = rig.app.test_client().get(
        "/nowhere", base_url=url, headers=entries, environ_overrides={"HTTP_X_REQUEST_ID": raw}, buffered=True
    )
    rig.parts.close()
    (line,) = requested(lines)
    assert answer.status_code == 404
    assert f"request {line['request']}" in answer.text
    assert (line["request"] == given) is taken
