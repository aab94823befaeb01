"""Reading from Buddy: what is tried again, what is said when it fails."""

import itertools
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count, islice
from time import time

import pytest
from support import faults
from support.buddy import StubBuddy
from support.examples import PIPELINE, dumped
from support.faults import Fault, FaultyServer, answer, answering
from support.read_faults import READ_FAULTS, errors

from webapp.buddy.places import Place
from webapp.http.errors import (
    BadAnswer,
    BuddyError,
    NoAnswer,
    RateLimited,
    ServerTrouble,
    TokenRefused,
    TooMany,
    Unreachable,
)
from webapp.http.transport import Timings

from .conftest import PLACE, Make, Start

OF_A_PIPELINE: dict[str, tuple[Fault, type[BuddyError], int]] = {
    "no id": (answering(answer("200 OK", {"name": "x"})), BadAnswer, 1),
    "actions that are none": (answering(answer("200 OK", PIPELINE | {"actions": {}})), BadAnswer, 1),
}
FAILURES = READ_FAULTS | OF_A_PIPELINE


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
    assert len(server.requests) == reads
    path = "/workspaces/buddy/projects/company-website/pipelines/2"
    assert repr(raised.value).startswith(f"{error.__name__}('GET {server.url}{path}: {raised.value.detail}")
    assert raised.value.detail


def test_a_passing_trouble_is_not_noticed(faulty: Start, client: Make) -> None:
    parts = itertools.chain([answer("503 Service Unavailable", b"")] * 2, itertools.repeat(answer("200 OK", PIPELINE)))

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        connection.sendall(next(parts))

    server = faulty(fault)
    assert client(server.url).pipeline(PLACE).name == "Live mirror"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "limited",
    [
        lambda: answer("429 Too Many Requests", errors("no"), "Retry-After: 1"),
        lambda: answer("429 Too Many Requests", errors("no"), f"X-Rate-Limit-Reset: {int(time()) + 1}"),
        lambda: answer("403 Forbidden", errors("Rate limit exceeded."), "Retry-After: 1"),
        lambda: answer("503 Service Unavailable", b"", "Retry-After: 1"),
    ],
)
def test_a_short_wait_that_buddy_asks_for_is_not_noticed(
    faulty: Start, client: Make, limited: Callable[[], bytes]
) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        connection.sendall(limited() if len(server.requests) == 1 else answer("200 OK", PIPELINE))

    server = faulty(fault)
    assert client(server.url, timings=Timings()).pipeline(PLACE).name == "Live mirror"
    assert len(server.requests) == 2


def test_a_long_wait_is_told(faulty: Start, client: Make) -> None:
    limited = faulty(answering(answer("429 Too Many Requests", errors("no"), "Retry-After: 60")))
    with pytest.raises(RateLimited) as raised:
        client(limited.url).pipeline(PLACE)
    assert (raised.value.sentence, raised.value.wait) == ("Buddy asks to wait 1 minute.", 60)
    assert repr(raised.value).endswith("pipelines/2: 429: no (wait 60 s)')")
    down = faulty(answering(answer("503 Service Unavailable", b"", "Retry-After: 60")))
    with pytest.raises(ServerTrouble) as told:
        client(down.url).pipeline(PLACE)
    assert told.value.advice == "Buddy asks to wait 1 minute. Then try again."


def test_a_byte_order_mark_before_an_answer_is_read_past(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", b"\xef\xbb\xbf" + dumped(PIPELINE))))
    assert client(server.url).pipeline(PLACE).name == "Live mirror"


def test_nothing_is_tried_again_past_the_time_for_a_read(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("503 Service Unavailable", errors("no"), "Retry-After: 2")))
    with pytest.raises(ServerTrouble):
        client(server.url, timings=Timings(read=2)).pipeline(PLACE)
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", [faults.drip_headers, faults.endless_hints])
def test_an_answer_that_drips_is_cut_and_told_as_late(faulty: Start, client: Make, fault: Fault) -> None:
    server = faulty(fault)
    with pytest.raises(NoAnswer) as raised:
        client(server.url, timings=Timings(read=0.3)).pipeline(PLACE)
    assert raised.value.sentence == "Buddy did not answer in time."


def test_buddy_repeating_the_token_is_not_repeated(faulty: Start, client: Make) -> None:
    said = errors("The token token-of-the-tests has expired.")
    with pytest.raises(TokenRefused) as raised:
        client(faulty(answering(answer("401 Unauthorized", said))).url).pipeline(PLACE)
    assert "The token [token] has expired." in str(raised.value)
    assert "token-of-the-tests" not in repr(raised.value)


def test_reads_share_connections_and_keep_no_cookies(faulty: Start, client: Make) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        while server.read(connection):
            connection.sendall(answer("200 OK", PIPELINE, "Set-Cookie: a=1; Path=/"))

    server = faulty(fault)
    reader = client(server.url)
    for _ in range(3):
        reader.pipeline(PLACE)
    assert (len(server.requests), server.connections) == (3, 1)
    assert not [request for request in server.requests if b"Cookie" in request]
    reader.delete_action(PLACE, 2)
    assert server.connections == 2


def test_a_closed_port_is_unreachable(faulty: Start, client: Make) -> None:
    server = faulty(faults.read_then_close)
    server.close()
    with pytest.raises(Unreachable) as raised:
        client(server.url).pipeline(PLACE)
    assert raised.value.sentence == f"There is no connection to 127.0.0.1:{server.port}."


def paged(lengths: list[int], name: str = "projects") -> Fault:
    """A list in pages of these lengths, and none after the last."""

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        page = page_of(server.read(connection))
        length = lengths[page - 1] if page <= len(lengths) else 0
        items = [action(page * 1000 + number, f"p{page}-{number}") for number in range(length)]
        connection.sendall(answer("200 OK", {name: items}))

    return fault


def page_of(request: bytes) -> int:
    return int(request.partition(b"page=")[2].partition(b"&")[0])


def action(id: int, name: str) -> dict[str, object]:
    return {"id": id, "name": name, "type": "BUILD"}


# The lengths of the pages → how many of them are asked for. From the second on they are asked for side by side.
PAGES = {
    "none": ([0], 1),
    "few": ([19], 1),
    "as many as Buddy gives unasked": ([20], 5),
    "a full page": ([50], 5),
    "a page that is not full, of a Buddy that gives fewer": ([30, 30, 4], 5),
    "two full ones": ([50, 50], 5),
    "two, the second shorter": ([50, 49], 5),
    "six, the last with few": ([50, 50, 50, 50, 50, 7], 9),
    "in pages of 20": ([20, 20, 3], 5),
}


@pytest.mark.parametrize(("lengths", "asked"), PAGES.values(), ids=PAGES)
def test_a_list_is_read_page_by_page_until_there_can_be_no_more(
    faulty: Start, client: Make, lengths: list[int], asked: int
) -> None:
    server = faulty(paged(lengths))
    names = [project.name for project in client(server.url).projects("buddy")]
    assert names == [f"p{page}-{number}" for page, length in enumerate(lengths, 1) for number in range(length)]
    assert [b"per_page=50" in request for request in server.requests] == [True] * asked


# How many entries there were the last time, and the lengths of the pages → how many are asked for at once, and in all.
EXPECTED = {
    "few": (19, [19], 1, 1),
    "as many as Buddy gives unasked": (20, [20], 2, 2),
    "a full page": (50, [50], 2, 2),
    "three pages": (120, [50, 50, 20], 3, 3),
    "fewer than there were": (120, [50], 3, 3),
    "more than may be asked for at once": (1000, [50] * 20, 4, 24),
}


@pytest.mark.parametrize(("count", "lengths", "at_once", "asked"), EXPECTED.values(), ids=EXPECTED)
def test_the_pages_that_a_list_had_are_asked_for_side_by_side(
    client: Make, upstream: StubBuddy, count: int, lengths: list[int], at_once: int, asked: int
) -> None:
    upstream.lists["/workspaces/buddy/projects"] = [{"name": f"p{number}"} for number in range(sum(lengths))]
    upstream.read_gate.clear()
    with ThreadPoolExecutor(1) as page:
        reading = page.submit(lambda: list(client(upstream.url).projects("buddy", count)))
        upstream.until_reading(at_once)
        upstream.read_gate.set()
        assert [project.name for project in reading.result()] == [f"p{number}" for number in range(sum(lengths))]
    assert (upstream.most_reading, len(upstream.reads)) == (at_once, asked)


# Of a list that has 500: how many there were the last time, how many are wanted → how many pages are asked for at first
# side by side, and in all.
WANTED = {
    "the first page of a list that nobody has seen": (0, 51, 1, 2),
    "the third": (0, 151, 1, 4),
    "the first page of a long list": (500, 51, 2, 2),
    "one entry": (500, 1, 1, 1),
    "a page far behind": (500, 451, 4, 10),
}


@pytest.mark.parametrize(("count", "wanted", "at_once", "asked"), WANTED.values(), ids=WANTED)
def test_no_page_is_asked_for_behind_what_is_wanted(
    client: Make, upstream: StubBuddy, count: int, wanted: int, at_once: int, asked: int
) -> None:
    upstream.lists["/workspaces/buddy/projects"] = [{"name": f"p{number}"} for number in range(500)]
    upstream.read_gate.clear()
    with ThreadPoolExecutor(1) as page:
        named = client(upstream.url).projects("buddy", count, wanted)
        reading = page.submit(lambda: list(islice(named, wanted)))
        upstream.until_reading(at_once)
        assert len(upstream.reads) == at_once
        upstream.read_gate.set()
        assert len(reading.result()) == wanted
    assert len(upstream.reads) == asked


def test_a_page_that_fails_where_the_list_has_ended_is_no_trouble(faulty: Start, client: Make) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        page = page_of(server.read(connection))
        items = [action(number, f"p{number}") for number in range(1, 8)]
        connection.sendall(answer("200 OK", {"projects": items}) if page == 1 else answer("404 Not Found", {}))

    server = faulty(fault)
    assert len(list(client(server.url).projects("buddy", 120))) == 7
    assert len(server.requests) == 3


@pytest.mark.parametrize("lengths", [[1], [19], [50], [3, 2, 1], [50, 49, 20, 1]])
def test_all_actions_are_asked_for_until_a_page_brings_nothing_new(
    faulty: Start, client: Make, lengths: list[int]
) -> None:
    server = faulty(paged(lengths, "actions"))
    assert len(list(client(server.url).all_actions(PLACE))) == sum(lengths)
    assert len(server.requests) == len(lengths) + 1


def test_an_item_that_moves_to_the_next_page_meanwhile_is_there_once(faulty: Start, client: Make) -> None:
    pages = [[action(number, f"A{number}") for number in ids] for ids in (range(1, 4), range(3, 6))]

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        page = page_of(server.read(connection))
        connection.sendall(answer("200 OK", {"actions": pages[page - 1] if page < 3 else []}))

    assert [item.id for item in client(faulty(fault).url).all_actions(PLACE)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("length", [1, 30, 50, 80])
def test_a_list_that_is_not_paged_ends_too(faulty: Start, client: Make, length: int) -> None:
    def fault(connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        # Meanwhile one more was added.
        items = [action(number + 1, f"A{number}") for number in range(length + len(server.requests) - 1)]
        state = {"last_execution_status": f"run {len(server.requests)}"}
        connection.sendall(answer("200 OK", {"projects": [item | state for item in items]}))

    server = faulty(fault)
    read = [item.name for item in client(server.url).projects("buddy")]
    assert (read[:length], len(read) - len(set(read))) == ([f"A{number}" for number in range(length)], 0)
    assert len(server.requests) <= 2 if length == 1 or length > 50 else True


def test_the_actions_that_a_pipeline_shows_are_one_read(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", {"actions": [action(number, "A") for number in range(1, 51)]})))
    assert len(list(client(server.url).actions(PLACE))) == 50
    assert len(server.requests) == 1


def test_a_long_list_that_is_not_paged_is_read_once(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", {"projects": [{"name": f"p{number}"} for number in range(150)]})))
    assert len(list(client(server.url).projects("buddy"))) == 150
    assert len(server.requests) == 1


def endless_pages(connection: socket.socket, server: FaultyServer) -> None:
    while server.read(connection):
        names = [{"name": f"p{len(server.requests)}-{number}"} for number in range(50)]
        connection.sendall(answer("200 OK", {"projects": names}))


def test_a_list_without_end_is_cut_with_a_clear_error(faulty: Start, client: Make) -> None:
    server = faulty(endless_pages)
    with pytest.raises(TooMany) as raised:
        list(client(server.url).projects("buddy"))
    assert raised.value.sentence == "Buddy has more than 5,000 projects, too many to list."
    assert repr(raised.value).endswith("/workspaces/buddy/projects: more than 5000 projects')")
    assert len(server.requests) == 100


def test_all_pages_together_have_a_time_limit(faulty: Start, client: Make) -> None:
    numbers = count()

    def fault(connection: socket.socket, server: FaultyServer) -> None:
        while server.read(connection) and not server.stopping.wait(0.1):
            names = [{"name": f"p{next(numbers)}"} for _ in range(50)]
            connection.sendall(answer("200 OK", {"projects": names}))

    server = faulty(fault)
    with pytest.raises(NoAnswer):
        list(client(server.url, timings=Timings(pages=0.35)).projects("buddy"))
    assert len(server.requests) < 50


@pytest.mark.parametrize("part", ["..", ".", "a/b", "a?x", "a#f", "%2e%2e", "", "a b", "ä"])
def test_an_unsafe_name_never_reaches_the_wire(faulty: Start, client: Make, part: str) -> None:
    server = faulty(answering(answer("200 OK", {})))
    asked = client(server.url)
    reads: list[Callable[[], object]] = [
        lambda: list(asked.projects(part)),
        lambda: asked.project("buddy", part),
        lambda: list(asked.pipelines("buddy", part)),
        lambda: list(asked.integrations(part)),
        lambda: asked.pipeline(Place(part, "site", 2)),
        lambda: Place("buddy", part, 2),
        lambda: Place.parse(part, "site", "2"),
    ]
    for read in reads:
        with pytest.raises(ValueError, match="must be letters"):
            read()
    assert server.requests == []


@pytest.mark.parametrize("number", ["-1", "1e9", "９", "0", "", "9" * 20, "1 "])
def test_a_pipeline_is_a_plain_number(number: str) -> None:
    with pytest.raises(ValueError, match="A pipeline must be a number"):
        Place.parse("buddy", "site", number)


def test_the_parts_of_an_address_are_those_that_it_was_read_from() -> None:
    assert Place.parse("buddy", "site", "2").key == ("buddy", "site", 2)
