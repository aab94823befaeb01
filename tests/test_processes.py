"""Several processes behind one port: they share what is asked, one that dies is replaced, and they end together."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
import requests
from support.buddy import StubBuddy
from support.figures import Samples, read
from support.pages import Document, posted_fields
from support.rigs import LEAST, NEW
from support.server import Served, free_port, logged, send_form, serving
from support.waiting import until

COUNT = 2
AT_ONCE = 8
SHOWN = "the-token-of-the-tests-for-figures"
Start = Callable[[], AbstractContextManager[Served]]
TYPED = {key.replace("__", "-"): value for key, value in LEAST.items()}


@pytest.fixture
def start(tmp_path: Path, upstream: StubBuddy) -> Start:
    """Starts Slipway as several processes."""

    @contextmanager
    def together(**settings: str) -> Iterator[Served]:
        common = {
            "BUDDY_TOKEN": "token-of-the-tests",
            "BUDDY_API_ENDPOINT": upstream.url,
            "SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db",
            "SLIPWAY_PROCESSES": str(COUNT),
        }
        with serving(**common | settings) as served:
            until(lambda: len(started(served)) == COUNT)
            yield served

    return together


def lines(served: Served) -> list[str]:
    """What the log has to say but for requests."""
    read = [json.loads(line) for line in logged(served.log).splitlines() if line.endswith("}")]
    return [line["message"] for line in read if line["message"] != "request"]


def started(served: Served) -> list[int]:
    """The numbers of all processes that were started, in their order."""
    return [int(line.split()[1]) for line in lines(served) if line.endswith("was started")]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # One that nobody has asked about yet is still listed.
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def listens(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=30).ok
    except requests.ConnectionError:
        return False


def test_sends_in_flight_in_all_processes_end_when_slipway_is_told_to_stop(start: Start, upstream: StubBuddy) -> None:
    with start() as served, ThreadPoolExecutor(AT_ONCE) as senders:
        upstream.gate.clear()
        sending = [senders.submit(send_form, served.url, TYPED | {"name": f"Run {n}"}) for n in range(AT_ONCE)]
        upstream.until_waiting(AT_ONCE)
        served.process.terminate()
        until(lambda: not listens(served.url))
        assert served.process.poll() is None
        upstream.gate.set()
        assert [sent.result().status_code for sent in sending] == [303] * AT_ONCE
        assert served.process.wait(60) == 0
        assert not any(is_running(process) for process in started(served))
    assert len(upstream.bodies) == AT_ONCE


def test_one_form_that_is_posted_to_all_processes_at_once_is_sent_once(start: Start, upstream: StubBuddy) -> None:
    with start() as served, requests.Session() as browser, ThreadPoolExecutor(AT_ONCE) as hands:
        (form,) = Document("form", browser.get(served.url + NEW, timeout=30).text).all("form")
        fields = dict(posted_fields(form)) | TYPED
        address, cookies = served.url + NEW.removesuffix("/new"), dict(browser.cookies)

        def post() -> requests.Response:
            return requests.post(address, data=fields, cookies=cookies, timeout=60, allow_redirects=False)

        answers = [each.result() for each in [hands.submit(post) for _ in range(AT_ONCE)]]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(upstream.bodies) == 1


def test_a_process_that_dies_is_replaced_and_the_others_serve_meanwhile(start: Start) -> None:
    with start() as served:
        os.kill(started(served)[0], signal.SIGKILL)
        assert listens(served.url)
        until(lambda: len(started(served)) > COUNT)
        assert "ended by signal 9: another one is started in" in " ".join(lines(served))
        assert [is_running(process) for process in started(served)] == [False, True, True]


def test_what_dies_at_once_is_started_again_after_a_pause_until_it_works(start: Start, tmp_path: Path) -> None:
    with start() as served, closing(sqlite3.connect(tmp_path / "slipway.db")) as database:
        (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        with database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        os.kill(started(served)[-1], signal.SIGKILL)
        until(lambda: "ended with 1: another one is started in 2 s" in " ".join(lines(served)))
        assert "was written by a newer version" in logged(served.log)
        assert listens(served.url)
        with database:
            database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        count = len(started(served))
        until(lambda: len(started(served)) > count)
        assert is_running(started(served)[-1])


def test_without_the_one_that_watches_them_all_end(start: Start) -> None:
    with start() as served:
        served.process.kill()
        served.process.wait(60)
        until(lambda: not any(is_running(process) for process in started(served)))
        assert not listens(served.url)


def ended(program: list[str], **settings: str) -> str:
    """What a Slipway says that does not start."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SLIPWAY_", "BUDDY_"))}
    over = subprocess.run(
        [sys.executable, *program],
        env=inherited | {"SLIPWAY_PROCESSES": "2"} | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (over.returncode, over.stdout) == (1, "")
    return "".join(line for line in over.stderr.splitlines(keepends=True) if not line.startswith("{"))


REFUSED = {
    "on the sandbox": (["-m", "webapp"], {}, "must be 1 on the sandbox"),
    "without fork": (
        ["-c", "import os\ndel os.fork\nfrom webapp.cli import main\nmain()"],
        {"BUDDY_TOKEN": "t"},
        "must be 1 on this system, which can't fork",
    ),
    "too many": (["-m", "webapp"], {"BUDDY_TOKEN": "t", "SLIPWAY_PROCESSES": "33"}, "a whole number from 1 to 32"),
}


@pytest.mark.parametrize(("program", "settings", "words"), REFUSED.values(), ids=REFUSED)
def test_more_than_one_process_is_refused_in_a_sentence(
    program: list[str], settings: dict[str, str], words: str
) -> None:
    said = ended(program, **settings)
    assert said.startswith("Slipway did not start: SLIPWAY_PROCESSES")
    assert (words in said, said.count("\n")) == (True, 1)


def test_what_keeps_all_processes_from_starting_is_said_once(start: Start, tmp_path: Path) -> None:
    with start() as served:
        port = served.url.rpartition(":")[2]
        taken = ended(["-m", "webapp"], BUDDY_TOKEN="t", SLIPWAY_PORT=port)
    assert "Choose another port with SLIPWAY_PORT." in taken
    key = {"SLIPWAY_DATABASE_URL": f"sqlite:///{tmp_path}/slipway.db", "SLIPWAY_SECRET_KEY": "another key of the tests"}
    wrong = ended(["-m", "webapp"], BUDDY_TOKEN="t", SLIPWAY_PORT=str(free_port()), **key)
    assert (wrong.startswith("Slipway did not start: SLIPWAY_SECRET_KEY"), wrong.count("\n")) == (True, 1)


def scraped(served: Served) -> Samples:
    # No host that Slipway knows, as a probe at a pod's address.
    headers = {"Authorization": f"Bearer {SHOWN}", "Host": "10.1.2.3:8000", "X-Forwarded-For": "10.1.0.1"}
    answer = requests.get(f"{served.url}/metrics", headers=headers, timeout=30)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def test_figures_are_summed_whichever_process_is_asked_and_fall_with_none_that_dies(start: Start) -> None:
    seen = ("slipway_requests_total", "GET", "/submissions", "200")
    with start(SLIPWAY_METRICS_TOKEN=SHOWN) as served:
        for _ in range(20):
            assert requests.get(f"{served.url}/submissions", timeout=30).status_code == 200
        until(lambda: [scraped(served).get(seen) for _ in range(4)] == [20] * 4)
        for process in started(served):
            count = len(started(served))
            os.kill(process, signal.SIGKILL)
            until(lambda count=count: len(started(served)) > count)
            until(lambda: scraped(served)["slipway_processes",] == COUNT)
            assert scraped(served)[seen] == 20
