"""What people and Buddy really bring, in `tests/examples/inputs.json`: each input is right, or told what to do with it.

Its kinds are named here in words. What a message must name is asserted, not its wording.
"""

import json
from typing import Any

import pytest
from support.buddy import StubBuddy
from support.examples import EXAMPLES, PIPELINE, dumped
from support.faults import answer
from support.pages import Browser, Page
from support.rigs import LEAST

Json = dict[str, Any]

HERE = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
STORED = {"id": 7, "name": "Stored", "type": "RUN_DOCKER_CONTAINER", "inline_commands": "ls"}
IMAGE = {"docker_image_name": "a", "docker_image_tag": "1"}

# Each kind of input in words, and what a message about it must name.
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "variable-in-tag": ("a variable in a tag", ()),
    "variable-in-image-name": ("a variable in the name of an image", ()),
    "variable-in-registry": ("a variable in the address of a registry", ()),
    "copy-or-change-with-variable": ("a copy of an action with a variable in its tag", ()),
    "comment-substitution": ("a comment within a command", ()),
    "curly-quotes": ("curly quotes", ("quotes must be straight", "curly")),
    "placeholder-in-angle-brackets": ("a placeholder", ("stands for",)),
    "dollar-becomes-literal": ("a variable among the arguments", ()),
    "windows-line-ends": ("a command for Windows", ("your own shell fills this in",)),
    "prompts-of-continued-lines": ("prompts in front of the lines of a command", ()),
    "prompt-not-known": ("a prompt", ()),
    "shell-keyword-in-front": ("a command behind a word of the shell", ()),
    "command-behind-another": ("a command behind another one", ()),
    "markdown-around": ("Markdown around a command", ()),
    "line-breaks-lost": ("a command without its line breaks", ("the line breaks are lost",)),
    "other-blanks": ("blanks that are none to a shell", ()),
    "docker-io": ("Docker Hub by its name", ()),
    "host-folder-without-a-word": ("a folder of a computer", ("folder of your computer", "pipeline's filesystem")),
    "working-folder-mount": ("the folder that one is in", ("folder of the pipeline",)),
    "workdir": ("a folder to run the commands in", ()),
    "secret-in-the-report": ("a secret that is not carried over", ()),
    "secret-from-the-shell": ("a secret that only a shell has", ("in your own shell: type it",)),
    "text-after-with-apostrophe": ("an apostrophe behind a command", ("Slipway takes the docker run command alone",)),
    "podman-flags": ("flags of podman", ()),
    "default-in-a-folder": ("a folder with a default", ("${DIR…}", "enter the folder in the pipeline")),
    "ansi-c-quotes": ("quotes with a $ in front", ()),
    "underscore-in-first-part": ("a host with a _", ("no host has a _",)),
    "name-alone": ("a name without a value", ("in your own shell: type it",)),
    "name-with-dots": ("a name with dots", ("Line 2 must be changed",)),
    "yaml-heading": ("a heading of YAML", ("is the heading of a list in YAML",)),
    "encrypted-and-empty": ("an encrypted variable without a value", ()),
    "untouched-value-changes": ("a value that nobody touched", ()),
    "words-of-buddy-lost": ("what Buddy says", ()),
    "one-odd-integration": ("an odd integration among others", ()),
    "byte-order-mark-in-json": ("an answer that begins with a byte-order mark", ()),
}
# What Buddy wants there is not known.
UNCLEAR = {"registry-as-url"}
CASES = [case for case in json.loads((EXAMPLES / "inputs.json").read_text()) if case["kind"] not in UNCLEAR]


def cases(*inputs: str) -> pytest.MarkDecorator:
    """The cases with such an input, each called by its kind."""
    chosen = [case for case in CASES if set(inputs) <= case["input"].keys()]
    return pytest.mark.parametrize(
        "case", chosen, ids=[f"{KINDS[case['kind']][0]} {case['id'][-1]}" for case in chosen]
    )


def test_every_case_is_one_of_these() -> None:
    inputs = [{"paste"}, {"env_text"}, {"form"}, {"action_in_buddy"}, {"answer"}]
    assert [case["id"] for case in CASES if not any(each <= case["input"].keys() for each in inputs)] == []
    assert {case["kind"] for case in CASES} == set(KINDS)


def typed_form(form: Json) -> dict[str, str]:
    """The fields of a form as somebody types them."""
    rows = {
        f"variables__{number}__{name}": "true" if value is True else value
        for number, row in enumerate(form.get("variables", ()))
        for name, value in row.items()
    }
    return {**{name: value for name, value in form.items() if name != "variables"}, **rows}


def rows(page: Page, kind: str, *names: str) -> list[tuple[str, ...]]:
    """The rows of a kind, each with these fields of it."""
    fields, found = page.fields, []
    while f"{kind}-{len(found)}-{names[0]}" in fields:
        found.append(tuple(fields[f"{kind}-{len(found)}-{name}"].strip("\n") for name in names))
    return found


def filled(page: Page) -> Json:
    """What a form holds, as the cases say it; the value of a variable that is still to be typed is None."""
    empty = [key for key, value in rows(page, "variables", "key", "value") if not value]
    return {
        **{name: value.removeprefix("\n") for name, value in page.fields.items()},
        "variables": {
            key: None if key in empty and f"{key}: the value" in told(page) else value
            for key, value in rows(page, "variables", "key", "value")
        },
        "volume_mappings": [":".join(row) for row in rows(page, "volume_mappings", "source", "target")],
    }


def told(page: Page) -> str:
    """All that the page says, with the names of variables whose values are asked for."""
    text = page.text
    asked = [key for key, _ in rows(page, "variables", "key", "value") if asks_for(text, key)]
    return text + "".join(f" {key}: the value" for key in asked)


def asks_for(text: str, key: str) -> bool:
    return f"the value of {key} is in your own shell" in text or f"-e {key}: its value is in your own shell" in text


def fits(found: Any, wanted: Any) -> bool:
    """Whether something is as it must be, or as one of several that it may be."""
    return found in wanted if isinstance(wanted, list) and not isinstance(found, list) else found == wanted


# Where the cases only describe what is right.
DESCRIBED = {"docker_image_name": "alpine", "docker_image_tag": "3", "inline_commands": "ls"}


def wanted_in(expected: Json) -> Json:
    """What a form must be filled in with."""
    fills = expected.get("fills") or expected.get("fills_or_told") or {}
    return fills if isinstance(fills, dict) else DESCRIBED


def check(case: Json, page: Page) -> None:
    """Hold a page to what is right for a case."""
    expected, names = case["expected"], KINDS[case["kind"]][1]
    found = filled(page)
    fills = wanted_in(expected)
    if fills and "or" not in fills:
        for name, wanted in fills.items():
            assert fits(found[name], wanted), (name, found[name])
        assert page.errors == []
    if "refused_or_told" in expected:
        assert page.status == 422
    if {"refused_or_told", "told"} & expected.keys() or "or" in fills:
        assert all(name in told(page) for name in names), page.text
    for name, wrong in expected.get("must_not_fill", {}).items():
        assert found[name] != wrong
    if "page_without" in expected:
        assert expected["page_without"] not in page.html
    for key, value in expected.get("variables", {}).items():
        assert found["variables"][key] == value


@cases("paste")
def test_what_is_pasted_as_a_command_is_filled_in_or_told(desk: Browser, new_form: str, case: Json) -> None:
    check(case, desk.get(new_form).press("fill-run", run_command=case["input"]["paste"]))


@cases("env_text")
def test_what_is_pasted_as_variables_is_filled_in_or_told(desk: Browser, new_form: str, case: Json) -> None:
    page = desk.get(new_form).press("fill-env", env_text=case["input"]["env_text"])
    check(case, page)
    assert [key for key, _ in rows(page, "variables", "key", "value")] == list(case["expected"]["variables"])


@cases("form")
def test_what_is_typed_is_sent(desk: Browser, upstream: StubBuddy, new_form: str, case: Json) -> None:
    # Of an Amazon registry is asked who may read it.
    page = desk.get(new_form).send(**typed_form(case["input"]["form"]), registry_public="true")
    assert page.status == 200, page.errors
    sent = case["expected"]["sends"]
    assert upstream.bodies[0] | sent == upstream.bodies[0]


@cases("action_in_buddy")
def test_what_buddy_holds_goes_back_as_it_was(desk: Browser, upstream: StubBuddy, case: Json) -> None:
    upstream.by_hand = [STORED | IMAGE | case["input"]["action_in_buddy"]]
    if "copy" in case["input"]["do"]:
        desk.get(f"{HERE}/new?like={HERE}/7").send()
    else:
        desk.get(f"{HERE}/7/edit").send(variables__0__value="2")
    sent = case["expected"]["sends"]
    assert upstream.bodies[0] | sent == upstream.bodies[0]


@cases("answer")
def test_what_buddy_answers_is_read_and_told(desk: Browser, upstream: StubBuddy, new_form: str, case: Json) -> None:
    said, expected = case["input"]["answer"], case["expected"]
    if "offered" in expected:
        upstream.instead = {"/integrations": {"integrations": said["integrations"]}}
        assert [f'value="{id}"' in desk.get(new_form).html for id in expected["offered"]] == [True]
    elif "shown" in expected:
        upstream.answer = (said["status"], said["json"])
        assert expected["shown"] in desk.get(new_form).send(**LEAST).text
    else:
        upstream.readable = False
        upstream.closed = answer("200 OK", b"\xef\xbb\xbf" + dumped(PIPELINE | {"workspaces": []}), "Connection: close")
        assert "can't read" not in desk.get("/workspaces").text
