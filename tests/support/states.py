"""Every state that a page can be in, and how a person gets there: for the accessibility tests and the pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import randrange
from tempfile import TemporaryDirectory
from typing import Any, cast
from uuid import uuid4

from playwright.sync_api import Page

from support.answering_states import ANSWERING_STATES
from support.buddy import AS_DOCUMENTED, StubBuddy
from support.faults import answer
from support.run_states import RUN_STATES
from support.server import first_link, serving
from support.template_states import TEMPLATE_STATES
from support.waiting import press

PROJECTS = "/workspaces/buddy/projects"
ACTIONS = f"{PROJECTS}/company-website/pipelines/2/actions"
FORM = f"{ACTIONS}/new"
STYLE = f"{PROJECTS}/company-website/pipelines/3"
SWITCHED_OFF = {
    "id": 44,
    "name": "Nightly report",
    "disabled": True,
    "disabled_reason": "It has failed ten times in a row.",
    "last_execution_status": "FAILED",
}


@dataclass(frozen=True)
class Stage:
    """Slipway three times: on its sandbox, in front of a plain server in Buddy's place that does as a state asks, and
    in front of the same with people who sign in, and no token. `link` makes its first administrator."""

    sandbox: str
    desk: str
    team: str
    link: str
    upstream: StubBuddy


def on_sandbox(url: str) -> Stage:
    """A stage of which only the sandbox is needed."""
    return Stage(url, "", "", "", cast("StubBuddy", None))


@contextmanager
def stage() -> Iterator[Stage]:
    """Set them up, and take them down."""
    upstream = StubBuddy(answer=AS_DOCUMENTED)
    with TemporaryDirectory() as folder, serving() as sandbox:
        database = f"sqlite:///{Path(folder, 'stage.db')}"
        settings = {"BUDDY_TOKEN": "t", "BUDDY_API_ENDPOINT": upstream.url, "SLIPWAY_DATABASE_URL": database}
        of_team = {
            "BUDDY_API_ENDPOINT": upstream.url,
            "SLIPWAY_SIGN_IN": "password",
            "SLIPWAY_DATABASE_URL": f"sqlite:///{Path(folder, 'team.db')}",
        }
        with serving(**settings) as desk, serving(**of_team) as team:
            yield Stage(sandbox.url, desk.url, team.url, first_link(team), upstream)
            upstream.gate.set()
    upstream.close()


State = Callable[[Page, Stage], None]


def at(path: str) -> State:
    """A page with an address."""

    def go(page: Page, stage: Stage) -> None:
        answer = page.goto(stage.sandbox + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer}"

    return go


def home_at_first(page: Page, stage: Stage) -> None:
    """The home page before anything was sent: the other Slipway's, which has sent nothing yet."""
    page.goto(stage.desk)


def fill_in(page: Page, name: str = "Run tests") -> None:
    """What must be filled in, each time another content: the same one twice would be asked about."""
    page.get_by_label("Name of the action").fill(name)
    page.get_by_label("Image name").fill("library/python")
    page.get_by_label("Tag", exact=True).fill("3.12")
    page.get_by_label("Commands", exact=True).fill(f"pip install -r requirements.txt\npytest\n# {uuid4()}")


def send(page: Page) -> None:
    """Press the send button and wait for where it leads."""
    press(page.locator("button.primary"))
    page.wait_for_url("**/submissions/*")


def form_filled(page: Page, stage: Stage) -> None:
    """The form with all its boxes in use."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.locator("#image_source-credentials").check()
    page.locator("#registry").fill("ghcr.io")
    page.locator("#login").fill("deploy")
    page.locator("#password").fill("not shown")
    press(page.get_by_role("button", name="Add a volume"))
    page.get_by_label("Folder in the pipeline").fill("/")
    page.get_by_label("Folder in the container").fill("/buddy/app")
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-0-key").fill("APP_ENV")
    page.locator("#variables-0-value").fill("test")
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-1-key").fill("API_TOKEN")
    page.locator("#variables-1-value").fill("not shown")
    page.locator("#variables-1-encrypted").check()
    check(page)


def check(page: Page) -> None:
    """Let a form be looked through, and wait until it was: in which no box is wrong."""
    page.get_by_role("button", name="Check without sending").click()
    page.get_by_text("Nothing has been sent yet.").wait_for()


def preview(page: Page, stage: Stage) -> None:
    """The preview of a form with boxes that are not sent and names that are not defined, all unfolded."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.get_by_label("Commands", exact=True).fill(f'echo $APP_ENV {"x" * 200}\n./deploy --to "$TARGET"')
    page.locator("#image_source-credentials").check()
    page.locator("#login").fill("deploy")
    page.locator("#password").fill("not shown")
    page.locator("#image_source-public").check()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("heading", name="Review “").wait_for()
    page.locator("#as-curl > summary").click()


def filled_from_a_paste(page: Page, stage: Stage) -> None:
    """The form after a docker run line filled it in, with what was not carried over, and variables as one text."""
    page.goto(stage.sandbox + FORM)
    page.locator("#paste-run > summary").click()
    page.get_by_label("Paste what you have").fill(
        f"docker run --rm -it -e A=1 -e TOKEN=x -v $(pwd):/app -w /app --name {'x' * 90} node:22 ls"
    )
    page.get_by_role("button", name="Fill in the form").click()
    page.get_by_text("Not carried over").wait_for()
    page.locator("#paste-env > summary").click()
    press(page.get_by_role("button", name="Put the variables here as text"))
    page.locator("#variables-1-key").wait_for(state="detached")
    if page.locator("#paste-run:not([open])").count():
        page.locator("#paste-run > summary").click()


def wrong_pastes(page: Page, stage: Stage) -> None:
    """Pasted texts that can't be read."""
    page.goto(stage.sandbox + FORM)
    for id, words in (("paste-run", "docker ps"), ("paste-env", "A=1\nno line")):
        page.locator(f"#{id} > summary").click()
        page.locator(f"#{id} textarea").fill(words)
    page.get_by_role("button", name="Fill in the form").click()
    page.locator("#summary").wait_for()


def nothing_pasted(page: Page, stage: Stage) -> None:
    """The form when its button was pressed with no text in the box."""
    page.goto(stage.sandbox + FORM)
    page.locator("#paste-run > summary").click()
    page.get_by_role("button", name="Fill in the form").click()
    page.locator("#run_command-error").wait_for()


def form_with_link(page: Page, stage: Stage) -> None:
    """The form with the link that fills it in."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.get_by_role("button", name="Show a link to this form").click()
    page.get_by_text("Anybody who opens this link").wait_for()


def chosen_from_a_paste(page: Page, stage: Stage) -> None:
    """The form when a Compose file with several services was pasted: one is to be chosen."""
    page.goto(stage.sandbox + FORM)
    page.locator("#paste-run > summary").click()
    services = "\n".join(f"  {name}:\n    image: node:22" for name in ("web", "worker", "x" * 90))
    page.get_by_label("Paste what you have").fill(f"services:\n{services}")
    page.get_by_role("button", name="Fill in the form").click()
    page.get_by_label("Which one").wait_for()


def form_as_yaml(page: Page, stage: Stage) -> None:
    """The form with the action of a buddy.yml that it would be, and what is not in that."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    add_rows(page, {"APP_ENV": "test", "DEPLOY_TOKEN": "no secret"})
    page.locator("#variables-1-encrypted").check()
    page.get_by_role("button", name="Show as buddy.yml").click()
    page.get_by_text("Put this into the list of actions").wait_for()


def form_with_draft(page: Page, stage: Stage) -> None:
    """An empty form that tells of a draft."""
    form_with_link(page, stage)
    page.goto(stage.sandbox + FORM)
    page.get_by_text("You have a draft for this pipeline").wait_for()


def form_with_rows(page: Page, stage: Stage) -> None:
    """The form with a variable of each look: plain, with a hint, covered, shown, kept, and one that a file fills in."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    add_rows(page, {"APP_ENV": "test", "DEPLOY_TOKEN": "no secret", "CONFIG_FILE": "Y29udGVudA==", "KEPT": "kept"})
    page.locator("#variables-2-more > summary").click()
    page.locator("#variables-2-type").select_option("FILE")
    page.locator("#variables-3-encrypted").check()
    page.get_by_role("button", name="Add a volume").click()
    page.get_by_text("A value is kept.").wait_for()
    page.get_by_label("Folder in the pipeline").fill("/")
    page.get_by_label("Folder in the container").fill("/buddy/app")
    add_rows(page, {"COVERED": "not shown", "SHOWN": "seen\nby whoever types it"}, after=4)
    for number in (4, 5):
        page.locator(f"#variables-{number}-encrypted").check()
    page.locator("#variables-5-value-shown").check()


def add_rows(page: Page, variables: dict[str, str], after: int = 0) -> None:
    """Add variables to a form that has some."""
    for number, (key, value) in enumerate(variables.items(), start=after):
        press(page.get_by_role("button", name="Add a variable"))
        page.locator(f"#variables-{number}-key").fill(key)
        page.locator(f"#variables-{number}-value").fill(value)


def form_that_questions(page: Page, stage: Stage) -> None:
    """The form that asks whether an image in an Amazon registry is public."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.locator("#registry").fill("123456789012.dkr.ecr.eu-central-1.amazonaws.com")
    page.locator("button.primary").click()
    page.get_by_label("Anybody may read this image").wait_for()


def form_with_integration(page: Page, stage: Stage) -> None:
    """The form with an integration that takes a region, and with an option that goes with another."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.locator("#image_source-integration").check()
    page.locator("#integration").select_option("ecr_prod")
    page.locator("#more-options > summary").click()
    page.locator("#trigger_time").select_option("ON_FAILURE")


def form_with_errors(source: str) -> State:
    """The form with something wrong in it, with one of the image sources chosen and all unfolded."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(stage.sandbox + FORM)
        page.locator(f"#image_source-{source}").check()
        press(page.get_by_role("button", name="Add a volume"))
        page.get_by_label("Folder in the pipeline").fill("relative")
        press(page.get_by_role("button", name="Add a variable"))
        page.locator("#variables-0-value").fill("without a name")
        page.locator("button.primary").click()
        page.locator("#summary").wait_for()
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")

    return go


def created(page: Page, stage: Stage) -> None:
    """The receipt of an action that was added."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-0-key").fill("LONG")
    page.locator("#variables-0-value").fill("x" * 200)
    send(page)


def with_rows(path: str) -> State:
    """A list after something was sent."""

    def go(page: Page, stage: Stage) -> None:
        created(page, stage)
        page.goto(stage.sandbox + path)

    return go


def refused(page: Page, stage: Stage) -> None:
    """The filled form with Buddy's own messages."""
    page.goto(f"{stage.sandbox}{PROJECTS}/company-website/pipelines/4/actions/new")
    fill_in(page)
    send(page)
    page.locator("#summary").wait_for()


def dismissing_all(page: Page, stage: Stage) -> None:
    """The question before all that may be is dismissed, of what Buddy has refused."""
    for _ in range(4):
        refused(page, stage)
    page.goto(stage.sandbox)
    page.get_by_role("button", name="Hide all").click()
    page.get_by_role("heading", name="Hide these").wait_for()


def edited_copy(page: Page, stage: Stage) -> None:
    """The form that was sent before, from another tab, with other content."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.locator("#form").evaluate(
        "form => fetch(form.querySelector('button.primary').formAction,"
        " { method: 'POST', body: new URLSearchParams(new FormData(form)) })"
    )
    page.get_by_label("Name of the action").fill("Run other tests")
    page.locator("button.primary").click()
    page.get_by_text("This form was sent before").wait_for()


def answered(status: int) -> State:
    """The receipt after an answer of Buddy's."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(stage.desk + FORM)
        fill_in(page)
        before, stage.upstream.answer = stage.upstream.answer, (status, {})
        send(page)
        stage.upstream.answer = before

    return go


def deletion(page: Page, stage: Stage) -> None:
    """The receipt of a deletion that Buddy has not answered for."""
    in_the_pipeline(stage, {"name": "Run", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a"})
    id = stage.upstream.by_hand[0]["id"]
    before, stage.upstream.answer = stage.upstream.answer, (500, {})
    page.goto(f"{stage.desk}{ACTIONS}/{id}/delete")
    page.get_by_role("button", name="Yes, delete it").click()
    page.get_by_text("We do not know yet whether").first.wait_for()
    stage.upstream.answer = before
    in_the_pipeline(stage)


def change_with_errors(page: Page, stage: Stage) -> None:
    """The form that changes an action, with something wrong in it, and all unfolded."""
    page.goto(f"{stage.sandbox}{STYLE}/actions/9/edit")
    page.locator("#variables-0-value").fill("false")
    page.locator("button.primary").click()
    page.locator("#summary").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


def change_previewed(page: Page, stage: Stage) -> None:
    """The preview of a change."""
    page.goto(f"{stage.sandbox}{STYLE}/actions/9/edit")
    page.get_by_label("Tag", exact=True).fill("23")
    page.get_by_role("button", name="Review").click()
    page.get_by_role("heading", name="Review “").wait_for()


def reading_token(path: str) -> State:
    """A page of somebody whose token may only read."""

    def go(page: Page, stage: Stage) -> None:
        before, stage.upstream.token = stage.upstream.token, (200, {"scopes": ["WORKSPACE", "EXECUTION_INFO"]})
        page.goto(stage.desk + path)
        stage.upstream.token = before

    return go


def changed(page: Page, stage: Stage) -> None:
    """The receipt of a change."""
    created(page, stage)
    press(page.get_by_role("link", name="change it"))
    page.get_by_label("Tag", exact=True).fill("3.13")
    page.get_by_label("Run as user").fill("root")
    page.locator("button.primary").click()
    page.get_by_text("has changed the action").wait_for()


def preview_of_all(page: Page, stage: Stage) -> None:
    """The preview of a form with all its boxes in use."""
    form_filled(page, stage)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("heading", name="Review “").wait_for()


def answered_otherwise(page: Page, stage: Stage) -> None:
    """The receipt of an action that Buddy has added with other settings than were sent."""
    before, stage.upstream.answer = stage.upstream.answer, (201, {"id": 1, "docker_image_tag": "other", "timeout": 5})
    page.goto(stage.desk + FORM)
    fill_in(page)
    page.locator("#more-options > summary").click()
    page.get_by_label("Time limit in seconds").fill("60")
    send(page)
    stage.upstream.answer = before


def changed_since(page: Page, stage: Stage) -> None:
    """The receipt of an action that was changed since."""
    created(page, stage)
    receipt = page.url
    press(page.get_by_role("link", name="change it"))
    page.get_by_label("Tag", exact=True).fill("3.13")
    page.get_by_label("Commands", exact=True).fill("pip install -r requirements.txt\npytest --verbose")
    page.locator("button.primary").click()
    page.get_by_text("has changed the action").wait_for()
    page.goto(receipt)
    page.get_by_text("The action was changed since").wait_for()


def gone(page: Page, stage: Stage) -> None:
    """The receipt of an action that was deleted since."""
    created(page, stage)
    receipt = page.url
    press(page.get_by_role("link", name="Delete it"))
    page.get_by_role("button", name="Yes, delete it").click()
    page.get_by_text("has deleted the action").wait_for()
    page.goto(receipt)
    page.get_by_text("The action is no longer there").wait_for()


def put_back(page: Page, stage: Stage) -> None:
    """The form that puts back what a change has changed: with secrets, and with what somebody has changed since."""
    variables = [{"key": "CI", "value": "true"}, {"key": "TOKEN", "value": "!encrypted x", "encrypted": True}]
    before = {"name": "Run", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a", "docker_image_tag": "1"}
    in_the_pipeline(stage, before | {"inline_commands": "ls", "variables": variables})
    (action,) = stage.upstream.by_hand
    answer, stage.upstream.answer = stage.upstream.answer, (200, action)
    stage.upstream.numbered = 0
    page.goto(f"{stage.desk}{ACTIONS}/{action['id']}/edit")
    page.get_by_label("Tag", exact=True).fill("2")
    page.locator("#variables-0-value").fill("false")
    page.locator("#variables-1-value").fill("typed again")
    page.locator("button.primary").click()
    page.get_by_text("has changed the action").wait_for()
    stage.upstream.answer = answer
    theirs = {"docker_image_tag": "3", "entrypoint": "/bin/sh", "variables": [{"key": "CI", "value": "false"}]}
    stage.upstream.by_hand = [action | theirs]
    page.get_by_role("link", name="Put it back as it was").click()
    page.get_by_text("This form puts back what").wait_for()
    in_the_pipeline(stage)


def change_lost(page: Page, stage: Stage) -> None:
    """The receipt of a change that Buddy has not answered for."""
    in_the_pipeline(stage, {"name": "Run", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a"})
    id = stage.upstream.by_hand[0]["id"]
    before, stage.upstream.answer = stage.upstream.answer, (500, {})
    page.goto(f"{stage.desk}{ACTIONS}/{id}/edit")
    page.get_by_label("Tag", exact=True).fill("3.13")
    page.locator("button.primary").click()
    page.get_by_text("We do not know yet whether").first.wait_for()
    stage.upstream.answer = before
    in_the_pipeline(stage)


def change_overtaken(page: Page, stage: Stage) -> None:
    """The form of a change of what somebody else has changed meanwhile."""
    whole = {"name": "Run", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "a", "docker_image_tag": "1"}
    in_the_pipeline(stage, whole)
    (action,) = stage.upstream.by_hand
    page.goto(f"{stage.desk}{ACTIONS}/{action['id']}/edit")
    stage.upstream.by_hand = [action | {"docker_image_tag": "2"}]
    page.get_by_label("Tag", exact=True).fill("3.13")
    page.locator("button.primary").click()
    page.get_by_text("Somebody has changed the same settings in Buddy").wait_for()
    in_the_pipeline(stage)


LONG = "Nightly_report_of_all_accounts_and_balances_in_euros_and_dollars_for_the_auditor"


def long_names(path: str) -> State:
    """A page with names that have no place to break: drafts of which one has no name, and something that was sent."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(stage.sandbox + FORM)
        fill_in(page, LONG)
        send(page)
        for name, image in ((LONG, "a"), ("", f"registry/{LONG}"), ("Begun", "a"), ("Begun too", "a")):
            page.goto(stage.sandbox + FORM)
            page.get_by_label("Name of the action").fill(name)
            page.get_by_label("Image name").fill(image)
            page.get_by_role("button", name="Check without sending").click()
            page.locator("#summary").wait_for()
        page.goto(stage.sandbox + path)

    return go


def discarding_all(page: Page, stage: Stage) -> None:
    """The question before all drafts are discarded."""
    long_names("/drafts")(page, stage)
    page.get_by_role("button", name="Discard all").click()
    page.get_by_role("heading", name="Discard").wait_for()


def change_with_draft(page: Page, stage: Stage) -> None:
    """The form that changes an action, which tells of a draft of the same change."""
    page.goto(f"{stage.sandbox}{STYLE}/actions/9/edit")
    page.get_by_label("Tag", exact=True).fill("23")
    check(page)
    page.goto(f"{stage.sandbox}{STYLE}/actions/9/edit")
    page.get_by_role("link", name="Continue with that draft").wait_for()


def image_checked(tag: str, words: str, **boxes: str) -> State:
    """The form with what the registry has said of an image."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(stage.sandbox + FORM)
        fill_in(page)
        for box, text in {"docker_image_tag": tag, **boxes}.items():
            page.locator(f"#{box}").fill(text)
        page.get_by_role("button", name="Check the image").click()
        page.get_by_text(words).first.wait_for()

    return go


def image_pinned(page: Page, stage: Stage) -> None:
    """The form with the versions that an image can be pinned to."""
    image_checked("latest", "The image is there")(page, stage)
    page.get_by_role("button", name="Pin it to a version").click()
    page.get_by_text("At this moment latest is the same image").wait_for()


def image_reviewed(page: Page, stage: Stage) -> None:
    """The review with what is known of the image."""
    image_checked("3.13.99", "Most alike")(page, stage)
    page.get_by_role("button", name="Review").click()
    page.get_by_role("button", name="Check again").wait_for()


def image_on_receipt(page: Page, stage: Stage) -> None:
    """The receipt with what was known of the image."""
    image_checked("3.14.0", "The image is there")(page, stage)
    send(page)


def tags_listed(page: Page, stage: Stage) -> None:
    """The form with ten thousand tags to choose from."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.get_by_label("Image name").fill("node")
    page.get_by_role("button", name="Choose a tag").click()
    page.get_by_label("Find a tag").wait_for()


def menu_open(page: Page, stage: Stage) -> None:
    """The menu as a narrow page opens it; on a wide one it stands there."""
    administrator_at("/account")(page, stage)
    page.locator("#menu").evaluate("menu => menu.showPopover()")


def discarding(page: Page, stage: Stage) -> None:
    """The question before a draft is discarded."""
    page.goto(stage.sandbox + FORM)
    fill_in(page, "Begun")
    check(page)
    page.goto(stage.sandbox)
    page.get_by_role("button", name="Discard “Begun”").first.click()
    page.get_by_role("heading", name="Discard the draft").wait_for()


def deleted(page: Page, stage: Stage) -> None:
    """The receipt of a deletion."""
    created(page, stage)
    press(page.get_by_role("link", name="Delete it"))
    page.get_by_role("button", name="Yes, delete it").click()
    page.get_by_text("has deleted the action").wait_for()


def with_all_kinds(path: str) -> State:
    """A list after something was added, changed, deleted and refused."""

    def go(page: Page, stage: Stage) -> None:
        changed(page, stage)
        deleted(page, stage)
        refused(page, stage)
        page.goto(stage.sandbox + path)

    return go


def with_long_name_sent(page: Page, stage: Stage) -> None:
    """The activity after something with a name that breaks nowhere was sent, and refused."""
    for form in (FORM, f"{PROJECTS}/company-website/pipelines/4/actions/new"):
        page.goto(stage.sandbox + form)
        fill_in(page, "Unbroken" * 12)
        send(page)
    page.goto(f"{stage.sandbox}/submissions")


def action_with_history(page: Page, stage: Stage) -> None:
    """An action's own page, with what was done to it."""
    changed(page, stage)
    page.get_by_role("link", name="Look at the action").click()
    page.get_by_role("heading", name="History").wait_for()


def putting_back(page: Page, stage: Stage) -> None:
    """The form that puts a change back, which says so beside its boxes."""
    changed(page, stage)
    page.get_by_role("link", name="Put it back as it was").click()
    page.get_by_text("is put back").first.wait_for()


def refused_again(page: Page, stage: Stage) -> None:
    """The draft of a form that Buddy has refused."""
    refused(page, stage)
    page.get_by_label("Run as user").fill("root")
    check(page)
    page.goto(stage.sandbox)
    page.get_by_role("link", name="Continue “Run tests”").first.click()
    page.get_by_text("did not accept an earlier version").wait_for()


def nothing_found(page: Page, stage: Stage) -> None:
    """The activity where nothing goes by the words."""
    page.goto(f"{stage.sandbox}/submissions?q=nothing+goes+by+this")


def record_opened(page: Page, stage: Stage) -> None:
    """The record with the steps of its newest line."""
    with_all_kinds("/record")(page, stage)
    page.locator(".log summary").first.click()


def not_sent(page: Page, stage: Stage) -> None:
    """The receipt of what was not sent, since the pipeline could not be read first."""
    stage.upstream.readable = False
    page.goto(stage.desk + FORM)
    fill_in(page)
    send(page)
    stage.upstream.readable = True


def sending(page: Page, stage: Stage) -> None:
    """The receipt while Buddy has not answered yet, as another tab shows it. The send is let go on afterwards."""
    page.goto(stage.desk + FORM)
    fill_in(page)
    stage.upstream.gate.clear()
    with page.expect_popup() as opened:
        page.locator("#form").evaluate(
            "form => { form.action = form.querySelector('button.primary').formAction; form.target = '_blank';"
            " form.submit(); window.open('about:blank') }"
        )
    stage.upstream.until_waiting(1)
    opened.value.close()
    page.goto(f"{stage.desk}/submissions")
    page.get_by_role("link", name="Run tests").first.click()
    page.get_by_text("The action is being added.").wait_for()


def lost(page: Page, stage: Stage) -> dict[str, Any]:
    """Send something that Buddy neither adds nor answers for; gives what was sent."""
    answered(500)(page, stage)
    sent: dict[str, Any] = stage.upstream.bodies[-1]
    return sent


def in_the_pipeline(stage: Stage, *bodies: dict[str, Any]) -> None:
    """Let Buddy's list have these actions from now on."""
    first = 1000 * (1 + len(stage.upstream.bodies))
    stage.upstream.by_hand = [{"id": first + number, **body} for number, body in enumerate(bodies)]


def ambiguous(page: Page, stage: Stage) -> None:
    """The question which of two actions it is."""
    sent = lost(page, stage)
    in_the_pipeline(stage, sent, sent | {"run_as_user": "root"}, sent)
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("Needs an answer").first.wait_for()
    in_the_pipeline(stage)


def found(page: Page, stage: Stage) -> None:
    """The receipt, which follows by itself, of what got no answer and is there."""
    in_the_pipeline(stage, lost(page, stage))
    page.get_by_text("It was sent once.").wait_for()
    in_the_pipeline(stage)


def duplicate(page: Page, stage: Stage) -> None:
    """The form whose content was sent a moment ago from another page."""
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    commands = page.get_by_label("Commands", exact=True).input_value()
    send(page)
    page.goto(stage.sandbox + FORM)
    fill_in(page)
    page.get_by_label("Commands", exact=True).fill(commands)
    page.locator("button.primary").click()
    page.get_by_role("button", name="Add a second one").wait_for()


def waiting_at_home(page: Page, stage: Stage) -> None:
    """The home page with a draft and with something that is not known."""
    lost(page, stage)
    page.goto(stage.desk + FORM)
    fill_in(page)
    check(page)
    page.goto(stage.desk)
    page.get_by_role("button", name="Discard").first.wait_for()


def unreadable(page: Page, stage: Stage) -> None:
    """A page that needs Buddy while Buddy does not answer."""
    stage.upstream.readable = False
    page.goto(f"{stage.desk}{ACTIONS}")
    stage.upstream.readable = True


def found_pipelines(words: str) -> State:
    """What is found by some words, once somebody has looked through the lists."""

    def go(page: Page, stage: Stage) -> None:
        for path in ("", "/buddy/projects", "/buddy/projects/company-website/pipelines"):
            page.goto(f"{stage.sandbox}/workspaces{path}")
        for path in ("", "/services/pipelines"):
            page.goto(f"{stage.sandbox}/workspaces/buddy-labs/projects{path}")
        page.goto(f"{stage.sandbox}/find?q={words}")

    return go


def choosing_for_a_copy(page: Page, stage: Stage) -> None:
    """Where a copy may go, once somebody has begun an action for a pipeline from a YAML file."""
    page.goto(f"{stage.sandbox}{PROJECTS}/company-website/pipelines/4/actions/new")
    fill_in(page)
    check(page)
    page.goto(f"{stage.sandbox}/find?like={STYLE}/actions/9")


def busy_pipeline(page: Page, stage: Stage) -> None:
    """A pipeline that does not run, with actions in every state and with a name that breaks nowhere."""
    before, stage.upstream.pipelines = stage.upstream.pipelines, [SWITCHED_OFF]
    runs = ("SUCCESSFUL", "FAILED", "INPROGRESS", "SKIPPED", "WAITING_FOR_APPLY", "NOT_EXECUTED")
    kinds = ("RUN_DOCKER_CONTAINER", "SSH_COMMAND", "AWS_APP_RUNNER_DEPLOY") * 2
    in_the_pipeline(
        stage,
        *(
            {"name": f"Step {run.lower()}", "type": kind, "last_execution_status": run, "disabled": run == "SKIPPED"}
            for run, kind in zip(runs, kinds, strict=True)
        ),
        {"name": "x" * 80, "type": "RUN_DOCKER_CONTAINER", "last_execution_status": "TERMINATED"},
    )
    page.goto(f"{stage.desk}{PROJECTS}/company-website/pipelines/44/actions")
    page.get_by_text("This pipeline is switched off").wait_for()
    stage.upstream.pipelines = before
    in_the_pipeline(stage)


def pipelines_that_do_not_run(page: Page, stage: Stage) -> None:
    """A list of pipelines in all their states."""
    before = stage.upstream.pipelines, dict(stage.upstream.instead)
    paused = {"id": 45, "name": "Weekly clean-up", "paused": True, "last_execution_status": "FAILED"}
    waiting = {"id": 46, "name": "From a file", "git_config_ref": "FIXED", "waiting_for_push": True}
    stage.upstream.pipelines = [SWITCHED_OFF, paused, waiting, {"id": 47, "name": "y" * 80}]
    stage.upstream.instead["/projects/company-website"] = {"name": "company-website", "display_name": "Company Website"}
    page.goto(f"{stage.desk}{PROJECTS}/company-website/pipelines?page=1")
    page.get_by_text("Weekly clean-up", exact=True).wait_for()
    stage.upstream.pipelines, stage.upstream.instead = before


def wrong_address(page: Page, stage: Stage) -> None:
    """A pasted address that is none of Buddy's."""
    page.goto(f"{stage.sandbox}/workspaces")
    page.get_by_label("Find a pipeline or a template").fill("https://example.org/")
    page.get_by_role("button", name="Find").click()
    page.locator("#summary").wait_for()


def sign_in_page(page: Page, stage: Stage) -> None:
    """Where people sign in."""
    page.context.clear_cookies()
    page.goto(f"{stage.team}/sign-in")


def signing_in_failed(page: Page, stage: Stage) -> None:
    """After a wrong password."""
    sign_in_page(page, stage)
    page.get_by_label("Sign-in name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    page.locator("#summary").wait_for()


def administrator_at(path: str) -> State:
    """A page as an administrator sees it: the first one, made by the link when there is none yet."""

    def go(page: Page, stage: Stage) -> None:
        sign_in_page(page, stage)
        answer = page.goto(stage.link)
        if answer is not None and answer.status == 200:
            page.get_by_label("Your name").fill("Ada Byron")
            page.get_by_label("Sign-in name").fill("ada")
            page.get_by_label("New password").fill("seven quiet lighthouses")
            page.get_by_role("button", name="Choose this password").click()
        else:
            page.goto(f"{stage.team}/sign-in")
            page.get_by_label("Sign-in name").fill("ada")
            page.get_by_label("Password").fill("seven quiet lighthouses")
            page.get_by_role("button", name="Sign in").click()
        page.locator("#session-end").wait_for()
        page.goto(stage.team + path)

    return go


def template_not_finished(page: Page, stage: Stage) -> None:
    """The page of a template that was posted after its session had ended, after signing in."""
    administrator_at("/templates")(page, stage)
    # Of one person only so many are kept.
    while page.get_by_role("button", name="Discard").count():
        press(page.get_by_role("button", name="Discard").first)
        page.get_by_text("It was discarded.").wait_for()
    page.goto(f"{stage.team}/templates/new")
    page.locator("#template_name").fill("Nightly report")
    page.context.clear_cookies()
    page.get_by_role("button", name="Make the template").click()
    page.get_by_text("what you typed is kept").wait_for()
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Password").fill("seven quiet lighthouses")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("What you typed is here again").wait_for()


def templates_not_finished(page: Page, stage: Stage) -> None:
    """The list with one that was not finished."""
    template_not_finished(page, stage)
    page.goto(f"{stage.team}/templates")


def session_ending(page: Page, stage: Stage) -> None:
    """A page two minutes before its session ends."""
    administrator_at("/submissions")(page, stage)
    page.locator("#ending").evaluate(
        "ending => { ending.append(ending.firstElementChild.content.cloneNode(true)); "
        "ending.querySelector('[data-words]').textContent = 'You will be signed out in two minutes.' }"
    )


def person_invited(page: Page, stage: Stage) -> None:
    """The link for somebody who was invited."""
    administrator_at("/people")(page, stage)
    page.get_by_label("Name", exact=True).fill("Bob Babbage")
    page.get_by_label("Sign-in name").fill(f"bob-{uuid4()}")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("heading", name="A link for Bob Babbage").wait_for()


def invitation(page: Page, stage: Stage) -> None:
    """What the invited person sees."""
    person_invited(page, stage)
    link = page.locator(".codeblock code").text_content() or ""
    page.context.clear_cookies()
    page.goto(link)


def somebody_else(page: Page, stage: Stage) -> None:
    """An administrator's page of somebody."""
    person_invited(page, stage)
    page.goto(f"{stage.team}/people")
    press(page.get_by_role("link", name="Bob Babbage").first)


def link_reloaded(page: Page, stage: Stage) -> None:
    """The page of a link that was shown before."""
    person_invited(page, stage)
    page.reload()
    page.get_by_role("button", name="Make a new link").wait_for()


def disabling(page: Page, stage: Stage) -> None:
    """The question before somebody is disabled."""
    somebody_else(page, stage)
    page.get_by_role("button", name="Disable").click()
    page.get_by_role("heading", name="Disable Bob Babbage?").wait_for()


def rate_limit(page: Page, stage: Stage) -> None:
    """A page that Buddy asks to wait for."""
    before, stage.upstream.readable = stage.upstream.closed, False
    stage.upstream.closed = answer("429 Too Many Requests", {}, "Retry-After: 95", "Connection: close")
    page.goto(f"{stage.desk}{ACTIONS}")
    page.get_by_text("Buddy asks to wait").first.wait_for()
    stage.upstream.readable, stage.upstream.closed = True, before


def invitation_refused(page: Page, stage: Stage) -> None:
    """An invitation with nothing in it."""
    administrator_at("/people")(page, stage)
    page.get_by_role("button", name="Make a link").click()
    page.locator("#summary").wait_for()


def connection_refused(page: Page, stage: Stage) -> None:
    """A token that is none."""
    administrator_at("/connection")(page, stage)
    page.get_by_label("API token").fill("two words")
    page.get_by_role("button", name="Test it and keep it").click()
    page.locator("#summary").wait_for()


def not_allowed(page: Page, stage: Stage) -> None:
    """A page that takes another role."""
    page.goto(f"{stage.sandbox}/account")
    become(page, "viewer")
    page.goto(stage.sandbox + FORM)
    page.get_by_role("heading", name="Your role does not allow this").wait_for()
    tab = page.context.new_page()
    tab.goto(f"{stage.sandbox}/account")
    become(tab, "administrator")
    tab.close()


def own(way: str = "") -> State:
    """The receipt of what a contributor has added from a template a moment ago, or where a link on it leads."""

    def go(page: Page, stage: Stage) -> None:
        page.goto(f"{stage.sandbox}/account")
        become(page, "contributor")
        page.goto(stage.sandbox)
        # The one that the sandbox begins with, whatever else was made of that name.
        press(page.locator(".offers a[href*='/company-website/pipelines?']").get_by_text("Nightly report"))
        press(page.get_by_role("link", name="Live mirror").first)
        page.get_by_text("Poland", exact=True).click()
        # Of two that are the same the second one would be asked about.
        page.get_by_label("First day").fill(str(date(2000, 1, 1) + timedelta(days=randrange(9_000))))
        page.get_by_role("button", name="Add to Live mirror").click()
        page.get_by_role("heading", name="Your answers").wait_for()
        if way:
            page.get_by_role("link", name=way, exact=True).first.click()
            page.get_by_text("until").first.wait_for()
        tab = page.context.new_page()
        tab.goto(f"{stage.sandbox}/account")
        become(tab, "administrator")
        tab.close()

    return go


def offered_in_a_pipeline(page: Page, stage: Stage) -> None:
    """The actions of a pipeline as a contributor sees them, with the templates that may be used there."""
    page.goto(f"{stage.sandbox}/account")
    become(page, "contributor")
    page.goto(f"{stage.sandbox}{PROJECTS}/company-website/pipelines/2/actions")
    page.get_by_role("heading", name="What would you like to add?").wait_for()
    tab = page.context.new_page()
    tab.goto(f"{stage.sandbox}/account")
    become(tab, "administrator")
    tab.close()


def rules_refused(page: Page, stage: Stage) -> None:
    """A rule that can be none."""
    at("/rules")(page, stage)
    page.get_by_label("Allowed registries").fill("https://ghcr.io")
    page.get_by_role("button", name="Save the rules").click()
    page.locator("#summary").wait_for()


def ruled(verdict: str, button: str) -> State:
    """A form that does not keep to the team's rules, after a button. The rules are taken back in another tab."""

    def go(page: Page, stage: Stage) -> None:
        set_rules(page, stage, verdict)
        page.goto(f"{stage.sandbox}{FORM}?name=A&docker_image_name=a&inline_commands=ls&variables-0-key=A_TOKEN")
        page.get_by_role("button", name=button).click()
        page.get_by_text("No moving tags").first.wait_for()
        tab = page.context.new_page()
        set_rules(tab, stage, "off")
        tab.close()

    return go


def set_rules(page: Page, stage: Stage, verdict: str) -> None:
    """Let rules about the tag, the variables and the user have this verdict."""
    at("/rules")(page, stage)
    page.locator("#tag_values").fill("latest")
    page.locator("#tag_sentence").fill("No moving tags")
    page.locator("#encrypted_values").fill("*_TOKEN")
    for rule in ("tag", "encrypted", "user"):
        page.locator(f"#{rule}_verdict").select_option(verdict)
    page.get_by_role("button", name="Save the rules").click()
    page.get_by_text("The rules are saved").wait_for()


def become(page: Page, role: str) -> None:
    """Be another of the sandbox's people."""
    press(page.get_by_role("button", name=f"Be the {role}"))
    page.get_by_role("main").get_by_text(f", {role}.").wait_for()


STATES: dict[str, State] = {
    **TEMPLATE_STATES,
    **RUN_STATES,
    **ANSWERING_STATES,
    "receipt of answers": own(),
    "own action": own("Look at the action"),
    "own action among the others": own("Live mirror"),
    "templates found": at("/find?q=report"),
    "image there": image_checked("3.14.0", "The image is there"),
    "image not there": image_checked("3.13.99", "Most alike"),
    "image refused": image_checked("latest", "private or not there", docker_image_name="acme/private-reports"),
    "image not checked": image_checked("latest", "is not one of", registry="registry.company.example"),
    "image pinned": image_pinned,
    "image reviewed": image_reviewed,
    "image on the receipt": image_on_receipt,
    "tags": tags_listed,
    "sign in": sign_in_page,
    "sign in, refused": signing_in_failed,
    "account": administrator_at("/account"),
    "account on the sandbox": at("/account"),
    "session ending": session_ending,
    "template that was not finished": template_not_finished,
    "templates, one not finished": templates_not_finished,
    "people": administrator_at("/people"),
    "people, refused": invitation_refused,
    "person": somebody_else,
    "question before somebody is disabled": disabling,
    "link": person_invited,
    "link, shown before": link_reloaded,
    "invitation": invitation,
    "link used up": administrator_at("/invitations/none"),
    "connection": administrator_at("/connection"),
    "connection, refused": connection_refused,
    "not connected": administrator_at("/workspaces"),
    "not allowed": not_allowed,
    "choosing whom one is": at(
        "/sandbox/openid/authorize?client_id=slipway&redirect_uri=http://127.0.0.1/&state=s&nonce=n&code_challenge=c"
    ),
    "home at first": home_at_first,
    "home": with_rows("/"),
    "home with long names": long_names("/"),
    "menu": menu_open,
    "drafts": long_names("/drafts"),
    "no drafts": at("/drafts?before=0-0"),
    "question before all drafts are discarded": discarding_all,
    "question before all is dismissed": dismissing_all,
    "workspaces": at("/workspaces"),
    "projects": at(PROJECTS),
    "pipelines": at(f"{PROJECTS}/company-website/pipelines"),
    "long list": at("/workspaces/buddy-labs/projects/services/pipelines?page=2"),
    "nothing found": at("/workspaces/buddy-labs/projects/services/pipelines?q=nothing"),
    "wrong address": wrong_address,
    "finding pipelines": found_pipelines(""),
    "pipelines found": found_pipelines("deploy"),
    "no pipelines found": found_pipelines("nothing"),
    "pipelines that do not run": pipelines_that_do_not_run,
    "no pipelines": at("/workspaces/buddy-labs/projects/empty/pipelines"),
    "a busy pipeline": busy_pipeline,
    "actions, with one to change": at(f"{STYLE}/actions"),
    "actions": at(f"{PROJECTS}/mobile-api/pipelines/11/actions"),
    "actions, with templates to add from": offered_in_a_pipeline,
    "no actions": at(f"{PROJECTS}/mobile-api/pipelines/15/actions"),
    "action": at(f"{STYLE}/actions/9"),
    "question before a deletion": at(f"{STYLE}/actions/9/delete"),
    "deletion": deletion,
    "form of a change": at(f"{STYLE}/actions/9/edit"),
    "form of a change with a draft": change_with_draft,
    "form of a change with errors": change_with_errors,
    "preview of a change": change_previewed,
    "form of a token that may only read": reading_token(FORM),
    "actions of a token that may only read": reading_token(ACTIONS),
    "changed": changed,
    "added and changed since": changed_since,
    "added and deleted since": gone,
    "added with other settings": answered_otherwise,
    "form that puts a change back": put_back,
    "change that is not known": change_lost,
    "deleted": deleted,
    "change that somebody else has overtaken": change_overtaken,
    "question before a draft is discarded": discarding,
    "action of another kind": at(f"{STYLE}/actions/7"),
    "form": at(FORM),
    "form filled": form_filled,
    "form with rows": form_with_rows,
    "form that questions a registry": form_that_questions,
    "form with an integration": form_with_integration,
    "form like an action": at(f"{FORM}?like={STYLE}/actions/9"),
    "choosing the pipeline for a copy": choosing_for_a_copy,
    "pipelines for a copy": at(f"/workspaces/buddy-labs/projects/services/pipelines?page=2&like={STYLE}/actions/9"),
    "form of a closed project": at(f"{PROJECTS}/old-shop/pipelines/31/actions/new"),
    "form from YAML": at(f"{PROJECTS}/company-website/pipelines/4/actions/new"),
    "form with errors, public": form_with_errors("public"),
    "form with errors, credentials": form_with_errors("credentials"),
    "form with errors, integration": form_with_errors("integration"),
    "form with errors, action": form_with_errors("action"),
    "form with its link": form_with_link,
    "form as an action of a file": form_as_yaml,
    "pasted with several services": chosen_from_a_paste,
    "form with a draft": form_with_draft,
    "preview": preview,
    "preview of all boxes": preview_of_all,
    "filled from a paste": filled_from_a_paste,
    "wrong pastes": wrong_pastes,
    "nothing pasted": nothing_pasted,
    "edited copy": edited_copy,
    "created": created,
    "refused": refused,
    "sending": sending,
    "not sent": not_sent,
    "unknown": answered(500),
    "ambiguous": ambiguous,
    "found": found,
    "the same content again": duplicate,
    "home with what waits": waiting_at_home,
    "activity": with_all_kinds("/submissions"),
    "activity with long names": with_long_name_sent,
    "activity without a match": nothing_found,
    "action with its history": action_with_history,
    "putting back": putting_back,
    "draft of what was refused": refused_again,
    "activity at its end": at("/submissions?before=0-0"),
    "activity, filtered": at("/submissions?q=run&who=me&state=Added&place=company&since=2026-01-01"),
    "activity, nothing found": at("/submissions?q=nothing"),
    "activity with errors": at("/submissions?q=ab&since=yesterday&place=a"),
    "rules": at("/rules"),
    "rules, refused": rules_refused,
    "form, warned by rules": ruled("warn", "Check without sending"),
    "form, refused by rules": ruled("refuse", "Check without sending"),
    "preview, warned by rules": ruled("warn", "Review"),
    "record": record_opened,
    "record, filtered": at("/record?q=run&who=me&what=created&place=company"),
    "record, nothing found": at("/record?who=nobody"),
    "record with errors": at("/record?since=yesterday&q=ab"),
    "not there": at("/nowhere"),
    "buddy does not answer": unreadable,
    "buddy asks to wait": rate_limit,
    "components": at("/components"),
    "sandbox": at("/sandbox/"),
    "workspace in the sandbox": at("/sandbox/buddy"),
    "project in the sandbox": at("/sandbox/buddy/company-website"),
    "pipeline in the sandbox": at("/sandbox/buddy/company-website/pipelines/pipeline/3"),
    "action in the sandbox": at("/sandbox/buddy/company-website/pipelines/action/6/edit"),
    "not there in the sandbox": at("/sandbox/nowhere"),
}
