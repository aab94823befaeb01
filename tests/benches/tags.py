"""What 10,000 tags to choose from weigh, and how long they keep waiting who types: `python -m benches.tags`."""

from statistics import median

from playwright.sync_api import Page, sync_playwright
from support.chromium import FLAGS, find
from support.server import serving
from support.states import FORM

from benches.measuring import milliseconds, show

ROUNDS = 7
TYPED = "22.1.2-al"
# The script that looks through the tags does so before the event is over; what is drawn comes with the next frame.
FIND = """async typed => {
    const box = document.getElementById("tag_filter"), taken = [];
    for (const letter of typed) {
        const begin = performance.now();
        box.value += letter;
        box.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(requestAnimationFrame);
        document.getElementById("tag_choice").getBoundingClientRect();
        taken.push(performance.now() - begin);
    }
    return taken;
}"""
OPEN = """async () => {
    const begin = performance.now();
    document.querySelector("button[value=tags]").click();
    while (document.activeElement?.id !== "tag_filter") await new Promise(requestAnimationFrame);
    return performance.now() - begin;
}"""


def measure_tags() -> None:
    """Open the list again and again, and type into it."""
    path = find()
    if path is None:
        show("10,000 tags", "needs Chromium")
        return
    with serving() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page()
        rounds = [open_and_type(page, served.url) for _ in range(ROUNDS)]
        browser.close()
    whole, travelled, opened, typed = (median(each) for each in zip(*rounds, strict=True))
    show("10,000 tags: the page with them", f"{whole / 1000:.0f} kB", "≤ 400 kB")
    show("The same, as it travels", f"{travelled / 1000:.0f} kB", "≤ 100 kB")
    show("10,000 tags: from the button to the first key", milliseconds(opened / 1000), "≤ 1000 ms")
    show("10,000 tags: the slowest key", milliseconds(typed / 1000), "≤ 50 ms")


def open_and_type(page: Page, url: str) -> tuple[float, float, float, float]:
    """The bytes of the page with the list, whole and as it travelled; the milliseconds until a key can be pressed in
    its box, and those that the slowest key took."""
    page.goto(url + FORM)
    page.locator("#docker_image_name").fill("node")
    with page.expect_response(lambda answer: answer.url.endswith(FORM) and answer.request.method == "POST") as answer:
        opened: float = page.evaluate(OPEN)
    travelled = answer.value.request.sizes()["responseBodySize"]
    typed: list[float] = page.evaluate(FIND, TYPED)
    return len(answer.value.body()), travelled, opened, max(typed)


if __name__ == "__main__":
    measure_tags()
