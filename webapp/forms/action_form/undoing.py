"""Putting an action back as it was before a change: a form for the change that undoes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from webapp.buddy.changes import asked, changes, whole
from webapp.buddy.container import SETTINGS, Container, redacted
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.containers import container_in
from webapp.forms.action_form.differences import (
    NOTHING,
    REORDERED,
    Difference,
    shown_differences,
    taken_keys,
    values_before,
)
from webapp.forms.action_form.facts import values_of
from webapp.forms.action_form.posted import ROW_NAME, Typed, rows_of
from webapp.forms.action_form.secrets import is_secret, without_secrets, without_taken

PASSWORD = "The password for the registry. If you leave it empty, the one that Buddy has now stays."
POSITION = "The position in the pipeline: Buddy does not tell where the action was. Move it in Buddy."
# What a row of a setting is called, which of its boxes names it, and which one holds what it is set to.
ROWS: Mapping[str, tuple[str, str, str]] = {
    "variables": ("Variable", "key", "value"),
    "volume_mappings": ("Volume", "target", "source"),
}
# In characters: what is longer is not told beside a box.
LONGEST_MARK = 80
TIME = "When it runs: it was something that this form does not offer. Change it in Buddy."


@dataclass(frozen=True)
class Undo:
    """What fills in the form that undoes a change, and a line for each thing that it can't put back by itself.

    `back` is what it puts back. Secrets can't be read back, so that they are `asked` for; what is `lost` must be put
    back in Buddy. Of what was changed since, `overwritten` is written over by the form and `left` stays. `nothing`: all
    of it is as it was.
    """

    typed: Typed
    back: tuple[Difference, ...]
    asked: tuple[str, ...]
    lost: tuple[str, ...]
    overwritten: tuple[Difference, ...]
    left: tuple[Difference, ...]
    nothing: bool

    @classmethod
    def of(cls, change: Snapshot, sent: Mapping[str, Any], held: Mapping[str, str], now: Typed) -> "Undo":
        """Undo a change that has `sent` this body, of a form that `held` these fields, in an action as it is `now`."""
        assert change.opened is not None, "a change is of an action"
        wanted = asked(sent, change.opened.held)
        before = without_taken(change.opened.before, taken_keys(values_of(wanted)))
        after = after_change(before, held, wanted)
        old = {"trigger_time": after.get("trigger_time", ""), **before}
        form = ChangeForm(old, {}, replace(change, opened=replace(change.opened, before=after)))
        typed = {name: value for name, value in form.rebased(old, now).items() if name != "trigger_time" or value}
        here, there = (container_in(fields, change) for fields in (now, typed))
        back = changes(here, there)
        # What is as it was before the change has been put back since.
        other = unlike(container_in(old, change), here)
        since = shown_differences(
            values_before(after, change), values_of(unlike(container_in(after, change), here)), change
        )
        return cls(
            typed,
            shown_differences(values_before(now, change), values_of(unlike(here, there)), change),
            tuple(unreadable(wanted, before)),
            tuple(not_known(wanted, before)),
            tuple(item for item in since if item.name in back),
            tuple(item for item in since if item.name in other and item.name not in back),
            not back,
        )

    @property
    def unmarked(self) -> tuple[str, ...]:
        """What to say of what it puts back in no box: rows that are taken out again, and the order of rows."""
        rows = [item for item in self.back if item.name in ROWS and item.after in (NOTHING, REORDERED)]
        return tuple(f"{item.term}: {taken_out(item)}" for item in rows)

    def marks(self, held: Mapping[str, str]) -> dict[str, str]:
        """What to say beside the boxes of a form that `held` these fields: by the names of those that put something
        back, and hold it still."""
        boxes = {item.name: item for item in self.back if item.name not in ROWS} | dict(self._rows_back())
        return {name: mark(item) for name, item in boxes.items() if held.get(name, "") == self.typed.get(name, "")}

    def _rows_back(self) -> Iterator[tuple[str, Difference]]:
        by_term = {(item.name, item.term): item for item in self.back}
        for kind, (thing, called, box) in ROWS.items():
            for number, row in enumerate(rows_of(self.typed, kind)):
                item = by_term.get((kind, f"{thing} {row.get(called) or row.get(box, '')}"))
                if item is not None:
                    yield f"{kind}-{number}-{box}", item


def taken_out(item: Difference) -> str:
    """Say of a row that has no box any more what is put back."""
    if item.after == item.before:
        return "the order that it had"
    return f"was {item.before}, is taken out again" if is_short(item) else "is taken out again"


def is_short(item: Difference) -> bool:
    """Whether it can be told in a sentence: long texts can't, and lines would run into each other."""
    return max(len(item.before), len(item.after)) <= LONGEST_MARK and "\n" not in item.before + item.after


def mark(item: Difference) -> str:
    """Say of a box what it puts back."""
    if not is_short(item):
        return "Is put back to what it was before."
    if item.name in ROWS and item.before == NOTHING:
        return "Was taken out, is put back."
    return f"Was “{item.before}”, is put back to “{item.after}”."


def after_change(before: Mapping[str, str], held: Mapping[str, str], wanted: Mapping[str, Any]) -> Typed:
    """The form's fields as the action was after a change: what it `wanted`, over what was there."""
    public = without_secrets(held)
    boxes = {name: text for name, text in before.items() if not ROW_NAME.fullmatch(name) and name not in wanted}
    rows = {name: text for name, text in public.items() if ROW_NAME.fullmatch(name)}
    return boxes | rows | {name: text for name, text in public.items() if name in wanted}


def unlike(before: Container, after: Container) -> dict[str, Any]:
    """The settings in which two actions don't say the same, as the second one has them."""
    old, new = (redacted(whole(each)) for each in (before, after))
    return {name: new[name] for name in new if name in old and not SETTINGS[name].kind.agree(old[name], new[name])}


def unreadable(wanted: Mapping[str, Any], before: Mapping[str, str]) -> Iterator[str]:
    """A line for each secret that was changed: nobody can read what it was."""
    if "password" in wanted:
        yield PASSWORD
    for row in rows_of(before, "variables") if "variables" in wanted else ():
        if is_secret(row) or row.get("unknown"):
            yield f"The value of the variable {row.get('key', '')}."


def not_known(wanted: Mapping[str, Any], before: Mapping[str, str]) -> Iterator[str]:
    """A line for each setting that was changed, and of which it is not known what it was."""
    if "after_action_id" in wanted:
        yield POSITION
    if "trigger_time" in wanted and "trigger_time" not in before:
        yield TIME
