"""A template as a file: there and back, by hand, and from somebody who means no good."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from support.prepared import REPORT, templates

from webapp.prepared.documents import to_json
from webapp.prepared.files import BadFile, export, read_file
from webapp.prepared.judging import problems
from webapp.prepared.templates import Template


@given(templates)
@settings(max_examples=50)
def test_what_was_exported_is_imported_as_it_was(template: Template) -> None:
    assert read_file(export(template).encode()) == template


def test_a_file_is_written_for_people() -> None:
    text = export(REPORT)
    assert text.startswith("format: '1'\nname: Nightly report\npurpose: Counts the orders of one country")
    assert 'fixed: |-\n      report --country "$COUNTRY" --since "$SINCE"\n      echo "$NOTE"\n' in text
    assert "  password: secret\n" in text
    assert "docker_image_tag:\n    fixed: '22.04'\n" in text


BY_HAND = """
# Kept in git.
format: 1
name: Nightly report
places:
  - {workspace: buddy, project: company-website}
boxes:
  name: {made: "Report {country}"}
  image_source: {fixed: public}
  docker_image_name: {fixed: team/report}
  docker_image_tag: {fixed: 22.10}
  inline_commands:
    fixed: |-
      report "$COUNTRY"
  ignore_errors: {fixed: true}
variables:
  - key: COUNTRY
    value:
      asked:
        key: country
        label: Country
        rule: {choices: [{value: no, words: Norway}, {value: pl, words: Poland}]}
"""


def test_what_people_write_by_hand_is_read_as_they_mean_it() -> None:
    template = read_file(BY_HAND.encode())
    document = to_json(template)
    assert document["boxes"]["docker_image_tag"] == {"fixed": "22.10"}
    assert document["boxes"]["ignore_errors"] == {"fixed": "true"}
    asked = document["variables"][0]["value"]["asked"]
    assert asked["rule"] == {"choices": [{"value": "no", "words": "Norway"}, {"value": "pl", "words": "Poland"}]}
    assert problems(template) == ()


HOSTILE = [
    (b"", "The file must have a template in it: it is empty"),
    (b"\xff\xfe", "The file must be text in UTF-8"),
    (b"x" * 1_000_001, "The file must be at most 1,000,000 bytes long: this is 1,000,001"),
    (b"[" * 5000, "The file must be at most 12 levels deep: line 1 is deeper"),
    (b"- a\n" * 60_001, "The file must have at most 60,000 names and values"),
    (b"- " * 5000, "The file must be at most 12 levels deep: line 1 is deeper"),
    (b"a: &x [1]\nb: [*x, *x]", "The file must have no & or * references: line 1 has one"),
    (b"a: *x", "The file must have no & or * references: line 1 has one"),
    (b"a: !!python/object/apply:os.system [id]", "The file must have no ! tags: line 1 has one"),
    (b"name: a\nname: b", "A name must be there once: line 2 has “name” again"),
    (b"? [a]\n: b", "A name must be a text: line 1 has something else"),
    (b"--- 1\n--- 2", "The file must have one document: another one begins on line 2"),
    (b"name: [a\nb: c", "The file must be YAML on line 2: it can't be read there"),
    (b"name: \x01", "The file must be YAML without unreadable characters: it can't be read there"),
    (b"just a text", "The template must be a map of names and values"),
    (b"- a", "The template must be a map of names and values"),
    (b"format: 2\nname: x", "The template must have 1 as “format”"),
    (b"<<: {a: b}", "The template must have a text as “format”"),
    (b"format: 1\nname: x\npassword: hunter2", "The template must not have “password”: it is not known here"),
]


@pytest.mark.parametrize(("content", "message"), HOSTILE)
def test_a_hostile_file_gets_a_message(content: bytes, message: str) -> None:
    with pytest.raises(BadFile) as raised:
        read_file(content)
    assert str(raised.value) == message


def test_an_export_holds_no_secret_and_no_word_of_one(tmp_path: Path) -> None:
    assert "sealed" not in export(REPORT)
    tmp_path.joinpath("template.yaml").write_text(export(REPORT), encoding="utf-8")
    assert read_file(tmp_path.joinpath("template.yaml").read_bytes()) == REPORT
