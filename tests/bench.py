"""`make bench`: how fast Slipway is, beside what it aims at. It prints figures and judges nothing.

Whatever is divided is measured side by side in one run, in alternating rounds, and stands for itself with its median:
so a figure says more about Slipway than about the computer.
"""

import asyncio
import gc
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from secrets import token_urlsafe
from statistics import median
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlencode, urlsplit

import html5lib
import requests
from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session
from support.pages import posted_fields
from support.server import Served, serving
from support.upstream import INTEGRATIONS, PIPELINE, REQUEST_EXAMPLE, RESPONSE_EXAMPLE

from webapp.buddy.client import Client
from webapp.buddy.places import Place
from webapp.buddy.snapshot import take_snapshot
from webapp.docker.env_texts import parse_env
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import parse_run_command
from webapp.docker.secrets import looks_secret
from webapp.docker.volumes import VolumeMapping
from webapp.store.database import open_database
from webapp.store.models import Submission

TOKEN = "bench-token"
PLACE = Place("buddy", "company-website", 2)
ACTIONS = f"{PLACE.path}/actions"
# The contract's example as a person types it.
TYPED = {
    "name": "Run container",
    "image_source": "integration",
    "docker_image_name": "library/ubuntu",
    "docker_image_tag": "latest",
    "integration": "5ddb7c180fb38be67bd78a88a",
    "inline_commands": "ls -al > ls.log",
    "run_as_user": "$containerUser",
    "export_container_path": "/exportPath",
    "volume_mappings-0-source": "/",
    "volume_mappings-0-target": "/buddy/mount/directory",
    "variables-0-key": "containerUser",
    "variables-0-value": "notRoot",
    "entrypoint": "/bin/sh",
}

PATIENCE = 60
STARTS = 5
PAGES = 1000
PAGE_ROUNDS = 200
HISTORY_ROUNDS = 150
# Upstream delay in milliseconds: how many rounds, and the aim.
SUBMITS = {0: (100, None), 50: (50, 1.10), 200: (30, 1.03)}
CROWD_DELAY = 200
CROWD_ROUNDS = 3
SUBMITS_EACH = 5
# How many submits wait at once: the aim.
CROWDS = {32: 0.85, 64: 0.60, 128: 0.35}
HISTORIES = (100, 100_000)
BATCH = 5000
PARSER_ROUNDS = 5
# The largest field of a form, in characters.
LONGEST = 65_536
# A parser, and what its text begins with and then repeats: as people write it, and as costs most.
PARSED: dict[str, tuple[Callable[[str], object], str, tuple[str, ...]]] = {
    "docker run": (
        parse_run_command,
        "docker run ubuntu ",
        ("-e 'A b' \\\n", "\\", "$(", '"$(', "${a} ", "`a` ", "a' ", "2>", "(", "~ ", "\n"),
    ),
    "flags of docker run": (
        parse_run_command,
        "docker run ",
        ("-e A=b ", "-v /a:/b:z ", "--mount type=bind,src=/a,dst=/b ", "A=b ", "--rm ", "-e A=$B "),
    ),
    "flags in one word": (parse_run_command, "docker run -", ("i", "it")),
    ".env text": (
        parse_env,
        "",
        ("A=b # c\n", "A='b'\n", 'A="b\n', "A='\\", "A", " ", "A \n", "$A", "export ", 'A="\\" ', "\n#"),
    ),
    "image reference": (ImageReference.parse, "", ("a/", "a-", "-", "a.", "A.", "a@", "0", "[:")),
    "volume mapping": (VolumeMapping.parse, "/", ("a", ":", "$", "/a:/")),
    "looks like a secret": (
        lambda text: looks_secret(text, text),
        "",
        ("eyJ", "eyJa.", "-----BEGIN ", "://a:", "AKIA", "password ", "aA", "_", " a"),
    ),
}


def main() -> None:
    """Measure everything and print it."""
    begin = perf_counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-bench-")))
        upstream = Control(stack.enter_context(upstream_process()))
        show("What", "Measured", "Aim")
        measure_start(upstream, folder)
        with slipway(upstream, folder / "slipway.db") as served:
            measure_memory(served)
            measure_form_page(served, upstream)
            measure_submits(served, upstream)
            measure_crowds(served, upstream)
        measure_histories(upstream, folder)
    measure_parsers()
    print(f"\nMeasured in {perf_counter() - begin:.0f} s.")


def measure_start(upstream: "Control", folder: Path) -> None:
    """From starting the process, with no database yet, until the form has come whole."""
    seconds = []
    for number in range(STARTS):
        begin = perf_counter()
        with slipway(upstream, folder / f"start-{number}.db") as served, closing(Tab(served.url)) as tab:
            tab.page(f"{ACTIONS}/new")
            seconds.append(perf_counter() - begin)
    show("Cold start to the first form page", f"{median(seconds):.2f} s", "≤ 1 s")


def measure_memory(served: Served) -> None:
    """What the process holds in memory after many form pages, the largest there are."""
    with closing(Tab(served.url)) as tab:
        for _ in range(PAGES):
            tab.page(f"{ACTIONS}/new")
    status = Path(f"/proc/{served.process.pid}/status")
    if status.exists():
        (kilobytes,) = re.findall(r"^VmRSS:\s+(\d+) kB$", status.read_text(), re.M)
        figure = f"{int(kilobytes) * 1024 / 1e6:.1f} MB"
    else:
        figure = "needs /proc"
    show(f"Memory after {PAGES:,} form pages", figure, "≤ 90 MB")


def measure_form_page(served: Served, upstream: "Control") -> None:
    """The form page beside a view that does nothing, and beside the two reads that the page waits for."""
    with (
        closing(Tab(served.url)) as tab,
        closing(Client(upstream.url, TOKEN)) as client,
        ThreadPoolExecutor(1) as executor,
    ):
        hello, form, reads = alternate(
            PAGE_ROUNDS,
            lambda: tab.page("/healthz"),
            lambda: tab.page(f"{ACTIONS}/new"),
            lambda: take_snapshot(client, executor, PLACE),
        )
    show("Form page ÷ hello view", f"{form / hello:.2f}", "≤ 3")
    show("  the hello view", milliseconds(hello))
    show("  the form page", milliseconds(form))
    show("  of it Buddy's two reads, timed apart", milliseconds(reads))
    show("  without them ÷ hello view", f"{(form - reads) / hello:.2f}")


def measure_submits(served: Served, upstream: "Control") -> None:
    """A submit up to its 303, the journal included, beside the same POST straight to the upstream."""
    with closing(Tab(served.url)) as tab, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {TOKEN}"
        tab.submit(tab.form())
        body = upstream.seen()["last"]
        assert body | {"inline_commands": TYPED["inline_commands"]} == REQUEST_EXAMPLE
        for delay, (rounds, aim) in SUBMITS.items():
            upstream.delay(delay)
            forms = iter([tab.form() for _ in range(rounds + 1)])
            with upstream.expecting(2 * (rounds + 1)):
                submit, direct = alternate(
                    rounds,
                    lambda forms=forms: tab.submit(next(forms)),
                    lambda: session.post(upstream.url + ACTIONS, json=body, timeout=PATIENCE).raise_for_status(),
                )
            show(f"Submit ÷ direct POST, {delay} ms", f"{submit / direct:.3f}", f"≤ {aim:.2f}" if aim else "")
            show("  the submit, the direct POST", f"{milliseconds(submit)}, {milliseconds(direct)}")


def measure_crowds(served: Served, upstream: "Control") -> None:
    """How many submits a second come through, beside as many as the delay lets through: waiting ÷ delay."""
    upstream.delay(CROWD_DELAY)
    straight = request_bytes(upstream.url, ACTIONS, "application/json", json.dumps(REQUEST_EXAMPLE).encode())
    # Straight to the upstream: what the bench itself can do, so that its own limit is not taken for Slipway's.
    shares: dict[tuple[int, str], list[float]] = {(waiting, way): [] for waiting in CROWDS for way in ("", "straight")}
    for _ in range(CROWD_ROUNDS):
        for waiting in CROWDS:
            count = waiting * SUBMITS_EACH
            limit = waiting / (CROWD_DELAY / 1000)
            with closing(Tab(served.url)) as tab:
                prepared = [tab.submit_bytes(tab.form()) for _ in range(count)]
            with upstream.expecting(2 * count):
                rate = asyncio.run(crowd(served.url, waiting, prepared, b"HTTP/1.1 303 "))
                shares[waiting, ""].append(rate / limit)
                rate = asyncio.run(crowd(upstream.url, waiting, [straight] * count, b"HTTP/1.1 201 "))
                shares[waiting, "straight"].append(rate / limit)
    for waiting, aim in CROWDS.items():
        limit = waiting / (CROWD_DELAY / 1000)
        share = median(shares[waiting, ""])
        show(f"Throughput ÷ limit, {waiting} waiting, {CROWD_DELAY} ms", f"{share:.2f}", f"≥ {aim:.2f}")
        show("  submits a second, the limit", f"{share * limit:.0f}, {limit:.0f}")
        show("  straight to the upstream ÷ limit", f"{median(shares[waiting, 'straight']):.2f}")


def measure_histories(upstream: "Control", folder: Path) -> None:
    """The history's first page in front of few and of many submissions, on two servers side by side."""
    example = example_row(folder / "slipway.db")
    with ExitStack() as stack:
        tabs = []
        for count in HISTORIES:
            database = folder / f"history-{count}.db"
            fill(database, example, count)
            served = stack.enter_context(slipway(upstream, database))
            tabs.append(stack.enter_context(closing(Tab(served.url))))
        few, many = alternate(HISTORY_ROUNDS, *(lambda tab=tab: tab.page("/submissions") for tab in tabs))
    show("History, {1:,} ÷ {0:,} submissions".format(*HISTORIES), f"{many / few:.2f}", "≤ 1.3")
    show("  with many, with few", f"{milliseconds(many)}, {milliseconds(few)}")


def measure_parsers() -> None:
    """How time grows with the length of what is read: of each parser the repetition that takes longest."""
    # Its rounds come by leaps, with the number of things in memory, and would be taken for the parser's.
    gc.disable()
    for name, (parse, begin, repeated) in PARSED.items():
        half, whole = max((parse_times(parse, begin, piece) for piece in repeated), key=lambda times: times[1])
        show(f"{name}: 2 × length ÷ 1 ×", f"{whole / half:.2f}", "≈ 2")
        show(f"  with {LONGEST:,} characters", milliseconds(whole))
    gc.enable()


def parse_times(parse: Callable[[str], object], begin: str, piece: str) -> list[float]:
    """Seconds of the processor for half of the longest text, and for all of it."""

    def read(length: int) -> None:
        # A refusal is an answer too.
        with suppress(ValueError):
            parse((begin + piece * length)[:length])

    return alternate(PARSER_ROUNDS, lambda: read(LONGEST // 2), lambda: read(LONGEST), clock=process_time)


def slipway(upstream: "Control", database: Path) -> AbstractContextManager[Served]:
    """Run `slipway serve` in front of the upstream."""
    return serving(
        BUDDY_TOKEN=TOKEN, BUDDY_API_ENDPOINT=upstream.url, SLIPWAY_DATABASE_URL=f"sqlite:///{database.as_posix()}"
    )


def alternate(rounds: int, *tasks: Callable[[], object], clock: Callable[[], float] = perf_counter) -> list[float]:
    """Do the tasks in turn, once to warm up and then so many rounds; gives each one's median seconds."""
    seconds: list[list[float]] = [[] for _ in tasks]
    for number in range(rounds + 1):
        for task, taken in zip(tasks, seconds, strict=True):
            begin = clock()
            task()
            if number:
                taken.append(clock() - begin)
    return [median(taken) for taken in seconds]


def show(what: str, figure: str, aim: str = "") -> None:
    """Print one line at once, since the next may take a while."""
    print(f"{what:<44}{figure:>20}   {aim}".rstrip(), flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


class Tab:
    """One kept connection to a Slipway with its cookie: as little of a browser as there can be."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        self._headers: dict[str, str] = {}
        self._fields: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def page(self, path: str) -> str:
        """Fetch a page whole."""
        answer, body = self._ask("GET", path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return body.decode()

    def form(self) -> bytes:
        """Open a form of its own and fill it in: what a browser would post."""
        html = self.page(f"{ACTIONS}/new")
        if not self._fields:
            root = html5lib.parse(html, namespaceHTMLElements=False)
            (element,) = (item for item in root.iter("form"))
            self._fields = dict(posted_fields(element)) | TYPED
        # Only this differs from one form of a session to the next, and reading all of each would take long.
        (envelope,) = re.findall(r'name="envelope" value="([A-Za-z0-9_.-]+)"', html)
        # Another content each time, since the same one twice would be asked about.
        commands = f"{TYPED['inline_commands']} # {token_urlsafe(8)}"
        return urlencode(self._fields | {"envelope": envelope, "inline_commands": commands}).encode()

    def submit(self, form: bytes) -> None:
        """Send a filled form, up to the 303."""
        answer, _ = self._ask("POST", ACTIONS, form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status == 303, answer.status

    def submit_bytes(self, form: bytes) -> bytes:
        """The same request as it goes over the wire."""
        return request_bytes(self._url, ACTIONS, "application/x-www-form-urlencoded", form, self._headers)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[HTTPResponse, bytes]:
        self._connection.request(method, path, body, self._headers | (headers or {}))
        answer = self._connection.getresponse()
        content = answer.read()
        if cookie := answer.headers["Set-Cookie"]:
            self._headers = {"Cookie": cookie.partition(";")[0]}
        return answer, content


def request_bytes(url: str, path: str, kind: str, body: bytes, headers: dict[str, str] | None = None) -> bytes:
    """A POST as it goes over the wire."""
    lines = {"Host": urlsplit(url).netloc, "Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def crowd(url: str, waiting: int, prepared: Iterable[bytes], status: bytes) -> float:
    """Send all prepared requests, always so many at once; gives how many a second were answered with `status`."""
    address = urlsplit(url)
    rest = iter(prepared)
    answered = 0

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal answered
        for request in rest:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(status), head
            await reader.readexactly(body_length(head))
            answered += 1

    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(waiting)]
    try:
        begin = perf_counter()
        await asyncio.wait_for(asyncio.gather(*(ask(*connection) for connection in connections)), PATIENCE)
        return answered / (perf_counter() - begin)
    finally:
        for _, writer in connections:
            writer.close()


def body_length(head: bytes) -> int:
    """What a head says about the length of its body."""
    match = re.search(rb"\r\ncontent-length: *([0-9]+)", head, re.IGNORECASE)
    return int(match[1]) if match else 0


def example_row(database: Path) -> dict[str, Any]:
    """A submission as Slipway itself has written it, without what is each row's own."""
    engine = open_database(f"sqlite:///{database.as_posix()}")
    try:
        with Session(engine) as session:
            row = session.scalars(select(Submission).where(Submission.state == "created").limit(1)).one()
            return {
                item.key: getattr(row, item.key) for item in inspect(Submission).column_attrs if item.key != "number"
            }
    finally:
        engine.dispose()


def fill(database: Path, example: dict[str, Any], count: int) -> None:
    """Write so many submissions like the example, one a second up to now."""
    engine = open_database(f"sqlite:///{database.as_posix()}")
    now = datetime.now(UTC)
    try:
        for first in range(0, count, BATCH):
            rows = [
                example
                | {"id": token_urlsafe(32), "action_id": number, "sent_at": now - timedelta(seconds=count - number)}
                for number in range(first, min(first + BATCH, count))
            ]
            with engine.begin() as connection:
                connection.execute(insert(Submission), rows)
    finally:
        engine.dispose()


@contextmanager
def upstream_process() -> Iterator[str]:
    """Run the light server in Buddy's place, in a process of its own; gives its address."""
    process = subprocess.Popen([sys.executable, __file__, "upstream"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate()


class Control:
    """The bench's hand on the upstream."""

    def __init__(self, url: str) -> None:
        self.url = url

    def delay(self, pause: int) -> None:
        """Let each POST wait so many milliseconds for its answer. Reads never wait."""
        requests.put(f"{self.url}/delay", data=str(pause), timeout=PATIENCE).raise_for_status()

    def seen(self) -> dict[str, Any]:
        """How many POSTs came, and what the last one held."""
        seen: dict[str, Any] = requests.get(f"{self.url}/seen", timeout=PATIENCE).json()
        return seen

    @contextmanager
    def expecting(self, posts: int) -> Iterator[None]:
        """Make sure that so many POSTs come: a 303 alone could be the way to a receipt that says "not sent"."""
        before = self.seen()["posts"]
        yield
        came = self.seen()["posts"] - before
        assert came == posts, f"{came} of {posts} POSTs came"


class Exchange(asyncio.Protocol):
    """One connection to the upstream. It works on bytes, so that little of the computer's time is the upstream's."""

    delay = 0.0
    posts = 0
    last = b"null"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._came = b""

    def data_received(self, data: bytes) -> None:
        self._came += data
        while b"\r\n\r\n" in self._came:
            head, _, rest = self._came.partition(b"\r\n\r\n")
            length = body_length(head)
            if len(rest) < length:
                return
            self._came = rest[length:]
            self._answer(head, rest[:length])

    def _answer(self, head: bytes, body: bytes) -> None:
        method, path, _ = head.split(b" ", 2)
        if method == b"POST":
            Exchange.posts += 1
            Exchange.last = body
            created = CREATED.replace(FIRST_ID, b'"id": %d, "name"' % (FIRST_NUMBER + Exchange.posts))
            asyncio.get_running_loop().call_later(Exchange.delay, self._transport.write, created)
        elif method == b"PUT":
            Exchange.delay = int(body) / 1000
            self._transport.write(answer_bytes("200 OK", b"{}"))
        elif path == b"/seen":
            seen = b'{"posts": %d, "last": %s}' % (Exchange.posts, Exchange.last)
            self._transport.write(answer_bytes("200 OK", seen))
        else:
            self._transport.write(OFFERED if path.endswith(b"/integrations") else FOUND)


def answer_bytes(status: str, body: bytes) -> bytes:
    """An answer as it goes over the wire."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


# Every action has a number of its own, of as many digits as the example's here, so that all answers are equally long.
FIRST_NUMBER = 1_000_000
FIRST_ID = b'"id": %d, "name"' % FIRST_NUMBER
CREATED = answer_bytes("201 Created", json.dumps(RESPONSE_EXAMPLE | {"id": FIRST_NUMBER}).encode())
OFFERED = answer_bytes("200 OK", json.dumps({"integrations": INTEGRATIONS}).encode())
FOUND = answer_bytes("200 OK", json.dumps(PIPELINE).encode())


async def serve_upstream() -> None:
    """Be the upstream until the bench ends this process."""
    server = await asyncio.get_running_loop().create_server(Exchange, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["upstream"]:
        asyncio.run(serve_upstream())
    else:
        main()
