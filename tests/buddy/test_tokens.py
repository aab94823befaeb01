"""The token that asks: where it comes from, and what its scopes are good for."""

import pytest
from support.upstream import Upstream

from webapp.buddy.client import Client
from webapp.buddy.errors import Unreachable
from webapp.buddy.outcomes import NotSent
from webapp.buddy.tokens import lacking

from .conftest import PLACE, REQUEST

OLD = ["WORKSPACE", "EXECUTION_MANAGE", "INTEGRATION_INFO"]
NEW = ["WORKSPACE", "PIPELINE_READ", "PIPELINE_WRITE", "INTEGRATION_INFO"]


@pytest.mark.parametrize("scopes", [OLD, NEW], ids=["older names", "newer names"])
def test_a_token_with_the_right_scopes_lacks_nothing(scopes: list[str]) -> None:
    assert lacking(scopes) == []


def test_what_a_token_lacks_is_said_in_words() -> None:
    assert lacking(["EXECUTION_RUN"]) == ["see workspaces and projects", "add actions", "see integrations"]


def test_without_a_token_nothing_is_sent(upstream: Upstream) -> None:
    client = Client(upstream.url, lambda: None)
    with pytest.raises(Unreachable, match="not connected to Buddy"):
        client.pipeline(PLACE)
    assert client.add_action(PLACE, REQUEST) == NotSent(
        "Slipway is not connected to Buddy: an administrator must connect it."
    )
    assert (upstream.reads, upstream.bodies) == ([], [])
    client.close()


def test_a_token_that_is_replaced_is_used_from_the_next_request_on(upstream: Upstream) -> None:
    tokens = ["the first token of the tests", "the second token of the tests"]
    client = Client(upstream.url, lambda: tokens[0])
    client.token()
    tokens.pop(0)
    client.add_action(PLACE, REQUEST)
    client.close()
    assert upstream.tokens == ["Bearer the first token of the tests", "Bearer the second token of the tests"]
