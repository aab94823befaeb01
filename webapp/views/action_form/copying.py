"""Making another one like an action, or like a submission: what the address's `like` names."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from webapp.buddy.addresses import read_path
from webapp.buddy.client import Client
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import parts, person
from webapp.forms.action_form.copies import Copy, carried, copy_of
from webapp.forms.action_form.posted import Typed
from webapp.forms.answers import whole_of
from webapp.store.models import Submission
from webapp.submissions.places import place_of
from webapp.submissions.states import Kind, is_known
from webapp.views.answers.offers import chosen_template, gone_template
from webapp.views.skipped_lists import carried_query, copy_source

NOT_THERE = "What was to be copied is not there, or is of a kind that can't be copied."
NOT_COPIED = f"{NOT_THERE} This form is a new one."
NEW_ONE = f"{NOT_THERE} Choose the pipeline for a new action."


@dataclass(frozen=True)
class Original:
    """What is copied: its name, its place and what that was called, if it is known, and what of it is in the copy."""

    name: str
    place: Place
    copy: Copy
    pipeline_name: str = ""
    project_name: str = ""

    def into(self, target: Place, snapshot: Snapshot) -> "Original":
        """The same, with what of it can be copied into a pipeline."""
        return replace(self, copy=carried(self.copy, self.place, target, snapshot))


def original() -> Callable[[], Original | None]:
    """Begin to find what `like` names: a submission by its id, or an action by its path in the API. Raises `Busy`.

    What it gives waits for it, and raises `BuddyError`. Call it in the slot that was held at the beginning.
    """
    wanted = copy_source() or ""
    if wanted.startswith("/"):
        return parts().executor.submit(action_like, parts().client, wanted).result
    found = submission_like(wanted)
    return lambda: found


def place_values(original: Original | None) -> dict[str, Any]:
    """What a page on which a place is chosen tells of what is copied into it, if anything is to be.

    What can't be copied, and a template that can't be used any more, are not carried on to the form.
    """
    missing = copy_source() and not original
    gone = gone_template()
    dropped = {"like"} if missing else {"template"} if gone else set()
    carry = {name: value for name, value in carried_query().items() if name not in dropped}
    told = {"carry": carry, "original": original, "not_copied": NEW_ONE if missing else gone}
    return {**told, "template": chosen_template()}


def submission_like(id: str) -> Original | None:
    """What was typed into a submission."""
    row = row_like(id)
    if row is None:
        return None
    return Original(row.name, place_of(row), Copy(whole_form_of(row)), row.pipeline_name or "", row.project_name or "")


def whole_form_of(row: Submission) -> Typed:
    """The whole form of a submission: as it was typed, or as its answers have filled in the template that it names."""
    template = parts().library.version(row.template, row.template_version or 0) if row.template else None
    return whole_of(template, row.typed) if template else dict(row.typed)


def row_like(id: str) -> Submission | None:
    """A submission that was sent or tried, or this person's own draft; no run, and none of a newer Slipway's."""
    row = parts().journal.find(id) if id else None
    if row is None or row.kind == Kind.RUN or not is_known(row.kind, row.state):
        return None
    return row if row.sent_at or row.owner == person().id else None


def action_like(client: Client, path: str) -> Original | None:
    """An action that Buddy has; None when it is of another kind, or when the path names none."""
    try:
        address = read_path(path)
    except ValueError:
        return None
    if address.pipeline is None or address.action is None:
        return None
    place = address.place(address.pipeline)
    stored = StoredContainer.of(client.action(place, address.action))
    return Original(stored.container.name, place, copy_of(stored)) if stored else None
