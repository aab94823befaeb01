"""Making another one like an action, or like a submission, here or in another pipeline."""

from typing import Any
from urllib.parse import urlencode

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page, posted_fields, text_of

from .test_access import become
from .test_existing import EVERYTHING

PIPELINES = "/workspaces/buddy/projects/company-website/pipelines"
HERE = f"{PIPELINES}/2/actions"
LEAST = {"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a", "docker_image_tag": "1"}
LINE = "Make one like it in another pipeline"


def test_another_like_an_action_is_sent_with_all_that_can_be_copied(browser: Browser) -> None:
    form = browser.get(browser.get(f"{PIPELINES}/3/actions/9").links["Make another like it"])
    assert "Filled in like “Check the style”. Nothing has been sent. Not copied:" in form.text
    assert "The value of the variable NPM_TOKEN: encrypted values are never copied." in form.text
    assert form.fields["variables-0-value"] == "true"
    assert (form.fields["variables-1-key"], form.fields["variables-1-value"]) == ("NPM_TOKEN", "")
    asked = form.send(name="Check again")
    assert asked.errors == ["NPM_TOKEN: enter the value"]
    for page in (asked, asked.press("check", name=""), asked.send(name="").send(name="")):
        assert "Filled in like “Check the style”. Nothing has been sent. Not copied:" in page.text
        assert "The value of the variable NPM_TOKEN: encrypted values are never copied." in page.text
    asked.send(name="Check again", variables__1__value="typed again")
    copy = browser.get(browser.get(f"{PIPELINES}/3/actions").links["Check again"])
    assert "npm ci npm run lint" in copy.text
    assert "Folder in the container / /app" in copy.text


def test_a_secret_value_that_nobody_knows_here_is_left_empty_by_a_button_alone(browser: Browser) -> None:
    form = browser.get(browser.get(f"{PIPELINES}/3/actions/9").links["Make another like it"])
    assert "The value is not known here: type it." in form.text
    (missing,) = [each for each in form.all("div") if "missing" in each.get("class", "").split()]
    assert "The value is not known here: type it." in text_of(missing)
    asked = form.send(name="Check with nothing", variables__1__description="of the team")
    assert asked.errors == ["NPM_TOKEN: enter the value"]
    unticked = asked.send(variables__1__encrypted=None)
    assert unticked.errors == ["NPM_TOKEN: enter the value"]
    emptied = unticked.press("forget-variables-1", variables__1__encrypted="true")
    assert "The value is not known here" not in emptied.text
    assert emptied.send().heading == "“Check with nothing” was added in the sandbox"


def test_every_setting_comes_along_and_what_does_not_is_said(desk: Browser, upstream: StubBuddy) -> None:
    odd = {
        "volume_mappings": ["/:/app", "relative"],
        "trigger_time": "ON_SUCCESS",
        "variables": [*EVERYTHING["variables"], {"key": "IOS", "type": "IOS_KEYCHAIN", "value": "canary"}],
    }
    upstream.by_hand = [EVERYTHING | odd]
    form = desk.get(desk.get(f"{HERE}/7").links["Make another like it"])
    for words in (
        "When it runs (ON_SUCCESS): the form does not offer it.",
        "The volume mapping relative: the form has no such mappings.",
        "The variable IOS: the form has no variables of the kind IOS_KEYCHAIN.",
        "run_next: the form has no box for it.",
        "The password for the registry: passwords are never copied.",
        "The value of the variable TOKEN: encrypted values are never copied.",
        "The value of the variable KEY: encrypted values are never copied.",
    ):
        assert words in form.text
    assert "canary" not in form.html
    form.send(password="p", variables__1__value="t", variables__2__value="k")
    assert upstream.bodies == [
        {
            "name": "Everything",
            "type": "RUN_DOCKER_CONTAINER",
            "docker_image_name": "team/app",
            "docker_image_tag": "1.2",
            "registry": "ghcr.io",
            "login": "deploy",
            "password": "p",
            "inline_commands": "make\nmake test",
            "run_as_user": "root",
            "entrypoint": "/bin/sh",
            "mount_filesystem_disable": True,
            "volume_mappings": ["/:/app"],
            "export_container_path": "/out",
            "variables": [
                {"key": "CI", "value": "true"},
                {"key": "TOKEN", "value": "t", "encrypted": True},
                {"key": "KEY", "value": "k", "type": "SSH_KEY", "encrypted": True},
            ],
            "disabled": True,
            "ignore_errors": True,
            "timeout": 60,
            "retry_count": 2,
            "retry_interval": 5,
        }
    ]


COPYING = "Choose the pipeline that the copy of “Check the style” from Build and test in Company Website goes into."
STYLE = f"{PIPELINES}/3/actions/9"


def choosing(browser: Browser) -> Page:
    """Where the place for a copy is chosen, on the way from the action."""
    return browser.get(browser.get(browser.get(f"{PIPELINES}/3/actions").links["Check the style"]).links[LINE])


def found(page: Page, words: str) -> Page:
    """Fill in the one box, with whatever else its form has."""
    (form,) = [form for form in page.all("form") if form.get("action") == "/find"]
    return page.browser.get(f"/find?{urlencode(dict(posted_fields(form)) | {'q': words})}")


@pytest.mark.parametrize("trigger", ["ON_EVERY_EXECUTION", "ON_WARNING"])
def test_what_does_nothing_at_this_time_is_named_in_the_copy_and_in_the_file(
    desk: Browser, upstream: StubBuddy, trigger: str
) -> None:
    upstream.by_hand = [LEAST | {"trigger_time": trigger, "run_only_on_first_failure": True}]
    line = "Only on the first failure: it does nothing in an action that does not run when the pipeline fails"
    assert line in desk.get(f"{HERE}/new?like={HERE}/7").text
    file = desk.client.get(desk.get(f"{HERE}/7").links["Save as buddy.yml"], base_url=desk.url)
    assert f"# - {line}" in file.get_data(as_text=True).splitlines()


def test_another_pipeline_is_chosen_from_the_lists(browser: Browser) -> None:
    page = choosing(browser)
    assert COPYING in page.text
    for place in ("Choose the pipeline from the lists", "Buddy Labs", "Services"):
        page = browser.get(page.links[place])
        assert COPYING in page.text
    page = browser.get(page.links["Next"])
    assert COPYING in page.text
    form = browser.get(page.links["Deploy service 77"])
    assert "Filled in like “Check the style”." in form.text
    assert form.fields["docker_image_name"] == "library/node"


def test_the_pipeline_for_a_copy_is_one_of_the_last_that_were_used(browser: Browser) -> None:
    for place in ("company-website/pipelines/4", "mobile-api/pipelines/11"):
        browser.get(f"/workspaces/buddy/projects/{place}/actions/new").press("check", name="Run", docker_image_name="a")
    page = choosing(browser)
    assert "Your last pipelines Release Mobile API Nightly Company Website from a YAML file" in page.text
    assert [
        text_of(link) for each in page.all("ul") if "places" in each.get("class", "") for link in each.iter("a")
    ] == [
        "Release",
        "Nightly",
    ]
    form = browser.get(page.links["Release"])
    assert "Add to Release in Mobile API" in form.text
    assert "Filled in like “Check the style”." in form.text


def test_the_pipeline_for_a_copy_is_found_by_words_or_by_its_address(browser: Browser) -> None:
    browser.get("/workspaces/buddy/projects/mobile-api/pipelines/11/actions")
    page = found(choosing(browser), "release")
    assert COPYING in page.text
    pasted = found(page, "https://app.buddy.works/buddy/mobile-api/pipelines/pipeline/11")
    for form in (browser.get(page.links["Release"]), pasted):
        assert (form.heading, form.fields["name"]) == ("Add a Run Docker container action", "Check the style")
        assert "Add to Release in Mobile API" in form.text
    lost = found(page, "https://example.com/11")
    assert (lost.status, COPYING in lost.text) == (422, True)


def test_choosing_a_place_for_a_copy_warns_of_what_it_warns_of_else(browser: Browser) -> None:
    assert "Nightly Last run successful from a YAML file" in browser.get(f"{PIPELINES}?like={STYLE}").text
    closed = browser.get(f"/workspaces/buddy/projects/old-shop/pipelines?like={STYLE}")
    assert "The project Old Shop is closed. Its pipelines do not run" in closed.text


def test_a_place_for_a_copy_of_a_submission_is_chosen_from_its_receipt(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(name="Run tests", docker_image_name="a", inline_commands="ls")
    page = browser.get(receipt.links["Make one like it in another pipeline"])
    assert "the copy of “Run tests” from Live mirror in Company Website goes into." in page.text


@pytest.mark.parametrize("like", ["nothing", "/nothing", f"{HERE}/5"])
@pytest.mark.parametrize("page", ["/find", "/workspaces", PIPELINES])
def test_choosing_a_place_for_nothing_that_can_be_copied_says_so(browser: Browser, page: str, like: str) -> None:
    chosen = browser.get(f"{page}?like={like}")
    assert "What was to be copied is not there, or is of a kind that can't be copied." in chosen.text
    assert "the copy" not in chosen.text


def test_who_may_not_add_anything_chooses_no_place_for_a_copy(browser: Browser) -> None:
    become(browser, "viewer")
    page = browser.get(f"{PIPELINES}?like={STYLE}")
    assert ("the copy" in page.text, page.links["Live mirror"]) == (False, HERE)


def test_the_filter_keeps_what_is_copied(browser: Browser) -> None:
    like = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9"
    page = browser.get(f"/workspaces/buddy-labs/projects/services/pipelines?like={like}&q=service+77")
    assert [box.get("value") for box in page.all("input") if box.get("name") == "like"] == [like]
    assert "Filled in like" in browser.get(page.links["Deploy service 77"]).text


INTEGRATED = {"integration": {"identifier": "ecr_prod"}, "region": "eu-west-1"}
BUILT: dict[str, Any] = {"use_image_from_action": True}
OTHER_WORKSPACE = "/workspaces/other/projects/site/pipelines/2/actions"
OTHER_PIPELINE = f"{PIPELINES}/3/actions"
BUILD_LEFT = "The build action: here it would be another one, or none."
INTEGRATION_LEFT = "The integration ecr_prod: it belongs to the workspace buddy."
TARGETS = {
    "integration that is told of by its hash id": (
        {"integration": {"hash_id": "cc33"}},
        OTHER_PIPELINE,
        {"image_source": "integration", "integration": "hub"},
        "",
    ),
    "build action that newer answers tell of by its place": (
        {"image_location": "ACTION", "docker_build_action_id": 1},
        HERE,
        {"image_source": "action", "docker_build_action_id": "1"},
        "",
    ),
    "commands that are told one by one": (
        {"execute_commands": ["make", "make test"]},
        HERE,
        {"inline_commands": "make\nmake test"},
        "",
    ),
    "integration, same workspace": (INTEGRATED, OTHER_PIPELINE, {"integration": "ecr_prod"}, ""),
    "integration, other workspace": (INTEGRATED, OTHER_WORKSPACE, {"integration": ""}, INTEGRATION_LEFT),
    "build action, same pipeline": (
        BUILT | {"docker_build_action_id": 1},
        HERE,
        {"docker_build_action_id": "1"},
        "",
    ),
    "build action, other pipeline": (
        BUILT | {"docker_build_action_id": 1},
        OTHER_PIPELINE,
        {"docker_build_action_id": ""},
        BUILD_LEFT,
    ),
    "the action before": (BUILT | {"docker_build_action_id": 0}, HERE, {"docker_build_action_id": ""}, BUILD_LEFT),
    "by name, one of that name there": (
        BUILT | {"docker_build_action_name": "Build API"},
        OTHER_PIPELINE,
        {"docker_build_action_name": "Build API"},
        "",
    ),
    "by name, none of that name there": (
        BUILT | {"docker_build_action_name": "Build it"},
        OTHER_PIPELINE,
        {"docker_build_action_name": ""},
        BUILD_LEFT,
    ),
}


@pytest.mark.parametrize(("fields", "target", "boxes", "line"), TARGETS.values(), ids=TARGETS)
def test_what_holds_in_one_place_alone_is_not_copied_into_another(
    desk: Browser, upstream: StubBuddy, fields: dict[str, Any], target: str, boxes: dict[str, str], line: str
) -> None:
    upstream.by_hand = [LEAST | fields]
    form = desk.get(f"{target}/new?like={HERE}/7")
    assert {name: form.fields[name] for name in boxes} == boxes
    assert ("Not copied:" in form.text, line in form.text) == (bool(line), True)


def test_a_submission_is_copied_into_another_pipeline_without_its_secrets(desk: Browser, new_form: str) -> None:
    typed = {
        "name": "Run",
        "docker_image_name": "a",
        "inline_commands": "ls",
        "image_source": "credentials",
        "login": "me",
        "password": "canary-password",
        "after_action_id": "1",
    }
    receipt = desk.get(new_form).send(**typed)
    assert desk.get(receipt.links["Make another like it"]).fields["after_action_id"] == "1"
    lists = desk.get(new_form).send(**typed | {"name": "Run more"})
    like = lists.links["Make one like it in another pipeline"].partition("like=")[2]
    form = desk.get(f"{OTHER_PIPELINE}/new?like={like}")
    assert "Not copied: The password for the registry: passwords are never copied." in form.text
    assert (form.fields["login"], form.fields["after_action_id"], "canary" in form.html) == ("me", "", False)


@pytest.mark.parametrize("like", ["nothing", "/nothing", "/workspaces/a/projects/b/pipelines/1", f"{HERE}/5"])
def test_what_is_no_original_gives_an_empty_form_that_says_so(browser: Browser, like: str) -> None:
    form = browser.get(f"{HERE}/new?like={like}")
    assert (form.status, form.fields["name"], "Filled in like" in form.text) == (200, "", False)
    assert "What was to be copied is not there, or is of a kind that can't be copied." in form.text


def test_an_original_that_is_gone_is_404_in_words(browser: Browser) -> None:
    assert browser.get(f"{HERE}/new?like={HERE}/99").status == 404
