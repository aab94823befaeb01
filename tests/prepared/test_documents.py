"""A template as plain data: there and back, and what is no template."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from support.prepared import REPORT, templates

from webapp.prepared.documents import FORMAT, from_json, to_json
from webapp.prepared.reading import BadTemplate
from webapp.prepared.templates import Template


@given(templates)
@settings(max_examples=50)
def test_a_template_comes_back_as_it_was(template: Template) -> None:
    assert from_json(json.loads(json.dumps(to_json(template)))) == template


def test_an_older_format_is_read_step_by_step() -> None:
    newest = to_json(REPORT) | {"format": "1"}
    oldest = {**newest, "format": "-", "title": newest["name"]}
    del oldest["name"]
    oldest["format"] = "0"

    def from_0(document: dict[str, Any]) -> dict[str, Any]:
        return {**{name: value for name, value in document.items() if name != "title"}, "name": document["title"]} | {
            "format": "1"
        }

    assert from_json(oldest, {0: from_0}) == REPORT


WRONG = [
    ([], "The template must be a map of names and values"),
    ({"name": "x"}, "The template must have a text as “format”"),
    ({"format": "2", "name": "x"}, "The template must have 1 as “format”"),
    ({"format": "²", "name": "x"}, "The template must have 1 as “format”"),
    ({"format": "1"}, "The template must have a text as “name”"),
    ({"format": "1", "name": ["x"]}, "The template must have a text as “name”"),
    ({"format": "1", "name": "x" * 300}, "The template must have at most 255 bytes as “name”: these are 300"),
    ({"format": "1", "name": "\ud800"}, "The template must have only whole characters as “name”"),
    ({"format": "1", "name": "x", "tittle": "y"}, "The template must not have “tittle”: it is not known here"),
    ({"format": "1", "name": "x", "places": {}}, "The template must have a list as “places”"),
    (
        {"format": "1", "name": "x", "places": [{"project": "p"}]},
        "The template, places 1, must name the workspace of a project, and the project of a pipeline",
    ),
    (
        {"format": "1", "name": "x", "boxes": {"colour": {"fixed": "red"}}},
        "The template, boxes, must not have “colour”: it is not known here",
    ),
    (
        {"format": "1", "name": "x", "boxes": {"name": {"lost": "red"}}},
        "The template, boxes, name, must be fixed, asked, made or secret",
    ),
    (
        {"format": "1", "name": "x", "boxes": {"name": {"fixed": "red", "asked": {}}}},
        "The template, boxes, name, must not have “asked”: it is not known here",
    ),
    (
        {"format": "1", "name": "x", "boxes": {"name": {"asked": {"key": "a", "label": "A", "rule": {"magic": "1"}}}}},
        "The template, boxes, name, asked, rule, must be one of choices, pattern, length, yes_no, day, free_text",
    ),
    (
        {"format": "1", "name": "x", "variables": [{"key": "A", "value": {"made": "y"}}]},
        "The template, variables 1, must have a value that is fixed, asked or secret",
    ),
    (
        {"format": "1", "name": "x", "variables": [{}] * 401},
        "The template must have at most 400 variables: these are 401",
    ),
]


@pytest.mark.parametrize(("document", "message"), WRONG)
def test_what_is_no_template_is_told_with_its_place(document: Any, message: str) -> None:
    with pytest.raises(BadTemplate) as raised:
        from_json(document)
    assert str(raised.value) == message


def test_a_document_holds_texts_lists_and_maps_alone() -> None:
    def check(data: Any) -> None:
        assert isinstance(data, str | list | dict)
        for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
            check(item)

    check(to_json(REPORT))
    assert to_json(REPORT)["format"] == str(FORMAT)
