"""The static files, as a browser gets them."""

import re
from pathlib import Path

import pytest
from support.pages import Browser

from webapp.assets import Assets

ROOT = Path(__file__).parents[2]
ENCODINGS = {"br": "br", "gzip, deflate": "gzip", "gzip, deflate, br": "br"}


def stylesheet(browser: Browser) -> str:
    (link,) = (link for link in browser.get("/").all("link") if link.get("rel") == "stylesheet")
    return link.get("href", "")


def test_the_stylesheet_is_named_by_its_content_and_may_be_kept_for_good(browser: Browser) -> None:
    address = stylesheet(browser)
    assert re.fullmatch(r"/static/site\.[0-9a-f]{12}\.css", address)
    answer = browser.client.get(address, base_url=browser.url)
    assert answer.content_type == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, immutable, max-age=31536000"


def test_a_changed_file_has_another_address(tmp_path: Path) -> None:
    file = tmp_path / "site.css"
    file.write_text("one")
    before = Assets(tmp_path).address("site.css")
    file.write_text("two")
    assert Assets(tmp_path).address("site.css") != before


@pytest.mark.parametrize(
    "name", ["site.css", "form.000000000000.js", "other.000000000000.css", "..", "%2e%2e%2fREADME.md"]
)
def test_nothing_else_is_served_from_there(browser: Browser, name: str) -> None:
    assert browser.client.get(f"/static/{name}", base_url=browser.url).status_code == 404


def test_a_page_of_another_version_beside_this_one_gets_a_stylesheet_and_keeps_it_for_itself_alone(
    browser: Browser,
) -> None:
    ours = browser.client.get(stylesheet(browser), base_url=browser.url)
    answer = browser.client.get("/static/site.000000000000.css", base_url=browser.url)
    assert (answer.status_code, answer.data) == (200, ours.data)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("accepted", "used"), ENCODINGS.items())
def test_pages_and_files_travel_compressed(browser: Browser, accepted: str, used: str) -> None:
    for address in ("/", stylesheet(browser)):
        answer = browser.client.get(address, base_url=browser.url, headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == used
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_the_dark_scheme_changes_colours_alone() -> None:
    """The accessibility tests hold the dark scheme to the rules about colours, since all else is the same."""
    paths = [*(ROOT / "static").iterdir(), *(ROOT / "templates").rglob("*.html")]
    texts = [path.read_text() for path in paths]
    assert sum(text.count("prefers-color-scheme") + text.count("matchMedia") for text in texts) == 1
    (changed,) = re.findall(
        r"@media \(prefers-color-scheme: dark\) \{\s*:root \{([^{}]*)\}\s*\}", (ROOT / "static/site.css").read_text()
    )
    named = dict(re.findall(r"(--[a-z-]+): ([^;]+);", changed))
    assert re.sub(r"--[a-z-]+: [^;]+;|\s", "", changed) == ""
    # A shadow takes no room.
    assert named.pop("--shadow")
    assert all(re.search(r"box-shadow: *$", before) for before in "".join(texts).split("var(--shadow)")[:-1])
    assert [value for value in named.values() if not re.fullmatch(r"#[0-9a-f]{3,6}", value)] == []
