"""Two processes: one sends a form of a template, the other changes or retires that template at the moment of the claim.

Run as a program with a database, an endpoint and the number of rounds; prints one JSON a round: what was done to the
template, its id, and the status of the answer to the send.
"""

import json
import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from support.crowd import PATIENT, URL, compile_all, settings
from support.pages import Browser
from support.prepared import REPORT
from support.race import COOKIE
from support.rigs import NEW
from support.templates import ANSWERS, SECRETS
from webapp.app import create_app
from webapp.library import CurrentTemplate, Library
from webapp.prepared.areas import Area
from webapp.prepared.boxes import Fixed
from webapp.store.events import SLIPWAY

OTHER_TAG = replace(REPORT, boxes={**REPORT.boxes, "docker_image_tag": Fixed("23.04")})
ELSEWHERE = replace(REPORT, areas=(Area("buddy", "elsewhere"),))
MOVES: dict[str, Callable[[Library, CurrentTemplate], object]] = {
    "changed": lambda library, seen: library.change(seen, OTHER_TAG, SECRETS, SLIPWAY),
    "limited": lambda library, seen: library.change(seen, ELSEWHERE, SECRETS, SLIPWAY),
    "retired": lambda library, seen: library.retire(seen, SLIPWAY),
    "with another secret": lambda library, seen: library.put_secret(seen, "template:password", "other", SLIPWAY),
}


def sender(database: str, endpoint: str, barrier: Barrier, line: Connection) -> None:
    """Send each form that comes down the line, and claim it when the other one moves."""
    app = create_app(settings(database, endpoint), timings=PATIENT)
    journal = app.extensions["slipway"].journal
    claim = journal.claim

    def claim_at_once(*arguments: Any, **named: Any) -> Any:
        barrier.wait(60)
        return claim(*arguments, **named)

    vars(journal)["claim"] = claim_at_once
    client = app.test_client()
    line.send("ready")
    while (task := line.recv()) is not None:
        cookie, fields = task
        client.set_cookie(COOKIE, cookie, domain="127.0.0.1")
        line.send(client.post(NEW.removesuffix("/new"), data=fields, base_url=URL).status_code)


def mover(database: str, endpoint: str, barrier: Barrier, line: Connection) -> None:
    """Do to each template that comes down the line what is said with it, when the other one claims."""
    library: Library = create_app(settings(database, endpoint), timings=PATIENT).extensions["slipway"].library
    line.send("ready")
    while (task := line.recv()) is not None:
        id, move = task
        seen = library.find(id)
        assert seen is not None
        barrier.wait(60)
        MOVES[move](library, seen)
        line.send("moved")


def main() -> None:
    """Run the race."""
    database, endpoint = sys.argv[1:3]
    context = multiprocessing.get_context("fork")
    compile_all()
    barrier = context.Barrier(2)
    lines = []
    for racer in (sender, mover):
        mine, theirs = context.Pipe()
        context.Process(target=racer, args=(database, endpoint, barrier, theirs), daemon=True).start()
        lines.append(mine)
        # One after the other: each looks whether the database is up to date, and that takes its lock.
        assert mine.recv() == "ready"
    app = create_app(settings(database, endpoint), timings=PATIENT)
    browser, library = Browser(app, URL), app.extensions["slipway"].library
    for number in range(int(sys.argv[3])):
        move = list(MOVES)[number % len(MOVES)]
        id = library.make(REPORT, SECRETS, SLIPWAY)
        fields = browser.get(f"{NEW}?template={id}").fields | ANSWERS | {"answers-note": f"Round {number}"}
        cookie = browser.client.get_cookie(COOKIE, domain="127.0.0.1")
        assert cookie is not None
        lines[0].send((cookie.value, fields))
        lines[1].send((id, move))
        status, _ = [line.recv() for line in lines]
        print(json.dumps([move, id, status]), flush=True)
    for line in lines:
        line.send(None)


if __name__ == "__main__":
    main()
