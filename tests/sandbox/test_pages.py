"""The pages behind the simulated Buddy's links, through Slipway where they are mounted."""

from typing import Any

import pytest
from flask import Flask
from support.clock import Clock
from support.pages import Browser

from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

SECRET = "hush-hush"
TOKEN = {"Authorization": "Bearer sandbox"}
# Where there is nothing to see, and a page says so.
NOWHERE = (
    "/none",
    "/buddy/none",
    "/buddy/company-website/pipelines/pipeline/99",
    "/buddy/company-website/pipelines/action/99/edit",
    "/buddy/company-website/pipelines/pipeline/2/execution/none",
    "/weather",
)


@pytest.fixture
def inside(app: Flask) -> Sandbox:
    """The sandbox inside Slipway."""
    sandbox: Sandbox = app.extensions["slipway"].sandbox
    return sandbox


def add(browser: Browser, path: str, body: object) -> dict[str, Any]:
    answer = browser.client.post(f"/sandbox/api{path}", json=body, headers=TOKEN, base_url=browser.url)
    assert answer.status_code == 201
    added: dict[str, Any] = answer.get_json()
    return added


def test_each_place_links_to_the_next(browser: Browser) -> None:
    path = "/sandbox/"
    for name in ("Buddy", "Company Website", "Live mirror", "Upload files to Live mirror"):
        links = browser.get(path).links
        path = next(link for text, link in links.items() if text.startswith(name)).removeprefix(browser.url)
        page = browser.get(path)
        assert (page.heading, page.status) == (name, 200)
        assert "This is the sandbox: nothing leaves this computer." in page.html


def test_a_project_names_the_branches_and_tags_that_a_run_can_be_on(browser: Browser) -> None:
    text = browser.get("/sandbox/buddy/company-website").text
    assert "Its repository has the branches master, next, release/2.0 and the tags v1.0, v1.1, v1.2." in text


def test_an_action_is_shown_with_its_settings_and_without_its_secrets(
    browser: Browser, actions: str, least: dict[str, Any]
) -> None:
    rows = [{"key": "OPEN", "value": "seen"}, {"key": "SHUT", "value": SECRET, "encrypted": True}]
    body = least | {"login": "me", "password": SECRET, "volume_mappings": ["/:/app"], "variables": rows}
    added = add(browser, actions, body)
    page = browser.get(added["html_url"].removeprefix(browser.url))
    for shown in ("library/ubuntu", "make test", "/:/app", "OPEN", "seen", "SHUT", "encrypted, not shown"):
        assert shown in page.text
    assert SECRET not in page.html and "!encrypted" not in page.html and "password" not in page.html


def test_a_name_with_markup_is_shown_as_it_is(browser: Browser, actions: str, least: dict[str, Any]) -> None:
    name = '<script>alert("1")</script> & more'
    added = add(browser, actions, least | {"name": name})
    for address in (added["html_url"], added["pipeline"]["html_url"]):
        page = browser.get(address.removeprefix(browser.url))
        assert name in page.text and "<script>" not in page.html


@pytest.mark.parametrize("path", ["action/9/edit", "pipeline/3/action/9/edit"])
def test_an_actions_page_opens_at_both_addresses(browser: Browser, path: str) -> None:
    assert browser.get(f"/sandbox/buddy/company-website/pipelines/{path}").heading == "Check the style"


def test_a_pipeline_shows_its_actions_in_their_order(browser: Browser, least: dict[str, Any]) -> None:
    path = "/workspaces/buddy/projects/mobile-api/pipelines/11/actions"
    add(browser, path, least | {"after_action_id": 12})
    text = browser.get("/sandbox/buddy/mobile-api/pipelines/pipeline/11").text
    places = [text.index(name) for name in ("Build API", "Run tests", "Build worker", "Announce")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/buddy/old-shop", "A closed project"),
        ("/buddy/company-website/pipelines/pipeline/4", "comes from a YAML file"),
        ("/buddy-labs", "has no integration"),
        ("/buddy-labs/empty", "has no pipeline yet"),
        ("/buddy-labs/prototype/pipelines/pipeline/41", "has no action yet"),
    ],
)
def test_what_is_special_about_a_place_is_said(browser: Browser, path: str, words: str) -> None:
    assert words in browser.get(f"/sandbox{path}").text


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_has_a_page_that_says_so(browser: Browser, path: str) -> None:
    page = browser.get(f"/sandbox{path}")
    assert (page.status, page.heading) == (404, "There is no such page")


@pytest.mark.parametrize("weather", Weather)
def test_the_weather_is_chosen_on_the_sandboxs_page(browser: Browser, inside: Sandbox, weather: Weather) -> None:
    index = browser.get("/sandbox/")
    assert weather.title in index.text and weather.effect in index.text
    page = browser.post("/sandbox/weather", {"weather": weather.value})
    assert (page.heading, page.status) == (index.heading, 200)
    assert f"Now: {weather.title}. {weather.effect}" in page.text
    assert inside.state.weather is weather


def test_the_weather_stands_above_all_that_there_is(browser: Browser) -> None:
    text = browser.get("/sandbox/").text
    assert text.index("Choose how Buddy behaves") < text.index("Company Website")


@pytest.mark.parametrize("fields", [{}, {"weather": "hail"}])
def test_an_unknown_weather_changes_nothing(browser: Browser, inside: Sandbox, fields: dict[str, str]) -> None:
    inside.state.weather = Weather.SLOW
    answer = browser.client.post("/sandbox/weather", data=fields, base_url=browser.url)
    assert (answer.status_code, inside.state.weather) == (400, Weather.SLOW)


def test_another_site_cannot_choose_the_weather(browser: Browser, inside: Sandbox) -> None:
    answer = browser.client.post(
        "/sandbox/weather",
        data={"weather": "down"},
        base_url=browser.url,
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, inside.state.weather) == (403, Weather.FINE)


RUNS = "/workspaces/buddy/projects/company-website/pipelines/2/executions"


@pytest.fixture
def clock(inside: Sandbox) -> Clock:
    """The sandbox's clock, which stands still until a test moves it."""
    inside.state.clock = clock = Clock()
    return clock


def begin(browser: Browser, actions: str, body: dict[str, Any]) -> str:
    """Add an action, run it alone, and give the address of the run's page."""
    added = add(browser, actions, body)
    asked = {"actions_to_run": [added["id"]], "comment": "<b>Try</b> it"}
    answer = browser.client.post(f"/sandbox/api{RUNS}", json=asked, headers=TOKEN, base_url=browser.url)
    run: dict[str, Any] = answer.get_json()
    pages = [run["html_url"], run["action_executions"][0]["html_url"]]
    headings = {browser.get(page.removeprefix(browser.url)).heading for page in pages}
    assert headings == {f"Run {run['id']}"}
    return str(run["html_url"]).removeprefix(browser.url)


def test_a_run_has_a_page_that_says_that_nothing_is_run(
    browser: Browser, actions: str, least: dict[str, Any], clock: Clock
) -> None:
    hidden = [{"key": "SHUT", "value": SECRET, "encrypted": True}]
    path = begin(browser, actions, least | {"inline_commands": "echo '<script>' $SHUT\nexit 3", "variables": hidden})
    clock.forward(seconds=60)
    page = browser.get(path)
    for shown in ("nothing is run", "Its state: failed.", "<b>Try</b> it", "<script> ********", "Exit code: 3"):
        assert shown in page.text
    assert "<script>" not in page.html and SECRET not in page.html
    assert "Stop" not in page.text
    pipeline = browser.get("/sandbox/buddy/company-website/pipelines/pipeline/2")
    assert pipeline.links[page.heading].endswith(path) and "Failed: <b>Try</b> it" in pipeline.text


def test_a_run_is_stopped_and_let_go_on_from_its_page(
    browser: Browser, actions: str, least: dict[str, Any], clock: Clock
) -> None:
    path = begin(browser, actions, least | {"inline_commands": "# sandbox: WAITING_FOR_APPLY\nsleep 100"})
    clock.forward(seconds=60)
    assert "Let it go on" in browser.get(path).text
    assert "Its state: in progress." in browser.post(path, {"operation": "APPLY"}).text
    assert "Its state: being stopped." in browser.post(path, {"operation": "CANCEL"}).text
    clock.forward(seconds=60)
    assert "Its state: stopped." in browser.get(path).text
    for operation in ("CANCEL", "APPLY", "", "PAUSE"):
        answer = browser.client.post(path, data={"operation": operation}, base_url=browser.url)
        assert (answer.status_code, answer.text) == (409, "That is not possible any more.")


def test_a_run_of_nothing_and_a_log_of_long_ago_are_said_plainly(
    browser: Browser, actions: str, least: dict[str, Any], clock: Clock
) -> None:
    path = begin(browser, actions, least)
    clock.forward(days=31)
    assert "The log is no longer kept." in browser.get(path).text
    alarm = add(browser, actions, least | {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": True})
    body = {"actions_to_run": [alarm["id"]]}
    run = browser.client.post(f"/sandbox/api{RUNS}", json=body, headers=TOKEN, base_url=browser.url).get_json()
    assert "None of the pipeline's actions is in it." in browser.get(run["html_url"].removeprefix(browser.url)).text
