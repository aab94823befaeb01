"""A database with many submissions, written by the database itself from one that Slipway has written."""

from pathlib import Path

from sqlalchemy import text

from webapp.store.database import open_database
from webapp.store.models import Event, Submission
from webapp.store.tables import table_of

# One name in it stands at the oldest submission alone.
NEEDLE = "Haystack needle"
PLACES = 200
# Most are in one pipeline, so that a list of it is full also where there are few.
PLACE = f"CASE WHEN n % 5 = 0 THEN n % {PLACES} ELSE 0 END"
# Each submission by its number, counted back from the newest: what is its own, as SQL.
OWN = {
    "id": "'bench-' || n",
    "family": "'bench-' || n",
    "fingerprint": "'bench-' || n",
    "name": f"CASE WHEN n = :count - 1 THEN '{NEEDLE}' ELSE 'Run tests ' || (n % 1000) END",
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


def fill(database: Path, count: int) -> None:
    """Let the one submission in it become so many, each with two events. Whatever else there was goes."""
    engine = open_database(f"sqlite:///{database.as_posix()}")
    names = [column.name for column in table_of(Submission).columns if column.name != "number"]
    same = [name for name in names if name not in OWN]
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :count)"
    try:
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM submissions WHERE state <> 'created'"))
            connection.execute(text("DELETE FROM submissions WHERE number > (SELECT min(number) FROM submissions)"))
            connection.execute(
                text(
                    f"INSERT INTO submissions ({', '.join([*OWN, *same])}) "
                    f"{numbers} SELECT {', '.join([*OWN.values(), *same])} "
                    "FROM numbers CROSS JOIN submissions WHERE number = (SELECT min(number) FROM submissions) "
                    "ORDER BY n DESC"
                ),
                {"count": count},
            )
            connection.execute(text("DELETE FROM submissions WHERE number = (SELECT min(number) FROM submissions)"))
            places = [*Submission.PLACE, *Submission.NAMES]
            connection.execute(
                text(
                    f"INSERT INTO {Event.__tablename__} ({', '.join([*EVENT, *places])}) "
                    f"SELECT {', '.join([*EVENT.values(), *places])} FROM submissions "
                    "CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1) ORDER BY submissions.number, step"
                )
            )
    finally:
        engine.dispose()
