"""The pages of templates that their makers could not finish: what was typed, for its person alone."""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from webapp.store.models import UnfinishedTemplate
from webapp.store.tables import Table, table_of

UNFINISHED = table_of(UnfinishedTemplate)
KEPT_FOR = timedelta(days=30)
# Of one person.
MOST_UNFINISHED = 20
# In bytes. The largest template takes a tenth of it.
LARGEST_PAGE = 1_000_000


class NoRoom(Exception):
    """A page is too large, or its person has `MOST_UNFINISHED` already: nothing is kept."""


class UnfinishedTable(Table):
    """Reads and writes them. Each method raises `JournalUnavailable` when the database can't be used."""

    def keep(self, id: str, owner: str, template: str | None, typed: Mapping[str, str], dropped: bool) -> None:
        """Keep a page, in the place of what was kept of it before. Raises `NoRoom`."""
        if len(json.dumps(dict(typed))) > LARGEST_PAGE:
            raise NoRoom
        with self.writing() as connection:
            connection.execute(delete(UNFINISHED).where(UNFINISHED.c.id == id, UNFINISHED.c.owner == owner))
            mine = select(func.count()).select_from(UNFINISHED).where(UNFINISHED.c.owner == owner)
            if (connection.scalar(mine) or 0) >= MOST_UNFINISHED:
                raise NoRoom
            row = {"id": id, "owner": owner, "template": template, "typed": dict(typed), "dropped": dropped}
            connection.execute(insert(UNFINISHED), {**row, "kept_at": self.clock()})

    def find(self, id: str, owner: str) -> UnfinishedTemplate | None:
        """Read a page of its person's."""
        return self.row(
            select(UnfinishedTemplate).where(UnfinishedTemplate.id == id, UnfinishedTemplate.owner == owner)
        )

    def of(self, owner: str) -> list[UnfinishedTemplate]:
        """Read all that somebody has, the last one first."""
        mine = select(UnfinishedTemplate).where(UnfinishedTemplate.owner == owner)
        return self.rows(mine.order_by(UnfinishedTemplate.kept_at.desc()).limit(MOST_UNFINISHED))

    def remove(self, id: str, owner: str) -> None:
        """Forget a page of its person's; where there is none, nothing happens."""
        with self.writing() as connection:
            connection.execute(delete(UNFINISHED).where(UNFINISHED.c.id == id, UNFINISHED.c.owner == owner))

    def sweep(self) -> None:
        """Forget those that were kept for long enough."""
        with self.writing() as connection:
            connection.execute(delete(UNFINISHED).where(UNFINISHED.c.kept_at < self.clock() - KEPT_FOR))
