"""Fields that are drawn once look right each time."""

import re

from flask import Flask
from markupsafe import Markup
from support.pages import Browser, Page
from support.rigs import NEW

# What differs each time.
TOKENS = re.compile(r'name="(?:csrf_token|envelope|draft)"[^>]*')


def sheet(page: Page) -> str:
    """The form of a page, without its tokens."""
    return TOKENS.sub("", page.html[page.html.index("<form") :])


def focused_buttons(page: Page) -> list[str | None]:
    """The ids of the buttons that a page goes on with."""
    return [element.get("id") for element in page.all("button") if "autofocus" in element.attrib]


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


def test_words_on_a_button_are_no_markup_where_markup_was_drawn_before(app: Flask) -> None:
    helper = app.jinja_env.get_template("components/buttons.html").module.helper
    assert "><b>1</b></button>" in helper("check", Markup("<b>1</b>"))
    assert ">&lt;b&gt;1&lt;/b&gt;</button>" in helper("check", "<b>1</b>")


def test_what_a_registry_calls_its_tags_is_not_kept_for_other_pages(app: Flask) -> None:
    helper = app.jinja_env.get_template("components/buttons.html").module.helper
    buttons = app.jinja_env.get_template("components/image_checks.html").module.tag_buttons
    before = helper.cache_info().currsize
    assert buttons(["1.2", "1.3"], "Tags").count("<button") == 2
    assert helper.cache_info().currsize == before


def test_a_button_to_go_on_with_is_no_such_one_on_the_next_page(desk: Browser) -> None:
    removed = desk.get(NEW).press("add-variables").press("remove-variables-0")
    assert focused_buttons(removed) == ["add-variables"]
    assert focused_buttons(desk.get(NEW)) == []


def current_entries(page: Page) -> list[str | None]:
    """The entries of the menu that a page says it is among."""
    menu = next(page.all("nav"))
    return [element.text for element in menu.iter("a") if "aria-current" in element.attrib]


def test_the_menu_shows_where_a_page_is_after_another_one_was_drawn(desk: Browser) -> None:
    assert [current_entries(desk.get(path)) for path in ("/", NEW, "/")] == [["Home"], ["Pipelines"], ["Home"]]
