"""Characters that nobody can see, in what people paste: each thing that has one is named, and nothing is changed."""

import pytest
from support.pages import Browser, Page

FIRST = "there is a character in it that nobody can see or read, U+{}: take it out, unless it is meant"
ACTION = '- action: A\n  type: RUN_DOCKER_CONTAINER\n  inline_commands: "ls a{}b"\n  run_as_user: "m{}e"\n'
SERVICE = 'services: {{a: {{image: alpine, command: ["ls", "a{}b"], environment: {{V: "a{}b"}}}}}}'


def notes(page: Page) -> list[str]:
    return [" ".join("".join(item.itertext()).split()) for item in page.all("li")]


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x00", "\x1b", "\u2066", "\xad", "\ufeff", "\u200e"])
@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("docker run alpine ls 'a{}b'", ["Commands"]),
        ('docker run alpine ls "a{}b" && true', ["Commands"]),
        ("docker run -e 'V=a{}b' -v '/c{}d:/e' alpine ls", ["Variable V", "Volume mapping"]),
        ("docker run --entrypoint 'a{}b' alpine ls", ["Entrypoint"]),
    ],
)
def test_what_is_in_quotes_is_filled_in_and_named(
    desk: Browser, new_form: str, text: str, things: list[str], char: str
) -> None:
    page = desk.get(new_form).press("fill-run", run_command=text.replace("{}", char))
    assert (page.status, page.errors) == (200, [])
    for thing in things:
        assert f"{thing}: {FIRST.format(f'{ord(char):04X}')}" in notes(page), thing


@pytest.mark.parametrize("escape", ["u202e", "u200b", "0", "e", "uFEFF"])
@pytest.mark.parametrize(("text", "things"), [(ACTION, ["Commands", "Run as user"]), (SERVICE, ["Commands"])])
def test_what_a_file_writes_by_an_escape_is_named(
    desk: Browser, new_form: str, text: str, things: list[str], escape: str
) -> None:
    page = desk.get(new_form).press("fill-run", run_command=text.format(*[f"\\{escape}"] * 2))
    assert (page.status, page.errors) == (200, [])
    for thing in things:
        assert any(
            note.startswith(f"{thing}: there is a character in it that nobody can see or read") for note in notes(page)
        )


def test_a_variable_of_a_text_or_with_a_secret_is_named_without_its_value(desk: Browser, new_form: str) -> None:
    page = desk.get(new_form).press("fill-env", env_text='TOKEN="canary\u200b1"\nB="a\u202eb"\n')
    assert {f"Variable TOKEN: {FIRST.format('200B')}", f"Variable B: {FIRST.format('202E')}"} <= set(notes(page))
    assert "canary" not in page.html


@pytest.mark.parametrize("text", ["a\tb\nc", "zażółć", "👩‍💻 ✔️", "می‌خواهم", "日本語", "a\u00a0b"])
def test_what_people_write_is_no_such_thing(desk: Browser, new_form: str, text: str) -> None:
    page = desk.get(new_form).press("fill-run", run_command=f"docker run -e 'A={text}' alpine echo '{text}'")
    assert page.status == 200
    assert "nobody can see" not in page.text
