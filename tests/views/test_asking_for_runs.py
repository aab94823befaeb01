"""Asking for a run: what the page says will happen, who may, and what goes to Buddy."""

from dataclasses import replace
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.examples import PIPELINE
from support.pages import Browser, Page, text_of
from support.prepared import REPORT
from support.rigs import LEAST, NEW, Rig
from support.templates import ANSWERS, make_template, open_template

from .test_contributors import become

ACTIONS = NEW.removesuffix("/new")
LIVE_MIRROR = ACTIONS.removesuffix("/actions")
BUILD_AND_TEST = "/workspaces/buddy/projects/company-website/pipelines/3"
STYLE = f"{BUILD_AND_TEST}/actions/9"
REFUSED = (403, "Your role does not allow this")
STARTED = (200, {"id": 31, "status": "ENQUEUED", "comment": ""})
TESTS: dict[str, Any] = {
    "id": 7,
    "name": "Run unit tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/python",
    "docker_image_tag": "3.12",
    "inline_commands": "pytest",
    "variables": [
        {"key": "LEVEL", "value": "low", "settable": True, "description": "How much is tested"},
        {"key": "TOKEN", "value": "!encrypted x", "encrypted": True, "settable": True},
        {"key": "FIXED", "value": "x"},
    ],
}
TRY = f"{ACTIONS}/7/runs/new"


@pytest.fixture
def upstream(upstream: StubBuddy) -> StubBuddy:
    """A Buddy with an action to run, which starts what it is asked to."""
    upstream.by_hand = [TESTS]
    upstream.answer = STARTED
    return upstream


def pipeline_is(upstream: StubBuddy, **said: object) -> None:
    """Let Buddy say this of the pipeline."""
    upstream.instead["/pipelines/2"] = PIPELINE | {"actions": upstream._listed()} | said


def run(page: Page, **typed: str) -> Page:
    """Fill in what may be chosen, and press the button."""
    return page.send_to(page.path.partition("?")[0].removesuffix("/new"), **typed)


def asked_by(upstream: StubBuddy) -> dict[str, Any]:
    """What was asked of Buddy, without the mark at the end of its comment."""
    (body,) = upstream.bodies
    comment, _, mark = body["comment"].rpartition("[slipway ")
    assert len(mark) == len("k3f9x2ab]")
    return body | {"comment": comment.strip()}


def test_the_page_says_what_runs_and_what_does_not(browser: Browser) -> None:
    page = browser.get(f"{STYLE}/runs/new")
    assert page.heading == "Try “Check the style”"
    assert "Runs Check the style alone, on the newest commit" in page.text
    assert "The other 2 actions of Build and test don't run." in page.text
    assert page.links["No, go back"] == STYLE


def test_one_action_runs_alone_on_the_newest_commit(desk: Browser, upstream: StubBuddy) -> None:
    page = run(desk.get(TRY), comment="A try")
    assert upstream.paths == [f"{LIVE_MIRROR}/executions"]
    assert asked_by(upstream) == {
        "actions_to_run": [7],
        "to_revision": {"revision": "HEAD"},
        "comment": "A try",
    }
    assert page.path.startswith("/submissions/")


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_another_revision_goes_out_in_its_own_field(desk: Browser, upstream: StubBuddy, kind: str) -> None:
    run(desk.get(TRY), revision=kind, branch="next/2", tag="v1.2", comment="")
    name = {"branch": "next/2", "tag": "v1.2"}[kind]
    assert asked_by(upstream) == {"actions_to_run": [7], kind: {"name": name}, "comment": ""}


@pytest.mark.parametrize(
    ("typed", "box", "message"),
    [
        ({"revision": "branch"}, "branch", "Enter the name of the branch, for example master"),
        ({"revision": "tag", "tag": "v 1"}, "tag", "The name must be that of a branch or a tag, without blanks"),
        ({"revision": "branch", "branch": "refs/heads/*"}, "branch", "The name must be that of a branch or a tag"),
        ({"comment": "x" * 501}, "comment", "“Comment” must be at most 500 characters long: this is 501"),
        ({"comment": "a\x07b"}, "comment", "The comment must have no hidden or unreadable characters"),
    ],
)
def test_what_is_wrong_stands_at_its_box_and_nothing_is_sent(
    desk: Browser, upstream: StubBuddy, typed: dict[str, str], box: str, message: str
) -> None:
    page = run(desk.get(TRY), **typed)
    assert page.status == 422
    assert page.error_at(box).startswith(message)
    assert upstream.bodies == []


def test_the_button_starts_one_run_however_often_it_is_pressed(desk: Browser, upstream: StubBuddy) -> None:
    question = desk.get(TRY)
    first, second = run(question), run(question)
    assert (first.path, len(upstream.bodies)) == (second.path, 1)


# What was chosen on a page, and then on the same page once more.
CHOSEN_SINCE: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a branch": ({}, {"revision": "branch", "branch": "other"}),
    "the usual commit": ({"revision": "tag", "tag": "v1"}, {}),
    "a comment": ({"comment": "first"}, {"comment": "second"}),
    "a variable": ({"set-LEVEL": "low"}, {"set-LEVEL": "high"}),
    "a secret": ({"set-TOKEN": "canary-1"}, {"set-TOKEN": "canary-2"}),
    "no secret": ({"set-TOKEN": "canary-1"}, {}),
}


@pytest.mark.parametrize(("first", "then"), CHOSEN_SINCE.values(), ids=CHOSEN_SINCE)
def test_what_is_chosen_on_a_page_that_was_sent_is_a_run_of_its_own_after_a_question(
    desk: Browser, upstream: StubBuddy, first: dict[str, str], then: dict[str, str]
) -> None:
    upstream.by_hand = [TESTS | {"variables": [each for each in TESTS["variables"] if f"set-{each['key']}" in first]}]
    question = desk.get(TRY)
    started, again = (run(question, **first) for _ in range(2))
    assert (started.path, len(upstream.bodies)) == (again.path, 1)
    asked = run(question, **then)
    assert (asked.status, asked.heading, len(upstream.bodies)) == (409, question.heading, 1)
    assert asked.links["see what became of that run"] == started.path
    assert "canary" not in asked.html
    another = run(asked, **then)
    assert (another.path != started.path, len(upstream.bodies)) == (True, 2)
    sent = upstream.bodies[-1]
    assert sent["comment"].startswith(then.get("comment", ""))
    assert [item["value"] for item in sent.get("variables", ())] == [
        text for name, text in then.items() if name.startswith("set-")
    ]


def test_a_page_that_has_run_the_whole_pipeline_asks_too(desk: Browser, upstream: StubBuddy) -> None:
    question = desk.get(f"{LIVE_MIRROR}/runs/new")
    started = run(question, sure="true", comment="first")
    asked = run(question, sure="true", comment="second")
    assert (asked.status, asked.heading, len(upstream.bodies)) == (409, question.heading, 1)
    assert asked.links["see what became of that run"] == started.path
    assert run(asked, sure="true", comment="second").path != started.path


def test_a_second_press_while_buddy_can_not_be_read_leads_to_the_run(desk: Browser, upstream: StubBuddy) -> None:
    question = desk.get(TRY)
    started = run(question, **{"set-TOKEN": "canary"})
    upstream.readable = False
    assert run(question, **{"set-TOKEN": "canary"}).path == started.path


@pytest.mark.parametrize("other", ["runs/new", "edit", "delete"])
def test_the_signed_value_of_a_page_is_good_for_what_that_page_asks_alone(
    desk: Browser, upstream: StubBuddy, other: str
) -> None:
    addresses = {"runs/new": "runs", "edit": "edit", "delete": "delete"}
    value = next(
        box.get("value", "") for box in desk.get(f"{ACTIONS}/7/{other}").all("input") if box.get("name") == "envelope"
    )
    for page, address in addresses.items():
        if page != other:
            form = desk.get(f"{ACTIONS}/7/{page}")
            token = next(box.get("value", "") for box in form.all("input") if box.get("name") == "csrf_token")
            answer = desk.post(f"{ACTIONS}/7/{address}", {"csrf_token": token, "envelope": value})
            assert (answer.status, upstream.bodies) == (400, []), page


def test_running_again_is_a_run_of_its_own(desk: Browser, upstream: StubBuddy) -> None:
    first, second = run(desk.get(TRY)), run(desk.get(TRY))
    assert first.path != second.path
    assert len({body["comment"] for body in upstream.bodies}) == 2


@pytest.mark.parametrize("forged", ["envelope", "csrf_token"])
def test_a_page_that_is_not_recognised_runs_nothing(desk: Browser, upstream: StubBuddy, forged: str) -> None:
    page = run(desk.get(TRY), comment="kept", **{forged: "forged"})
    assert (page.status in (400, 422), upstream.bodies) == (True, [])
    assert asked_by_after(page, upstream) == "kept"


def asked_by_after(page: Page, upstream: StubBuddy) -> str:
    """The comment that goes out when the page that came back is sent once more."""
    target = next(form.get("action", "") for form in page.all("form") if form.get("action", "").endswith("/runs"))
    page.send_to(target)
    return str(asked_by(upstream)["comment"])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"paused": True}, "This pipeline is paused: it does not run until somebody resumes it in Buddy."),
        ({"disabled": True, "disabled_reason": "Too many failures."}, "Buddy says why: Too many failures."),
        ({"waiting_for_push": True}, "This pipeline waits for a first push to its repository"),
        ({"project": {"name": "p", "status": "CLOSED"}}, "This project is closed"),
    ],
)
def test_what_keeps_a_pipeline_from_running_is_said_in_place_of_a_button(
    desk: Browser, upstream: StubBuddy, said: dict[str, object], words: str
) -> None:
    opened = desk.get(TRY)
    pipeline_is(upstream, **said)
    page = desk.get(TRY)
    assert words in page.text
    assert "Run it now" not in page.text
    # It has come about while the page was open.
    late = run(opened)
    assert (late.status, words in late.text, upstream.bodies) == (409, True, [])


def test_a_token_that_may_not_run_is_told_of_in_place_of_a_button(desk: Browser, upstream: StubBuddy) -> None:
    upstream.token = (200, {"scopes": ["WORKSPACE", "EXECUTION_INFO", "INTEGRATION_INFO"]})
    page = desk.get(TRY)
    assert "Slipway's API token may not run pipelines: it lacks the scope EXECUTION_RUN" in page.text
    assert "Run it now" not in page.text


def test_a_pipeline_for_several_branches_asks_for_one(desk: Browser, upstream: StubBuddy) -> None:
    pipeline_is(upstream, refs=["refs/heads/*"])
    question = desk.get(TRY)
    assert "on the branch or tag that you choose" in question.text
    assert run(question).error_at("branch") == "Enter the name of the branch, for example main"
    run(question, branch="main")
    assert asked_by(upstream) == {"actions_to_run": [7], "branch": {"name": "main"}, "comment": ""}


def test_the_branch_of_a_pipeline_that_has_one_is_named(desk: Browser, upstream: StubBuddy) -> None:
    pipeline_is(upstream, refs=["refs/heads/release"])
    assert "on the newest commit of release unless you choose another one below." in desk.get(TRY).text


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_what_the_page_says_runs_is_true_of_another_commit_too(browser: Browser, kind: str) -> None:
    page = run(browser.get(f"{STYLE}/runs/new"), revision=kind, branch="next", comment="x" * 501)
    assert page.status == 422
    assert "on the newest commit of master unless you choose another one below." in page.text


@pytest.mark.parametrize("kind", ["branch", "tag"])
def test_a_branch_or_tag_that_is_not_there_is_changed_from_the_page_of_its_refusal(browser: Browser, kind: str) -> None:
    page = run(browser.get(f"{STYLE}/runs/new"), revision=kind, branch="mastre", tag="3.99-slim")
    assert page.heading == "The sandbox did not start “Check the style”"
    again = browser.get(page.links[f"Change the {kind} and try again"])
    box = again.by_id(kind)
    assert box is not None and box.get("value") == {"branch": "mastre", "tag": "3.99-slim"}[kind]
    assert run(again, branch="next", tag="v1.2").heading == "“Check the style” waits to run in the sandbox"


def test_the_branch_that_is_named_as_an_example_is_one_that_there_is(browser: Browser) -> None:
    question = browser.get(f"{STYLE}/runs/new")
    page = run(question, revision="branch")
    assert page.error_at("branch") == "Enter the name of the branch, for example master"
    assert "A tag of the repository" in question.text


def test_a_comment_that_buddy_asks_for_is_asked_for(desk: Browser, upstream: StubBuddy) -> None:
    pipeline_is(upstream, description_required=True)
    page = run(desk.get(TRY), comment=" ")
    assert (page.error_at("comment"), upstream.bodies) == ("Enter a comment: this pipeline runs only with one", [])


def test_a_switched_off_action_says_that_buddy_may_leave_it_out(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [TESTS | {"disabled": True}]
    page = desk.get(TRY)
    assert "This action is switched off, so Buddy may leave it out." in page.text
    form = desk.get(page.links["Switch it on first"])
    box = form.by_id("disabled")
    assert box is not None and box.get("autofocus") is not None


def test_variables_that_may_be_set_go_out_where_they_differ_and_are_kept_nowhere(
    desk: Browser, upstream: StubBuddy, personal: Any
) -> None:
    question = desk.get(TRY)
    assert "FIXED" not in question.text
    page = run(question, **{"set-LEVEL": "high", "set-TOKEN": "canary"})
    assert asked_by(upstream)["variables"] == [
        {"key": "LEVEL", "value": "high", "encrypted": False},
        {"key": "TOKEN", "value": "canary", "encrypted": True},
    ]
    assert "canary" not in page.html
    row = personal.extensions["slipway"].journal.find(page.path.rpartition("/")[2])
    assert "canary" not in str((row.typed, row.request, row.answer, row.name))


def test_a_variable_that_an_action_names_twice_has_one_box(desk: Browser, upstream: StubBuddy) -> None:
    twice = [{"key": "LEVEL", "value": value, "settable": True} for value in ("low", "lower")]
    upstream.by_hand = [TESTS | {"variables": twice}]
    question = desk.get(TRY)
    box = question.by_id("set-LEVEL")
    assert box is not None and "".join(box.itertext()).strip() == "lower"
    run(question, **{"set-LEVEL": "high"})
    assert asked_by(upstream)["variables"] == [{"key": "LEVEL", "value": "high", "encrypted": False}]


def test_variables_that_nobody_has_touched_are_not_sent(desk: Browser, upstream: StubBuddy) -> None:
    run(desk.get(TRY))
    assert "variables" not in asked_by(upstream)


def test_a_variable_that_may_no_longer_be_set_is_told_of(desk: Browser, upstream: StubBuddy) -> None:
    question = desk.get(TRY)
    upstream.by_hand = [TESTS | {"variables": []}]
    page = run(question, **{"set-LEVEL": "high"})
    assert (page.status, upstream.bodies) == (422, [])
    assert "The variable LEVEL must be one that may be set for a run, and no longer is" in page.errors


def test_a_secret_is_typed_again_after_an_error(desk: Browser, upstream: StubBuddy) -> None:
    page = run(desk.get(TRY), revision="branch", **{"set-TOKEN": "canary"})
    assert (page.status, "canary" in page.html) == (422, False)


def test_the_whole_pipeline_says_what_runs_and_asks_whether_one_is_sure(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [TESTS, {"id": 8, "name": "Upload", "type": "FTP"}, {"id": 9, "name": "Off", "disabled": True}]
    question = desk.get(desk.get(TRY).links["Run the whole pipeline instead"])
    assert question.heading == "Run the whole pipeline Live mirror?"
    (listed,) = [each for each in question.all("ol") if each.get("aria-label") == "What runs, in this order"]
    lines = [text_of(item) for item in listed]
    assert "Upload FTP, number 8 Deploys" in lines
    assert "Run unit tests Run Docker container, number 7" in lines
    assert lines[-1].endswith("Switched off, left out")
    unsure = run(question)
    assert (unsure.status, upstream.bodies) == (422, [])
    assert unsure.error_at("sure") == "Tick the box to say that all of these actions are to run"
    run(question, sure="true")
    assert asked_by(upstream) == {"to_revision": {"revision": "HEAD"}, "comment": ""}


def test_a_whole_pipeline_of_one_action_is_asked_for_in_the_singular(desk: Browser, upstream: StubBuddy) -> None:
    upstream.actions = [{"id": 8, "name": "Upload", "type": "FTP"}]
    unsure = run(desk.get(desk.get(TRY.replace("/7/", "/8/")).links["Run the whole pipeline instead"]))
    assert unsure.error_at("sure") == "Tick the box to say that this action is to run"
    assert "I want this action to run" in unsure.text
    assert "What the marked action puts into place" in unsure.text
    assert "Others may change" not in unsure.text


def test_editors_run_whole_pipelines_where_a_rule_says_so(team: Rig) -> None:
    team.buddy.answer = STARTED
    editor = team.hired("eddie", "editor")
    assert (editor.get(f"{LIVE_MIRROR}/runs/new").status, len(team.buddy.bodies)) == (403, 0)
    assert "Run the whole pipeline" not in editor.get(ACTIONS).links
    team.hired("ada", "administrator").get("/rules").send_to("/rules", editors_run_pipelines="true")
    question = editor.get(editor.get(ACTIONS).links["Run the whole pipeline"])
    run(question, sure="true")
    assert len(team.buddy.bodies) == 1


def test_a_contributor_tries_what_they_added_and_nothing_else(team: Rig) -> None:
    team.buddy.answer = None
    receipt = team.hired("cora").get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    cora = receipt.browser
    team.buddy.answer = STARTED
    team.clock.forward(minutes=20)
    question = cora.get(cora.get(receipt.path).links["Try it"])
    assert "revision" not in {field.get("name") for field in question.all("input", "select")}
    run(question, revision="newest")
    assert team.buddy.bodies[-1]["to_revision"] == {"revision": "HEAD"}
    assert run(question).path.startswith("/submissions/")
    team.buddy.by_hand = [*team.buddy.by_hand, TESTS]
    other = cora.get(TRY)
    assert (other.status, other.heading) == REFUSED
    assert "You may try what you added yourself. An editor can run any other action." in other.text
    assert (cora.get(f"{LIVE_MIRROR}/runs/new").status, team.buddy.writes) == (403, 2)


def test_a_contributor_can_choose_no_other_revision(team: Rig) -> None:
    team.buddy.answer = None
    receipt = team.hired("cora").get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    team.buddy.answer = STARTED
    question = receipt.browser.get(receipt.browser.get(receipt.path).links["Try it"])
    page = run(question, revision="branch", branch="main")
    assert (page.status, team.buddy.writes) == (422, 1)


def test_a_contributor_is_told_that_somebody_has_to_name_the_branch(team: Rig) -> None:
    team.buddy.answer = None
    receipt = team.hired("cora").get(NEW).send(**LEAST)
    become(team, "cora", "contributor")
    pipeline_is(team.buddy, refs=["refs/heads/*"])
    page = receipt.browser.get(receipt.browser.get(receipt.path).links["Try it"])
    assert "Ask an editor to try the action." in page.text
    assert "Run it now" not in page.text


def test_a_contributor_sets_what_the_template_asks_and_what_it_takes(team: Rig) -> None:
    country, since, *rest = REPORT.variables
    asked = replace(REPORT, variables=(replace(country, settable=True), since, *rest))
    page = open_template(team.hired("cora", "contributor"), make_template(team, asked))
    team.buddy.answer = None
    receipt = page.send(**ANSWERS)
    team.buddy.answer = STARTED
    question = receipt.browser.get(receipt.browser.get(receipt.path).links["Try it"])
    boxes = [field.get("name") for field in question.all("input", "select", "textarea")]
    assert [name for name in boxes if name and name.startswith("set-")] == ["set-COUNTRY"]
    wrong = run(question, **{"set-COUNTRY": "xx"})
    assert (wrong.status, wrong.error_at("set-COUNTRY")) == (422, "Choose one of the values")
    run(wrong, **{"set-COUNTRY": "de"})
    assert team.buddy.bodies[-1]["variables"] == [{"key": "COUNTRY", "value": "de", "encrypted": False}]


def test_how_an_action_was_tried_last_stands_on_its_page_and_on_its_receipt(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(**LEAST)
    tried = run(browser.get(receipt.links["Try it"]), comment="Once more")
    for path in (receipt.path, receipt.links["Look at the action"]):
        page = browser.get(path)
        assert "Last tried" in page.text
        assert tried.path in page.links.values()
        again = browser.get(page.links["Try it again"])
        box = again.by_id("comment")
        assert box is not None and box.get("value") == "Once more"
