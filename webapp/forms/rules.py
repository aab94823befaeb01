"""The page with the team's rules for what is sent."""

from collections.abc import Callable, Mapping

from wtforms import Field, Form, HiddenField
from wtforms.validators import StopValidation, ValidationError

from webapp.forms.fields import Choice, Line, Text, Tick
from webapp.forms.passwords import PageForm
from webapp.forms.validators import optional, plain, version_in
from webapp.prepared.sending_rules import (
    LONGEST_SENTENCE,
    LONGEST_VALUE,
    MOST_VALUES,
    OFF,
    SWITCHES,
    WITHOUT_VALUES,
    SendingRule,
    SendingRules,
    Subject,
    Verdict,
    check_value,
)

VERDICTS = {"off": "Off", Verdict.WARN: "Warn", Verdict.REFUSE: "Refuse: nothing is sent"}
SENTENCE = "What people read then."


def lines_of(text: str) -> tuple[str, ...]:
    """The values in a text, one per line, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def values_for(subject: Subject) -> Callable[[Form, Field], None]:
    """The box holds values that a rule about something can have."""

    def rule(form: Form, field: Field) -> None:
        values = lines_of(tidied(subject, field.data or ""))
        if len(values) > MOST_VALUES:
            raise ValidationError(f"The lines must be at most {MOST_VALUES}: these are {len(values):,}")
        for value in values:
            try:
                check_value(subject, value)
            except ValueError as error:
                raise ValidationError(str(error)) from None

    return rule


def needed_for(subject: Subject) -> Callable[[Form, Field], None]:
    """The box is filled in where its rule is on."""

    def rule(form: Form, field: Field) -> None:
        if not lines_of(field.data or "") and form[f"{subject}_verdict"].data != "off":
            raise StopValidation("Enter at least one line, or switch the rule off")

    return rule


def tidied(subject: Subject, text: str) -> str:
    """What was typed, in the spelling that is compared: the names of hosts have no capitals."""
    return text.lower() if subject is Subject.REGISTRY else text


def verdict(when: str) -> Choice:
    """The box with what comes of it `when` a rule is not kept."""
    return Choice(when, "Choose what comes of it", choices=VERDICTS, default="off")


def values(subject: Subject, label: str, example: str) -> Text:
    """The box with the values of a rule."""
    rules = [plain(f"“{label}”", allowed="\n\t"), needed_for(subject), values_for(subject)]
    longest = MOST_VALUES * (LONGEST_VALUE + 1)
    # Browsers post line ends as CR LF.
    filters = [lambda text: text.replace("\r\n", "\n") if text else text]
    return Text(label, rules, longest=longest, filters=filters, description=f"One per line, such as {example}.")


def sentence() -> Line:
    """The box with the team's own sentence."""
    return Line(
        "Sentence",
        [optional(), plain("The sentence")],
        longest=LONGEST_SENTENCE,
        when_empty="Slipway's own words",
        description=SENTENCE,
    )


class RulesForm(PageForm):
    """A verdict, values and a sentence for each rule; the `version` that the page shows."""

    registry_verdict = verdict("When an image comes from another registry")
    registry_values = values(Subject.REGISTRY, "Allowed registries", "docker.io, ghcr.io or *.example.com")
    registry_sentence = sentence()
    tag_verdict = verdict("When an image has one of these tags")
    tag_values = values(Subject.TAG, "Tags", "latest or *-dev")
    tag_sentence = sentence()
    encrypted_verdict = verdict("When one of these is not encrypted")
    encrypted_values = values(Subject.ENCRYPTED, "Names of variables", "*_TOKEN or *PASSWORD*")
    encrypted_sentence = sentence()
    user_verdict = verdict("When the user is root, or none is set")
    user_sentence = sentence()
    timeout_verdict = verdict("When no time limit is set")
    timeout_sentence = sentence()
    templates_verdict = verdict("When an action comes from no template")
    templates_values = values(
        Subject.TEMPLATES,
        "Places",
        "a workspace buddy, a project buddy/website, a pipeline buddy/website/2, or * for all",
    )
    templates_sentence = sentence()
    editors_make_templates = Tick(
        "Editors make templates, too", description="Otherwise only administrators make, change and retire them."
    )
    editors_run_pipelines = Tick(
        "Editors run whole pipelines, too",
        description="Otherwise only administrators do. Editors may run any single action.",
    )
    version = HiddenField()

    @classmethod
    def showing(cls, rules: SendingRules, version: int) -> "RulesForm":
        """The form, filled in with the present rules."""
        filled: dict[str, object] = {"version": str(version)} | {name: getattr(rules, name) for name in SWITCHES}
        for subject in Subject:
            rule = rules.rule(subject)
            filled |= {f"{subject}_verdict": rule.verdict or "off", f"{subject}_sentence": rule.sentence}
            filled |= {f"{subject}_values": "\n".join(rule.values)}
        return cls(data=filled)

    @property
    def seen(self) -> int:
        """The version of the rules that the page has shown."""
        return version_in(self.version.data or "")

    def take_note(self, version: int) -> None:
        """Let the page know of rules that were saved since it was opened."""
        self.version.data = str(version)

    def to_rules(self) -> SendingRules:
        """The rules that were chosen. Call it on a form that has been validated."""
        rules = {subject: self._rule(subject) for subject in Subject}
        return SendingRules(rules, self.editors_make_templates.on, self.editors_run_pipelines.on)

    def _rule(self, subject: Subject) -> SendingRule:
        boxes: Mapping[str, str] = {
            field.name: field.data or "" for field in self if isinstance(field, Line | Text | Choice)
        }
        chosen = boxes[f"{subject}_verdict"]
        listed = "" if subject in WITHOUT_VALUES else tidied(subject, boxes[f"{subject}_values"])
        rule = SendingRule(None if chosen == "off" else Verdict(chosen), boxes[f"{subject}_sentence"], lines_of(listed))
        return OFF if rule == OFF else rule
