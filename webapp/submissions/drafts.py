"""A form that somebody is filling in: what was typed so far, and the secrets that are kept for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from webapp.store.journal import Entry, Journal
from webapp.store.models import Submission
from webapp.submissions.envelope import Envelope
from webapp.submissions.states import State, sources


@dataclass(frozen=True)
class Draft:
    """One form's envelope, its public fields as typed, and its secrets by the id that the form names them with."""

    envelope: Envelope
    typed: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def entry(self) -> Entry:
        """Give the draft as the journal stores it."""
        envelope = self.envelope
        return Entry(
            id=envelope.submission,
            owner=envelope.owner,
            workspace=envelope.place.workspace,
            project=envelope.place.project,
            pipeline=envelope.place.pipeline,
            follows=envelope.follows,
            name=self.typed.get("name", "").strip(),
            typed=self.typed,
            snapshot=envelope.snapshot.to_json(),
            secrets=self.secrets,
        )

    def renewed(self) -> "Draft":
        """The same content in a new form, to be sent apart from the one that has been sent."""
        return replace(self, envelope=self.envelope.successor())


def save_draft(journal: Journal, draft: Draft) -> Draft:
    """Keep what was typed. A form that has already been sent is kept as a new draft, so that nothing is lost."""
    if journal.put(draft.entry(), State.DRAFT, sources(State.DRAFT), sent_at=None) is None:
        draft = draft.renewed()
        journal.put(draft.entry(), State.DRAFT, sources(State.DRAFT))
    return draft


def kept_secrets(journal: Journal, envelope: Envelope) -> dict[str, str]:
    """Open the secrets that this form may name: its own, and those of the one that it follows."""
    ids = [envelope.submission, *([envelope.follows] if envelope.follows else [])]
    return journal.secrets(ids)


def earlier(journal: Journal, envelope: Envelope) -> Submission | None:
    """Find the submission that this form was already sent as."""
    row = journal.find(envelope.submission)
    return row if row is not None and row.owner == envelope.owner else None
