"""The pages of templates that their makers have not finished: what was typed, for its person alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from webapp.store.journal import ANY_VERSION, Mark
from webapp.store.locks import take_lock
from webapp.store.models import UnfinishedTemplate, table_of
from webapp.store.tables import Table

UNFINISHED = table_of(UnfinishedTemplate)
KEPT_FOR = timedelta(days=30)
# Of one person.
MOST_UNFINISHED = 20
# In bytes. The largest template takes a tenth of it.
LARGEST_PAGE = 1_000_000


@dataclass(frozen=True)
class Unfinished:
    """What is to be kept of a page, as `UnfinishedTemplate` says."""

    id: str
    owner: str
    template: str | None
    typed: Mapping[str, str]
    dropped: bool


class NoRoom(Exception):
    """A page is too large, or its person has `MOST_UNFINISHED` already: nothing is kept."""


class UnfinishedTable(Table):
    """Reads and writes them. Each method raises `JournalUnavailable` when the database can't be used."""

    def keep(self, page: Unfinished, mark: Mark) -> int | None:
        """Keep a page, in the place of what was kept of it before, and give the version that it has now.

        None when another page has saved it since `mark`: nothing is written then. Raises `NoRoom`.
        """
        if len(json.dumps(dict(page.typed))) > LARGEST_PAGE:
            raise NoRoom
        now = {"typed": dict(page.typed), "dropped": page.dropped, "editor": mark.editor, "kept_at": self.clock()}
        this = UNFINISHED.c.id == page.id
        with self.writing() as connection:
            take_lock(connection, f"unfinished templates of {page.owner}")
            change = update(UNFINISHED).where(this, UNFINISHED.c.owner == page.owner, known_to(mark))
            if connection.execute(change.values(**now, version=UNFINISHED.c.version + 1)).rowcount:
                return connection.scalar(select(UNFINISHED.c.version).where(this))
            if connection.scalar(select(UNFINISHED.c.version).where(this)) is not None:
                return None
            mine = select(func.count()).select_from(UNFINISHED).where(UNFINISHED.c.owner == page.owner)
            if (connection.scalar(mine) or 0) >= MOST_UNFINISHED:
                raise NoRoom
            row = {"id": page.id, "owner": page.owner, "template": page.template, "version": 1}
            connection.execute(insert(UNFINISHED), {**row, **now})
        return 1

    def find(self, id: str, owner: str) -> UnfinishedTemplate | None:
        """Read a page of its person's."""
        return self.row(
            select(UnfinishedTemplate).where(UnfinishedTemplate.id == id, UnfinishedTemplate.owner == owner)
        )

    def of(self, owner: str) -> list[UnfinishedTemplate]:
        """Read all that somebody has, the last one first."""
        mine = select(UnfinishedTemplate).where(UnfinishedTemplate.owner == owner)
        return self.rows(mine.order_by(UnfinishedTemplate.kept_at.desc()).limit(MOST_UNFINISHED))

    def remove(self, id: str, owner: str, mark: Mark = ANY_VERSION) -> None:
        """Forget a page of its person's; where there is none, or another page has saved it since `mark`, nothing
        happens."""
        with self.writing() as connection:
            mine = UNFINISHED.c.id == id, UNFINISHED.c.owner == owner
            connection.execute(delete(UNFINISHED).where(*mine, known_to(mark)))

    def sweep(self) -> None:
        """Forget those that were kept for long enough."""
        with self.writing() as connection:
            connection.execute(delete(UNFINISHED).where(UNFINISHED.c.kept_at < self.clock() - KEPT_FOR))


def known_to(mark: Mark) -> ColumnElement[bool]:
    """That a page has saved a row last itself, or knows what was saved last."""
    return or_(UNFINISHED.c.editor == mark.editor, UNFINISHED.c.version <= mark.version)
