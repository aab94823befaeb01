"""The attempts to sign in that failed, counted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from webapp.store.models import Attempt
from webapp.store.tables import Table, table_of

ATTEMPTS = table_of(Attempt)


class AttemptTable(Table):
    """Counts attempts, so that a guess costs one whatever process takes it."""

    def take(self, login: str, origin: str, within: timedelta, limits: Mapping[str, int]) -> int | datetime:
        """Write an attempt down before it is decided, and give its number; or tell when there may be the next one.

        `limits` says how many there may be `within` the time: by the same "login", from the same "origin", in "all".
        """
        now = self.clock()
        mine = {"login": ATTEMPTS.c.login == login, "origin": ATTEMPTS.c.origin == origin, "all": True}
        with self.writing() as connection:
            # First, since it also takes SQLite's lock: two attempts at once can't both be the last one allowed.
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= now - within))
            frees: list[datetime] = []
            for name, limit in limits.items():
                counted = select(ATTEMPTS.c.at).where(mine[name]).order_by(ATTEMPTS.c.at.desc())
                last_counted = connection.scalar(counted.offset(limit - 1).limit(1))
                if last_counted is not None:
                    frees.append(last_counted + within)
            if frees:
                return max(frees)
            added = insert(ATTEMPTS).values(at=now, login=login, origin=origin).returning(ATTEMPTS.c.number)
            return int(connection.execute(added).scalar_one())

    def forgive(self, number: int) -> None:
        """Take an attempt back that has succeeded."""
        with self.writing() as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.number == number))
