"""How many answers of Buddy a page waits for in a row, and how many calls it makes: `python -m benches.answers`.

They are told apart in two ways. By order: the longest chain of calls of which each began after another had ended, as
the server in Buddy's place saw them; it does not depend on how busy this computer is. By the clock: how long the page
takes in front of a Buddy that answers after 200 ms, divided by 200 ms.

More than one in a row is needed where an answer says what is to be asked next: the first time through lists with one
entry, in each of which stands where the next one is, and to find an action by its address alone, for which four of the
project's pipelines at once are looked through before it is shown. How long a list is, its first page alone tells: the
first time there are two in a row where it goes on. Of one list four pages are asked for at once at most.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from flask.testing import FlaskClient
from support.buddy import StubBuddy
from support.compiled import compile_once

from benches.measuring import show
from webapp.app import create_app
from webapp.settings import Settings

SECONDS = 0.2
ROUNDS = 7
AIM = "≤ 1.1"
PROJECTS = "/workspaces/buddy/projects"
PIPELINES = f"{PROJECTS}/site/pipelines"
ACTIONS = f"{PIPELINES}/2/actions"
CONTAINER = {
    "id": 7,
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/python",
    "docker_image_tag": "3.12",
    "inline_commands": "pytest",
}
PAGES = {
    "workspaces": "/workspaces",
    "projects": PROJECTS,
    "pipelines": PIPELINES,
    "pipelines, 120 of them": f"{PROJECTS}/services/pipelines",
    "pipelines, page 2 of 3": f"{PROJECTS}/services/pipelines?page=2",
    "pipelines, page 3 of 3": f"{PROJECTS}/services/pipelines?page=3",
    "pipelines, 120 of them, filtered": f"{PROJECTS}/api/pipelines?q=119",
    "a pipeline's page, 100 actions": ACTIONS,
    "an action": f"{ACTIONS}/7",
    "form": f"{ACTIONS}/new",
    "form like an action": f"{ACTIONS}/new?like={ACTIONS}/7",
    "form of a change": f"{ACTIONS}/7/edit",
    "question before a deletion": f"{ACTIONS}/7/delete",
    "find": "/find?q=deploy",
    "the place for a copy": f"/find?like={ACTIONS}/7",
    "pipelines for a copy": f"{PIPELINES}?like={ACTIONS}/7",
    "find an action by its address": "/find?q={buddy}/buddy/site/pipelines/action/7",
}


@dataclass
class Calls:
    """When each call began and ended, as the server saw it, in seconds."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    def answer_after(self, seconds: float) -> None:
        """Let one call wait for its answer."""
        begin = perf_counter()
        sleep(seconds)
        self.spans.append((begin, perf_counter()))


def measure_answers() -> None:
    """Each page, and passing through lists with one entry: at first, and when it was there before."""
    show("Buddy's answers in a row, by the clock, calls", "known", "at first       aim")
    # What takes its time once, such as to compile the templates.
    compile_once()
    with desk(few=False, seconds=0) as warm:
        for path in PAGES.values():
            warm.measure(path)
    with desk(few=False) as slow:
        for name, path in PAGES.items():
            tell(name, slow, path)
    with desk(few=True) as slow:
        tell("passing through three lists", slow, "/workspaces")


@dataclass(frozen=True)
class Taken:
    """What one page took: answers in a row by order and by the clock, and calls."""

    row: int
    clock: float
    calls: int

    def __str__(self) -> str:
        return f"{self.row}, {self.clock:.2f}, {self.calls}"


@dataclass(frozen=True)
class Desk:
    """A browser in front of a Slipway in front of a slow Buddy."""

    buddy: StubBuddy
    calls: Calls
    browser: FlaskClient

    def measure(self, path: str) -> Taken:
        """Open one page."""
        self.calls.spans.clear()
        begin = perf_counter()
        address = path.replace("{buddy}", self.buddy.url)
        answer = self.browser.get(address, follow_redirects=True, base_url="http://127.0.0.1:8000")
        taken = perf_counter() - begin
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return Taken(longest_chain(self.calls.spans), taken / SECONDS, len(self.calls.spans))


def tell(name: str, slow: Desk, path: str) -> None:
    """Measure one page and print it."""
    first = slow.measure(path)
    # The quickest: whatever else this computer does is no answer of Buddy's.
    known = min((slow.measure(path) for _ in range(ROUNDS)), key=lambda taken: (taken.row, taken.clock))
    show(f"  {name}", str(known), f"{first!s:<12}   {AIM}")


def longest_chain(spans: Sequence[tuple[float, float]]) -> int:
    """Of so many calls the longest chain in which each began after the one before it had ended."""
    chains: list[tuple[float, int]] = []
    for begin, end in sorted(spans):
        before = max((length for ended, length in chains if ended <= begin), default=0)
        chains.append((end, before + 1))
    return max((length for _, length in chains), default=0)


@contextmanager
def desk(few: bool, seconds: float = SECONDS) -> Iterator[Desk]:
    """A browser in front of a Slipway in front of a slow Buddy, in which there is one of each, or several."""
    with closing(StubBuddy()) as buddy, TemporaryDirectory(prefix="slipway-bench-") as folder:
        settings = Settings(
            buddy_token="bench-token",
            buddy_api_endpoint=buddy.url,
            database_url=f"sqlite:///{Path(folder, 'slipway.db').as_posix()}",
        )
        app = create_app(settings)
        calls = Calls()
        buddy.lists |= lists(few)
        buddy.actions += [CONTAINER, *({"id": 10 + number, "name": "Step", "type": "BUILD"} for number in range(98))]
        buddy.before_reading = lambda _: calls.answer_after(seconds)
        yield Desk(buddy, calls, app.test_client())
        app.extensions["slipway"].close()


def lists(few: bool) -> dict[str, list[dict[str, Any]]]:
    """What Buddy has."""

    def count(many: int) -> int:
        return 1 if few else many

    projects = [{"name": name, "display_name": name.title()} for name in ("site", "services", "api")[: count(3)]]
    return {
        "/workspaces": [{"domain": name, "name": name.title()} for name in ("buddy", "labs")[: count(2)]],
        PROJECTS: projects,
        PIPELINES: [{"id": 2 + number, "name": f"Deploy {number}"} for number in range(count(3))],
        f"{PROJECTS}/services/pipelines": many("Service"),
        f"{PROJECTS}/api/pipelines": many("Call"),
    }


def many(name: str) -> list[dict[str, Any]]:
    """A list of 120 pipelines."""
    return [{"id": 100 + number, "name": f"{name} {number}"} for number in range(120)]


if __name__ == "__main__":
    measure_answers()
