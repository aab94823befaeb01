"""The form that changes an action: the same boxes, filled in as Buddy has it, and what of them may be changed."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wtforms import Form

from webapp.buddy.changes import changes, with_image
from webapp.buddy.container import Container, redacted, with_stand_ins
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.docker.texts import blank
from webapp.forms.action_form.copies import Copy, mapping_of
from webapp.forms.action_form.form import RunContainerForm
from webapp.forms.action_form.posted import ROW_NAME, Typed, rows_of, with_rows
from webapp.forms.action_form.ruled import Judge
from webapp.forms.action_form.secrets import hidden_keys, is_secret, without_taken
from webapp.forms.action_form.variables import TYPES
from webapp.forms.messages import blame, overlook

ANOTHER_SOURCE = "Where the image comes from must stay as it is. For another kind, add a new action and delete this one"
LOCKED = "{thing} must be changed in Buddy: not all that is set there can be shown here"
TYPE_AGAIN = "Enter the value again, or remove the variable: Buddy takes all together, and tells no encrypted value"


def opened(stored: StoredContainer, copy: Copy) -> OpenedAction:
    """What the form must know of an action to tell later what was changed."""
    locked, container = [], stored.container
    if stored.unread_volumes or not all(map(mapping_of, container.volume_mappings)):
        locked.append("volume_mappings")
    if stored.rich_variables or stored.unread_variables or any(item.type not in TYPES for item in container.variables):
        locked.append("variables")
    return OpenedAction(stored.id, copy.typed, tuple(locked))


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
        return self._before.to_request()

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
        return changes(self._before.to_request(), self.to_request())

    def to_body(self) -> dict[str, Any]:
        """The same as it is sent: with what Buddy asks for besides, as the action had it when it was read."""
        return with_image(self.to_changes(), self.opened.before)

    def redacted(self) -> dict[str, Any]:
        """What is sent, without secrets."""
        return redacted(self.to_body())

    def with_stand_ins(self, stand_in: Callable[[str], str]) -> dict[str, Any]:
        """The same with something in place of each secret, given the variable's name, or none for the password."""
        return with_stand_ins(self.to_body(), stand_in)

    def secrets(self) -> Collection[str]:
        """The secrets that were typed."""
        return self.to_request().secrets()

    def public_before(self) -> Typed:
        """The action as it was, without what this change takes as secrets: what may be kept and shown once it is sent.

        A secret can have been the plain value of a variable of another name, too.
        """
        request = self.to_request()
        keys = {item.key for item in request.variables if item.secret}
        return without_taken(self.opened.before, keys, request.secrets())

    def overtaken(self, now: Mapping[str, str]) -> dict[str, Any]:
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
        return bool(rows(after) != rows(self._before.to_request()))

    def _overlook_unchanged(self) -> None:
        parts: list[tuple[Form, Form]] = [(self, self._before), *zip(self.sections, self._before.sections, strict=True)]
        for now, before in parts:
            overlook(*(field for field, old in zip(now, before, strict=True) if (field.data or "") == (old.data or "")))
        if self.registry.password_kept.data and not self.registry.password.text:
            blame(self.registry.password, "Enter the password again: Slipway keeps secrets for at most 24 hours")
        if not self._volumes_changed:
            self.volumes_problem = ""
            overlook(*(field for row in self.volumes for field in row))
        if not self._variables_changed:
            self.variables_problem = ""
            overlook(*(field for row in self.variables for field in row if blank(row.kept.data)))

    def _check_locked(self) -> None:
        if "volume_mappings" in self.opened.locked and self._volumes_changed:
            self.volumes_problem = LOCKED.format(thing="Volume mappings")
        if "variables" in self.opened.locked and self._variables_changed:
            self.variables_problem = LOCKED.format(thing="Variables")
