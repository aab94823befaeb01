"""The form that adds a "Run Docker container" action: its sections, the rules between them, and its request."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField
from wtforms.fields.core import UnboundField
from wtforms.form import FormMeta

from webapp.buddy.container import EVERY_EXECUTION, OWN, SETTINGS, Container
from webapp.buddy.snapshot import Snapshot
from webapp.docker.texts import blank
from webapp.forms.action_form.commands import CommandsForm
from webapp.forms.action_form.images import SPLIT_IT, USUAL_TAG, ImageForm
from webapp.forms.action_form.options import OptionsForm
from webapp.forms.action_form.pastes import PastesForm
from webapp.forms.action_form.posted import MOST_VARIABLES, MOST_VOLUMES, PAGE_FIELDS, Typed, clean, rows_of
from webapp.forms.action_form.registries import KINDS, RegistryForm
from webapp.forms.action_form.ruled import Judge, warn
from webapp.forms.action_form.secrets import was_typed_for
from webapp.forms.action_form.sources import Source, goes_with, takes
from webapp.forms.action_form.variables import PLAIN, VariableForm
from webapp.forms.action_form.volumes import FilesystemForm, VolumeMappingForm
from webapp.forms.fields import Box, Limited, Line, Text, Tick
from webapp.forms.messages import blame, blame_repeats, in_row, messages, row_messages
from webapp.forms.quick import QuickForm
from webapp.forms.tokens import PostedTokens
from webapp.forms.validators import needed, plain
from webapp.prepared.sending_rules import Verdict

API_NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")
DEFAULTS: Typed = {
    "image_source": "public",
    "docker_image_tag": USUAL_TAG,
    "trigger_time": EVERY_EXECUTION,
}


OTHER_FOLDER = "The folder in the container must differ from volume {row}"
OTHER_NAME = "The name must differ from variable {row}"
SECTIONS = (ImageForm, RegistryForm, CommandsForm, FilesystemForm, OptionsForm)
ROWS = {"volume_mappings": VolumeMappingForm, "variables": VariableForm}


class RunContainerForm(QuickForm, FlaskForm):
    """Strings in, a `Container` out.

    `typed` are the public fields, `secrets` the kept values by id, `snapshot` what is known of the pipeline. `judge`
    knows the team's rules for what is sent; without one there are none.
    """

    class Meta:
        """How it is protected from being posted by another page."""

        csrf_class = PostedTokens

    envelope = HiddenField()
    name = Line(
        "Name of the action",
        [needed("Enter a name for the action, for example Run tests"), plain("The name of the action")],
        description="What the action is called in the pipeline, for example Run tests.",
    )

    def __init__(
        self, typed: Mapping[str, str], secrets: Mapping[str, str], snapshot: Snapshot, judge: Judge | None = None
    ) -> None:
        data = MultiDict(typed)
        super().__init__(formdata=data)
        self.snapshot = snapshot
        self.judge = judge
        self.warnings: list[tuple[str, str]] = []
        self.rules_problem = ""
        self.pastes = PastesForm(data)
        self.image = ImageForm(data)
        self.commands = CommandsForm(data)
        self.registry = RegistryForm(data)
        kept = self.registry.password_kept.data or ""
        self.registry.for_another = kept in secrets and not was_typed_for(kept, typed)
        self.registry.password.data = "" if self.registry.for_another else secrets.get(kept, "")
        self.filesystem = FilesystemForm(data)
        self.options = OptionsForm(data)
        self.volumes = [
            VolumeMappingForm(data, prefix=f"volume_mappings-{number}-")
            for number in range(len(rows_of(typed, "volume_mappings")))
        ]
        self.variables = [
            VariableForm(data, prefix=f"variables-{number}-", secrets=secrets)
            for number in range(len(rows_of(typed, "variables")))
        ]
        self.volumes_problem = ""
        self.variables_problem = ""
        self.source = Source(self.image, self.registry, snapshot)
        self.source.fill()

    @property
    def sections(self) -> list[Form]:
        """The sections, in the order of the page."""
        return [self.image, self.registry, self.commands, self.filesystem, self.options]

    def mark(self, notes: Mapping[str, str]) -> None:
        """Say something beside boxes: of each by its name."""
        parts: list[Form] = [self, *self.sections, *self.volumes, *self.variables]
        for field in (field for part in parts for field in part if isinstance(field, Box)):
            field.note = notes.get(field.name, "")

    @property
    def filled_rows(self) -> list[VolumeMappingForm | VariableForm]:
        """The rows in which something was typed."""
        rows: list[VolumeMappingForm | VariableForm] = [*self.volumes, *self.variables]
        return [row for row in rows if not row.empty]

    @property
    def splittable(self) -> bool:
        """Whether the image name holds a registry or a tag that belongs into its own box."""
        return SPLIT_IT in self.image.docker_image_name.errors

    @property
    def likely_secrets(self) -> list[str]:
        """The ids of the names of variables that are probably secrets, and are not encrypted."""
        return [row.key.id for row in self.variables if row.likely_secret]

    @property
    def volumes_filled(self) -> bool:
        """Whether there is any volume mapping."""
        return any(not row.empty for row in self.volumes)

    @property
    def options_used(self) -> bool:
        """Whether any of the rarely used options differs from its default or has a message."""
        fields = [*self.filesystem, *self.options]
        return any(
            field.errors or field.warnings or field.data not in (None, "", False, EVERY_EXECUTION) for field in fields
        )

    def folds(self, box: str) -> bool:
        """Whether a box is among the rarely used ones, which are folded away."""
        return any(field.id == box for field in [*self.filesystem, *self.options])

    @property
    def build_actions(self) -> list[tuple[str, str]]:
        """The build actions to offer, the one just before first."""
        seen = [(str(action.id), action.name) for action in self.snapshot.build_actions]
        return [("", "None, or by its name below"), ("0", "The action just before this one"), *seen]

    @property
    def positions(self) -> list[tuple[str, str]]:
        """The places in the pipeline to offer; none where its actions are not known by name."""
        seen = [(str(action.id), f"After “{action.name}”") for action in self.snapshot.actions]
        return [("", "At the end"), *seen] if seen else []

    @property
    def integrations(self) -> list[tuple[str, str]]:
        """The integrations to offer; none where none is known, since the identifier can be typed."""
        known = self.snapshot.integrations
        seen = [(item.reference, f"{item.name} ({KINDS.get(item.type, item.type)})") for item in known]
        return [("", "Choose an integration"), *seen] if seen else []

    @property
    def integration_takes(self) -> dict[str, str]:
        """Which boxes go with each integration that is offered."""
        seen = {item.reference: " ".join(sorted(takes(item.type))) for item in self.snapshot.integrations}
        return {"": "", **seen}

    @property
    def password_kept(self) -> bool:
        """Whether a password is kept for this form."""
        return bool(self.registry.password.data)

    def forget(self, kept: Collection[str]) -> None:
        """Ask again for every secret whose id is not among those that are `kept`."""
        if self.registry.password_kept.data not in kept:
            self.registry.password.data = ""
        for row in self.variables:
            row.value_kept = row.value_kept and row.kept.data in kept

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, then what holds between fields."""
        super().validate(extra_validators)
        for part in [self.pastes, *self.sections, *self.filled_rows]:
            part.validate()
        self.source.check()
        self._check_rows()
        self._apply_rules()
        return not self.csrf_token.errors and next(self.problems(), None) is None

    def forged(self) -> bool:
        """Whether the CSRF token is missing, or another browser's."""
        return not self.csrf_token.validate(self)

    def problems(self) -> Iterator[tuple[str, str]]:
        """All messages in the order of the page, each with the id of its field or, where it has none, an empty id.

        What is wrong in a row says which row it is, by its name where it has one.
        """
        if self.rules_problem:
            yield "", self.rules_problem
        yield from messages(self)
        yield from messages(self.pastes)
        for part in [self.image, self.registry, self.commands, self.filesystem]:
            yield from messages(part)
        if self.volumes_problem:
            yield "volume_mappings", self.volumes_problem
        yield from row_messages((partial(row.called, number), [row]) for number, row in enumerate(self.volumes, 1))
        if self.variables_problem:
            yield "variables", self.variables_problem
        yield from row_messages((partial(row.called, number), [row]) for number, row in enumerate(self.variables, 1))
        yield from messages(self.options)

    @property
    def settled_source(self) -> str:
        """Where the image comes from, when that can't be changed; an empty text when it can."""
        return ""

    def offers(self, name: str) -> bool:
        """Whether the page has the box of this name: what goes with another source than the settled one is left out."""
        return not self.settled_source or goes_with(name, self.settled_source)

    def field_named_in(self, message: str) -> str:
        """The id of the field whose API name stands in one of Buddy's own messages; empty when none does."""
        parts: list[Form] = [self, *self.sections]
        ids = {field.name: field.id for part in parts for field in part}
        ids |= {"volume_mappings": "volume_mappings", "variables": "variables"}
        return next((ids[word] for word in API_NAME.findall(message) if word in ids and self.offers(word)), "")

    def to_request(self) -> Container:
        """Build the request. Call it on a form that has been validated."""
        parts: list[Form] = [self, *self.sections]
        boxes: dict[str, Any] = {field.name: field for part in parts for field in part}
        values = {name: boxes[name].value for name in OWN if name not in ROWS}
        return Container(
            image=self.source.to_image(),
            volume_mappings=tuple(row.mapping().format() for row in self.volumes if not row.empty),
            variables=tuple(row.to_variable() for row in self.variables if not row.empty),
            **values,
        )

    @property
    def request_before(self) -> Container | None:
        """What Buddy has now; None for a new action."""
        return None

    def _apply_rules(self) -> None:
        """Put what the team's rules say beside the boxes that it is about."""
        if self.judge is None:
            return
        for finding in self.judge.findings(self.to_request(), self.snapshot, self.request_before):
            box = self._box_of(finding.box)
            if finding.verdict is Verdict.WARN:
                self.warnings.append((box.id if box else "", self._in_its_row(box, finding.words)))
                warn(box, finding.words)
            elif box is None:
                self.rules_problem = finding.words
            else:
                blame(box, finding.words)

    def _in_its_row(self, box: Limited | Tick | None, words: str) -> str:
        """What is said of a box, as the summary says it: of one of a variable with what that is called."""
        row = next((row.called(number) for number, row in enumerate(self.variables, 1) if row.key is box), "")
        return in_row(row, words) if row else words

    def _box_of(self, name: str) -> Limited | Tick | None:
        """The box that a rule is about; None where it is about the whole form."""
        kind, _, number = name.partition("-")
        if kind == "variables":
            return [row for row in self.variables if not row.empty][int(number)].key
        if name == "registry" and not self.source.takes_registry:
            name = "integration"
        boxes = {field.name: field for part in self.sections for field in part if isinstance(field, Limited | Tick)}
        return boxes.get(name)

    def _check_rows(self) -> None:
        if len(self.volumes) > MOST_VOLUMES:
            self.volumes_problem = f"Volume mappings must be at most {MOST_VOLUMES}: these are {len(self.volumes):,}"
        if len(self.variables) > MOST_VARIABLES:
            self.variables_problem = f"Variables must be at most {MOST_VARIABLES}: these are {len(self.variables):,}"
        blame_repeats([row.target for row in self.volumes], OTHER_FOLDER)
        blame_repeats([row.key for row in self.variables], OTHER_NAME)


def read(posted: MultiDict[str, str]) -> Typed:
    """Reduce a posted form, or the query of an address, to the fields of this form. Raises `TooManyRows`."""
    return clean(posted, SINGLE_FIELDS, ROW_FIELDS)


def untouched(typed: Mapping[str, str]) -> bool:
    """Whether nothing was typed: every field is blank, or as a new form has it."""
    kinds = {name: PLAIN for name in typed if name.endswith("-type")}
    return all(blank(value) or value == (DEFAULTS | kinds).get(name) for name, value in typed.items())


def field_names(form: FormMeta) -> list[str]:
    """The names of a form's fields."""
    return [name for name, field in vars(form).items() if isinstance(field, UnboundField)]


# The boxes of several lines: all other texts are on one.
SEVERAL_LINES = frozenset(
    name for section in SECTIONS for name in field_names(section) if getattr(section, name).field_class is Text
)
SINGLE_FIELDS = PAGE_FIELDS | {"name"} | {name for section in SECTIONS for name in field_names(section)}
ROW_FIELDS = {kind: field_names(row) for kind, row in ROWS.items()}
# What the form calls each of its fields that go to Buddy under their own names, and where the image comes from.
LABELS = {
    name: getattr(section, name).args[0]
    for section in SECTIONS
    for name in field_names(section)
    if name in SETTINGS or name == "image_source"
} | {"name": "Name of the action", "volume_mappings": "Volume mappings", "variables": "Variables"}
