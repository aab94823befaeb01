"""Putting an action back as it was before a change."""

from typing import Any

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page, text_of
from support.rigs import Rig

from .test_existing import EVERYTHING

MINE = "/workspaces/buddy/projects/company-website/pipelines/2/actions/7"
HEAD = {"name": "Everything", "type": "RUN_DOCKER_CONTAINER"}
BACK = "Put it back as it was"
# An action without secrets, whose variables can be read back whole.
OPEN = EVERYTHING | {"variables": [{"key": "CI", "value": "true"}, {"key": "B", "value": "2"}]}


def has(upstream: StubBuddy, action: dict[str, Any]) -> None:
    """Let Buddy have the action like this from now on."""
    upstream.by_hand, upstream.answer, upstream.numbered = [action], (200, action), 0


def changed(browser: Browser, upstream: StubBuddy, before: dict[str, Any], **typed: str | None) -> Page:
    """Change an action, which then is in Buddy as it was asked for; gives the receipt."""
    has(upstream, before)
    receipt = browser.get(f"{MINE}/edit").send(**typed)
    assert receipt.heading.endswith("was changed"), receipt.text
    has(upstream, before | upstream.bodies[-1])
    upstream.bodies = []
    return receipt


# What is typed → the body of the change that undoes it, but for what goes along.
CHANGES: dict[str, tuple[dict[str, str | None], dict[str, Any]]] = {
    "a tag": ({"docker_image_tag": "1.3"}, {"docker_image_tag": "1.2"}),
    "the name": ({"name": "Other"}, {"name": "Everything"}),
    "the commands": ({"inline_commands": "ls\r\n"}, {"inline_commands": "make\nmake test"}),
    "something cleared": ({"run_as_user": "", "timeout": ""}, {"run_as_user": "root", "timeout": 60}),
    "something set": ({"retry_interval": "9"}, {"retry_interval": 5}),
    "a box": ({"disabled": None}, {"disabled": True}),
    "when it runs": (
        {"trigger_time": "ON_WARNING", "run_only_on_first_failure": None},
        {"trigger_time": "ON_FAILURE", "run_only_on_first_failure": True},
    ),
    "volumes": (
        {"volume_mappings__1__source": "", "volume_mappings__1__target": ""},
        {"volume_mappings": ["/:/app", "$DIR:/data"]},
    ),
    "variables": (
        {"variables__0__value": "false", "variables__2__key": "C", "variables__2__value": "3"},
        {"variables": [{"key": "CI", "value": "true"}, {"key": "B", "value": "2"}]},
    ),
}


@pytest.mark.parametrize(("typed", "body"), CHANGES.values(), ids=CHANGES)
def test_the_form_is_filled_in_so_that_sending_it_undoes_the_change(
    desk: Browser, upstream: StubBuddy, typed: dict[str, str | None], body: dict[str, Any]
) -> None:
    receipt = changed(desk, upstream, OPEN, **typed)
    form = desk.get(receipt.links[BACK])
    assert "This form puts back what the change of" in form.text
    assert upstream.bodies == []
    form.send()
    (sent,) = upstream.bodies
    assert sent.items() >= body.items()
    assert sent.keys() - body.keys() <= {"name", "type", "docker_image_name", "docker_image_tag"}
    assert "changed since then" not in form.text


def test_what_others_have_changed_since_is_told_and_stays(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    has(upstream, OPEN | {"docker_image_tag": "1.3", "entrypoint": "/bin/other"})
    form = desk.get(receipt.links[BACK])
    assert form.table("What stays")[1:] == [["Entrypoint", "/bin/sh", "/bin/other"]]
    assert "The same settings were changed again after that" not in form.text
    form.send()
    assert (upstream.bodies[0]["docker_image_tag"], "entrypoint" in upstream.bodies[0]) == ("1.2", False)


def test_what_others_have_changed_of_the_same_is_told_before_it_is_written_over(
    desk: Browser, upstream: StubBuddy
) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3", variables__0__value="false")
    theirs = [{"key": "CI", "value": "false"}, {"key": "B", "value": "2"}, {"key": "THEIRS", "value": "x"}]
    has(upstream, OPEN | {"docker_image_tag": "1.4", "variables": theirs})
    form = desk.get(receipt.links[BACK])
    assert "The same settings were changed again after that." in form.text
    assert form.table("What is overwritten")[1:] == [["Tag", "1.3", "1.4"], ["Variable THEIRS", "nothing", "x"]]
    form.send()
    assert (upstream.bodies[0]["docker_image_tag"], len(upstream.bodies[0]["variables"])) == ("1.2", 2)


def test_secrets_are_named_and_asked_for_again(desk: Browser, upstream: StubBuddy) -> None:
    typed = {"variables__0__value": "false", "variables__1__value": "canary-new", "variables__2__value": "canary-key"}
    receipt = changed(desk, upstream, EVERYTHING, password="canary-password-2", **typed)
    form = desk.get(receipt.links[BACK])
    for line in (
        "The password for the registry.",
        "The value of the variable TOKEN.",
        "The value of the variable KEY.",
    ):
        assert line in form.text
    asked = form.send()
    assert ["enter the value again, or remove the variable" in error for error in asked.errors] == [True] * 2
    assert upstream.bodies == []
    asked.send(password="canary-old", variables__1__value="canary-1", variables__2__value="canary-2")
    (sent,) = upstream.bodies
    assert sent["password"] == "canary-old"
    assert [item["value"] for item in sent["variables"]] == ["true", "canary-1", "canary-2"]
    assert "canary" not in form.html + asked.html


def test_a_secret_alone_is_asked_for_too(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, EVERYTHING, variables__1__value="canary-new", variables__2__value="canary-key")
    form = desk.get(receipt.links[BACK])
    assert "The value of the variable TOKEN." in form.text
    assert "Nothing was changed on this form." in form.send().text


def test_what_is_back_already_is_said_to_be(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    has(upstream, OPEN)
    assert "there is nothing to put back" in desk.get(receipt.links[BACK]).text


def test_what_is_not_known_of_before_is_named_and_stays(desk: Browser, upstream: StubBuddy) -> None:
    odd = OPEN | {"trigger_time": "ON_SOMETHING_NEW", "run_only_on_first_failure": False}
    receipt = changed(desk, upstream, odd, trigger_time="ON_WARNING", after_action_id="1", docker_image_tag="1.3")
    form = desk.get(receipt.links[BACK])
    assert "The position in the pipeline: Buddy does not tell where the action was." in form.text
    assert "When it runs: it was something that this form does not offer." in form.text
    form.send()
    assert {"trigger_time", "after_action_id"} & upstream.bodies[0].keys() == set()


def test_it_is_offered_to_whoever_may_change_and_only_of_a_change_that_was_done(team: Rig) -> None:
    team.buddy.by_hand, team.buddy.answer = [OPEN], (200, OPEN)
    receipt = team.hired("ada").get(f"{MINE}/edit").send(docker_image_tag="1.3")
    assert BACK in team.hired("bob").get(receipt.path).links
    assert BACK not in team.hired("eve", "viewer").get(receipt.path).links
    team.buddy.answer = (500, {})
    lost = team.hired("cyd").get(f"{MINE}/edit").send(docker_image_tag="1.4")
    assert BACK not in lost.links


def test_the_change_of_another_action_is_not_put_back_here(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    other = {**OPEN, "id": 8, "docker_image_tag": "5"}
    has(upstream, other)
    form = desk.get(receipt.links[BACK].replace("/7/", "/8/"))
    assert (form.fields["docker_image_tag"], "puts back" in form.text) == ("5", False)


# How a change takes the plain value of a variable as a secret.
TAKEN: dict[str, dict[str, str | None]] = {
    "encrypted as it is": {"variables__0__encrypted": "true"},
    "encrypted with another value": {"variables__0__encrypted": "true", "variables__0__value": "canary-new"},
    "a private key": {"variables__0__type": "SSH_KEY"},
    "under another name": {"variables__0__key": "TOKEN", "variables__0__encrypted": "true"},
}


@pytest.mark.parametrize("typed", TAKEN.values(), ids=TAKEN)
def test_a_plain_value_that_a_change_takes_as_a_secret_is_never_shown_again(
    team: Rig, upstream: StubBuddy, typed: dict[str, str | None]
) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    has(upstream, OPEN | {"variables": [{"key": "API", "value": "canary-plain"}, {"key": "B", "value": "2"}]})
    preview = ada.get(f"{MINE}/edit").press("preview", **typed)
    assert "canary" not in preview.html
    assert preview.table("What is changed")[1][:2] == ["Variable API", "a plain value, not shown"]
    secret = {"key": typed.get("variables__0__key") or "API", "value": "!encrypted x!", "encrypted": True}
    upstream.answer = (200, OPEN | {"variables": [secret, {"key": "B", "value": "2"}]})
    receipt = preview.send()
    (sent,) = upstream.bodies
    assert "canary" in sent["variables"][0]["value"]
    assert "canary" not in bob.get(receipt.path).html
    assert "canary" not in str([vars(row) for row in team.rows])
    has(upstream, OPEN | {"variables": sent["variables"]})
    upstream.bodies = []
    form = bob.get(receipt.links[BACK])
    assert "canary" not in form.html
    assert "The value of the variable API." in form.text
    asked = form.send()
    assert ["enter the value again" in error for error in asked.errors] == [True]
    assert upstream.bodies == []
    asked.send(variables__0__value="as-before")
    assert upstream.bodies[0]["variables"] == [{"key": "API", "value": "as-before"}, {"key": "B", "value": "2"}]


def test_a_change_that_takes_a_secret_and_was_refused_can_be_sent_again(team: Rig, upstream: StubBuddy) -> None:
    has(upstream, OPEN)
    upstream.answer = (422, {"errors": [{"message": "no"}]})
    refused = team.hired("ada").get(f"{MINE}/edit").send(variables__0__encrypted="true")
    assert team.states == ["rejected"]
    has(upstream, OPEN)
    again = refused.send()
    assert again.heading.endswith("was changed"), again.text
    assert upstream.bodies[-1]["variables"][0] == {"key": "CI", "value": "true", "encrypted": True}


def test_only_a_change_that_was_done_is_put_back(team: Rig, upstream: StubBuddy) -> None:
    ada = team.hired("ada")
    has(upstream, OPEN)
    edit = ada.get(f"{MINE}/edit")
    edit.press("check", docker_image_tag="1.3")
    upstream.answer = (422, {"errors": [{"message": "no"}]})
    ada.get(f"{MINE}/edit").send(docker_image_tag="1.4")
    upstream.answer = (500, {})
    ada.get(f"{MINE}/edit").send(docker_image_tag="1.5")
    assert team.states == ["draft", "rejected", "unknown"]
    for row in team.rows:
        form = ada.get(f"{MINE}/edit?back={row.id}")
        assert (form.status, form.heading) == (200, edit.heading)
        assert "puts back" not in form.text
        assert "as it was before" not in form.text
        assert form.fields["docker_image_tag"] == "1.2"


@pytest.mark.parametrize("typed", [{"docker_image_tag": "1.3"}, {"variables__0__value": "false"}])
def test_what_was_put_back_is_not_told_as_changed_since_then(
    desk: Browser, upstream: StubBuddy, typed: dict[str, str | None]
) -> None:
    receipt = changed(desk, upstream, OPEN, **typed)
    desk.get(receipt.links[BACK]).send()
    has(upstream, OPEN | {"entrypoint": "/bin/other"})
    form = desk.get(receipt.links[BACK])
    assert "there is nothing to put back" in form.text
    assert form.table("What stays")[1:] == [["Entrypoint", "/bin/sh", "/bin/other"]]


def test_what_is_put_back_is_still_told_after_a_press_with_a_mistake(desk: Browser, upstream: StubBuddy) -> None:
    typed = {"variables__0__value": "false", "variables__1__value": "canary-new", "variables__2__value": "canary-key"}
    receipt = changed(desk, upstream, EVERYTHING, **typed)
    form = desk.get(receipt.links[BACK])
    told = "This form puts back what the change of"
    for page in (form, form.press("check", name=""), form.send(name=""), form.send(name="").send(name="")):
        assert told in page.text
        assert "The value of the variable TOKEN." in page.text


def notes(page: Page) -> dict[str, str]:
    """What the page says of what its boxes hold: id of the box → words."""
    found = {}
    for each in page.all("p"):
        if each.get("class") == "noted":
            id = (each.get("id") or "").removesuffix("-note")
            box = page.by_id(id)
            assert box is not None and f"{id}-note" in (box.get("aria-describedby") or "").split(), id
            found[id] = text_of(each)
    return found


# What was changed → what the boxes say that put it back.
MARKS: dict[str, tuple[dict[str, str | None], dict[str, str]]] = {
    "a tag": ({"docker_image_tag": "1.3"}, {"docker_image_tag": "Was “1.3”, is put back to “1.2”."}),
    "a box": ({"disabled": None}, {"disabled": "Was “no”, is put back to “yes”."}),
    "something cleared": ({"run_as_user": ""}, {"run_as_user": "Was “as in the image”, is put back to “root”."}),
    "a choice": (
        {"trigger_time": "ON_WARNING", "run_only_on_first_failure": None},
        {
            "trigger_time": "Was “When the pipeline ends with a warning”, is put back to “When the pipeline fails”.",
            "run_only_on_first_failure": "Was “no”, is put back to “yes”.",
        },
    ),
    "several lines": ({"inline_commands": "ls\r\n"}, {"inline_commands": "Is put back to what it was before."}),
    "a volume": (
        {"volume_mappings__1__source": "", "volume_mappings__1__target": ""},
        {"volume_mappings-1-source": "Was taken out, is put back."},
    ),
    "variables": (
        {"variables__0__value": "false", "variables__2__key": "C", "variables__2__value": "3"},
        {"variables-0-value": "Was “false”, is put back to “true”."},
    ),
}


@pytest.mark.parametrize(("typed", "marks"), MARKS.values(), ids=MARKS)
def test_the_boxes_say_what_they_put_back(
    desk: Browser, upstream: StubBuddy, typed: dict[str, str | None], marks: dict[str, str]
) -> None:
    receipt = changed(desk, upstream, OPEN, **typed)
    form = desk.get(receipt.links[BACK])
    assert notes(form) == marks
    assert ("Variable C: was 3, is taken out again" in form.text) is ("variables__2__key" in typed)
    assert notes(desk.get(f"{MINE}/edit")) == {}


@pytest.mark.parametrize("value", ["two\nlines", "long" * 21])
def test_a_value_that_fills_no_sentence_is_not_told_when_its_variable_is_taken_out(
    desk: Browser, upstream: StubBuddy, value: str
) -> None:
    receipt = changed(desk, upstream, OPEN, variables__2__key="C", variables__2__value=value)
    form = desk.get(receipt.links[BACK])
    assert "Also put back: Variable C: is taken out again" in form.text
    assert value.split()[0] not in form.text


def test_a_form_that_puts_back_says_what_of_it_is_sent(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    assert "Only what differs from the action in Buddy is sent." in desk.get(receipt.links[BACK]).text
    has(upstream, OPEN)
    assert "Only what you change is sent." in desk.get(receipt.links[BACK]).text


def test_what_is_put_back_is_still_told_when_its_form_is_opened_again(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    form = desk.get(receipt.links[BACK])
    back = form.press("preview").press("back:docker_image_tag")
    continued = desk.get(desk.get("/").links["Continue “Everything”"])
    for page in (back, continued):
        assert notes(page) == {"docker_image_tag": "Was “1.3”, is put back to “1.2”."}


def test_a_box_that_was_typed_in_since_is_not_said_to_put_anything_back(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3", timeout="90")
    form = desk.get(receipt.links[BACK]).press("check", timeout="120")
    assert notes(form) == {"docker_image_tag": "Was “1.3”, is put back to “1.2”."}


def test_the_receipt_says_what_was_put_back_and_offers_no_deletion_beside_it(
    desk: Browser, upstream: StubBuddy
) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    assert "an earlier change" not in receipt.links
    back = desk.get(receipt.links[BACK]).send()
    assert "It puts back what an earlier change had changed." in back.text
    assert back.links["an earlier change"] == receipt.path
    for page in (receipt, back):
        assert "Delete it" not in page.links


def test_the_button_is_called_for_what_it_does(desk: Browser, upstream: StubBuddy) -> None:
    receipt = changed(desk, upstream, OPEN, docker_image_tag="1.3")
    form = desk.get(receipt.links[BACK])
    for page in (form, form.press("check"), form.press("preview")):
        words = [text_of(button) for button in page.all("button") if button.get("class") == "primary"]
        assert words == ["Put it back in Live mirror"]
    has(upstream, OPEN)
    words = [text_of(button) for button in desk.get(receipt.links[BACK]).all("button")]
    assert "Change it in Live mirror" in words
