"""`make fuzz`: many submissions against a hostile Buddy, more than half of them killed, and then the books are read.

What is not there after two minutes is sent again, from its page or from its form, at any moment of the hour (by a
clock that is moved): these later attempts are refused, cut, not sent, or answered, and whatever Buddy adds late lands
within the hour. Prints the seed, what Buddy did, where each kill hit, which later attempts met which late additions,
and what was wrong: duplicates that nobody was told of, wrong states, and what was shown to somebody and lost. Fails
when anything was, or when one of the four kinds of moment was hit too seldom. On PostgreSQL two replicas look after
everything at the same time, and each third kill hits the database.
"""

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from fuzz_runs import fuzz_runs
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.buddy import StubBuddy
from support.clock import Clock
from support.compiled import compile_once
from support.crowd import settings
from support.databases import ON_POSTGRESQL, database_in, forget_database_in, killer_of_database, written_at
from support.faults import answer
from support.killing import MOMENTS, NOTE, Crowd, Victim, disguises
from support.pages import Browser
from support.rigs import LEAST, NEW

from webapp.app import create_app
from webapp.buddy.places import Place
from webapp.context import Parts
from webapp.store.models import Submission
from webapp.submissions.states import ADDED

# What Buddy does: whether the action is added (late: after the answer), and what is said.
WEATHERS = {
    "added, 201": ("now", "201 Created"),
    "added, hangs up": ("now", None),
    "added, 500": ("now", "500 Internal Server Error"),
    "added late, hangs up": ("late", None),
    "added late, 504": ("late", "504 Gateway Timeout"),
    "refused, 400": ("", "400 Bad Request"),
    "lost, hangs up": ("", None),
    "lost, 502": ("", "502 Bad Gateway"),
    "added within the hour, hangs up": ("hour", None),
    "added within the hour, 502": ("hour", "502 Bad Gateway"),
}
# What becomes of a later attempt.
LATER = {
    "added, 201": ("now", "201 Created"),
    "added, cut": ("now", None),
    "lost, cut": ("", None),
    "added late, cut": ("late", None),
    "added within the hour, cut": ("hour", None),
    "refused, 400": ("", "400 Bad Request"),
    "refused, 401": ("", "401 Unauthorized"),
    "not sent": ("", None),
}
# From where it is sent: the page of what was sent, the form that a refusal left, the same with something changed.
WAYS = ("again", "form", "edited form")
MOST_PRESSES = 3
HOUR = 3600
PLACE = Place("buddy", "company-website", 2)
# A late addition comes at most so many seconds after it was asked for: sooner than Slipway gives up, by the clock that
# the looks go by.
LATEST = 100
# Or within the hour, while it is still looked for.
LATEST_OF_ALL = 3500


@dataclass
class Run(Victim):
    """One submission: what is planned for it and what happened to it."""

    presses: list[tuple[float, str, str]]
    later: str | None = None
    # What Buddy has done to it in the order in which it was done, and what was typed into changed forms.
    story: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)


class FuzzedBuddy(StubBuddy):
    """A Buddy that looks up in the plan what to do to each submission, which comes under an address of its own."""

    def __init__(self) -> None:
        self.plans: dict[int, Run] = {}
        self.late: list[tuple[datetime, dict[str, Any]]] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        super().__init__(self.answer_as_planned)
        self.creates = False

    def answer_as_planned(self, connection: Any, _server: Any) -> None:
        body = json.loads(self.read(connection).partition(b"\r\n\r\n")[2])
        run = self.plans[int(body["name"].split()[1])]
        run.read = True
        added, said = LATER[run.later] if run.later else WEATHERS[run.weather]
        run.story.append(run.later or "first")
        action = self.add(body) if added == "now" else {}
        run.reached("sent, unanswered")
        sleep(0.03)
        if added in ("late", "hour"):
            lateness = run.lateness * (LATEST if added == "late" else LATEST_OF_ALL)
            self.late.append((self.clock() + timedelta(seconds=lateness), body))
        if said is not None:
            content = {**action, "note": NOTE} if said.startswith("201") else {"errors": [{"message": "no"}]}
            connection.sendall(answer(said, content, "Connection: close"))
        run.answered = True
        run.reached("answered, not recorded")

    def catch_up(self, now: datetime) -> None:
        """Add what was to come late and has come by now."""
        for due, body in [each for each in self.late if each[0] <= now]:
            self.late.remove((due, body))
            self.add(body)
            self.plans[int(body["name"].split()[1])].story.append("landed")

    def found(self, path: str, query: str) -> tuple[int, Any]:
        run = self.plans.get(int((re.match(r"/run(\d+)/", path) or [0, -1])[1]))
        if run is not None and run.moment == "claimed, not sent":
            # A form that could not see its pipeline makes the send look first, after the claim.
            if path.endswith("/pipelines/2"):
                return 500, {"errors": [{"message": "no"}]}
            if path.endswith("/actions"):
                run.reached("claimed, not sent")
                sleep(0.03)
        return super().found(path, query)


class Fuzz:
    """The whole of it: the plan, the crowd of processes, the books."""

    def __init__(self, seed: int, count: int, folder: Path, buddy: FuzzedBuddy) -> None:
        self.random = random.Random(seed)
        self.count = count
        self.folder = folder
        self.buddy = buddy
        self.clock = Clock()
        self.database = database_in(folder)
        # On PostgreSQL two replicas look after everything at the same time.
        replicas = [create_app(settings(self.database, buddy.url), self.clock) for _ in range(1 + ON_POSTGRESQL)]
        self.replicas: list[Parts] = [app.extensions["slipway"] for app in replicas]
        self.app, self.parts = replicas[0], self.replicas[0]
        self.browser = Browser(self.app, "http://127.0.0.1:8000")
        self.token = self.browser.get(NEW).fields["csrf_token"]
        self.crowd = Crowd(self.random, folder / "log", self.state_of, killer_of_database())
        self.looks = ThreadPoolExecutor(2)
        self.pressed: Counter[str] = Counter()
        self.told = 0
        self.wrong: list[str] = []

    def close(self) -> None:
        """End all."""
        self.looks.shutdown()
        for parts in self.replicas:
            parts.close()
        forget_database_in(self.folder)

    def planned(self) -> Iterator[tuple[Run, dict[str, Any]]]:
        """Plan one after the other."""
        for number in range(self.count):
            run = self.plan(number)
            self.buddy.plans[number] = run
            yield run, self.task(run)

    def plan(self, number: int) -> Run:
        """Decide what becomes of a submission."""
        draw = self.random
        moment = self.crowd.moment()
        longest = {MOMENTS[0]: 0.06, MOMENTS[3]: 0.004}.get(moment or "", 0.03)
        canary = f"canary<{draw.getrandbits(64):016x}>"
        return Run(
            number,
            draw.choice(list(WEATHERS)),
            moment,
            draw.uniform(0, longest),
            canary,
            draw.uniform(0.01, 1),
            self.plan_presses(),
        )

    def plan_presses(self) -> list[tuple[float, str, str]]:
        """When a person presses what there is to press, from where, and what becomes of that attempt."""
        draw = self.random
        moments = sorted(draw.uniform(0, HOUR) ** 2 / HOUR for _ in range(draw.randint(1, MOST_PRESSES)))
        return [(moment, draw.choice(WAYS), draw.choice(list(LATER))) for moment in moments]

    def task(self, run: Run) -> dict[str, Any]:
        """What the process is told."""
        typed = LEAST | {"name": run.name, "image_source": "credentials", "login": "me", "password": run.canary}
        secret = {"variables__0__key": "A", "variables__0__value": run.canary, "variables__0__encrypted": "true"}
        endpoint = f"{self.buddy.url}/run{run.number}"
        checked = self.random.random() < 0.5
        return {
            "database": self.database,
            "endpoint": endpoint,
            "typed": typed | secret,
            "checked": checked,
        }

    def state_of(self, run: Run) -> str | None:
        """Where the first submission of a run stands."""
        rows = self.rows_of(run)
        return rows[0].state if rows else None

    def rows_of(self, run: Run) -> list[Submission]:
        """The submissions of a run, oldest first."""
        with Session(self.parts.journal._engine) as session:
            query = select(Submission).where(Submission.name == run.name).order_by(Submission.number)
            return list(session.scalars(query))

    def reconcile(self) -> None:
        """Let an hour and more pass until everything was looked for, while people press what there is to press."""
        self.clock.now = begin = datetime.now(UTC)
        self.buddy.clock = self.clock
        waiting = sorted(
            (moment, run.number, way, weather)
            for run in self.buddy.plans.values()
            for moment, way, weather in run.presses
        )
        for seconds in [5] * 60 + [30] * 240:
            self.clock.forward(seconds=seconds)
            self.buddy.catch_up(self.clock.now)
            while any(list(self.looks.map(lambda parts: parts.reconciler.round(), self.replicas))):
                pass
            while waiting and begin + timedelta(seconds=waiting[0][0]) <= self.clock.now:
                _, number, way, weather = waiting.pop(0)
                self.press(self.buddy.plans[number], way, weather)
        for run in self.buddy.plans.values():
            for row in self.rows_of(run):
                if row.state == "ambiguous":
                    # What it was taken for may have been given to another one since.
                    self.browser.post(f"/submissions/{row.id}/looks", {"csrf_token": self.token})

    def press(self, run: Run, way: str, weather: str) -> None:
        """Send once more, from the page or the form of what was sent last."""
        rows = [row for row in self.rows_of(run) if row.sent_at]
        if not rows:
            return
        before, run.later = len(run.story), weather
        page = self.browser.get(f"/submissions/{rows[-1].id}")
        if weather == "not sent":
            self.buddy.hang_up_after(lambda: list(self.parts.client.all_actions(PLACE)))
        if way == "again" or page.by_id("form") is None:
            way, page = "again", self.browser.post(f"{page.path}/attempts", {"csrf_token": self.token})
        elif way == "form":
            page = page.send(password=run.canary)
        else:
            run.edits.append(f"make edit{len(run.edits)} of {run.number}")
            page = page.send(password=run.canary, inline_commands=run.edits[-1])
        if weather == "not sent":
            self.buddy.accept_connections()
        came = "sent" if len(run.story) > before else "not sent" if rows_differ(rows, self.rows_of(run)) else "stopped"
        if came == "not sent" and weather == "not sent":
            run.story.append(weather)
        self.pressed[f"{way}: {weather}" if came != "stopped" else f"{way}: nothing was sent"] += 1

    def read_the_books(self) -> None:
        """Compare the journal with what Buddy has."""
        added: dict[str, set[int]] = {}
        for action in self.buddy.added:
            added.setdefault(action["name"], set()).add(action["id"])
        for run in self.buddy.plans.values():
            rows, mine = self.rows_of(run), added.get(run.name, set())
            if len(mine) > 1:
                self.look_whether_told(run, [row for row in rows if row.state in ADDED])
            states = [row.state for row in rows]
            found = {row.action_id for row in rows if row.state in ADDED}
            if found != mine or {"sending", "unknown", "ambiguous"} & set(states):
                self.wrong.append(f"wrong state {states} with {sorted(mine)} added, {found} known: {run}")
            for id in run.shown:
                kept = self.parts.journal.find(id)
                if kept is None or kept.typed["inline_commands"] != LEAST["inline_commands"]:
                    self.wrong.append(f"acknowledged and lost: {run}")
            typed = {row.typed["inline_commands"] for row in rows}
            self.wrong += [f"acknowledged and lost: {edit} of {run}" for edit in run.edits if edit not in typed]
        owners = Counter(row.action_id for row in self.parts.journal.history(10_000) if row.action_id)
        self.wrong += [f"action {id} has {count} owners" for id, count in owners.items() if count > 1]

    def look_whether_told(self, run: Run, rows: list[Submission]) -> None:
        """Of several actions the page of each must say so."""
        pages = [self.browser.get(f"/submissions/{row.id}").text for row in rows]
        if rows and all("actions were added." in page for page in pages):
            self.told += 1
        else:
            self.wrong.append(f"duplicate that nobody was told of: {run}")

    def search_for_secrets(self) -> None:
        """Look for every secret in everything that was written and in every page."""
        browser = self.browser
        pages = [browser.get("/submissions").html, browser.get("/").html]
        pages += [browser.get(f"/submissions/{row.id}").html for row in self.parts.journal.history(10_000)]
        files = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        for name, content in {**files, "database": written_at(self.database), "pages": "".join(pages).encode()}.items():
            for run in self.buddy.plans.values():
                if any(form in content for form in disguises(run.canary)):
                    self.wrong.append(f"a secret of {run.name} stands in {name}")

    def report(self) -> int:
        """Print the figures; gives the exit status."""
        runs = self.buddy.plans.values()
        states = Counter(state for run in runs for state in [row.state for row in self.rows_of(run)] or ["nothing"])
        killed = f"{self.crowd.killed} killed, {self.crowd.too_late} of them after the end was recorded"
        print(f"{len(runs)} submissions, {killed}")
        print("Buddy:", ", ".join(f"{count} {weather}" for weather, count in Counter(r.weather for r in runs).items()))
        print("Ended as:", ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
        print("Later attempts, by where they were sent from and what became of them:")
        for pressed, count in sorted(self.pressed.items()):
            print(f"  {pressed:<44}{count:>5}")
        print("Late additions, by what came just before:")
        for moment, count in sorted(Counter(moment for run in runs for moment in moments_of(run)).items()):
            print(f"  landed after {moment:<31}{count:>5}")
        print(f"Two actions, told on the page of each: {self.told}")
        enough = self.crowd.report()
        for kind in ("duplicate that nobody was told of", "wrong state", "acknowledged and lost", "a secret", "action"):
            print(f"{kind}: {sum(line.startswith(kind) for line in self.wrong)}")
        print(*self.wrong, sep="\n")
        return int(bool(self.wrong) or not enough)


def rows_differ(before: list[Submission], after: list[Submission]) -> bool:
    """Whether another attempt was claimed."""
    return sum(row.attempts for row in before) < sum(row.attempts for row in after if row.sent_at)


def moments_of(run: Run) -> list[str]:
    """What came just before each of a run's late additions."""
    return [before for before, what in pairwise(run.story) if what == "landed"]


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    begin = monotonic()
    compile_once()
    print(f"Seed {options.seed}", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="slipway-fuzz-") as folder,
        closing(FuzzedBuddy()) as buddy,
        closing(Fuzz(options.seed, options.count, Path(folder), buddy)) as fuzz,
    ):
        fuzz.crowd.run(fuzz.planned())
        fuzz.reconcile()
        fuzz.read_the_books()
        fuzz.search_for_secrets()
        status = fuzz.report()
    with tempfile.TemporaryDirectory(prefix="slipway-fuzz-runs-") as folder:
        status |= int(not fuzz_runs(options.seed, options.runs, Path(folder)))
    print(f"{monotonic() - begin:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
