"""Templates: what is kept of them, each change put on record in the transaction that makes it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, tuple_, update
from sqlalchemy.engine import Connection

from webapp.store.authorisation import ADMINISTRATOR, Conflict, authorised
from webapp.store.events import INSERT_EVENT, Actor, NewEvent
from webapp.store.locks import take_lock
from webapp.store.models import PreparedTemplate, Submission, TemplateSecret, TemplateVersion, table_of
from webapp.store.reading import DoneStates, HistoryKey, telling_gone
from webapp.store.tables import Table
from webapp.store.vault import Vault

TEMPLATES = table_of(PreparedTemplate)
VERSIONS = table_of(TemplateVersion)
SECRETS = table_of(TemplateSecret)
MOST_TEMPLATES = 500
MOST_VERSIONS = 200


class TooManyTemplates(Exception):
    """There are `MOST_TEMPLATES` already."""


@dataclass(frozen=True)
class NewVersion:
    """What a version says: its name, its content as plain data, the secrets that were typed for it, and which of the
    secrets that are there stay."""

    name: str
    content: Mapping[str, Any]
    typed: Mapping[str, str] = field(repr=False)
    staying: Collection[str] = ()


@dataclass(frozen=True)
class TemplateTable(Table):
    """Reads and writes templates. `makers` may change them: what changes one raises `Conflict` for anybody else, and
    when somebody was faster, and `JournalUnavailable`."""

    vault: Vault

    def find(self, id: str) -> PreparedTemplate | None:
        """Read what a template is now."""
        return self.row(select(PreparedTemplate).where(PreparedTemplate.id == id))

    def all(self) -> list[PreparedTemplate]:
        """Read all templates, the retired ones too, by their names."""
        order = func.lower(PreparedTemplate.name), PreparedTemplate.id
        return self.rows(select(PreparedTemplate).order_by(*order).limit(MOST_TEMPLATES))

    def version(self, id: str, version: int) -> TemplateVersion | None:
        """Read one version of a template."""
        one = TemplateVersion.template == id, TemplateVersion.version == version
        return self.row(select(TemplateVersion).where(*one))

    def newest(self) -> dict[str, TemplateVersion]:
        """Read the newest version of each template, by the template's id."""
        joined = (PreparedTemplate.id == TemplateVersion.template) & (
            PreparedTemplate.version == TemplateVersion.version
        )
        query = select(TemplateVersion).join(PreparedTemplate, joined).limit(MOST_TEMPLATES)
        return {row.template: row for row in self.rows(query)}

    def versions(self, id: str) -> list[TemplateVersion]:
        """Read the versions of a template, the newest first."""
        mine = select(TemplateVersion).where(TemplateVersion.template == id)
        return self.rows(mine.order_by(TemplateVersion.version.desc()).limit(MOST_VERSIONS))

    def slots(self, id: str) -> dict[str, TemplateSecret]:
        """Read which secrets of a template are there, since when, and who has typed them; by their slots."""
        return {row.slot: row for row in self.rows(select(TemplateSecret).where(TemplateSecret.template == id))}

    def all_slots(self) -> dict[str, set[str]]:
        """Read which secrets are there, by the template's id."""
        found: dict[str, set[str]] = {}
        for row in self.rows(select(TemplateSecret)):
            found.setdefault(row.template, set()).add(row.slot)
        return found

    def secrets(self, id: str) -> dict[str, str]:
        """Open the secrets of a template, by their slots: for the send alone. What no key opens is left out."""
        opened = {slot: self.vault.open(row.sealed) for slot, row in self.slots(id).items()}
        return {slot: value for slot, value in opened.items() if value is not None}

    def made_from(
        self, id: str, limit: int, before: HistoryKey | None = None, done: DoneStates | None = None
    ) -> list[Submission]:
        """Read the actions that were sent or tried from a template, the newest first; `before` is the key of the last
        row seen. Where what is `done` is not given, what was changed of them later comes by itself."""
        query = select(Submission).where(Submission.template == id, Submission.sent_at.is_not(None))
        if done is not None:
            query = query.where(Submission.kind == done.addition)
        if before is not None:
            query = query.where(tuple_(Submission.sent_at, Submission.number) < (before.sent_at, before.number))
        query = query.options(*telling_gone(done))
        return self.rows(query.order_by(Submission.sent_at.desc(), Submission.number.desc()).limit(limit))

    def add(self, id: str, new: NewVersion, event: NewEvent, makers: Collection[str] = (ADMINISTRATOR,)) -> None:
        """Make a template with its first version. Raises `TooManyTemplates`."""
        with self.writing() as connection:
            authorised(connection, event.actor, roles=makers)
            take_lock(connection, "new templates")
            if (connection.scalar(select(func.count()).select_from(TEMPLATES)) or 0) >= MOST_TEMPLATES:
                raise TooManyTemplates
            now = self.clock()
            row = {"id": id, "name": new.name, "version": 1, "revision": 1, "made_at": now, "changed_at": now}
            connection.execute(insert(TEMPLATES), row)
            self._keep(connection, id, 1, new, event.actor, now)
            connection.execute(INSERT_EVENT, event.columns(now))

    def change(
        self, id: str, seen: int, new: NewVersion, event: NewEvent, makers: Collection[str] = (ADMINISTRATOR,)
    ) -> None:
        """Add the version that follows the one `seen`; secrets that neither stay nor were typed are gone then."""
        with self.writing() as connection:
            authorised(connection, event.actor, roles=makers)
            now = self.clock()
            self._touch(connection, id, {"name": new.name, "version": seen + 1}, TEMPLATES.c.version == seen)
            self._keep(connection, id, seen + 1, new, event.actor, now)
            connection.execute(INSERT_EVENT, event.columns(now))

    def retire(self, id: str, retired: bool, event: NewEvent, makers: Collection[str] = (ADMINISTRATOR,)) -> None:
        """Take a template out of use, or bring it back; where that was done already, nothing is put on record."""
        with self.writing() as connection:
            authorised(connection, event.actor, roles=makers)
            at = self.clock() if retired else None
            was = TEMPLATES.c.retired_at.is_(None) if retired else TEMPLATES.c.retired_at.is_not(None)
            if self._touched(connection, id, {"retired_at": at}, was):
                connection.execute(INSERT_EVENT, event.columns(self.clock()))

    def put_secret(
        self, id: str, slot: str, seen: int, value: str, event: NewEvent, makers: Collection[str] = (ADMINISTRATOR,)
    ) -> None:
        """Put a secret in its slot, in the place of the one that was there, if the version `seen` is the newest."""
        with self.writing() as connection:
            authorised(connection, event.actor, roles=makers)
            self._touch(connection, id, {}, TEMPLATES.c.version == seen)
            self._seal(connection, id, {slot: value}, event.actor, self.clock())
            connection.execute(INSERT_EVENT, event.columns(self.clock()))

    def remove_secret(self, id: str, slot: str, event: NewEvent, makers: Collection[str] = (ADMINISTRATOR,)) -> None:
        """Remove a secret; where there is none, nothing is put on record."""
        with self.writing() as connection:
            authorised(connection, event.actor, roles=makers)
            self._touch(connection, id, {})
            if connection.execute(delete(SECRETS).where(SECRETS.c.template == id, SECRETS.c.slot == slot)).rowcount:
                connection.execute(INSERT_EVENT, event.columns(self.clock()))

    def _touch(self, connection: Connection, id: str, values: Mapping[str, Any], *conditions: Any) -> None:
        if not self._touched(connection, id, values, *conditions):
            raise Conflict

    def _touched(self, connection: Connection, id: str, values: Mapping[str, Any], *conditions: Any) -> bool:
        """Change a template's row, if it is as the conditions say; whether it was."""
        new = {"revision": TEMPLATES.c.revision + 1, "changed_at": self.clock(), **values}
        return connection.execute(update(TEMPLATES).where(TEMPLATES.c.id == id, *conditions).values(new)).rowcount == 1

    def _keep(
        self, connection: Connection, id: str, version: int, new: NewVersion, actor: Actor, now: datetime
    ) -> None:
        row = {"template": id, "version": version, "at": now, "person": actor.id, "person_name": actor.name}
        connection.execute(insert(VERSIONS), {**row, "content": dict(new.content)})
        gone = SECRETS.c.slot.not_in(sorted(new.staying))
        connection.execute(delete(SECRETS).where(SECRETS.c.template == id, gone))
        self._seal(connection, id, new.typed, actor, now)

    def _seal(self, connection: Connection, id: str, secrets: Mapping[str, str], actor: Actor, now: datetime) -> None:
        for slot, value in secrets.items():
            connection.execute(delete(SECRETS).where(SECRETS.c.template == id, SECRETS.c.slot == slot))
            row = {"template": id, "slot": slot, "sealed": self.vault.seal(value), "set_at": now}
            connection.execute(insert(SECRETS), {**row, "person_name": actor.name})


@dataclass(frozen=True)
class Made:
    """What is being sent is made from a template: which one, which version, and as of which `revision` it was read."""

    template: str
    version: int
    revision: int


class TemplateMoved(Exception):
    """The template was changed or retired after it was read: nothing is written, and nothing may be sent."""


def refuse_moved(connection: Connection, template: str, made: Made | None) -> None:
    """Raise `TemplateMoved` unless a template is as it was read; until the transaction ends it stays so."""
    row = connection.execute(select(TEMPLATES).where(TEMPLATES.c.id == template).with_for_update()).first()
    if row is None or row.retired_at is not None or made != Made(row.id, row.version, row.revision):
        raise TemplateMoved
