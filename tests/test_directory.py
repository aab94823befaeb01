"""The directory of places: what fills it, what empties it, and what Slipway asks for by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from support import faults
from support.buddy import StubBuddy
from support.clock import Clock
from support.databases import stored_in
from support.pages import Browser
from support.prepared import REPORT
from support.rigs import Rig

from webapp.app import create_app
from webapp.context import Parts
from webapp.prepared.areas import EVERYWHERE
from webapp.prepared.boxes import LEFT_OUT
from webapp.settings import Settings
from webapp.store.events import SLIPWAY

SITE = "/workspaces/buddy/projects/company-website"
OTHER = "the-other-token-of-the-tests"
ACTION = {
    "id": 7,
    "name": "Run tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "a",
    "docker_image_tag": "1",
    "inline_commands": "ls",
}


def buddy_has(upstream: StubBuddy, **projects: list[str]) -> None:
    """Let Buddy have one workspace with these projects, and these pipelines in each."""
    upstream.lists.clear()
    upstream.lists["/workspaces"] = [{"domain": "buddy", "name": "The Team"}]
    upstream.lists["/workspaces/buddy/projects"] = [
        {"name": name, "display_name": name.replace("_", " ").title()} for name in projects
    ]
    numbers = iter(range(2, 1000))
    for name, pipelines in projects.items():
        listed = [{"id": next(numbers), "name": pipeline} for pipeline in pipelines]
        upstream.lists[f"/workspaces/buddy/projects/{name}/pipelines"] = listed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def personal(tmp_path: Path, upstream: StubBuddy, clock: Clock) -> Iterator[Flask]:
    with slipway(tmp_path, upstream, clock) as app:
        yield app


@contextmanager
def slipway(folder: Path, upstream: StubBuddy, clock: Clock, token: str = "token-of-the-tests") -> Iterator[Flask]:
    """Slipway with a token, whose time the tests move."""
    settings = Settings(buddy_token=token, buddy_api_endpoint=upstream.url, **stored_in(folder))
    app = create_app(settings, clock)
    # Nothing here waits for its turn.
    parts_of(app).directory.pace._seconds = 0
    yield app
    parts_of(app).close()


def parts_of(app: Flask) -> Parts:
    found = app.extensions["slipway"]
    assert isinstance(found, Parts)
    return found


def found_by(browser: Browser, words: str) -> list[str]:
    """What the page lists."""
    page = browser.get(f"/find?q={words}")
    assert page.status == 200
    return [name for name, address in page.links.items() if address.endswith("/actions")]


def look_through(browser: Browser, *projects: str) -> None:
    for path in (
        "/workspaces",
        "/workspaces/buddy/projects",
        *(f"/workspaces/buddy/projects/{p}/pipelines" for p in projects),
    ):
        assert browser.get(path).status == 200


def refresh(app: Flask, rounds: int = 1) -> None:
    for _ in range(rounds):
        parts_of(app).directory.refresh(Event())


def test_a_pipeline_is_found_by_any_part_of_any_of_the_three_names_without_asking_buddy(
    desk: Browser, upstream: StubBuddy
) -> None:
    buddy_has(upstream, web_shop=["Nightly report", "Deploy"], api=["Nightly build", "Größe prüfen"])
    look_through(desk, "web_shop", "api")
    asked = len(upstream.reads)
    assert found_by(desk, "nightly") == ["Nightly build", "Nightly report"]
    assert found_by(desk, "SHOP+night") == ["Nightly report"]
    assert found_by(desk, "team+api+build") == ["Nightly build"]
    assert found_by(desk, "buddy/web_shop") == ["Nightly report", "Deploy"]
    assert found_by(desk, "GRÖSSE") == found_by(desk, "größe") == ["Größe prüfen"]
    assert found_by(desk, "%25") == found_by(desk, "nothing") == []
    assert len(upstream.reads) == asked


def test_a_pipeline_whose_own_name_has_the_word_stands_before_those_of_a_project_that_has_it(
    desk: Browser, upstream: StubBuddy
) -> None:
    buddy_has(upstream, deploy=["Build"], site=["Deploy to production", "Tests"])
    look_through(desk, "deploy", "site")
    assert found_by(desk, "deploy") == ["Deploy to production", "Build"]


def test_nothing_found_says_where_names_come_from(desk: Browser, upstream: StubBuddy) -> None:
    page = desk.get("/find?q=report")
    assert "Not found among the pipelines and templates that Slipway knows." in page.text
    assert page.links["Choose the pipeline from the lists"] == "/workspaces"


def test_many_that_are_found_are_cut_and_it_is_said(desk: Browser, upstream: StubBuddy) -> None:
    buddy_has(upstream, site=[f"Deploy {number}" for number in range(70)], api=["Build"])
    look_through(desk, "api")
    desk.get("/workspaces/buddy/projects/site/pipelines?page=2")
    assert len(found_by(desk, "deploy")) == 50
    assert "These are the first 50: type more of the name." in desk.get("/find?q=deploy").text


def test_a_found_pipeline_says_how_old_it_is_when_it_is_old(desk: Browser, upstream: StubBuddy, clock: Clock) -> None:
    buddy_has(upstream, site=["Deploy"], api=["Build"])
    look_through(desk, "site")
    assert "seen" not in desk.get("/find?q=deploy").text
    clock.forward(hours=30)
    assert "seen 1 day 6 hours ago" in desk.get("/find?q=deploy").text


def test_what_is_renamed_or_gone_is_so_in_the_directory(desk: Browser, upstream: StubBuddy, clock: Clock) -> None:
    buddy_has(upstream, site=["Deploy", "Old one"], api=["Build"])
    look_through(desk, "site", "api")
    buddy_has(upstream, site=["Deploy to production"], tools=["Build"])
    clock.forward(minutes=11)
    look_through(desk, "site")
    assert found_by(desk, "site") == ["Deploy to production"]
    assert found_by(desk, "build") == []


def test_a_pipeline_that_is_not_there_any_more_leaves_the_directory(desk: Browser, upstream: StubBuddy) -> None:
    buddy_has(upstream, site=["Deploy", "Tests"], api=["Build"])
    look_through(desk, "site")
    upstream.gone.add("/workspaces/buddy/projects/site/pipelines/2")
    assert desk.get("/workspaces/buddy/projects/site/pipelines/2/actions").status == 404
    assert found_by(desk, "site") == ["Tests"]


def test_a_project_that_is_not_there_any_more_takes_its_pipelines_along(desk: Browser, upstream: StubBuddy) -> None:
    buddy_has(upstream, site=["Deploy", "Tests"], api=["Build"])
    look_through(desk, "site", "api")
    upstream.gone.add("/workspaces/buddy/projects/site/pipelines")
    assert desk.get("/workspaces/buddy/projects/site/pipelines").status == 404
    assert (found_by(desk, "site"), found_by(desk, "build")) == ([], ["Build"])


def test_an_action_that_is_not_there_takes_no_pipeline_along(desk: Browser, upstream: StubBuddy) -> None:
    buddy_has(upstream, site=["Deploy", "Tests"], api=["Build"])
    look_through(desk, "site")
    upstream.gone.add("/workspaces/buddy/projects/site/pipelines/2/actions/7")
    assert desk.get("/workspaces/buddy/projects/site/pipelines/2/actions/7").status == 404
    assert found_by(desk, "site") == ["Deploy", "Tests"]


def test_a_pipeline_that_is_opened_by_its_address_is_found_from_then_on(desk: Browser) -> None:
    assert desk.get(f"{SITE}/pipelines/2/actions").status == 200
    assert found_by(desk, "company+mirror") == ["Live mirror"]


@pytest.mark.parametrize("page", ["actions/new", "actions/7/edit", "actions/new?like=7"])
def test_a_pipeline_that_a_form_has_read_is_found_from_then_on(desk: Browser, upstream: StubBuddy, page: str) -> None:
    upstream.by_hand = [ACTION]
    assert desk.get(f"{SITE}/pipelines/2/{page}").status == 200
    assert found_by(desk, "company+mirror") == ["Live mirror"]


def test_what_home_lists_as_the_last_pipelines_is_found(desk: Browser, new_form: str) -> None:
    desk.get(new_form).press("check", name="Run tests")
    home = desk.get("/")
    assert home.links["Live mirror"] == f"{SITE}/pipelines/2/actions"
    assert found_by(desk, "live") == ["Live mirror"]


def test_a_pipeline_that_a_receipts_look_has_read_is_found_from_then_on(
    desk: Browser, personal: Flask, upstream: StubBuddy, clock: Clock
) -> None:
    upstream.by_hand, upstream.answer = [ACTION], None
    upstream.write_fault = faults.read_then_close
    question = desk.get(f"{SITE}/pipelines/2/actions/7/delete")
    question.send_to(question.path)
    assert found_by(desk, "mirror") == []
    clock.forward(minutes=1)
    parts_of(personal).reconciler.round()
    assert found_by(desk, "mirror") == ["Live mirror"]


def test_a_project_is_called_as_its_own_page_has_read_it(desk: Browser, upstream: StubBuddy) -> None:
    upstream.lists[f"{SITE}/pipelines"] = [{"id": 2, "name": "Deploy"}, {"id": 3, "name": "Tests"}]
    upstream.instead["/company-website"] = {"name": "company-website", "display_name": "The Shop Window"}
    assert desk.get(f"{SITE}/pipelines").status == 200
    assert "The Shop Window" in desk.get("/find?q=deploy").text


def test_nothing_found_says_whether_the_lists_are_still_being_read(
    personal: Flask, desk: Browser, upstream: StubBuddy
) -> None:
    buddy_has(upstream, site=["Deploy"])
    reading = "Slipway is still reading the lists for the first time: search again in a while."
    assert reading in desk.get("/find?q=report").text
    refresh(personal, 4)
    page = desk.get("/find?q=report")
    assert "Not found among the pipelines and templates that Slipway knows." in page.text
    # What script follows has ended, too.
    assert reading not in page.text and "data-follow" not in page.html


def test_another_token_finds_nothing_that_the_one_before_was_told(
    team_with: Callable[..., Rig], upstream: StubBuddy
) -> None:
    team = team_with(buddy_token=None)
    ada = team.hired("ada", "administrator")
    ada.get("/connection").send_to("/connection", token="the-first-token-of-the-tests")
    buddy_has(upstream, site=["Deploy"], api=["Build"])
    look_through(ada, "site")
    assert found_by(ada, "deploy") == ["Deploy"]
    ada.get("/connection").send_to("/connection", token=OTHER)
    assert found_by(ada, "deploy") == []


def test_another_token_in_the_environment_finds_nothing_either(
    tmp_path: Path, upstream: StubBuddy, clock: Clock
) -> None:
    buddy_has(upstream, site=["Deploy"], api=["Build"])
    for token, names in (("token-of-the-tests", ["Deploy"]), (OTHER, []), ("token-of-the-tests", ["Deploy"])):
        with slipway(tmp_path, upstream, clock, token) as app:
            browser = Browser(app, "http://127.0.0.1:8000")
            if token != OTHER and not found_by(browser, "deploy"):
                look_through(browser, "site")
            assert found_by(browser, "deploy") == names


def test_slipway_asks_for_one_list_after_the_other_by_itself(
    personal: Flask, desk: Browser, upstream: StubBuddy, clock: Clock
) -> None:
    buddy_has(upstream, site=[f"Deploy {number}" for number in range(70)], api=["Build"])
    desk.get("/")
    refresh(personal)
    assert upstream.reads == ["/workspaces"]
    refresh(personal, 9)
    assert sorted(set(upstream.reads)) == sorted(upstream.lists)
    assert len(upstream.reads) == 5
    assert (found_by(desk, "api"), len(found_by(desk, "deploy"))) == (["Build"], 50)
    # In an hour it is old.
    clock.forward(minutes=59)
    refresh(personal)
    assert len(upstream.reads) == 5
    clock.forward(minutes=2)
    refresh(personal, 9)
    assert len(upstream.reads) == 10


def test_slipway_asks_nothing_by_itself_when_nobody_was_here_for_a_day(
    personal: Flask, desk: Browser, upstream: StubBuddy, clock: Clock
) -> None:
    buddy_has(upstream, site=["Deploy"], api=["Build"])
    refresh(personal)
    assert upstream.reads == []
    desk.get("/")
    clock.forward(hours=25)
    refresh(personal)
    assert upstream.reads == []
    desk.get("/")
    refresh(personal)
    assert upstream.reads == ["/workspaces"]


def test_slipway_asks_nothing_by_itself_below_half_of_what_buddy_allows(
    personal: Flask, desk: Browser, upstream: StubBuddy, clock: Clock
) -> None:
    buddy_has(upstream, site=["Deploy"], api=["Build"])
    upstream.headers = {"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "49", "X-Rate-Limit-Reset": "9999999999"}
    desk.get("/workspaces")
    asked = len(upstream.reads)
    clock.forward(hours=2)
    desk.get("/")
    refresh(personal, 3)
    assert len(upstream.reads) == asked
    upstream.headers |= {"X-Rate-Limit-Remaining": "50"}
    desk.get("/workspaces/buddy/projects")
    asked = len(upstream.reads)
    refresh(personal)
    assert len(upstream.reads) > asked


def test_slipway_rests_while_buddy_is_down(personal: Flask, desk: Browser, upstream: StubBuddy, clock: Clock) -> None:
    desk.get("/")
    upstream.readable = False
    refresh(personal, 3)
    asked = len(upstream.reads)
    assert set(upstream.reads) == {"/workspaces"}
    upstream.readable = True
    refresh(personal)
    assert len(upstream.reads) == asked
    clock.forward(hours=2)
    desk.get("/")
    refresh(personal)
    assert len(upstream.reads) > asked


def test_a_buddy_that_has_no_workspaces_to_show_is_asked_again_in_an_hour(
    personal: Flask, desk: Browser, upstream: StubBuddy, clock: Clock
) -> None:
    upstream.gone.add("/workspaces")
    desk.get("/")
    refresh(personal, 3)
    assert upstream.reads == ["/workspaces"]
    clock.forward(minutes=61)
    refresh(personal, 3)
    assert upstream.reads == ["/workspaces"] * 2


def test_who_follows_the_link_of_a_template_before_the_lists_are_read_is_led_to_them(
    personal: Flask, desk: Browser, upstream: StubBuddy
) -> None:
    buddy_has(upstream, web_shop=["Deploy", "Tests"], api=["Build"])
    anywhere = replace(REPORT, areas=(EVERYWHERE,), boxes={**REPORT.boxes, "password": LEFT_OUT})
    id = parts_of(personal).library.make(anywhere, {"template:variable:DB_PASSWORD": "canary"}, SLIPWAY)
    link = f"/find?template={id}"
    page = desk.get(link)
    assert page.heading == "Choose a project"
    assert f"template={id}" in page.links["Web Shop"]
    refresh(personal, 6)
    assert desk.get(link).heading == "Find a pipeline"
