"""What was sent beside what Buddy answered."""

from support.examples import REQUEST_EXAMPLE, RESPONSE_EXAMPLE

from webapp.buddy.actions import Action
from webapp.buddy.echoes import compare
from webapp.buddy.secrecy import REDACTED


def test_the_contracts_answer_repeats_all_but_the_integration_and_the_variables() -> None:
    states = {echo.name: echo.state for echo in compare(REQUEST_EXAMPLE, RESPONSE_EXAMPLE)}
    assert {name for name, state in states.items() if state == "silent"} == {"integration", "variables"}
    assert set(states.values()) == {"same", "silent"}
    assert list(states) == list(REQUEST_EXAMPLE)


def test_another_value_and_a_secret_are_told_apart() -> None:
    sent = {
        "name": "a",
        "password": REDACTED,
        "variables": [{"key": "A", "value": REDACTED}],
        "integration": {"identifier": "x"},
    }
    answer = {
        "name": "b",
        "password": "***",
        "variables": [{"key": "A", "value": "?", "id": 1}],
        "integration": {"hash_id": "x"},
    }
    assert [echo.state for echo in compare(sent, answer)] == ["different", "secret", "same", "same"]


def test_secrets_in_an_answer_are_replaced_when_it_is_read() -> None:
    variables = [
        {"key": "A", "value": "!encrypted abc"},
        {"key": "B", "value": "secure!abc"},
        {"key": "C", "value": "in clear", "encrypted": True},
        {"key": "D", "value": "key", "type": "SSH_KEY"},
        {"key": "E", "value": "plain"},
        "odd",
    ]
    raw = Action.from_json({"id": 1, "password": "hush", "variables": variables}).raw
    assert raw["password"] == REDACTED
    assert [item["value"] if isinstance(item, dict) else item for item in raw["variables"]] == [
        *[REDACTED] * 4,
        "plain",
        "odd",
    ]
