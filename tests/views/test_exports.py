"""Actions of a `buddy.yml`: of an action, of a submission and of the form, without secrets."""

from typing import Any

import pytest
import yaml
from support.buddy import PIPELINE, StubBuddy
from support.pages import Browser
from support.rigs import LEAST
from werkzeug.test import TestResponse

from .test_access import become
from .test_existing import EVERYTHING

HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
SHOW = "Show as buddy.yml"


def saved(browser: Browser, path: str) -> TestResponse:
    answer = browser.client.get(path, base_url=browser.url)
    assert answer.status_code == 200
    assert answer.mimetype == "application/yaml"
    return answer


def test_an_action_is_saved_with_all_that_it_is_set_to(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    answer = saved(desk, desk.get(f"{HERE}/7").links["Save as buddy.yml"])
    assert answer.headers["Content-Disposition"] == "attachment; filename=everything.yaml"
    text = answer.get_data(as_text=True)
    ((action,),) = (yaml.safe_load(text),)
    assert (action["action"], action["type"]) == ("Everything", "RUN_DOCKER_CONTAINER")
    for name in ("docker_image_name", "docker_image_tag", "registry", "login", "inline_commands", "run_as_user"):
        assert action[name] == EVERYTHING[name]
    for line in (
        "# - run_next: the form has no box for it",
        "# - The password for the registry: it is a secret. Set it in Buddy, or use an integration",
        "# - The value of the variable TOKEN: it is a secret. Set it in Buddy",
    ):
        assert line in text.splitlines(), text
    for secret in ("password:", "!encrypted", "secure!", "[secret]"):
        assert secret not in text
    keys = [item["key"] for item in action["variables"]]
    assert keys == [item["key"] for item in EVERYTHING["variables"]]
    assert [item["key"] for item in action["variables"] if "value" not in item] == ["TOKEN", "KEY"]


def test_a_submission_is_saved_as_it_was_sent(desk: Browser, new_form: str) -> None:
    secret = {"variables__0__key": "TOKEN", "variables__0__value": "canary", "variables__0__encrypted": "true"}
    page = desk.get(new_form).press("add-variables").send(**LEAST, **secret)
    text = saved(desk, page.links["Save as buddy.yml"]).get_data(as_text=True)
    assert "canary" not in text
    ((action,),) = (yaml.safe_load(text),)
    assert action["action"] == LEAST["name"]
    assert action["inline_commands"] == LEAST["inline_commands"]
    assert action["variables"] == [{"key": "TOKEN", "encrypted": True}]
    assert "# - The value of the variable TOKEN: it is a secret. Set it in Buddy" in text


def test_the_form_is_shown_as_an_action_and_sends_nothing(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    typed = LEAST | {"variables__0__key": "TOKEN", "variables__0__value": "canary", "variables__0__encrypted": "true"}
    page = desk.get(new_form).press("add-variables").press("yaml", **typed)
    assert "Put this into the list of actions in your buddy.yml. Nothing has been sent." in page.text
    assert f"- action: {LEAST['name']} type: RUN_DOCKER_CONTAINER" in page.text
    assert "The value of the variable TOKEN: it is a secret. Set it in Buddy" in page.text
    assert "canary" not in page.html
    assert upstream.bodies == []
    assert page.fields["name"] == LEAST["name"]
    page.send()
    assert upstream.bodies[0]["variables"] == [{"key": "TOKEN", "value": "canary", "encrypted": True}]


def test_an_action_that_is_changed_is_shown_as_it_would_be(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    page = desk.get(f"{HERE}/7/edit").press("yaml", inline_commands="make it")
    assert "inline_commands: make it" in page.text
    assert upstream.bodies == []


@pytest.mark.parametrize("sign", [{"git_config_ref": "FIXED"}, {"definition_source": "REMOTE"}], ids=str)
def test_a_pipeline_from_a_file_offers_this_first(
    desk: Browser, new_form: str, monkeypatch: pytest.MonkeyPatch, sign: dict[str, Any]
) -> None:
    def buttons() -> list[str]:
        words = ["".join(button.itertext()).strip() for button in desk.get(new_form).all("button")]
        return [word for word in words if word == SHOW or word.startswith("Add to ")]

    assert [word == SHOW for word in buttons()] == [False, True]
    for name, value in sign.items():
        monkeypatch.setitem(PIPELINE, name, value)
    assert [word == SHOW for word in buttons()] == [True, False]
    assert (
        "“Show as buddy.yml”, below the form, gives you what to put into the file instead." in desk.get(new_form).text
    )


@pytest.mark.parametrize("path", [f"{HERE}/999.yaml", f"{HERE}/none.yaml", "/submissions/none.yaml"])
def test_what_is_not_there_is_not_saved(desk: Browser, path: str) -> None:
    assert desk.get(path).status == 404


def test_an_action_of_another_kind_is_not_saved(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"type": "SLACK"}]
    assert desk.get(f"{HERE}/7.yaml").status == 404
    assert "Save as buddy.yml" not in desk.get(f"{HERE}/7").links


def test_only_editors_are_offered_to_save(browser: Browser) -> None:
    path = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9"
    assert "Save as buddy.yml" in browser.get(path).links
    become(browser, "contributor")
    assert "Save as buddy.yml" not in browser.get(path).links


ODD = ["\0", "\x1b", "\x7f", "\x85", "\x01", "\ufffe", "\u2028", "\r\n"]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_each_character_of_an_action_stands_in_its_file(desk: Browser, upstream: StubBuddy, odd: str) -> None:
    text = f"ls a{odd}b\nls"
    variables = [{"key": "A", "value": text}]
    upstream.by_hand = [{**EVERYTHING, "inline_commands": text, "variables": variables}]
    saved_text = saved(desk, desk.get(f"{HERE}/7").links["Save as buddy.yml"]).get_data(as_text=True)
    (action,) = yaml.safe_load(saved_text)
    assert action["inline_commands"] == text
    assert action["variables"] == variables


def test_half_a_character_is_named_in_the_file_and_is_in_no_copy(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [
        {**EVERYTHING, "inline_commands": "ls a\ud800b", "variables": [{"key": "A", "value": "\udfff"}]}
    ]
    text = saved(desk, desk.get(f"{HERE}/7").links["Save as buddy.yml"]).get_data(as_text=True)
    assert "# - Commands: \ufffd stands in it for a character that could not be taken over" in text.splitlines(), text
    assert (
        "# - The variable A: \ufffd stands in it for a character that could not be taken over" in text.splitlines()
    ), text
    page = desk.get(f"{HERE}/new?like={HERE}/7")
    assert "The commands must have no hidden or unreadable characters" in page.text
    assert page.send(password="a").status == 422
    assert upstream.bodies == []
