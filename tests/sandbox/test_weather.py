"""The weather over the sandbox's own port, and that it stays away from the mounted one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from werkzeug.test import Client

from webapp.sandbox import Sandbox
from webapp.sandbox.weather import Weather

Call = Callable[..., requests.Response]
TOKEN = {"Authorization": "Bearer sandbox"}


def names(sandbox: Sandbox, actions: str) -> list[str]:
    """The actions' names by way of the mounted front, where the weather is always fine."""
    answer = Client(sandbox.wsgi).get(f"/api{actions}", headers=TOKEN)
    assert answer.status_code == 200
    return [item["name"] for item in json.loads(answer.text)["actions"]]


def test_a_lost_answer_leaves_the_action_made(call: Call, sandbox: Sandbox, actions: str, least: object) -> None:
    sandbox.state.weather = Weather.LOST
    with pytest.raises(requests.ConnectionError, match="without response"):
        call("POST", actions, json=least)
    assert names(sandbox, actions)[-1] == "Run tests"
    assert call("GET", actions).json()["actions"][-1]["name"] == "Run tests"


def test_an_error_after_creating_leaves_the_action_made(call: Call, sandbox: Sandbox, actions: str, least: Any) -> None:
    sandbox.state.weather = Weather.ERROR_AFTER_CREATING
    answer = call("POST", actions, json=least)
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/json")
    assert answer.json()["errors"][0]["message"]
    assert call("GET", actions).json()["actions"][-1]["name"] == "Run tests"
    assert call("POST", actions, json={}).status_code == 400


def test_a_slow_answer_comes_after_the_action_is_made(call: Call, sandbox: Sandbox, actions: str, least: Any) -> None:
    sandbox.state.weather = Weather.SLOW
    with pytest.raises(requests.ReadTimeout):
        call("POST", actions, json=least, timeout=(10, 0.5))
    assert names(sandbox, actions)[-1] == "Run tests"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_buddy_that_is_down_hangs_up_on_everybody(
    call: Call, sandbox: Sandbox, actions: str, least: object, method: str
) -> None:
    assert call("GET", actions).status_code == 200
    sandbox.state.weather = Weather.DOWN
    # The first connection was open before; the second is new.
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            call(method, actions, json=least)
    assert (names(sandbox, actions), sandbox.received) == (["Upload files to Live mirror"], ())


def test_a_refused_token_is_told_in_buddys_shape(call: Call, sandbox: Sandbox, actions: str, least: object) -> None:
    sandbox.state.weather = Weather.TOKEN_REFUSED
    for answer in (call("GET", actions), call("POST", actions, json=least)):
        assert (answer.status_code, "token" in answer.json()["errors"][0]["message"]) == (401, True)
    assert len(names(sandbox, actions)) == 1


def test_too_many_requests_say_when_to_come_back(call: Call, sandbox: Sandbox, actions: str, least: object) -> None:
    sandbox.state.weather = Weather.RATE_LIMITED
    for answer in (call("GET", actions), call("POST", actions, json=least)):
        assert (answer.status_code, answer.headers["X-Rate-Limit-Remaining"]) == (429, "0")
        assert answer.headers["X-Rate-Limit-Reset"].isdigit()
        assert answer.json() == {"errors": [{"message": "Rate limit exceeded."}]}
    assert len(names(sandbox, actions)) == 1


def test_nonsense_looks_like_success_and_is_none(call: Call, sandbox: Sandbox, actions: str, least: object) -> None:
    sandbox.state.weather = Weather.NONSENSE
    answers = [call("GET", actions), call("POST", actions, json=least), call("DELETE", f"{actions}/5")]
    assert [answer.status_code for answer in answers] == [200, 201, 200]
    assert all(answer.text.startswith("<!doctype html>") for answer in answers)
    assert len(names(sandbox, actions)) == 1


@pytest.mark.parametrize("weather", Weather)
def test_the_mounted_front_has_fine_weather_always(
    sandbox: Sandbox, actions: str, least: object, weather: Weather
) -> None:
    sandbox.state.weather = weather
    assert Client(sandbox.wsgi).post(f"/api{actions}", json=least, headers=TOKEN).status_code == 201


def test_after_bad_weather_comes_fine_weather(call: Call, sandbox: Sandbox, actions: str, least: object) -> None:
    for weather in (Weather.DOWN, Weather.FINE):
        sandbox.state.weather = weather
    assert call("POST", actions, json=least).status_code == 201
