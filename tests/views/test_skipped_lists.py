"""Passing through lists with one entry, and waiting for one answer of Buddy's at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page

PROJECTS = "/workspaces/buddy/projects"
SITE = f"{PROJECTS}/site/pipelines"
ACTIONS = f"{SITE}/2/actions"
LISTS = ["/workspaces", PROJECTS, SITE]
CONTAINER = {"id": 7, "name": "Lint", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "library/python"}


@pytest.fixture
def upstream(upstream: StubBuddy) -> StubBuddy:
    """A Buddy with one workspace, one project and one pipeline."""
    upstream.lists = {
        "/workspaces": [{"domain": "buddy", "name": "Buddy"}],
        PROJECTS: [{"name": "site", "display_name": "Site"}],
        SITE: [{"id": 2, "name": "Deploy"}],
    }
    upstream.by_hand = [CONTAINER]
    return upstream


def at_once(desk: Browser, upstream: StubBuddy, path: str, count: int) -> Page:
    """Open a page that asks Buddy for so much at once, and for nothing after it."""
    before = len(upstream.reads)
    upstream.read_gate.clear()
    with ThreadPoolExecutor(1) as tab:
        page = tab.submit(desk.get, path)
        upstream.until_reading(count)
        upstream.read_gate.set()
        answered = page.result()
    assert len(upstream.reads) == before + count
    return answered


def test_nobody_chooses_where_there_is_nothing_to_choose_and_no_list_is_read_twice(
    desk: Browser, upstream: StubBuddy
) -> None:
    page = desk.get("/workspaces")
    assert (page.path, page.heading) == (ACTIONS, "Actions of Deploy")
    assert [upstream.reads.count(path) for path in LISTS] == [1, 1, 1]


def test_the_next_time_all_that_is_asked_is_asked_at_once(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    # The three lists, the pipeline, its actions, and what the token may do.
    page = at_once(desk, upstream, "/workspaces", 6)
    assert page.heading == "Actions of Deploy"


@pytest.mark.parametrize(
    ("path", "more", "heading"),
    [
        ("/workspaces", {"domain": "labs", "name": "Labs"}, "Choose a workspace"),
        (PROJECTS, {"name": "api", "display_name": "API"}, "Choose a project"),
        (SITE, {"id": 3, "name": "Tests"}, "Choose a pipeline"),
    ],
)
def test_whoever_was_passed_on_chooses_when_there_is_something_to_choose_by_now(
    desk: Browser, upstream: StubBuddy, path: str, more: dict[str, object], heading: str
) -> None:
    desk.get("/workspaces")
    upstream.lists[path] = [*upstream.lists[path], more]
    assert desk.get("/workspaces").heading == heading
    assert desk.get(path).heading == heading


def test_whoever_was_passed_on_to_what_is_gone_comes_to_what_is_there(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    upstream.gone = {f"{SITE}/2", f"{ACTIONS}", SITE, f"{PROJECTS}/site"}
    upstream.lists[PROJECTS] = [{"name": "api", "display_name": "API"}]
    upstream.lists[f"{PROJECTS}/api/pipelines"] = [{"id": 5, "name": "Build"}, {"id": 6, "name": "Test"}]
    assert desk.get("/workspaces").heading == "Choose a pipeline"


def test_a_list_with_an_entry_that_cannot_be_read_is_not_passed_through(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    upstream.lists["/workspaces"] = [*upstream.lists["/workspaces"], {"domain": "a/b", "name": "Odd"}]
    page = desk.get("/workspaces")
    assert page.heading == "Choose a workspace"
    assert "1 entry of Buddy's answer, in the list of workspaces, could not be read" in page.text


def test_a_list_that_cannot_be_read_again_leaves_the_page_that_can(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    upstream.gone = {"/workspaces"}
    assert desk.get("/workspaces").heading == "Actions of Deploy"


def test_a_copy_is_passed_on_to_its_form(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    page = desk.get(f"/workspaces?like={ACTIONS}/7")
    assert (page.path.partition("?")[0], page.fields["name"]) == (f"{ACTIONS}/new", "Lint")


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (f"{SITE}?page=1", 2),
        (ACTIONS, 3),
        (f"{ACTIONS}/7", 1),
        (f"{ACTIONS}/new", 3),
        (f"{ACTIONS}/new?like={ACTIONS}/7", 4),
        (f"{ACTIONS}/7/edit", 4),
        (f"{ACTIONS}/7/delete", 1),
    ],
)
def test_a_page_waits_for_one_answer_at_a_time(desk: Browser, upstream: StubBuddy, path: str, count: int) -> None:
    upstream.lists[SITE].append({"id": 3, "name": "Tests"})
    assert at_once(desk, upstream, path, count).status == 200


# How much is asked at once by a page of a list of 120 whose first page was seen: the project, and pages of 50.
GOING_ON = {"the first page again": ("", 3), "the next page": ("?page=2", 4), "what it is filtered by": ("?q=119", 5)}


@pytest.mark.parametrize(("query", "count"), GOING_ON.values(), ids=GOING_ON)
def test_going_on_in_a_long_list_waits_for_one_answer_at_a_time(
    desk: Browser, upstream: StubBuddy, query: str, count: int
) -> None:
    upstream.lists[SITE] = [{"id": number, "name": f"Deploy {number}"} for number in range(1, 121)]
    desk.get(SITE)
    at_once(desk, upstream, f"{SITE}{query}", count)


def test_the_pipeline_of_an_action_is_looked_for_first_where_it_may_be_as_far_as_is_known(
    desk: Browser, upstream: StubBuddy
) -> None:
    upstream.lists[SITE].append({"id": 3, "name": "Tests"})
    desk.get(SITE)
    before = len(upstream.reads)
    pasted = f"/find?q={upstream.url}/buddy/site/pipelines/action/7"
    assert desk.get(pasted).heading == "Lint"
    asked = set(upstream.reads[before:])
    # The other one is asked for beside it, and given up where that has not begun when the action is found.
    assert asked - {f"{SITE}/3"} == {f"{SITE}/2", f"{SITE}/2/actions/7"}
    # Those that are gone, and those that are new.
    upstream.lists[SITE] = [{"id": 4, "name": "Another"}]
    upstream.gone = {f"{SITE}/2", f"{SITE}/3"}
    page = desk.get(pasted)
    assert (page.path, page.heading) == (f"{SITE}/4/actions/7", "Lint")


def test_finding_a_pipeline_waits_for_nothing(desk: Browser, upstream: StubBuddy) -> None:
    desk.get("/workspaces")
    before = len(upstream.reads)
    assert "Deploy" in desk.get("/find?q=dep").links
    assert len(upstream.reads) == before
