"""Killing Slipway at random moments: a crowd of processes that send something, and what is known of each of them."""

import base64
import html
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError

MOMENTS = ("before the claim", "claimed, not sent", "sent, unanswered", "answered, not recorded")
AT_ONCE = 4
PATIENCE = 30
# More than half of all.
KILLED = 0.65
# Of fewer, where each hits says nothing.
FEW = 20
# A large answer takes a while to be read, so that there is time to be killed in.
NOTE = "x" * 400_000


@dataclass
class Victim:
    """One submission: in which moment, and how many seconds later, its process is to be killed; what happened to it."""

    number: int
    weather: str
    moment: str | None
    delay: float
    canary: str
    lateness: float
    pid: int = field(default=0, kw_only=True)
    read: bool = field(default=False, kw_only=True)
    answered: bool = field(default=False, kw_only=True)
    answered_before: bool = field(default=False, kw_only=True)
    killed: bool = field(default=False, kw_only=True)
    # Kills the database in the place of the process, and waits until it is there again.
    kill_database: Callable[[], None] | None = field(default=None, kw_only=True)
    shown: set[str] = field(default_factory=set, kw_only=True)
    ended: threading.Event = field(default_factory=threading.Event, kw_only=True)
    lock: threading.Lock = field(default_factory=threading.Lock, kw_only=True)

    @property
    def name(self) -> str:
        return f"Fuzz {self.number}"

    def reached(self, moment: str) -> None:
        """A moment has come; if it is the one to be killed in, that happens a little later."""
        if self.moment == moment:
            threading.Timer(self.delay, self.kill).start()

    def kill(self) -> None:
        """End the process, or the database, as a power cut would."""
        with self.lock:
            if self.killed or self.ended.is_set():
                return
            try:
                self.answered_before = self.answered
                if self.kill_database is not None:
                    self.killed = True
                    self.kill_database()
                    return
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                # It has ended, and its last word is still on its way.
                return
            self.killed = True
            self.ended.set()

    def end(self) -> None:
        """The process has ended, and what was killed is there again."""
        with self.lock:
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


class Crowd:
    """Processes that each send one thing, a few at a time, and which of them were hit in which moment.

    `state_of` tells where what one of them has sent stands in the journal, None where that knows nothing of it. Where
    there is a `database` that can be killed, each third kill hits that one.
    """

    def __init__(
        self,
        draw: random.Random,
        log: Path,
        state_of: Callable[[Any], str | None],
        database: Callable[[], None] | None = None,
    ) -> None:
        self.draw = draw
        self.log = log
        self.state_of = state_of
        self.database = database
        self.database_kills = 0
        self.victims: dict[int, Victim] = {}
        self.hits: Counter[str | None] = Counter()
        self.going: list[Victim] = []
        self.chosen = 0
        self.too_late = 0

    def moment(self) -> str | None:
        """A moment to be killed in, one that was hit least; None for who is to live."""
        # Counted and not drawn, so that of a few, too, enough are killed.
        if self.chosen >= KILLED * (len(self.victims) + 1):
            return None
        self.chosen += 1
        aimed = self.hits + Counter(victim.moment for victim in self.going)
        least = min(aimed[each] for each in MOMENTS)
        return self.draw.choice([each for each in MOMENTS if aimed[each] == least])

    def aim(self, victim: Victim) -> None:
        """Let each third kill hit the database, where it can be killed."""
        if self.database is not None and victim.moment is not None and self.chosen % 3 == 0:
            victim.kill_database = self.database
            self.database_kills += 1

    def run(self, planned: Iterable[tuple[Victim, dict[str, Any]]]) -> None:
        """Let each of them do its task; who comes next is planned when there is room."""
        command = [sys.executable, "-m", "support.crowd", str(self.log)]
        folder = Path(__file__).parent.parent
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder
        ) as processes:
            assert processes.stdin is not None
            threading.Thread(target=self._listen, args=(processes,), daemon=True).start()
            for victim, task in planned:
                self.victims[victim.number] = victim
                self.aim(victim)
                processes.stdin.write(json.dumps({"number": victim.number, **task}) + "\n")
                processes.stdin.flush()
                self.going.append(victim)
                if len(self.going) == AT_ONCE:
                    self._finish(self.going[0])
            while self.going:
                self._finish(self.going[0])
            processes.stdin.close()

    def _listen(self, processes: "subprocess.Popen[str]") -> None:
        """Take note of what the processes say."""
        assert processes.stdout is not None
        for line in processes.stdout:
            told = json.loads(line)
            victim = self.victims[told["number"]]
            if told["what"] == "begun":
                victim.pid = told["pid"]
            elif told["what"] == "opened":
                victim.reached(MOMENTS[0])
            elif told["what"] == "shown":
                victim.shown.add(told["id"])
            else:
                threading.Thread(target=victim.end).start()

    def _finish(self, victim: Victim) -> None:
        """Wait for the end of a process and see where it was hit."""
        assert victim.ended.wait(PATIENCE), f"{victim} did not end"
        self.going.remove(victim)
        if victim.killed:
            # What it sent in its last moment may still be on its way through the sockets.
            sleep(0.01)
            hit = victim.hit(self._standing(victim))
            self.hits.update([hit] if hit else [])
            self.too_late += hit is None

    def _standing(self, victim: Victim) -> str | None:
        """Where it stands, once the database can be asked: another one may have had that killed."""
        end = monotonic() + PATIENCE
        while True:
            try:
                return self.state_of(victim)
            except DBAPIError:
                assert monotonic() < end, "the database does not come back"
                sleep(0.05)

    @property
    def killed(self) -> int:
        """How many were killed."""
        return sum(victim.killed for victim in self.victims.values())

    def report(self) -> bool:
        """Print where the kills hit; gives whether each moment was hit often enough."""
        hits = sum(self.hits.values())
        if self.database is not None:
            print(f"  of {self.killed} kills {self.database_kills} were to hit the database")
        for moment in MOMENTS:
            print(f"  killed {moment:<24}{self.hits[moment]:>5}  {self.hits[moment] / max(hits, 1):.0%}")
        rare = [moment for moment in MOMENTS if self.hits[moment] < hits / 10 and hits >= FEW]
        # Where the database was killed, others end, too, before they have come to their moments.
        # Of a few it is chance how many live until their moment.
        few = len(self.victims) < FEW
        enough = not rare and (few or self.killed > len(self.victims) / (2 if self.database is None else 4))
        if not enough:
            print("Too few kills:", rare, self.killed)
        return enough


def disguises(secret: str) -> list[bytes]:
    """A secret as it stands in texts of several kinds: raw, for addresses, HTML, JSON, and in Base64 at any offset."""
    texts = {secret, quote(secret), html.escape(secret), json.dumps(secret)[1:-1]}
    found = [text.encode() for text in texts]
    for offset in range(3):
        # The first and last characters of Base64 depend on what stands around.
        found.append(base64.b64encode(b"-" * offset + secret.encode())[4:-4])
    return found
