"""A connection of the server: how its requests are read and refused, and when it is cut."""

from collections.abc import Callable
from threading import Condition
from time import monotonic, time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import ChunkedReceiver
from waitress.task import ErrorTask
from waitress.utilities import BadRequest

# How long a connection may be idle where there is no room for one more.
IDLE_SECONDS = 5.0
# How long an answer waits until its receiver has taken so much of it that more can be written.
DRAIN_SECONDS = 30.0
# Whoever sends a request, or takes an answer, moves so many bytes in so many seconds, or is cut: that is less than any
# mobile connection, and far more than who sends one byte after the other to hold a connection.
THROUGHPUT_SECONDS = 30.0
LEAST_BYTES = 120_000
LARGEST_HEAD = 64 * 1024
INTERNAL_ERROR = 500
# What is said of requests that never reach the app, by their status.
NOT_TAKEN = {
    413: "What you sent is too large. A form may be 2 MB in all: go back, shorten it and send it again.",
    431: "The address, or what your browser sends along with it, is too long. Start from Slipway's home page.",
}
NOT_UNDERSTOOD = "This request was not understood. Open Slipway's home page in a browser."
NOTHING_SENT = "Nothing was sent to Buddy."
# By then something may have been.
FAILED = "Slipway failed. Its page “Activity” says what happened to what you sent."


class Refusal(ErrorTask):
    """Says no, in plain words, to a request that is too large or no HTTP, and that an answer has failed."""

    def execute(self) -> None:
        """Write the answer. The connection ends with it, since the rest of the request may still be coming."""
        # An HTTPRequestParser, whatever the stubs say.
        request: Any = self.request
        error = request.error
        told = FAILED if error.code == INTERNAL_ERROR else f"{NOT_TAKEN.get(error.code, NOT_UNDERSTOOD)} {NOTHING_SENT}"
        words = f"{told}\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        self.set_close_on_finish()
        self.content_length = len(words)
        self.write(words)


class Request(HTTPRequestParser):
    """A request as it comes."""

    def received(self, data: bytes) -> int:
        """Take a part of it; gives how many bytes are its own. Lines between and behind the chunks of a body are looked
        through anew with each part, so that they may be no longer than a head."""
        taken = int(super().received(data))
        body = self.body_rcv
        if isinstance(body, ChunkedReceiver) and max(len(body.control_line), len(body.trailer)) > LARGEST_HEAD:
            self.error, self.completed = BadRequest("too much beside the chunks"), True
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read its head. Raises `ParsingError`, also for what Python's own readers of addresses and numbers refuse, and
        where a proxy in front may have read it in another way: then the two would not agree on what is one request."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(str(error)) from error
        # waitress takes Transfer-Encoding out where it heeds it, and joins headers of the same name by commas.
        in_chunks = self.chunked or "TRANSFER_ENCODING" in self.headers
        if in_chunks and (self.version != "1.1" or "CONTENT_LENGTH" in self.headers):
            raise ParsingError("it is not clear where the body ends")
        # A whole address names a host, too, which the types of waitress leave out.
        host, addressed = self.headers.get("HOST", ""), vars(self)["proxy_netloc"]
        if "," in host or addressed not in ("", host):
            raise ParsingError("it is for several hosts")


class DrainCondition(Condition):
    """What the thread of an answer waits for: that its receiver has taken enough of what is written already.

    waitress waits as long as it takes, and lets alone whose request still runs. Here who has not taken enough after so
    many seconds is cut, which also ends the wait.
    """

    def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
        super().__init__()
        self._seconds = seconds
        self._cut = cut

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the receiver."""
        taken = super().wait(self._seconds if timeout is None else timeout)
        if not taken:
            self._cut()
        return taken


class Throughput:
    """Whether what goes on, a request that comes or an answer that is taken, moves at all."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since = 0.0
        self._moved = 0
        self.in_progress = False

    def add(self, count: int) -> None:
        """So many bytes were moved."""
        self._moved += count

    def is_stuck(self, in_progress: bool) -> bool:
        """Tell whether something that went on all the time has moved too little in it; asked again and again."""
        now = monotonic()
        if not (in_progress and self.in_progress):
            self.in_progress, self._since, self._moved = in_progress, now, 0
        elif now - self._since >= self._seconds:
            if self._moved < LEAST_BYTES:
                return True
            self._since, self._moved = now, 0
        return False


class Channel(HTTPChannel):
    """A connection whose requests are refused in plain words, and which is cut where one byte comes, or is taken, after
    the other. A request is read by the one loop, so that no thread waits for it."""

    error_task_class = Refusal
    parser_class = Request
    drain_seconds = DRAIN_SECONDS
    throughput_seconds = THROUGHPUT_SECONDS
    idle_seconds = IDLE_SECONDS

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.outbuf_lock = DrainCondition(self.drain_seconds, self._cut)
        self._inbound, self._outbound = Throughput(self.throughput_seconds), Throughput(self.throughput_seconds)

    def received(self, data: bytes) -> bool:
        """Take what has come of a request."""
        self._inbound.add(len(data))
        return bool(super().received(data))

    def send_continue(self) -> None:
        """Let the body of a request come, where it has one and nothing was wrong with its head. waitress would wait for
        one that never comes, or let all of one come that is too large."""
        if self.request is not None and not self.request.completed:
            super().send_continue()

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the receiver takes at once; gives how much that was."""
        count = int(super().send(data, do_close))
        self._outbound.add(count)
        return count

    def writable(self) -> bool:
        """Whether there is something to write. Who is to be cut is cut here, where the loop comes by each second: for a
        socket that takes nothing, waitress would wait until it does."""
        # What comes behind a request that is being answered is not read yet.
        is_coming = self.request is not None and not self.requests
        is_going = self.total_outbufs_len > 0
        if self.server.in_connection_overflow and not (is_coming or is_going or self.requests):
            self.will_close = self.will_close or time() - self.last_activity >= self.idle_seconds
        # Each turn of the loop asks this of all connections, and of a crowd most only wait.
        if not (is_coming or is_going or self._inbound.in_progress or self._outbound.in_progress or self.will_close):
            return self.close_when_flushed
        stuck = self._inbound.is_stuck(is_coming), self._outbound.is_stuck(is_going)
        if self.will_close or any(stuck):
            self.handle_close()
            return False
        return bool(super().writable())

    def handle_close(self) -> None:
        """Close the connection, and the file of a body of which only a part came: it would stay open until garbage is
        looked for."""
        super().handle_close()
        if self.request is not None:
            self.request.close()

    def _cut(self) -> None:
        self.will_close = True
        self.connected = False
