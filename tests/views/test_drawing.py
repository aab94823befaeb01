"""Fields that are drawn once look right each time."""

import re

from support.pages import Browser, Page
from support.rigs import NEW

# What differs each time.
TOKENS = re.compile(r'name="(?:csrf_token|envelope|draft)"[^>]*')


def sheet(page: Page) -> str:
    """The form of a page, without its tokens."""
    return TOKENS.sub("", page.html[page.html.index("<form") :])


def test_a_new_form_shows_nothing_of_what_was_typed_or_wrong_before(desk: Browser) -> None:
    first = desk.get(NEW)
    wrong = first.press(
        "add-variables", name="Mine", timeout="soon", disabled="true", trigger_time="ON_FAILURE", image_source="action"
    ).press("check", variables__0__key="1A")
    assert (wrong.fields["name"], wrong.fields["trigger_time"]) == ("Mine", "ON_FAILURE")
    assert wrong.error_at("timeout") and wrong.error_at("variables-0-key")
    assert sheet(desk.get(NEW)) == sheet(first)


def test_what_was_typed_is_shown_after_the_same_form_was_empty(desk: Browser) -> None:
    desk.get(NEW)
    page = desk.get(NEW).press(
        "check", name="Mine", timeout="soon", disabled="true", inline_commands="a\nb\nc\nd\ne\nf"
    )
    shown = {name: page.fields[name] for name in ("name", "timeout", "disabled", "inline_commands")}
    assert shown == {"name": "Mine", "timeout": "soon", "disabled": "true", "inline_commands": "a\nb\nc\nd\ne\nf"}
    assert page.error_at("timeout")


def test_the_box_to_go_on_with_is_the_one_of_this_page(desk: Browser) -> None:
    one = desk.get(NEW).press("add-variables")
    assert [element.get("id") for element in one.all("input") if "autofocus" in element.attrib] == ["variables-0-key"]
    two = one.press("add-variables")
    assert [element.get("id") for element in two.all("input") if "autofocus" in element.attrib] == ["variables-1-key"]
