"""Runs: what is sent to start and stop one, and what is read of it and of its log, over HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.clock import Clock
from support.faults import answer, answering
from support.read_faults import READ_FAULTS

from webapp.buddy.client import Client
from webapp.buddy.container import Container
from webapp.buddy.executions import (
    FINAL,
    WAITING,
    ActionExecution,
    Execution,
    LogPage,
    Revision,
    RunRequest,
    RunVariable,
    Status,
)
from webapp.buddy.images import PublicImage
from webapp.buddy.outcomes import Created, Rejected, Started, StopTaken, classify_run, classify_stop
from webapp.buddy.permissions import may_run
from webapp.buddy.secrecy import REDACTED
from webapp.http.errors import BadAnswer, BuddyError, NotFound, NotWhole
from webapp.http.failures import NotSent, Unknown
from webapp.http.reading import parse
from webapp.http.transport import Answer
from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

from .conftest import PLACE, Make, Start

AE = "5ddb7c180fb38be67bd78a88"
PATH = "/workspaces/buddy/projects/company-website/pipelines/2/executions"
NEWEST = Revision("newest")
EXECUTION: dict[str, Any] = {
    "url": f"https://api.buddy.works{PATH}/17",
    "html_url": "https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/execution/5ddb7c",
    "id": 17,
    "status": "INPROGRESS",
    "start_date": "2026-03-01T12:00:00.120Z",
    "triggered_on": "CLICK",
    "comment": "Try it [slipway k3f9x2ab]",
    "branch": {"name": "main", "commit": {"author": {"email": "hush-1@example.com"}}},
    "to_revision": {
        "revision": "506a3963507943d6908154f4bc9646e829128a08",
        "message": "Mend it\n\nSigned-off-by: A <hush-2@example.com>",
        "author": {"name": "hush-3", "email": "hush-4@example.com"},
        "committer": {"email": "hush-5@example.com"},
    },
    "creator": {"name": "hush-6", "email": "hush-7@example.com"},
    "pipeline": {"id": 2, "variables": [{"key": "A", "value": "hush-8"}]},
    "variables": [{"key": "B", "value": "hush-9"}],
    "action_executions": [
        {
            "action_execution_id": AE,
            "status": "INPROGRESS",
            "progress": 40,
            "start_date": "2026-03-01T12:00:02Z",
            "action": {
                "id": 5,
                "name": "Run tests",
                "type": "RUN_DOCKER_CONTAINER",
                "variables": [{"value": "hush-a"}],
            },
            "passed_variables": [{"key": "C", "value": "hush-b"}],
            "outputted_variables": [{"key": "D", "value": "hush-c"}],
        }
    ],
}


def test_a_run_is_sent_to_the_letter_and_nothing_else(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", EXECUTION)))
    variables = (RunVariable("LEVEL", "5"), RunVariable("KEY", "hush", encrypted=True))
    request = RunRequest((5,), Revision("branch", "main"), "Try it [slipway k3f9x2ab]", variables)
    outcome = client(f"{server.url}/api").run(PLACE, request)
    assert isinstance(outcome, Started) and (outcome.execution.id, outcome.status) == (17, 200)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(f"POST /api{PATH} HTTP/1.1\r\n".encode())
    assert json.loads(body) == {
        "actions_to_run": [5],
        "branch": {"name": "main"},
        "comment": "Try it [slipway k3f9x2ab]",
        "variables": [
            {"key": "LEVEL", "value": "5", "encrypted": False},
            {"key": "KEY", "value": "hush", "encrypted": True},
        ],
    }


@pytest.mark.parametrize(
    ("revision", "sent"),
    [
        (NEWEST, {"to_revision": {"revision": "HEAD"}}),
        (Revision("branch", "main"), {"branch": {"name": "main"}}),
        (Revision("tag", "v1.2"), {"tag": {"name": "v1.2"}}),
    ],
)
def test_the_whole_pipeline_is_run_by_naming_no_action(revision: Revision, sent: dict[str, object]) -> None:
    request = RunRequest((), revision, "Try it")
    assert request.payload() == request.redacted() == {**sent, "comment": "Try it"}
    assert request.secrets() == ()


def test_the_value_of_a_variable_is_a_secret_whether_encrypted_or_not() -> None:
    variables = (RunVariable("A", "hush-1"), RunVariable("B", "hush-2", encrypted=True), RunVariable("C", ""))
    request = RunRequest((5,), NEWEST, "Try it", variables)
    assert request.secrets() == ("hush-1", "hush-2")
    assert "hush" not in repr(request) + json.dumps(request.redacted())
    assert [item["value"] for item in request.redacted()["variables"]] == [REDACTED] * 3
    assert [item["key"] for item in request.redacted()["variables"]] == ["A", "B", "C"]


@pytest.mark.parametrize("value", [REDACTED, "!encrypted c2FuZGJveA=="])
def test_what_stands_for_a_secret_is_not_sent_to_a_run(faulty: Start, client: Make, value: str) -> None:
    server = faulty(answering(answer("200 OK", EXECUTION)))
    outcome = client(server.url).run(PLACE, RunRequest((5,), NEWEST, "Try it", (RunVariable("A", value),)))
    assert outcome == NotSent("The run holds a secret that only Buddy can read.")
    assert server.requests == []


def test_a_run_is_stopped_by_one_word(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", EXECUTION | {"status": "TERMINATING"})))
    outcome = client(server.url).stop(PLACE, 17)
    assert isinstance(outcome, StopTaken) and outcome.execution.status == Status.TERMINATING
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(f"PATCH {PATH}/17 HTTP/1.1\r\n".encode())
    assert json.loads(body) == {"operation": "CANCEL"}


def test_a_run_that_has_ended_is_not_stopped(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("400 Bad Request", {"errors": [{"message": "It has ended."}]})))
    outcome = client(server.url).stop(PLACE, 17)
    assert isinstance(outcome, Rejected) and outcome.messages == ("It has ended.",)


def test_a_run_is_read_and_nothing_of_others_is_kept(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", EXECUTION)))
    run = client(server.url).execution(PLACE, 17)
    assert (run.id, run.status, run.comment, run.logs_removed) == (17, "INPROGRESS", EXECUTION["comment"], False)
    assert run.html_url == EXECUTION["html_url"]
    assert (run.started_at, run.finished_at) == (datetime(2026, 3, 1, 12, 0, 0, 120000, tzinfo=UTC), None)
    action = run.of_action(5)
    assert action == ActionExecution(
        AE,
        5,
        "Run tests",
        "RUN_DOCKER_CONTAINER",
        "INPROGRESS",
        40,
        datetime(2026, 3, 1, 12, 0, 2, tzinfo=UTC),
        None,
        "",
    )
    assert run.of_action(6) is None
    assert "hush" not in json.dumps(run.raw) + repr(run)
    assert run.raw["to_revision"] == {"revision": "506a3963507943d6908154f4bc9646e829128a08"}
    assert run.raw["branch"] == {"name": "main"}
    assert Execution.from_json(run.raw) == run


def test_of_an_action_that_was_repeated_the_last_one_counts(faulty: Start, client: Make) -> None:
    def begun(id: str, **more: object) -> dict[str, object]:
        return {"action_execution_id": id, "action": {"id": 5}, **more}

    items = [
        begun("b", start_date="2026-03-01T12:00:09Z", status="SUCCESSFUL"),
        begun("a", start_date="2026-03-01T12:00:01Z", status="FAILED"),
        begun("c"),
    ]
    server = faulty(answering(answer("200 OK", {"id": 17, "action_executions": items})))
    action = client(server.url).execution(PLACE, 17).of_action(5)
    assert action and (action.id, action.status) == ("b", "SUCCESSFUL")


ODD: list[dict[str, Any]] = [
    {},
    {"status": None, "comment": 5, "action_executions": None, "start_date": "soon", "html_url": ["x"]},
    {"status": "X" * 500, "action_executions": {"a": 1}, "finish_date": 5, "logs_removed": "yes"},
    {"action_executions": [None, 5, {}, {"action": None}, {"action": {"id": "5"}}, {"action": {"name": "x"}}]},
]


@pytest.mark.parametrize("odd", ODD)
def test_only_the_id_of_a_run_must_be_there(faulty: Start, client: Make, odd: dict[str, Any]) -> None:
    run = client(faulty(answering(answer("200 OK", {"id": 17} | odd))).url).execution(PLACE, 17)
    assert (run.id, run.actions, run.started_at, run.finished_at, run.logs_removed) == (17, (), None, None, False)
    assert len(run.status) <= 40 and run.status not in FINAL | WAITING


@pytest.mark.parametrize("id", [None, 5, "", "a/b", "..", "é", "x" * 65, "a?b", "a b"])
def test_an_action_whose_address_is_not_safe_has_none(faulty: Start, client: Make, id: object) -> None:
    items = [{"action_execution_id": id, "action": {"id": 5}, "progress": "all", "error_message": "x" * 5000}]
    run = client(faulty(answering(answer("200 OK", {"id": 17, "action_executions": items}))).url).execution(PLACE, 17)
    action = run.of_action(5)
    assert action and (action.id, action.progress, len(action.error_message)) == ("", None, 2000)


@pytest.mark.parametrize(("said", "read"), [(0, 0), (99.5, 99), (100, 100), (101, None), (-1, None), (True, None)])
def test_progress_is_a_share_of_a_hundred(said: object, read: int | None) -> None:
    assert ActionExecution.from_json({"action": {"id": 5}, "progress": said}).progress == read


def test_all_words_of_buddys_are_known_and_each_is_of_one_kind() -> None:
    assert len(Status) == 13 and not FINAL & WAITING
    assert {"SUCCESSFUL", "TERMINATED"} <= FINAL and "WAITING_FOR_APPLY" in WAITING
    assert "TERMINATING" not in FINAL | WAITING


def test_runs_are_listed_newest_first_as_many_as_are_wanted(faulty: Start, client: Make) -> None:
    pages = [[{"id": id, "comment": f"run {id}"} for id in range(first, first - 50, -1)] for first in (300, 250, 200)]
    pages[0][3] = {"comment": "no id"}
    parts = iter([answer("200 OK", {"executions": page}) for page in pages])

    def fault(connection: Any, server: Any) -> None:
        server.read(connection)
        connection.sendall(next(parts))

    server = faulty(fault)
    listed = client(server.url).executions(PLACE)
    found = list(listed)
    assert (len(found), listed.unread, found[0].comment, found[-1].id) == (99, 1, "run 300", 201)
    asked = [request.split(b" ")[1].decode() for request in server.requests]
    assert asked == [f"{PATH}?page={page}&per_page=50" for page in (1, 2)]


def test_a_few_runs_are_read_in_one_page(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", {"executions": [{"id": 3}, {"id": 2}]})))
    assert [run.id for run in client(server.url).executions(PLACE)] == [3, 2]
    assert len(server.requests) == 1


def page(**more: object) -> dict[str, object]:
    return {"offset": 40, "element_count": 2, "total_element_count": 90, "logs": ["one", "two"]} | more


def test_a_page_of_a_log_is_asked_for_by_its_first_line(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", page())))
    assert client(server.url).log(PLACE, 17, AE, 40) == LogPage(40, ("one", "two"), 90)
    assert server.requests[0].startswith(f"GET {PATH}/17/action_executions/{AE}/logs?offset=40&limit=1000 ".encode())


LYING: list[tuple[dict[str, object], LogPage]] = [
    ({"offset": None, "total_element_count": None}, LogPage(40, ("one", "two"), None)),
    ({"offset": "40", "total_element_count": "many"}, LogPage(40, ("one", "two"), None)),
    ({"offset": -1, "total_element_count": -5}, LogPage(40, ("one", "two"), None)),
    ({"offset": True, "total_element_count": 1.5}, LogPage(40, ("one", "two"), None)),
    ({"offset": 0, "total_element_count": 0}, LogPage(0, ("one", "two"), 0)),
    ({"total_element_count": 10**9}, LogPage(40, ("one", "two"), 10**9)),
    # No log has as many lines.
    ({"total_element_count": 10**9 + 1}, LogPage(40, ("one", "two"), None)),
    ({"offset": 10**9 + 1, "total_element_count": 10**4000}, LogPage(40, ("one", "two"), None)),
    ({"logs": None}, LogPage(40, (), 90)),
    ({"logs": ["one", None, 5, ["x"], "two"]}, LogPage(40, ("one", "", "", "", "two"), 90)),
    ({"logs": ["x" * 5000]}, LogPage(40, ("x" * 2000,), 90)),
    ({"logs": ["<b>\x1b[31mred\x1b[0m</b>\r50%"]}, LogPage(40, ("<b>\x1b[31mred\x1b[0m</b>\r50%",), 90)),
]


@pytest.mark.parametrize(("said", "read"), LYING)
def test_nothing_that_buddy_counts_has_to_be_true(
    faulty: Start, client: Make, said: dict[str, object], read: LogPage
) -> None:
    assert client(faulty(answering(answer("200 OK", page(**said)))).url).log(PLACE, 17, AE, 40) == read


def test_of_more_lines_than_were_asked_for_the_first_are_taken(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", page(logs=[str(number) for number in range(3000)]))))
    lines = client(server.url).log(PLACE, 17, AE, 40).lines
    assert (len(lines), lines[-1]) == (1000, "999")


def test_bytes_that_are_no_text_are_replaced(faulty: Start, client: Make) -> None:
    body = b'{"offset": 0, "logs": ["a\xff\xfeb", "\xe2\x82"], "total_element_count": 2}'
    lines = client(faulty(answering(answer("200 OK", body))).url).log(PLACE, 17, AE, 0).lines
    assert lines == ("a\ufffd\ufffdb", "\ufffd")


@pytest.mark.parametrize(("character", "lines", "reads"), [(b"x", 100, 2), (b"\\u20ac", 10, 3)])
def test_long_lines_are_read_in_smaller_pages(
    faulty: Start, client: Make, character: bytes, lines: int, reads: int
) -> None:
    def fault(connection: Any, server: Any) -> None:
        limit = int(server.read(connection).split(b"limit=")[1].split(b" ")[0])
        line = b'"' + character * 2000 + b'"'
        connection.sendall(answer("200 OK", b'{"logs": [' + b",".join([line] * limit) + b"]}"))

    server = faulty(fault)
    found = client(server.url).log(PLACE, 17, AE, 40).lines
    assert (len(found), set(map(len, found)), len(server.requests)) == (lines, {2000}, reads)


def test_a_page_that_stays_too_large_is_told(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", b" " * 1_100_000)))
    with pytest.raises(NotWhole) as raised:
        client(server.url).log(PLACE, 17, AE, 40)
    assert "too large" in raised.value.sentence
    limits = [request.split(b"limit=")[1].split(b" ")[0] for request in server.requests]
    assert limits == [b"1000", b"100", b"10"]


def test_a_log_of_an_older_buddy_comes_in_one_piece(faulty: Start, client: Make) -> None:
    server = faulty(answering(answer("200 OK", EXECUTION["action_executions"][0] | {"log": ["one", None, "x" * 5000]})))
    assert client(server.url).whole_log(PLACE, 17, AE) == LogPage(0, ("one", "", "x" * 2000), 3)
    assert server.requests[0].startswith(f"GET {PATH}/17/action_executions/{AE} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(("noun", "reads"), [("actions", 1), ("action", 2)])
def test_the_oldest_logs_are_found_at_both_addresses(faulty: Start, client: Make, noun: str, reads: int) -> None:
    def fault(connection: Any, server: Any) -> None:
        found = f"{PATH}/17/{noun}/5 ".encode() in server.read(connection)
        connection.sendall(answer("200 OK", {"log": ["one"]}) if found else answer("404 Not Found", {}))

    server = faulty(fault)
    assert client(server.url).old_log(PLACE, 17, 5) == LogPage(0, ("one",), 1)
    assert len(server.requests) == reads


def test_a_log_that_is_nowhere_is_told(faulty: Start, client: Make) -> None:
    asked = client(faulty(answering(answer("404 Not Found", {}))).url)
    for read in (lambda: asked.log(PLACE, 17, AE, 0), lambda: asked.whole_log(PLACE, 17, AE)):
        with pytest.raises(NotFound):
            read()
    with pytest.raises(NotFound):
        asked.old_log(PLACE, 17, 5)


@pytest.mark.parametrize("id", ["", "..", "a/b", "a?b"])
def test_nothing_is_asked_at_an_address_that_is_not_safe(faulty: Start, client: Make, id: str) -> None:
    server = faulty(answering(answer("200 OK", page())))
    for read in (lambda: client(server.url).log(PLACE, 17, id, 0), lambda: client(server.url).whole_log(PLACE, 17, id)):
        with pytest.raises(ValueError, match="letters"):
            read()
    assert server.requests == []


@pytest.mark.parametrize("lines", [{"a": 1}, "text", 5])
def test_a_log_that_is_no_list_is_told(faulty: Start, client: Make, lines: object) -> None:
    asked = client(faulty(answering(answer("200 OK", {"logs": lines, "log": lines}))).url)
    with pytest.raises(BadAnswer):
        asked.log(PLACE, 17, AE, 0)
    with pytest.raises(BadAnswer):
        asked.whole_log(PLACE, 17, AE)


READS: dict[str, Callable[[Client], object]] = {
    "execution": lambda client: client.execution(PLACE, 17),
    "executions": lambda client: list(client.executions(PLACE)),
    "log": lambda client: client.log(PLACE, 17, AE, 0),
    "whole log": lambda client: client.whole_log(PLACE, 17, AE),
    "old log": lambda client: client.old_log(PLACE, 17, 5),
}
# What is tried again is so whatever is read: one of each kind shows it.
FAULTS = [name for name, (_, _, reads) in READ_FAULTS.items() if reads == 1 and name != "silent"] + ["503", "closed"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", READS)
def test_every_read_of_a_run_fails_as_every_other_read(faulty: Start, client: Make, name: str, fault: str) -> None:
    does, error, reads = READ_FAULTS[fault]
    server = faulty(does)
    with pytest.raises(BuddyError) as raised:
        READS[name](client(server.url))
    assert type(raised.value) is error
    assert raised.value.request.startswith(f"GET {server.url}{PATH}")
    # Fewer lines are asked for where a page is too large, and an older address where there is none.
    more = {("log", NotWhole): 3, ("old log", NotFound): 2}
    assert len(server.requests) == more.get((name, error), reads)


def test_a_log_that_is_cut_is_asked_for_again(faulty: Start, client: Make) -> None:
    whole = answer("200 OK", page())

    def fault(connection: Any, server: Any) -> None:
        server.read(connection)
        connection.sendall(whole[:-20] if len(server.requests) == 1 else whole)

    assert client(faulty(fault).url).log(PLACE, 17, AE, 40).lines == ("one", "two")


def test_a_run_on_the_sandbox_is_begun_found_followed_and_stopped(buddy: Client, sandbox: Sandbox) -> None:
    sandbox.state.clock = clock = Clock()
    added = buddy.add_action(PLACE, Container("Count", PublicImage("library/ubuntu", "latest"), "seq 3000\nsleep 100"))
    assert isinstance(added, Created)
    id = added.action.id
    request = RunRequest((id,), NEWEST, "Try it [slipway k3f9x2ab]", (RunVariable("LEVEL", "hush"),))
    begun = buddy.run(PLACE, request)
    assert isinstance(begun, Started) and begun.execution.status == Status.INITIAL
    (found,) = buddy.executions(PLACE)
    assert (found.id, found.comment, found.actions) == (begun.execution.id, request.comment, ())
    clock.forward(seconds=60)
    run = buddy.execution(PLACE, found.id)
    action = run.of_action(id)
    assert action and action.status == Status.INPROGRESS
    pages = [buddy.log(PLACE, run.id, action.id, offset) for offset in (0, 1000, 2000, 3000)]
    assert [len(page.lines) for page in pages] == [1000, 1000, 1000, 5]
    lines = [line for page in pages for line in page.lines]
    assert lines[4:3004] == [str(number) for number in range(1, 3001)] and pages[0].total == len(lines)
    assert "hush" not in repr(run) + json.dumps(run.raw) and "@" not in json.dumps(run.raw)
    stopped = buddy.stop(PLACE, run.id)
    assert isinstance(stopped, StopTaken) and stopped.execution.status == Status.TERMINATING
    clock.forward(seconds=60)
    ended = buddy.execution(PLACE, run.id)
    assert ended.status == Status.TERMINATED and ended.finished_at
    again = buddy.stop(PLACE, run.id)
    assert isinstance(again, Rejected) and again.status == 400
    sandbox.state.weather = Weather.OLDER_LOGS
    with pytest.raises(NotFound):
        buddy.log(PLACE, run.id, action.id, 0)
    assert buddy.whole_log(PLACE, run.id, action.id).lines == tuple(lines)
    sandbox.state.weather = Weather.OLDEST_LOGS
    with pytest.raises(NotFound):
        buddy.whole_log(PLACE, run.id, action.id)
    assert buddy.old_log(PLACE, run.id, id).lines == tuple(lines)
    assert [(item.method, item.body) for item in sandbox.received[1:]] == [
        ("POST", request.payload()),
        ("PATCH", {"operation": "CANCEL"}),
        ("PATCH", {"operation": "CANCEL"}),
    ]


def test_a_token_that_may_only_read_runs_nothing(sandbox: Sandbox) -> None:
    reader = Client(sandbox.start(), "sandbox-read-only")
    outcomes = [reader.run(PLACE, RunRequest((5,), NEWEST, "Try it")), reader.stop(PLACE, 1)]
    assert not may_run(reader)
    for outcome in outcomes:
        assert isinstance(outcome, Rejected)
        assert "Buddy wants one of the scopes EXECUTION_RUN, EXECUTION_MANAGE for it" in outcome.sentence
    reader.close()


TOKENS = {
    "WORKSPACE EXECUTION_MANAGE": True,
    "EXECUTION_RUN": True,
    "PIPELINE_RUN": True,
    "PIPELINE_MANAGE": True,
    # Buddy does not say.
    "PIPELINE_WRITE": True,
    "PIPELINE_EDIT": True,
    "": True,
    "WORKSPACE EXECUTION_INFO": False,
    "PIPELINE_READ INTEGRATION_MANAGE": False,
}


@pytest.mark.parametrize(("scopes", "may"), TOKENS.items())
def test_a_token_that_may_not_run_is_told_of_and_never_guessed(
    faulty: Start, client: Make, scopes: str, may: bool
) -> None:
    asked = client(faulty(answering(answer("200 OK", {"scopes": scopes.split()}))).url)
    assert may_run(asked) is may


STATES = {
    "disabled": True,
    "disabled_reason": "Too many failures.",
    "paused": True,
    "waiting_for_push": True,
    "description_required": True,
    "refs": ["refs/heads/*", 5],
    "variables": [{"key": "LEVEL", "value": "5", "settable": True}, {"key": "KEY", "value": "hush", "encrypted": True}],
    "project": {"name": "site", "default_branch": "main"},
    "actions": [{"id": 5, "trigger_time": "ON_FAILURE"}, {"id": 6}],
}


def test_a_pipeline_tells_what_stands_in_the_way_of_a_run(faulty: Start, client: Make) -> None:
    told = client(faulty(answering(answer("200 OK", {"id": 2} | STATES))).url).pipeline(PLACE)
    assert (told.disabled, told.disabled_reason, told.paused, told.waiting_for_push) == (
        True,
        "Too many failures.",
        True,
        True,
    )
    assert (told.description_required, told.refs) == (True, ("refs/heads/*",))
    assert [(item.key, item.value, item.settable) for item in told.variables] == [
        ("LEVEL", "5", True),
        ("KEY", None, False),
    ]
    assert told.project and told.project.default_branch == "main"
    assert [action.trigger_time for action in told.actions] == ["ON_FAILURE", ""]
    assert "hush" not in repr(told)
    silent = client(faulty(answering(answer("200 OK", {"id": 2, "refs": "main", "variables": {}}))).url).pipeline(PLACE)
    assert (silent.description_required, silent.refs, silent.variables) == (False, (), ())


@given(st.integers(100, 599), st.binary())
def test_any_bytes_end_in_an_outcome_of_a_run(status: int, body: bytes) -> None:
    answered = Answer(status, {}, body)
    for outcome in (classify_run(answered), classify_stop(answered, 17)):
        assert isinstance(outcome, Rejected | Unknown)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "action", "status", "progress", "action_execution_id", "log", "x"]), inner
        )
    ),
    max_leaves=12,
)


# What is asked for with a run, with a part of its log, and with a whole one.
READABLE = EXECUTION | {"logs": ["one"], "log": ["one"], "offset": 0, "total_element_count": 1}


@example({}, set())
@given(st.dictionaries(st.sampled_from(list(READABLE)), ANY), st.sets(st.sampled_from(list(READABLE))))
def test_whatever_is_in_an_answer_a_run_and_a_log_are_read_or_refused(odd: dict[str, Any], missing: set[str]) -> None:
    answered = {name: value for name, value in (READABLE | odd).items() if name not in missing}
    for read in (Execution.from_json, LogPage.reader(0, 10), LogPage.whole):
        try:
            read(parse(json.dumps(answered).encode()))
        except BadAnswer:
            assert odd or missing
