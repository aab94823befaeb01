"""The form of a template: the boxes that it asks for, and the whole form that the answers fill in."""

from collections.abc import Collection, Iterator, Mapping
from secrets import token_urlsafe
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from webapp.buddy.container import Container
from webapp.buddy.snapshot import Snapshot
from webapp.docker.texts import blank
from webapp.forms.action_form.changes import ChangeForm
from webapp.forms.action_form.facts import Fact
from webapp.forms.action_form.form import DEFAULTS, RunContainerForm
from webapp.forms.action_form.links import SecretFinder, Shareable
from webapp.forms.action_form.posted import PASTES, Typed
from webapp.forms.action_form.ruled import Judge, outgoing, warn
from webapp.forms.chosen import UNANSWERED, answer_in_words
from webapp.forms.fields import Box, Choice, Line, SecretLine, Text, Tick
from webapp.forms.fixed import KEPT, fixed_commands, fixed_facts
from webapp.forms.messages import messages
from webapp.prepared.answers import (
    answer_name,
    answers_in,
    check_answers,
    defaults,
    fill,
    kept_in,
    kept_name,
    locked_boxes,
    secret_keys,
)
from webapp.prepared.boxes import BOXES, Asked, LeftOut
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, YesNo
from webapp.prepared.secrets import slots
from webapp.prepared.sending_rules import SendingRules, Verdict, judge
from webapp.prepared.templates import Template

# As many choices as are read at a glance; a longer list unfolds.
AT_A_GLANCE = 5
# In place of a template's secrets, which are opened for the send alone.
SEALED_UP = "kept with the template"
FORGET = "forget-"
YES = "true"
UNSENDABLE = "The template can't be sent like this. Tell whoever makes your templates: “{message}”"


class AnswersForm:
    """Strings in, a `Container` out: the answers to a template's questions, and all else from the template alone.

    `typed` are the answers under the names that the form posts, and its CSRF token; `secrets` the kept secret answers
    by id. `sealed` are the template's own secrets by slot: where they are not given, something stands in their place.
    `judge` knows the team's rules for what is sent.
    """

    def __init__(
        self,
        template: Template,
        typed: Mapping[str, str],
        secrets: Mapping[str, str],
        snapshot: Snapshot,
        sealed: Mapping[str, str] | None = None,
        judge: Judge | None = None,
    ) -> None:
        self.template = template
        self.snapshot = snapshot
        self._secret = secret_keys(template)
        self.kept = kept_in(template, typed)
        self._known = {key: secrets.get(id, "") for key, id in self.kept.items()}
        self.answers = answers_in(template, typed)
        self._boxes = BaseForm({answer_name(each.key): self._field(each) for each in template.questions()})
        for box in self._boxes:
            if isinstance(box, Box):
                box.ours = False
        self._boxes.process(MultiDict(typed))
        filled = DEFAULTS | fill(template, self.answers, self.kept) | {"csrf_token": typed.get("csrf_token", "")}
        opened = dict.fromkeys(slots(template), SEALED_UP) if sealed is None else dict(sealed)
        if snapshot.opened:
            filled = leaving(template, filled, snapshot.opened.before)
        kind = ChangeForm if snapshot.opened else RunContainerForm
        self.whole = kind(filled, {**secrets, **opened}, snapshot, judge)
        self._unsendable: list[str] = []

    @property
    def name(self) -> Line:
        """What the action is called."""
        return self.whole.name

    @property
    def questions(self) -> list[tuple[Question, Field]]:
        """Each question and its field."""
        return [(each, self._boxes[answer_name(each.key)]) for each in self.template.questions()]

    @property
    def likely_secrets(self) -> list[str]:
        """No name of a variable is typed here."""
        return []

    @property
    def fixed(self) -> list[Fact]:
        """What the template fills in itself."""
        return fixed_facts(self.template)

    @property
    def fixed_commands(self) -> str:
        """The commands that it runs."""
        return fixed_commands(self.template)

    @property
    def answer_facts(self) -> list[Fact]:
        """Each question with its answer in words; of a secret one that it is there."""
        return [(each.label, self._answer_in_words(each)) for each in self.template.questions()]

    def _answer_in_words(self, question: Question) -> str:
        answer = self.answers.get(question.key, "")
        if question.key in self._secret:
            return KEPT if answer or self.is_kept(question) else UNANSWERED
        return answer_in_words(question, answer)

    def looks(self, question: Question) -> str:
        """How its field is drawn."""
        if question.key in self._secret:
            return "secret"
        match question.rule:
            case Choices(options):
                return "radios" if len(options) <= AT_A_GLANCE else "pick"
            case YesNo():
                return "tick"
            case Day():
                return "day"
            case FreeText(lines):
                return "text" if lines else "line"
        return "line"

    def options(self, question: Question) -> list[tuple[str, str]]:
        """What there is to choose from in a list that unfolds."""
        return [("", "Choose one"), *choices_of(question).items()]

    def kept_as(self, question: Question) -> tuple[str, str, str]:
        """Of a secret answer: the name of the box with the id of what is kept, that id, and the button to forget it."""
        return kept_name(question.key), self.kept.get(question.key, ""), f"{FORGET}{question.key}"

    def is_kept(self, question: Question) -> bool:
        """Whether a secret answer is kept."""
        return bool(self._known.get(question.key))

    def forget(self, kept: Collection[str]) -> None:
        """Ask again for every secret whose id is not among those that are `kept`."""
        for key, id in self.kept.items():
            if id not in kept:
                self._known[key] = ""

    def forged(self) -> bool:
        """Whether the CSRF token is missing, or another browser's."""
        return self.whole.forged()

    def validate(self) -> bool:
        """Check the answers, then what the whole form asks of what they fill in."""
        for key, words in check_answers(self.template, self.answers | self._known).items():
            self._boxes[answer_name(key)].errors = [words]
        self._unsendable = []
        if not self.whole.validate():
            self._blame()
        self._warn()
        return not self.whole.csrf_token.errors and next(self.problems(), None) is None

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What rules warn of: each with the id of the field that fills in its box, or an empty one."""
        keys = [(self.template.key_of(box), words) for box, words in self.whole.warnings]
        return [(answer_name(key) if key else "", words) for key, words in keys]

    def problems(self) -> Iterator[tuple[str, str]]:
        """All messages, each with the id of its field or an empty one."""
        yield from ((field.id, str(error)) for _, field in self.questions for error in field.errors)
        yield from (("", message) for message in self._unsendable)

    def outside(self) -> list[str]:
        """The keys of the answers that are there and are not what their questions ask for."""
        wrong = check_answers(self.template, self.answers | self._known)
        return [key for key in wrong if not blank(self.answers.get(key, ""))]

    def impossible(self) -> list[str]:
        """Those of them that no form of the template can post: what is not on a list, and neither yes nor no."""
        chosen = (Choices, YesNo)
        keys = {each.key for each in self.template.questions() if isinstance(each.rule, chosen)}
        return [key for key in self.outside() if key in keys]

    def blame_outside(self) -> bool:
        """Say beside those answers what is wrong with them; whether anything is."""
        wrong = check_answers(self.template, self.answers | self._known)
        for key in self.outside():
            self._boxes[answer_name(key)].errors = [wrong[key]]
        return bool(self.outside())

    def field_named_in(self, message: str) -> str:
        """The id of the field that fills in the box which one of Buddy's messages names; empty when none does."""
        key = self.template.key_of(self.whole.field_named_in(message))
        return answer_name(key) if key else ""

    def to_request(self) -> Container:
        """Build the request. Call it on a form that has been validated."""
        return self.whole.to_request()

    def _field(self, question: Question) -> "UnboundField[Any]":
        about: dict[str, Any] = {"description": described(question)}
        made: Any
        match self.looks(question):
            case "secret":
                made = SecretLine(question.label, **about)
            case "radios" | "pick":
                made = Choice(question.label, "", choices=choices_of(question), **about)
            case "tick":
                made = Tick(question.label, **about)
            case "text":
                made = Text(question.label, height=3, **about)
            case _:
                made = Line(question.label, when_empty="" if question.required else "none", **about)
        return made  # type: ignore[no-any-return]

    def _warn(self) -> None:
        """Put each warning beside the question that it is about."""
        for id, words in self.warnings:
            if id:
                warn(self._boxes[id], words)

    def _blame(self) -> None:
        """Put each message of the whole form beside the question that fills in its box."""
        whole = self.whole
        found = [each for part in (whole, *whole.sections, *whole.filled_rows) for each in messages(part)]
        found += [("", problem) for problem in (whole.volumes_problem, whole.variables_problem) if problem]
        for box, message in found:
            key = self.template.key_of(box)
            if not key:
                self._unsendable.append(UNSENDABLE.format(message=message))
            elif not self._boxes[answer_name(key)].errors:
                self._boxes[answer_name(key)].errors = [message]


def leaving(template: Template, filled: Mapping[str, str], before: Mapping[str, str]) -> Typed:
    """The whole form with each box that the template leaves out as an action has it already."""
    left = {box for box in BOXES if isinstance(template.use(box), LeftOut)}
    kept = {name: text for name, text in before.items() if name in left}
    return {name: text for name, text in filled.items() if name not in left} | kept


def choices_of(question: Question) -> dict[str, str]:
    """The values to choose from, each with its words."""
    options = question.rule.options if isinstance(question.rule, Choices) else ()
    nothing = {} if question.required or len(options) > AT_A_GLANCE else {"": "None"}
    return nothing | {each.value: each.words or each.value for each in options}


def described(question: Question) -> str:
    """What is said below a question."""
    example = f"For example {question.example}" if question.example else ""
    return " ".join(text for text in (question.help, example) if text)


def posted_answers(template: Template, posted: Mapping[str, str]) -> Typed:
    """Read the answers, and the ids of secret ones that are kept, under the names that the form posts."""
    answers = {answer_name(key): text for key, text in answers_in(template, posted).items()}
    return answers | {kept_name(key): id for key, id in kept_in(template, posted).items()}


def linked_answers(template: Template, query: Mapping[str, str]) -> Typed:
    """The answers of a new form: what a link says, and what the template says itself; of secrets nothing."""
    answers = defaults(template) | answers_in(template, query)
    secret = secret_keys(template)
    return {answer_name(key): text for key, text in answers.items() if text and key not in secret}


def shareable_answers(template: Template, typed: Mapping[str, str], secrets: Collection[str]) -> Shareable:
    """What of the answers a link may carry: no secret, and no text that may hold one."""
    finder, carried, left = SecretFinder(secrets), {}, []
    secret = secret_keys(template)
    for question in template.questions():
        text = typed.get(answer_name(question.key), "")
        if question.key in secret or finder.may_hold_secret(text):
            left.append(question.label)
        elif text:
            carried[answer_name(question.key)] = text
    return Shareable(carried, tuple(left))


def take_secret_answers(
    template: Template, typed: Mapping[str, str], stored: Mapping[str, str]
) -> tuple[Typed, dict[str, str]]:
    """Split answers into public ones and secrets by id, as `take_secrets` does for the whole form."""
    public, secrets = dict(typed), {}
    for key in secret_keys(template):
        value, id = public.pop(answer_name(key), ""), public.get(kept_name(key), "")
        if value:
            id = public[kept_name(key)] = token_urlsafe(9)
            secrets[id] = value
        elif id in stored:
            secrets[id] = stored[id]
    return public, secrets


def forget_answer(button: str, typed: Mapping[str, str]) -> Typed:
    """Forget a secret answer, if the button says so."""
    key = button.removeprefix(FORGET) if button.startswith(FORGET) else ""
    return {name: text for name, text in typed.items() if not key or name != kept_name(key)}


def locked_names(template: Template, names: Collection[str]) -> tuple[str, ...]:
    """Those of the posted names that this template's form never has, and that would fill in what it locks."""
    pasted = tuple(name for name in names if name in PASTES)
    return (*locked_boxes(template, names), *pasted)


def refused_whatever(template: Template, rules: SendingRules) -> tuple[str, ...]:
    """What rules refuse of a template, whatever is answered: each in words. What is asked is judged with its answer."""
    whole = RunContainerForm(whole_of(template, {}), dict.fromkeys(slots(template), SEALED_UP), Snapshot(""))
    found = judge(rules, outgoing(whole.to_request(), whole.snapshot, None, by_template=True))
    image = ("image_source", "registry", "docker_image_name", "docker_image_tag", "integration")
    asked = {box for box, use in template.uses() if isinstance(use, Asked)}
    # Where the image comes from says what its other boxes mean.
    open_boxes = asked.union(image) if "image_source" in asked else asked
    refused = (each for each in found if each.verdict is Verdict.REFUSE and each.box not in open_boxes)
    return tuple(dict.fromkeys(each.words for each in refused))


def as_untouched(template: Template, typed: Mapping[str, str]) -> bool:
    """Whether nothing was answered but what a new form has."""
    return given(typed) == linked_answers(template, {})


def given(typed: Mapping[str, str]) -> Typed:
    """What was answered at all."""
    return {name: text for name, text in typed.items() if not blank(text)}


def whole_of(template: Template, typed: Mapping[str, str]) -> Typed:
    """The whole form as answers fill it in, without the template's secrets: for another one like it."""
    return DEFAULTS | fill(template, answers_in(template, typed))
