"""Slipways in processes of their own, forked from one that has imported everything: many, cheap, and killable.

Run as a program it reads tasks from its standard input, one JSON a line, and does each in a new process, which says
what happened on standard output, one JSON a line.
"""

import json
import logging
import os
import signal
import sys
from tempfile import TemporaryDirectory
from typing import Any

from support.compiled import compile_once
from support.pages import Browser, Page
from support.rigs import NEW
from support.running import run_called
from webapp.app import create_app
from webapp.buddy.executions import RunVariable
from webapp.buddy.places import Place
from webapp.http.transport import Timings
from webapp.settings import Settings

PATIENT = Timings(connect=2, write=3, read=3)
KEY = "the secret key of a crowd of tests"
URL = "http://127.0.0.1:8000"
NOWHERE = "http://127.0.0.1:9"


def settings(database: str, endpoint: str) -> Settings:
    """Those of a Slipway with the database at an address."""
    return Settings(
        buddy_token="token-of-the-tests",
        buddy_api_endpoint=endpoint,
        database_url=database,
        secret_keys=(KEY,),
    )


def main() -> None:
    """Fork for every task until the tasks end. The argument is a file for the log of all of them."""
    logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    compile_all()
    for line in sys.stdin:
        task = json.loads(line)
        if os.fork() == 0:
            try:
                (run if "target" in task else submit)(task)
            except Exception:
                # As where its database was killed.
                logging.exception("not done")
            finally:
                say(task, "done")
                os._exit(0)


def compile_all() -> None:
    """Open a form once, so that the processes that are forked from here on find everything compiled."""
    compile_once()
    with TemporaryDirectory() as folder:
        app = create_app(settings(f"sqlite:///{folder}/slipway.db", NOWHERE), timings=PATIENT)
        Browser(app, URL).get(NEW).press("check")
        app.extensions["slipway"].close()


def submit(task: dict[str, Any]) -> None:
    """Open a form, fill it in, check it if that is wanted, and send it."""
    say(task, "begun", pid=os.getpid())
    app = create_app(settings(task["database"], task["endpoint"]), timings=PATIENT)
    browser = Browser(app, URL)
    page = browser.get(NEW)
    say(task, "opened")
    typed: dict[str, str | None] = task["typed"]
    if task["checked"]:
        page = page.press("check", **typed)
        if page.status < 500:
            say(task, "shown", id=identity(app, page))
        typed = {}
    receipt = page.send(**typed)
    if receipt.path.startswith("/submissions/"):
        say(task, "shown", id=receipt.path.rpartition("/")[2], status=receipt.status)


def run(task: dict[str, Any]) -> None:
    """Ask for a run."""
    say(task, "begun", pid=os.getpid())
    parts = create_app(settings(task["database"], task["endpoint"]), timings=PATIENT).extensions["slipway"]
    variables = (RunVariable("TOKEN", task["canary"], encrypted=True),)
    asked = run_called(task["name"], task["target"], parts.clock(), comment=task["name"], variables=variables)
    say(task, "opened")
    parts.sender.send(asked)


def identity(app: Any, page: Page) -> str:
    """The submission that a form belongs to."""
    envelope = app.extensions["slipway"].seal.open(
        page.fields["envelope"], "local", Place("buddy", "company-website", 2)
    )
    return str(envelope.submission)


def say(task: dict[str, Any], what: str, **more: Any) -> None:
    """Write one line, whole."""
    os.write(1, json.dumps({"number": task["number"], "what": what, **more}).encode() + b"\n")


if __name__ == "__main__":
    main()
