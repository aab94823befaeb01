"""What somebody does again and again: the record, from which nothing can be removed, does not fill with it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from support.pages import Browser, log_lines
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from support.teams import provider, with_provider

from webapp.store.repeats import COMING_AND_GOING, ORIGINS

URL = "http://127.0.0.1:8000"


def refused_rows(team: Rig, outcome: str | None = None) -> list[str]:
    """How the record tells of refusals, oldest first: "once", or how many more."""
    verbs = ("sign-in refused", "refused")
    return [
        f"{event.details['more']} more" if "more" in event.details else "once"
        for event in team.events
        if event.verb in verbs and outcome in (None, event.outcome)
    ]


def hour_later(team: Rig) -> None:
    team.clock.forward(hours=1)
    team.parts.journal.sweep(timedelta(days=365))


def from_address(team: Rig, address: str) -> Browser:
    browser = team.stranger()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def test_wrong_passwords_are_on_record_once_and_then_how_many_more(team: Rig) -> None:
    for _ in range(30):
        sign_in(team.stranger(), "nobody", "wrong password")
    assert refused_rows(team) == ["once", "once"]
    hour_later(team)
    assert refused_rows(team, "unknown or disabled") == ["once", "9 more"]
    assert refused_rows(team, "too many attempts") == ["once", "19 more"]
    sign_in(team.stranger(), "nobody", "wrong password")
    assert refused_rows(team, "unknown or disabled") == ["once", "9 more", "once"]


def test_what_comes_from_very_many_origins_is_told_apart_only_so_far(team: Rig) -> None:
    for number in range(3 * ORIGINS):
        sign_in(from_address(team, f"2001:db8:0:{number:x}::1"), "nobody", "wrong password")
    assert refused_rows(team) == ["once"] * (ORIGINS + 1)
    origins = [event.origin for event in team.events]
    assert origins[ORIGINS - 1 :] == [f"2001:db8:0:{ORIGINS - 1:x}::1", f"2001:db8:0:{ORIGINS:x}::1"]
    hour_later(team)
    assert refused_rows(team)[ORIGINS + 1 :] == [f"{2 * ORIGINS - 1} more"]
    assert team.events[-1].origin is None


def test_pages_that_a_role_may_not_open_are_on_record_once_with_the_path_as_the_log_has_it(team: Rig) -> None:
    boss, browser = team.hired("boss", "administrator"), team.hired("vera", "viewer")
    secret = "x" * 43
    for number in range(40):
        browser.client.get(f"/people/{secret}{number}-{'/' * 600}", base_url=URL)
        browser.client.get(f"/people/{number}", base_url=URL)
    browser.client.get("/connection", base_url=URL)
    assert refused_rows(team, "role") == ["once"]
    hour_later(team)
    assert refused_rows(team, "role")[0] == "once"
    (more,) = refused_rows(team, "role")[1:]
    assert int(more.removesuffix(" more")) >= 40
    assert secret not in str([event.details for event in team.events])
    assert max(len(str(event.details.get("path", ""))) for event in team.events) <= 500
    sign_in(boss, "boss")
    assert f"Refused, {more} times within an hour" in log_lines(boss.get("/record?what=refused"))[0]


def test_forms_that_are_not_recognised_are_on_record_once(team: Rig, new_form: str) -> None:
    browser = team.hired("eddie", "editor")
    fields = browser.get(new_form).fields | {"name": "Run tests", "envelope": "forged"}
    for _ in range(20):
        browser.client.post(new_form.removesuffix("/new"), base_url=URL, data=fields)
    assert refused_rows(team, "form") == ["once"]
    hour_later(team)
    assert refused_rows(team, "form") == ["once", "19 more"]


def test_who_comes_and_goes_all_day_is_on_record_so_often_and_then_counted(team: Rig) -> None:
    browser = team.stranger()
    team.hire("vera", "viewer")
    for _ in range(COMING_AND_GOING + 5):
        sign_in(browser, "vera")
        browser.get("/account").send_to("/sign-out")
    verbs = [event.verb for event in team.events]
    assert [verbs.count(verb) for verb in ("signed in", "signed out")] == [COMING_AND_GOING] * 2
    hour_later(team)
    more = {event.verb: event.details["more"] for event in team.events if "more" in event.details}
    assert more == {"signed in": 5, "signed out": 5}


def test_who_changes_the_password_all_day_is_on_record_so_often_and_then_counted(team: Rig) -> None:
    browser = team.hired("vera", "viewer")
    for number in range(COMING_AND_GOING + 2):
        before = f"{PASSWORD} {number - 1}" if number else PASSWORD
        browser.get("/account").send_to("/account/password", present=before, password=f"{PASSWORD} {number}")
    assert [event.verb for event in team.events].count("password changed") == COMING_AND_GOING


@pytest.fixture
def issuer() -> Iterator[str]:
    with provider() as issuer:
        yield issuer


def test_false_answers_of_a_provider_are_on_record_once(team_with: Callable[..., Rig], issuer: str) -> None:
    team = team_with(**with_provider(issuer))
    for _ in range(15):
        team.stranger().get("/sign-in/oidc/answer?code=guess&state=guess")
    assert refused_rows(team) == ["once"]
    hour_later(team)
    assert refused_rows(team) == ["once", "9 more"]
