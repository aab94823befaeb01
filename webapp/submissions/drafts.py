"""A form that somebody is filling in: what was typed so far, and the secrets that are kept for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from secrets import token_urlsafe

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.prepared.secrets import without_templates
from webapp.store.events import Actor, NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.journal import Entry, Journal, Mark, Names
from webapp.store.models import Submission
from webapp.store.reading import Quota, QuotaReached
from webapp.submissions.envelope import Envelope, FromTemplate
from webapp.submissions.image_checks import ImageCheck
from webapp.submissions.places import place_of
from webapp.submissions.states import Kind, State, sources

# What is kept for one person. Whatever is sent has room of its own.
QUOTA = Quota(rows=200, size=20_000_000)


@dataclass(frozen=True)
class Draft:
    """One form's envelope, its public fields as typed, and its secrets by the id that the form names them with.

    `mark` tells the page that holds it, and what of it that page knows to be kept. `kept` is False when its person
    has no room for it: then the page alone holds it. `called` is what the answers to a template make of the name.
    """

    envelope: Envelope
    typed: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    mark: Mark = field(default_factory=lambda: Mark(token_urlsafe(9)))
    kept: bool = True
    called: str = ""

    @property
    def kind(self) -> Kind:
        """What the form is for: a new action, or a change of one that is there."""
        return Kind.CHANGE if self.envelope.snapshot.opened else Kind.ADDITION

    @property
    def name(self) -> str:
        """What the action is called."""
        return (self.called or self.typed.get("name", "")).strip()

    def entry(self, kind: Kind | None = None) -> Entry:
        """Give the draft as the journal stores it, as asking for what it is for, or for another `kind`.

        A template's secrets stay with the template, whatever the draft holds of them.
        """
        envelope, opened = self.envelope, self.envelope.snapshot.opened
        place, snapshot = envelope.place, envelope.snapshot
        return Entry(
            id=envelope.submission,
            owner=envelope.owner,
            workspace=place.workspace,
            project=place.project,
            pipeline=place.pipeline,
            follows=envelope.follows,
            kind=kind or self.kind,
            target=opened.id if opened else None,
            name=self.name,
            typed=self.typed,
            snapshot=snapshot.to_json(),
            secrets=without_templates(self.secrets),
            names=Names(project=snapshot.project_name, pipeline=snapshot.pipeline_name),
            undoes=envelope.undoes,
            template=envelope.template.id if envelope.template else None,
            template_version=envelope.template.version if envelope.template else None,
            image_check=envelope.image.to_json() if envelope.image else None,
        )

    def renewed(self) -> "Draft":
        """The same content in a new form, to be sent apart from the one that has been sent."""
        return replace(self, envelope=self.envelope.successor(), mark=Mark(self.mark.editor))


def keep_draft(journal: Journal, draft: Draft) -> Draft | None:
    """Keep what was typed; None when the form has been sent, or another page has kept something newer.

    Raises `QuotaReached` when its person has as many drafts as are kept.
    """
    version = journal.put(
        draft.entry(),
        State.DRAFT,
        sources(State.DRAFT, draft.kind),
        draft.mark,
        quota=QUOTA,
        sent_at=None,
        next_look=None,
    )
    return None if version is None else replace(draft, mark=Mark(draft.mark.editor, version))


def save_draft(journal: Journal, draft: Draft) -> Draft:
    """Keep what was typed; where that is not possible in its place, as a new draft, so that nothing is lost.

    Where there is no room for it, it comes back as not `kept`, with those of its secrets that are kept from before.
    """
    for form in (draft, draft.renewed()):
        try:
            kept = keep_draft(journal, form)
        except QuotaReached:
            stored = kept_secrets(journal, form.envelope)
            return replace(form, kept=False, secrets={id: stored[id] for id in form.secrets if id in stored})
        if kept is not None:
            return kept
    raise AssertionError("a new draft has a number that nobody else has")


def drop_draft(journal: Journal, draft: Draft, actor: Actor) -> bool:
    """Forget a draft and its secrets. False when it is none, or another page has kept something newer."""
    return journal.remove_draft(
        draft.envelope.submission, draft.envelope.owner, draft.mark, NewEvent(actor, "discarded")
    )


def latest_draft(
    journal: Journal, owner: str, place: Place, action: int | None = None, template: str | None = None
) -> Submission | None:
    """Find a person's draft of a new action in a pipeline, or of a change of the `action`, the last changed one: made
    from a `template`, or from none.

    None also while the database can't be read, since the form opens all the same.
    """
    kind = Kind.ADDITION if action is None else Kind.CHANGE
    try:
        return journal.draft_at(owner, place.key, kind, action, template)
    except JournalUnavailable:
        return None


def draft_of(journal: Journal, row: Submission) -> Draft:
    """The form behind a submission; issued long ago, so that a send reads the pipeline first."""
    place = place_of(row)
    template = FromTemplate(row.template, row.template_version or 0) if row.template else None
    snapshot = Snapshot.from_json(row.snapshot)
    image = ImageCheck.from_json(row.image_check)
    envelope = Envelope(
        row.id, row.owner, place, 0, snapshot, row.follows, undoes=row.undoes, template=template, image=image
    )
    mark = Mark(token_urlsafe(9), row.version)
    return Draft(envelope, row.typed, kept_secrets(journal, envelope), mark, called=row.name if template else "")


def correction(journal: Journal, row: Submission) -> Draft:
    """The form in which a person mends a submission that has come to nothing, sent apart from it.

    It is one and the same however often it is opened: the draft that they have begun, else a form whose number follows
    from the submission's, until that was sent.
    """
    followers = journal.followers(row)
    begun = next((each for each in followers if each.state == State.DRAFT and each.owner == row.owner), None)
    if begun is not None:
        return draft_of(journal, begun)
    fresh = draft_of(journal, row).renewed()
    if followers:
        return fresh
    number = journal.fingerprint(f"correction\n{row.id}".encode())
    return replace(fresh, envelope=replace(fresh.envelope, submission=number))


def kept_secrets(journal: Journal, envelope: Envelope) -> dict[str, str]:
    """Open the secrets that this form may name: its own, and those of the one that it follows."""
    ids = [envelope.submission, *([envelope.follows] if envelope.follows else [])]
    return journal.secrets(ids)


def is_taken(journal: Journal, draft: Draft, over: Collection[str]) -> bool:
    """Whether a form can't be sent any more, being in none of the states that it may be sent from."""
    row = earlier(journal, draft.envelope)
    return row is not None and row.state not in over


def earlier(journal: Journal, envelope: Envelope) -> Submission | None:
    """Find the submission that this form was already sent as."""
    row = journal.find(envelope.submission)
    return row if row is not None and row.owner == envelope.owner else None
