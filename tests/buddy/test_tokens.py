"""The token that asks: where it comes from, and what its scopes are good for."""

import pytest
from support.buddy import StubBuddy
from support.fault_table import ERRORS
from support.faults import answer, answering

from webapp.buddy.client import Client
from webapp.buddy.outcomes import Rejected
from webapp.http.errors import Forbidden, Unreachable
from webapp.http.failures import NotSent
from webapp.http.scopes import lacking, meaning, scopes_in

from .conftest import PLACE, REQUEST, Make, Start

PLACES, PIPELINES, ADDING, INTEGRATIONS = (
    "see workspaces and projects",
    "see pipelines and actions",
    "add actions",
    "see integrations",
)
LACKING: dict[str, list[str]] = {
    "WORKSPACE EXECUTION_MANAGE INTEGRATION_INFO": [],
    "WORKSPACE EXECUTION_MANAGE INTEGRATION_ADD": [],
    "WORKSPACE EXECUTION_MANAGE INTEGRATION_MANAGE": [],
    "WORKSPACE PIPELINE_READ PIPELINE_WRITE INTEGRATION_INFO": [],
    "WORKSPACE_READ PROJECT_READ PIPELINE_WRITE INTEGRATION_READ": [],
    "WORKSPACE_READ PROJECT_READ PIPELINE_MANAGE INTEGRATION_READ": [],
    "WORKSPACE_MANAGE PROJECT_MANAGE PIPELINE_MANAGE INTEGRATION_MANAGE": [],
    "WORKSPACE_READ PROJECT_WRITE PIPELINE_WRITE INTEGRATION_WRITE USER_PAT_READ VARIABLE_MANAGE": [],
    "WORKSPACE_READ PROJECT_READ PIPELINE_RUN INTEGRATION_READ": [ADDING],
    "WORKSPACE_READ PROJECT_READ PIPELINE_READ INTEGRATION_READ UNIT_TEST_READ": [ADDING],
    "WORKSPACE EXECUTION_INFO INTEGRATION_INFO TOKEN_INFO": [ADDING],
    "WORKSPACE EXECUTION_RUN INTEGRATION_INFO": [ADDING],
    "WORKSPACE EXECUTION_MANAGE": [INTEGRATIONS],
    "WORKSPACE_READ PIPELINE_MANAGE INTEGRATION_READ": [PLACES],
    "EXECUTION_RUN": [PLACES, ADDING, INTEGRATIONS],
    "VARIABLE_MANAGE WEBHOOK_INFO": [PLACES, PIPELINES, ADDING, INTEGRATIONS],
    "PIPELINE_MANAGE": [PLACES, INTEGRATIONS],
    # Whatever these are, they may give what the others don't.
    "WORKSPACE EXECUTION_INFO INTEGRATION_INFO PIPELINE_EDIT": [],
    "EVERYTHING": [],
    "WORKSPACE_PROVISIONING PIPELINE_READ": [],
}


@pytest.mark.parametrize(("scopes", "words"), LACKING.items(), ids=LACKING)
def test_what_a_token_lacks_is_said_in_words_and_never_guessed(scopes: str, words: list[str]) -> None:
    assert lacking(scopes.split()) == words


def test_of_a_scope_that_is_not_known_nothing_is_said() -> None:
    assert meaning("PIPELINE_MANAGE").startswith("add, change and delete actions")
    assert (meaning("VARIABLE_WRITE"), meaning("PIPELINE_EDIT")) == ("not needed by Slipway", "")


def test_scopes_in_a_header_stand_between_commas_or_spaces() -> None:
    assert scopes_in("A_READ, B_WRITE,C") == scopes_in("A_READ B_WRITE  C") == ("A_READ", "B_WRITE", "C")
    assert scopes_in("") == scopes_in("<b>") == scopes_in("A " * 3000) == ()


@pytest.mark.parametrize("between", [", ", " ", ","])
def test_a_403_is_explained_by_its_scopes_first(faulty: Start, client: Make, between: str) -> None:
    accepted, granted = ["PIPELINE_WRITE", "PIPELINE_MANAGE"], ["PIPELINE_READ", "WORKSPACE_READ"]
    outcome = forbidden(faulty, client, between.join(accepted), between.join(granted), "X-Rate-Limit-Remaining: 0")
    assert outcome.sentence == (
        "The API token may not do this: Buddy wants one of the scopes PIPELINE_WRITE, PIPELINE_MANAGE for it, "
        "and the token has PIPELINE_READ, WORKSPACE_READ."
    )
    assert outcome.advice == "Use a token that has one of them."


def test_of_the_names_in_the_headers_of_a_403_none_has_to_be_known(faulty: Start, client: Make) -> None:
    outcome = forbidden(faulty, client, "ACTION_ADD", "EVERYTHING")
    assert "Buddy wants the scope ACTION_ADD for it, and the token has EVERYTHING." in outcome.sentence


@pytest.mark.parametrize("granted", ["PIPELINE_MANAGE", "PIPELINE_WRITE WORKSPACE"])
def test_a_403_with_the_right_scope_is_the_users(faulty: Start, client: Make, granted: str) -> None:
    outcome = forbidden(faulty, client, "PIPELINE_WRITE", granted)
    assert outcome.sentence == "The API token has the scope for this, and Buddy refuses it all the same."
    assert "Most likely its user may not do this" in outcome.advice


@pytest.mark.parametrize(("accepted", "granted"), [("", "WORKSPACE"), ("PIPELINE_WRITE", ""), ("<b>", "WORKSPACE")])
def test_without_both_headers_a_403_is_explained_in_general(
    faulty: Start, client: Make, accepted: str, granted: str
) -> None:
    outcome = forbidden(faulty, client, accepted, granted)
    assert (outcome.sentence, outcome.advice) == (Forbidden.sentence, Forbidden.advice)


def forbidden(faulty: Start, client: Make, accepted: str, granted: str, *more: str) -> Rejected:
    headers = (f"X-Accepted-OAuth-Scopes: {accepted}", f"X-OAuth-Scopes: {granted}", *more)
    outcome = client(faulty(answering(answer("403 Forbidden", ERRORS, *headers))).url).add_action(PLACE, REQUEST)
    assert isinstance(outcome, Rejected)
    return outcome


def test_without_a_token_nothing_is_sent(upstream: StubBuddy) -> None:
    client = Client(upstream.url, lambda: None)
    with pytest.raises(Unreachable, match="not connected to Buddy"):
        client.pipeline(PLACE)
    assert client.add_action(PLACE, REQUEST) == NotSent(
        "Slipway is not connected to Buddy: an administrator must connect it."
    )
    assert (upstream.reads, upstream.bodies) == ([], [])
    client.close()


def test_a_token_that_is_replaced_is_used_from_the_next_request_on(upstream: StubBuddy) -> None:
    tokens = ["the first token of the tests", "the second token of the tests"]
    client = Client(upstream.url, lambda: tokens[0])
    client.token()
    tokens.pop(0)
    client.add_action(PLACE, REQUEST)
    client.close()
    assert upstream.tokens == ["Bearer the first token of the tests", "Bearer the second token of the tests"]
