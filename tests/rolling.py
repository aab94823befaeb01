"""`make rolling FROM=…`: two replicas of an older revision are replaced by this one under load, one after the other.

Both stand behind nginx as the guide has it, on one PostgreSQL. People who have signed in go on sending all the time,
each request to whichever replica is next, and meanwhile Buddy loses one answer of twenty, whose action is to be found.
Some forms that were opened before are sent when all is over. The older revision runs in this one's environment, which
has all that it needs and the driver.

Prints what was refused, what was doubled and what was lost, by what Buddy was sent and by what the journal has. Fails
when there was any.
"""

import argparse
import json
import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from support import nginx, postgres
from support.buddy import StubBuddy, answered
from support.examples import RESPONSE_EXAMPLE
from support.faults import FaultyServer
from support.html import parse
from support.pages import posted_fields
from support.revisions import Revision, check_out
from support.rigs import LEAST, NEW
from support.server import first_link, free_port, serving_with
from support.signing_in import PASSWORD
from support.waiting import until

from webapp.store.models import Submission
from webapp.submissions.states import ADDED, State

# All are one person: no more than a browser has connections to one server, which is fewer than a person's reads may be.
SENDERS = 6
# Of so many answers one is lost.
LOST = 20
# The part of all forms that is opened before anything is replaced, and sent when all is.
HELD = 0.1
# When the first and the second is replaced: after so much of what is sent.
MOMENTS = (0.25, 0.5)
# Above the numbers of what is added.
FIRST_ANSWERED = 10_000
# What shows the rows of both versions.
LISTS = ("/", "/submissions", "/record")
TYPED = {key.replace("__", "-"): value for key, value in LEAST.items()}


class Refused(Exception):
    """A request was not answered as it should have been."""


class LosingBuddy(StubBuddy):
    """Answers each addition but one in twenty, while it `loses` any; that one is added all the same."""

    def __init__(self) -> None:
        super().__init__(self.answers_mostly)
        self.creates = False
        self.loses = True
        self.lost = 0

    def answers_mostly(self, connection: socket.socket, _server: FaultyServer) -> None:
        body = json.loads(self.read(connection).partition(b"\r\n\r\n")[2])
        with self.lock:
            self.numbered += 1
            number = self.numbered
        if number % LOST or not self.loses:
            connection.sendall(answered(201, RESPONSE_EXAMPLE | {"id": FIRST_ANSWERED + number}))
        else:
            self.add(body)
            self.lost += 1


class ByName(HTTPAdapter):
    """Finds the guide's name in the certificate of a server that is elsewhere."""

    def init_poolmanager(self, *about: Any, **more: Any) -> None:
        super().init_poolmanager(*about, server_hostname=nginx.HOST, assert_hostname=nginx.HOST, **more)


class Person:
    """Somebody who signs in and sends; each request comes on a connection of its own."""

    def __init__(self, proxy: nginx.Nginx) -> None:
        self._url = f"https://127.0.0.1:{proxy.https}"
        self._session = requests.Session()
        # No proxy and no certificates but these.
        self._session.trust_env = False
        self._session.mount("https://", ByName())
        self._session.verify = str(proxy.certificate)
        self._session.headers.update({"Host": nginx.HOST, "Connection": "close"})
        self.longest = 0.0

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form; gives the path to which it leads."""
        status, answer = self._ask("POST", path, fields)
        if status not in (302, 303):
            raise Refused(f"POST {path}: {status}")
        return answer

    def _ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str]:
        begin = monotonic()
        try:
            answer = self._session.request(method, self._url + path, data=fields, timeout=90, allow_redirects=False)
        except requests.RequestException as error:
            raise Refused(f"{method} {path}: {error}") from error
        self.longest = max(self.longest, monotonic() - begin)
        if answer.is_redirect:
            return answer.status_code, urlsplit(answer.headers["Location"]).path
        if answer.status_code != 200:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.status_code, answer.text


@dataclass
class Load:
    """What is sent, and what came of it."""

    count: int
    refused: list[str]
    names: list[str]
    lock: threading.Lock

    def submit(self, person: Person, number: int, form: Mapping[str, str] | None = None) -> None:
        """Open a form, unless one is open, send it, and look at its receipt and at a list."""
        name = f"Run tests {number}"
        typed = TYPED | {"name": name, "inline_commands": f"make test # {number}"}
        try:
            fields = form or fields_of(person.get(NEW))
            receipt = person.post(NEW.removesuffix("/new"), {**fields, **typed})
            person.get(receipt)
            person.get(LISTS[number % len(LISTS)])
        # A page without a form is no answer either.
        except (Refused, ValueError) as error:
            with self.lock:
                self.refused.append(f"{name}: {error}")
        with self.lock:
            self.names.append(name)

    def until_sent(self, part: float) -> None:
        """Wait until so much of all was sent."""
        while len(self.names) < part * self.count:
            sleep(0.1)


def fields_of(html: str) -> dict[str, str]:
    """What a browser would post of the page's form: the largest, since another one signs out."""
    return max((dict(posted_fields(form)) for form in parse(html, strict=False).iter("form")), key=len)


class Replicas:
    """Two places at which a Slipway of the one or the other version runs, behind a proxy."""

    def __init__(self, older: Revision, settings: Mapping[str, str], folder: Path, stack: ExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._ports = [free_port(), free_port()]
        self._running = [stack.enter_context(ExitStack()) for _ in self._ports]
        self.link = [self._start(place, older.environment) for place in range(2)][-1]
        self.proxy = stack.enter_context(nginx.proxying(folder / "nginx", self._servers()))

    def replace(self, place: int) -> None:
        """Replace one as the guide says."""
        self.proxy.reload(self._servers(down=place))
        self._running[place].close()
        self._start(place, {})
        self.proxy.reload(self._servers())

    def _start(self, place: int, more: Mapping[str, str]) -> str:
        port = {"SLIPWAY_PORT": str(self._ports[place])}
        served = self._running[place].enter_context(serving_with({**self._settings, **port, **more}))
        return "" if not more else first_link(served)

    def _servers(self, down: int | None = None) -> list[str]:
        return [f"127.0.0.1:{port}" for place, port in enumerate(self._ports) if place != down]


def main() -> int:
    """Do all of it; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("revision", help="the older revision, which is replaced")
    parser.add_argument("--count", type=int, default=1000, help="how many submissions")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-rolling-")))
        older = check_out(chosen.revision, folder / "older")
        buddy = LosingBuddy()
        stack.callback(buddy.close)
        server = stack.enter_context(postgres.running())
        settings = {
            "BUDDY_TOKEN": "token-of-the-tests",
            "BUDDY_API_ENDPOINT": buddy.url,
            # The driver is named, since older ones do not choose it by themselves.
            "SLIPWAY_DATABASE_URL": f"{server.url}postgres".replace("postgresql:", "postgresql+psycopg:"),
            "SLIPWAY_SECRET_KEY": "the secret key of all replicas",
            "SLIPWAY_SIGN_IN": "password",
            "SLIPWAY_URL": nginx.URL,
            "SLIPWAY_PROXY_HOPS": "1",
        }
        replicas = Replicas(older, settings, folder, stack)
        return roll(replicas, buddy, settings["SLIPWAY_DATABASE_URL"], chosen.count)


def roll(replicas: Replicas, buddy: LosingBuddy, database: str, count: int) -> int:
    """Send, replace both meanwhile, read the books and print them; gives the exit status."""
    people = signed_in(replicas, SENDERS)
    load = Load(count, [], [], threading.Lock())
    held = int(count * HELD)
    begin = monotonic()
    forms = [fields_of(people[number % SENDERS].get(NEW)) for number in range(held)]
    with ThreadPoolExecutor(SENDERS) as senders:
        shares = [range(held + place, count, SENDERS) for place in range(SENDERS)]
        working = [
            senders.submit(lambda person, share: [load.submit(person, number) for number in share], person, share)
            for person, share in zip(people, shares, strict=True)
        ]
        for place, part in enumerate(MOMENTS):
            load.until_sent(part)
            at = len(load.names)
            replicas.replace(place)
            print(f"Replica {place + 1} was replaced while submissions {at} to {len(load.names)} were sent", flush=True)
        for each in working:
            each.result()
    # Where much time has passed since the form was opened, a person is asked which one it is.
    buddy.loses = False
    for number, form in enumerate(forms):
        load.submit(people[number % SENDERS], number, form)
    print(f"{len(load.names)} submissions in {monotonic() - begin:.0f} s, the longest request {longest(people):.1f} s")
    until(lambda: not {State.SENDING, State.UNKNOWN} & {row.state for row in rows_of(database)}, 1)
    return report(load, buddy, rows_of(database))


def longest(people: list[Person]) -> float:
    """How long a request of anybody took at most, in seconds."""
    return max(person.longest for person in people)


def signed_in(replicas: Replicas, count: int) -> list[Person]:
    """So many browsers of the first administrator."""
    invitation = urlsplit(replicas.link).path
    people = [Person(replicas.proxy) for _ in range(count)]
    typed = {"login": "ada", "name": "Ada", "password": PASSWORD}
    for path, person in zip([invitation, *["/sign-in"] * (count - 1)], people, strict=True):
        person.post(path, fields_of(person.get(path)) | typed)
    return people


def rows_of(database: str) -> list[Submission]:
    """The journal."""
    engine = create_engine(database)
    with Session(engine) as session:
        found = list(session.scalars(select(Submission)))
    engine.dispose()
    return found


def report(load: Load, buddy: LosingBuddy, rows: list[Submission]) -> int:
    """Print the figures; gives the exit status."""
    sent = Counter(body["name"] for body in buddy.bodies)
    added = Counter(row.name for row in rows if row.state in ADDED)
    doubled = [name for name in load.names if sent[name] > 1 or added[name] > 1]
    lost = [name for name in load.names if not sent[name] or not added[name]]
    print(f"Buddy lost {buddy.lost} answers")
    print("Ended as:", ", ".join(f"{count} {state}" for state, count in Counter(row.state for row in rows).items()))
    print(f"refused {len(load.refused)}, doubled {len(doubled)}, lost {len(lost)}")
    for each in [*load.refused, *doubled, *lost][:20]:
        print(" ", each)
    return 1 if load.refused or doubled or lost else 0


if __name__ == "__main__":
    sys.exit(main())
