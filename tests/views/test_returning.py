"""Where the browser's Back leads without script: to pages that have an address, with what was typed in them."""

from random import Random

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page
from support.rigs import LEAST

# Browsers throw away what is longer (RFC 6265, section 6.1), and attributes count, too.
COOKIE = 3800
OTHER = "/workspaces/buddy/projects/company-website/pipelines/3/actions/new"
SECRET = {"variables__0__key": "A", "variables__0__value": "canary", "variables__0__encrypted": "true"}


@pytest.fixture
def plain(desk: Browser) -> Browser:
    """A browser without script, as it says with each page that it asks for."""
    desk.headers = {"Sec-Fetch-Mode": "navigate"}
    return desk


def previewed(browser: Browser, address: str, **typed: str) -> Page:
    """Fill in a form, and go to its preview as a browser does, which says where it comes from."""
    form = browser.get(address)
    browser.headers |= {"Referer": browser.url + address}
    return form.press("preview", **LEAST | typed)


def test_a_form_that_was_left_for_its_preview_is_there_again_once(plain: Browser, new_form: str) -> None:
    assert previewed(plain, new_form, **SECRET).heading == "Review “Run tests”"
    back = plain.get(new_form)
    assert (back.fields["name"], "A value is kept." in back.text, "canary" in back.html) == ("Run tests", True, False)
    again = plain.get(new_form)
    assert again.fields["name"] == ""
    assert "You have a draft for this pipeline" in again.text


def test_a_form_under_a_long_address_is_there_again_too(plain: Browser, new_form: str) -> None:
    long = f"{new_form}?inline_commands={Random(1).randbytes(3000).hex()}"
    previewed(plain, long)
    assert all(len(cookie.value) < COOKIE for cookie in (plain.client._cookies or {}).values())
    assert plain.get(long).fields["name"] == "Run tests"


def test_a_form_that_was_left_by_way_of_what_is_no_address_is_previewed_all_the_same(
    plain: Browser, new_form: str
) -> None:
    form = plain.get(new_form)
    plain.headers |= {"Referer": "http://["}
    assert form.press("preview", **LEAST).heading == "Review “Run tests”"


@pytest.mark.parametrize(
    "address", [OTHER, "/workspaces/buddy/projects/company-website/pipelines/2/actions/new?name=B"]
)
def test_at_another_address_it_is_not(plain: Browser, new_form: str, address: str) -> None:
    previewed(plain, new_form)
    assert plain.get(address).fields["name"] in ("", "B")
    assert plain.get(new_form).fields["name"] == ""


def test_what_was_sent_from_the_preview_is_not_there_again(plain: Browser, upstream: StubBuddy, new_form: str) -> None:
    previewed(plain, new_form).send()
    assert len(upstream.bodies) == 1
    assert plain.get(new_form).fields["name"] == ""


def test_a_helper_button_leads_to_the_page_of_the_draft(plain: Browser, upstream: StubBuddy, new_form: str) -> None:
    page = plain.get(new_form).press("add-variables", **LEAST)
    assert page.path.startswith("/submissions/")
    box = page.by_id("variables-0-key")
    assert box is not None
    assert box.get("autofocus") is not None
    page.send(variables__0__key="A", variables__0__value="1")
    assert upstream.bodies[0]["variables"] == [{"key": "A", "value": "1"}]


def test_where_nothing_is_kept_the_form_itself_is_the_answer(plain: Browser, new_form: str) -> None:
    page = plain.get(new_form).press("add-variables")
    assert page.path == new_form
    assert page.by_id("variables-0-key") is not None
