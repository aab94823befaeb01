"""The words of the forms: every message that a form can say is told in one grammar."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "webapp"
SAYING = {
    "CommandError",
    "EnvError",
    "PasteError",
    "VariableNameError",
    "ReferenceError",
    "StopValidation",
    "ValidationError",
    "ValueError",
    "VolumeError",
    "blame",
    "blame_repeats",
    "needed",
}
GRAMMAR = re.compile(r"(Enter|Choose|Tick) (?!valid\b).+|[A-ZX“].* must (be|have|begin|go|differ) .+")


def messages() -> Iterator[str]:
    """Every text that the rooms of forms give to something that says it, with X for what is filled in."""
    for room in ("forms", "docker"):
        for path in sorted((PACKAGE / room).rglob("*.py")):
            tree = ast.parse(path.read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and name_of(node.func) in SAYING:
                    yield from filter(None, map(text_of, node.args))
                elif isinstance(node, ast.Call) and name_of(node.func) == "Choice":
                    yield from filter(None, map(text_of, node.args[1:]))
                elif isinstance(node, ast.Return) and node.value is not None and path.name in SENTENCES:
                    text = text_of(node.value)
                    yield from [text] if text and " " in text else []


# Files whose functions give their message back as a text.
SENTENCES = {"validators.py", "variables.py"}


def name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def text_of(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "X" for part in node.values)
    return None


MESSAGES = sorted(set(messages()))


def test_the_messages_are_found() -> None:
    assert len(MESSAGES) > 35
    assert "X must be a whole number X" in MESSAGES
    assert "Choose where the image comes from" in MESSAGES


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_says_what_to_do(message: str) -> None:
    assert GRAMMAR.fullmatch(message), message
    assert not message.endswith((".", "!"))
