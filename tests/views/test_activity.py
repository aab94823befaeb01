"""The activity: what the team has sent, as a page and as a file."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from support.listed import exported_activity, rig_in, send_some, sent, shown_names
from support.pages import Browser, log_lines, text_of
from support.rigs import LEAST, NEW, Rig

from webapp.submissions.states import NOT_DONE
from webapp.submissions.words import NEEDS_ATTENTION


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with rig_in(tmp_path) as rig:
        yield rig


@pytest.fixture
def busy(rig: Rig) -> Rig:
    """A Slipway from which three people have sent something on four days, the last of them who is asking."""
    send_some(rig)
    return rig


def test_at_first_it_says_what_will_be_there(rig: Rig) -> None:
    page = rig.browser.get("/submissions")
    assert (page.heading, "Nothing has been sent yet." in page.text) == ("Activity", True)
    assert "Download as CSV (for Excel)" not in page.links


def test_a_line_says_what_where_by_whom_when_and_how_it_ended(busy: Rig) -> None:
    busy.clock.forward(minutes=2)
    lines = log_lines(busy.browser.get("/submissions"))
    assert lines[0] == (
        "Mine New action Live mirror Company Website, buddy this computer 2 minutes ago, 4 March 2026, 12:00 UTC Added"
    )
    assert lines[1] == (
        "Old build Deletion Release The shop, Buddy Team Ben 2 minutes ago, 4 March 2026, 12:00 UTC Deleted"
    )
    days = [re.split(" (?:Ann|Ben) ", line)[1].split(",")[:2] for line in lines[2:]]
    assert days == [["Yesterday", " 12:00"], ["Mon 2 Mar", " 12:00"], ["Sun 1 Mar", " 12:00"]]


def test_a_workspace_goes_by_the_name_that_the_directory_has(browser: Browser) -> None:
    browser.get("/workspaces/buddy-labs/projects")
    browser.get("/workspaces")
    pipelines = browser.get("/workspaces/buddy-labs/projects/services/pipelines")
    browser.get(f"{pipelines.links['Deploy service 1']}/new").send(**LEAST)
    (line,) = log_lines(browser.get("/submissions?q=buddy+labs"))
    assert "Services, Buddy Labs Demo administrator" in line


def test_the_days_that_are_often_looked_for_are_one_press_away_and_go_along_with_what_else_is(busy: Rig) -> None:
    for words, names in {"Today": ["Old build"], "Yesterday": [], "Last 7 days": ["Old build", "Run tests"]}.items():
        page = busy.browser.get(busy.browser.get("/submissions?who=ben&place=the+shop").links[words])
        assert (words, shown_names(page)) == (words, names)
        assert [text_of(link) for link in page.all("a") if link.get("aria-current") == "true"][-1] == words


def test_a_search_says_on_each_of_its_pages_how_many_it_has_found(rig: Rig) -> None:
    for number in range(25):
        sent(rig, f"Report {number}", "Ann", 2, "created")
    assert "25 found, newest first." in rig.browser.get("/submissions?q=report").text
    sent(rig, "Report 25", "Ann", 2, "created")
    for query in ("q=report", "q=report&who=ann", "who=ann", "state=Added"):
        first = rig.browser.get(f"/submissions?{query}")
        for page in (first, rig.browser.get(first.links["Older"])):
            assert "26 found, newest first." in page.text
    assert "found, newest first" not in rig.browser.get("/submissions").text


def test_a_workspace_whose_name_is_learnt_later_is_called_the_same_on_every_line(browser: Browser) -> None:
    pipelines = browser.get("/workspaces/buddy-labs/projects/services/pipelines")
    for name in ("Deploy service 1", "Deploy service 2"):
        browser.get(f"{pipelines.links[name]}/new").send(**LEAST)
        browser.get("/workspaces")
    lines = log_lines(browser.get("/submissions?place=services"))
    assert (len(lines), ["Services, Buddy Labs Demo" in line for line in lines]) == (2, [True, True])


# How long ago something was → how a line says so.
AGO = {
    "at once": ({"seconds": 59}, "just now"),
    "a minute": ({"seconds": 60}, "1 minute ago"),
    "many minutes": ({"minutes": 59}, "59 minutes ago"),
    "an hour": ({"minutes": 119}, "1 hour ago"),
    "many hours": ({"hours": 11, "minutes": 59}, "11 hours ago"),
    "another day": ({"hours": 12}, "Yesterday, 12:00"),
    "the last minute of that day": ({"hours": 35, "minutes": 59}, "Yesterday, 12:00"),
    "two days": ({"hours": 36}, "Sun 1 Mar, 12:00"),
    "many days": ({"days": 300}, "Sun 1 Mar, 12:00"),
    "another year": ({"days": 306}, "Sun 1 Mar 2026, 12:00"),
    "a clock that was set back": ({"minutes": -9}, "just now"),
}


@pytest.mark.parametrize(("later", "words"), AGO.values(), ids=AGO)
def test_a_line_says_how_long_ago_it_was_and_exactly_to_who_asks(rig: Rig, later: dict[str, float], words: str) -> None:
    sent(rig, "Run", "Ann", 2, "created")
    rig.clock.forward(**later)
    (time,) = rig.browser.get("/submissions").all("time")
    exactly = "1 March 2026, 12:00 UTC"
    assert (text_of(time), time.get("title")) == (f"{words}, {exactly}", exactly)
    assert time.get("datetime") == "2026-03-01T12:00:00Z"


def test_what_needs_attention_is_one_choice(rig: Rig) -> None:
    assert {"rejected", "unknown", "not_sent"} < set(NOT_DONE)
    for state in ("created", *NOT_DONE):
        sent(rig, f"Run {state}", "Ann", 2, state)
    page = rig.browser.get("/submissions")
    options = [option.get("value", "") for option in page.all("option")]
    assert options.count(NEEDS_ATTENTION) == 1
    found = rig.browser.get(f"/submissions?state={quote_plus(NEEDS_ATTENTION)}")
    assert {words for words in found.links if words.startswith("Run ")} == {f"Run {state}" for state in NOT_DONE}


def test_the_file_has_words_and_names(busy: Rig) -> None:
    assert exported_activity(busy)[3] == {
        "time (UTC)": "2026-03-02 12:00:00",
        "who": "Ben",
        "what": "New action",
        "action": "Run tests",
        "state": "Refused by Buddy",
        "template": "",
        "version of the template": "",
        "workspace": "Buddy Team",
        "project": "The shop",
        "pipeline": "Release",
        "address": "buddy/shop/7",
        "id of the submission": "Run-tests-7-rejected",
    }


def test_in_the_file_no_name_is_a_formula(rig: Rig) -> None:
    sent(rig, "=1+1", "@Ann", 2, "created")
    (row,) = exported_activity(rig)
    assert (row["action"], row["who"]) == ("'=1+1", "'@Ann")


def test_people_are_offered_by_name_with_oneself_first(team: Rig) -> None:
    for login in ("zoe", "ada"):
        team.hired(login).get(NEW).send(**LEAST | {"name": login, "inline_commands": f"echo {login}"})
    viewer = team.hired("vera", "viewer")
    options = [text_of(option) for option in viewer.get("/submissions").all("option")]
    assert options[:4] == ["everybody", "me (Vera)", "Ada", "Zoe"]


def test_drafts_are_their_owners_business(team: Rig) -> None:
    team.hired("ada").get(NEW).press("check", **LEAST | {"name": "Secret plan"})
    viewer = team.hired("vera", "viewer")
    for path in ("/submissions", "/submissions?q=secret+plan", "/submissions.csv"):
        answer = viewer.client.get(path, base_url=viewer.url)
        assert (answer.status_code, "Secret plan</a>" in answer.get_data(as_text=True)) == (200, False)
