"""Time limits that hold. What else they do to calls is shown where calls are."""

import socket
from dataclasses import asdict
from time import monotonic

from support import faults

from webapp.http.deadlines import Deadline
from webapp.http.failures import Unknown
from webapp.http.transport import Timings

from .conftest import Make, Start, Write

# A thirtieth of the usual times, so that a test need not wait for 45 seconds.
SCALE = 30
USUAL = Timings(**{name: seconds / SCALE for name, seconds in asdict(Timings()).items()})


def test_a_socket_that_opens_after_the_end_is_shut_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        late = Deadline(0)
        late.cut()
        late.watch(ours)
        assert theirs.recv(1) == b""
        late.forget()


def test_a_write_is_given_all_the_time_that_pages_speak_of_before_it_is_late(
    faulty: Start, client: Make, write: Write
) -> None:
    server = faulty(faults.read_and_wait)
    sender = client(server.url, timings=USUAL)
    begin = monotonic()
    outcome = write.send(sender)
    # Only ever longer on a busy computer.
    assert monotonic() - begin >= 45 / SCALE
    assert outcome == Unknown("Buddy did not answer in time.")
