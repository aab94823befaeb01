"""The part of `make fuzz` that is about runs: asked for before a hostile Buddy, most of them killed, then the books.

Each is asked for in a process of its own, and once more by a person where nothing was started, while all that was
started goes on until it ends. Of each mark there must be one run at most, and the row that has it must say so.
"""

import json
import random
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from support.buddy import StubBuddy
from support.clock import Clock
from support.crowd import PATIENT, settings
from support.databases import database_in, forget_database_in, killer_of_database, written_at
from support.faults import FaultyServer, answer
from support.killing import MOMENTS, NOTE, PATIENCE, Crowd, Victim, disguises
from support.pages import Browser
from support.running import PLACE, run_called

from webapp.app import create_app
from webapp.buddy.executions import FINAL, Status
from webapp.context import Parts
from webapp.store.models import Submission
from webapp.submissions.runs import mark_of

# What Buddy does: whether the run is started (late: after the answer), and what is said.
WEATHERS = {
    "started, 200": ("now", "200 OK"),
    "started, hangs up": ("now", None),
    "started, 500": ("now", "500 Internal Server Error"),
    "started late, hangs up": ("late", None),
    "started late, 504": ("late", "504 Gateway Timeout"),
    "started within the hour, 502": ("hour", "502 Bad Gateway"),
    "refused, 400": ("", "400 Bad Request"),
    "lost, hangs up": ("", None),
    "lost, 502": ("", "502 Bad Gateway"),
}
HOUR = 3600
# In seconds: while Slipway still looks every few of them, or within the hour.
LATEST = {"late": 100, "hour": 3500}
# So late a kill comes at most once its moment has come: what is sent is claimed and recorded within that.
LONGEST = {MOMENTS[0]: 0.012, MOMENTS[1]: 0.01, MOMENTS[3]: 0.002}
ENDS = (Status.SUCCESSFUL, Status.FAILED, Status.TERMINATED)


@dataclass
class Asked(Victim):
    """One run: what is planned for it, and what becomes of it when a person asks for it anew."""

    again: str
    again_after: float

    def dies_before_it_has_sent(self) -> bool:
        """Whether it is killed while what it has claimed is on its way, and nobody has read that yet."""
        self.reached(MOMENTS[1])
        return self.moment == MOMENTS[1] and self.ended.wait(PATIENCE) and self.killed


class RunningBuddy(StubBuddy):
    """A Buddy that looks up in the plan what to do with each run, which comes under an address of its own."""

    def __init__(self) -> None:
        self.plans: dict[int, Asked] = {}
        self.late: list[tuple[datetime, dict[str, Any]]] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        super().__init__(self.start_as_planned)
        self.creates = False

    def start_as_planned(self, connection: socket.socket, _server: FaultyServer) -> None:
        path = connection.recv(200, socket.MSG_PEEK).split(b" ")[1].decode()
        first = re.match(r"/run(\d+)/", path)
        if first and self.plans[int(first[1])].dies_before_it_has_sent():
            return
        body = json.loads(self.read(connection).partition(b"\r\n\r\n")[2])
        asked = self.plans[int(body["comment"].split()[1])]
        asked.read = True
        started, said = WEATHERS[asked.weather if first else asked.again]
        run = self.run(body) if started == "now" else {}
        asked.reached(MOMENTS[2])
        sleep(0.02)
        if started in LATEST:
            self.late.append((self.clock() + timedelta(seconds=asked.lateness * LATEST[started]), body))
        if said is not None:
            content = {**run, "note": NOTE} if said.startswith("200") else {"errors": [{"message": "no"}]}
            connection.sendall(answer(said, content, "Connection: close"))
        asked.answered = True
        asked.reached(MOMENTS[3])

    def catch_up(self, now: datetime) -> None:
        """Start what was to come late and has come by now."""
        for due, body in [each for each in self.late if each[0] <= now]:
            self.late.remove((due, body))
            self.run(body)


class RunFuzz:
    """The whole of it: the plan, the crowd of processes, hours that pass, the books."""

    def __init__(self, seed: int, count: int, folder: Path, buddy: RunningBuddy) -> None:
        self.random = random.Random(seed)
        self.count = count
        self.folder = folder
        self.buddy = buddy
        self.clock = Clock()
        self.database = database_in(folder)
        self.app, other = (create_app(settings(self.database, buddy.url), self.clock, PATIENT) for _ in range(2))
        # Two processes that follow the same runs.
        self.both: tuple[Parts, Parts] = (self.app.extensions["slipway"], other.extensions["slipway"])
        self.parts = self.both[0]
        self.crowd = Crowd(self.random, folder / "log", self.state_of, killer_of_database())
        self.wrong: list[str] = []

    def close(self) -> None:
        for parts in self.both:
            parts.close()
        forget_database_in(self.folder)

    def planned(self) -> Iterator[tuple[Asked, dict[str, Any]]]:
        """Plan one after the other."""
        draw = self.random
        for number in range(self.count):
            moment = self.crowd.moment()
            asked = Asked(
                number,
                draw.choice(list(WEATHERS)),
                moment,
                draw.uniform(0, LONGEST.get(moment or "", 0.02)),
                f"canary<{draw.getrandbits(64):016x}>",
                draw.uniform(0.01, 1),
                draw.choice(list(WEATHERS)),
                draw.uniform(0, HOUR),
            )
            self.buddy.plans[number] = asked
            task = {"database": self.database, "endpoint": f"{self.buddy.url}/run{number}", "canary": asked.canary}
            yield asked, {**task, "target": number + 1, "name": asked.name}

    def rows(self) -> list[Submission]:
        """All submissions, oldest first."""
        with Session(self.parts.journal._engine) as session:
            return list(session.scalars(select(Submission).order_by(Submission.number)))

    def rows_of(self, asked: Asked) -> list[Submission]:
        """Those of one run, and of the same asked for anew."""
        return [row for row in self.rows() if row.target == asked.number + 1]

    def state_of(self, asked: Asked) -> str | None:
        """Where it stands."""
        rows = self.rows_of(asked)
        return rows[0].state if rows else None

    def pass_hours(self) -> None:
        """Let two hours and more pass until everything was looked for. Runs go on, and some are asked for anew."""
        self.clock.now = begin = datetime.now(UTC)
        self.buddy.clock = self.clock
        waiting = sorted(self.buddy.plans.values(), key=lambda asked: asked.again_after)
        for seconds in [5] * 30 + [60] * 60 + [300] * 13:
            self.clock.forward(seconds=seconds)
            self.buddy.catch_up(self.clock.now)
            while self.parts.reconciler.round():
                pass
            while waiting and begin + timedelta(seconds=waiting[0].again_after) <= self.clock.now:
                self.ask_again(waiting.pop(0))
            if self.buddy.runs:
                self.go_on(self.random.choice(self.buddy.runs), self.random.choice(list(Status)))
        for run in self.buddy.runs:
            self.go_on(run, run["status"] if run["status"] in FINAL else self.random.choice(ENDS))

    def ask_again(self, asked: Asked) -> None:
        """A person asks for a run anew, if none is known to be started, from a page of its own."""
        rows = self.rows_of(asked)
        if not {row.state for row in rows} & {"started", "found"}:
            run = run_called(asked.name, asked.number + 1, self.clock(), comment=asked.name)
            self.parts.sender.send(run)

    def go_on(self, run: dict[str, Any], status: str) -> None:
        """Let a run in Buddy be so far; who follows it reads that, in two processes at once."""
        if run["status"] not in FINAL:
            self.buddy.go_on(run["id"], status=status)
        for row in [row for row in self.rows() if row.execution == run["id"]]:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(look_at, self.both, [row] * 2))

    def read_the_books(self) -> None:
        """Compare the journal with what Buddy has."""
        begun: dict[str, list[dict[str, Any]]] = {}
        for run in self.buddy.runs:
            begun.setdefault(mark_in(run["comment"]), []).append(run)
        sent = Counter(mark_in(body["comment"]) for body in self.buddy.bodies)
        self.wrong += [f"run doubled: {mark} was sent {count} times" for mark, count in sent.items() if count > 1]
        for row in self.rows():
            mine = begun.pop(mark_of(row.id), [])
            known = row.state in ("started", "found")
            if len(mine) > 1:
                self.wrong.append(f"run doubled: {mine} of {row.name}")
            if mine and not known:
                self.wrong.append(f"run lost: {row.name} is {row.state}, and Buddy has {mine[0]['id']}")
            self.wrong += [f"run wrong: {problem} of {row.name}" for problem in self.problems(row, mine, known)]
        self.wrong += [f"run lost: nobody has asked for {runs}" for runs in begun.values()]

    def problems(self, row: Submission, mine: list[dict[str, Any]], known: bool) -> Iterator[str]:
        """What a row says that is not so."""
        if known != bool(mine) or row.state in ("sending", "unknown"):
            yield f"state {row.state} with {len(mine)} begun"
        if mine and (row.execution, row.run_status) != (mine[0]["id"], mine[0]["status"]):
            yield f"{row.run_status} as {row.execution} for {mine[0]}"
        ends = [event.outcome for event in self.parts.journal.events(row.id) if event.verb == "ended"]
        if ends != [run["status"] for run in mine]:
            yield f"the end {ends}"
        if known and self.parts.journal.secrets([row.id]):
            yield "a secret after the end"

    def search_for_secrets(self) -> None:
        """Look for every secret in everything that was written and in every page."""
        browser = Browser(self.app, "http://127.0.0.1:8000")
        pages = [browser.get(f"/submissions/{row.id}").html for row in self.rows()]
        contents = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        for name, content in {
            **contents,
            "database": written_at(self.database),
            "pages": "".join(pages).encode(),
        }.items():
            for asked in self.buddy.plans.values():
                if any(form in content for form in disguises(asked.canary)):
                    self.wrong.append(f"run's secret: that of {asked.name} stands in {name}")

    def report(self) -> bool:
        """Print the figures; gives whether all is well."""
        states = Counter(row.state for row in self.rows())
        late = f"{self.crowd.too_late} of them after the end was recorded"
        print(f"{self.count} runs, {self.crowd.killed} killed, {late}")
        print("Ended as:", ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
        print(f"Buddy began {len(self.buddy.runs)}, and was asked {len(self.buddy.bodies)} times")
        enough = self.crowd.report()
        for kind in ("run doubled", "run lost", "run wrong", "run's secret"):
            print(f"{kind}: {sum(line.startswith(kind) for line in self.wrong)}")
        print(*self.wrong, sep="\n")
        return enough and not self.wrong


def look_at(parts: Parts, row: Submission) -> None:
    """Read how far a run is, as who follows it does."""
    assert row.execution is not None
    parts.runs.seen(row, parts.client.execution(PLACE, row.execution))


def mark_in(comment: str) -> str:
    """The mark at the end of a comment."""
    return comment[comment.index("[") :]


def fuzz_runs(seed: int, count: int, folder: Path) -> bool:
    """Run it; gives whether all is well."""
    with closing(RunningBuddy()) as buddy, closing(RunFuzz(seed, count, folder, buddy)) as fuzz:
        fuzz.crowd.run(fuzz.planned())
        fuzz.pass_hours()
        fuzz.read_the_books()
        fuzz.search_for_secrets()
        return fuzz.report()
