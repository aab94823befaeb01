"""Whether a change or a deletion that was not answered for has been done: the action itself tells."""

from dataclasses import dataclass

from webapp.buddy.actions import Action
from webapp.buddy.changes import asked
from webapp.buddy.client import Client
from webapp.buddy.integrations import named_otherwise
from webapp.buddy.likeness import UNSEEN, is_exact, visible_differences
from webapp.buddy.places import PipelineReader
from webapp.buddy.secrecy import REDACTED
from webapp.buddy.snapshot import Snapshot
from webapp.http.errors import NotFound
from webapp.store.events import Actor
from webapp.store.journal import Journal
from webapp.store.models import Submission
from webapp.store.reading import Clock
from webapp.submissions.looks import Finding
from webapp.submissions.places import place_of
from webapp.submissions.schedule import ABSENT_AFTER
from webapp.submissions.scrub import scrub
from webapp.submissions.sends import unproven
from webapp.submissions.states import Kind, State


@dataclass(frozen=True)
class Effect:
    """Whether it is `done`, as far as can be seen, and the `action` as Buddy has it now; None when it is gone."""

    done: bool
    action: Action | None

    def verdict(self, settled: bool) -> State:
        """Tell what became of it. `settled`: what Buddy has not done by now, it will not do any more."""
        if self.done:
            return State.FOUND
        return State.ABSENT if settled else State.UNKNOWN


@dataclass(frozen=True)
class EffectSearch:
    """Looks at the actions that changes and deletions are about: they have a number, so that a look settles it."""

    journal: Journal
    client: Client
    clock: Clock
    read_pipeline: PipelineReader

    def find(self, row: Submission, state: State, actor: Actor) -> Finding:
        """Read the action that a row is about. Raises `BuddyError`, `JournalUnavailable`."""
        effect = read_effect(self.client, self.read_pipeline, row)
        now = self.clock()
        to = effect.verdict(now - (row.sent_at or row.created_at) >= ABSENT_AFTER)
        if to is not State.FOUND:
            return Finding(to, {}, unproven(row))
        secrets = self.journal.secrets([row.id]).values()
        answer = scrub({"answer": effect.action.raw}, secrets) if effect.action else {}
        return Finding(to, {"finished_at": now} | answer)


def read_effect(client: Client, read_pipeline: PipelineReader, row: Submission) -> Effect:
    """Read the action that a row is about. Raises `BuddyError`, also when the whole pipeline can't be seen."""
    place, target = place_of(row), row.target
    assert target is not None, "a change or a deletion has a target"
    try:
        action = client.action(place, target)
    except NotFound:
        # Of a pipeline that this token does not see, nothing is known.
        read_pipeline(place)
        return Effect(row.kind == Kind.DELETION, None)
    return Effect(row.kind == Kind.CHANGE and is_changed(row, action), action)


def is_changed(row: Submission, action: Action) -> bool:
    """Whether an action is as a change asked for, and the change asked for anything that can be seen.

    What went along as it was, because Buddy asks for it, tells nothing: somebody may have changed it since. What could
    not be told before from what was asked for tells something only to the letter.
    """
    opened = Snapshot.from_json(row.snapshot).opened
    wanted = asked(row.request or {}, opened.held if opened else {})
    unseen = set(UNSEEN)
    if any(item.get("value") == REDACTED for item in wanted.get("variables") or ()):
        unseen.add("variables")
    if named_otherwise(wanted.get("integration") or {}, action.raw.get("integration")):
        unseen.add("integration")
    if visible_differences(wanted, action.raw):
        return False
    alike = opened.alike if opened else ()
    return any(name not in alike or is_exact(name, wanted, action.raw) for name in set(wanted) - unseen)
