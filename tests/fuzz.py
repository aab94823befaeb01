"""`make fuzz`: many submissions against a hostile Buddy, more than half of them killed, and then the books are read.

Prints the seed, what Buddy did, where each kill hit, and what was wrong: duplicates, wrong states, and what was shown
to somebody and lost. Fails when anything was, or when one of the four kinds of moment was hit too seldom.
"""

import argparse
import base64
import html
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session
from support.clock import Clock
from support.crowd import settings
from support.faults import answer
from support.hostile import HostileBuddy
from support.pages import Browser
from support.rigs import LEAST, NEW

from webapp import create_app
from webapp.store.models import Submission
from webapp.submissions.states import ADDED

MOMENTS = ("before the claim", "claimed, not sent", "sent, unanswered", "answered, not recorded")
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
}
AT_ONCE = 4
PATIENCE = 30
# A late addition comes at most so many seconds after it was asked for: sooner than Slipway gives up, by the clock that
# the looks go by.
LATEST = 100
# More than half of all.
KILLED = 0.65
# A large answer takes a while to be read, so that there is time to be killed in.
NOTE = "x" * 400_000


@dataclass
class Run:
    """One submission: what is planned for it and what happened to it."""

    number: int
    weather: str
    moment: str | None
    delay: float
    canary: str
    lateness: float
    pid: int = 0
    read: bool = False
    answered: bool = False
    answered_before: bool = False
    killed: bool = False
    sent_again: bool = False
    shown: set[str] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return f"Fuzz {self.number}"

    def reached(self, moment: str) -> None:
        """A moment has come; if it is the one to be killed in, that happens a little later."""
        if self.moment == moment:
            threading.Timer(self.delay, self.kill).start()

    def kill(self) -> None:
        """End the process as a power cut would."""
        with self.lock:
            if self.killed or self.ended.is_set():
                return
            try:
                self.answered_before = self.answered
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                # It has ended, and its last word is still on its way.
                return
            self.killed = True
            self.ended.set()

    def hit(self, state: str | None) -> str | None:
        """Where the kill hit, by what Buddy saw and the journal holds; None when it came too late."""
        if state not in (None, "draft", "sending"):
            return None
        if self.answered_before:
            return MOMENTS[3]
        if self.read:
            return MOMENTS[2]
        return MOMENTS[1] if state == "sending" else MOMENTS[0]


class FuzzedBuddy(HostileBuddy):
    """A Buddy that looks up in the plan what to do to each submission, which comes under an address of its own."""

    def __init__(self) -> None:
        self.runs: dict[int, Run] = {}
        self.late: list[tuple[datetime, dict[str, Any]]] = []
        super().__init__(self.answer_as_planned)
        self.creates = False

    def answer_as_planned(self, connection: Any, _server: Any) -> None:
        body = json.loads(self.read(connection).partition(b"\r\n\r\n")[2])
        run = self.runs[int(body["name"].split()[1])]
        run.read = True
        added, said = WEATHERS["added, 201" if run.sent_again else run.weather]
        action = self.add(body) if added == "now" else {}
        run.reached("sent, unanswered")
        sleep(0.03)
        if added == "late":
            self.late.append((datetime.now(UTC) + timedelta(seconds=run.lateness), body))
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

    def _found(self, path: str, query: str) -> tuple[str, dict[str, Any]]:
        run = self.runs.get(int((re.match(r"/run(\d+)/", path) or [0, -1])[1]))
        if run is not None and run.moment == "claimed, not sent":
            # A form that could not see its pipeline makes the send look first, after the claim.
            if path.endswith("/pipelines/2"):
                return "500 Internal Server Error", {"errors": [{"message": "no"}]}
            if path.endswith("/actions"):
                run.reached("claimed, not sent")
                sleep(0.03)
        return super()._found(path, query)


class Fuzz:
    """The whole of it: the plan, the crowd of processes, the books."""

    def __init__(self, seed: int, count: int, folder: Path, buddy: FuzzedBuddy) -> None:
        self.random = random.Random(seed)
        self.count = count
        self.folder = folder
        self.buddy = buddy
        self.clock = Clock()
        self.database = str(folder / "slipway.db")
        self.app = create_app(settings(self.database, buddy.url), self.clock)
        self.parts = self.app.extensions["slipway"]
        self.hits: Counter[str] = Counter()
        self.too_late = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Send everything, a few at a time."""
        command = [sys.executable, "-m", "support.crowd", str(self.folder / "log")]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent
        ) as crowd:
            assert crowd.stdin is not None
            threading.Thread(target=self.listen, args=(crowd,), daemon=True).start()
            going: list[Run] = []
            for number in range(self.count):
                run = self.plan(number)
                self.buddy.runs[number] = run
                crowd.stdin.write(json.dumps(self.task(run)) + "\n")
                crowd.stdin.flush()
                going.append(run)
                if len(going) == AT_ONCE:
                    self.finish(going.pop(0))
            for run in going:
                self.finish(run)
            crowd.stdin.close()

    def plan(self, number: int) -> Run:
        """Decide what becomes of a submission; of the moments to be killed in, one that was hit least."""
        draw = self.random
        moment = None
        if draw.random() < KILLED:
            least = min(self.hits[each] for each in MOMENTS)
            moment = draw.choice([each for each in MOMENTS if self.hits[each] == least])
        longest = {MOMENTS[0]: 0.06, MOMENTS[3]: 0.004}.get(moment or "", 0.03)
        canary = f"canary<{draw.getrandbits(64):016x}>"
        return Run(
            number, draw.choice(list(WEATHERS)), moment, draw.uniform(0, longest), canary, draw.uniform(1, LATEST)
        )

    def task(self, run: Run) -> dict[str, Any]:
        """What the process is told."""
        typed = LEAST | {"name": run.name, "image_source": "credentials", "login": "me", "password": run.canary}
        secret = {"variables__0__key": "A", "variables__0__value": run.canary, "variables__0__encrypted": "true"}
        endpoint = f"{self.buddy.url}/run{run.number}"
        checked = self.random.random() < 0.5
        return {
            "number": run.number,
            "database": self.database,
            "endpoint": endpoint,
            "typed": typed | secret,
            "checked": checked,
        }

    def listen(self, crowd: "subprocess.Popen[str]") -> None:
        """Take note of what the processes say."""
        assert crowd.stdout is not None
        for line in crowd.stdout:
            told = json.loads(line)
            run = self.buddy.runs[told["number"]]
            if told["what"] == "begun":
                run.pid = told["pid"]
            elif told["what"] == "opened":
                run.reached(MOMENTS[0])
            elif told["what"] == "shown":
                run.shown.add(told["id"])
            else:
                with run.lock:
                    run.ended.set()

    def finish(self, run: Run) -> None:
        """Wait for the end of a process and see where it was hit."""
        assert run.ended.wait(PATIENCE), f"{run} did not end"
        if run.killed:
            # What it sent in its last moment may still be on its way through the sockets.
            sleep(0.01)
            hit = run.hit(self.row_of(run).state if self.row_of(run) else None)
            self.hits.update([hit] if hit else [])
            self.too_late += hit is None

    def row_of(self, run: Run) -> Any:
        """The submission of a run."""
        with Session(self.parts.journal._engine) as session:
            return session.scalar(select(Submission).where(Submission.name == run.name))

    def reconcile(self) -> None:
        """Let time pass until everything was looked for; what is not there is sent again as soon as that is said."""
        browser = Browser(self.app, "http://127.0.0.1:8000")
        token = browser.get(NEW).fields["csrf_token"]
        self.clock.now = datetime.now(UTC)
        for _ in range(150):
            self.clock.forward(seconds=2)
            self.buddy.catch_up(self.clock.now)
            for look in self.parts.reconciler.round():
                if look.state == "absent":
                    self.buddy.runs[int(look.name.split()[1])].sent_again = True
                    browser.post(f"/submissions/{look.id}/attempts", {"csrf_token": token})

    def read_the_books(self) -> None:
        """Compare the journal with what Buddy has."""
        added = Counter(action["name"] for action in self.buddy.added)
        for run in self.buddy.runs.values():
            row = self.row_of(run)
            state = row.state if row else None
            if added[run.name] > 1:
                self.wrong.append(f"duplicate: {run}")
            if (state in ADDED) != (added[run.name] == 1) or state in ("sending", "unknown", "ambiguous"):
                self.wrong.append(f"wrong state {state} with {added[run.name]} added: {run}")
            for id in run.shown:
                kept = self.parts.journal.find(id)
                if kept is None or kept.typed["inline_commands"] != LEAST["inline_commands"]:
                    self.wrong.append(f"acknowledged and lost: {run}")
        owners = Counter(row.action_id for row in self.parts.journal.history(10_000) if row.action_id)
        self.wrong += [f"action {id} has {count} owners" for id, count in owners.items() if count > 1]

    def search_for_secrets(self) -> None:
        """Look for every secret in everything that was written and in every page."""
        browser = Browser(self.app, "http://127.0.0.1:8000")
        pages = [browser.get("/submissions").html, browser.get("/").html]
        pages += [browser.get(f"/submissions/{row.id}").html for row in self.parts.journal.history(10_000)]
        files = {path.name: path.read_bytes() for path in self.folder.iterdir()}
        for name, content in {**files, "pages": "".join(pages).encode()}.items():
            for run in self.buddy.runs.values():
                if any(form in content for form in disguises(run.canary)):
                    self.wrong.append(f"a secret of {run.name} stands in {name}")

    def report(self) -> int:
        """Print the figures; gives the exit status."""
        runs = self.buddy.runs.values()
        killed = sum(run.killed for run in runs)
        states = Counter(row.state if (row := self.row_of(run)) else "nothing" for run in runs)
        print(f"{len(runs)} submissions, {killed} killed, {self.too_late} of them after the end was recorded")
        print("Buddy:", ", ".join(f"{count} {weather}" for weather, count in Counter(r.weather for r in runs).items()))
        print("Sent again, since it was not there:", sum(run.sent_again for run in runs))
        print("Ended as:", ", ".join(f"{count} {state}" for state, count in sorted(states.items())))
        hits = sum(self.hits.values())
        for moment in MOMENTS:
            print(f"  killed {moment:<24}{self.hits[moment]:>5}  {self.hits[moment] / max(hits, 1):.0%}")
        for kind in ("duplicate", "wrong state", "acknowledged and lost", "a secret", "action"):
            print(f"{kind}: {sum(line.startswith(kind) for line in self.wrong)}")
        print(*self.wrong, sep="\n")
        rare = [moment for moment in MOMENTS if self.hits[moment] < hits / 10]
        if rare or killed <= len(runs) / 2:
            print("Too few kills:", rare, killed)
        return int(bool(self.wrong or rare or killed <= len(runs) / 2))


def disguises(secret: str) -> list[bytes]:
    """A secret as it stands in texts of several kinds: raw, for addresses, HTML, JSON, and in Base64 at any offset."""
    texts = {secret, quote(secret), html.escape(secret), json.dumps(secret)[1:-1]}
    found = [text.encode() for text in texts]
    for offset in range(3):
        # The first and last characters of Base64 depend on what stands around.
        found.append(base64.b64encode(b"-" * offset + secret.encode())[4:-4])
    return found


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    begin = monotonic()
    print(f"Seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="slipway-fuzz-") as folder, closing(FuzzedBuddy()) as buddy:
        fuzz = Fuzz(options.seed, options.count, Path(folder), buddy)
        with closing(fuzz.parts):
            fuzz.run()
            fuzz.reconcile()
            fuzz.read_the_books()
            fuzz.search_for_secrets()
            status = fuzz.report()
    print(f"{monotonic() - begin:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main())
