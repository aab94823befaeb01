"""A light server in Buddy's place, in a process of its own: `python -m benches.upstream`."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from support.examples import INTEGRATIONS, PIPELINE, RESPONSE_EXAMPLE

PATIENCE = 60
TESTS = Path(__file__).parents[1]


@contextmanager
def upstream_process() -> Iterator[str]:
    """Run the light server in Buddy's place, in a process of its own; gives its address."""
    process = subprocess.Popen([sys.executable, "-m", "benches.upstream"], cwd=TESTS, stdout=subprocess.PIPE, text=True)
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


def body_length(head: bytes) -> int:
    """What a head says about the length of its body."""
    match = re.search(rb"\r\ncontent-length: *([0-9]+)", head, re.IGNORECASE)
    return int(match[1]) if match else 0


if __name__ == "__main__":
    asyncio.run(serve_upstream())
