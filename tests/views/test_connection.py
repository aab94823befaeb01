"""Connecting Buddy: the token that an administrator sets."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support.pages import Page
from support.rigs import Rig
from support.teams import sandbox

from webapp.store.keys import rotate_keys
from webapp.store.vault import Vault

PIPELINES = "/workspaces/buddy/projects/company-website/pipelines"
LEAST = {"name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "make test"}
CANARY = "canary-token-of-a-person"


@pytest.fixture
def unconnected(team_with: Callable[..., Rig], sandbox_api: str) -> Rig:
    """Slipway on which people sign in, in front of the sandbox's API, without a token."""
    return team_with(buddy_token=None, buddy_api_endpoint=sandbox_api)


@pytest.fixture
def told(team_with: Callable[..., Rig]) -> Rig:
    """The same in front of a server whose answer about the token a test chooses."""
    return team_with(buddy_token=None)


def set_token(team: Rig, token: str, login: str = "boss") -> Page:
    boss = team.hired(login, "administrator")
    return boss.get("/connection").send_to("/connection", token=token)


@pytest.mark.parametrize("path", ["/workspaces", PIPELINES, f"{PIPELINES}/2/actions", f"{PIPELINES}/2/actions/new"])
def test_without_a_token_each_place_says_that_an_administrator_must_connect_buddy(unconnected: Rig, path: str) -> None:
    for login, role in (("ada", "editor"), ("boss", "administrator")):
        page = unconnected.hired(f"{login}{len(path)}", role).get(path)
        assert (page.status, page.heading) == (503, "Buddy is not connected yet")
        assert ("Connect Buddy" in page.links) == (role == "administrator")


def test_a_token_is_tested_and_used_from_then_on_and_its_scopes_are_shown(unconnected: Rig, new_form: str) -> None:
    page = set_token(unconnected, "sandbox")
    assert "Buddy accepts the token." in page.text
    assert "EXECUTION_MANAGE add, change and delete actions" in page.text
    assert "Sandbox" in page.text
    receipt = unconnected.hired("ada").get(new_form).send(**LEAST)
    assert receipt.heading == "“Run tests” was added"
    assert ("Boss", "connected", None) in unconnected.deeds


def test_a_token_that_may_only_read_says_what_it_lacks(unconnected: Rig) -> None:
    page = set_token(unconnected, "sandbox-read-only")
    assert "Slipway needs a token that may also: add actions; run pipelines." in page.text


def test_a_token_that_buddy_refuses_changes_nothing(unconnected: Rig) -> None:
    set_token(unconnected, "sandbox")
    page = set_token(unconnected, CANARY, "chief")
    assert (page.status, "Buddy refused the API token." in page.error_at("token")) == (422, True)
    assert CANARY not in page.html
    assert unconnected.parts.connection.token() == "sandbox"


@pytest.mark.parametrize("token", ["", "two words", "caf\u00e9"])
def test_what_is_no_token_is_refused_before_buddy_is_asked(told: Rig, token: str) -> None:
    assert set_token(told, token).status == 422
    assert told.buddy.reads == []


def test_a_token_is_sealed_in_the_database_and_shown_nowhere(told: Rig, tmp_path: Path) -> None:
    told.buddy.token = (200, {"name": "Team", "scopes": ["WORKSPACE"]})
    page = set_token(told, CANARY)
    assert CANARY not in page.html + page.browser.get("/connection").html
    assert CANARY not in str([vars(event) for event in told.events])
    assert [event.details for event in told.events if event.verb == "connected"] == [
        {"token": "Team", "scopes": ["WORKSPACE"]}
    ]
    assert CANARY.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("slipway.db*"))


def test_of_a_very_long_name_of_a_token_the_beginning_is_kept(told: Rig) -> None:
    told.buddy.token = (200, {"name": "n" * 300, "scopes": []})
    assert set_token(told, CANARY).status == 200
    kept = told.parts.connection.kept()
    assert kept is not None
    assert kept.name == "n" * 255


def test_a_token_that_ends_within_two_weeks_is_warned_of(told: Rig) -> None:
    end = told.clock.now + timedelta(days=15)
    told.buddy.token = (200, {"name": "Team", "scopes": [], "expires_at": end.isoformat()})
    boss = set_token(told, CANARY).browser
    words = f"ends on {end:%-d %B %Y, %H:%M} UTC"
    assert words not in boss.get("/").text
    told.clock.forward(days=1, minutes=1)
    team_boss = told.hired("chief", "administrator")
    assert words in team_boss.get("/").text
    assert words in team_boss.get("/connection").text
    assert words not in told.hired("ada").get("/").text


def test_a_token_that_may_not_tell_about_itself_is_taken_when_it_is_good_for_the_rest(told: Rig) -> None:
    told.buddy.token = (403, {"errors": [{"message": "The scope TOKEN_INFO is missing"}]})
    page = set_token(told, CANARY)
    assert "Buddy does not tell this token what it may do" in page.text


def test_of_the_environments_token_the_page_shows_what_buddy_tells_now_and_keeps_nothing(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    end = team.clock.now + timedelta(days=3)
    told = {"name": "Of the team", "scopes": ["WORKSPACE", "EXECUTION_INFO"], "expires_at": end.isoformat()}
    team.buddy.token = (200, told)
    page = boss.get("/connection")
    assert team.buddy.reads == ["/user/token"]
    assert "Set by BUDDY_TOKEN, where Slipway is started" in page.text
    assert "Buddy accepts the token." in page.text
    assert "Token Of the team" in page.text
    assert f"Ends {end:%-d %B %Y, %H:%M} UTC" in page.text
    assert "EXECUTION_INFO see pipelines and actions" in page.text
    assert "Slipway needs a token that may also: add actions; see integrations; run pipelines." in page.text
    assert "token-of-the-tests" not in page.html
    assert (team.parts.connection.table.find(), team.deeds[-1][1]) == (None, "signed in")
    team.buddy.token = (200, told | {"name": "Renamed"})
    assert "Token Renamed" in boss.get("/connection").text


def test_where_buddy_lists_no_scopes_none_is_missed(team: Rig) -> None:
    team.buddy.token = (200, {"name": "Of the team"})
    text = team.hired("boss", "administrator").get("/connection").text
    assert ("Token Of the team" in text, "Slipway needs" in text, "may do" in text) == (True, False, False)


TROUBLE = {
    "refused": ((401, {}), "Buddy refused the API token. The token is wrong, expired or revoked"),
    "no answer that can be read": ((200, []), "Buddy gave an answer that Slipway can't read."),
    "a problem of Buddy's": ((500, {}), "Buddy has a problem of its own. Try again in a moment."),
}


@pytest.mark.parametrize(("answer", "words"), TROUBLE.values(), ids=TROUBLE)
def test_why_the_environments_token_could_not_be_asked_about_is_said(
    team: Rig, answer: tuple[int, object], words: str
) -> None:
    boss = team.hired("boss", "administrator")
    team.buddy.token = answer
    page = boss.get("/connection")
    assert (page.status, words in page.text, "What the token may do" in page.text) == (200, True, False)
    assert ("BUDDY_TOKEN, where Slipway is started" in page.text, "Buddy takes" in page.text) == (True, False)


def test_the_environments_token_that_may_not_tell_about_itself_works_all_the_same(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    team.buddy.token = (403, {"errors": [{"message": "The scope TOKEN_INFO is missing"}]})
    assert "Buddy accepts the token." in (text := boss.get("/connection").text)
    assert "Buddy does not tell this token what it may do" in text
    assert team.buddy.reads == ["/user/token", "/workspaces"]


def test_the_environments_token_goes_before_any_other_and_is_not_replaced_here(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    page = boss.get("/connection")
    assert "BUDDY_TOKEN, where Slipway is started" in page.text
    token = next(field.get("value") or "" for field in page.all("input") if field.get("name") == "csrf_token")
    assert boss.post("/connection", {"token": CANARY, "csrf_token": token}).status == 404


def test_the_token_last_known_is_used_while_the_database_can_not_be_read(unconnected: Rig) -> None:
    set_token(unconnected, "sandbox")
    unconnected.parts.client.token()
    with unconnected.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE buddy_token RENAME TO gone")
    assert unconnected.parts.client.token().name == "Sandbox"


def test_the_token_is_sealed_anew_with_a_new_key(team_with: Callable[..., Rig], sandbox_api: str) -> None:
    old, new = "the first key of many characters", "another key of many characters"
    more = {"buddy_token": None, "buddy_api_endpoint": sandbox_api}
    set_token(team_with(secret_keys=(old,), **more), "sandbox")
    team = team_with(secret_keys=(new, old), **more)
    assert rotate_keys(team.parts.journal._engine, Vault((new, old))) == 1
    assert team_with(secret_keys=(new,), **more).parts.connection.token() == "sandbox"


@pytest.fixture
def sandbox_api() -> Iterator[str]:
    with sandbox() as url:
        yield url
