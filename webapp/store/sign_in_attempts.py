"""The attempts to sign in that failed, counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, insert, select

from webapp.store.locks import take_lock
from webapp.store.models import SignInAttempt, table_of
from webapp.store.tables import Table

ATTEMPTS = table_of(SignInAttempt)


@dataclass(frozen=True)
class Limit:
    """Of attempts that are the same in these `columns` there may be so many at `most`.

    With `once`, that holds only when the same login has failed so often, wherever from.
    """

    columns: tuple[str, ...]
    most: int
    once: int = 0


class SignInAttempts(Table):
    """Counts attempts, so that a guess costs one whatever process takes it."""

    def take(self, login: str, origin: str, within: timedelta, limits: Collection[Limit]) -> int | datetime:
        """Write an attempt down before it is decided, and give its number; or tell when there may be the next one.

        What is older than `within` no longer counts.
        """
        now = self.clock()
        attempt = {"login": login, "origin": origin}
        with self.writing() as connection:
            # Two attempts at once can't both be the last one allowed.
            take_lock(connection, "attempts")
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - within))
            frees: list[datetime] = []
            for limit in limits:
                if limit.once and connection.scalar(latest(("login",), attempt, limit.once)) is None:
                    continue
                last_counted = connection.scalar(latest(limit.columns, attempt, limit.most))
                if last_counted is not None:
                    frees.append(last_counted + within)
            if frees:
                return max(frees)
            added = insert(ATTEMPTS).values(at=now, **attempt).returning(ATTEMPTS.c.number)
            return int(connection.execute(added).scalar_one())

    def forgive(self, number: int) -> None:
        """Take an attempt back that has succeeded, or was not decided."""
        with self.writing() as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.number == number))


def latest(columns: Collection[str], attempt: dict[str, str], number: int) -> Select[Any]:
    """When the last but so many of the attempts was that are the same as this one in these columns."""
    same = [ATTEMPTS.c[name] == attempt[name] for name in columns]
    return select(ATTEMPTS.c.at).where(*same).order_by(ATTEMPTS.c.at.desc()).offset(number - 1).limit(1)
