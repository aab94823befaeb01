"""What repeats itself, on record once: the record can't be shortened, so nobody may be able to fill it."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from webapp.store.events import INSERT_EVENT, NewEvent
from webapp.store.locks import take_lock
from webapp.store.models import Repeat, table_of
from webapp.store.origins import network_of

REPEATS = table_of(Repeat)
WINDOW = timedelta(hours=1)
# How many origins are told apart for the same person and outcome; what comes from others counts together.
ORIGINS = 20
# How often somebody comes and goes in a window before it is only counted.
COMING_AND_GOING = 20
COUNTED = {"count": REPEATS.c["count"] + 1}


def record_repeat(connection: Connection, event: NewEvent, now: datetime, in_full: int = 1, **columns: Any) -> None:
    """Put something on record that the same people may do again and again.

    The first `in_full` times within a window have events of their own, with these further `columns`. The rest is
    counted, and told in one more event when the window is over.
    """
    record_remaining_repeats(connection, now)
    if count(connection, event, now, in_full) <= in_full:
        connection.execute(INSERT_EVENT, {**event.columns(now), **columns})


def record_remaining_repeats(connection: Connection, now: datetime) -> None:
    """Write an event for what was only counted in windows that are over, and forget them.

    Until the transaction ends, nobody else counts.
    """
    take_lock(connection, "repeats")
    over = delete(REPEATS).where(REPEATS.c.since <= now - WINDOW).returning(REPEATS)
    for row in connection.execute(over).all():
        if row.count > row.told:
            details = {"more": row.count - row.told, "since": row.since.isoformat(), "until": row.until.isoformat()}
            names = ("person", "person_name", "origin", "verb", "outcome")
            connection.execute(
                INSERT_EVENT, {"at": now, "details": details, **{name: getattr(row, name) for name in names}}
            )


def count(connection: Connection, event: NewEvent, now: datetime, in_full: int) -> int:
    """Count an event, and tell how often it was done in the window that is open."""
    kind = mark(event.verb, event.outcome, event.actor.id)
    key, origin = mark(kind, network_of(event.actor.origin)), event.actor.origin
    counted = again(connection, key, now)
    if counted is not None:
        return counted
    origins = select(func.count()).select_from(REPEATS).where(REPEATS.c.kind == kind)
    if (connection.scalar(origins) or 0) >= ORIGINS:
        key, origin = mark(kind), None
        counted = again(connection, key, now)
        if counted is not None:
            return counted
    columns = {**event.columns(now), "origin": origin}
    values = {name: columns[name] for name in ("person", "person_name", "origin", "verb", "outcome")}
    values |= {"key": key, "kind": kind, "since": now, "until": now, "count": 1, "told": in_full}
    connection.execute(insert(REPEATS), values)
    return 1


def again(connection: Connection, key: str, now: datetime) -> int | None:
    """Count what was done in this window before, and tell how often; None when it was not."""
    query = update(REPEATS).where(REPEATS.c.key == key).values(until=now, **COUNTED)
    counted: int | None = connection.scalar(query.returning(REPEATS.c["count"]))
    return counted


def mark(*parts: str | None) -> str:
    """One short text for several of any length."""
    return sha256(json.dumps(parts).encode()).hexdigest()
