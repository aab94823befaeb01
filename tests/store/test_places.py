"""The directory when it is full, and when another token is set meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from support.clock import Clock

from webapp.store.places import MOST_NAMES, PlaceTable, Spot

MARK = "of the token"
SITE = Spot("buddy", "site")
FIRST, SECOND = Spot("buddy", "site", 1), Spot("buddy", "site", 2)


@pytest.fixture
def table(engine: Engine) -> PlaceTable:
    """One with room for the project of the tests and one of its pipelines."""
    table = PlaceTable(engine, engine.begin, Clock())
    # Beside these there are the workspace and the list of all workspaces.
    many = {Spot("buddy", f"project-{number}"): "A project" for number in range(MOST_NAMES - 4)}
    table.tell(MARK, Spot("buddy"), many, whole=True)
    return table


@pytest.mark.parametrize("one_before", [True, False])
def test_a_list_whose_entries_have_no_room_is_not_passed_through(table: PlaceTable, one_before: bool) -> None:
    if one_before:
        table.tell(MARK, SITE, {FIRST: "Deploy"}, whole=True)
        assert table.only(MARK, SITE) == FIRST
    table.tell(MARK, SITE, {FIRST: "Deploy", SECOND: "Tests"}, whole=not one_before)
    assert table.only(MARK, SITE) is None


def test_what_is_gone_makes_room(table: PlaceTable) -> None:
    table.tell(MARK, SITE, {FIRST: "Deploy"}, whole=True)
    table.tell(MARK, SITE, {SECOND: "Tests"}, whole=True)
    assert table.only(MARK, SITE) == SECOND


def test_what_is_not_there_for_the_token_before_stays_for_the_present_one(engine: Engine) -> None:
    present = PlaceTable(engine, engine.begin, Clock())

    @contextmanager
    def after_another_was_set() -> Iterator[Connection]:
        present.tell("of another", SITE, {FIRST: "Deploy"}, whole=True)
        with engine.begin() as connection:
            yield connection

    before = PlaceTable(engine, after_another_was_set, Clock())
    present.tell(MARK, SITE, {FIRST: "Deploy"}, whole=True)
    before.forget(MARK, SITE)
    assert present.only("of another", SITE) == FIRST


def test_a_name_is_known_at_once_where_it_was_told_and_in_another_process_a_moment_later(engine: Engine) -> None:
    clock = Clock()
    here, there = (PlaceTable(engine, engine.begin, clock) for _ in range(2))
    for table, name in ((here, "Deploy"), (there, "Release"), (here, "Deploy again")):
        clock.forward(seconds=11)
        assert table.names(MARK, FIRST).get(FIRST) != name
        table.tell_of(MARK, FIRST, {FIRST: name, SITE: "The site"})
        assert (table.names(MARK, FIRST)[FIRST], table.names(MARK, FIRST)[SITE]) == (name, "The site")
    there.names(MARK, FIRST)
    here.forget(MARK, FIRST)
    assert FIRST not in here.names(MARK, FIRST)
    clock.forward(seconds=11)
    assert FIRST not in there.names(MARK, FIRST)
