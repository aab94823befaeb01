"""What a receipt tells in words: what was asked for, from what to what, and what became of the action since."""

from typing import Any

import pytest
from support.buddy import StubBuddy
from support.examples import RESPONSE_EXAMPLE
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, SECRETS, Rig

from .test_existing import EVERYTHING

ACTIONS = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
MINE = f"{ACTIONS}/7"


def change(browser: Browser, upstream: StubBuddy, stored: dict[str, Any], **typed: str | None) -> Page:
    """Change an action that Buddy has, and go to the receipt."""
    upstream.by_hand = [stored]
    upstream.answer, upstream.numbered = (200, stored), 0
    return browser.get(f"{MINE}/edit").send(**typed)


def test_an_addition_is_told_in_the_words_of_its_preview(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    preview = desk.get(new_form).press("preview", **LEAST | SECRETS | {"registry": "ghcr.io", "timeout": "60"})
    receipt = preview.send()
    assert receipt.under("Image") == preview.under("Image").replace("Password kept", "Password not shown")
    for heading in ("What it runs", "More options"):
        assert receipt.under(heading) == preview.under(heading)
    assert receipt.table("Variables") == [["Name", "Value"], ["A", "encrypted, not shown"]]
    folded = receipt.by_id("as-json")
    assert folded is not None and folded.get("open") is None
    assert "mount_filesystem_disable" not in receipt.text.partition("Technical details")[0]


def test_a_long_name_is_cut_in_the_heading_and_told_whole_below_it(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    name = "N" * 3000
    preview = desk.get(new_form).press("preview", **LEAST | {"name": name})
    assert preview.heading == f"Review “{'N' * 80}…”"
    assert f"Buddy will add “{'N' * 80}…” to Live mirror" in preview.text
    receipt = preview.send()
    assert receipt.heading == f"“{'N' * 80}…” was added"
    for page in (preview, receipt):
        assert f"Name of the action {name}" in page.under("Action")
    upstream.by_hand = [EVERYTHING | {"name": name}]
    asked = desk.get(f"{MINE}/delete")
    assert asked.heading == f"Delete “{'N' * 80}…”?"
    assert f"Name of the action {name}" in asked.under("Action")


def test_the_trail_says_which_kind_of_thing_was_sent(desk: Browser, upstream: StubBuddy, new_form: str) -> None:
    def end_of_trail(page: Page) -> str:
        return next(text_of(each) for each in page.all("span") if each.get("aria-current") == "page")

    assert end_of_trail(desk.get(new_form).send(**LEAST)) == "New action"
    assert end_of_trail(change(desk, upstream, EVERYTHING, timeout="7")) == "Change"


def test_on_the_sandbox_the_receipt_speaks_of_nobody_else(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(**LEAST)
    assert "The sandbox has added the action" in receipt.text
    assert "The sandbox answered Added" in receipt.text
    assert receipt.table("What was sent")[0] == ["Parameter", "Sent", "Answered"]
    for words in ("Buddy answered", "Buddy's answer", "in Buddy"):
        assert words not in receipt.text
    browser.post("/sandbox/weather", {"weather": "error_after_creating"})
    unknown = browser.get(new_form).send(**LEAST | {"name": "Again"})
    assert "The sandbox may have added it all the same." in unknown.text
    assert "Open the pipeline in the sandbox" in unknown.links


# As it was, what is typed → what the receipt tells of the change: the setting, before, after.
CHANGES: dict[str, tuple[dict[str, Any], dict[str, str | None], list[list[str]]]] = {
    "a tag": ({}, {"docker_image_tag": "1.3"}, [["Tag", "1.2", "1.3"]]),
    "the name": ({}, {"name": "Other"}, [["Name of the action", "Everything", "Other"]]),
    "cleared": ({}, {"run_as_user": "", "timeout": ""}, [["Run as user", "root", "as in the image"]]),
    "a box": (
        {},
        {"mount_filesystem_disable": None},
        [["Pipeline's filesystem", "not mounted", "mounted"]],
    ),
    "when it runs": (
        {"trigger_time": "ON_WARNING", "run_only_on_first_failure": False},
        {"trigger_time": "ON_FAILURE"},
        [["When it runs", "When the pipeline ends with a warning", "When the pipeline fails"]],
    ),
    "an integration": (
        {"login": "", "integration": {"identifier": "hub"}},
        {"integration": "ecr_prod", "region": "eu-west-1"},
        [["Integration", "Docker Hub", "ECR prod"]],
    ),
    "a build action": (
        {"login": "", "use_image_from_action": True, "docker_build_action_id": 1},
        {"docker_build_action_id": "0"},
        [["Build action", "“Build API”", "the action just before this one"]],
    ),
    "the position": (
        {},
        {"after_action_id": "1"},
        [["Position in the pipeline", "not told", "after “Build API”"]],
    ),
    "a password": ({}, {"password": "canary"}, [["Password", "not shown", "entered again, not shown"]]),
    "a volume": (
        {},
        {"volume_mappings__1__source": "/src", "volume_mappings__1__target": "/data"},
        [["Volume /data", "$DIR", "/src"]],
    ),
    "variables": (
        {},
        {
            "variables__0__value": "false",
            "variables__1__value": "canary-again",
            **{f"variables__2__{name}": None for name in ("key", "value", "encrypted", "type")},
            "variables__3__key": "MORE",
            "variables__3__value": "1",
        },
        [
            ["Variable CI", "true", "false"],
            ["Variable TOKEN", "encrypted, not shown", "encrypted, not shown, entered again"],
            ["Variable KEY", "encrypted, not shown, SSH key", "nothing"],
            ["Variable MORE", "nothing", "1"],
        ],
    ),
}


@pytest.mark.parametrize(("stored", "typed", "rows"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_told_from_what_to_what(
    desk: Browser, upstream: StubBuddy, stored: dict[str, Any], typed: dict[str, str | None], rows: list[list[str]]
) -> None:
    receipt = change(desk, upstream, EVERYTHING | stored, **typed)
    told = receipt.table("What is changed")
    assert told[0] == ["Setting", "Before", "After"]
    assert [row for row in rows if row not in told] == []
    terms = ", ".join(dict.fromkeys(row[0] for row in told[1:] if "entered again" not in row[2]))
    assert f"Buddy has changed the action in Live mirror{': ' + terms if terms else ''}." in receipt.text
    assert "canary" not in receipt.html


def test_what_is_the_same_is_not_told(desk: Browser, upstream: StubBuddy) -> None:
    receipt = change(desk, upstream, EVERYTHING, docker_image_tag="1.3")
    assert receipt.table("What is changed")[1:] == [["Tag", "1.2", "1.3"]]


def test_what_buddy_answers_otherwise_is_told_in_words_and_in_buddys_wording_is_not(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    answer = {name: value for name, value in RESPONSE_EXAMPLE.items() if name != "inline_commands"}
    upstream.answer = (201, answer | {"execute_commands": ["make test "], "docker_image_tag": "other"})
    receipt = desk.get(new_form).send(**LEAST)
    assert "Buddy's answer differs from what was sent: " in receipt.text
    told = receipt.table("Where the answer differs")
    assert ["Tag", "latest", "other"] in told
    assert "Commands" not in [row[0] for row in told]
    upstream.answer = (
        201,
        RESPONSE_EXAMPLE | {**LEAST, "docker_image_tag": "latest", "mount_filesystem_disable": False},
    )
    assert "answer differs" not in desk.get(new_form).send(**LEAST, timeout="6").text


def test_the_receipts_tell_who_has_changed_the_action_since_and_who_has_deleted_it(team: Rig) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    added = ada.get(f"{ACTIONS}/new").send(**LEAST)
    stored = EVERYTHING | {"id": team.buddy.answer[1]["id"]}
    team.buddy.by_hand = [stored]
    team.buddy.answer, team.buddy.numbered = (200, stored), 0
    mine = f"{ACTIONS}/{stored['id']}"
    first = ada.get(f"{mine}/edit").send(docker_image_tag="1.3", run_as_user="me")
    team.buddy.numbered = 0
    second = bob.get(f"{mine}/edit").send(entrypoint="/bin/a")
    for page, later in ((added, [first, second]), (first, [second]), (second, [])):
        again = ada.get(page.path)
        assert ("The action was changed since" in again.text) == bool(later)
        assert ("Tag, Run as user by Ada, " in again.text) == (first in later)
        assert ("Entrypoint by Bob, " in again.text) == (second in later)
        assert again.links.get("Entrypoint") == (second.path if second in later else None)
    team.buddy.answer = (204, None)
    gone = bob.get(f"{mine}/delete").send_to(f"{mine}/delete")
    for page in (added, first, second):
        again = ada.get(page.path)
        assert "The action is no longer there: it was deleted with Slipway by Bob, " in again.text
        assert again.links["See what was deleted"] == gone.path
        assert not {"Put it back as it was", "Look at the action", "change it"} & set(again.links)


def test_the_receipt_of_a_deletion_tells_what_was_deleted(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand, upstream.answer = [EVERYTHING], (204, None)
    question = desk.get(f"{MINE}/delete")
    receipt = question.send_to(f"{MINE}/delete")
    assert "What was deleted" in receipt.text
    assert receipt.under("Image") == question.under("Image")
    assert receipt.table("Variables") == question.table("Variables")
    assert "canary" not in receipt.html


def test_a_deletion_that_failed_offers_no_other_one_of_what_is_gone(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand, upstream.answer = [EVERYTHING], (400, {"errors": [{"message": "Not now."}]})
    refused = desk.get(f"{MINE}/delete").send_to(f"{MINE}/delete")
    upstream.answer = (204, None)
    desk.get(f"{MINE}/delete").send_to(f"{MINE}/delete")
    assert "The action is no longer there" in desk.get(refused.path).text


def test_a_secret_that_was_typed_again_is_told_apart_from_what_was_changed(desk: Browser, upstream: StubBuddy) -> None:
    secrets = {"variables__1__value": "canary-1", "variables__2__value": "canary-2", "password": "canary-3"}
    receipt = change(desk, upstream, EVERYTHING, variables__0__value="false", **secrets)
    assert "Buddy has changed the action in Live mirror: Variable CI." in receipt.text
    assert "Entered again: Password, Variable TOKEN, Variable KEY." in receipt.text
    assert receipt.table("What is changed")[1:] == [
        ["Password", "not shown", "entered again, not shown"],
        ["Variable CI", "true", "false"],
        ["Variable TOKEN", "encrypted, not shown", "encrypted, not shown, entered again"],
        ["Variable KEY", "encrypted, not shown, SSH key", "encrypted, not shown, SSH key, entered again"],
    ]
    assert "canary" not in receipt.html
    assert "Variable TOKEN (entered again)" in desk.get(MINE).text


def test_a_password_alone_is_not_said_to_be_changed(desk: Browser, upstream: StubBuddy) -> None:
    receipt = change(desk, upstream, EVERYTHING, password="canary")
    assert "Buddy has changed the action in Live mirror. Entered again: Password." in receipt.text
    assert ("What was entered again" in receipt.text, "What was changed" in receipt.text) == (True, False)
