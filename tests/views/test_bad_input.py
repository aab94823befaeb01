"""Bad input: nothing breaks, nothing that was typed is lost, and nothing is sent that was not meant."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from support.buddy import StubBuddy
from support.databases import stored_in
from support.naughty import NAUGHTY
from support.pages import Browser, Page
from support.rigs import LEAST, NEW

from webapp.app import create_app
from webapp.settings import Settings

CREDENTIALS = {"image_source": "credentials", "login": "me", "password": "secret"}
INTEGRATION = {"image_source": "integration", "integration": "ecr_prod", "region": "eu-central-1"}
BUILT = {"image_source": "action"}
VOLUME = {"volume_mappings__0__source": "/a", "volume_mappings__0__target": "/b"}
VARIABLE = {"variables__0__key": "A"}
# Every box for text, and what else must be typed so that it counts.
TEXTS: dict[str, dict[str, str]] = {
    "name": {},
    "docker_image_name": {},
    "docker_image_tag": {},
    "registry": {},
    "login": CREDENTIALS,
    "password": CREDENTIALS,
    "integration": INTEGRATION,
    "region": INTEGRATION,
    "docker_build_action_name": BUILT,
    "inline_commands": {},
    "run_as_user": {},
    "entrypoint": {},
    "export_container_path": {},
    "volume_mappings__0__source": VOLUME,
    "volume_mappings__0__target": VOLUME,
    "variables__0__key": VARIABLE,
    "variables__0__value": VARIABLE,
    "variables__0__description": VARIABLE,
}
# How every reason begins, in a row with the row.
REASON = re.compile(r"(?:Enter|The) |A: (?:enter|the) ")
NUMBERS = ("docker_build_action_id", "after_action_id", "timeout", "retry_count", "retry_interval")
NEEDED = {
    "name": {},
    "docker_image_name": {},
    "docker_image_tag": {},
    "inline_commands": {},
    "login": CREDENTIALS,
    "integration": INTEGRATION,
    "region": INTEGRATION,
    "volume_mappings__0__source": VOLUME,
    "volume_mappings__0__target": VOLUME,
    "variables__0__key": VARIABLE | {"variables__0__value": "1"},
}
BLANKS = {"empty": "", "blanks": " \t ", "no width": "\u200b\u2060"}


def named(field: str) -> str:
    return field.replace("__", "-")


@pytest.mark.parametrize("blank", BLANKS.values(), ids=BLANKS)
@pytest.mark.parametrize(("field", "others"), NEEDED.items(), ids=NEEDED)
def test_what_is_needed_is_asked_for(
    desk: Browser, upstream: StubBuddy, new_form: str, field: str, others: dict[str, str], blank: str
) -> None:
    page = desk.get(new_form).send(**LEAST | others | {field: blank})
    assert (page.status, upstream.bodies) == (422, [])
    assert page.error_at(named(field)).startswith(("Enter ", "Choose "))
    assert page.errors == [page.summed_up(named(field))]


@pytest.mark.parametrize(("field", "others"), TEXTS.items(), ids=TEXTS)
def test_a_text_over_the_limit_is_refused_with_limit_and_length(
    desk: Browser, upstream: StubBuddy, new_form: str, field: str, others: dict[str, str]
) -> None:
    page = desk.get(new_form).send(**LEAST | others | {field: "é" * 32_768 + "x"})
    assert (page.status, upstream.bodies) == (422, [])
    assert page.error_at(named(field)).endswith("must be at most 65,536 bytes long: this is 65,537")
    if field == "password":
        assert "password_kept" in page.fields
    else:
        assert page.fields[named(field)] == "é" * 32_768 + "x"


@pytest.mark.parametrize("texts", NAUGHTY.values(), ids=NAUGHTY)
def test_a_naughty_text_comes_through_as_it_is_or_is_refused_with_a_reason(
    desk: Browser, upstream: StubBuddy, new_form: str, texts: tuple[str, ...]
) -> None:
    for text in texts:
        upstream.bodies.clear()
        typed = {"name": text, "inline_commands": text, "run_as_user": text, "entrypoint": text, "login": text}
        typed |= {"variables__0__value": text, "variables__0__description": text, "export_container_path": text}
        page = desk.get(new_form).send(**LEAST | CREDENTIALS | VARIABLE | typed)
        if page.status == 422:
            assert page.errors and all(REASON.match(error) for error in page.errors), ascii(text)
            assert upstream.bodies == []
        else:
            assert page.status == 200
            assert_on_the_wire(upstream.bodies[0], text)


def assert_on_the_wire(body: dict[str, Any], text: str) -> None:
    """Several lines go out as they are, but for the line ends; one line without the blanks around it."""
    lines, line = re.sub("\r\n?", "\n", text), text.strip()
    (variable,) = body["variables"]
    assert (body["inline_commands"], variable["value"]) == (lines, lines)
    for sent in (body["name"], body["run_as_user"], body["entrypoint"], body["login"], variable["description"]):
        assert sent == line


# NUL, BEL, backspace, ESC, DEL, CSI, a direction turned around, no character at all.
HIDDEN = "\x00\x07\x08\x1b\x7f\x9b\u202e\uffff"


@pytest.mark.parametrize(("field", "others"), TEXTS.items(), ids=TEXTS)
def test_a_hidden_character_is_refused_with_its_position(
    desk: Browser, upstream: StubBuddy, new_form: str, field: str, others: dict[str, str]
) -> None:
    form = desk.get(new_form)
    for hidden in HIDDEN:
        page = form.send(**LEAST | others | {field: f"/a{hidden}b"})
        assert (page.status, upstream.bodies) == (422, [])
        message = f"must have no hidden or unreadable characters: character 3 is U+{ord(hidden):04X}"
        assert page.error_at(named(field)).endswith(message)


BROKEN = {
    "a lone surrogate": b"a%ED%A0%80",
    "no UTF-8": b"a%ff%fe",
    "cut UTF-8": b"a%e2%82",
    "over-long": b"a%c0%af",
} | {
    "a % alone": b"100%",
    "half an escape": b"a%4",
    "no number": b"a%zzb",
    "two million": b"%" * 1_990_000,
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_utf8_is_not_understood_and_not_sent_as_something_else(
    desk: Browser, upstream: StubBuddy, new_form: str, broken: bytes
) -> None:
    fields = desk.get(new_form).fields | LEAST
    del fields["name"]
    encoded = "&".join(f"{name}={value}" for name, value in fields.items()).replace(" ", "+").encode()
    answer = desk.client.post(
        new_form.removesuffix("/new"),
        data=encoded + b"&name=" + broken,
        content_type="application/x-www-form-urlencoded",
        base_url=desk.url,
    )
    page = Page(desk, new_form, answer)
    assert (page.status, page.heading, upstream.bodies) == (400, "This request was not understood", [])


COMMANDS = {
    "quotes": "echo \"; rm -rf /\" 'a b'",
    "substitution": "$(id) `id` ${HOME}",
    "heredoc": "cat <<'EOF'\n  $x\n\tEOF\nEOF\n",
    "CRLF": "a\r\nb\r\n",
    "500 lines": "\n".join(f"echo {number}" for number in range(500)),
    "trailing backslash": "a \\\n  b \\",
    "unicode quotes": "echo “a” ‘b’ — …",
    "first lines empty": "\n\n\nls",
    "blanks around": "  ls  ",
}


@pytest.mark.parametrize("commands", COMMANDS.values(), ids=COMMANDS)
def test_commands_are_sent_as_they_were_typed_also_after_a_redraw(
    desk: Browser, upstream: StubBuddy, new_form: str, commands: str
) -> None:
    desk.get(new_form).press("check", **LEAST | {"inline_commands": commands}).send()
    assert [body["inline_commands"] for body in upstream.bodies] == [commands.replace("\r\n", "\n")]


# What stands in the two boxes of a volume → the box that is refused.
VOLUMES = {
    "a relative folder in the container": ("/a", "relative", "target"),
    "a relative folder in the pipeline": ("a", "/b", "source"),
    "no target": ("/a", "", "target"),
    "an option behind": ("/a", "/b:/c", "target"),
    "a drive": ("C:\\x", "/y", "source"),
    "above": ("../../x", "/y", "source"),
    "the one above again": ("/x", "/first", "target"),
}


@pytest.mark.parametrize(("source", "target", "box"), VOLUMES.values(), ids=VOLUMES)
def test_a_wrong_volume_is_refused_in_its_row_and_the_others_stay_in_order(
    desk: Browser, upstream: StubBuddy, new_form: str, source: str, target: str, box: str
) -> None:
    rows = [("/1", "/first"), (source, target), ("/3", "/third")]
    typed = {f"volume_mappings__{number}__source": row[0] for number, row in enumerate(rows)}
    typed |= {f"volume_mappings__{number}__target": row[1] for number, row in enumerate(rows)}
    page = desk.get(new_form).send(**LEAST | typed)
    assert (page.status, upstream.bodies) == (422, [])
    assert page.errors == [page.summed_up(f"volume_mappings-1-{box}")]
    shown = [(page.fields[f"volume_mappings-{n}-source"], page.fields[f"volume_mappings-{n}-target"]) for n in range(3)]
    assert shown == rows


KEYS = {"repeated": "FIRST", "a digit first": "1A", "a dash": "A-B", "a blank": "A B", "a letter of elsewhere": "Ä"}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_wrong_variable_is_refused_in_its_row_and_no_secret_is_shown_again(
    desk: Browser, upstream: StubBuddy, new_form: str, key: str
) -> None:
    typed = {"variables__0__key": "FIRST", "variables__0__value": "canary-of-0", "variables__0__encrypted": "true"}
    typed |= {"variables__1__key": key, "variables__1__value": ""}
    typed |= {"variables__2__key": "C", "variables__2__value": "line 1\nline 2"}
    page = desk.get(new_form).send(**LEAST | typed)
    assert (page.status, upstream.bodies) == (422, [])
    assert page.errors == [page.summed_up("variables-1-key")]
    assert ("canary" in page.html, page.text.count("A value is kept.")) == (False, 1)
    page.send(variables__1__key="B")
    assert upstream.bodies[0]["variables"] == [
        {"key": "FIRST", "value": "canary-of-0", "encrypted": True},
        {"key": "B", "value": ""},
        {"key": "C", "value": "line 1\nline 2"},
    ]


TYPES = ["application/json", "text/plain", "application/octet-stream", "multipart/mixed; boundary=x", ""]


@pytest.mark.parametrize("content_type", TYPES, ids=[text or "none" for text in TYPES])
def test_what_is_no_form_is_415_in_words(desk: Browser, upstream: StubBuddy, new_form: str, content_type: str) -> None:
    for path in (new_form, new_form.removesuffix("/new"), "/submissions/x/attempts"):
        answer = desk.client.post(path, data=b'{"name": "x"}', content_type=content_type, base_url=desk.url)
        page = Page(desk, path, answer)
        assert (page.status, page.heading) == (415, "Slipway accepts forms only")
    assert upstream.bodies == []


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("variables", ("key", "value"), "Variables must be at most 400: these are 450"),
        ("volume_mappings", ("source", "target"), "Volume mappings must be at most 400: these are 450"),
    ],
)
def test_rows_above_the_limit_are_an_error_that_keeps_them_and_more_than_any_page_leads_to_are_not_read(
    desk: Browser, upstream: StubBuddy, new_form: str, kind: str, fields: tuple[str, str], words: str
) -> None:
    def rows(count: int) -> dict[str, str]:
        return {f"{kind}-{number}-{field}": f"/A{number}" for number in range(count) for field in fields}

    form = desk.get(new_form)
    for path in (new_form, new_form.removesuffix("/new")):
        page = desk.post(path, form.fields | LEAST | rows(450))
        assert (page.status, words in page.errors, upstream.bodies) == (422, True, [])
        assert {name: page.fields[name].strip() for name in rows(450)} == rows(450)
        page = desk.post(path, form.fields | LEAST | rows(2_001))
        assert (page.status, page.heading, upstream.bodies) == (413, "What you sent is too large", [])
        assert "your browser still has what you typed" in page.text


BODIES = {
    "broken multipart": (b"garbage", "multipart/form-data; boundary=x", 400),
    "no boundary": (b"garbage", "multipart/form-data", 400),
    "30,000 fields": (
        b"&".join(b"a%d=1" % number for number in range(30_000)),
        "application/x-www-form-urlencoded",
        400,
    ),
    "an empty one": (b"", "application/x-www-form-urlencoded", 400),
    "more than 2 MiB": (b"name=" + b"x" * 2_200_000, "application/x-www-form-urlencoded", 413),
}


@pytest.mark.parametrize(("body", "content_type", "status"), BODIES.values(), ids=BODIES)
def test_an_impossible_form_is_refused_in_words(
    desk: Browser, upstream: StubBuddy, new_form: str, body: bytes, content_type: str, status: int
) -> None:
    answer = desk.client.post(new_form, data=body, content_type=content_type, base_url=desk.url)
    page = Page(desk, new_form, answer)
    assert (page.status, "Nothing was sent to Buddy." in page.text, upstream.bodies) == (status, True, [])


PARTS = ["..", ".", "%2e%2e", "a%2Fb", "a%3Fx", "a%23f", "a%5Cb", "a%20b", "%00", "%0d%0a", "ａ", "a;b", "a%25b"]
TOO_LONG = "a" * 256
PIPELINES = ["-1", "0", "1e9", "９", "1.0", "%31%00", "+1", "0x1", "9223372036854775808", "9" * 400, "..", "a"]
PLACES = {
    "workspaces": [f"/workspaces/{part}/projects/p/pipelines/1/actions" for part in (*PARTS, TOO_LONG)],
    "projects": [f"/workspaces/w/projects/{part}/pipelines/1/actions" for part in (*PARTS, TOO_LONG)],
    "pipelines": [f"/workspaces/w/projects/p/pipelines/{part}/actions" for part in PIPELINES],
}


@pytest.mark.parametrize("paths", PLACES.values(), ids=PLACES)
def test_a_place_that_cannot_be_is_refused_and_buddy_hears_nothing_of_it(
    desk: Browser, upstream: StubBuddy, paths: list[str]
) -> None:
    for address in [path + end for path in paths for end in ("", "/new")]:
        assert desk.get(address).status == 404
        answer = desk.client.post(address, data=LEAST, base_url=desk.url)
        assert answer.status_code == 404
    assert (upstream.reads, upstream.paths) == ([], [])


@pytest.mark.parametrize(
    "path", ["/submissions?before=999999999999999-1", "/submissions?before=%ff", "/submissions?a=b"]
)
def test_a_page_of_the_history_that_cannot_be_is_the_first_one(desk: Browser, path: str) -> None:
    assert desk.get(path).status == 200


def test_fields_that_are_none_are_ignored_and_of_repeated_ones_the_first_counts(
    desk: Browser, personal: Flask, upstream: StubBuddy, new_form: str
) -> None:
    odd = {
        "state": "created",
        "owner": "1",
        "id": "x",
        "version": "9",
        "action_id": "7",
        "html_url": "https://a.example",
    }
    fields: dict[str, Any] = desk.get(new_form).fields | LEAST | odd
    fields["name"] = ["First", "Second"]
    answer = desk.client.post(new_form.removesuffix("/new"), data=fields, base_url=desk.url)
    row = personal.extensions["slipway"].journal.find(answer.headers["Location"].rpartition("/")[2])
    assert (row.name, row.owner, row.state, row.action_id) == ("First", "local", "created", 2)
    assert [body["name"] for body in upstream.bodies] == ["First"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for many examples."""
    folder: Path = tmp_path_factory.mktemp("any")
    app = create_app(Settings(**stored_in(folder)))
    yield Browser(app, "http://127.0.0.1:8000")
    app.extensions["slipway"].close()


ANYTHING = st.fixed_dictionaries(
    {},
    optional={
        **{field: st.text(max_size=60) for field in (*TEXTS, *NUMBERS)},
        "image_source": st.sampled_from(["public", "credentials", "integration", "action"]),
        "trigger_time": st.sampled_from(["ON_EVERY_EXECUTION", "ON_FAILURE"]),
        "variables__0__type": st.sampled_from(["VAR", "FILE", "SSH_KEY"]),
        "variables__0__encrypted": st.just("true"),
    },
)


@settings(max_examples=40)
@given(typed=ANYTHING)
def test_whatever_is_typed_the_page_is_drawn_and_drawing_it_again_changes_nothing(
    checked: Browser, typed: dict[str, str]
) -> None:
    first = checked.get(NEW).press("check", **typed)
    second = first.press("check")
    third = second.press("check")
    assert {page.status for page in (first, second, third)} <= {200, 422}
    assert shown(first) == shown(second) == shown(third)
    # What HTML can't hold is only then told from what was typed.
    assert second.errors == third.errors


def shown(page: Page) -> dict[str, str]:
    """What stands in the boxes."""
    return {name: text for name, text in page.fields.items() if name not in ("csrf_token", "envelope", "draft")}
