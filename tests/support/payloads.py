"""Markup where a text is expected, and a Buddy that is full of it."""

from support.buddy import StubBuddy
from support.examples import RESPONSE_EXAMPLE

PAYLOADS = {
    "an element": "<script>alert(1)</script><x-canary></x-canary>",
    "out of an attribute": '"><x-canary onload=alert(1)></x-canary>',
    "another attribute": "' onfocus=alert(1) autofocus=' x-canary='",
    "out of a text box": "</textarea></title></script><x-canary></x-canary>",
    "a comment": "<!-- <x-canary> --><x-canary></x-canary>",
    "a template": "{{ 7*9191 }}{% print 7*9191 %}${7*9191}#{7*9191}",
    "an entity": "&lt;x-canary&gt;<x-canary></x-canary>",
}
# What is called by the payload, wherever Buddy answers it.
SPOILT = ("name", "display_name", "html_url", "identifier")


def spoil(upstream: StubBuddy, payload: str) -> None:
    """Let everything that has a name be called by the payload, and let the new action answer with it."""
    found = upstream.found

    def rename(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: rename(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [rename(item) for item in value]
        return payload if key in SPOILT and value != "company-website" else value

    def spoiled(path: str, query: str) -> tuple[int, object]:
        status, body = found(path, query)
        return status, rename(body)

    upstream.found = spoiled
    answer = RESPONSE_EXAMPLE | {"name": payload, "html_url": payload, "inline_commands": payload, payload: payload}
    upstream.answer = (201, answer | {"variables": [{"key": payload, "value": payload}]})
