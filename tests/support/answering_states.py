"""The states of the pages on which somebody uses a template: those of the sandbox, which begins with three."""

from typing import TYPE_CHECKING

from playwright.sync_api import Page

from support.waiting import press

if TYPE_CHECKING:
    from support.states import Stage, State

BACKUP, TESTS = "Database backup", "Tests of a website"


def opened(page: Page, stage: "Stage") -> None:
    """The form of a template that may be used in one pipeline."""
    page.goto(stage.sandbox)
    page.locator(".offers").get_by_role("link", name=BACKUP, exact=True).click()
    page.get_by_role("heading", level=1, name=BACKUP).wait_for()


def all_told(page: Page, stage: "Stage") -> None:
    """The same, with what is fixed unfolded."""
    opened(page, stage)
    page.get_by_text("What is always the same", exact=True).click()


def unanswered(page: Page, stage: "Stage") -> None:
    """The same with what is missing."""
    opened(page, stage)
    page.get_by_role("button", name="Check without sending").click()
    page.locator("#summary").wait_for()


def image_checked(page: Page, stage: "Stage") -> None:
    """The same with what is known of the image that it fixes."""
    opened(page, stage)
    page.get_by_role("button", name="Check the image").click()
    page.get_by_text("is not one of the registries").wait_for()


def opened_with_a_lock(page: Page, stage: "Stage") -> None:
    """The form after a link that fills in what the template fixes."""
    opened(page, stage)
    page.goto(f"{page.url}&timeout=1&answers-database=orders")


def reviewed(page: Page, stage: "Stage") -> None:
    """What its answers will add."""
    opened(page, stage)
    page.get_by_text("Orders", exact=True).click()
    page.get_by_role("button", name="Review").click()
    page.get_by_role("heading", level=1, name="Review").wait_for()


def places_to_choose(page: Page, stage: "Stage") -> None:
    """The places for a template that may be used everywhere."""
    page.goto(f"{stage.sandbox}/templates")
    press(page.get_by_role("link", name=TESTS, exact=True))
    page.get_by_role("link", name="Use it", exact=True).click()
    page.get_by_text("Choose the pipeline for").wait_for()


def of_another_place(page: Page, stage: "Stage") -> None:
    """A template that may not be used in a pipeline."""
    opened(page, stage)
    page.goto(page.url.replace("/pipelines/2/", "/pipelines/3/"))


ANSWERING_STATES: "dict[str, State]" = {
    "template's form": opened,
    "template's form, with what is fixed": all_told,
    "template's form with errors": unanswered,
    "template's form with its image": image_checked,
    "template's form, opened with what it fixes": opened_with_a_lock,
    "review of a template's answers": reviewed,
    "choosing the pipeline for a template": places_to_choose,
    "template of another place": of_another_place,
}
