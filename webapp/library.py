"""The templates of this Slipway: made, changed, retired and brought back, with the secrets that they fill in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe

from webapp.prepared.documents import from_json, to_json
from webapp.prepared.reading import BadTemplate
from webapp.prepared.secrets import belongings, missing, slots
from webapp.prepared.templates import Template
from webapp.store.authorisation import ADMINISTRATOR
from webapp.store.events import Actor, NewEvent
from webapp.store.models import PreparedTemplate, Submission, TemplateVersion
from webapp.store.reading import DoneStates, HistoryKey
from webapp.store.templates import Made, NewVersion, TemplateTable

MAKERS = (ADMINISTRATOR,)
PAGE = 20


@dataclass(frozen=True)
class CurrentTemplate:
    """A template as it is now. `secrets` are the slots that hold one, `made_by` who has made this version."""

    id: str
    version: int
    revision: int
    template: Template
    made_at: datetime
    changed_at: datetime
    made_by: str
    retired_at: datetime | None
    secrets: frozenset[str] = frozenset()

    @property
    def missing(self) -> tuple[str, ...]:
        """The slots of the secrets that have to be typed before it can be used."""
        return missing(self.template, self.secrets)

    @property
    def usable(self) -> bool:
        """Whether something can be made from it, where it may be used."""
        return self.retired_at is None and not self.missing

    @property
    def as_read(self) -> Made:
        """What a send names, so that it goes out only if the template is still the same."""
        return Made(self.id, self.version, self.revision)


@dataclass(frozen=True)
class Library:
    """Each method raises `JournalUnavailable` when the database can't be used.

    What changes a template raises `Conflict` when the actor has none of the roles of `makers` any more, or somebody
    else has changed it meanwhile. Nothing here judges a template: `problems` in `webapp.prepared.judging` does.
    """

    table: TemplateTable

    def find(self, id: str) -> CurrentTemplate | None:
        """Read a template as it is now; None when there is none, or a newer Slipway has written it."""
        row = self.table.find(id)
        version = self.table.version(id, row.version) if row else None
        return current_template(row, version, self.table.slots(id)) if row and version else None

    def all(self) -> list[CurrentTemplate]:
        """Read all templates, by their names, the retired ones too."""
        versions, secrets = self.table.newest(), self.table.all_slots()
        rows = [row for row in self.table.all() if row.id in versions]
        found = (current_template(row, versions[row.id], secrets.get(row.id, ())) for row in rows)
        return [each for each in found if each is not None]

    def version(self, id: str, version: int) -> Template | None:
        """Read what one version of a template says, the one of a receipt for example; None where `find` gives none."""
        row = self.table.version(id, version)
        return readable(row) if row else None

    def versions(self, id: str) -> list[TemplateVersion]:
        """Read who has made which version and when, the newest first."""
        return self.table.versions(id)

    def made_from(self, id: str, before: HistoryKey | None = None, done: DoneStates | None = None) -> list[Submission]:
        """Read what was made from a template, the newest first, 20 and one more, which tells that there are more."""
        return self.table.made_from(id, PAGE + 1, before, done)

    def secrets(self, id: str) -> dict[str, str]:
        """Open a template's secrets by the ids that its form names them with: for the send alone, never to be kept."""
        return self.table.secrets(id)

    def make(
        self, template: Template, secrets: Mapping[str, str], actor: Actor, makers: Collection[str] = MAKERS
    ) -> str:
        """Make a template of what was judged, with the secrets that were typed, by slot; gives its id.

        Raises `TooManyTemplates`.
        """
        id = token_urlsafe(9)
        new = NewVersion(template.name, to_json(template), fitting(template, secrets))
        self.table.add(id, new, NewEvent(actor, "made a template", details=about(id, template.name, 1)), makers)
        return id

    def change(
        self,
        seen: CurrentTemplate,
        template: Template,
        secrets: Mapping[str, str],
        actor: Actor,
        makers: Collection[str] = MAKERS,
    ) -> tuple[str, ...]:
        """Make the next version of a template, with the secrets that were typed for it; gives the slots of those that
        have to be typed again, since what they belong to was changed."""
        typed = fitting(template, secrets)
        staying = set(slots(template)) & stays(seen, template)
        dropped = tuple(sorted(seen.secrets - staying - set(typed)))
        details = {**about(seen.id, template.name, seen.version + 1), **({"dropped": list(dropped)} if dropped else {})}
        new = NewVersion(template.name, to_json(template), typed, staying)
        self.table.change(seen.id, seen.version, new, NewEvent(actor, "changed a template", details=details), makers)
        return dropped

    def retire(self, seen: CurrentTemplate, actor: Actor, makers: Collection[str] = MAKERS) -> None:
        """Let nothing more be made from a template."""
        self.table.retire(seen.id, True, event_on(seen, actor, "retired a template"), makers)

    def give_back(self, seen: CurrentTemplate, actor: Actor, makers: Collection[str] = MAKERS) -> None:
        """Bring a retired template back."""
        self.table.retire(seen.id, False, event_on(seen, actor, "brought a template back"), makers)

    def put_secret(
        self, seen: CurrentTemplate, slot: str, value: str, actor: Actor, makers: Collection[str] = MAKERS
    ) -> None:
        """Put a secret in one of the template's slots, in the place of the one before. Raises `KeyError` for others."""
        if slot not in slots(seen.template):
            raise KeyError(slot)
        event = event_on(seen, actor, "replaced a secret", secret=slot)
        self.table.put_secret(seen.id, slot, seen.version, value, event, makers)

    def remove_secret(self, seen: CurrentTemplate, slot: str, actor: Actor, makers: Collection[str] = MAKERS) -> None:
        """Remove a secret: nothing can be made from the template until another one is typed."""
        self.table.remove_secret(seen.id, slot, event_on(seen, actor, "removed a secret", secret=slot), makers)


def readable(version: TemplateVersion) -> Template | None:
    """What a version says; None when a newer Slipway has written it."""
    try:
        return from_json(version.content)
    except BadTemplate:
        return None


def current_template(
    row: PreparedTemplate, version: TemplateVersion, secrets: Collection[str]
) -> CurrentTemplate | None:
    """Make one of its rows; None when a newer Slipway has written it."""
    template = readable(version)
    if template is None:
        return None
    return CurrentTemplate(
        id=row.id,
        version=row.version,
        revision=row.revision,
        template=template,
        made_at=row.made_at,
        changed_at=row.changed_at,
        made_by=version.person_name,
        retired_at=row.retired_at,
        secrets=frozenset(secrets),
    )


def fitting(template: Template, secrets: Mapping[str, str]) -> dict[str, str]:
    """Those of the typed secrets that a template has a slot for, and that are not empty."""
    return {slot: secrets[slot] for slot in slots(template) if secrets.get(slot)}


def stays(seen: CurrentTemplate, template: Template) -> frozenset[str]:
    """The slots whose secrets stay with a next version: none where what they belong to is no longer as it was."""
    return seen.secrets if belongings(seen.template) == belongings(template) else frozenset()


def event_on(seen: CurrentTemplate, actor: Actor, verb: str, **more: str) -> NewEvent:
    """What is put on record of something that is done to a template."""
    return NewEvent(actor, verb, details={**about(seen.id, seen.template.name, seen.version), **more})


def about(id: str, name: str, version: int) -> dict[str, object]:
    """How the record names a version of a template."""
    return {"template": id, "called": name, "version": version}
