"""Which of a pipeline's actions is the one that was sent and not answered for. Pure: no clock, no network."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.buddy.actions import Action, ActionSummary
from webapp.buddy.likeness import differences
from webapp.submissions.states import State


@dataclass(frozen=True)
class Match:
    """The actions that are the same as what was sent, as far as can be seen, and those that only go by its name."""

    same: tuple[Action, ...] = ()
    near: tuple[Action, ...] = ()

    def verdict(self, settled: bool, ours: bool) -> State:
        """Tell what became of the submission.

        `settled`: what Buddy has not added by now, it will not add any more. `ours`: there is a send for each of the
        same, and the ids seen before it were read so shortly before that nobody can have added one by hand in between.
        Without that, an action that looks the same can be somebody else's, and a person is asked.
        """
        if self.same and ours:
            return State.FOUND
        if self.same:
            return State.AMBIGUOUS
        if not settled:
            return State.UNKNOWN
        return State.AMBIGUOUS if self.near else State.ABSENT


def candidates(seen: Collection[int], now: Iterable[ActionSummary], sent: Mapping[str, Any]) -> tuple[int, ...]:
    """Name the actions that the pipeline has `now`, had not when it was `seen`, and that go by what was `sent`.

    What can't be read of an action in a list may be anything.
    """
    type, name = sent["type"], sent["name"].strip()
    return tuple(
        item.id for item in now if item.id not in seen and item.type in ("", type) and item.name.strip() in ("", name)
    )


def maybe_renamed(
    seen: Collection[int], now: Iterable[ActionSummary], named: Collection[int], sent: Mapping[str, Any]
) -> tuple[int, ...]:
    """Name the other actions that are new and of the type that was `sent`: somebody may have renamed ours since."""
    return tuple(item.id for item in now if item.id not in {*seen, *named} and item.type == sent["type"])


def is_renamed(action: Action, sent: Mapping[str, Any]) -> bool:
    """Whether an action is what was `sent` in everything but its name."""
    return differences(sent, action.raw) == ("name",)


def match(seen: Collection[int], now: Iterable[Action], sent: Mapping[str, Any]) -> Match:
    """Compare the whole actions of `now` that had not been `seen` before with the redacted request that was `sent`."""
    new = [action for action in now if action.id not in seen]
    same = tuple(action for action in new if not differences(sent, action.raw))
    return Match(same, tuple(action for action in new if action not in same))
