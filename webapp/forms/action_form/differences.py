"""What a change makes of an action, in words: each setting as it was and as it will be, and no secret."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from webapp.buddy.changes import asked
from webapp.buddy.container import SETTINGS
from webapp.buddy.echoes import Echo
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.variables import Variable
from webapp.forms.action_form.containers import container_in
from webapp.forms.action_form.facts import NOT_SHOWN, Values, VariableFact, term_of, values_of, volume, words_of
from webapp.forms.action_form.secrets import without_taken
from webapp.forms.chosen import value_in_words
from webapp.prepared.secrets import PASSWORD, slots
from webapp.prepared.templates import Template

NOTHING = "nothing"
ANEW = "entered again"
NOT_TOLD = "not told"
# What the value of a variable was before it became a secret.
WAS_PLAIN = f"a plain value, {NOT_SHOWN}"
REORDERED = "the same, in another order"


@dataclass(frozen=True)
class Difference:
    """A setting, or one row of it, `before` and `after`. `name` is Buddy's name of the setting. One that was typed
    `anew` can't be read: nobody can tell whether it differs. `values` are what a box holds on both sides, where that is
    a text by itself."""

    name: str
    term: str
    before: str
    after: str
    anew: bool = False
    values: tuple[str, str] | None = None

    @property
    def called(self) -> str:
        """The term, in a list of what was changed."""
        return f"{self.term} ({ANEW})" if self.anew else self.term


@dataclass(frozen=True)
class Row:
    """One row of a setting in words; of a `secret` one they don't tell whether it is the same. `value` is what is in
    it, where that can be read."""

    words: str = NOTHING
    secret: bool = False
    value: str | None = None


NO_ROW = Row()


def differences(before: Mapping[str, str], body: Mapping[str, Any], snapshot: Snapshot) -> tuple[Difference, ...]:
    """What the body of a PATCH changes, in which secrets are replaced; `before` are the form's fields as they were.

    What a variable was is not told where the change has taken its value as a secret.
    """
    wanted = values_of(asked(body, before))
    public = without_taken(before, taken_keys(wanted))
    return shown_differences(values_before(public, snapshot), wanted, snapshot, resent=True)


def by_people(found: Iterable[Difference], template: Template | None) -> tuple[Difference, ...]:
    """What somebody has changed by other answers to a template: each as its question says it, without the secrets that
    are sent along with every change. Without a template all stays as it is."""
    if template is None:
        return tuple(found)
    terms = {
        term_of("password") if slot == PASSWORD else variable_term(slot.rpartition(":")[2]) for slot in slots(template)
    }
    return tuple(as_asked(item, template) for item in found if not (item.anew and item.term in terms))


def as_asked(item: Difference, template: Template) -> Difference:
    """A difference in the words of the question that fills in its box, if one does."""
    box = item.term.replace(variable_term(""), "variables-", 1) if item.name == "variables" else item.name
    question = template.question_in(box)
    if question is None:
        return item
    if item.values is None:
        return replace(item, term=question.label)
    before, after = (value_in_words(question, value) or NOTHING for value in item.values)
    return replace(item, term=question.label, before=before, after=after)


def variable_term(key: str) -> str:
    """What a variable is called."""
    return f"Variable {key}"


def taken_keys(wanted: Values) -> set[str]:
    """The names of the variables whose values a change takes as secrets."""
    return {item.key for item in wanted.get("variables", ()) if item.secret}


def values_before(typed: Mapping[str, str], snapshot: Snapshot) -> Values:
    """The value of each setting of an action that the form was filled in like."""
    unset = {name: setting.kind.empty for name, setting in SETTINGS.items()}
    # A time that the form does not offer was left out of it.
    return unset | container_in(typed, snapshot).values() | {"trigger_time": typed.get("trigger_time", "")}


def answered_otherwise(echoes: Iterable[Echo], snapshot: Snapshot) -> tuple[Difference, ...]:
    """What of a request Buddy's answer says otherwise."""
    other = [echo for echo in echoes if echo.state == "different"]
    sent, answered = ({each.name: getattr(each, side) for each in other} for side in ("sent", "answered"))
    return shown_differences(values_of(sent), values_of(answered), snapshot)


def shown_differences(
    before: Values, after: Values, snapshot: Snapshot, resent: bool = False
) -> tuple[Difference, ...]:
    """The differences of settings that are in `after`; also the secrets in it, where they were `resent`."""
    return tuple(item for name in after for item in difference(name, before[name], after[name], snapshot, resent))


def difference(name: str, before: Any, after: Any, snapshot: Snapshot, resent: bool) -> Iterator[Difference]:
    """What is different in one setting: each row of it by itself, where it has rows."""
    if name == "variables":
        yield from of_rows(name, variables(before, WAS_PLAIN), variables(after), before != after, resent)
    elif name == "volume_mappings":
        yield from of_rows(name, volumes(before), volumes(after), before != after, resent)
    elif name == "password":
        yield Difference(name, term_of(name), NOT_SHOWN, f"{ANEW}, {NOT_SHOWN}", anew=True)
    elif name == "after_action_id":
        yield Difference(name, term_of(name), NOT_TOLD, words_of(name, after, snapshot))
    elif before != after:
        old, new = (words_of(name, value, snapshot) or NOTHING for value in (before, after))
        values = (before, after) if isinstance(before, str) and isinstance(after, str) else None
        yield Difference(name, term_of(name), old, new, values=values)


def variables(items: tuple[Variable, ...], unknown: str = "empty") -> dict[str, Row]:
    """Each variable in words, by what it is called; `unknown` stands for a plain value that is not known."""
    return {variable_term(item.key): variable_row(item, unknown) for item in items}


def variable_row(item: Variable, unknown: str) -> Row:
    """A variable in words."""
    fact, missing = VariableFact.of(item, f"encrypted, {NOT_SHOWN}"), item.value is None
    words = ", ".join(filter(None, (fact.value or (unknown if missing else "empty"), fact.more)))
    return Row(words, fact.secret, None if fact.secret or missing else fact.value)


def volumes(texts: tuple[str, ...]) -> dict[str, Row]:
    """The folder of each volume mapping in the pipeline, by its folder in the container."""
    return {f"Volume {target or source}": Row(source) for source, target in map(volume, texts)}


def of_rows(
    name: str, before: Mapping[str, Row], after: Mapping[str, Row], changed: bool, resent: bool
) -> Iterator[Difference]:
    """The rows that are not the same, and the secret ones that were sent anew: nobody can tell whether they are."""
    pairs = {key: (before.get(key, NO_ROW), after.get(key, NO_ROW)) for key in dict.fromkeys((*before, *after))}
    different = [
        Difference(
            name,
            key,
            old.words,
            f"{new.words}, {ANEW}" if old == new else new.words,
            anew=old == new,
            values=None if old.value is None or new.value is None else (old.value, new.value),
        )
        for key, (old, new) in pairs.items()
        if old != new or (new.secret and resent)
    ]
    yield from different or ([Difference(name, term_of(name), REORDERED, REORDERED)] if changed else [])
