"""How many answers of Buddy a page waits for in a row, and how many calls it makes: `python -m benches.answers`.

In a row is how long the page takes in front of a Buddy that answers after 200 ms, divided by 200 ms.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from flask.testing import FlaskClient
from support.buddy import StubBuddy
from support.compiled import compile_once

from benches.measuring import show
from webapp import create_app
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
    "a pipeline's page, 100 actions": ACTIONS,
    "an action": f"{ACTIONS}/7",
    "form": f"{ACTIONS}/new",
    "form like an action": f"{ACTIONS}/new?like={ACTIONS}/7",
    "form of a change": f"{ACTIONS}/7/edit",
    "question before a deletion": f"{ACTIONS}/7/delete",
    "find": "/find?q=deploy",
}


def measure_answers() -> None:
    """Each page, and passing through lists with one entry: at first, and when it was there before."""
    show("Buddy's answers waited for in a row, calls", "known", "at first    aim")
    # What takes its time once, such as to compile the templates.
    compile_once()
    with desk(few=False, seconds=0) as (buddy, browser):
        for path in PAGES.values():
            measure(buddy, browser, path)
    with desk(few=False) as (buddy, browser):
        for name, path in PAGES.items():
            tell(name, buddy, browser, path)
    with desk(few=True) as (buddy, browser):
        tell("passing through three lists", buddy, browser, "/workspaces")


def tell(name: str, buddy: StubBuddy, browser: FlaskClient, path: str) -> None:
    """Measure one page and print it."""
    first = measure(buddy, browser, path)
    known = [measure(buddy, browser, path) for _ in range(ROUNDS)]
    # The quickest: whatever else this computer does is no answer of Buddy's.
    row, calls = min(known)
    show(f"  {name}", f"{row:.2f}, {calls}", f"{first[0]:.2f}, {first[1]}     {AIM}")


def measure(buddy: StubBuddy, browser: FlaskClient, path: str) -> tuple[float, int]:
    """How many answers a page waited for, and how many calls it made."""
    before, begin = len(buddy.reads), perf_counter()
    answer = browser.get(path, follow_redirects=True, base_url="http://127.0.0.1:8000")
    taken = perf_counter() - begin
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return taken / SECONDS, len(buddy.reads) - before


@contextmanager
def desk(few: bool, seconds: float = SECONDS) -> Iterator[tuple[StubBuddy, FlaskClient]]:
    """A browser in front of a Slipway in front of a slow Buddy, in which there is one of each, or several."""
    with closing(StubBuddy()) as buddy, TemporaryDirectory(prefix="slipway-bench-") as folder:
        settings = Settings(
            buddy_token="bench-token",
            buddy_api_endpoint=buddy.url,
            database_url=f"sqlite:///{Path(folder, 'slipway.db').as_posix()}",
        )
        app = create_app(settings)
        buddy.lists |= lists(few)
        buddy.actions += [CONTAINER, *({"id": 10 + number, "name": "Step", "type": "BUILD"} for number in range(98))]
        buddy.before_reading = lambda _: sleep(seconds)
        yield buddy, app.test_client()
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
        f"{PROJECTS}/services/pipelines": [{"id": 100 + number, "name": f"Service {number}"} for number in range(120)],
    }


if __name__ == "__main__":
    measure_answers()
