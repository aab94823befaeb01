"""The states of the pages on which templates are made and shown, and how a person gets there."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.sync_api import Page

from support.prepared import REPORT
from support.waiting import press
from webapp.prepared.files import export

if TYPE_CHECKING:
    from support.states import Stage

FORM = "/workspaces/buddy/projects/company-website/pipelines/2/actions/new"
FILLED = {
    "name": "Nightly report",
    "image_source": "credentials",
    "docker_image_name": "team/report",
    "docker_image_tag": "22.04",
    "registry": "registry.example.com",
    "login": "robot",
    "inline_commands": 'report --country "$COUNTRY" --since "$SINCE"',
    "variables-0-key": "COUNTRY",
    "variables-0-value": "pl",
    "variables-1-key": "SINCE",
    "volume_mappings-0-source": "/",
    "volume_mappings-0-target": "/buddy/app",
}


def none(page: Page, stage: "Stage") -> None:
    """The list where nothing was made yet: the other Slipway's."""
    page.goto(f"{stage.desk}/templates")


def begun(page: Page, stage: "Stage") -> None:
    """The page for a new template, filled like the whole form."""
    page.goto(f"{stage.sandbox}{FORM}?{urlencode(FILLED)}")
    page.get_by_role("button", name="Make a template of this").click()
    page.get_by_role("heading", name="What the others will see").wait_for()


def choose(page: Page, name: str, value: str, then: str) -> None:
    """Choose what is done with a box, and wait for what that brings."""
    page.locator(f'[name="{name}"]').select_option(value)
    page.locator(f'[name="{then}"]').wait_for()


def asking(page: Page, stage: "Stage") -> None:
    """The same with a question of each kind."""
    begun(page, stage)
    choose(page, "variables-0-ask_use", "asked", "variables-0-ask_rule")
    choose(page, "variables-0-ask_rule", "choices", "variables-0-ask_choices")
    page.locator('[name="variables-0-ask_choices"]').fill("pl = Poland\nde = Germany")
    choose(page, "variables-1-ask_use", "asked", "variables-1-ask_rule")
    choose(page, "variables-1-ask_rule", "day", "variables-1-ask_first")
    choose(page, "volume_mappings-0-source_use", "asked", "volume_mappings-0-source_rule")
    choose(page, "volume_mappings-0-source_rule", "choices", "volume_mappings-0-source_choices")
    page.locator('[name="volume_mappings-0-source_choices"]').fill("/\n/app")
    page.locator("#password").fill("not a real one")


def wrong(page: Page, stage: "Stage") -> None:
    """The page with errors."""
    asking(page, stage)
    page.locator("#template_name").fill("")
    page.locator('[name="variables-0-ask_choices"]').fill("")
    page.get_by_role("button", name="Make the template").click()
    page.locator("#summary").wait_for()


def checked(page: Page, stage: "Stage") -> None:
    """The page when everything is in order."""
    asking(page, stage)
    page.get_by_role("button", name="Check").click()
    page.get_by_text("Everything is in order").wait_for()


def at_an_unknown_place(page: Page, stage: "Stage") -> None:
    """The page that tells of a place that Slipway does not know."""
    asking(page, stage)
    page.get_by_label("In these places only").check()
    page.locator("#areas").fill("elsewhere")
    page.get_by_role("button", name="Make the template").click()
    page.get_by_text("Slipway knows no such place").wait_for()


def made(page: Page, stage: "Stage") -> None:
    """A template with a secret."""
    asking(page, stage)
    page.get_by_role("button", name="Make the template").click()
    page.get_by_role("heading", name="Its secrets").wait_for()


def listed(page: Page, stage: "Stage") -> None:
    """The list with one, and the box for a file."""
    made(page, stage)
    page.goto(f"{stage.sandbox}/templates")
    page.get_by_text("Import a template from a file").click()


def left(page: Page, stage: "Stage") -> None:
    """The list with a template that is not finished, at its draft."""
    begun(page, stage)
    page.locator("#purpose").fill("Counts the orders of one country.")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("A draft of this page is kept").wait_for()
    page.goto(f"{stage.sandbox}/templates/new")
    page.get_by_role("link", name="Continue with that draft").wait_for()


def unfinished(page: Page, stage: "Stage") -> None:
    """The list of those that are not finished."""
    left(page, stage)
    page.goto(f"{stage.sandbox}/templates")
    page.get_by_role("heading", name="Not finished").wait_for()


def changing(page: Page, stage: "Stage") -> None:
    """What a new version changes."""
    made(page, stage)
    press(page.get_by_role("link", name="Change it"))
    page.locator("#purpose").fill("Counts the orders of one country.")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Make version 2").wait_for()


def earlier_version(page: Page, stage: "Stage") -> None:
    """A version that is not the current one."""
    changing(page, stage)
    press(page.get_by_role("button", name="Make version 2"))
    page.get_by_role("link", name="Version 1", exact=True).click()
    page.get_by_text("which is not the current one").wait_for()


def retiring(page: Page, stage: "Stage") -> None:
    """The question before a template is retired."""
    made(page, stage)
    page.get_by_role("button", name="Retire it").click()
    page.get_by_role("button", name="Yes, retire it").wait_for()


def retired(page: Page, stage: "Stage") -> None:
    """A retired template."""
    retiring(page, stage)
    page.get_by_role("button", name="Yes, retire it").click()
    page.get_by_text("It is retired").wait_for()


def from_a_file(text: str) -> Callable[[Page, "Stage"], None]:
    """What a file would change, or what is wrong with it."""

    def go(page: Page, stage: "Stage") -> None:
        page.goto(f"{stage.sandbox}/templates")
        page.get_by_text("Import a template from a file").click()
        page.get_by_label("The file", exact=True).fill(text)
        page.get_by_role("button", name="See what it changes").click()
        page.get_by_role("heading", level=1, name="Import").wait_for()

    return go


TEMPLATE_STATES: dict[str, Callable[[Page, "Stage"], None]] = {
    "no templates": none,
    "templates": listed,
    "making a template": asking,
    "making a template with errors": wrong,
    "making a template, checked": checked,
    "making a template for an unknown place": at_an_unknown_place,
    "making a template beside a draft": left,
    "templates that are not finished": unfinished,
    "template": made,
    "what a new version changes": changing,
    "earlier version of a template": earlier_version,
    "question before a template is retired": retiring,
    "retired template": retired,
    "template from a file": from_a_file(export(REPORT)),
    "file that is no template": from_a_file("a: &a [*a]"),
}
