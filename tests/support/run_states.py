"""The states of the pages on which actions are tried, and how a person gets there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from playwright.sync_api import Page

from support.waiting import press, until

if TYPE_CHECKING:
    from support.states import Stage

COMPANY = "/workspaces/buddy/projects/company-website/pipelines"
STYLE = f"{COMPANY}/3"
LIVE_MIRROR = f"{COMPANY}/2"
SETTABLE = {
    "id": 77,
    "name": "Run unit tests",
    "type": "RUN_DOCKER_CONTAINER",
    "docker_image_name": "library/python",
    "docker_image_tag": "3.12",
    "inline_commands": "pytest",
    "disabled": True,
    "variables": [
        {"key": "LEVEL", "value": "low", "settable": True, "description": "How much is tested"},
        {"key": "TOKEN", "value": "!encrypted x", "encrypted": True, "settable": True},
    ],
}


def asking(page: Page, stage: "Stage") -> None:
    """The page before one action is run alone."""
    page.goto(f"{stage.sandbox}{STYLE}/actions/9/runs/new")


def asking_with_all(page: Page, stage: "Stage") -> None:
    """The same with all that may be chosen, and what is wrong with it."""
    before, stage.upstream.by_hand = stage.upstream.by_hand, [SETTABLE]
    page.goto(f"{stage.desk}{LIVE_MIRROR}/actions/77/runs/new")
    page.locator("#revision-choice > summary").click()
    page.locator("#revision-tag").check()
    page.locator("#tag").fill("v 1")
    page.get_by_role("button", name="Run it now").click()
    page.locator("#summary").wait_for()
    stage.upstream.by_hand = before


def asking_in_vain(page: Page, stage: "Stage") -> None:
    """The same of a closed project, in place of a button."""
    page.goto(f"{stage.sandbox}/workspaces/buddy/projects/old-shop/pipelines/31/runs/new")


def asking_for_all(page: Page, stage: "Stage") -> None:
    """The page before a whole pipeline is run, by somebody who has not said that they are sure."""
    page.goto(f"{stage.sandbox}{LIVE_MIRROR}/runs/new")
    page.get_by_role("button", name="Run the whole pipeline").click()
    page.locator("#summary").wait_for()


def run_in_the_sandbox(page: Page, stage: "Stage") -> None:
    """The simulated Buddy's page of a run that waits for somebody."""
    api, headers = f"{stage.sandbox}/sandbox/api{LIVE_MIRROR}", {"Authorization": "Bearer sandbox"}
    action = {name: value for name, value in SETTABLE.items() if name not in ("id", "disabled", "variables")}
    waiting = {"inline_commands": "# sandbox: WAITING_FOR_APPLY\nseq 100"}
    added = page.request.post(f"{api}/actions", headers=headers, data=action | waiting).json()
    asked = {"actions_to_run": [5, added["id"]], "comment": "Try it"}
    run = page.request.post(f"{api}/executions", headers=headers, data=asked).json()
    page.goto(run["html_url"])
    button = page.get_by_role("button", name="Let it go on")
    until(lambda: button.count() or page.reload() is None, pause=0.2)


def tried(commands: str, heading: str, tag: str = "3.12") -> Callable[[Page, "Stage"], None]:
    """The page of a run whose heading says how it stands."""

    def go(page: Page, stage: "Stage") -> None:
        page.goto(f"{stage.sandbox}{LIVE_MIRROR}/actions/new")
        page.get_by_label("Name of the action").fill("Run unit tests")
        page.get_by_label("Image name").fill("library/python")
        page.get_by_label("Tag", exact=True).fill(tag)
        page.get_by_label("Commands", exact=True).fill(f"{commands}\n# {uuid4()}")
        press(page.locator("button.primary"))
        press(page.get_by_role("link", name="Try it"))
        page.get_by_role("button", name="Run it now").click()
        page.get_by_role("heading", level=1, name=heading).wait_for()

    return go


def stopped(page: Page, stage: "Stage") -> None:
    """The page of a run that somebody has asked to stop."""
    tried("sleep 300", "“Run unit tests”")(page, stage)
    page.get_by_role("button", name="Stop it").click()
    page.get_by_role("heading", level=1, name="stopped").wait_for()


def all_run(page: Page, stage: "Stage") -> None:
    """The page of a run of a whole pipeline."""
    page.goto(f"{stage.sandbox}{STYLE}/runs/new")
    page.locator("#sure").check()
    page.get_by_role("button", name="Run the whole pipeline").click()
    page.get_by_role("heading", level=1, name="“Build and test” passed").wait_for()


def another_action() -> dict[str, Any]:
    """An action of which no other page asks for a run: while one is not known, the same is not sent again."""
    return SETTABLE | {"id": 1000 + uuid4().int % 10**9, "name": f"Run {uuid4()}"}


def answered(status: int, heading: str) -> Callable[[Page, "Stage"], None]:
    """The page of a run that Buddy has answered otherwise than hoped."""

    def go(page: Page, stage: "Stage") -> None:
        upstream = stage.upstream
        action = another_action()
        upstream.by_hand, actions = [action], upstream.by_hand
        upstream.answer, before = (status, {"errors": [{"message": "No run now."}]}), upstream.answer
        page.goto(f"{stage.desk}{LIVE_MIRROR}/actions/{action['id']}/runs/new")
        page.get_by_role("button", name="Run it now").click()
        page.get_by_role("heading", level=1, name=heading).wait_for()
        upstream.by_hand, upstream.answer = actions, before

    return go


def numbered_twice(page: Page, stage: "Stage") -> None:
    """The page of a run to which Buddy has given the number of another one."""
    upstream, action = stage.upstream, another_action()
    upstream.by_hand, actions, before = [action], upstream.by_hand, upstream.answer
    for _ in range(2):
        upstream.answer = (201, {"id": 9000 - upstream.numbered, "status": "ENQUEUED"})
        page.goto(f"{stage.desk}{LIVE_MIRROR}/actions/{action['id']}/runs/new")
        page.get_by_role("button", name="Run it now").click()
        page.wait_for_url("**/submissions/*")
    page.get_by_role("heading", level=1, name="was started").wait_for()
    upstream.by_hand, upstream.answer = actions, before


RUN_STATES: dict[str, Callable[[Page, "Stage"], None]] = {
    "asking for a run": asking,
    "asking for a run with all that may be chosen": asking_with_all,
    "asking for a run in vain": asking_in_vain,
    "asking for a run of a whole pipeline": asking_for_all,
    "run in the sandbox": run_in_the_sandbox,
    "run that goes on": tried("echo begun\nsleep 300", "is running"),
    "run that waits": tried("# sandbox: WAITING_FOR_APPLY\nls", "waits for somebody"),
    "run that has failed": tried("pytest", "failed", tag="nonexistent"),
    "run that has passed": tried("seq 12", "passed"),
    "run that was left out": tried("# sandbox: SKIPPED\nls", "was left out"),
    "run that was asked to stop": stopped,
    "run of a whole pipeline": all_run,
    "run that was refused": answered(400, "did not start"),
    "run that is not known": answered(500, "We do not know yet"),
    "run with the number of another": numbered_twice,
}
