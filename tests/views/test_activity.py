"""The activity: what the team has sent, found by its names, as a page and as a file."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from benches.filling import NEEDLE, fill
from sqlalchemy import text
from support.buddy import StubBuddy
from support.clock import Clock
from support.databases import ON_POSTGRESQL, database_in
from support.effort import effort_of
from support.pages import Browser, Page, log_lines, text_of
from support.rigs import LEAST, NEW, Rig, open_rig

from webapp.store.events import Actor, NewEvent
from webapp.store.journal import Entry, Mark, Names
from webapp.store.lists import LOOKED_THROUGH
from webapp.store.reading import Twins
from webapp.store.words import index_name
from webapp.submissions.states import DONE, NOT_DONE
from webapp.submissions.words import NEEDS_ATTENTION

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACES = {
    2: ("buddy", "site", Names("Buddy Team", "The site", "Live mirror")),
    7: ("buddy", "shop", Names("Buddy Team", "The shop", "Release")),
    9: ("labs", "old", Names("Labs", "Old things", "Mirror of old")),
}


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    buddy, clock = StubBuddy(), Clock()
    clock.now = BEGIN
    rig = open_rig(tmp_path, buddy, clock)
    yield rig
    rig.parts.close()
    buddy.close()


def sent(rig: Rig, name: str, who: str, pipeline: int, state: str, kind: str = "addition") -> None:
    """Something that somebody sent, and what became of it."""
    workspace, project, names = PLACES[pipeline]
    id = f"{name}-{pipeline}-{state}".replace(" ", "-")
    entry = Entry(
        id, who.lower(), workspace, project, pipeline, None, name, {}, {"pipeline_name": ""}, {}, kind, names=names
    )
    actor, now = Actor(who.lower(), who), rig.clock()
    twins = Twins((), (), now)
    claimed = rig.parts.journal.claim(entry, (), Mark(), NewEvent(actor, "sent"), twins, fingerprint=id, sent_at=now)
    assert claimed is not None
    rig.parts.journal.move(id, claimed.version, "sending", state, finished_at=now)


@pytest.fixture
def busy(rig: Rig) -> Rig:
    """A Slipway from which three people have sent something on four days, the last of them who is asking."""
    sent(rig, "Nightly report", "Ann", 2, "created")
    rig.clock.forward(days=1)
    sent(rig, "Run tests", "Ben", 7, "rejected")
    rig.clock.forward(days=1)
    sent(rig, "Nightly report", "Ann", 9, "changed", "change")
    rig.clock.forward(days=1)
    sent(rig, "Old build", "Ben", 7, "found", "deletion")
    rig.send(name="Mine")
    return rig


def test_at_first_it_says_what_will_be_there(rig: Rig) -> None:
    page = rig.browser.get("/submissions")
    assert (page.heading, "Nothing has been sent yet." in page.text) == ("Activity", True)
    assert "Save as CSV, for a table program" not in page.links


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


def test_a_search_that_shows_all_it_has_found_says_how_many_that_is(rig: Rig) -> None:
    for number in range(25):
        sent(rig, f"Report {number}", "Ann", 2, "created")
    assert "25 found, newest first." in rig.browser.get("/submissions?q=report").text
    sent(rig, "Report 25", "Ann", 2, "created")
    first = rig.browser.get("/submissions?q=report")
    for page in (first, rig.browser.get(first.links["Older"])):
        assert ("Newest first." in page.text, " found, " in page.text) == (True, False)


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


# What is asked for → the actions that come, newest first.
FILTERS = {
    "nothing": ("", ["Mine", "Old build", "Nightly report", "Run tests", "Nightly report"]),
    "a part of an action's name": ("q=REPORT", ["Nightly report", "Nightly report"]),
    "a part of a place's name": ("q=mirror", ["Mine", "Nightly report", "Nightly report"]),
    "words of both": ("q=labs+nightly", ["Nightly report"]),
    "what nothing is called": ("q=%25%25%25", []),
    "me": ("who=me", ["Mine"]),
    "somebody": ("who=ann", ["Nightly report", "Nightly report"]),
    "a part of somebody's name": ("who=BE", ["Old build", "Run tests"]),
    "nobody": ("who=zoe", []),
    "a place": ("place=the+shop", ["Old build", "Run tests"]),
    "a place by its address": ("place=/labs/old/9", ["Nightly report"]),
    "a place, and words": ("place=mirror&q=nightly", ["Nightly report", "Nightly report"]),
    "a state": ("state=Changed", ["Nightly report"]),
    "a state that looking has shown": ("state=Deleted", ["Old build"]),
    "a state that has two names": ("state=Added", ["Mine", "Nightly report"]),
    "a state that nothing has": ("state=Which+one+is+it?", []),
    "all that needs attention": (f"state={quote_plus(NEEDS_ATTENTION)}", ["Run tests"]),
    "what of somebody's needs attention": (f"state={quote_plus(NEEDS_ATTENTION)}&who=ann", []),
    "a day": ("since=2026-03-02&until=2026-03-02", ["Run tests"]),
    "days": ("since=2026-03-02&until=2026-03-03", ["Nightly report", "Run tests"]),
    "somebody and a state": ("who=ben&state=Refused+by+Buddy", ["Run tests"]),
    "a place and a state": ("place=buddy/shop/7&state=Refused+by+Buddy", ["Run tests"]),
    "words, somebody, and days": ("q=nightly&who=ann&until=2026-03-02", ["Nightly report"]),
}


@pytest.mark.parametrize("indexed", [True, False], ids=["with an index of words", "without one"])
@pytest.mark.parametrize(("query", "names"), FILTERS.values(), ids=FILTERS)
def test_it_is_found_by_names_person_place_state_and_day_on_the_page_and_in_the_file(
    tmp_path: Path, busy: Rig, query: str, names: list[str], indexed: bool
) -> None:
    busy = busy if indexed else without_index(busy, tmp_path)
    page = busy.browser.get(f"/submissions?{query}")
    assert (page.status, [name for name in page.links if name in shown_names(page)]) == (200, [*dict.fromkeys(names)])
    assert len(log_lines(page)) == len(names)
    assert page.text.count("Nothing") == (0 if names else 1)
    if not names:
        assert "Nothing found." in page.text
    assert [row["action"] for row in exported(busy, query)] == names


def test_what_needs_attention_is_one_choice(rig: Rig) -> None:
    assert {"rejected", "unknown", "not_sent"} < set(NOT_DONE)
    for state in ("created", *NOT_DONE):
        sent(rig, f"Run {state}", "Ann", 2, state)
    page = rig.browser.get("/submissions")
    options = [option.get("value", "") for option in page.all("option")]
    assert options.count(NEEDS_ATTENTION) == 1
    found = rig.browser.get(f"/submissions?state={quote_plus(NEEDS_ATTENTION)}")
    assert {words for words in found.links if words.startswith("Run ")} == {f"Run {state}" for state in NOT_DONE}


def without_index(rig: Rig, folder: Path) -> Rig:
    """The same, as on a database that can't have an index of words."""
    with rig.parts.journal._engine.begin() as connection:
        index = f"INDEX {index_name('submissions')}" if ON_POSTGRESQL else "TRIGGER submission_words_add"
        connection.execute(text(f"DROP {index}"))
    # The parts look for the index once, when they are made.
    again = type(rig.parts.activity)(rig.parts.journal._engine, DONE)
    object.__setattr__(rig.parts, "activity", again)
    return rig


def shown_names(page: Page) -> list[str]:
    return [text_of(link) for link in page.all("a") if link.get("href", "").startswith("/submissions/")]


def exported(rig: Rig, query: str = "") -> list[dict[str, str]]:
    answer = rig.browser.client.get(f"/submissions.csv?{query}", base_url=rig.browser.url)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == "attachment; filename=slipway-activity.csv"
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))


def test_the_file_has_words_and_names(busy: Rig) -> None:
    assert exported(busy)[3] == {
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
    (row,) = exported(rig)
    assert (row["action"], row["who"]) == ("'=1+1", "'@Ann")


def test_the_filter_stays_filled_and_goes_along_to_older_pages_and_into_the_file(rig: Rig) -> None:
    for number in range(60):
        sent(rig, f"Report {number}", "Ann" if number % 2 else "Ben", 2, "created")
        rig.clock.forward(minutes=1)
    page = rig.browser.get("/submissions?q=report&who=ann")
    older = rig.browser.get(page.links["Older"])
    names = [*shown_names(page), *shown_names(older)]
    assert names == [f"Report {number}" for number in range(59, 0, -2)]
    assert page.links["Save as CSV, for a table program"] == "/submissions.csv?q=report&who=ann"
    assert (older.links["Newest"], "Older" in older.links) == ("/submissions?q=report&who=ann", False)
    assert [box.get("value") for box in older.all("input") if box.get("name") == "q"] == ["report"]


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


def test_a_page_that_has_looked_through_enough_says_so_and_goes_on(tmp_path: Path, rig: Rig) -> None:
    rig.send()
    fill(database_in(tmp_path), 2 * LOOKED_THROUGH + 500)
    page = without_index(rig, tmp_path).browser.get("/submissions?q=needle")
    for _ in range(2):
        assert (log_lines(page), "There may be older ones." in page.text) == ([], True)
        page = rig.browser.get(page.links["Look further back"])
    assert shown_names(page) == [NEEDLE]
    assert "Look further back" not in page.links


# What a list is asked.
LISTS = [
    "/",
    "/submissions",
    "/submissions?q=tests",
    "/submissions?q=needle",
    "/submissions?q=legacy",
    "/submissions?q=nowhere",
    "/submissions?who=me",
    "/submissions?who=me&state=Added",
    "/submissions?state=Refused+by+Buddy",
    "/submissions?place=buddy/company-website/1000",
    "/submissions?q=tests&since=2026-02-28&until=2026-02-28",
    "/record",
    "/record?q=tests",
    "/record?q=legacy",
    "/record?q=nowhere",
    "/record?who=me",
    "/record?what=created",
    "/record?quiet=true",
    "/record?place=mirror+0",
]
# Few enough to be quick, and enough to fill each page.
FEW, MANY = 1000, 20_000
# How much more a database may do with so many more rows: to pass through all of them is much more than that.
MORE = 6000


def test_what_a_list_asks_of_the_database_does_not_grow_with_it(tmp_path: Path) -> None:
    few, many = (efforts(tmp_path / str(count), count) for count in (FEW, MANY))
    grown = {path: (few[path], many[path]) for path in LISTS if many[path] > 1.5 * few[path] + MORE}
    assert grown == {}


def efforts(folder: Path, count: int) -> dict[str, int]:
    """How much the database does for each of the lists."""
    folder.mkdir()
    buddy, clock = StubBuddy(), Clock()
    clock.now = BEGIN
    rig = open_rig(folder, buddy, clock)
    rig.send()
    fill(database_in(folder), count)
    done = effort_of(rig.parts.journal._engine)
    found = {}
    for path in LISTS:
        before = done()
        assert rig.browser.get(path).status == 200
        found[path] = done() - before
    rig.parts.close()
    buddy.close()
    return found
