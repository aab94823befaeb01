"""Time limits that hold. What they do to calls is shown where calls are."""

import socket

from webapp.buddy.deadlines import Deadline


def test_a_socket_that_opens_after_the_end_is_shut_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        late = Deadline(0)
        late.cut()
        late.watch(ours)
        assert theirs.recv(1) == b""
