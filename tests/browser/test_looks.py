"""What no picture has to be looked at for: nothing covers its neighbour, and what has to be one line is one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from support.server import Served
from support.states import FORM, STATES, STYLE, fill_in, on_sandbox, send
from support.waiting import PATIENCE, press

pytestmark = pytest.mark.browser

# Pairs of things that stand beside each other in a row of a list, and lie over each other all the same.
OVERLAPS = """() => {
    const boxes = element => element.getBoundingClientRect();
    const shown = element => { const { width, height } = boxes(element); return width > 1 && height > 1; };
    const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
        && one.top < other.bottom - 1 && other.top < one.bottom - 1;
    return [...document.querySelectorAll(".list > li")].flatMap(row => {
        const parts = [...row.children].filter(shown);
        return parts.flatMap((one, index) => parts.slice(index + 1)
            .filter(other => meet(boxes(one), boxes(other)))
            .map(other => `${one.textContent.trim()} | ${other.textContent.trim()}`));
    });
}"""
# In px, with what stands around the line.
ONE_LINE = {".bar": 56, ".ribbon": 44}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a fresh browser."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    yield page
    context.close()


@pytest.mark.parametrize("state", ["home with long names", "drafts", "activity with long names"])
def test_long_names_and_pills_cover_no_neighbour(page: Page, slipway: Served, state: str) -> None:
    STATES[state](page, on_sandbox(slipway.url))
    for width in (320, 390, 832, 1024, 1200, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERLAPS) == [], width
        assert page.evaluate("[document.documentElement.scrollWidth <= innerWidth]") == [True], width


@pytest.mark.parametrize("state", ["home with long names", "activity with long names"])
def test_on_a_phone_a_name_has_room_for_words_beside_its_badge(page: Page, slipway: Served, state: str) -> None:
    STATES[state](page, on_sandbox(slipway.url))
    page.set_viewport_size({"width": 390, "height": 900})
    narrowest = page.locator(".log .what, .entries > li > a, .drafts > li > a")
    # In px: twenty letters.
    assert [
        width
        for width in narrowest.evaluate_all("all => all.map(each => each.clientWidth || each.offsetWidth)")
        if width < 180
    ] == []


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_the_menu_and_the_banner_take_one_line_each(page: Page, slipway: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(slipway.url)
    for part, most in ONE_LINE.items():
        assert page.locator(part).evaluate("element => element.offsetHeight") <= most, part


def test_on_a_phone_the_menu_is_marked_that_has_the_page_in_it(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    menu = page.get_by_role("button", name="Menu")
    page.goto(f"{slipway.url}/record")
    expect(menu).to_have_attribute("aria-current", "true")
    page.goto(f"{slipway.url}/submissions")
    expect(menu).not_to_have_attribute("aria-current", "true")


def test_on_a_phone_a_page_of_the_sandbox_says_whose_it_is(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{slipway.url}/sandbox/")
    name = page.locator(".brand")
    assert name.evaluate("name => parseFloat(getComputedStyle(name).fontSize)") > 12
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_menu_that_has_no_room_is_opened_by_its_button_without_script_too(chromium: Browser, slipway: Served) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(slipway.url)
    record = page.get_by_role("link", name="Record")
    assert not record.is_visible()
    page.get_by_role("button", name="Menu").click()
    record.click()
    page.wait_for_url("**/record")
    context.close()


def lines_of(page: Page, parts: str) -> list[float]:
    """How many lines each of these takes."""
    height = "each => each.clientHeight / parseFloat(getComputedStyle(each).lineHeight)"
    found: list[float] = page.locator(parts).evaluate_all(f"all => all.map({height})")
    assert found
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_a_name_as_long_as_a_book_leaves_room_for_the_rest(page: Page, slipway: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(slipway.url + FORM)
    fill_in(page, "N" * 3000)
    page.get_by_role("button", name="Review", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text("Nothing is sent before you press the button below.")).to_be_in_viewport()
    page.goto(slipway.url + FORM)
    fill_in(page, "N" * 3000)
    send(page)
    expect(page.get_by_role("link", name="Try it")).to_be_in_viewport()
    assert max(lines_of(page, "h1")) < 4.5
    told = page.get_by_role("definition").filter(has_text="N" * 300)
    assert told.text_content() == "N" * 3000
    for path in ("/", "/submissions", "/record", FORM.removesuffix("/new")):
        page.goto(slipway.url + path)
        assert max(lines_of(page, ".log .what > a, .actions > li > div > a")) < 2.5


def test_on_a_phone_what_was_done_stands_below_the_name_that_it_was_done_to(page: Page, slipway: Served) -> None:
    STATES["activity"](page, on_sandbox(slipway.url))
    page.set_viewport_size({"width": 390, "height": 800})
    below = "({ children: [name, done] }) => done.offsetTop >= name.offsetTop + name.offsetHeight"
    rows = page.locator(".log .what").evaluate_all(f"all => all.map({below})")
    assert rows and all(rows)


def test_what_copies_stands_beside_its_text_and_ways_on_in_one_line(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(slipway.url + FORM)
    fill_in(page)
    page.get_by_label("Commands", exact=True).fill("make")
    send(page)
    button = page.get_by_role("button", name="Copy the commands").bounding_box()
    text = page.locator(".told code").bounding_box()
    assert button is not None and text is not None
    assert button["y"] < text["y"] < button["y"] + button["height"]
    for links in page.locator("p.links").all():
        boxes = [box for link in links.locator("a").all() if (box := link.bounding_box())]
        assert len({round(box["y"] + box["height"] / 2) for box in boxes}) == 1


def test_the_ways_on_of_a_change_stand_in_one_line(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    STATES["changed"](page, on_sandbox(slipway.url))
    ways = [page.get_by_role("link", name=name) for name in ("Try it", "Open the action in the sandbox")]
    assert len({round(middle(way)) for way in ways}) == 1


def test_a_setting_stands_in_line_with_what_it_is_set_to(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{slipway.url}{STYLE}/actions/9/edit")
    # Another one than any other test has sent.
    page.get_by_label("Tag", exact=True).fill("23-in-line")
    press(page.get_by_role("button", name="Review"))
    row = page.locator(".differences tbody tr").first
    assert abs(middle(row.get_by_role("button")) - middle(row.locator("td span").first)) < 1


def test_a_box_to_tick_keeps_clear_of_the_bar_that_says_it_is_wrong(page: Page, slipway: Served) -> None:
    STATES["asking for a run of a whole pipeline"](page, on_sandbox(slipway.url))
    box, field = page.locator("#sure").bounding_box(), page.locator(".tick.wrong").bounding_box()
    assert box is not None and field is not None
    assert box["x"] >= field["x"] + 12


def test_the_lines_of_what_a_template_fixes_stay_lines(page: Page, slipway: Served) -> None:
    page.goto(f"{slipway.url}/templates/new")
    boxes = {"Name of the template": "Signed", "Image name": "library/alpine", "Commands": "make"}
    for name, text in boxes.items():
        page.get_by_label(name, exact=True).fill(text)
    press(page.get_by_role("button", name="Add a variable"))
    page.locator("#variables-0-key").fill("CERTIFICATE")
    page.locator("#variables-0-value").fill("one\ntwo")
    press(page.get_by_role("button", name="Make the template"))
    assert "one\ntwo" in page.locator(".answers").inner_text()


def test_the_box_that_searches_the_record_shows_all_of_what_it_takes(page: Page, slipway: Served) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{slipway.url}/record")
    room = """box => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(box);
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = font;
        const inner = box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        return inner - pen.measureText(box.placeholder).width;
    }"""
    assert page.locator("#q").evaluate(room) >= 0


@pytest.mark.parametrize(
    ("path", "name"),
    [("/record", "Search"), ("/record", "Person"), ("/templates/new", "Commands"), (FORM, "When it runs")],
)
def test_the_ring_around_a_box_leaves_its_label_free(page: Page, slipway: Served, path: str, name: str) -> None:
    page.goto(slipway.url + path)
    page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    # In px: the ring is 3 wide, and 2 from the box.
    box = page.get_by_label(name, exact=True).first
    words = page.get_by_text(name, exact=True).and_(page.locator("label")).bounding_box()
    edge = box.bounding_box()
    assert words is not None and edge is not None
    assert words["y"] + words["height"] <= edge["y"] - 5


def middle(thing: Locator) -> float:
    """How far down the page the middle of something is."""
    box = thing.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2
