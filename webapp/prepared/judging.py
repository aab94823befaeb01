"""Whether a template may be made: what can be asked, and what can't."""

import json
from collections import Counter
from collections.abc import Collection, Iterator

from webapp.docker.texts import blank
from webapp.docker.variables import VariableNameError, check_variable_name, used_names
from webapp.prepared.answers import PLACEHOLDER, defaults, secret_keys
from webapp.prepared.boxes import BOXES, LEFT_OUT, Asked, Fixed, Made, Sealed, Use
from webapp.prepared.commands import uses_in
from webapp.prepared.documents import to_json
from webapp.prepared.options import taken_for_options
from webapp.prepared.problems import THIS_BOX, Problem
from webapp.prepared.programs import changes_programs
from webapp.prepared.questioning import question_problems
from webapp.prepared.reach import reached_by_answers, spread
from webapp.prepared.rules import Choices, YesNo
from webapp.prepared.templates import PreparedVariable, Template

LONGEST_NAME = 255
LONGEST_PURPOSE = 2_000
# What a template may take in all, in bytes.
LARGEST = 100_000
# Boxes that are a choice in the form too.
CHOSEN = frozenset({"image_source", "trigger_time"})
ONLY_LISTED = (
    "must be always the same or one of a list, since this template holds a secret that an answer could lead to"
)


def problems(template: Template) -> tuple[Problem, ...]:
    """Tell all that is wrong with a template, in the order of the form's page; nothing where it may be made.

    The whole form judges what is fixed; this judges what can be asked: no commands, no entrypoint, and neither names,
    types nor flags of variables; where the template holds a secret, what leads to it only by a list; no variable that
    changes what a program runs; and no use of an answer in the commands that a shell would run as code.
    """
    return (
        *head_problems(template),
        *name_problems(template),
        *box_problems(template),
        *command_problems(template),
        *volume_problems(template),
        *variable_problems(template),
        *key_problems(template),
        *allowance_problems(template),
        *default_problems(template),
    )


def head_problems(template: Template) -> Iterator[Problem]:
    """What is wrong with its name, its words, its places and its size."""
    if blank(template.name):
        yield Problem("template_name", "Enter a name for the template, for example Nightly report")
    if len(template.name.encode(errors="replace")) > LONGEST_NAME:
        yield Problem("template_name", f"The name must be at most {LONGEST_NAME} bytes long")
    if len(template.purpose.encode(errors="replace")) > LONGEST_PURPOSE:
        yield Problem("purpose", f"The purpose must be at most {LONGEST_PURPOSE:,} bytes long")
    if not template.areas:
        yield Problem("areas", "Choose where the template may be used")
    size = size_of(template)
    if size > LARGEST:
        yield Problem("template_name", f"The template must be at most {LARGEST:,} bytes long: this is {size:,}")


def name_problems(template: Template) -> Iterator[Problem]:
    """What is wrong with the way in which an action gets its name."""
    use = template.use("name")
    if isinstance(use, Made):
        keys = {question.key for question in template.questions()}
        secret = secret_keys(template)
        used = PLACEHOLDER.findall(use.text)
        if not used:
            yield Problem("name", "The name of the action must have an answer in it, for example Report {country}")
        for key in dict.fromkeys(used):
            if f"${{{key}}}" in use.text:
                yield Problem("name", f"The name of the action must have no $ before {{{key}}}")
            if key not in keys:
                yield Problem("name", f"The name of the action must have answers in it: {{{key}}} is not asked")
            elif key in secret:
                yield Problem("name", f"The name of the action must have no secret in it: {{{key}}} is one")
    elif not isinstance(use, Asked):
        yield Problem("name", "The name of the action must be asked, or made from answers")


def box_problems(template: Template) -> Iterator[Problem]:
    """What is wrong with the use of each single box."""
    leading = leading_variables(template)
    for name, box in BOXES.items():
        use = template.use(name)
        yield from kind_problems(name, use)
        if isinstance(use, Asked):
            yield from asked_problems(name, use)
        if box.ticked and isinstance(use, Fixed) and use.value not in ("true", ""):
            yield Problem(name, f"{THIS_BOX} must be ticked or not")
        if box.leads:
            yield from leading_problems(name, use, leading)


def kind_problems(name: str, use: Use) -> Iterator[Problem]:
    """Whether a single box is used in a way that it can't be."""
    if name == "password":
        if use != LEFT_OUT and not isinstance(use, Sealed):
            yield Problem(name, "The password must be kept as a secret of the template, or left out")
    elif isinstance(use, Sealed):
        yield Problem(name, f"{THIS_BOX} must be fixed, asked or left out: it is no secret")
    elif isinstance(use, Made) and name != "name":
        yield Problem(name, f"{THIS_BOX} must be fixed, asked or left out: the name alone is made from answers")
    elif isinstance(use, Asked) and BOXES[name].never_asked:
        yield Problem(name, f"{THIS_BOX} must be fixed or left out: what is run is never asked")


def asked_problems(name: str, use: Asked) -> Iterator[Problem]:
    """What is wrong with the question of a single box."""
    box, rule = BOXES[name], use.question.rule
    if box.ticked and rule != YesNo():
        yield Problem(name, "A box to tick must be asked as yes or no, with “true” for yes and nothing for no", "rule")
    if not box.ticked and isinstance(rule, YesNo):
        yield Problem(name, "Yes or no must be asked for a box to tick, or for a variable", "rule")
    if name in CHOSEN and not isinstance(rule, Choices):
        yield Problem(name, f"{THIS_BOX} must be asked as a list of choices", "rule")
    yield from question_problems(name, use.question)


def leading_variables(template: Template) -> set[str] | None:
    """The variables that could lead an answer to a secret of the template; None where it holds none."""
    return reached_by_answers(template, free_only=True) if template.holds_secret() else None


def leading_problems(name: str, use: Use, leading: Collection[str] | None) -> Iterator[Problem]:
    """What in a box, or in a folder, could lead to a secret of the template; `leading` are the variables that could."""
    if leading is None:
        return
    if isinstance(use, Asked) and not isinstance(use.question.rule, Choices):
        yield Problem(name, f"{THIS_BOX} {ONLY_LISTED}")
    for key in dict.fromkeys(used_names(" ".join(texts_in(use)))):
        if key in leading:
            yield Problem(name, f"The variable {key} in this box {ONLY_LISTED}")


def texts_in(use: Use) -> Iterator[str]:
    """What its maker has said may stand in a box."""
    if isinstance(use, Fixed):
        yield use.value
    if isinstance(use, Asked):
        yield from (f"${name}" for name in use.question.variables_allowed)
        if isinstance(use.question.rule, Choices):
            yield from (item.value for item in use.question.rule.options)


def command_problems(template: Template) -> Iterator[Problem]:
    """Where an answer could change what is run."""
    asked = reached_by_answers(template)
    commands, entrypoint = template.use("inline_commands"), template.use("entrypoint")
    if not isinstance(commands, Fixed):
        if not isinstance(commands, Asked):
            yield Problem("inline_commands", "Enter the commands to run: they are always the same")
    else:
        for unsafe in uses_in(commands.value, asked).unsafe:
            yield Problem("inline_commands", f"Line {unsafe.line}: {unsafe.words}")
    if isinstance(entrypoint, Fixed):
        for key in dict.fromkeys(used_names(entrypoint.value)):
            if key in asked:
                yield Problem("entrypoint", f"The entrypoint must not use {key}, which is asked: it says what is run")


def volume_problems(template: Template) -> Iterator[Problem]:
    """What is wrong with the volume mappings."""
    leading = leading_variables(template)
    for number, volume in enumerate(template.volumes):
        for part, use in (("source", volume.source), ("target", volume.target)):
            name = f"volume_mappings-{number}-{part}"
            yield from leading_problems(name, use, leading)
            if isinstance(use, Asked):
                yield from question_problems(name, use.question)
                if isinstance(use.question.rule, YesNo):
                    yield Problem(name, "Yes or no must be asked for a box to tick, or for a variable", "rule")


def variable_problems(template: Template) -> Iterator[Problem]:
    """What is wrong with the variables."""
    seen = Counter(item.key for item in template.variables)
    reached = reached_by_answers(template)
    for number, variable in enumerate(template.variables):
        name = f"variables-{number}-key"
        try:
            check_variable_name(variable.key)
        except VariableNameError as error:
            yield Problem(name, str(error))
        # Its secret is kept by it.
        if len(variable.key) > LONGEST_NAME:
            words = f"The name must be at most {LONGEST_NAME} characters long: this is {len(variable.key):,}"
            yield Problem(name, words)
        if seen[variable.key] > 1:
            yield Problem(name, f"The name must differ from those of other variables: {variable.key} is there twice")
        yield from value_problems(f"variables-{number}-value", variable)
        used = set(used_names(variable.value.value)) if isinstance(variable.value, Fixed) else set()
        if changes_programs(variable.key) and used & reached:
            words = "The value must not use what is asked, since this variable can change what a program runs"
            yield Problem(f"variables-{number}-value", words)


def value_problems(name: str, variable: PreparedVariable) -> Iterator[Problem]:
    """What is wrong with the value of a variable."""
    value = variable.value
    if not isinstance(value, Fixed) and changes_programs(variable.key):
        words = (
            "The value must be always the same and not encrypted, since this variable can change what a program runs"
        )
        yield Problem(name, words)
    if isinstance(value, Sealed) and not variable.secret:
        yield Problem(name, "A secret of the template must be encrypted, or an SSH key")
    if isinstance(value, Fixed) and variable.secret:
        yield Problem(name, "The value of a secret variable must be kept as a secret of the template, or asked")
    if isinstance(value, Asked):
        yield from question_problems(name, value.question)
        if variable.secret and value.question.default:
            yield Problem(name, "What is asked as a secret must have no default", "default")


def key_problems(template: Template) -> Iterator[Problem]:
    """Which keys are there more than once."""
    seen = Counter(question.key for question in template.questions())
    for box, use in template.uses():
        if isinstance(use, Asked) and seen[use.question.key] > 1:
            words = f"The key must differ from those of other questions: “{use.question.key}” is not alone"
            yield Problem(box, words, "key")


def allowance_problems(template: Template) -> Iterator[Problem]:
    """Which answers may use a secret of the template, and so put it where it can be read."""
    secret = spread(template, {item.key for item in template.variables if item.secret})
    for box, use in template.uses():
        for name in use.question.variables_allowed if isinstance(use, Asked) else ():
            if name in secret:
                words = f"An answer must not be allowed to use {name}, which holds a secret"
                yield Problem(box, words, "variables_allowed")


def default_problems(template: Template) -> Iterator[Problem]:
    """Which defaults the commands could take for an option."""
    for key, words in taken_for_options(template, defaults(template)).items():
        yield Problem(template.box_of(key), f"The default must be an answer that is right. {words}", "default")


def size_of(template: Template) -> int:
    """How many bytes a template takes as plain data."""
    return len(json.dumps(to_json(template), ensure_ascii=False).encode(errors="replace"))
