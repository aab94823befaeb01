"""Several processes, and processes that die."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests
from sqlalchemy import Engine
from support.buddy import StubBuddy
from support.databases import database_in, environment_in
from support.faults import answer
from support.html import parse
from support.pages import posted_fields
from support.rigs import LEAST, NEW, SECRETS, WIRE, Rig
from support.server import Served, send_form, serving
from support.waiting import until

from webapp.store.engines import address_of, connect_to

from .conftest import Open

PROCESSES, ROUNDS = 24, 50
MOVES = 40
# When each template was made something else of, and when something was sent from it: by the lines of the record.
MOVED = """
SELECT details, number FROM events
WHERE verb IN ('changed a template', 'retired a template', 'replaced a secret') ORDER BY number
"""
SENT = """
SELECT template, min(events.number) FROM events JOIN submissions ON submissions.id = events.submission
WHERE verb = 'sent' GROUP BY 1
"""
TESTS = Path(__file__).parent.parent


def test_of_24_processes_that_send_one_form_at_the_same_moment_one_sends(buddy: StubBuddy, tmp_path: Path) -> None:
    database = database_in(tmp_path)
    command = [sys.executable, "-m", "support.race", database, buddy.url, str(PROCESSES), str(ROUNDS)]
    ended = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr
    rounds = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [len({tuple(led) for led in each}) for each in rounds] == [1] * ROUNDS
    assert {status for each in rounds for status, _ in each} == {303}
    assert sorted(action["name"] for action in buddy.added) == sorted(f"Round {number}" for number in range(ROUNDS))
    assert buddy.writes == ROUNDS


def test_what_is_sent_while_its_template_is_changed_was_sent_before_or_not_at_all(
    buddy: StubBuddy, tmp_path: Path
) -> None:
    database = database_in(tmp_path)
    command = [sys.executable, "-m", "support.template_race", database, buddy.url, str(MOVES)]
    ended = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr
    rounds = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(rounds) == MOVES
    with closing_engine(database) as engine, engine.connect() as connection:
        moved: dict[str, int] = {}
        for details, number in connection.exec_driver_sql(MOVED):
            moved[read(details)["template"]] = number
        sent = dict(connection.exec_driver_sql(SENT).all())
    for move, id, status in rounds:
        # The record has both in the order in which they came to be.
        assert (status, id in sent) in ((303, True), (409, False)), move
        assert id not in sent or sent[id] < moved[id], move
    assert buddy.writes == len(sent)


@contextmanager
def closing_engine(database: str) -> Iterator[Engine]:
    """A way to a database."""
    engine = connect_to(address_of(database))
    try:
        yield engine
    finally:
        engine.dispose()


def read(value: Any) -> Any:
    """What is in a column of JSON, which PostgreSQL's driver has read already."""
    return json.loads(value) if isinstance(value, str) else value


def served_by(folder: Path, buddy: StubBuddy) -> Any:
    """Slipway as people start it, with its database where the rig of a test has its own."""
    return serving(BUDDY_TOKEN="token-of-the-tests", BUDDY_API_ENDPOINT=buddy.url, **environment_in(folder))


def killed_while(served: Served, came: Event, act: Callable[[], object]) -> None:
    """Do something that hangs, and kill Slipway as soon as `came` says that it got there."""
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(act)
        assert came.wait(30)
        served.process.kill()
        assert isinstance(hanging.exception(), requests.ConnectionError)


def left_behind(opened: Open) -> Rig:
    """A Slipway that finds what the killed one has not ended, at the moment when that one last wrote it down."""
    rig = opened()
    assert rig.states == ["sending"]
    rig.clock.now = rig.row.changed_at
    return rig


def test_killed_before_the_claim_nothing_was_sent_and_the_draft_is_offered(
    buddy: StubBuddy, tmp_path: Path, opened: Open
) -> None:
    with served_by(tmp_path, buddy) as served, requests.Session() as browser:
        root = parse(browser.get(served.url + NEW, timeout=30).text, strict=False)
        fields = dict(posted_fields(next(root.iter("form")))) | LEAST
        kept = browser.post(served.url + NEW.replace("/new", "/draft"), data=fields, timeout=30)
        assert kept.status_code == 200
        served.process.kill()
    rig = opened()
    assert rig.browser.get(rig.browser.get("/").links["Continue “Run tests”"]).fields["inline_commands"] == "make test"
    assert buddy.writes == 0


def test_killed_between_the_claim_and_the_send_it_is_absent_after_a_while(
    buddy: StubBuddy, tmp_path: Path, opened: Open
) -> None:
    looking = Event()

    def hang(path: str) -> None:
        if path.endswith("/actions"):
            looking.set()
            buddy.stopping.wait(20)

    with served_by(tmp_path, buddy) as served:
        # A form that could not see its pipeline makes the send look first: after the claim, before the send.
        buddy.readable = False
        buddy.before_reading = lambda path: hang(path) if buddy.readable else None

        def act() -> None:
            with requests.Session() as browser:
                form = browser.get(served.url + NEW, timeout=30)
                root = parse(form.text, strict=False)
                fields = dict(posted_fields(next(root.iter("form")))) | LEAST
                buddy.readable = True
                browser.post(served.url + NEW.removesuffix("/new"), data=fields, timeout=60)

        killed_while(served, looking, act)
    buddy.before_reading = None
    rig = left_behind(opened)
    rig.clock.forward(seconds=85)
    rig.settle()
    assert (rig.states, buddy.writes) == (["absent"], 0)


def kill_after_creation(buddy: StubBuddy, folder: Path, before_the_kill: Callable[[], None] | None = None) -> None:
    """Let a Slipway send, let Buddy add the action and be silent, and kill Slipway."""
    added, gate = Event(), Event()

    def stay_silent(connection: Any, server: Any) -> None:
        server.read(connection)
        if before_the_kill is not None:
            before_the_kill()
        added.set()
        gate.wait(30)

    buddy.write_fault = stay_silent
    typed = LEAST | {name.replace("__", "-"): value for name, value in SECRETS.items()}
    with served_by(folder, buddy) as served:
        killed_while(served, added, lambda: send_form(served.url, typed))
    gate.set()


def test_killed_after_creation_it_is_found_without_anybody_doing_anything(
    buddy: StubBuddy, tmp_path: Path, opened: Open
) -> None:
    kill_after_creation(buddy, tmp_path)
    rig = left_behind(opened)
    rig.look(seconds=60)
    assert rig.states == ["sending"]
    rig.look(seconds=50)
    assert (rig.states, rig.row.action_id, buddy.writes) == (["found"], 100, 1)
    assert rig.record == [("sent", "sending"), ("lost", "unknown"), ("looked", "found")]
    assert rig.secrets == []


@pytest.mark.sqlite
def test_a_backup_from_the_middle_of_a_send_goes_on_as_unknown_and_is_found(
    buddy: StubBuddy, tmp_path: Path, opened: Open
) -> None:
    backup = tmp_path / "backup" / "slipway.db"
    backup.parent.mkdir()

    def back_up() -> None:
        with closing(sqlite3.connect(tmp_path / "slipway.db")) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)

    kill_after_creation(buddy, tmp_path, back_up)
    for leftover in tmp_path.glob("slipway.db*"):
        leftover.unlink()
    backup.rename(tmp_path / "slipway.db")
    rig = opened()
    assert rig.states == ["sending"]
    home = rig.browser.get("/")
    assert "Run tests" in home.text.partition("needs your attention")[2]
    rig.look(days=3)
    assert (rig.states, buddy.writes) == (["found"], 1)


def test_a_running_slipway_looks_by_itself_for_what_was_not_answered(buddy: StubBuddy, tmp_path: Path) -> None:
    buddy.write_fault = lambda connection, server: server.read(connection) and None
    with served_by(tmp_path, buddy) as served:
        receipt = send_form(served.url, LEAST).headers["Location"]
        until(lambda: "It was sent once." in requests.get(served.url + receipt, timeout=30).text)
    assert buddy.writes == 1


@pytest.mark.patient
def test_a_clock_that_jumps_ends_no_send_that_is_alive(rig: Rig) -> None:
    for hours in (1, -2, 1):

        def jump(connection: Any, server: Any, hours: int = hours) -> None:
            server.read(connection)
            rig.look(hours=hours)
            assert rig.rows[-1].state == "sending"
            connection.sendall(answer("201 Created", server.mine.action))

        rig.buddy.write_fault = jump
        rig.send(name=f"Jump {hours} {rig.buddy.writes}")
    assert (rig.states, rig.buddy.writes) == (["created"] * 3, 3)


@pytest.mark.patient
def test_an_answer_that_comes_after_another_process_gave_the_sender_up_is_still_a_proof(opened: Open, rig: Rig) -> None:
    other = opened()

    rig.buddy.creates = False

    def give_up_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        other.look(hours=1)
        assert other.states == ["absent"]
        connection.sendall(answer("201 Created", server.add(WIRE)))

    rig.buddy.write_fault = give_up_meanwhile
    receipt = rig.send()
    assert receipt.heading == "“Run tests” was added"
    assert (rig.states, rig.buddy.writes) == (["created"], 1)
    assert rig.record == [
        ("sent", "sending"),
        ("lost", "unknown"),
        ("looked", "absent"),
        ("answered", "created"),
    ]


@pytest.mark.patient
def test_an_answer_after_it_was_found_by_another_process_adds_nothing(opened: Open, rig: Rig) -> None:
    other = opened()

    def find_meanwhile(connection: Any, server: Any) -> None:
        server.read(connection)
        other.look(hours=1)
        connection.sendall(answer("201 Created", server.mine.action))

    rig.buddy.write_fault = find_meanwhile
    rig.send()
    assert (rig.states, rig.row.action_id, rig.buddy.writes) == (["found"], 100, 1)
    assert rig.record[-1] == ("looked", "found")
