"""Markup that somebody typed, or that Buddy answers, is text on every page."""

import re
from pathlib import Path

import pytest
from support.buddy import StubBuddy
from support.pages import Browser, Page
from support.payloads import PAYLOADS, spoil
from support.rigs import LEAST, NEW

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(params=PAYLOADS.values(), ids=PAYLOADS)
def payload(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def assert_harmless(page: Page, payload: str) -> None:
    """No element, attribute or value came of it; the browser of the tests has looked for `on…` and `<script>`."""
    assert not list(page.all("x-canary"))
    assert not [element for element in page.root.iter() if "x-canary" in element.attrib]
    assert "64337" not in page.html
    assert payload not in page.html or not set(payload) & set("<&\"'")


@pytest.fixture
def spoilt(upstream: StubBuddy, payload: str) -> StubBuddy:
    """A Buddy in which everything that has a name is called by the payload."""
    spoil(upstream, payload)
    return upstream


def test_markup_in_every_box_comes_back_as_text(desk: Browser, payload: str) -> None:
    form = desk.get(NEW)
    boxes = [name for name in form.fields if name not in ("csrf_token", "envelope", "draft", "image_source")]
    boxes += ["volume_mappings-0-source", "volume_mappings-0-target"]
    boxes += [f"variables-0-{name}" for name in ("key", "value", "description", "type")]
    page = form.send(**{name.replace("-", "__"): payload for name in boxes})
    assert (page.status, page.fields["inline_commands"], page.fields["name"]) == (422, payload, payload)
    assert_harmless(page, payload)
    assert_harmless(desk.get("/"), payload)


def test_markup_in_what_was_sent_and_what_buddy_answers_is_text(desk: Browser, spoilt: StubBuddy, payload: str) -> None:
    typed = LEAST | {"name": payload, "inline_commands": payload, "run_as_user": payload}
    receipt = desk.get(NEW).send(**typed)
    for page in (desk.get(NEW), receipt, desk.get("/"), desk.get("/submissions"), desk.get(NEW.removesuffix("/new"))):
        assert_harmless(page, payload)
        assert " ".join(payload.split()) in page.text
    assert spoilt.bodies[0]["name"] == payload


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500])
def test_markup_in_buddys_refusal_is_text(desk: Browser, upstream: StubBuddy, payload: str, status: int) -> None:
    upstream.answer = (status, {"errors": [{"message": payload}] * 3})
    assert_harmless(desk.get(NEW).send(**LEAST), payload)


def test_markup_in_the_address_is_text(desk: Browser, payload: str) -> None:
    with desk.client.get(NEW, query_string={"name": payload, "variables-0-key": payload}, base_url=desk.url) as answer:
        page = Page(desk, NEW, answer)
    assert page.fields["name"] == payload
    assert_harmless(page, payload)


UNSAFE = {
    "a filter that trusts": r"\|\s*safe\b|autoescape\s+false|Markup\(|render_template_string",
    "script in an attribute": r"<[^>]*\son[a-z]+\s*=",
    "style in an attribute": r"<[^>]*\sstyle\s*=",
    "a style": r"<style\b",
    "script in the page": r"<script\b(?![^>]*\ssrc=)",
    "a frame or an object": r"<(iframe|object|embed|base|applet)\b",
    "an address of elsewhere": r"""(src|srcset|action)\s*=\s*["'](https?:)?//""",
    "script that writes markup": r"\.innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function",
}


@pytest.mark.parametrize("pattern", UNSAFE.values(), ids=UNSAFE)
def test_nothing_in_the_sources_gets_around_the_escaping(pattern: str) -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.js"), *(ROOT / "webapp").rglob("*.py")]
    assert len(files) > 60
    assert [path.name for path in files if re.search(pattern, path.read_text())] == []
