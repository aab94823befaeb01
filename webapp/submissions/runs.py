"""Running a pipeline, or one action of it: what is sent, and the mark by which a lost answer is found."""

import json
from base64 import b32encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, ClassVar

from webapp.buddy.client import Client
from webapp.buddy.executions import Revision, RunRequest, RunVariable
from webapp.buddy.outcomes import RunOutcome
from webapp.store.events import Actor
from webapp.store.journal import Entry
from webapp.submissions.drafts import Draft
from webapp.submissions.states import Kind
from webapp.submissions.writes import Write

# Of 32 letters and digits each: nobody sees two runs with the same one.
MARK_LENGTH = 8


@dataclass(frozen=True)
class Run(Write):
    """A run of the action `target` alone, or, without one, of the whole pipeline. Make it by `asking`.

    The values of its variables are secrets, encrypted or not: they are sealed until the run has ended, so that they can
    be masked in its log, and kept nowhere else.
    """

    kind: ClassVar = Kind.RUN
    target: int | None
    request: RunRequest

    @classmethod
    def asking(
        cls,
        draft: Draft,
        actor: Actor,
        target: int | None,
        revision: Revision,
        comment: str = "",
        variables: tuple[RunVariable, ...] = (),
    ) -> "Run":
        """Make a run of what was chosen for it; its comment gets the mark of this submission."""
        actions = () if target is None else (target,)
        marked = f"{comment} {mark_of(draft.envelope.submission)}".strip()
        return cls(draft, actor, target, RunRequest(actions, revision, marked, variables))

    @property
    def entry(self) -> Entry:
        """What the journal keeps of it."""
        values = {f"variable-{number}": value for number, value in enumerate(self.secrets)}
        return replace(super().entry, target=self.target, secrets=values)

    @property
    def content(self) -> bytes:
        """What is to be run, and where: runs that differ in their comments alone are the same."""
        asked = {**self.request.payload(), "comment": ""}
        return json.dumps([self.kind, self.place.path, asked], sort_keys=True).encode()

    @property
    def redacted(self) -> Mapping[str, Any]:
        """The request without the values of its variables."""
        return self.request.redacted()

    @property
    def secrets(self) -> Collection[str]:
        """The values of its variables."""
        return self.request.secrets()

    @property
    def details(self) -> Mapping[str, Any]:
        """Which action is run, unless all are, and on what."""
        revision = self.request.revision
        about = {} if self.target is None else {"action_id": self.target}
        return {"asks": self.kind, **about, "revision": f"{revision.kind} {revision.name}".strip()}

    def call(self, client: Client) -> RunOutcome:
        """Send it, once."""
        return client.run(self.place, self.request)


def is_marked(comment: str, submission: str) -> bool:
    """Whether a comment is that of this submission's run. In one that goes on behind the mark somebody tells of it."""
    return comment.rstrip().endswith(mark_of(submission))


def mark_of(submission: str) -> str:
    """The mark at the end of a run's comment, which no other run has: Buddy's lists show comments."""
    digest = b32encode(sha256(submission.encode()).digest()).decode()
    return f"[slipway {digest[:MARK_LENGTH].lower()}]"
