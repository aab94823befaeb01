"""Making templates by hand, as their makers do."""

from support.pages import Browser, Page
from support.rigs import NEW

ACTION = {
    "name": "Nightly report",
    "docker_image_name": "team/report",
    "docker_image_tag": "22.04",
    "inline_commands": 'report --country "$COUNTRY" --since "$SINCE"',
    "variables__0__key": "COUNTRY",
    "variables__0__value": "pl",
    "variables__0__type": "VAR",
    "variables__1__key": "SINCE",
    "variables__1__value": "2026-03-01",
    "variables__1__type": "VAR",
}
MAKE = "Make a template of this"
SECRET = {"image_source": "credentials", "login": "robot", "registry": "registry.example.com"}


def opened(browser: Browser, **more: str) -> Page:
    """The page for a new template, filled like an action that was just added."""
    return browser.get(browser.get(NEW).send(**ACTION | more).links[MAKE])


def asking(page: Page) -> Page:
    """The page after three things were chosen to be asked: the name, the country and the first day."""
    page = page.press("update", variables__0__ask_use="asked", variables__1__ask_use="asked")
    page = page.press("update", variables__0__ask_rule="choices", variables__1__ask_rule="day")
    return page.press("update", variables__0__ask_choices="pl = Poland\nde = Germany")


def made(browser: Browser, **more: str) -> Page:
    """A template that was made of an action, with three questions: its page."""
    page = asking(opened(browser)).send(**more)
    assert page.status == 200 and page.errors == [], page.errors
    return page


def confirmed(page: Page) -> Page:
    """The page after a question was answered with yes."""
    return page.send(sure="yes")
