"""The team's rules for what is sent: read for each request, and changed by administrators."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.prepared.sending_rules import SWITCHES, SendingRules, Subject, described
from webapp.store.events import Actor, NewEvent
from webapp.store.rules import RuleTable, StoredRules

# Before anybody has set any rules.
NONE_YET = StoredRules({}, 0)
# Who may do what a switch is for.
MAY = {False: "administrators alone", True: "editors too"}


@dataclass(frozen=True)
class Rulebook:
    """The rules as they are kept."""

    table: RuleTable

    def now(self) -> SendingRules:
        """The present rules. Raises `JournalUnavailable`."""
        return self.opened()[0]

    def opened(self) -> tuple[SendingRules, int]:
        """The present rules and their version, which is 0 before anybody has set any. Raises `JournalUnavailable`."""
        kept = self.table.find() or NONE_YET
        return SendingRules.from_json(kept.content), kept.version

    def change(self, rules: SendingRules, version: int, actor: Actor) -> bool:
        """Put rules in the place of those of a version. False when there are newer ones: nothing is changed.

        Raises `Conflict` when `actor` is no administrator any more.
        """
        kept = self.table.find() or NONE_YET
        if kept.version != version:
            return False
        events = list(changes(SendingRules.from_json(kept.content), rules, actor))
        # What a newer Slipway has written besides stays.
        content = {**kept.content, **rules.to_json()}
        return not events or self.table.put(content, version, actor, events)


def changes(before: SendingRules, after: SendingRules, actor: Actor) -> Iterator[NewEvent]:
    """What the record tells of a change: each rule that is another one now, as it was and as it is."""
    for subject in Subject:
        old, new = before.rule(subject), after.rule(subject)
        if old != new:
            details = {"rule": subject, "was": described(old), "is": described(new)}
            yield NewEvent(actor, "rule changed", new.verdict or "off", details)
    for name in SWITCHES:
        old_people, new_people = (MAY[getattr(each, name)] for each in (before, after))
        if old_people != new_people:
            details = {"rule": name, "was": old_people, "is": new_people}
            yield NewEvent(actor, "rule changed", details=details)
