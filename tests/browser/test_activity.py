"""Finding in the activity and in the record what somebody did."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from support.server import Served
from support.states import FORM, PROJECTS, fill_in, send
from support.waiting import press

from webapp.views.filters import when

pytestmark = pytest.mark.browser

OTHER = f"{PROJECTS}/mobile-api/pipelines/11/actions/new"


def add(page: Page, slipway: Served, form: str, name: str) -> str:
    """Add an action; gives where its receipt is."""
    page.goto(slipway.url + form)
    fill_in(page, name)
    send(page)
    return page.url


def search(page: Page, script: bool) -> None:
    """With script the list follows by itself."""
    if not script:
        press(page.get_by_role("button", name="Search"))


def test_what_was_sent_is_found_by_a_part_of_its_name_or_its_place(page: Page, script: bool, slipway: Served) -> None:
    receipt = add(page, slipway, FORM, f"Nightly report {script}")
    add(page, slipway, OTHER, f"Build worker {script}")
    press(page.get_by_role("link", name="Activity"))
    lines = page.locator(".log > li")
    page.get_by_label("Search").press_sequentially(f"ghtly {script}".lower())
    search(page, script)
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(re.compile("Live mirror.*Company Website.*Demo administrator.*just now.*Added", re.S))
    if script:
        expect(page.get_by_label("Search")).to_be_focused()
        # The address says what is looked for, so that one can come back to it.
        expect(page).to_have_url(re.compile(r"/submissions\?q=ghtly"))
    press(page.get_by_role("link", name=f"Nightly report {script}"))
    assert page.url == receipt
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value(f"ghtly {script}".lower())
    expect(lines).to_have_count(1)
    page.get_by_label("Search").fill(f"mobile {script}".lower())
    search(page, script)
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(f"Build worker {script}")


def test_a_line_of_the_record_unfolds_into_its_steps(page: Page, script: bool, slipway: Served) -> None:
    name = f"Deploy {script}"
    receipt = add(page, slipway, FORM, name)
    page.goto(f"{slipway.url}/record")
    line = page.locator(".log > li").filter(has_text=name)
    expect(line).to_have_count(1)
    expect(line.get_by_role("listitem")).to_have_count(0)
    line.get_by_text("2 steps").click()
    expect(line.get_by_role("listitem")).to_have_text(
        [re.compile("Sent.*Being added.*Demo", re.S), re.compile("The sandbox answered.*Added.*Demo", re.S)]
    )
    press(line.get_by_role("link", name=name))
    assert page.url == receipt


def test_few_letters_are_told_to_be_too_few(page: Page, script: bool, slipway: Served) -> None:
    page.goto(f"{slipway.url}/submissions")
    page.get_by_label("Search").press_sequentially("ab")
    search(page, script)
    expect(page.locator("#found")).to_contain_text("The search must have three characters or more")
    expect(page.locator(".log")).to_have_count(0)


def test_further_filters_open_where_they_are_in_use(page: Page, script: bool, slipway: Served) -> None:
    add(page, slipway, FORM, f"Filtered {script}")
    page.goto(f"{slipway.url}/submissions")
    expect(page.get_by_label("Place")).to_be_hidden()
    page.get_by_text("More filters").click()
    page.get_by_label("Place").fill("company")
    page.get_by_label("Person").select_option("me (Demo administrator)")
    search(page, script)
    expect(page.locator(".log > li").first).to_contain_text(f"Filtered {script}")
    page.get_by_label("First day").fill("2099-01-01")
    search(page, script)
    expect(page.locator("#found")).to_contain_text("Nothing found")
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator(".log > li").first).to_contain_text(f"Filtered {script}")


def test_how_long_ago_it_was_grows_while_the_page_is_open(page: Page, script: bool, slipway: Served) -> None:
    page.clock.install()
    add(page, slipway, FORM, f"Growing {script}")
    page.goto(f"{slipway.url}/submissions")
    time = page.locator(".log time").first
    expect(time).to_contain_text("just now")
    expect(time).to_have_attribute("title", re.compile(r"\d{4}"))
    page.clock.fast_forward("05:00")
    expect(time).to_contain_text("5 minutes ago" if script else "just now")


def test_script_says_when_it_was_in_the_words_of_the_server_and_in_the_persons_zone(
    chromium: Browser, slipway: Served
) -> None:
    for zone in ("UTC", "Pacific/Auckland"):
        context = chromium.new_context(timezone_id=zone)
        page = context.new_page()
        add(page, slipway, FORM, f"Somewhen in {zone}")
        page.goto(f"{slipway.url}/submissions")
        sent = datetime.fromisoformat(page.locator(".log time").first.get_attribute("datetime") or "")
        for hours in (0, 1, 5, 12, 24, 36, 48, *range(200, 10_000, 700)):
            now = sent + timedelta(hours=hours, minutes=3)
            page.clock.set_fixed_time(now)
            page.goto(f"{slipway.url}/submissions?q=somewhen")
            words = when(sent.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)))
            expect(page.locator(".log time > span").first).to_have_text(words)
        context.close()
