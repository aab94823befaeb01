"""A browser for tests: it reads pages as HTML and holds each of them to the house rules."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Flask

from support.html import parse


class Document:
    """A page's HTML, read as a person sees it and held to the house rules."""

    def __init__(self, path: str, html: str, strict: bool = True) -> None:
        self.path = path
        self.html = html
        self.root: Element = parse(html, strict)
        check_house_rules(self)

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.root.iter() if element.tag in tags)

    def by_id(self, id: str) -> Element | None:
        return next((element for element in self.root.iter() if element.get("id") == id), None)

    def code(self, label: str) -> str:
        """The text of one of the blocks to copy."""
        block = next(element for element in self.root.iter() if element.get("aria-label") == label)
        return "".join(next(block.iter("code")).itertext())

    def table(self, label: str) -> list[list[str]]:
        """The cells of each row of a table as they are read, without the buttons in them."""
        (region,) = [each for each in self.root.iter() if each.get("aria-label") == f"{label}, as a table"]
        return [[read_aloud(cell) for cell in row if cell.tag in ("th", "td")] for row in region.iter("tr")]

    def under(self, heading: str) -> str:
        """The text of the part of the page with this heading, without its buttons."""
        parts = [each for each in self.root.iter("div") if each.get("class") == "part"]
        (found,) = [part for part in parts if text_of(next(part.iter("h2"))) == heading]
        return read_aloud(found)

    @property
    def title(self) -> str:
        return text_of(next(self.all("title")))

    @property
    def heading(self) -> str:
        return text_of(next(self.all("h1")))

    @property
    def text(self) -> str:
        return text_of(next(self.all("main")))


class Page(Document):
    """One answer of Slipway."""

    def __init__(self, browser: "Browser", path: str, answer: Any) -> None:
        super().__init__(path, answer.get_data(as_text=True))
        self.browser = browser
        self.status = answer.status_code
        self.headers = answer.headers

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summary = self.by_id("summary")
        return [] if summary is None else [text_of(item) for item in summary.iter("li")]

    @property
    def links(self) -> dict[str, str]:
        """Words → address of every link."""
        return {text_of(link): link.get("href", "") for link in self.all("a")}

    def error_at(self, id: str) -> str:
        """The message beside one field."""
        message = self.by_id(f"{id}-error")
        return "" if message is None else text_of(message)

    def summed_up(self, id: str) -> str:
        """How the summary tells that message: in a row of several it says which one, by its name where it has one,
        a volume by both."""
        kind, *number = id.split("-")[:2]
        message = self.error_at(id)
        if not number:
            return message
        thing, box = {"variables": ("Variable", "key"), "volume_mappings": ("Volume", "target")}[kind]
        name = " ".join(self.fields[f"{kind}-{number[0]}-{box}"].split())
        shown, numbered = f"{name[:80]}…" if len(name) > 80 else name, f"{thing} {int(number[0]) + 1}"
        called = f"{numbered} ({shown})" if shown and thing == "Volume" else shown or numbered
        return f"{called}: {re.sub('^(?:Choose|Enter|The|This) ', lambda first: first[0].lower(), message)}"

    @property
    def fields(self) -> dict[str, str]:
        """The form as a browser would post it."""
        return dict(self._fields)

    @cached_property
    def _fields(self) -> dict[str, str]:
        return dict(posted_fields(self._form))

    def press(self, button: str, **typed: str | None) -> "Page":
        """Fill in fields and press a helper button."""
        return self.browser.post(self._form.get("action", ""), {**self._filled(typed), "button": button})

    def send(self, **typed: str | None) -> "Page":
        """Fill in fields and press the send button, then go where it leads."""
        return self.browser.post(self._sends, self._filled(typed))

    def send_to(self, target: str, /, **typed: str) -> "Page":
        """Fill in the form that posts to this address, and send it."""
        form = next(form for form in self.all("form") if form.get("action") == target)
        fields: dict[str, list[str]] = {}
        for name, value in posted_fields(form):
            fields.setdefault(name, []).append(value)
        return self.browser.post(target, {**fields, **typed})

    def _filled(self, typed: dict[str, str | None]) -> dict[str, str]:
        """The fields with `typed` over them; None leaves a field out, as an unticked box is."""
        named = {name.replace("__", "-"): value for name, value in typed.items()}
        return {name: value for name, value in {**self.fields, **named}.items() if value is not None}

    @property
    def _form(self) -> Element:
        form = self.by_id("form")
        assert form is not None, f"no form on {self.path}: {self.text}"
        return form

    @property
    def _sends(self) -> str:
        """Where the button leads that sends the form: the first that is neither a helper nor leaves the form."""
        buttons = [item for item in self._form.iter("button") if item.get("name") != "button"]
        own = [item.get("formaction", "") for item in buttons if "data-leaves" not in item.attrib]
        return next(filter(None, own), self._form.get("action", ""))


class Browser:
    """Fetches pages of one Slipway and keeps its cookies."""

    def __init__(self, app: Flask, url: str) -> None:
        self.client = app.test_client()
        self.url = url
        # What proxies in front of Slipway add.
        self.headers: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self._go(path, self.client.get(path, base_url=self.url, headers=self.headers, buffered=True))

    def post(self, path: str, fields: Mapping[str, str | list[str]]) -> Page:
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.url} | self.headers
        form = "application/x-www-form-urlencoded"
        answer = self.client.post(
            path, data=fields, content_type=form, base_url=self.url, headers=headers, buffered=True
        )
        return self._go(path, answer)

    def _go(self, path: str, answer: Any) -> Page:
        if answer.status_code in (301, 302, 303):
            target = urlsplit(answer.headers["Location"])
            return self.get(target.path + (f"?{target.query}" if target.query else ""))
        return Page(self, path, answer)


def read_aloud(element: Element) -> str:
    """The text of an element without its buttons."""

    def texts(each: Element) -> Iterator[str]:
        yield each.text or ""
        for child in each:
            yield from texts(child) if child.tag != "button" else ()
            yield child.tail or ""

    return " ".join("".join(texts(element)).split())


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def posted_fields(form: Element) -> Iterator[tuple[str, str]]:
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag == "button":
            continue
        if element.tag == "textarea":
            yield name, "".join(element.itertext())
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((option for option in options if option.get("selected") is not None), options[0])
            yield name, chosen.get("value", "")
        elif element.get("type") == "text":
            # A box of one line has no line breaks (HTML, "Text (type=text)", value sanitization).
            yield name, re.sub(r"[\r\n]", "", element.get("value", ""))
        elif element.get("type") not in ("checkbox", "radio") or element.get("checked") is not None:
            yield name, element.get("value", "")


def check_house_rules(page: Document) -> None:
    """What style.md asks of every page."""
    headings = list(page.all("h1"))
    assert len(headings) == 1, f"{len(headings)} h1 on {page.path}"
    title, heading = page.title, page.heading
    assert title.removeprefix("Error: ").startswith(heading), f"title {title!r}, h1 {heading!r}"
    assert title.startswith("Error: ") == (page.by_id("summary") is not None)
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"repeated ids on {page.path}: {sorted(i for i in ids if ids.count(i) > 1)}"
    for element in page.root.iter():
        targets = [element.get("for"), *(element.get("aria-describedby") or "").split(), element.get("list")]
        if element.tag == "a" and (element.get("href") or "").startswith("#"):
            targets.append(element.get("href", "")[1:])
        for target in filter(None, targets):
            assert target in ids, f"{element.tag} points at #{target}, which is not on {page.path}"
        assert element.get("style") is None and element.tag != "style"
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag != "script" or element.get("src")
    for form in page.all("form"):
        assert form.get("method") in ("get", "post") and form.get("action")
        names = [element.get("name") for element in form.iter("input")]
        assert form.get("method") == "get" or "csrf_token" in names or page.path.startswith("/sandbox"), (
            f"a form without CSRF token on {page.path}"
        )
    assert not [text_of(button) for button in page.all("button") if not button.get("class")], "a button without looks"
    rows = [element for element in page.root.iter() if "links" in (element.get("class") or "").split()]
    assert all(text_of(row).strip() for row in rows), f"a row of links without any on {page.path}"
    labelled = {element.get("for") for element in page.all("label")}
    for element in page.all("input", "select", "textarea"):
        assert element.get("type") == "hidden" or element.get("id") in labelled, element.attrib
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", page.html)


def log_lines(page: Page) -> list[str]:
    """The lines of the activity or the record, as people read them."""
    lists = [element for element in page.all("ul") if "log" in element.get("class", "").split()]
    return [text_of(line) for each in lists for line in each]
