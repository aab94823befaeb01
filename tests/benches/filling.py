"""A database with many submissions, written by the database itself from one that Slipway has written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import Connection

from webapp.store.engines import address_of, connect_to
from webapp.store.models import Event, Submission, table_of

# One name in it stands at the oldest submission alone, another one at the oldest tenth.
NEEDLE = "Haystack needle"
PLACES = 200
# Most are in one pipeline, so that a list of it is full also where there are few.
PLACE = f"CASE WHEN n % 5 = 0 THEN n % {PLACES} ELSE 0 END"
# Each submission by its number, counted back from the newest: what is its own, as SQL.
OWN = {
    "id": "'bench-' || n",
    "family": "'bench-' || n",
    "fingerprint": "'bench-' || n",
    "name": f"CASE WHEN n = :count - 1 THEN '{NEEDLE}' WHEN n * 10 >= :count * 9 THEN 'Legacy tests' "
    "ELSE 'Run tests ' || (n % 1000) END",
    "owner": "CASE WHEN n % 10 = 9 THEN 'person-' || (n % 50) ELSE owner END",
    "owner_name": "CASE WHEN n % 10 = 9 THEN 'Person ' || (n % 50) ELSE owner_name END",
    "pipeline": f"1000 + {PLACE}",
    "pipeline_name": f"'Live mirror ' || {PLACE}",
    "state": "CASE WHEN n % 30 = 29 THEN 'rejected' ELSE 'created' END",
    "action_id": "1000000 + n",
    "sent_at": "sent_at - n * 60000",
    "created_at": "created_at - n * 60000",
    "changed_at": "changed_at - n * 60000",
    "finished_at": "finished_at - n * 60000",
}
EVENT = {
    "at": "submissions.sent_at + step * 1000",
    "person": "owner",
    "person_name": "owner_name",
    "verb": "CASE step WHEN 1 THEN 'answered' ELSE 'sent' END",
    "outcome": "CASE step WHEN 1 THEN state ELSE 'sending' END",
    "submission": "id",
    "details": "'{}'",
    "action": "name",
    "origin": "'127.0.0.1'",
}
FIRST = "(SELECT min(number) FROM submissions)"
# Those that no key or unique column needs.
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('submissions', 'events')
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def fill(url: str, count: int) -> None:
    """Let the one submission in a database become so many, each with two events. Whatever else there was goes."""
    engine = connect_to(address_of(url), patient=True)
    try:
        with engine.begin() as connection, without_indexes(connection):
            write(connection, count)
        if engine.dialect.name == "postgresql":
            # As it does by itself within minutes.
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    finally:
        engine.dispose()


@contextmanager
def without_indexes(connection: Connection) -> Iterator[None]:
    """Make PostgreSQL's indexes of both tables anew afterwards: that takes less long than keeping them up to date."""
    found = connection.execute(text(INDEXES)).all() if connection.dialect.name == "postgresql" else []
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    yield
    for _, statement in found:
        connection.exec_driver_sql(statement)


def write(connection: Connection, count: int) -> None:
    """Write the rows."""
    names = [column.name for column in table_of(Submission).columns if column.name != "number"]
    same = [f'"{name}"' for name in names if name not in OWN]
    numbers = "SELECT CAST(0 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :count"
    places = [*Submission.PLACE, *Submission.NAMES]
    connection.execute(text("DELETE FROM submissions WHERE state <> 'created'"))
    connection.execute(text(f"DELETE FROM submissions WHERE number > {FIRST}"))
    connection.execute(
        text(
            f"INSERT INTO submissions ({', '.join([*OWN, *same])}) "
            f"WITH RECURSIVE numbers(n) AS ({numbers}) SELECT {', '.join([*OWN.values(), *same])} "
            f"FROM numbers CROSS JOIN submissions WHERE number = {FIRST} ORDER BY n DESC"
        ),
        {"count": count},
    )
    connection.execute(text(f"DELETE FROM submissions WHERE number = {FIRST}"))
    connection.execute(
        text(
            f"INSERT INTO {Event.__tablename__} ({', '.join([*EVENT, *places])}) "
            f"SELECT {', '.join([*EVENT.values(), *places])} FROM submissions "
            "CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1) AS steps ORDER BY submissions.number, step"
        )
    )
