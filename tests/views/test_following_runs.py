"""The page of a run: how it stands, its log, what it means, and what can be done now."""

import threading
from typing import Any

import pytest
from sqlalchemy import text
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, NEW, Rig
from support.templates import ANSWERS, make_template, open_template
from support.waiting import PATIENCE, until

from webapp.buddy.executions import Execution

from .test_asking_for_runs import BUILD_AND_TEST, LIVE_MIRROR, REFUSED, TESTS, TRY, run
from .test_contributors import become

STEP = "5f0000000000000000000001"


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that runs what it is asked to."""
    team.buddy.answer = None
    team.buddy.by_hand = [TESTS]
    return team


@pytest.fixture
def eddie(team: Rig) -> Browser:
    """An editor."""
    return team.hired("eddie")


def goes_on(
    team: Rig,
    status: str,
    *lines: str,
    of_action: str = "",
    action: int = 7,
    step: str = STEP,
    begun: bool = True,
    **more: Any,
) -> None:
    """Let Buddy's last run go on like this, and have printed these lines; then let the time pass for another look."""
    ran = {
        "action_execution_id": step,
        "status": of_action or status,
        "progress": 40,
        **({"start_date": "2026-03-01T12:00:00Z"} if begun else {}),
        "action": {"id": action, "name": "Run unit tests", "type": "RUN_DOCKER_CONTAINER"},
    }
    team.buddy.go_on(
        team.buddy.runs[-1]["id"],
        status=status,
        action_executions=[ran],
        html_url="https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/execution/5f",
        **more,
    )
    team.buddy.instead["/logs"] = {"offset": 0, "total_element_count": len(lines), "logs": list(lines)}
    team.clock.forward(seconds=31)


def tried(browser: Browser) -> Page:
    """The page of a run that was just asked for."""
    return run(browser.get(TRY))


def seen(page: Page) -> Page:
    """The same page a moment later."""
    return page.browser.get(page.path)


def log_of(page: Page) -> list[str]:
    """The lines of the log, as they are read."""
    box = page.by_id("lines")
    assert box is not None
    return "".join(box.itertext()).splitlines()


def test_the_page_tells_how_it_goes_and_shows_the_log_as_it_grows(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    assert page.heading == "“Run unit tests” waits to run"
    assert "It has been requested, and has not started yet." in page.text
    goes_on(team, "INPROGRESS", "collecting", "3 tests")
    page = seen(page)
    assert page.heading == "“Run unit tests” is running"
    assert "40 % done. You can close this page: the run goes on." in page.text
    assert (log_of(page), "2 lines so far." in page.text) == (["collecting", "3 tests"], True)
    assert page.links["Show what is new"] == page.path
    goes_on(team, "SUCCESSFUL", "collecting", "3 tests", "3 passed")
    page = seen(page)
    assert (page.heading, log_of(page)[-1]) == ("“Run unit tests” passed", "3 passed")
    assert "It ran without an error." in page.text
    assert "Stop it" not in page.text


def test_script_is_given_the_lines_that_it_does_not_have(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one", "two", "three")
    news = eddie.get(f"{page.path}/log?after=2&of={STEP}")
    assert (news.heading, log_of(news)) == ("“Run unit tests” is running", ["three"])
    assert log_of(eddie.get(f"{page.path}/log?after=none"))[0] == "one"
    assert log_of(eddie.get(f"{page.path}/log?after=99&of={STEP}")) == []
    # Of another action's log it has none.
    assert log_of(eddie.get(f"{page.path}/log?after=2&of=8"))[0] == "one"


def test_an_action_that_runs_anew_begins_its_log_anew(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one", "two", "three")
    box = seen(page).by_id("lines")
    assert box is not None
    last, of = box.get("data-last"), box.get("data-of")
    # As after “Retry” in Buddy.
    goes_on(team, "INPROGRESS", "one again", step="5f0000000000000000000002")
    news = eddie.get(f"{page.path}/log?after={last}&of={of}")
    assert log_of(news) == ["one again"]
    box = news.by_id("lines")
    assert box is not None and box.get("data-of") != of


@pytest.mark.parametrize("count", [10**9, 10**12, 10**4000])
def test_no_line_is_given_twice_whatever_buddy_counts(team: Rig, eddie: Browser, count: int) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one", "two")
    team.buddy.instead["/logs"] |= {"offset": count - 2, "total_element_count": count}
    page = seen(page)
    box = page.by_id("lines")
    assert box is not None and log_of(page)[-2:] == ["one", "two"]
    last, of = box.get("data-last"), box.get("data-of")
    team.buddy.instead["/logs"] |= {"logs": []}
    assert log_of(eddie.get(f"{page.path}/log?after={last}&of={of}")) == []


def test_what_a_log_holds_is_text_and_colours_are_classes(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "<script>alert(1)</script> &amp;", "\x1b[31mred\x1b[0m and \x1b]0;title\x07plain")
    page = seen(page)
    assert log_of(page) == ["<script>alert(1)</script> &amp;", "red and plain"]
    assert [text_of(span) for span in page.all("span") if span.get("class") == "ansi-red"] == ["red"]


def test_a_failure_is_told_in_words_and_leads_to_its_box_and_back_to_trying(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "FAILED", "$ pytest", "sh: pytest: not found", "exit code 127")
    page = seen(page)
    assert page.heading == "“Run unit tests” failed"
    assert "sh: pytest: not found" in page.text.partition("State")[0]
    form = eddie.get(page.links["Change the commands and try again"])
    box = form.by_id("inline_commands")
    assert box is not None and box.get("autofocus") is not None
    changed = form.send(inline_commands="pip install pytest\npytest")
    assert changed.heading == "“Run unit tests” was changed"
    again = eddie.get(changed.links["Try it again"])
    assert run(again).heading == "“Run unit tests” waits to run"


def test_what_was_chosen_is_chosen_again(team: Rig, eddie: Browser) -> None:
    page = run(eddie.get(TRY), revision="branch", branch="next", comment="Look at this")
    goes_on(team, "FAILED", "no")
    page = seen(page)
    assert "On the newest commit of next" in page.text
    again = eddie.get(page.links["Try it again"])
    run(again)
    assert [body["branch"] for body in team.buddy.bodies] == [{"name": "next"}] * 2
    assert team.buddy.bodies[-1]["comment"].startswith("Look at this [slipway ")


@pytest.mark.parametrize(
    ("status", "heading", "words"),
    [
        ("TERMINATED", "“Run unit tests” was stopped", "What its commands had done by then stays done."),
        ("SKIPPED", "“Run unit tests” was left out", "Buddy has left it out"),
        ("TERMINATING", "“Run unit tests” is being stopped", "That can take a moment."),
        (
            "WAITING_FOR_APPLY",
            "“Run unit tests” waits for somebody",
            "Somebody has to continue it in Buddy: it waits for approval.",
        ),
        ("WAITING_FOR_PARTS", "“Run unit tests” is still going", "Buddy says “Waiting for parts”."),
    ],
)
def test_how_it_stands_is_said_in_words(team: Rig, eddie: Browser, status: str, heading: str, words: str) -> None:
    page = tried(eddie)
    goes_on(team, status)
    page = seen(page)
    assert (page.heading, words in page.text) == (heading, True)
    assert page.links["Open the run in Buddy"].startswith("https://app.buddy.works/")


@pytest.mark.parametrize(
    ("status", "first"),
    [
        ("WAITING_FOR_APPLY", "Open the run in Buddy"),
        ("SKIPPED", "Look at the action"),
        ("FAILED", "Change the commands and try again"),
    ],
)
def test_the_first_button_is_what_leads_on(team: Rig, eddie: Browser, status: str, first: str) -> None:
    page = tried(eddie)
    goes_on(team, status)
    page = seen(page)
    assert buttons_of(page)[0] == first
    assert [text_of(link) for link in page.all("a") if link.get("class") == "button"] == [first]


def test_an_action_that_was_left_out_is_no_success(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL", of_action="NOT_EXECUTED")
    assert seen(page).heading == "“Run unit tests” was left out"


@pytest.mark.parametrize("of_action", ["NOT_EXECUTED", "INITIAL", "SKIPPED", "TERMINATED"])
def test_a_run_that_was_stopped_before_it_began_was_not_left_out(team: Rig, eddie: Browser, of_action: str) -> None:
    page = tried(eddie)
    goes_on(team, "TERMINATED", of_action=of_action, begun=of_action == "TERMINATED")
    page = seen(page)
    assert page.heading == "“Run unit tests” was stopped"
    assert ("It was stopped before it began: nothing of it was done." in page.text) == (of_action != "TERMINATED")
    assert ("left it out" in page.text, "State Stopped" in page.text) == (False, True)


def test_a_run_that_failed_before_its_action_began_did_not_leave_it_out(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "FAILED", of_action="NOT_EXECUTED", begun=False)
    page = seen(page)
    assert page.heading == "“Run unit tests” failed"
    assert "The run ended with an error before this action began." in page.text


def test_what_was_left_out_is_not_said_to_have_passed_beside_it(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL", of_action="NOT_EXECUTED", begun=False)
    assert "State Not run" in seen(page).text


def test_a_run_that_is_to_stop_no_longer_says_that_it_waits(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    # What Buddy answers may still be how it stood.
    stopped = page.send_to(f"{page.path}/stop")
    for shown in (stopped, seen(page)):
        assert shown.heading == "“Run unit tests” is being stopped"
        assert ("has not started" in shown.text, "Stop it" in shown.text) == (False, False)
        assert "State Being stopped" in shown.text
    # It goes on all the same: then that is told, and not that it is about to end.
    goes_on(team, "INPROGRESS", "one")
    page = seen(page)
    assert page.heading == "“Run unit tests” is running"
    assert "Buddy was asked to stop it" in page.text


def test_what_another_process_has_read_since_is_told(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS")
    page = seen(page)
    row = team.parts.journal.find(page.path.rpartition("/")[2])
    assert row is not None
    goes_on(team, "FAILED")
    team.buddy.readable = False
    ended = Execution.from_json(team.buddy.runs[-1])
    team.parts.runs.seen(row, ended)
    assert seen(page).heading == "“Run unit tests” failed"


def test_an_action_that_was_not_run_the_last_time_is_not_said_to_have_never_run(team: Rig, eddie: Browser) -> None:
    team.buddy.by_hand = [TESTS | {"last_execution_status": "NOT_EXECUTED"}]
    for path in (f"{LIVE_MIRROR}/actions/7", f"{LIVE_MIRROR}/actions"):
        text = eddie.get(path).text
        assert ("Not run the last time" in text, "Never run" in text) == (True, False)


def test_a_run_with_the_number_of_another_is_told_as_one_that_can_not_be_followed(team: Rig, eddie: Browser) -> None:
    first = tried(eddie)
    team.buddy.answer = (201, {"id": team.buddy.runs[-1]["id"], "status": "ENQUEUED"})
    page = run(eddie.get(TRY), revision="branch", branch="next")
    assert (page.status, page.heading) == (200, "“Run unit tests” was started")
    assert "Slipway does not know its number" in page.text
    assert "Accepted" in eddie.get("/submissions").text
    assert "Stop it" not in page.text
    assert buttons_of(page) == ["Open the pipeline in Buddy", "Try it again"]
    assert first.path != page.path
    assert eddie.get(f"{page.path}/log").status == 404


def test_stopping_asks_buddy_once(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one")
    page = seen(page)
    stop = f"{page.path}/stop"
    first, second = page.send_to(stop), page.send_to(stop)
    assert (first.path, second.path) == (page.path, page.path)
    assert team.buddy.bodies[1:] == [{"operation": "CANCEL"}]
    assert ("Eddie", "asked to stop", None) in team.deeds
    team.clock.forward(seconds=31)
    assert seen(page).heading == "“Run unit tests” is being stopped"


def test_a_stop_that_buddy_refuses_is_told_of(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS")
    page = seen(page)
    team.buddy.answer = (400, {"errors": [{"message": "It has ended."}]})
    refused = page.send_to(f"{page.path}/stop")
    assert (refused.status, "The run was not stopped." in refused.text) == (409, True)


def test_viewers_see_states_and_no_logs(team: Rig, eddie: Browser) -> None:
    # Before there is a run: the home page would have it looked up in the background, which leaves its page as it was.
    viewer = team.hired("vera", "viewer")
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "canary in a log")
    found = viewer.get(page.path)
    assert (found.heading, "canary" in found.html) == ("“Run unit tests” is running", False)
    assert "Logs are for editors" in found.text
    for path in (f"{page.path}/log", f"{page.path}/log.txt"):
        assert viewer.get(path).status == 403
    assert "Stop it" not in found.text


def test_contributors_see_logs_of_their_own_runs_alone(team: Rig, eddie: Browser) -> None:
    cora = team.hired("cora")
    page = tried(eddie)
    goes_on(team, "FAILED", "canary in a log")
    receipt = cora.get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    found = cora.get(page.path)
    assert (found.heading, "canary" in found.html) == ("“Run unit tests” failed", False)
    assert "Try it again" not in found.links
    refused = cora.get(f"{page.path}/log")
    assert (refused.status, refused.heading) == REFUSED
    own = run(cora.get(cora.get(receipt.path).links["Try it"]))
    goes_on(team, "INPROGRESS", "of my own", action=100)
    assert log_of(seen(own)) == ["of my own"]
    own = seen(own)
    assert own.send_to(f"{own.path}/stop").path == own.path
    assert team.buddy.bodies[-1] == {"operation": "CANCEL"}


def test_a_whole_pipeline_tells_of_each_action_and_shows_the_log_of_one(team: Rig) -> None:
    ada = team.hired("ada", "administrator")
    page = run(ada.get(f"{LIVE_MIRROR}/runs/new"), sure="true")
    assert page.heading == "“Live mirror” waits to run"
    goes_on(team, "INPROGRESS")
    page = seen(page)
    assert ", 0 of 1 action done. You can close this page" in page.text
    assert "40 %" not in page.text
    goes_on(team, "FAILED", "of the failed one")
    page = seen(page)
    (listed,) = [each for each in page.all("ol") if each.get("aria-label") == "The actions of this run"]
    assert [text_of(item) for item in listed] == ["Run unit tests Run Docker container, number 7 Failed"]
    assert (log_of(page), "Log of “Run unit tests”" in page.text) == (["of the failed one"], True)
    assert "Run it again" in page.links
    assert "“Run unit tests” failed." in page.text


def test_a_whole_pipeline_that_fails_leads_to_the_box_of_the_action_that_has_failed(team: Rig) -> None:
    ada = team.hired("ada", "administrator")
    page = run(ada.get(f"{LIVE_MIRROR}/runs/new"), sure="true")
    goes_on(team, "FAILED", "$ pytest", "sh: pytest: not found", "exit code 127")
    page = seen(page)
    assert "“Run unit tests” failed. The image has no “pytest”: check how it is spelled" in page.text
    form = ada.get(page.links["Change the commands and try again"])
    assert form.heading == "Change “Run unit tests”"


def buttons_of(page: Page) -> list[str]:
    """The links that stand out as buttons, in their order."""
    return [text_of(link) for link in page.all("a") if "button" in (link.get("class") or "").split()]


def test_the_page_of_an_old_failure_says_that_it_was_mended_since(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "FAILED", "$ pytest", "sh: pytest: not found", "exit code 127")
    page = seen(page)
    change = page.links["Change the commands and try again"]
    changed = eddie.get(change).send(inline_commands="true")
    # The receipt leads straight on.
    assert buttons_of(changed)[0] == "Try it again"
    page = seen(page)
    assert "The action was changed since: Commands by Eddie" in page.text
    assert page.links["Commands"] == changed.path
    assert buttons_of(page)[0] == "Try it again"
    assert "Change the commands and try again" not in page.links
    again = run(eddie.get(page.links["Try it again"]))
    page = seen(page)
    assert "It was tried again since: Waits for its turn" in page.text
    assert again.path in page.links.values()
    text = seen(again).text
    assert ("was changed since" in text, "tried again since" in text) == (False, False)


def test_a_whole_pipeline_whose_action_was_changed_since_says_so(team: Rig) -> None:
    ada = team.hired("ada", "administrator")
    page = run(ada.get(f"{LIVE_MIRROR}/runs/new"), sure="true")
    goes_on(team, "FAILED", "sh: pytest: not found", "exit code 127")
    page = seen(page)
    ada.get(page.links["Change the commands and try again"]).send(inline_commands="true")
    page = seen(page)
    assert "That action was changed since: Commands by Ada" in page.text
    assert buttons_of(page)[0] == "Run it again"
    run(ada.get(page.links["Run it again"]), sure="true")
    assert "It was run again since: Waits for its turn" in seen(page).text


def test_who_does_not_run_it_again_goes_back_to_where_that_was_offered(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "FAILED", "no")
    page = seen(page)
    question = eddie.get(page.links["Try it again"])
    assert question.links["No, go back"] == page.path
    # Nor is the way lost when something is wrong with what was chosen.
    wrong = run(question, revision="branch")
    assert (wrong.status, wrong.links["No, go back"]) == (422, page.path)
    for other in (TRY, f"{TRY}?back=none", f"{BUILD_AND_TEST}/actions/7/runs/new?back={page.path.rpartition('/')[2]}"):
        assert eddie.get(other).links["No, go back"] == other.partition("/runs/")[0]


def test_what_has_come_since_is_asked_for_at_the_top_without_script(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    notice = next(box for box in page.all("div") if "notice" in (box.get("class") or ""))
    assert "Show what is new" in text_of(notice)


def test_after_a_change_the_last_run_is_told_to_be_of_before_it(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "FAILED", "$ pytest", "sh: pytest: not found", "exit code 127")
    page = seen(page)
    changed = eddie.get(page.links["Change the commands and try again"]).send(inline_commands="true")
    assert "Last tried, before this change Failed" in changed.text


def test_a_run_that_goes_on_is_told_to_stand_still_without_script(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one")
    assert "This page shows how it stood when it was loaded." in seen(page).text
    goes_on(team, "SUCCESSFUL", "one")
    assert "This page shows how it stood when it was loaded." not in seen(page).text


def test_nobody_is_said_to_have_answered_or_ended_a_run(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL", "one")
    steps = text_of(seen(page).by_id("steps"))
    assert "The run ended Passed" in steps and "by Slipway" not in steps


def test_what_buddy_could_not_be_asked_is_said_with_its_time(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one")
    page = seen(page)
    team.buddy.readable = False
    team.clock.forward(seconds=31)
    page = seen(page)
    assert page.heading == "“Run unit tests” is running"
    assert "What is told here is as of" in page.text
    assert log_of(page) == ["one"]


def test_values_that_were_given_to_a_run_are_masked_in_its_log_and_nothing_of_a_log_is_kept(
    team: Rig, eddie: Browser
) -> None:
    page = run(eddie.get(TRY), **{"set-TOKEN": "canary-of-the-run"})
    goes_on(team, "INPROGRESS", "login with canary-of-the-run", "canary of the log")
    page = seen(page)
    assert "canary-of-the-run" not in page.html
    assert log_of(page)[1] == "canary of the log"
    with team.parts.journal._engine.connect() as connection:
        for table in ("submissions", "events"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert "canary" not in str(rows)


def test_what_is_no_run_has_no_log(team: Rig, eddie: Browser) -> None:
    receipt = eddie.get(NEW).send(**LEAST)
    for path in (f"{receipt.path}/log", f"{receipt.path}/log.txt", "/submissions/none/log"):
        assert eddie.get(path).status == 404


def test_lists_tell_runs_and_changes_apart(team: Rig, eddie: Browser) -> None:
    tried(eddie)
    run(eddie.get(TRY), revision="branch", branch="next", comment="Look at this")
    run(eddie.get(TRY), revision="tag", tag="v1.2", comment="x" * 500)
    eddie.get(f"{LIVE_MIRROR}/actions/7/edit").send(inline_commands="true")
    for path in ("/", "/submissions", f"{LIVE_MIRROR}/actions/7"):
        text = eddie.get(path).text
        for words in ("on the newest commit of next, Look at this", f"on the tag v1.2, {'x' * 79}…", "Commands"):
            assert words in text, path


def test_a_change_of_very_much_is_told_by_the_first_of_it(team: Rig, eddie: Browser) -> None:
    names = [f"{'V' * 100}{number}" for number in range(30)]
    typed = {f"variables-{number}-key": name for number, name in enumerate(names)}
    eddie.get(f"{LIVE_MIRROR}/actions/7/edit").send(**typed, **{name.replace("key", "value"): "1" for name in typed})
    for path in ("/", "/submissions", f"{LIVE_MIRROR}/actions/7"):
        text = eddie.get(path).text
        assert (text.count(f"Variable {'V' * 70}…") <= 10, ", 23 more" in text) == (True, True), path


def test_a_run_that_goes_on_is_listed_as_of_when_it_was_seen(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS")
    seen(page)
    team.clock.forward(minutes=5)
    assert "Running as of 5 minutes ago" in eddie.get("/submissions").text


def lists_of(page: Page) -> tuple[str, ...]:
    """The pages that say how a run stands: home, the activity, the action's, and what their script asks for."""
    id = page.path.rpartition("/")[2]
    return "/", "/submissions", f"{LIVE_MIRROR}/actions/7", f"/submissions/states?of={id}"


def test_how_runs_stand_tells_of_runs_alone(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    eddie.get(NEW).press("check", **LEAST)
    added = eddie.get(NEW).send(**LEAST | {"name": "Build"})
    draft = next(row for row in team.rows if row.state == "draft")
    alone = eddie.get(lists_of(page)[-1])
    for id in (draft.id, added.path.rpartition("/")[2], "no-such"):
        told = team.hired(f"vic{len(team.events)}", "viewer").get(f"{alone.path}&of={id}")
        assert (told.status, told.text) == (200, alone.text)


def read_by(team: Rig) -> list[str]:
    """The addresses of runs that Buddy is asked for from here on."""
    read: list[str] = []
    team.buddy.before_reading = lambda path: read.append(path) if "/executions" in path else None
    return read


@pytest.mark.parametrize("number", range(4))
def test_a_page_that_lists_a_run_has_it_looked_up_and_waits_for_nothing(team: Rig, eddie: Browser, number: int) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL")
    listed = lists_of(page)[number]
    gate = threading.Event()
    team.buddy.before_reading = lambda path: gate.wait(PATIENCE) if "/executions/" in path else None
    first = eddie.get(listed)
    assert (first.status, "Not started yet" in first.text or "Waits for its turn" in first.text) == (200, True)
    gate.set()
    until(lambda: "Passed" in eddie.get(listed).text)


def test_at_most_five_runs_of_a_page_are_looked_up_once_in_five_seconds_and_none_while_nobody_looks(
    team: Rig, eddie: Browser
) -> None:
    for number in range(7):
        run(eddie.get(TRY), comment=str(number), revision="branch", branch=f"b{number}")
    team.clock.forward(minutes=5)
    read = read_by(team)
    for _ in range(3):
        eddie.get("/submissions")
    team.parts.executor.shutdown(wait=True)
    newest = {f"{LIVE_MIRROR}/executions/{each['id']}" for each in team.buddy.runs[-5:]}
    assert (set(read), len(read)) == (newest, 5)


def test_a_run_that_has_ended_is_not_looked_up_again(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL")
    seen(page)
    read = read_by(team)
    team.clock.forward(minutes=5)
    for listed in lists_of(page):
        assert "Passed" in eddie.get(listed).text
    team.parts.executor.shutdown(wait=True)
    assert read == []


def test_the_whole_log_is_saved_as_a_text_file_without_the_values_of_the_run(team: Rig, eddie: Browser) -> None:
    page = run(eddie.get(TRY), **{"set-TOKEN": "canary-of-the-run"})
    goes_on(team, "INPROGRESS", "\x1b[32mone\x1b[0m", "login with canary-of-the-run")
    page = seen(page)
    answer = eddie.client.get(page.links["Save the whole log"], base_url=eddie.url)
    assert (answer.mimetype, answer.get_data(as_text=True)) == ("text/plain", "one\nlogin with [secret]\n")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=slipway-log-{team.buddy.runs[-1]['id']}.txt"


def test_who_wants_a_log_while_another_is_being_saved_is_asked_to_wait(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS", "one")
    path = seen(page).links["Save the whole log"]
    first = eddie.client.get(path, base_url=eddie.url, buffered=False)
    second = eddie.get(path)
    assert (second.status, second.heading) == (
        503,
        "A log is being downloaded already, and Slipway reads one at a time",
    )
    first.close()
    assert eddie.client.get(path, base_url=eddie.url).status_code == 200


def test_a_contributor_changes_the_answers_while_they_may_and_is_told_whom_to_ask_after_that(team: Rig) -> None:
    page = open_template(team.hired("cora", "contributor"), make_template(team))
    tried_by = page.send(**ANSWERS)
    question = tried_by.browser.get(tried_by.browser.get(tried_by.path).links["Try it"])
    page = run(question)
    goes_on(team, "FAILED", "no", action=100)
    page = seen(page)
    form = page.browser.get(page.links["Change the answers and try again"])
    assert form.fields["answers-country"] == "pl"
    team.clock.forward(minutes=10)
    page = seen(page)
    assert "Ask an editor to change the action, or add another one." in page.text
    assert "Try it again" in page.links


def test_a_stop_from_a_page_that_is_not_recognised_stops_nothing(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "INPROGRESS")
    page = seen(page)
    again = page.send_to(f"{page.path}/stop", csrf_token="forged")
    assert (again.status, len(team.buddy.bodies)) == (400, 1)
    assert "Nothing was stopped: press the button again." in again.text


def test_a_run_that_has_ended_and_is_no_longer_at_buddy_is_told_as_it_ended(team: Rig, eddie: Browser) -> None:
    page = tried(eddie)
    goes_on(team, "SUCCESSFUL")
    page = seen(page)
    team.clock.forward(minutes=20)
    team.buddy.runs.clear()
    # Another process has never followed it.
    team.parts.follower._runs.clear()
    page = seen(page)
    assert page.heading == "“Run unit tests” passed"
    assert "What is told here is as of" in page.text
    assert "Show what is new" not in page.links
