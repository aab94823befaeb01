"""The pages behind the make-believe Buddy's links, through Slipway where they are mounted."""

from typing import Any

import pytest
from flask import Flask
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
