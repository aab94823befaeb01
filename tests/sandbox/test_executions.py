"""Runs on the sandbox: they move on with time, look like Buddy's, and end as what is asked for would."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from support.clock import Clock
from support.documented import example, faults, schema_of, strays
from support.naughty import NAUGHTY

from webapp.sandbox import Sandbox
from webapp.sandbox.scripts import script_of
from webapp.sandbox.weather import Weather

Call = Callable[..., requests.Response]
Json = dict[str, Any]
Add = Callable[..., int]

W = "/workspaces/buddy/projects/company-website/pipelines"
RUNS, ACTIONS = f"{W}/2/executions", f"{W}/2/actions"
SERVICES = "/workspaces/buddy-labs/projects/services/pipelines"
NEWEST = {"to_revision": {"revision": "HEAD"}, "comment": "Try it [slipway k3f9x2ab]"}
PLAIN = "This is the sandbox: nothing is run. What follows is made up from the action's settings."


@pytest.fixture
def clock(sandbox: Sandbox) -> Clock:
    """The sandbox's clock, which stands still until a test moves it."""
    sandbox.state.clock = clock = Clock()
    return clock


@pytest.fixture
def add(call: Call, least: Json) -> Add:
    """Adds actions to the contract's pipeline, which run in a Python image unless it says otherwise."""

    def add(commands: str = "echo done", **more: object) -> int:
        image = {"docker_image_name": "library/python", "docker_image_tag": "3.12", "inline_commands": commands}
        return int(call("POST", ACTIONS, json=least | image | more).json()["id"])

    return add


@pytest.fixture
def begin(call: Call, clock: Clock) -> Callable[..., str]:
    """Starts a run of some actions, or of all, and gives its address."""

    def begin(*actions: int, **more: object) -> str:
        body = NEWEST | ({"actions_to_run": list(actions)} if actions else {}) | more
        assert faults(body, schema_of("RunExecutionRequest")) == []
        return f"{RUNS}/{read(call('POST', RUNS, json=body))['id']}"

    return begin


Begin = Callable[..., str]


def read(answer: requests.Response) -> Any:
    """The body of an answer that is as documented."""
    assert (answer.status_code, strays(answer)) == (200, [])
    return answer.json()


def log_of(call: Call, run: str) -> list[str]:
    """The whole log of a run's last action, by way of its pages."""
    item = call("GET", run).json()["action_executions"][-1]
    lines: list[str] = []
    while True:
        path = f"{run}/action_executions/{item['action_execution_id']}/logs"
        page = call("GET", path, params={"offset": len(lines), "limit": 1000}).json()
        assert (page["offset"], page["element_count"]) == (len(lines), len(page["logs"]))
        lines += page["logs"]
        if len(lines) >= page["total_element_count"]:
            return lines


def statuses(run: Json) -> list[str]:
    return [run["status"], *(item["status"] for item in run["action_executions"])]


def test_a_run_goes_from_state_to_state_with_time_alone(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add("echo one\necho two"))
    seen = []
    for _ in range(30):
        now = read(call("GET", run))
        seen.append((*statuses(now), "start_date" in now, "finish_date" in now))
        clock.forward(seconds=0.3)
    assert list(dict.fromkeys(seen)) == [
        ("INITIAL", "INITIAL", False, False),
        ("ENQUEUED", "INITIAL", False, False),
        ("INPROGRESS", "INPROGRESS", True, False),
        ("SUCCESSFUL", "SUCCESSFUL", True, True),
    ]
    clock.forward(days=1)
    assert read(call("GET", run)) == now


def test_a_run_is_answered_with_what_was_asked_for(call: Call, add: Add, begin: Begin) -> None:
    id = add()
    now = read(call("GET", begin(id, branch={"name": "next"}, priority="HIGH")))
    assert (now["comment"], now["branch"]["name"], now["priority"]) == (NEWEST["comment"], "next", "HIGH")
    assert [item["action"]["id"] for item in now["action_executions"]] == [id]
    assert re.fullmatch(r"[0-9a-f]{24}", now["action_executions"][0]["action_execution_id"])
    assert re.fullmatch(r"[0-9a-f]{24}", now["html_url"].rpartition("/execution/")[2])
    assert read(call("GET", begin(id, tag={"name": "v1.2"})))["tag"]["name"] == "v1.2"
    assert read(call("GET", begin(id, pull_request={"name": "pull/12"})))["pull_request"]["name"] == "pull/12"


def test_a_log_grows_and_what_stands_there_stays(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add("seq 4000\npytest --version\nls", docker_image_name="acme/tools"))
    before: list[str] = []
    progress = []
    for _ in range(20):
        clock.forward(seconds=0.5)
        lines = log_of(call, run)
        assert lines[: len(before)] == before
        before = lines
        progress.append(read(call("GET", run))["action_executions"][0]["progress"])
    assert progress == sorted(progress) and (progress[0], progress[-1]) == (0, 100)
    assert (before[0], before[-1]) == (PLAIN, "Build finished successfully!")
    assert before[4:4004] == [str(number) for number in range(1, 4001)]


def test_fifty_thousand_lines_are_all_there_and_in_order(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run, more = begin(add("seq 50000")), begin(add("seq 999999\n" * 100))
    clock.forward(days=1)
    assert log_of(call, run)[4:-1] == [str(number) for number in range(1, 50_001)]
    assert len(log_of(call, more)) < 101_000


def test_a_page_of_a_log_is_what_is_asked_for(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add("seq 300"))
    clock.forward(seconds=60)
    id = call("GET", run).json()["action_executions"][0]["action_execution_id"]
    path = f"{run}/action_executions/{id}/logs"
    assert call("GET", path).json().keys() == {
        *("url", "html_url", "offset", "element_count", "total_element_count", "logs"),
    }
    pages = [call("GET", f"{path}{query}").json()["logs"] for query in ("", "?limit=2", "?offset=9999")]
    assert [len(page) for page in pages] == [100, 2, 0]
    refused = [call("GET", f"{path}{query}").status_code for query in ("?limit=0", "?limit=1001", "?offset=-1")]
    assert refused == [400] * 3


FAILURES: dict[str, tuple[Json, str, int]] = {
    "an unknown tag": ({"docker_image_tag": "3.99"}, r"manifest for python:3\.99 not found: manifest unknown", 1),
    "a tag with a slip": ({"docker_image_tag": "latst"}, r"manifest for python:latst not found", 1),
    "an image that nobody may pull": (
        {"docker_image_name": "acme/private-app"},
        r"pull access denied for acme/private-app, repository does not exist or may require 'docker login'",
        1,
    ),
    "a wrong login": ({"login": "wrong-me", "password": "hush"}, r"unauthorized: incorrect username or password", 1),
    "no such user": ({"run_as_user": "deploy"}, r"unable to find user deploy: no matching entries in passwd file", 125),
    "no such user of one's own image": (
        {"docker_image_name": "acme/app", "run_as_user": "missing"},
        r"unable to find user missing",
        125,
    ),
    "a program that the image lacks": ({"inline_commands": "npm ci"}, r"/bin/sh: 1: npm: not found", 127),
    "a program to be installed": ({"inline_commands": "pytest tests"}, r"/bin/sh: 1: pytest: not found", 127),
    "a program that no image has": (
        {"docker_image_name": "acme/app", "inline_commands": "no-such-tool --now"},
        r"/bin/sh: 1: no-such-tool: not found",
        127,
    ),
    "a module to be installed": ({"inline_commands": "python -m pytest"}, r"python: No module named pytest", 1),
    "a file that may not be run": ({"inline_commands": "./deploy.sh"}, r"\./deploy\.sh: Permission denied", 126),
    "a folder of root's": (
        {"inline_commands": "mkdir /root/a", "run_as_user": "nobody"},
        r"mkdir: cannot touch '/root/a': Permission denied",
        1,
    ),
    "packages for root alone": (
        {"inline_commands": "apt-get install -y make", "run_as_user": "1000"},
        r"\(13: Permission denied\)",
        100,
    ),
    "no such file": ({"inline_commands": "cat missing.txt"}, r"cat: missing\.txt: No such file or directory", 1),
    "no such script": ({"inline_commands": "./missing.sh"}, r"/bin/sh: 1: \./missing\.sh: not found", 127),
    "no such program file": (
        {"inline_commands": "python missing.py"},
        r"can't open file '/buddy/missing\.py': \[Errno 2\] No such file or directory",
        2,
    ),
    "no such requirements": ({"inline_commands": "pip install -r missing.txt"}, r"No such file or directory", 1),
    "no such module": (
        {"docker_image_name": "node", "docker_image_tag": "22", "inline_commands": "node missing.js"},
        r"Cannot find module '/buddy/missing\.js'",
        1,
    ),
    "no such folder": ({"inline_commands": "cd missing"}, r"can't cd to missing", 2),
    "no such target": ({"inline_commands": "make missing"}, r"No rule to make target 'missing'", 2),
    "exit": ({"inline_commands": "echo begun\nexit 3"}, r"Exit code: 3", 3),
    "a failed test": ({"inline_commands": "pip install pytest\npytest -k fail"}, r"1 failed", 1),
    "a failed target": ({"inline_commands": "make fail"}, r"make: \*\*\* \[Makefile:2: fail\] Error 1", 1),
    "memory": ({"inline_commands": "tail /dev/zero"}, r"^Killed$", 137),
    "memory of Java": (
        {"docker_image_name": "maven", "inline_commands": "java -jar out-of-memory.jar"},
        r"java\.lang\.OutOfMemoryError: Java heap space",
        1,
    ),
    "memory of Node": (
        {"docker_image_name": "node", "docker_image_tag": "22", "inline_commands": "node out-of-memory.js"},
        r"JavaScript heap out of memory",
        134,
    ),
    "a volume without a path": ({"volume_mappings": ["/:app"]}, r"'app' mount path must be absolute", 125),
    "a volume of nothing": ({"volume_mappings": ["/missing:/app"]}, r"bind source path does not exist", 125),
    "disk": ({"inline_commands": "fallocate -l 900G big"}, r"fallocate failed: No space left on device", 1),
    "disk, otherwise": ({"inline_commands": "dd if=/dev/zero of=b bs=1G count=999G"}, r"No space left on device", 1),
    "an entrypoint's file": (
        {"entrypoint": "/missing.sh"},
        r'exec: "/missing\.sh": stat /missing\.sh: no such file',
        127,
    ),
    "an entrypoint's program": (
        {"entrypoint": "missing now"},
        r'exec: "missing": executable file not found in \$PATH',
        127,
    ),
}


@pytest.mark.parametrize(("settings", "line", "code"), FAILURES.values(), ids=FAILURES)
def test_what_goes_wrong_elsewhere_goes_wrong_here(
    call: Call, add: Add, begin: Begin, clock: Clock, settings: Json, line: str, code: int
) -> None:
    run = begin(add(**settings | {"commands": settings.get("inline_commands", "echo done")}))
    clock.forward(seconds=60)
    now = read(call("GET", run))
    assert statuses(now) == ["FAILED", "FAILED"]
    assert now["action_executions"][0]["error_message"] == f"Action failed with exit code {code}"
    lines = log_of(call, run)
    assert lines[-1] == f"Build finished unsuccessfully! Exit code: {code}"
    assert [text for text in lines if re.search(line, text)], lines


def test_an_action_ends_where_its_time_is_over(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add("echo begun\nsleep 5m", timeout=60))
    clock.forward(seconds=61)
    assert statuses(read(call("GET", run))) == ["INPROGRESS", "INPROGRESS"]
    clock.forward(seconds=1)
    now = read(call("GET", run))
    assert statuses(now) == ["FAILED", "FAILED"]
    assert "exceeded its timeout of 60 seconds" in now["action_executions"][0]["error_message"]
    assert "exceeded its timeout of 60 seconds" in log_of(call, run)[-2]


GOOD = {
    "chosen and joined": "false || true && ls\nif [ -f missing ]; then\n  echo yes\nfi",
    "installed first": "pip install -r requirements.txt\npytest\npython -m pytest",
    "made to be run": "chmod +x deploy.sh\n./deploy.sh && ./gradlew build",
    "over several lines": "python -c '\nimport nothing\n'\ncat <<'END' > a\nnobody knows this\nEND\nls \\\n  -l",
    "choices and functions": "deploy() {\n  echo $1\n}\ncase $A in\n  a) deploy prod;;\nesac\n(cd src && ls)",
    "comments": "# don't\necho 1 # it's\n$PROGRAM now\nsudo apt-get install -y git",
    "an end": "exit 0\nnobody",
    "half a line": "echo 'never ended",
    "one of one's own": "printenv\nexport\n/opt/tool --now",
    "nothing to say": "TOKEN=1 env > file\nexport A=1\nsleep 1 2s\nseq nothing\nsleep shortly",
    "tools": "make build\nnpm run build || true\ngit pull",
}


@pytest.mark.parametrize("commands", GOOD.values(), ids=GOOD)
def test_what_goes_well_elsewhere_goes_well_here(
    call: Call, add: Add, begin: Begin, clock: Clock, commands: str
) -> None:
    run = begin(add(commands))
    clock.forward(seconds=60)
    assert (read(call("GET", run))["status"], log_of(call, run)[-1]) == ("SUCCESSFUL", "Build finished successfully!")


def test_an_image_of_an_earlier_action_needs_no_pull(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    built = {"use_image_from_action": True, "docker_build_action_id": 0, "docker_image_tag": "missing"}
    run = begin(add(**built, volume_mappings=["/:/app"], run_as_user="1000:1000", entrypoint="/bin/sh -c"))
    clock.forward(seconds=60)
    lines = log_of(call, run)
    assert lines == [PLAIN, "Executing command: echo done", "done", "Build finished successfully!"]


def test_variables_are_filled_in_and_encrypted_ones_are_masked(
    call: Call, add: Add, begin: Begin, clock: Clock
) -> None:
    own = [{"key": "PLAIN", "value": "open"}, {"key": "SHUT", "value": "hush-1", "encrypted": True}]
    id = add(
        "echo $PLAIN ${SHUT} $LEVEL $KEY $NONE\nexport PLAIN=new\necho $PLAIN > a\necho -n $PLAIN\nenv", variables=own
    )
    passed = [{"key": "LEVEL", "value": "5"}, {"key": "KEY", "value": "hush-2", "encrypted": True}]
    run = begin(id, variables=passed)
    clock.forward(seconds=60)
    lines = log_of(call, run)
    assert "open ******** 5 ******** " in lines and "new" in lines and "LEVEL=5" in lines
    assert "hush" not in json.dumps(lines) + call("GET", run).text
    assert call("GET", run).json()["action_executions"][0]["passed_variables"][0] == {"key": "LEVEL", "value": "5"}


def test_what_is_meant_for_a_failure_is_left_out_until_there_is_one(
    call: Call, add: Add, begin: Begin, clock: Clock
) -> None:
    good = add()
    alarm = add(name="Alarm", trigger_time="ON_FAILURE", run_only_on_first_failure=True)
    late = add(name="Late")
    for run, expected in ((begin(), [5, good, late]), (begin(alarm), [])):
        clock.forward(seconds=60)
        now = read(call("GET", run))
        assert (now["status"], [item["action"]["id"] for item in now["action_executions"]]) == ("SUCCESSFUL", expected)
    call("PATCH", f"{ACTIONS}/{good}", json={"inline_commands": "exit 1"})
    run = begin()
    clock.forward(seconds=60)
    now = read(call("GET", run))
    named = {item["action"]["id"]: item["status"] for item in now["action_executions"]}
    assert named == {5: "SUCCESSFUL", good: "FAILED", alarm: "SUCCESSFUL", late: "NOT_EXECUTED"}
    assert now["status"] == "FAILED"


def test_what_is_switched_off_is_left_out_and_what_has_conditions_is_skipped(
    call: Call, add: Add, begin: Begin, clock: Clock
) -> None:
    off = add(disabled=True)
    conditions = [{"trigger_condition": "VAR_IS", "trigger_variable_key": "A"}]
    skipped = add(trigger_conditions=conditions)
    harmless = add("exit 1", ignore_errors=True)
    run = begin(off, skipped, harmless)
    clock.forward(seconds=60)
    now = read(call("GET", run))
    assert statuses(now) == ["SUCCESSFUL", "SKIPPED", "FAILED"]
    run = begin(skipped)
    clock.forward(seconds=60)
    assert log_of(call, run) == ["Action has been skipped because trigger conditions were not met"]


def test_a_stop_takes_a_moment(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add("echo begun\nsleep infinity"), add())
    clock.forward(seconds=20)
    answers = [call("PATCH", run, json={"operation": "CANCEL"}) for _ in range(2)]
    assert [statuses(read(answer)) for answer in answers] == [["TERMINATING", "TERMINATING", "INITIAL"]] * 2
    clock.forward(seconds=3)
    now = read(call("GET", run))
    assert statuses(now) == ["TERMINATED", "TERMINATED", "NOT_EXECUTED"]
    assert now["finish_date"] > now["start_date"]
    refused = call("PATCH", run, json={"operation": "CANCEL"})
    assert (refused.status_code, "TERMINATED" in refused.text) == (400, True)


def test_a_run_that_is_stopped_before_it_begins_never_does(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add())
    assert statuses(read(call("PATCH", run, json={"operation": "CANCEL"}))) == ["TERMINATING", "INITIAL"]
    clock.forward(seconds=60)
    assert statuses(read(call("GET", run))) == ["TERMINATED", "NOT_EXECUTED"]
    assert log_of(call, run) == []


WAITS = ("WAITING_FOR_APPLY", "WAITING_FOR_VARIABLES", "WAITING_FOR_SETTABLE_VARIABLES", "WAITING_FOR_VT_SESSION")


@pytest.mark.parametrize("word", WAITS)
def test_a_run_waits_until_somebody_lets_it_go_on(call: Call, add: Add, begin: Begin, clock: Clock, word: str) -> None:
    run, stopped = (begin(add(f"# sandbox: {word}\necho on")) for _ in range(2))
    clock.forward(days=1)
    assert statuses(read(call("GET", run))) == [word, word]
    operation = {"WAITING_FOR_APPLY": "APPLY", "WAITING_FOR_VT_SESSION": "APPROVE_VT"}.get(word, "APPLY_VARIABLES")
    assert read(call("PATCH", run, json={"operation": operation}))["status"] == "INPROGRESS"
    assert call("PATCH", run, json={"operation": operation}).status_code == 400
    assert read(call("PATCH", stopped, json={"operation": "CANCEL"}))["status"] == "TERMINATING"
    clock.forward(seconds=60)
    assert statuses(read(call("GET", run))) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert statuses(read(call("GET", stopped))) == ["TERMINATED", "TERMINATED"]


def test_each_of_buddys_words_is_reached_by_a_run_and_by_an_action(
    call: Call, add: Add, begin: Begin, clock: Clock
) -> None:
    asked = (*WAITS, "SKIPPED", "NOT_EXECUTED")
    runs = [begin(add(commands)) for commands in ("echo 1", "exit 1", *(f"# sandbox: {word}" for word in asked))]
    runs += [begin(add("sleep 9\nsleep 9"))]
    seen = set()
    for second in range(30):
        if second == 9:
            call("PATCH", runs[-1], json={"operation": "CANCEL"})
        seen |= {tuple(statuses(read(call("GET", run)))) for run in runs}
        clock.forward(seconds=0.5)
    words = set(example("buddy-openapi")["schemas"]["ExecutionView"]["properties"]["status"]["enum"])
    assert len(words) == 13
    assert {run for run, _ in seen} == words
    assert {action for _, action in seen} == words - {"ENQUEUED"}


def test_a_run_is_repeated_as_another_one(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add())
    assert call("PATCH", run, json={"operation": "RETRY"}).status_code == 400
    clock.forward(seconds=60)
    again = read(call("PATCH", run, json={"operation": "RETRY"}))
    assert again["id"] != int(run.rpartition("/")[2]) and again["comment"] == NEWEST["comment"]


def test_runs_are_listed_in_pages_newest_first(call: Call, add: Add, begin: Begin) -> None:
    id = add()
    begun = [int(begin(id).rpartition("/")[2]) for _ in range(62)][::-1]
    pages = [read(call("GET", f"{RUNS}?page={page}&per_page=50")) for page in (1, 2, 3)]
    assert [[run["id"] for run in page["executions"]] for page in pages] == [begun[:50], begun[50:], []]
    counts = [(page["element_count"], page["total_element_count"], page["total_page_count"]) for page in pages]
    assert counts == [(50, 62, 2), (12, 62, 2), (0, 62, 2)]
    assert len(read(call("GET", RUNS))["executions"]) == 20
    assert len(read(call("GET", f"{RUNS}?per_page=1000"))["executions"]) == 50
    assert read(call("GET", f"{RUNS}?per_page=0"))["executions"] == []


def test_only_the_last_runs_are_kept(call: Call, add: Add, begin: Begin) -> None:
    id = add()
    runs = [begin(id) for _ in range(201)]
    assert read(call("GET", RUNS))["total_element_count"] == 200
    assert [call("GET", run).status_code for run in runs[:2]] == [404, 200]


def test_a_log_is_kept_for_thirty_days(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    run = begin(add())
    clock.forward(days=29)
    assert (read(call("GET", run))["logs_removed"], log_of(call, run) != []) == (False, True)
    clock.forward(days=2)
    assert (read(call("GET", run))["logs_removed"], log_of(call, run)) == (True, [])


def test_the_last_state_of_pipelines_and_actions_follows(call: Call, add: Add, begin: Begin, clock: Clock) -> None:
    def last() -> list[str]:
        detail, action = read(call("GET", f"{W}/2")), read(call("GET", f"{ACTIONS}/{id}"))
        listed = read(call("GET", ACTIONS))["actions"][-1]
        return [item["last_execution_status"] for item in (detail, action, listed)]

    id = add("exit 1")
    assert last() == ["SUCCESSFUL", "INITIAL", "INITIAL"]
    begin(id)
    clock.forward(seconds=2)
    assert last() == ["INPROGRESS"] * 3
    clock.forward(seconds=60)
    assert last() == ["FAILED"] * 3
    begin(5)
    clock.forward(seconds=60)
    assert last() == ["SUCCESSFUL", "FAILED", "FAILED"]


def addresses(run: Json) -> list[str]:
    """Where a log can be: the newest page, the one of December 2025, the two before."""
    item = run["action_executions"][0]
    path = f"{RUNS}/{run['id']}"
    newer = f"{path}/action_executions/{item['action_execution_id']}"
    return [f"{newer}/logs", newer, f"{path}/actions/{item['action']['id']}", f"{path}/action/{item['action']['id']}"]


@pytest.mark.parametrize(
    ("weather", "there"),
    [
        (Weather.FINE, [200, 200, 200, 200]),
        (Weather.OLDER_LOGS, [404, 200, 200, 200]),
        (Weather.OLDEST_LOGS, [404, 404, 404, 200]),
    ],
)
def test_logs_are_where_they_were_when_buddy_was_older(
    call: Call, sandbox: Sandbox, add: Add, begin: Begin, clock: Clock, weather: Weather, there: list[int]
) -> None:
    run = call("GET", begin(add())).json()
    clock.forward(seconds=60)
    sandbox.state.weather = weather
    answers = [call("GET", path) for path in addresses(run)]
    assert [answer.status_code for answer in answers] == there
    for answer in answers[1:]:
        if answer.status_code == 200:
            assert faults(answer.json(), schema_of("ActionExecutionView")) == []
            assert (answer.json()["log"][0], answer.json()["status"]) == (PLAIN, "SUCCESSFUL")


def test_nothing_else_is_at_the_addresses_of_logs(call: Call, add: Add, begin: Begin) -> None:
    run = begin(add())
    for path in ("action_executions/5ddb7c", "action_executions/5ddb7c/logs", "actions/99", "action/99"):
        assert call("GET", f"{run}/{path}").status_code == 404
    for path in ("/99", "/99/action_executions/5ddb7c/logs", "/99/action/5"):
        assert call("GET", f"{RUNS}{path}").status_code == 404


REFUSALS: dict[str, tuple[object, str]] = {
    "a list": ([], "JSON object"),
    "no object": ({"to_revision": "HEAD"}, "Field to_revision must be an object."),
    "no list": ({"actions_to_run": 5}, "Field actions_to_run must be a list."),
    "no such action": ({"actions_to_run": [5, 99]}, "there is no action 99 in this pipeline"),
    "no number": ({"actions_to_run": ["5"]}, "there is no action 5 in this pipeline"),
    "no such branch": ({"branch": {"name": "missing"}}, "there is no branch missing in the repository"),
    "a slip in a branch": ({"branch": {"name": "mastre"}}, "there is no branch mastre in the repository"),
    "a tag as a branch": ({"branch": {"name": "v1.2"}}, "there is no branch v1.2 in the repository"),
    "the tag of an image": ({"tag": {"name": "3.99-slim"}}, "there is no tag 3.99-slim in the repository"),
    "no such pull request": ({"pull_request": {"name": "pull/1"}}, "there is no pull request pull/1"),
    "a branch without name": ({"branch": {"title": "main"}}, "Field branch: name is required."),
    "an unknown priority": ({"priority": "HIGHEST"}, "Field priority must be one of LOW, NORMAL, HIGH."),
    "a variable that is text": ({"variables": ["A=1"]}, "Field variables"),
    "a variable without value": ({"variables": [{"key": "A"}]}, "Field variables"),
}


@pytest.mark.parametrize(("body", "message"), REFUSALS.values(), ids=REFUSALS)
def test_what_buddy_would_refuse_in_a_run_is_refused_by_name(call: Call, body: object, message: str) -> None:
    answer = call("POST", RUNS, json=body)
    assert (answer.status_code, strays(answer)) == (400, [])
    assert message in answer.json()["errors"][0]["message"]
    assert read(call("GET", RUNS))["executions"] == []


STATES = {
    616: (NEWEST, "The pipeline is paused."),
    617: (NEWEST, "waiting for the first push"),
    618: (NEWEST, "The pipeline is disabled: It has failed too often."),
    619: (NEWEST, "Field branch or tag is required"),
    620: ({}, "Field comment is required"),
}


@pytest.mark.parametrize(("number", "body", "message"), [(number, *rest) for number, rest in STATES.items()])
def test_a_pipeline_that_can_not_be_run_says_why(call: Call, number: int, body: Json, message: str) -> None:
    answer = call("POST", f"{SERVICES}/{number}/executions", json=body)
    assert (answer.status_code, strays(answer)) == (400, [])
    assert message in answer.json()["errors"][0]["message"]


def test_pipelines_for_several_branches_run_once_one_is_named(call: Call) -> None:
    for body in ({"branch": {"name": "release/2.0"}}, {"tag": {"name": "v1.0"}}):
        assert read(call("POST", f"{SERVICES}/619/executions", json=body))["status"] == "INITIAL"


@pytest.mark.parametrize("body", [{}, [], {"operation": "PAUSE"}, {"operation": 5}, {"operation": "RUN_DELAYED"}])
def test_what_can_not_be_done_to_a_run_is_refused(call: Call, add: Add, begin: Begin, body: object) -> None:
    answer = call("PATCH", begin(add()), json=body)
    assert (answer.status_code, strays(answer)) == (400, [])


@pytest.mark.parametrize(("token", "status"), [("sandbox-read-only", 403), ("other", 401)])
def test_only_a_token_that_may_run_starts_and_stops(
    call: Call, sandbox: Sandbox, add: Add, begin: Begin, token: str, status: int
) -> None:
    run = begin(add())
    headers = {"Authorization": f"Bearer {token}"}
    calls: list[tuple[str, str, object]] = [("POST", RUNS, NEWEST), ("PATCH", run, {"operation": "CANCEL"})]
    for method, path, body in calls:
        refused = call(method, path, json=body, headers=headers)
        assert (refused.status_code, strays(refused)) == (status, [])
        if status == 403:
            assert refused.headers["X-Accepted-OAuth-Scopes"] == "EXECUTION_RUN, EXECUTION_MANAGE"
    assert read(call("GET", run))["status"] == "INITIAL"


def test_bad_weather_is_over_runs_too(call: Call, sandbox: Sandbox, add: Add, begin: Begin) -> None:
    run = begin(add())
    calls: list[tuple[str, str, object]] = [
        ("GET", RUNS, None),
        ("GET", run, None),
        ("POST", RUNS, NEWEST),
        ("PATCH", run, {"operation": "CANCEL"}),
    ]
    sandbox.state.weather = Weather.RATE_LIMITED
    for method, path, body in calls:
        limited = call(method, path, json=body)
        assert (limited.status_code, limited.json(), strays(limited)) == (429, example("rate_limited"), [])
    sandbox.state.weather = Weather.LOST
    with pytest.raises(requests.ConnectionError, match="without response"):
        call("POST", RUNS, json=NEWEST)
    sandbox.state.weather = Weather.ERROR_AFTER_CREATING
    assert call("POST", RUNS, json=NEWEST).status_code == 500
    sandbox.state.weather = Weather.FINE
    assert len(read(call("GET", RUNS))["executions"]) == 3


@given(
    st.text() | st.sampled_from([text for kind in NAUGHTY.values() for text in kind]),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("docker_image_tag", "run_as_user", "entrypoint", "login"), st.text())
    ),
)
@settings(max_examples=50)
def test_whatever_an_action_says_becomes_a_script_that_ends(commands: str, said: Json) -> None:
    image = {"docker_image_name": "library/python", "docker_image_tag": "3.12", "inline_commands": commands}
    script = script_of({"id": 1, "name": "x", "type": "RUN_DOCKER_CONTAINER"} | image | said, {})
    assert script.status in ("SUCCESSFUL", "FAILED") and script.seconds >= 0
    lines = script.printed(script.seconds)
    assert len(lines) == len(lines.page(0, 10_000)) > 0
