"""Many processes, started once, that send the same form at the same moment, round after round.

Run as a program with a database, an endpoint, the number of processes and of rounds; prints one JSON a round: where
each of the processes was led.
"""

import json
import multiprocessing
import sys
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier

from support.crowd import PATIENT, URL, compile_all, settings
from support.pages import Browser
from support.rigs import LEAST, NEW
from webapp.app import create_app

COOKIE = "slipway-8000"


def racer(database: str, endpoint: str, barrier: Barrier, line: Connection) -> None:
    """Send what comes down the line, when all the others do, and say where that led."""
    client = create_app(settings(database, endpoint), timings=PATIENT).test_client()
    line.send("ready")
    while (task := line.recv()) is not None:
        cookie, fields = task
        client.set_cookie(COOKIE, cookie, domain="127.0.0.1")
        barrier.wait(60)
        answer = client.post(NEW.removesuffix("/new"), data=fields, base_url=URL)
        line.send((answer.status_code, answer.headers.get("Location", "")))


def main() -> None:
    """Run the race."""
    database, endpoint = sys.argv[1:3]
    processes, rounds = map(int, sys.argv[3:])
    context = multiprocessing.get_context("fork")
    compile_all()
    barrier = context.Barrier(processes)
    lines = []
    for _ in range(processes):
        mine, theirs = context.Pipe()
        context.Process(target=racer, args=(database, endpoint, barrier, theirs), daemon=True).start()
        lines.append(mine)
        # One after the other: each looks whether the database is up to date, and that takes its lock.
        assert mine.recv() == "ready"
    browser = Browser(create_app(settings(database, endpoint), timings=PATIENT), URL)
    for number in range(rounds):
        fields = browser.get(NEW).fields | LEAST | {"name": f"Round {number}"}
        cookie = browser.client.get_cookie(COOKIE, domain="127.0.0.1")
        assert cookie is not None
        for line in lines:
            line.send((cookie.value, fields))
        print(json.dumps([line.recv() for line in lines]), flush=True)
    for line in lines:
        line.send(None)


if __name__ == "__main__":
    main()
