"""The form that changes an action: the same boxes, filled in as Buddy has it, and what of them may be changed."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from wtforms import Form

from webapp.buddy.changes import alike, changes, with_image
from webapp.buddy.container import OWN, Container, redacted, with_stand_ins
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.buddy.variables import Variable
from webapp.docker.texts import blank
from webapp.forms.action_form.copies import Copy, as_line, as_posted, mapping_of
from webapp.forms.action_form.form import OTHER_FOLDER, OTHER_NAME, SEVERAL_LINES, RunContainerForm
from webapp.forms.action_form.posted import ROW_NAME, Typed, rows_of, with_rows
from webapp.forms.action_form.ruled import Judge
from webapp.forms.action_form.secrets import hidden_keys, is_secret, without_taken
from webapp.forms.action_form.variables import TYPES
from webapp.forms.fields import Line
from webapp.forms.messages import blame, overlook

T = TypeVar("T")
ANOTHER_SOURCE = "Where the image comes from must stay as it is. For another kind, add a new action and delete this one"
LOCKED = "{thing} must be changed in Buddy: not all that is set there can be shown here"
# What of a variable is told to the letter.
EXACT = ("key", "value", "description")
TYPE_AGAIN = (
    "Enter the value again, or remove the variable: Buddy takes all together, and does not tell encrypted values"
)


def opened(stored: StoredContainer, copy: Copy) -> OpenedAction:
    """What the form must know of an action to tell later what was changed."""
    locked, container = [], stored.container
    if stored.unread_volumes or not all(mapping_of(text) and fits_rows(text) for text in container.volume_mappings):
        locked.append("volume_mappings")
    if stored.rich_variables or stored.unread_variables or any(item.type not in TYPES for item in container.variables):
        locked.append("variables")
    if not all(fits_line(item.key) for item in container.variables):
        locked.append("variables")
    exact = ({name: vars(item)[name] for name in EXACT} for item in container.variables if as_typed(item) != item)
    boxes = {
        name: value
        for name, value in stored.values().items()
        if isinstance(value, str) and name not in SEVERAL_LINES and copy.typed.get(name, value) != value
    }
    return OpenedAction(stored.id, copy.typed, tuple(locked), tuple(exact), boxes)


def as_typed(item: Variable) -> Variable:
    """A variable as it comes out of a form."""
    value = None if item.value is None else as_posted(item.value)
    return replace(item, value=value, description=as_line(item.description))


def fits_line(text: str) -> bool:
    """Whether a text comes back from a box of one line as it was."""
    return as_line(text) == text


def fits_rows(mapping: str) -> bool:
    """Whether both folders of a mapping come back from their boxes as they were."""
    return all(map(fits_line, mapping.split(":")))


def exactly(item: Variable, told: Mapping[str, str]) -> Variable:
    """A variable with the value and the description that Buddy has."""
    return replace(item, value=told["value"], description=told["description"])


def as_held(container: Container, opened: OpenedAction) -> Container:
    """What a form asks for, to the letter as Buddy has it where nobody has touched it. An image that nobody has touched
    is not sent."""
    held = {each["key"]: each for each in opened.exact}
    untouched: dict[str, Any] = {
        name: text for name, text in opened.boxes.items() if name in OWN and getattr(container, name) == as_line(text)
    }

    def restored(item: Variable) -> Variable:
        return original if item.key in held and as_typed(original := exactly(item, held[item.key])) == item else item

    return replace(container, variables=tuple(map(restored, container.variables)), **untouched)


def takes(left: Counter[T], item: T) -> bool:
    """Take one of what is left, if it is there."""
    there = left[item] > 0
    left[item] -= there
    return there


def overlook_rows(rows: Sequence[tuple[Line, Form]], untouched: Sequence[bool], message: str) -> None:
    """Take the messages off rows that nobody has touched; what was touched must not say what one of these says."""
    said = {
        field.text: number for number, ((field, _), same) in enumerate(zip(rows, untouched, strict=True), 1) if same
    }
    for (field, row), same in zip(rows, untouched, strict=True):
        if same:
            overlook(*row)
        elif field.text in said and field.text:
            blame(field, message.format(row=said[field.text]))


class ChangeForm(RunContainerForm):
    """Strings in, a change out. What is as Buddy has it is not checked: it is not sent."""

    def __init__(
        self, typed: Mapping[str, str], secrets: Mapping[str, str], snapshot: Snapshot, judge: Judge | None = None
    ) -> None:
        super().__init__(typed, secrets, snapshot, judge)
        assert snapshot.opened is not None, "the form was opened for an action"
        self.opened = snapshot.opened
        self._before = RunContainerForm(self.opened.before, {}, snapshot)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was changed."""
        super().validate(extra_validators)
        self._overlook_unchanged()
        if self.source.chosen != self._before.source.chosen:
            self.image.image_source.errors = [ANOTHER_SOURCE]
        self._check_locked()
        if self._variables_changed:
            for row in self.variables:
                if row.unknown.data and not row.value.text and not row.empty:
                    row.value.errors = [TYPE_AGAIN]
        return not self.csrf_token.errors and next(self.problems(), None) is None

    @property
    def request_before(self) -> Container:
        """The action as Buddy has it."""
        return as_held(self._before.to_request(), self.opened)

    def to_request(self) -> Container:
        """The action as it will be. Call it on a form that has been validated."""
        return as_held(super().to_request(), self.opened)

    @property
    def settled_source(self) -> str:
        """Where the image of the action comes from: it can't be changed."""
        return self.opened.before["image_source"]

    @property
    def has_secret_variables(self) -> bool:
        """Whether the action has variables whose values have to be typed again where any variable is changed."""
        return any(map(is_secret, rows_of(self.opened.before, "variables")))

    def to_changes(self) -> dict[str, Any]:
        """What differs, with name and type; empty when nothing does. Call it on a form that has been validated."""
        return changes(self.request_before, self.to_request())

    def to_body(self) -> dict[str, Any]:
        """The same as it is sent: with what Buddy asks for besides, as the action had it when it was read."""
        return with_image(self.to_changes(), self.opened.held)

    def redacted(self) -> dict[str, Any]:
        """What is sent, without secrets."""
        return redacted(self.to_body())

    def with_stand_ins(self, stand_in: Callable[[str], str]) -> dict[str, Any]:
        """The same with something in place of each secret, given the variable's name, or none for the password."""
        return with_stand_ins(self.to_body(), stand_in)

    def secrets(self) -> Collection[str]:
        """The secrets that were typed."""
        return self.to_request().secrets()

    def public_before(self) -> OpenedAction:
        """The action as it was, without what this change takes as secrets: what may be kept and shown once it is sent.

        A secret can have been the plain value of a variable of another name, too.
        """
        request = self.to_request()
        keys = {item.key for item in request.variables if item.secret}
        secrets = request.secrets()
        exact = (each for each in self.opened.exact if each["key"] not in keys and each["value"] not in secrets)
        before = without_taken(self.opened.before, keys, secrets)
        return replace(self.opened, before=before, exact=tuple(exact), alike=alike(self.request_before, request))

    def conflicts(self, now: Mapping[str, str]) -> dict[str, Any]:
        """What somebody else has changed in Buddy meanwhile and this form changes, too: by its name, as it is `now`."""
        mine, before = self.to_changes(), self._before.to_request()
        # A value that is not known here any more can't be compared.
        known = without_taken(now, hidden_keys(self.opened.before))
        after = RunContainerForm(known, {}, self.snapshot).to_request()
        theirs = redacted(changes(before, after))
        same = {"type"} if self.name.text != before.name else {"type", "name"}
        return {name: theirs[name] for name in theirs if name in mine.keys() - same and theirs[name] != mine[name]}

    def rebased(self, typed: Mapping[str, str], now: Mapping[str, str]) -> Typed:
        """What was typed, over the action as it is `now`: what was not changed on this form is as in Buddy."""
        before = self.opened.before
        names = {name for name in {*typed, *now} if not ROW_NAME.fullmatch(name)}
        merged = {
            name: typed.get(name, "") if typed.get(name, "") != before.get(name, "") else now.get(name, "")
            for name in names
        }
        for kind, changed in (("volume_mappings", self._volumes_changed), ("variables", self._variables_changed)):
            merged = with_rows(merged, kind, rows_of(typed if changed else now, kind))
        return merged

    @property
    def _volumes_changed(self) -> bool:
        return self._rows_differ(lambda request: request.volume_mappings)

    @property
    def _variables_changed(self) -> bool:
        return self._rows_differ(lambda request: request.variables)

    def _rows_differ(self, rows: Any) -> bool:
        after: Container = self.to_request()
        return bool(rows(after) != rows(self.request_before))

    def _overlook_unchanged(self) -> None:
        parts: list[tuple[Form, Form]] = [(self, self._before), *zip(self.sections, self._before.sections, strict=True)]
        for now, before in parts:
            overlook(*(field for field, old in zip(now, before, strict=True) if (field.data or "") == (old.data or "")))
        if self.registry.password_kept.data and not self.registry.password.text:
            blame(self.registry.password, self.registry.again)
        if not self._volumes_changed:
            self.volumes_problem = ""
            overlook(*(field for row in self.volumes for field in row))
        if not self._variables_changed:
            self.variables_problem = ""
            overlook(*(field for row in self.variables for field in row if blank(row.kept.data)))
        self._overlook_untouched()

    def _overlook_untouched(self) -> None:
        """What Buddy has is right: it goes back with what is changed beside it, and only that has to differ from it."""
        before = self._before.to_request()
        variables = Counter(before.variables)
        untouched = [blank(row.kept.data) and takes(variables, row.to_variable()) for row in self.variables]
        overlook_rows([(row.key, row) for row in self.variables], untouched, OTHER_NAME)
        mappings = Counter(before.volume_mappings)
        kept = [takes(mappings, row.mapping().format()) for row in self.volumes]
        overlook_rows([(row.target, row) for row in self.volumes], kept, OTHER_FOLDER)

    def _check_locked(self) -> None:
        if "volume_mappings" in self.opened.locked and self._volumes_changed:
            self.volumes_problem = LOCKED.format(thing="Volume mappings")
        if "variables" in self.opened.locked and self._variables_changed:
            self.variables_problem = LOCKED.format(thing="Variables")
