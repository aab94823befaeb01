"""The index of words: it has what the tables have, whoever writes them, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from support.databases import database_in

from webapp.store.database import open_database
from webapp.store.journal import Entry, Journal, Names
from webapp.store.vault import Vault
from webapp.store.words import Index, Words, index_of, words_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def entry(id: str, name: str) -> Entry:
    names = Names("Buddy Team", "Company Website", "Live mirror")
    return Entry(id, "local", "buddy", "site", 2, None, name, {}, {}, {}, names=names)


def found(engine: Engine, *words: str) -> list[str]:
    """The names of the submissions that the index finds, the last sent first."""
    query = "SELECT action FROM submission_words WHERE submission_words MATCH :query ORDER BY rowid DESC"
    with engine.connect() as connection:
        return list(connection.execute(text(query), {"query": Words(words).query()}).scalars())


@pytest.mark.sqlite
def test_what_was_sent_is_found_by_any_part_of_its_names_in_the_order_of_sending(
    engine: Engine, journal: Journal
) -> None:
    for number, name in enumerate(("Run tests", "Nightly report", "Run Ünit tests")):
        journal.put(entry(name, name), "created", (), sent_at=NOW - timedelta(days=number))
    journal.put(entry("draft", "Run a draft"), "draft", ())
    assert found(engine, "run") == ["Run tests", "Run Ünit tests"]
    assert found(engine, "ÜNIT") == ["Run Ünit tests"]
    assert found(engine, "mirror", "ghtl") == ["Nightly report"]
    assert found(engine, 'no "such" OR thing*') == []


@pytest.mark.sqlite
def test_a_row_that_is_written_again_or_removed_is_found_by_what_it_holds_now(engine: Engine, journal: Journal) -> None:
    journal.put(entry("a", "Nightly report"), "not_sent", (), sent_at=NOW)
    journal.put(entry("b", "Daily report"), "not_sent", (), sent_at=NOW)
    assert found(engine, "report") == ["Daily report", "Nightly report"]
    journal.put(entry("a", "Weekly report"), "created", {"not_sent"}, sent_at=NOW + timedelta(days=1))
    assert found(engine, "report") == ["Weekly report", "Daily report"]
    journal.put(replace(entry("b", "Daily report")), "draft", {"not_sent"}, sent_at=None)
    assert found(engine, "report") == ["Weekly report"]
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM submissions WHERE id = 'a'"))
    assert found(engine, "report") == []


@pytest.mark.sqlite
def test_a_database_whose_words_were_not_kept_up_to_date_gets_them_anew(tmp_path: Path) -> None:
    url = database_in(tmp_path)
    engine = open_database(url)
    with engine.begin() as connection:
        # As where SQLite has no trigrams.
        connection.execute(text("DROP TRIGGER submission_words_add"))
    assert index_of(engine) is Index.NONE
    Journal(engine, Vault(["a key of the tests, long enough"])).put(entry("a", "Run"), "created", (), sent_at=NOW)
    assert found(engine, "run") == []
    engine.dispose()
    engine = open_database(url)
    assert (index_of(engine), found(engine, "run")) == (Index.TABLE, ["Run"])
    engine.dispose()


# What somebody types → what is looked for.
TYPED = {
    "one word": ("report", ("report",)),
    "words in any order": ("  nightly  report ", ("nightly", "report")),
    "a place": ("Company / Live", ("Company", "Live")),
    "a short word with others": ("build v2", ("build v2",)),
    "short words alone": ("a b", ("a b",)),
    "too short": ("ab", ()),
    "nothing": (" ", ()),
    "very many": (" ".join(f"word{number}" for number in range(99)), tuple(f"word{number}" for number in range(10))),
}


@pytest.mark.parametrize(("typed", "wanted"), TYPED.values(), ids=TYPED)
def test_a_text_is_taken_apart_into_what_can_be_looked_for(typed: str, wanted: tuple[str, ...]) -> None:
    assert words_of(typed) == wanted
