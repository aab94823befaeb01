"""What a form must know before it is shown: the pipeline, and the action that is to be changed."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import abort

from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot, take_snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import parts
from webapp.forms.action_form.changes import opened
from webapp.forms.action_form.copies import Copy, copy_of
from webapp.submissions.envelope import Envelope, new_envelope


@dataclass(frozen=True)
class Opening:
    """What Buddy told, asked at `begun_at`; `copy` is the form's content, where an action is to be changed."""

    snapshot: Snapshot
    begun_at: datetime
    copy: Copy = field(default_factory=lambda: Copy({}))

    def envelope(self, owner: str, place: Place) -> Envelope:
        """The envelope of a form that knows this: what was added since it was asked, it does not know."""
        return new_envelope(owner, place, self.snapshot, self.begun_at)


def prepare(place: Place, id: int | None) -> Opening:
    """Read the pipeline, and the action with this id.

    Raises `BuddyError`, `Busy`, and 404 for an action of another kind.
    """
    now = parts().clock()
    if id is None:
        return Opening(snapshot_of(place), now)
    with parts().client.slot():
        reading = parts().executor.submit(parts().client.action, place, id)
        snapshot = snapshot_of(place)
        stored = StoredContainer.of(reading.result()) or abort(404)
    copy = copy_of(stored)
    return Opening(replace(snapshot, opened=opened(stored, copy)), now, copy)


def snapshot_of(place: Place) -> Snapshot:
    """Read what a form must know of a pipeline; the directory learns its names. Raises `NotFound`, `Busy`."""
    return take_snapshot(parts().client, parts().executor, place, parts().directory.pipeline)
