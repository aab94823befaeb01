"""Changing an action: what goes on the wire, what is asked for, what the receipt says."""

import json
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.curl import run_in_shell
from support.pages import Browser, Page
from support.rigs import Rig
from support.signing_in import PASSWORD

from webapp.buddy.secrecy import REDACTED

from .test_existing import EVERYTHING

STYLE = "/workspaces/buddy/projects/company-website/pipelines/3/actions/9"
MINE = "/workspaces/buddy/projects/company-website/pipelines/2/actions/7"
# What Buddy asks for with every change.
IMAGE = {"docker_image_name": "team/app", "docker_image_tag": "1.2"}
HEAD = {"name": "Everything", "type": "RUN_DOCKER_CONTAINER", **IMAGE}


@pytest.fixture
def edit(desk: Browser, upstream: StubBuddy) -> Page:
    """The form of an action that has secrets and encrypted variables."""
    upstream.by_hand = [EVERYTHING]
    upstream.answer = (200, EVERYTHING)
    return desk.get(desk.get(MINE).links["Change it"])


# Typed → the whole body of the PATCH but for what goes along with every change.
CHANGES: dict[str, tuple[dict[str, str | None], dict[str, Any]]] = {
    "tag": ({"docker_image_tag": "1.3"}, {"docker_image_tag": "1.3"}),
    "commands": ({"inline_commands": "make\r\n"}, {"inline_commands": "make\n"}),
    "registry": ({"registry": "quay.io"}, {"registry": "quay.io"}),
    "login": ({"login": "me"}, {"login": "me"}),
    "password": ({"password": "new"}, {"password": "new"}),
    "user cleared": ({"run_as_user": ""}, {"run_as_user": ""}),
    "registry cleared": ({"registry": ""}, {"registry": ""}),
    "a volume removed": (
        {"volume_mappings__1__source": "", "volume_mappings__1__target": ""},
        {"volume_mappings": ["/:/app"]},
    ),
    "all volumes removed": (
        {f"volume_mappings__{row}__{end}": "" for row in (0, 1) for end in ("source", "target")},
        {"volume_mappings": []},
    ),
    "mounted again": ({"mount_filesystem_disable": None}, {"mount_filesystem_disable": False}),
    "switched on": ({"disabled": None}, {"disabled": False}),
    "limit cleared": ({"timeout": ""}, {"timeout": 0}),
    "when it runs": (
        {"trigger_time": "ON_WARNING", "run_only_on_first_failure": None},
        {"trigger_time": "ON_WARNING", "run_only_on_first_failure": False},
    ),
    "moved": ({"after_action_id": "1"}, {"after_action_id": 1}),
    "a variable, and the secret ones again": (
        {"variables__0__value": "false", "variables__1__value": "t", "variables__2__value": "k"},
        {
            "variables": [
                {"key": "CI", "value": "false"},
                {"key": "TOKEN", "value": "t", "encrypted": True},
                {"key": "KEY", "value": "k", "type": "SSH_KEY", "encrypted": True},
            ]
        },
    ),
    "no variable any more": (
        {f"variables__{row}__{name}": None for row in range(3) for name in ("key", "value", "encrypted", "type")},
        {"variables": []},
    ),
}


@pytest.mark.parametrize(("typed", "body"), CHANGES.values(), ids=CHANGES)
def test_a_change_holds_what_was_changed_and_what_buddy_asks_for_with_it_and_nothing_else(
    edit: Page, upstream: StubBuddy, typed: dict[str, str | None], body: dict[str, Any]
) -> None:
    receipt = edit.send(**typed)
    assert (receipt.heading, upstream.bodies) == ("“Everything” was changed", [HEAD | body])
    assert upstream.paths == [MINE]


def test_the_images_name_and_tag_go_along_as_buddy_had_them_just_before(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"docker_image_name": "team/other", "docker_image_tag": "$NODE_VERSION"}]
    edit.send(entrypoint="/bin/a")
    assert upstream.bodies == [
        HEAD | {"docker_image_name": "team/other", "docker_image_tag": "$NODE_VERSION", "entrypoint": "/bin/a"}
    ]


def test_an_integration_by_its_other_name_is_no_change_and_is_sent_by_its_identifier(
    desk: Browser, upstream: StubBuddy
) -> None:
    upstream.by_hand = [EVERYTHING | {"login": "", "integration": {"hash_id": "cc33"}}]
    form = desk.get(f"{MINE}/edit")
    assert form.fields["integration"] == "hub"
    assert "Nothing was changed on this form." in form.send().text
    upstream.by_hand = [EVERYTHING | {"login": "", "integration": {"identifier": "hub"}}]
    assert "Nothing was changed on this form." in form.send(integration="cc33").text
    form.send(integration="aa11", region="eu-west-1")
    assert upstream.bodies == [HEAD | {"integration": {"identifier": "ecr_prod"}, "region": "eu-west-1"}]


def test_what_the_action_has_no_name_or_tag_for_does_not_go_along(desk: Browser, upstream: StubBuddy) -> None:
    built = {"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER", "inline_commands": "ls", "docker_image_tag": None}
    upstream.by_hand = [built | {"use_image_from_action": True, "docker_build_action_id": 1}]
    desk.get(f"{MINE}/edit").send(entrypoint="/bin/a")
    assert upstream.bodies == [{"name": "Run", "type": "RUN_DOCKER_CONTAINER", "entrypoint": "/bin/a"}]


def test_the_name_is_changed_alone(edit: Page, upstream: StubBuddy) -> None:
    edit.send(name="Something else")
    assert upstream.bodies == [HEAD | {"name": "Something else"}]


def test_the_form_shows_all_but_the_secrets(edit: Page) -> None:
    assert edit.heading == "Change “Everything”"
    assert (edit.fields["image_source"], edit.fields["login"], edit.fields["password"]) == ("credentials", "deploy", "")
    assert (edit.fields["variables-1-key"], edit.fields["variables-1-value"]) == ("TOKEN", "")
    assert "Not shown here, and not changed: run_next" in edit.text
    assert "canary" not in edit.html


def test_nothing_changed_sends_nothing(edit: Page, upstream: StubBuddy) -> None:
    again = edit.send()
    assert (again.status, upstream.bodies) == (422, [])
    assert "Nothing was changed on this form." in again.text


def test_each_secret_variable_is_typed_again_or_removed_once_one_variable_changes(
    edit: Page, upstream: StubBuddy
) -> None:
    asked = edit.send(variables__0__value="false")
    assert asked.status == 422
    again = (
        "enter the value again, or remove the variable: Buddy takes all together, and does not tell encrypted values"
    )
    assert asked.errors == [f"TOKEN: {again}", f"KEY: {again}"]
    asked = asked.press("remove-variables-2")
    receipt = asked.send(variables__1__value="canary-typed")
    assert upstream.bodies[0]["variables"] == [
        {"key": "CI", "value": "false"},
        {"key": "TOKEN", "value": "canary-typed", "encrypted": True},
    ]
    assert "canary" not in receipt.html


def test_an_encrypted_variable_is_emptied_by_a_button_alone(edit: Page, upstream: StubBuddy) -> None:
    asked = edit.press("remove-variables-2").send(variables__0__value="false")
    assert [error.split(", ")[0] for error in asked.errors] == ["TOKEN: enter the value again"]
    asked.press("forget-variables-1").send()
    assert upstream.bodies[0]["variables"] == [
        {"key": "CI", "value": "false"},
        {"key": "TOKEN", "value": "", "encrypted": True},
    ]


def test_a_secret_that_was_typed_is_kept_through_helper_buttons_and_mistakes(edit: Page, upstream: StubBuddy) -> None:
    page = edit.press("check", password="canary-new", timeout="soon")
    assert (page.status, page.error_at("timeout")[:14]) == (422, "The time limit")
    assert "canary" not in page.html
    page = page.press("add-volume_mappings", timeout="60")
    page.send(volume_mappings__2__source="/more", volume_mappings__2__target="/more")
    assert upstream.bodies == [
        HEAD | {"volume_mappings": ["/:/app", "$DIR:/data", "/more:/more"], "password": "canary-new"}
    ]


def test_another_kind_of_image_source_is_refused_with_what_to_do(edit: Page, upstream: StubBuddy) -> None:
    page = edit.send(image_source="public")
    assert page.status == 422
    assert "add a new action and delete this one" in page.errors[0]
    assert upstream.bodies == []


def test_what_is_odd_already_does_not_stand_in_the_way_of_another_change(desk: Browser, upstream: StubBuddy) -> None:
    odd = {"docker_image_name": "ghcr.io/team/app:1", "docker_image_tag": "", "volume_mappings": ["relative", "/:/app"]}
    upstream.by_hand = [EVERYTHING | odd]
    upstream.answer = (200, EVERYTHING | odd)
    page = desk.get(f"{MINE}/edit")
    refused = page.send(volume_mappings__0__target="/other")
    assert refused.errors == ["Volume mappings must be changed in Buddy: not all that is set there can be shown here"]
    page.send(run_as_user="me")
    head = {"name": "Everything", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "ghcr.io/team/app:1"}
    assert upstream.bodies == [head | {"run_as_user": "me"}]
    checked = page.press("check", docker_image_name="Not An Image")
    assert checked.status == 422


def test_variables_that_have_more_than_the_form_shows_are_changed_in_buddy_alone(
    desk: Browser, upstream: StubBuddy
) -> None:
    file = {"key": "F", "value": "Zg==", "type": "FILE", "file_path": "/etc/f"}
    upstream.by_hand = [EVERYTHING | {"variables": [file]}]
    refused = desk.get(f"{MINE}/edit").send(variables__0__value="Zw==")
    assert refused.errors == ["Variables must be changed in Buddy: not all that is set there can be shown here"]


def test_the_receipt_says_when_buddy_kept_what_was_cleared(edit: Page, upstream: StubBuddy) -> None:
    receipt = edit.send(run_as_user="", entrypoint="", docker_image_tag="1.3")
    assert "You cleared this, and Buddy has kept the old value: Run as user, Entrypoint. Clear it in" in receipt.text
    upstream.answer = (200, EVERYTHING | {"run_as_user": ""})
    other = edit.browser.get(edit.path).send(run_as_user="")
    assert "Buddy has kept" not in other.text


def test_what_buddy_refuses_comes_back_filled_in(edit: Page, upstream: StubBuddy) -> None:
    upstream.answer = (400, {"errors": [{"message": "Field entrypoint is odd."}]})
    page = edit.send(entrypoint="/bin/odd")
    assert page.heading == "Buddy did not accept the change"
    assert (page.errors, page.fields["entrypoint"]) == (["Field entrypoint is odd."], "/bin/odd")
    upstream.answer = (200, EVERYTHING)
    page.send(entrypoint="/bin/sh2")
    assert upstream.bodies[1] == HEAD | {"entrypoint": "/bin/sh2"}


def test_one_patch_goes_out_however_often_the_button_is_pressed(edit: Page, upstream: StubBuddy) -> None:
    first, second = edit.send(entrypoint="/bin/a"), edit.send(entrypoint="/bin/a")
    assert first.path == second.path
    assert len(upstream.bodies) == 1


def test_back_edit_and_send_asks_before_a_second_change(edit: Page, upstream: StubBuddy) -> None:
    edit.send(entrypoint="/bin/a")
    asked = edit.send(entrypoint="/bin/b")
    assert (asked.status, asked.fields["entrypoint"], len(upstream.bodies)) == (409, "/bin/b", 1)
    assert "This form was sent before, with other content." in asked.text
    asked.send()
    assert upstream.bodies[1] == HEAD | {"entrypoint": "/bin/b"}


def test_what_was_there_before_a_change_that_was_sent_is_not_said_to_be_there(edit: Page, upstream: StubBuddy) -> None:
    edit.send(entrypoint="/bin/a")
    asked = edit.send()
    assert (asked.status, len(upstream.bodies)) == (422, 1)
    assert "These are the settings from before the change that you have sent from this form." in asked.text
    assert "Nothing was changed" not in asked.text


def test_what_another_page_has_kept_since_is_not_sent_over(edit: Page, upstream: StubBuddy) -> None:
    edit.press("check", entrypoint="/bin/first")
    other = edit.browser.get(edit.browser.get("/").links["Continue “Everything”"]).press("check", entrypoint="/bin/a")
    asked = edit.send(entrypoint="/bin/b")
    assert (asked.status, asked.fields["entrypoint"], upstream.bodies) == (409, "/bin/b", [])
    assert "This form was changed on another page" in asked.text
    other.send()
    assert upstream.bodies == [HEAD | {"entrypoint": "/bin/a"}]


def test_what_somebody_else_has_changed_meanwhile_is_not_written_over_unasked(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"docker_image_tag": "9", "entrypoint": "/bin/other"}]
    asked = edit.send(docker_image_tag="1.3", timeout="5", password="canary-new")
    assert (asked.status, upstream.bodies) == (409, [])
    assert "Somebody has changed the same settings in Buddy since you opened this form." in asked.text
    assert asked.table("What somebody has changed")[1:] == [["Tag", "1.2", "9"]]
    assert (asked.fields["docker_image_tag"], asked.fields["entrypoint"]) == ("1.3", "/bin/other")
    asked.send()
    assert upstream.bodies == [HEAD | {"docker_image_tag": "1.3", "timeout": 5, "password": "canary-new"}]


def test_a_variable_that_somebody_else_has_added_is_not_lost_unasked(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"variables": [{"key": "COLLEAGUE", "value": "1"}]}]
    asked = edit.send(variables__0__value="false", variables__1__value="t", variables__2__value="k")
    assert (asked.status, upstream.bodies) == (409, [])
    assert asked.table("What somebody has changed")[1:] == [
        ["Variable CI", "true", "nothing"],
        ["Variable TOKEN", "encrypted, not shown", "nothing"],
        ["Variable KEY", "encrypted, not shown, SSH key", "nothing"],
        ["Variable COLLEAGUE", "nothing", "1"],
    ]
    assert asked.fields["variables-0-value"] == "false"


def test_what_somebody_else_has_changed_elsewhere_stays_as_it_is(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"entrypoint": "/bin/other", "name": "Renamed", "volume_mappings": []}]
    edit.send(docker_image_tag="1.3")
    assert upstream.bodies == [HEAD | {"name": "Renamed", "docker_image_tag": "1.3"}]


def test_what_somebody_else_has_changed_in_the_same_way_is_not_sent_again(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING | {"docker_image_tag": "1.3"}]
    page = edit.send(docker_image_tag="1.3")
    assert (page.status, upstream.bodies) == (422, [])
    assert "Buddy has the action like this already" in page.text


def test_an_action_that_cannot_be_read_once_more_is_not_changed(edit: Page, upstream: StubBuddy) -> None:
    upstream.readable = False
    page = edit.send(docker_image_tag="1.3")
    assert (page.status, page.fields["docker_image_tag"], upstream.bodies) == (503, "1.3", [])
    assert "Nothing was sent, and what you typed is below." in page.text


@pytest.mark.parametrize("forged", ["envelope", "csrf_token"])
def test_a_page_that_is_not_recognised_changes_nothing(edit: Page, upstream: StubBuddy, forged: str) -> None:
    again = edit.send(**{forged: "forged", "entrypoint": "/bin/a"})
    assert (again.status, again.fields["entrypoint"], upstream.bodies) == (400, "/bin/a", [])
    again.send()
    assert upstream.bodies == [HEAD | {"entrypoint": "/bin/a"}]


def test_a_form_of_another_action_changes_nothing(edit: Page, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING, EVERYTHING | {"id": 8}]
    answer = edit.browser.post(MINE.replace("/7", "/8"), edit.fields | {"entrypoint": "/bin/a"})
    assert (answer.status, upstream.bodies) == (400, [])


def test_a_draft_of_a_change_is_continued_from_the_first_page(edit: Page, upstream: StubBuddy) -> None:
    edit.press("check", entrypoint="/bin/a")
    page = edit.browser.get(edit.browser.get("/").links["Continue “Everything”"])
    assert (page.heading, page.fields["entrypoint"]) == ("Change “Everything”", "/bin/a")
    page.send()
    assert upstream.bodies == [HEAD | {"entrypoint": "/bin/a"}]


def test_on_the_sandbox_one_field_of_an_action_with_an_encrypted_variable(browser: Browser) -> None:
    receipt = browser.get(f"{STYLE}/edit").send(docker_image_tag="23")
    assert receipt.heading == "“Check the style” was changed in the sandbox"
    assert "Tag docker_image_tag 23 the same" in receipt.text
    page = browser.get(receipt.links["Look at the action"])
    assert "Tag 23" in page.text
    assert "NPM_TOKEN encrypted, not shown" in page.text


SOURCES: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    "integration": (
        {"integration": {"identifier": "ecr_prod"}, "region": "eu-west-1"},
        {"region": "eu-central-1"},
        {"region": "eu-central-1"},
    ),
    "build action": (
        {"use_image_from_action": True, "docker_build_action_id": 1},
        {"docker_build_action_id": "0"},
        {"docker_build_action_id": 0},
    ),
    "build action, now by name": (
        {"use_image_from_action": True, "docker_build_action_id": 1},
        {"docker_build_action_id": "", "docker_build_action_name": "Build API"},
        {"docker_build_action_id": None, "docker_build_action_name": "Build API"},
    ),
    "public": ({}, {"registry": "quay.io"}, {"registry": "quay.io"}),
    "runs when the pipeline fails": (
        {},
        {"trigger_time": "ON_FAILURE"},
        {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": False},
    ),
}


@pytest.mark.parametrize(("stored", "typed", "body"), SOURCES.values(), ids=SOURCES)
def test_each_image_source_changes_what_belongs_to_it(
    desk: Browser, upstream: StubBuddy, stored: dict[str, Any], typed: dict[str, str], body: dict[str, Any]
) -> None:
    least = HEAD | {"id": 7, "docker_image_name": "a", "docker_image_tag": "1", "inline_commands": "ls"}
    upstream.by_hand = [least | stored]
    upstream.answer = (200, least)
    desk.get(f"{MINE}/edit").send(**typed)
    assert upstream.bodies == [HEAD | {"docker_image_name": "a", "docker_image_tag": "1"} | body]


def test_the_preview_shows_the_exact_change_and_its_command_sends_the_same(edit: Page, upstream: StubBuddy) -> None:
    typed = {"password": "canary \"quoted\" 'p'", "docker_image_tag": "1.3", "inline_commands": "echo $WHERE"}
    page = edit.press("preview", **typed)
    assert page.heading == "Review “Everything”"
    assert "Buddy will change the action “Everything” in Live mirror as follows." in page.text
    assert page.table("What is changed") == [
        ["Setting", "Now", "After the change"],
        ["Tag", "1.2", "1.3"],
        ["Password", "not shown", "entered again, not shown"],
        ["Commands", "make make test", "echo $WHERE"],
    ]
    assert "Buddy asks for the name, the type, and the image's name and tag with every change." in page.text
    assert "$WHERE is used here, but not defined in this form." in page.text
    shown = json.loads(page.code("the request as JSON"))
    assert shown == HEAD | typed | {"password": REDACTED}
    assert "canary" not in page.html
    assert upstream.bodies == []
    run_in_shell(page.code("the request as a command"), BUDDY_TOKEN="a-token", REGISTRY_PASSWORD=typed["password"])
    page.send()
    by_command, by_form = upstream.bodies
    assert by_command == by_form == HEAD | typed
    assert upstream.paths == [MINE, MINE]


def test_the_preview_of_no_change_offers_nothing_to_send(edit: Page) -> None:
    page = edit.press("preview")
    assert "Nothing was changed on this form, so there is nothing to send." in page.text
    assert "Change it in" not in page.text
    back = page.press("back")
    assert (back.heading, back.fields["docker_image_tag"]) == ("Change “Everything”", "1.2")


def test_variables_pasted_as_text_join_those_that_are_there(edit: Page, upstream: StubBuddy) -> None:
    page = edit.press("fill-env", env_text="MORE=1")
    assert [page.fields[f"variables-{row}-key"] for row in range(4)] == ["CI", "TOKEN", "KEY", "MORE"]
    assert page.send().status == 422
    assert upstream.bodies == []


def test_a_change_posted_after_its_session_has_ended_is_there_again_after_signing_in(team: Rig) -> None:
    team.buddy.by_hand = [EVERYTHING]
    team.buddy.answer = (200, EVERYTHING)
    form = team.hired("ada").get(f"{MINE}/edit")
    team.clock.forward(minutes=31)
    lost = form.send(docker_image_tag="1.3", password="canary-new")
    assert "Nothing was sent, and what you typed is kept" in lost.text
    back = lost.send_to("/sign-in", login="ada", password=PASSWORD)
    assert (back.heading, back.fields["docker_image_tag"]) == ("Change “Everything”", "1.3")
    assert team.buddy.bodies == []
    back.send()
    assert team.buddy.bodies == [HEAD | {"docker_image_tag": "1.3", "password": "canary-new"}]


def test_the_record_tells_a_change_and_a_deletion_from_an_addition(team: Rig) -> None:
    team.buddy.by_hand = [EVERYTHING]
    team.buddy.answer = (200, EVERYTHING)
    ada = team.hired("ada", "administrator")
    ada.get(f"{MINE}/edit").send(docker_image_tag="1.3")
    team.buddy.answer = (204, None)
    ada.get(f"{MINE}/delete").send_to(f"{MINE}/delete")
    text = ada.get("/record").text
    told = ("Sent a change Being changed", "Buddy answered Changed", "Sent a deletion Being deleted")
    for words in (*told, "Buddy answered Deleted"):
        assert words in text


PLAIN_ACTION = {"id": 7, "name": "Run", "type": "RUN_DOCKER_CONTAINER", **IMAGE}
PASSWORD_STAYS = "A password stays as it is unless you type a new one."
TYPED_AGAIN = "If you change any variable, type the encrypted values again"
SECRETS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "none": ({"variables": [{"key": "CI", "value": "true"}]}, []),
    "a password": ({"login": "deploy", "password": "!encrypted x"}, [PASSWORD_STAYS]),
    "an encrypted variable": (
        {"variables": [{"key": "TOKEN", "value": "!encrypted x", "encrypted": True}]},
        [TYPED_AGAIN],
    ),
    "a private key": ({"variables": [{"key": "KEY", "type": "SSH_KEY", "value": "x"}]}, [TYPED_AGAIN]),
}


@pytest.mark.parametrize(("stored", "told"), SECRETS.values(), ids=SECRETS)
def test_secrets_are_spoken_of_only_where_the_action_has_any(
    desk: Browser, upstream: StubBuddy, stored: dict[str, Any], told: list[str]
) -> None:
    upstream.by_hand = [PLAIN_ACTION | stored]
    page = desk.get(f"{MINE}/edit")
    assert "Only what you change is sent." in page.text
    assert [words for words in (PASSWORD_STAYS, TYPED_AGAIN) if words in page.text] == told
