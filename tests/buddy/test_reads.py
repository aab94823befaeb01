"""Reading from Buddy: what is tried again, what is said when it fails."""

import itertools
import socket

import pytest
from support import faults
from support.faults import Fault, FaultyServer, answer, answering
from support.upstream import PIPELINE

from webapp.buddy.errors import (
    ApiDisabled,
    BadAnswer,
    BuddyError,
    Forbidden,
    Invalid,
    NoAnswer,
    NotFound,
    RateLimited,
    ServerTrouble,
    TokenRefused,
    Unreachable,
)
from webapp.buddy.places import Place

from .conftest import PLACE, Make, Start


def errors(message: str) -> dict[str, object]:
    return {"errors": [{"message": message}]}


FAILURES: dict[str, tuple[Fault, type[BuddyError], int]] = {
    "401": (answering(answer("401 Unauthorized", errors("no"))), TokenRefused, 1),
    "403": (answering(answer("403 Forbidden", errors("no"))), Forbidden, 1),
    "403 too many": (
        answering(answer("403 Forbidden", errors("Rate limit exceeded."), "X-Rate-Limit-Reset: 9999999999")),
        RateLimited,
        1,
    ),
    "403 none left": (answering(answer("403 Forbidden", errors("no"), "X-Rate-Limit-Remaining: 0")), RateLimited, 3),
    "400 switched off": (
        answering(answer("400 Bad Request", errors("API is disabled in this workspace."))),
        ApiDisabled,
        1,
    ),
    "403 switched off": (
        answering(answer("403 Forbidden", errors("API is disabled in this workspace."))),
        ApiDisabled,
        1,
    ),
    "404": (answering(answer("404 Not Found", errors("no"))), NotFound, 1),
    "400": (answering(answer("400 Bad Request", errors("no"))), Invalid, 1),
    "429 long": (answering(answer("429 Too Many Requests", errors("no"), "Retry-After: 60")), RateLimited, 1),
    "429 silent": (answering(answer("429 Too Many Requests", errors("no"))), RateLimited, 3),
    "500": (answering(answer("500 Internal Server Error", errors("no"))), ServerTrouble, 1),
    "503": (answering(answer("503 Service Unavailable", errors("no"))), ServerTrouble, 3),
    "200 with errors": (answering(answer("200 OK", errors("no"))), Invalid, 1),
    "302": (answering(answer("302 Found", b"", "Location: http://127.0.0.1/")), BadAnswer, 1),
    "HTML": (answering(answer("200 OK", b"<h1>Welcome</h1>")), BadAnswer, 1),
    "empty": (answering(answer("200 OK", b"")), BadAnswer, 1),
    "cut": (answering(answer("200 OK", PIPELINE, length=10**5)), NoAnswer, 3),
    "too large": (answering(answer("200 OK", b" " * 1_100_000)), BadAnswer, 1),
    "list": (answering(answer("200 OK", [1])), BadAnswer, 1),
    "no id": (answering(answer("200 OK", {"name": "x"})), BadAnswer, 1),
    "actions that are none": (answering(answer("200 OK", PIPELINE | {"actions": {}})), BadAnswer, 1),
    "closed": (faults.read_then_close, NoAnswer, 3),
    "silent": (faults.read_and_wait, NoAnswer, 1),
}


@pytest.mark.parametrize(("fault", "error", "reads"), FAILURES.values(), ids=FAILURES)
def test_every_failure_has_its_class_and_says_what_to_do(
    faulty: Start, client: Make, fault: Fault, error: type[BuddyError], reads: int
) -> None:
    server = faulty(fault)
    with pytest.raises(BuddyError) as raised:
        client(server.url).pipeline(PLACE)
    assert type(raised.value) is error
    assert raised.value.sentence.endswith(".")
    assert raised.value.advice.endswith(".")
    assert "token-of-the-tests" not in repr(raised.value)
    assert len(server.requests) == reads


def test_a_passing_trouble_is_not_noticed(faulty: Start, client: Make) -> None:
    parts = itertools.chain([answer("503 Service Unavailable", b"")] * 2, itertools.repeat(answer("200 OK", PIPELINE)))

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        connection.sendall(next(parts))

    server = faulty(fault)
    assert client(server.url).pipeline(PLACE).name == "Live mirror"
    assert len(server.requests) == 3


def test_a_closed_port_is_unreachable(faulty: Start, client: Make) -> None:
    server = faulty(faults.read_then_close)
    server.close()
    with pytest.raises(Unreachable) as raised:
        client(server.url).pipeline(PLACE)
    assert raised.value.sentence == f"There is no connection to 127.0.0.1:{server.port}."


def test_lists_are_read_page_by_page_until_an_empty_one(faulty: Start, client: Make) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        page = int(server.read(connection).partition(b"page=")[2].partition(b"&")[0])
        items = [{"name": f"p{page}-{number}"} for number in range(100 if page < 3 else 0)]
        connection.sendall(answer("200 OK", {"projects": items}))

    names = [project.name for project in client(faulty(fault).url).projects("buddy")]
    assert (len(names), len(set(names)), names[0], names[-1]) == (200, 200, "p1-0", "p2-99")


def test_a_list_that_is_not_paged_ends_too(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", {"actions": PIPELINE["actions"]})))
    assert [action.name for action in client(server.url).actions(PLACE)] == ["Build API"]


@pytest.mark.parametrize("part", ["..", ".", "a/b", "a?x", "a#f", "%2e%2e", "", "a b", "ä"])
def test_an_unsafe_name_never_reaches_the_wire(faulty: Start, client: Make, part: str) -> None:
    server = faulty(answering(answer("200 OK", {})))
    for read in (client(server.url).projects, client(server.url).integrations):
        with pytest.raises(ValueError, match="must be letters"):
            list(read(part))
    with pytest.raises(ValueError, match="must be letters"):
        Place.parse(part, "site", "2")
    assert server.requests == []


@pytest.mark.parametrize("number", ["-1", "1e9", "９", "0", "", "9" * 20, "1 "])
def test_a_pipeline_is_a_plain_number(number: str) -> None:
    with pytest.raises(ValueError, match="A pipeline must be a number"):
        Place.parse("buddy", "site", number)
