"""The form in which a template is made: what is done with each box of the whole form, and the template of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form

from webapp.buddy.container import EVERY_EXECUTION
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.form import SECTIONS, RunContainerForm, field_names
from webapp.forms.action_form.images import PUBLIC
from webapp.forms.action_form.options import OptionsForm
from webapp.forms.action_form.posted import Typed, clean, rows_of
from webapp.forms.action_form.secrets import is_secret
from webapp.forms.action_form.sources import goes_with
from webapp.forms.action_form.variables import VariableForm
from webapp.forms.action_form.volumes import FilesystemForm, VolumeMappingForm
from webapp.forms.messages import blame, messages, row_messages
from webapp.forms.templates.head import HeadForm
from webapp.forms.templates.uses import ASKED, FIXED, LEFT, MADE, UseForm
from webapp.forms.validators import version_in
from webapp.prepared.answers import defaults, fill
from webapp.prepared.boxes import BOXES, LEFT_OUT, Asked, Fixed, Use
from webapp.prepared.commands import Uses, uses_in
from webapp.prepared.judging import problems
from webapp.prepared.problems import Problem
from webapp.prepared.rules import Choices
from webapp.prepared.secrets import PASSWORD, belongings, is_templates, slot_of
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

ALL_THREE = {FIXED: "Always the same", ASKED: "They are asked", LEFT: "Left out"}
NEVER_ASKED = {FIXED: "Always the same", LEFT: "Left out"}
# What can be done with a box, where that is not all of the three.
OFFERED: Mapping[str, Mapping[str, str]] = {
    "name": {MADE: "It is made from answers", ASKED: "They are asked"},
    "image_source": {FIXED: "Always the same", ASKED: "They are asked"},
    "registry_public": NEVER_ASKED,
    "password": {FIXED: "Kept as a secret", LEFT: "Left out"},
    "inline_commands": {FIXED: "Always the same"},
    "entrypoint": NEVER_ASKED,
}
IN_ROWS = {FIXED: "Always the same", ASKED: "They are asked"}
# Where the question of a box of a row has its fields.
ASK = "ask_"
SIDES = ("source", "target")
# What is typed by the person, and what a page carries along.
HEAD = ("template_name", "purpose", "places", "areas", "known_place")
CARRIED = ("csrf_token", "page", "version", "file", "told_places")
# In place of a secret that the template has already, and that nobody reads back. It is right for a file, too.
STANDS_FOR = "a2VwdA=="
BELONGS = (
    "Enter it again: it belongs to the image, the registry, the commands, the variables and the places, and these were "
    "changed"
)
PARTS = {"variables_allowed": "allowed"}


@dataclass(frozen=True)
class VariableRow:
    """A variable, and what is done with its value."""

    form: VariableForm
    ask: UseForm


@dataclass(frozen=True)
class VolumeRow:
    """A volume mapping, and what is done with its two folders."""

    form: VolumeMappingForm
    source: UseForm
    target: UseForm


class TemplateForm:
    """Strings in, a `Template` out. `typed` are the fields, `secrets` what is kept of secrets, by id."""

    def __init__(self, typed: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        data = MultiDict(typed)
        self.typed = dict(typed)
        self.secrets = secrets
        self.head = HeadForm(data)
        self.uses = {
            name: UseForm(data, f"{name}-", OFFERED.get(name, ALL_THREE), box.ticked) for name, box in BOXES.items()
        }
        self.asks = {
            f"variables-{number}-value": UseForm(data, f"variables-{number}-{ASK}", IN_ROWS)
            for number in range(len(rows_of(typed, "variables")))
        }
        self.sides = {
            f"volume_mappings-{number}-{side}": UseForm(data, f"volume_mappings-{number}-{side}_", IN_ROWS)
            for number in range(len(rows_of(typed, "volume_mappings")))
            for side in SIDES
        }
        self.values = self._bind(typed)
        if not self.values.source.questionable:
            # Nobody is asked then whether anybody may read the image.
            self.uses["registry_public"].use.data = LEFT
        self.others: list[str] = []

    @property
    def all_uses(self) -> Mapping[str, UseForm]:
        """What is done with every box, by the name that the whole form posts."""
        return {**self.uses, **self.sides, **self.asks}

    @property
    def variables(self) -> list[VariableRow]:
        """The variables."""
        return [VariableRow(row, self.asks[f"variables-{it}-value"]) for it, row in enumerate(self.values.variables)]

    @property
    def volumes(self) -> list[VolumeRow]:
        """The volume mappings."""
        asks = [
            [self.sides[f"volume_mappings-{it}-{side}"] for side in SIDES] for it in range(len(self.values.volumes))
        ]
        return [VolumeRow(row, *pair) for row, pair in zip(self.values.volumes, asks, strict=True)]

    @property
    def password_kept(self) -> bool:
        """Whether a password is kept."""
        return self.typed.get("password_kept") in self.secrets

    @property
    def options_used(self) -> bool:
        """Whether any of the rarely used boxes is in use, or has a message."""
        rare = [*field_names(FilesystemForm), *field_names(OptionsForm)]
        boxes, uses = self._boxes(), self.uses
        at_rest = {name: uses[name].use.text == LEFT or self.typed.get(name) == EVERY_EXECUTION for name in rare}
        return any(not at_rest[name] or boxes[name].errors or uses[name].errors for name in rare)

    @property
    def filled(self) -> dict[str, object]:
        """What its fields hold, by their names; what is empty is left out."""
        uses = (field for form in self.all_uses.values() for field in form)
        return {field.name: field.data for field in (*self._boxes().values(), *uses) if field.data}

    @property
    def version(self) -> int:
        """The version that its person has seen; 0 where there is none."""
        return version_in(self.typed.get("version", ""))

    def forged(self) -> bool:
        """Whether the CSRF token is missing, or another browser's."""
        return self.values.forged()

    def validate(self, seen: Template | None = None) -> bool:
        """Check what is typed, then the template that comes of it: by its own rules, and by those of the whole form.

        Secrets of the version `seen` stay only where what they belong to stays as it is.
        """
        # Each is checked, also behind one in which something is wrong, so that all is told at once.
        self.head.validate()
        wrong = {name for name, form in self.all_uses.items() if not form.validate()}
        template = self.to_template()
        self._judge_values(template)
        boxes = self._boxes()
        for problem in problems(template):
            # What is wrong in a question already makes more of it look wrong.
            if not (problem.part and problem.box in wrong):
                self._blame(problem, self.words_of(problem), boxes.get(problem.box))
        if seen is not None and belongings(seen) != belongings(template):
            self._ask_again(boxes)
        return next(self.problems(), None) is None

    def to_template(self) -> Template:
        """The template, as far as what is typed says it."""
        return Template(
            name=self.head.template_name.text,
            purpose=self.head.purpose.text,
            areas=self.head.to_areas(),
            boxes={name: self._use(name, form) for name, form in self.uses.items()},
            variables=tuple(self._variables()),
            volumes=tuple(self._volumes()),
        )

    def words_of(self, problem: Problem) -> str:
        """What is wrong, with the box called as the page calls it."""
        box = self._boxes().get(problem.box)
        return problem.words if box is None else problem.about(box.label.text)

    def typed_secrets(self) -> dict[str, str]:
        """The secrets that were typed for the template, by slot."""
        kept = {PASSWORD: self.typed.get("password_kept", "")} if self.uses["password"].use.text == FIXED else {}
        for row, ask in zip(rows_of(self.typed, "variables"), self.asks.values(), strict=True):
            if is_secret(row) and not ask.asks:
                kept[slot_of(PreparedVariable(row.get("key", "").strip(), Fixed("")))] = row.get("kept", "")
        # What is in the database already goes by the name of its slot.
        return {slot: self.secrets[id] for slot, id in kept.items() if id in self.secrets and id != slot}

    def used(self) -> Uses:
        """Where the commands use the variables, and which of these uses could run an answer as code."""
        rows = zip(rows_of(self.typed, "variables"), self.asks.values(), strict=True)
        return uses_in(
            self.typed.get("inline_commands", ""), {row.get("key", "").strip() for row, ask in rows if ask.asks}
        )

    def problems(self) -> Iterator[tuple[str, str]]:
        """All messages in the order of the page, each with the id of its field, or an empty id."""
        yield from (("", words) for words in self.others)
        yield from messages(self.head)
        boxes = self._boxes()
        for name in self.uses:
            if name != "name":
                yield from self._box_messages(name, boxes)
        if self.values.volumes_problem:
            yield "volume_mappings", self.values.volumes_problem
        yield from row_messages(
            (partial(row.form.called, number), [row.form, row.source, row.target])
            for number, row in enumerate(self.volumes, 1)
        )
        if self.values.variables_problem:
            yield "variables", self.values.variables_problem
        yield from row_messages(
            (partial(row.form.called, number), [row.form, row.ask]) for number, row in enumerate(self.variables, 1)
        )
        yield from self._box_messages("name", boxes)

    def _box_messages(self, name: str, boxes: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        """The messages of what is done with a single box, and of the box itself."""
        yield from messages(self.uses[name])
        yield from ((name, str(error)) for error in boxes[name].errors)

    def _bind(self, typed: Mapping[str, str]) -> RunContainerForm:
        return RunContainerForm(typed, self.secrets, Snapshot(""))

    def _use(self, name: str, form: UseForm) -> Use:
        source, text = self.uses["image_source"], self.typed.get(name, "")
        if not source.asks and not goes_with(name, self.typed.get("image_source", PUBLIC)):
            return LEFT_OUT
        value = text if name == "inline_commands" else text.strip()
        use = form.to_use(value, secret=name == "password")
        # An empty box that is fixed is the same as one that is left out.
        return LEFT_OUT if use == Fixed("") else use

    def _variables(self) -> Iterator[PreparedVariable]:
        for row, form in zip(rows_of(self.typed, "variables"), self.asks.values(), strict=True):
            value = form.to_use(row.get("value", ""), is_secret(row))
            yield PreparedVariable(
                key=row.get("key", "").strip(),
                value=value,  # type: ignore[arg-type]
                type=row.get("type") or "VAR",
                encrypted=bool(row.get("encrypted")),
                settable=bool(row.get("settable")),
                description=row.get("description", "").strip(),
            )

    def _volumes(self) -> Iterator[PreparedVolume]:
        for number, row in enumerate(rows_of(self.typed, "volume_mappings")):
            asked = [self.sides[f"volume_mappings-{number}-{side}"].to_use(row.get(side, "").strip()) for side in SIDES]
            yield PreparedVolume(*asked)  # type: ignore[arg-type]

    def _judge_values(self, template: Template) -> None:
        """Have the whole form judge what is fixed: its messages on other boxes are about answers that nobody gave."""
        sample = fill(template, {**defaults(template), **first_choices(template)})
        kept = {name: id for name, id in self.typed.items() if is_kept(name) and id in self.secrets}
        needed = {name: id for name, id in sample.items() if is_kept(name) and name not in kept}
        # Of a secret that is to be typed, only its name is there.
        unknown = {f"{name.removesuffix('kept')}unknown": "true" for name in needed if name != "password_kept"}
        judged = {name: text for name, text in sample.items() if name not in needed}
        whole = self._bind({**judged, **kept, **unknown, "csrf_token": self.typed.get("csrf_token", "")})
        whole.validate()
        self.values.volumes_problem, self.values.variables_problem = whole.volumes_problem, whole.variables_problem
        found, boxes, uses = boxes_of(whole), self._boxes(), self.all_uses
        for name, field in found.items():
            use = uses[name].use.text if name in uses else FIXED
            if field.errors and use == LEFT:
                blame(uses[name].use, str(field.errors[0]))
            elif field.errors and use != ASKED:
                boxes[name].errors = list(field.errors)

    def _boxes(self) -> dict[str, Field]:
        """The fields of the whole form and of the head, by name."""
        return {field.name: field for field in self.head} | boxes_of(self.values)

    def _ask_again(self, boxes: Mapping[str, Field]) -> None:
        """Ask for the secrets again that the template has already."""
        for name, id in self.typed.items():
            if is_kept(name) and is_templates(id):
                box = "password" if name == "password_kept" else f"{name.removesuffix('kept')}value"
                blame(boxes[box], BELONGS)

    def _blame(self, problem: Problem, words: str, box: Field | None) -> None:
        """Put a problem on the field where it can be mended."""
        form = self.all_uses.get(problem.box)
        if form is not None and (problem.part or form.use.text in (ASKED, LEFT)):
            blame(form[PARTS.get(problem.part, problem.part or "use")], words)
        elif box is not None:
            blame(box, words)
        else:
            self.others.append(words)


def boxes_of(whole: RunContainerForm) -> dict[str, Field]:
    """The fields of the whole form, by name."""
    parts: list[Form] = [whole, *whole.sections, *whole.volumes, *whole.variables]
    return {field.name: field for part in parts for field in part}


def is_kept(name: str) -> bool:
    """Whether a field names a secret that is kept."""
    return name == "password_kept" or name.endswith("-kept")


def first_choices(template: Template) -> Typed:
    """The first choice of each question that has choices and no default, by key."""
    asked = (use.question for _, use in template.uses() if isinstance(use, Asked))
    rules = {question.key: question.rule for question in asked if not question.default}
    return {key: rule.options[0].value for key, rule in rules.items() if isinstance(rule, Choices) and rule.options}


def read(posted: MultiDict[str, str]) -> Typed:
    """Reduce a posted form to the fields of this form. Raises `TooManyRows`."""
    asked = field_names(UseForm)
    single = {name for section in SECTIONS for name in field_names(section)} | {"name", *HEAD, *CARRIED}
    single |= {f"{box}-{name}" for box in BOXES for name in asked}
    rows = {
        "variables": {*field_names(VariableForm), *(f"{ASK}{name}" for name in asked)},
        "volume_mappings": {*SIDES, *(f"{side}_{name}" for side in SIDES for name in asked)},
    }
    return clean(posted, single, rows)
