"""How often registries are asked: each question once, its answer kept a minute, few of one person, not all threads."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from support.faults import FaultyServer
from support.registries import API, CREDENTIALS, FOUND, Registry, always, asking, empty, said

from webapp.http.slots import Slots
from webapp.registry import limits, memory
from webapp.registry.findings import NO_MORE, Finding, Seen
from webapp.registry.limits import ALL_AT_ONCE, EACH_AT_ONCE


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    yield made
    made.server.close()


class Held:
    """A registry that answers when it is told to, and tells how many wait."""

    def __init__(self) -> None:
        self.waiting: list[Event] = []
        self.go = Event()
        self.registry = Registry(fault=self._answer)
        self.came = Event()

    def _answer(self, connection: socket.socket, server: FaultyServer) -> None:
        server.read(connection)
        self.came.set()
        self.go.wait(60)
        connection.sendall(FOUND.encode())

    def wait_for(self, requests: int) -> None:
        """Wait until so many requests have come."""
        while len(self.registry.requests) < requests:
            self.came.wait(60)
            self.came.clear()


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.go.set()
    made.registry.server.close()


def test_the_same_question_is_asked_once_a_minute(registry: Registry) -> None:
    clock = Seconds()
    with asking(registry.url, clock=clock) as desk:
        image = f"{registry.host}/team/app:1"
        assert desk.check(image) == desk.check(image, person="bert")
        assert len(registry.requests) == 1
        assert desk.check(f"{registry.host}/team/app:2").seen is Seen.THERE
        clock.now += 59
        desk.check(image)
        assert len(registry.requests) == 2
        clock.now += 2
        desk.check(image)
        assert len(registry.requests) == 3


@pytest.mark.parametrize(
    ("answer", "requests"),
    [
        (empty("403 Forbidden"), 1),
        (empty("404 Not Found", API), 2),
        (empty("500 Oops"), 2),
        (empty("200 OK"), 2),
    ],
)
def test_what_is_known_is_kept_and_what_could_not_be_checked_is_asked_again(
    registry: Registry, answer: str, requests: int
) -> None:
    registry.answers = always(answer)
    with asking(registry.url) as desk:
        for _ in range(2):
            desk.check(f"{registry.host}/team/app:1")
    assert len(registry.requests) == requests


def test_tags_and_pins_are_kept_as_well(registry: Registry) -> None:
    registry.answers = lambda request, url: FOUND if request.startswith("HEAD") else said({"tags": ["1.0", "latest"]})
    with asking(registry.url) as desk:
        for _ in range(2):
            assert desk.tags(f"{registry.host}/team/app").names == ("1.0", "latest")
            assert desk.pins(f"{registry.host}/team/app").names == ("1.0",)
    assert len(registry.requests) == 4


def test_a_double_click_is_one_request(held: Held) -> None:
    image = f"{held.registry.host}/team/app:1"
    with asking(held.registry.url, seconds=60) as desk, ThreadPoolExecutor(4) as people:
        found = [people.submit(desk.check, image) for _ in range(4)]
        held.wait_for(1)
        held.go.set()
        assert {each.result().seen for each in found} == {Seen.THERE}
    assert held.registry.server.connections == 1


def test_what_goes_wrong_in_one_question_ends_the_wait_of_all(registry: Registry) -> None:
    def broken(name: str, port: int) -> tuple[str, ...]:
        raise RuntimeError("a fault of Slipway's own")

    with asking("*", resolve=broken) as desk:
        for _ in range(2):
            with pytest.raises(RuntimeError):
                desk.check("registry.example/team/app:1")


def test_one_person_checks_twenty_images_a_minute(registry: Registry) -> None:
    clock = Seconds()

    def check(tag: int, person: str = "anna") -> Finding:
        return desk.check(f"{registry.host}/team/app:{tag}", person=person)

    with asking(registry.url, clock=clock) as desk:
        assert {check(tag).seen for tag in range(20)} == {Seen.THERE}
        clock.now += 18
        late = check(20)
        assert (late.seen, late.wait) == (Seen.NOT_CHECKED, 42)
        assert late.sentence == "Not checked: you have checked 20 images within a minute."
        assert check(1).seen is Seen.THERE, "what is known already needs no question"
        assert check(20, "bert").seen is Seen.THERE
        clock.now += 43
        assert check(21).seen is Seen.THERE
    assert len(registry.requests) == 22


def test_all_people_together_check_so_many_images_a_minute(registry: Registry) -> None:
    clock = Seconds()
    with asking(registry.url, clock=clock) as desk:
        findings = [
            desk.check(f"{registry.host}/team/app:{number}", person=str(number % 20))
            for number in range(limits.ALL_A_MINUTE + 1)
        ]
        assert [finding.seen for finding in findings] == [Seen.THERE] * limits.ALL_A_MINUTE + [Seen.NOT_CHECKED]
        assert (findings[-1].sentence, findings[-1].wait) == (limits.BUSY, 60)


def at_once(held: Held, check: Callable[[int], Finding], number: int, people: ThreadPoolExecutor) -> Finding:
    """Let so many checks wait for the registry, and make one more."""
    for each in range(number):
        people.submit(check, each)
    held.wait_for(number)
    return check(number)


def test_of_one_person_few_images_are_checked_at_once(held: Held) -> None:
    with asking(held.registry.url, seconds=60) as desk, ThreadPoolExecutor(EACH_AT_ONCE) as people:
        one_more = at_once(
            held, lambda number: desk.check(f"{held.registry.host}/team/app:{number}"), EACH_AT_ONCE, people
        )
        held.go.set()
    assert (one_more.sentence, one_more.wait) == (limits.BUSY, 5)


def test_of_all_people_some_images_are_checked_at_once(held: Held) -> None:
    with asking(held.registry.url, seconds=60) as desk, ThreadPoolExecutor(ALL_AT_ONCE) as people:
        one_more = at_once(
            held,
            lambda number: desk.check(f"{held.registry.host}/team/app:{number}", person=str(number)),
            ALL_AT_ONCE,
            people,
        )
        held.go.set()
    assert (one_more.sentence, one_more.wait) == (limits.BUSY, 5)


def test_where_all_threads_that_may_wait_are_taken_no_registry_is_asked(registry: Registry) -> None:
    slots = Slots(1)
    taken = slots.take()
    with asking(registry.url, slots=slots) as desk:
        assert desk.check(f"{registry.host}/team/app:1").sentence == limits.BUSY
        slots.free(taken)
        assert desk.check(f"{registry.host}/team/app:1").seen is Seen.THERE


def test_a_registry_that_wants_a_pause_gets_it(registry: Registry) -> None:
    clock = Seconds()
    registry.answers = always(empty("429 Too Many Requests", "Retry-After: 90"))
    with asking(registry.url, clock=clock) as desk:
        first = desk.check(f"{registry.host}/team/app:1")
        assert (first.wait, first.sentence) == (90, NO_MORE)
        clock.now += 30
        second = desk.check(f"{registry.host}/team/other:2")
        assert (second.wait, second.sentence) == (60, NO_MORE)
        assert len(registry.requests) == 1
        signed = desk.check(f"{registry.host}/team/app:1", CREDENTIALS)
        assert (signed.wait, len(registry.requests)) == (60, 1), "nobody has a name before the first answer"
        clock.now += 61
        registry.answers = always(FOUND)
        assert desk.check(f"{registry.host}/team/app:1").seen is Seen.THERE


def test_a_pause_of_who_has_a_name_holds_for_nobody_else(registry: Registry) -> None:
    registry.answers = lambda request, url: (
        empty("429 Too Many Requests", "Retry-After: 90")
        if "Authorization" in request
        else empty("401 Unauthorized", 'WWW-Authenticate: Basic realm="tests"')
    )
    with asking(registry.url) as desk:
        assert desk.check(f"{registry.host}/team/app:1", CREDENTIALS).wait == 90
        assert desk.check(f"{registry.host}/team/app:2", CREDENTIALS).seen is Seen.NOT_CHECKED
        assert len(registry.requests) == 2
        assert desk.check(f"{registry.host}/team/app:1").seen is Seen.REFUSED
    assert len(registry.requests) == 3


def test_a_pause_that_was_ended_holds_no_more(registry: Registry) -> None:
    registry.answers = always(empty("429 Too Many Requests", "Retry-After: 90"))
    with asking(registry.url) as desk:
        assert desk.check(f"{registry.host}/team/app:1").wait == 90
        registry.answers = always(FOUND)
        desk.registries.end_pauses()
        assert desk.check(f"{registry.host}/team/app:1").seen is Seen.THERE


def test_no_pause_is_longer_than_an_hour(registry: Registry) -> None:
    clock = Seconds()
    registry.answers = always(empty("429 Too Many Requests", f"Retry-After: {10**9}"))
    with asking(registry.url, clock=clock) as desk:
        assert desk.check(f"{registry.host}/team/app:1").wait == 3600
        clock.now += 600
        assert desk.check(f"{registry.host}/team/app:1").wait == 3000
        clock.now += 3001
        desk.check(f"{registry.host}/team/app:1")
    assert len(registry.requests) == 2


def test_only_so_much_is_kept() -> None:
    kept: memory.Memory[int] = memory.Memory(Seconds())
    for number in range(memory.MOST + 5):
        kept.keep(number, number)
    assert [kept.find(number) for number in (0, 4, 5, memory.MOST + 4)] == [None, None, 5, memory.MOST + 4]
    kept.keep("tags", 1, size=memory.MOST_TAGS)
    kept.keep("more", 2, size=1)
    assert [kept.find(key) for key in ("tags", "more")] == [None, 2]


def test_nobody_is_asked_where_that_is_switched_off() -> None:
    with asking("none") as desk:
        for found in (desk.check("ubuntu"), desk.tags("ubuntu"), desk.pins("ubuntu")):
            assert found.sentence == "Not checked: whoever runs Slipway has switched this off."
