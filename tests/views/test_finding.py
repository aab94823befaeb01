"""What is looked for in the activity and in the record, found on pages and in files, on every database."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from benches.filling import NEEDLE, fill
from sqlalchemy import text
from support.databases import ON_POSTGRESQL, database_in, forget_database_in
from support.effort import effort_of
from support.listed import (
    ANN,
    BEN,
    do_some,
    exported_activity,
    exported_record,
    note,
    rig_in,
    send_some,
    sent,
    shown_names,
)
from support.pages import log_lines
from support.rigs import Rig

from webapp.store.activity import Activity
from webapp.store.lists import COUNTED, LOOKED_THROUGH
from webapp.store.record import Record
from webapp.store.words import index_name
from webapp.submissions.states import DONE_STATES
from webapp.submissions.words import NEEDS_ATTENTION


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with rig_in(tmp_path) as rig:
        yield rig


INDEXED = {"with an index of words": True, "without one": False}


@pytest.fixture(scope="module", params=INDEXED.values(), ids=INDEXED)
def activity(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A Slipway from which three people have sent something. Who uses it only looks."""
    folder = tmp_path_factory.mktemp("activity")
    with rig_in(folder) as rig:
        send_some(rig)
        yield rig if request.param else without_index(rig)
    forget_database_in(folder)


@pytest.fixture(scope="module", params=INDEXED.values(), ids=INDEXED)
def record(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """A Slipway in which two people did something. Who uses it only looks."""
    folder = tmp_path_factory.mktemp("record")
    with rig_in(folder) as rig:
        do_some(rig)
        yield rig if request.param else without_index(rig)
    forget_database_in(folder)


def without_index(rig: Rig) -> Rig:
    """The same, as on a database that can't have an index of words."""
    engine = rig.parts.journal._engine
    with engine.begin() as connection:
        index = f"INDEX {index_name('submissions')}" if ON_POSTGRESQL else "TRIGGER submission_words_add"
        connection.execute(text(f"DROP {index}"))
    # The parts look for the index once, when they are made.
    object.__setattr__(rig.parts, "activity", Activity(engine, DONE_STATES))
    object.__setattr__(rig.parts, "record", Record(engine))
    return rig


# What is asked for → the actions that come, newest first.
SENT = {
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
    "a state that nothing has": ("state=Needs+an+answer", []),
    "all that needs attention": (f"state={quote_plus(NEEDS_ATTENTION)}", ["Run tests"]),
    "what of somebody's needs attention": (f"state={quote_plus(NEEDS_ATTENTION)}&who=ann", []),
    "a day": ("since=2026-03-02&until=2026-03-02", ["Run tests"]),
    "days": ("since=2026-03-02&until=2026-03-03", ["Nightly report", "Run tests"]),
    "somebody and a state": ("who=ben&state=Refused+by+Buddy", ["Run tests"]),
    "a place and a state": ("place=buddy/shop/7&state=Refused+by+Buddy", ["Run tests"]),
    "words, somebody, and days": ("q=nightly&who=ann&until=2026-03-02", ["Nightly report"]),
}


@pytest.mark.parametrize(("query", "names"), SENT.values(), ids=SENT)
def test_what_was_sent_is_found_by_names_person_place_state_and_day_on_the_page_and_in_the_file(
    activity: Rig, query: str, names: list[str]
) -> None:
    page = activity.browser.get(f"/submissions?{query}")
    assert (page.status, [name for name in page.links if name in shown_names(page)]) == (200, [*dict.fromkeys(names)])
    assert len(log_lines(page)) == len(names)
    assert page.text.count("Nothing") == (0 if names else 1)
    if not names:
        assert "Nothing found." in page.text
    assert [row["action"] for row in exported_activity(activity, query)] == names


# What is asked for → the verbs that come, newest first.
DONE_BY = {
    "nothing": ("", ["Refused by Buddy", "Added", "Being added", "Password"]),
    "a person by id": ("who=ann", ["Being added", "Password"]),
    "a person by a part of the name": ("who=SMITH", ["Being added", "Password"]),
    "nobody's name": ("who=%25", []),
    "oneself, who has done nothing": ("who=me", []),
    "a workspace": ("place=buddy+team", ["Added", "Being added"]),
    "a project": ("place=The+site", ["Refused by Buddy", "Being added"]),
    "a project and its pipeline": ("place=The+site+/+Live+mirror", ["Being added"]),
    "a pipeline by its address": ("place=/buddy/shop/7/", ["Added"]),
    "another pipeline": ("place=buddy/shop/8", []),
    "an action": ("q=NIGHTLY", ["Being added"]),
    "an action or a place": ("q=mirror", ["Refused by Buddy", "Being added"]),
    "an action and a place": ("q=tests&place=mirror", ["Refused by Buddy"]),
    "what nothing is called": ("q=%25%25%25", []),
    "from a day on": ("since=2026-03-02", ["Refused by Buddy", "Added"]),
    "up to a day, it included": ("until=2026-03-02", ["Added", "Being added", "Password"]),
    "one day": ("since=2026-03-01&until=2026-03-01", ["Being added", "Password"]),
    "a day to come": ("since=2027-03-01", []),
    "a day before all": ("until=2025-03-01", []),
    "an outcome": ("what=rejected", ["Refused by Buddy"]),
    "all together": (
        "q=tests&who=Ben&place=labs/site/2&since=2026-03-01&until=2026-03-09&what=rejected",
        ["Refused by Buddy"],
    ),
}


@pytest.mark.parametrize(("query", "outcomes"), DONE_BY.values(), ids=DONE_BY)
def test_what_was_done_is_found_by_person_place_time_and_outcome_on_the_page_and_in_the_file(
    record: Rig, query: str, outcomes: list[str]
) -> None:
    page = record.browser.get(f"/record?{query}")
    assert (page.status, len(log_lines(page))) == (200, len(outcomes))
    if not outcomes:
        assert "Nothing found." in page.text
    assert [row["outcome"] for row in exported_record(record, query)] == outcomes


def test_the_filter_of_the_activity_stays_filled_and_goes_along_to_older_pages_and_into_the_file(rig: Rig) -> None:
    for number in range(60):
        sent(rig, f"Report {number}", "Ann" if number % 2 else "Ben", 2, "created")
        rig.clock.forward(minutes=1)
    page = rig.browser.get("/submissions?q=report&who=ann")
    older = rig.browser.get(page.links["Older"])
    names = [*shown_names(page), *shown_names(older)]
    assert names == [f"Report {number}" for number in range(59, 0, -2)]
    assert page.links["Download as CSV (for Excel)"] == "/submissions.csv?q=report&who=ann"
    assert (older.links["Back to the newest"], "Older" in older.links) == ("/submissions?q=report&who=ann", False)
    assert [box.get("value") for box in older.all("input") if box.get("name") == "q"] == ["report"]


def test_the_filter_of_the_record_stays_filled_and_goes_along_to_older_pages_and_into_the_file(rig: Rig) -> None:
    for number in range(70):
        note(rig, ANN if number % 2 else BEN, f"did {number}")
    page = rig.browser.get("/record?who=ann")
    assert page.links["Download as CSV (for Excel)"] == "/record.csv?who=ann"
    older = rig.browser.get(page.links["Older"])
    rows = log_lines(page) + log_lines(older)
    assert ([row.split()[1] for row in rows], len(log_lines(older))) == ([str(n) for n in range(69, 0, -2)], 10)
    assert older.links["Back to the newest"] == "/record?who=ann"
    assert "Older" not in older.links
    chosen = [option.get("value") for option in older.all("option") if option.get("selected") is not None]
    assert chosen == ["ann", ""]


def test_each_submission_is_listed_once_on_whatever_page_its_steps_would_be(rig: Rig) -> None:
    for step in ("begun", "done", "looked at"):
        for number in range(30):
            # What is the same by the same person is on record once an hour.
            note(rig, ANN, f"{step} {number}", submission=f"s{number}", action=f"n{number}")
    page = rig.browser.get("/record")
    older = rig.browser.get(page.links["Older"])
    lines = [*log_lines(page), *log_lines(older)]
    assert [line.split()[0] for line in lines] == [f"n{number}" for number in reversed(range(30))]
    assert all("3 steps" in line for line in lines)
    assert "Older" not in older.links


def test_behind_the_last_page_it_is_said_that_there_is_nothing_older(rig: Rig) -> None:
    page = rig.browser.get("/submissions?before=0-0")
    assert "No older entries." in page.text
    assert page.links["Back to the newest"] == "/submissions"


def test_a_line_stands_where_the_newest_step_is_that_was_looked_for(rig: Rig) -> None:
    for verb, outcome, actor in (("sent", "sending", ANN), ("answered", "unknown", ANN), ("ruled", "absent", BEN)):
        note(rig, actor, verb, outcome, submission="s", action="Nightly report")
        rig.clock.forward(days=1)
    (line,) = log_lines(rig.browser.get("/record?what=unknown"))
    assert "Ann Smith Mon 2 Mar, 12:00" in line
    assert "Not known yet 3 steps" in line


def test_a_page_that_has_looked_through_enough_says_so_and_goes_on(tmp_path: Path, rig: Rig) -> None:
    rig.send()
    fill(database_in(tmp_path), 2 * LOOKED_THROUGH + 500)
    page = without_index(rig).browser.get("/submissions?q=needle")
    for _ in range(2):
        assert (log_lines(page), "There may be older ones." in page.text) == ([], True)
        page = rig.browser.get(page.links["Look further back"])
    assert shown_names(page) == [NEEDLE]
    assert "Look further back" not in page.links


def test_of_a_long_list_it_is_said_how_many_there_are_at_least(tmp_path: Path, rig: Rig) -> None:
    rig.send()
    fill(database_in(tmp_path), 1500)
    # What is counted are rows as an index has them: by words where it has those in order, else by who sent them.
    named = COUNTED if ON_POSTGRESQL else COUNTED * 9 // 10
    for path, found in {
        "/submissions?state=Added": f"At least {COUNTED} found, newest first.",
        "/submissions?state=Refused+by+Buddy": "50 found, newest first.",
        "/submissions?place=buddy/company-website/1000": f"At least {COUNTED} found, newest first.",
        "/submissions?place=buddy/company-website/1005": "8 found, newest first.",
        "/submissions?q=tests&who=me": f"At least {named} found, newest first.",
        "/record?place=buddy/company-website/1000": f"At least {COUNTED // 2} found, newest first.",
    }.items():
        assert found in rig.browser.get(path).text, path


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
DUE = "what is to be looked for"
# Few enough to be quick, and enough to fill each page.
FEW, MANY = 1000, 20_000
# How much more a database may do with so many more rows: to pass through all of them is much more than that.
MORE = 6000


def test_what_is_asked_of_the_database_all_the_time_does_not_grow_with_it(tmp_path: Path) -> None:
    few, many = (efforts(tmp_path / str(count), count) for count in (FEW, MANY))
    grown = {asked: (few[asked], many[asked]) for asked in many if many[asked] > 1.5 * few[asked] + MORE}
    assert grown == {}


def efforts(folder: Path, count: int) -> dict[str, int]:
    """How much the database does for each of the lists, and for what is to be looked for."""
    folder.mkdir()
    found = {}
    with rig_in(folder) as rig:
        rig.send()
        fill(database_in(folder), count)
        done = effort_of(rig.parts.journal._engine)
        for path in LISTS:
            before = done()
            assert rig.browser.get(path).status == 200
            found[path] = done() - before
        before = done()
        # Each second.
        assert rig.parts.reconciler.round() == []
        found[DUE] = done() - before
    forget_database_in(folder)
    return found
