"""Looking for parts of names: the index that finds them, and how they are asked for with it and without it.

The index is made of what is in the tables, so it is no migration's: it is built when the database is opened, where the
database can have it. That is FTS5 with trigrams in SQLite (from 3.34 on), and pg_trgm in PostgreSQL, where it is
installed or may be. See https://www.sqlite.org/fts5.html and https://www.postgresql.org/docs/current/pgtrgm.html.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import ColumnElement, Engine, and_, or_
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

# A trigram index finds nothing shorter.
SHORTEST = 3
MOST_WORDS = 10
PLACE = ("workspace_name", "project_name", "pipeline_name")
# What each table calls an action.
CALLED = {"submissions": "name", "events": "action"}
# Rows of the index of submissions are numbered so that the last sent has the highest number. A time in milliseconds
# leaves room for so many rows beside it.
ROOM = 2**20
TRIGRAM = "tokenize='trigram'"
# How long each text is would be kept for ranking what is found, which is in the order of time here.
UNRANKED = "columnsize=0"


class Index(Enum):
    """What finds words here: a table beside the one with the names, an index of its columns, or nothing."""

    TABLE = "table"
    COLUMNS = "columns"
    NONE = "none"


@dataclass(frozen=True)
class Words:
    """Parts of names that are all wanted: `anywhere` in those of action and place, or in those of the `place` alone."""

    anywhere: tuple[str, ...] = ()
    place: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.anywhere or self.place)

    def query(self) -> str:
        """Ask FTS5 for them."""
        asked = [quoted(word) for word in self.anywhere]
        asked += [f"{{{' '.join(PLACE)}}} : {quoted(word)}" for word in self.place]
        return " AND ".join(f"({each})" for each in asked)

    def condition(self, action: ColumnElement[str], names: Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
        """Ask any database for them, by an action's column and the three of its place's names."""
        anywhere = [or_(*(holds(column, word) for column in (action, *names))) for word in self.anywhere]
        return and_(*anywhere, *(or_(*(holds(column, word) for column in names)) for word in self.place))

    def in_names(self, action: str | None, names: Iterable[str | None]) -> bool:
        """Whether they are in the names of an action and its place."""
        place = [name.casefold() for name in names if name]
        every = [*place, (action or "").casefold()]
        return all(any(word.casefold() in name for name in every) for word in self.anywhere) and all(
            any(word.casefold() in name for name in place) for word in self.place
        )


def words_of(text: str) -> tuple[str, ...]:
    """Take a text apart into what is looked for: its words, or, where one is too short for that, the text as it stands.

    Nothing when all of it is too short.
    """
    words = text.replace("/", " ").split()
    if all(len(word) >= SHORTEST for word in words):
        return tuple(dict.fromkeys(words[:MOST_WORDS]))
    whole = " ".join(text.split())
    return (whole,) if len(whole) >= SHORTEST else ()


def quoted(word: str) -> str:
    """A text as FTS5 takes it, whatever is in it."""
    return '"' + word.replace('"', '""') + '"'


def holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a column holds a word, in capitals or not."""
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return column.ilike(f"%{escaped}%", escape="\\")


def index_of(engine: Engine) -> Index:
    """Tell what finds words in this database."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            return Index.TABLE if sqlite_is_ready(connection) else Index.NONE
        if engine.dialect.name == "postgresql":
            return Index.COLUMNS if postgresql_is_ready(connection) else Index.NONE
    return Index.NONE


def prepare_words(connection: Connection) -> None:
    """Build the index where it can be and is not there, and leave it where it can't be kept up to date."""
    if connection.dialect.name == "sqlite":
        prepare_sqlite_words(connection)
    elif connection.dialect.name == "postgresql":
        prepare_postgresql_words(connection)


def prepare_sqlite_words(connection: Connection) -> None:
    """Let triggers keep two tables of words beside the ones with the names.

    Where this SQLite has no trigrams, a database that had them elsewhere must be written all the same: the triggers go,
    and the next Slipway that has trigrams begins anew.
    """
    able, ready = has_trigrams(connection), sqlite_is_ready(connection)
    if ready and able:
        return
    for name in TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
    if able:
        for statement in (*DROP, *CREATE, *FILL, *TRIGGERS.values()):
            connection.exec_driver_sql(statement)


def has_trigrams(connection: Connection) -> bool:
    """Whether this SQLite was built with FTS5, and knows trigrams."""
    try:
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.trigrams USING fts5(word, {TRIGRAM})")
    except DBAPIError:
        return False
    connection.exec_driver_sql("DROP TABLE temp.trigrams")
    return True


def sqlite_is_ready(connection: Connection) -> bool:
    """Whether the words are kept up to date."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    return set(TRIGGERS) <= set(found)


def prepare_postgresql_words(connection: Connection) -> None:
    """Index the columns with names, if pg_trgm is installed, or may be: whoever owns the database may install it."""
    if postgresql_is_ready(connection):
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError:
        log.warning("Searching is slower without pg_trgm: let an administrator of the database install it")
        return
    for table, action in CALLED.items():
        columns = ", ".join(f"{name} gin_trgm_ops" for name in (action, *PLACE))
        connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {index_name(table)} ON {table} USING gin ({columns})")


def postgresql_is_ready(connection: Connection) -> bool:
    """Whether the columns are indexed."""
    found = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()").scalars()
    return {index_name(table) for table in CALLED} <= set(found)


def index_name(table: str) -> str:
    """What PostgreSQL's index of a table's words is called."""
    return f"ix_{table}_words"


def columns(names: Collection[str], row: str = "") -> str:
    """Columns of a row, for a statement."""
    return ", ".join(f"{row}{name}" for name in names)


def key(row: str = "") -> str:
    """The number of a submission's words."""
    return f"{row}sent_at * {ROOM} + {row}number % {ROOM}"


OF_SUBMISSION = ("number", CALLED["submissions"], *PLACE)
OF_EVENT = (CALLED["events"], *PLACE)
INDEXED = ("action", *PLACE)
ADD_SUBMISSION = f"INSERT INTO submission_words (rowid, number, {columns(INDEXED)})"
ADD_EVENT = f"INSERT INTO event_words (rowid, {columns(INDEXED)})"
REMOVE_SUBMISSION = f"DELETE FROM submission_words WHERE rowid = {key('old.')}"
# What was never sent is in no list that is searched.
AS_IT_IS = f"SELECT {key('new.')}, {columns(OF_SUBMISSION, 'new.')} WHERE new.sent_at IS NOT NULL"
WATCHED = ("sent_at", *OF_SUBMISSION[1:])
DROP = ("DROP TABLE IF EXISTS submission_words", "DROP TABLE IF EXISTS event_words")
CREATE = (
    f"CREATE VIRTUAL TABLE submission_words USING fts5(number UNINDEXED, {columns(INDEXED)}, {TRIGRAM}, {UNRANKED})",
    # Events stay as they are, so that their words need not be kept to be taken out again.
    f"CREATE VIRTUAL TABLE event_words USING fts5({columns(INDEXED)}, content='', {TRIGRAM}, {UNRANKED})",
)
FILL = (
    f"{ADD_SUBMISSION} SELECT {key()}, {columns(OF_SUBMISSION)} FROM submissions WHERE sent_at IS NOT NULL "
    "ORDER BY sent_at, number",
    f"{ADD_EVENT} SELECT number, {columns(OF_EVENT)} FROM events WHERE submission IS NOT NULL ORDER BY number",
)
TRIGGERS = {
    "submission_words_add": f"CREATE TRIGGER submission_words_add AFTER INSERT ON submissions "
    f"WHEN new.sent_at IS NOT NULL BEGIN {ADD_SUBMISSION} {AS_IT_IS}; END",
    "submission_words_change": f"CREATE TRIGGER submission_words_change AFTER UPDATE OF {columns(WATCHED)} "
    f"ON submissions WHEN ({columns(WATCHED, 'old.')}) IS NOT ({columns(WATCHED, 'new.')}) "
    f"BEGIN {REMOVE_SUBMISSION}; {ADD_SUBMISSION} {AS_IT_IS}; END",
    "submission_words_remove": f"CREATE TRIGGER submission_words_remove AFTER DELETE ON submissions "
    f"WHEN old.sent_at IS NOT NULL BEGIN {REMOVE_SUBMISSION}; END",
    "event_words_add": f"CREATE TRIGGER event_words_add AFTER INSERT ON events WHEN new.submission IS NOT NULL "
    f"BEGIN {ADD_EVENT} SELECT new.number, {columns(OF_EVENT, 'new.')}; END",
}
