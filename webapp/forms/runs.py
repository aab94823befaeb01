"""Asking for a run: of what, with which comment and which variables, and whether one is sure of it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from webapp.buddy.executions import Revision, RunVariable
from webapp.buddy.variables import PLAIN_VARIABLE, Variable
from webapp.docker.texts import blank
from webapp.docker.variables import check_variable_name
from webapp.forms.fields import Choice, Limited, Line, SecretLine, Text, Tick
from webapp.forms.messages import messages
from webapp.forms.passwords import PageForm
from webapp.forms.validators import Rule, checked, optional, plain
from webapp.prepared.checks import check_answer
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, YesNo

NEWEST, BRANCH, TAG = "newest", "branch", "tag"
REVISIONS = {NEWEST: "The newest commit", BRANCH: "The newest commit of a branch", TAG: "A tag of the repository"}
# In characters.
LONGEST_REF = 255
LONGEST_COMMENT = 500
LONGEST_NAME_TOLD = 60
# What no branch and no tag has in its name (git-check-ref-format).
IN_NO_REF = "~^:?*[\\"
VALUE = "set-"
USUAL_BRANCH = "main"
STAYS = "Encrypted. Leave the box empty to use its usual value."


@dataclass(frozen=True)
class Offer:
    """What may be chosen for a run.

    `newest`: whether the newest commit may be meant without naming a branch; `revisions`: whether any other may be;
    `branches`: those that the pipeline runs for. `variables` are those that may be set for a run, `questions` what a
    template asks for some of them, by their names. A `whole` pipeline is run by who says that they are sure; `single`
    says that it has one action. Where Buddy asks for a comment it is `described`.
    """

    newest: bool = True
    revisions: bool = True
    branches: Sequence[str] = ()
    variables: Sequence[Variable] = ()
    questions: Mapping[str, Question] = field(default_factory=dict)
    whole: bool = False
    single: bool = False
    described: bool = False


def settable(variables: Sequence[Variable]) -> tuple[Variable, ...]:
    """Those of an action's variables whose value may be set for a run, and can be typed: each name once.

    Of several with the same name the last one counts, as in a shell.
    """
    named = {item.key: item for item in variables if item.type == PLAIN_VARIABLE and is_name(item.key)}
    return tuple(item for item in named.values() if item.settable)


def has_values(posted: Mapping[str, str]) -> bool:
    """Whether values of variables were typed for a run."""
    return any(name.startswith(VALUE) and not blank(text) for name, text in posted.items())


def is_name(key: str) -> bool:
    """Whether commands can use a variable by this name."""
    try:
        check_variable_name(key)
    except ValueError:
        return False
    return True


def check_ref(name: str) -> None:
    """Tell what is wrong with the name of a branch or a tag. Raises `ValueError`."""
    if any(char.isspace() or char in IN_NO_REF for char in name) or ".." in name or name.startswith(("-", "/")):
        raise ValueError("The name must be that of a branch or a tag, without blanks and without any of ~ ^ : ? * [ \\")


def revision_in_words(typed: Mapping[str, str]) -> str:
    """What a run was asked for on, as the boxes of the form had it."""
    words = {
        NEWEST: "the newest commit",
        BRANCH: f"the newest commit of {typed.get(BRANCH, '')}",
        TAG: f"the tag {typed.get(TAG, '')}",
    }
    return words.get(typed.get("revision", NEWEST), "a revision that only a newer Slipway knows")


def is_chosen(typed: Mapping[str, str]) -> bool:
    """Whether a run was asked for on another revision than the usual one."""
    return typed.get("revision", NEWEST) != NEWEST


def no_branch(form: Form) -> str:
    """Ask for a branch, and name one that there is, where that is known."""
    assert isinstance(form, RunForm)
    return f"Enter the name of the branch, for example {next(iter(form.offer.branches), USUAL_BRANCH)}"


def no_tag(form: Form) -> str:
    """Ask for a tag."""
    return "Enter the name of a tag of the repository, for example v1.2"


def named(value: str, message: Callable[[Form], str]) -> Rule:
    """The box is filled in where the revision `value` is chosen, and not looked at where another one is."""

    def rule(form: Form, field: Field) -> None:
        field.errors = []
        if form["revision"].data != value:
            raise StopValidation()
        if blank(field.data):
            raise StopValidation(message(form))

    return rule


def said_where_needed(form: Form, field: Field) -> None:
    """Some pipelines run with a comment alone."""
    assert isinstance(form, RunForm)
    if form.offer.described and blank(field.data):
        raise StopValidation("Enter a comment: this pipeline runs only with one")


class RunForm(PageForm):
    """Strings in, a revision, a comment and variables out: those that an `offer` allows."""

    revision = Choice("Run it on", "Choose what to run it on", choices={}, default=NEWEST)
    branch = Line(
        "Name of the branch", [named(BRANCH, no_branch), plain("The branch"), checked(check_ref)], longest=LONGEST_REF
    )
    tag = Line("Name of the tag", [named(TAG, no_tag), plain("The tag"), checked(check_ref)], longest=LONGEST_REF)
    comment = Line(
        "Comment",
        [said_where_needed, optional(), plain("The comment")],
        longest=LONGEST_COMMENT,
        when_empty="none",
        description="Appears beside the run in Buddy's history.",
    )
    sure = Tick("I want all of these actions to run, those that deploy too")

    def __init__(
        self, offer: Offer, posted: Mapping[str, str] | None = None, filled: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(formdata=None if posted is None else MultiDict(posted), data=dict(filled or {}))
        self.offer = offer
        self._posted = posted or {}
        offered = [NEWEST] * offer.newest + [BRANCH, TAG] * (offer.revisions or not offer.newest)
        self.revision.choices = {name: REVISIONS[name] for name in offered}
        if posted is None and self.revision.text not in offered:
            self.revision.process_data(offered[0])
        self.branch.suggestions = dict.fromkeys(offer.branches, "")
        if offer.single:
            self.sure.label.text = "I want this action to run"
        self.comment.when_empty = "" if offer.described else "none"
        boxes = {VALUE + item.key: box_of(item, offer.questions.get(item.key)) for item in offer.variables}
        self._values = BaseForm(boxes)
        self._values.process(None if posted is None else MultiDict(posted))
        for _, box in self.values:
            # What a template asks is in its maker's words, and what a variable is for in those of whoever made it.
            box.ours = False

    @property
    def values(self) -> list[tuple[Variable, Limited | Choice]]:
        """Each variable that may be set, and its box."""
        boxes = ((item, self._values[VALUE + item.key]) for item in self.offer.variables)
        return [(item, box) for item, box in boxes if isinstance(box, Limited | Choice)]

    @property
    def chosen(self) -> bool:
        """Whether another revision than the usual one was chosen, or something is wrong with it."""
        return self.revision.text != NEWEST or any(box.errors for box in (self.revision, self.branch, self.tag))

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Check all boxes, also those of the variables."""
        own = super().validate(extra_validators)
        values = self._values.validate()
        return bool(own and values and self.forgotten is None)

    def validate_sure(self, field: Tick) -> None:
        """Who runs a whole pipeline knows what will run."""
        if self.offer.whole and not field.on:
            run = "this action is" if self.offer.single else "all of these actions are"
            raise StopValidation(f"Tick the box to say that {run} to run")

    @property
    def forgotten(self) -> str | None:
        """The name of a variable that was given a value and may not be set any more."""
        offered = {VALUE + item.key for item in self.offer.variables}
        return next((name for name in self._posted if self._is_lost(name, offered)), None)

    def _is_lost(self, name: str, offered: Collection[str]) -> bool:
        return name.startswith(VALUE) and name not in offered and not blank(self._posted[name])

    def problems(self) -> Iterator[tuple[str, str]]:
        """All messages, each with the id of its box."""
        # Where nothing else may be chosen, these boxes are not on the page.
        boxes = () if self.offer.revisions else (self.revision, self.branch, self.tag)
        hidden = {box.id for box in boxes}
        yield from (("" if id in hidden else id, message) for id, message in super().problems())
        yield from messages(self._values)
        if self.forgotten is not None:
            name = self.forgotten.removeprefix(VALUE)[:LONGEST_NAME_TOLD]
            yield "", f"The variable {name} must be one that may be set for a run, and no longer is"

    def typed(self) -> dict[str, str]:
        """What was chosen, without the values of variables: what the form is filled in with for another run like it."""
        boxes = (self.revision, self.branch, self.tag, self.comment)
        return {box.name: box.text for box in boxes if box.text}

    def to_revision(self) -> Revision:
        """What was chosen to run on. Call it on a form that has been validated."""
        match self.revision.text:
            case "branch":
                return Revision("branch", self.branch.text)
            case "tag":
                return Revision("tag", self.tag.text)
        return Revision("newest")

    def to_variables(self) -> tuple[RunVariable, ...]:
        """The variables that differ from what the action has; an encrypted one that is left empty stays as it is."""
        typed = [(item, box.text.replace("\r\n", "\n")) for item, box in self.values]
        changed = [(item, text) for item, text in typed if text != ("" if item.secret else item.value or "")]
        return tuple(RunVariable(item.key, text, item.secret) for item, text in changed)


def box_of(variable: Variable, question: Question | None) -> Any:
    """The box for the value that a variable has in one run; where a template asks for it, with what it takes."""
    made: Any
    label = question.label if question else variable.key
    rules: list[Rule] = [plain(f"The value of {variable.key}", allowed="\r\n\t")]
    if question and not isinstance(question.rule, YesNo | Choices):
        rules.append(takes(question))
    if variable.secret:
        made = SecretLine(label, [optional(), *rules], description=STAYS)
    elif options := options_of(question):
        made = Choice(label, "Choose one of the values", choices=options, default=variable.value or "")
    else:
        made = Text(label, rules, default=variable.value or "", description=variable.description)
    return made


def options_of(question: Question | None) -> dict[str, str]:
    """The values to choose from, each with its words; none where the value is typed."""
    match question.rule if question else None:
        case YesNo(yes, no):
            return {yes: "Yes", no: "No"}
        case Choices(options):
            nothing = {} if question is None or question.required else {"": "None"}
            return nothing | {each.value: each.words or each.value for each in options}
    return {}


def takes(question: Question) -> Rule:
    """The value is an answer that a question takes."""

    def rule(form: Form, field: Field) -> None:
        words = check_answer(question, field.data or "")
        if words:
            raise StopValidation(words)

    return rule
