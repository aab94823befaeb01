"""What a template does with one box: the choice, and the question where it is asked."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from wtforms import Form
from wtforms.validators import ValidationError

from webapp.docker.texts import blank
from webapp.forms.fields import Choice, Limited, Line, Text, Tick, WholeNumber
from webapp.forms.lists import Day, a_date
from webapp.forms.messages import overlook
from webapp.forms.validators import needed, optional, plain, whole_number
from webapp.prepared.boxes import LEFT_OUT, SEALED, Asked, Fixed, Made, Use
from webapp.prepared.documents import LONGEST_NAME, LONGEST_TEXT, LONGEST_WORDS, MOST_NAMES, MOST_OPTIONS
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, FreeText, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.rules import Day as DayRule

FIXED, ASKED, LEFT, MADE = "fixed", "asked", "left_out", "made"
ANY_TEXT, CHOICES, PATTERN, LENGTH, YES_NO, DAY = "text", "choices", "pattern", "length", "yes_no", "day"
RULES = {
    ANY_TEXT: "Any text",
    CHOICES: "One of a list",
    PATTERN: "A text of a certain form",
    LENGTH: "A text of a certain length",
    YES_NO: "Yes or no",
    DAY: "A day",
}
# The boxes that go with one rule alone.
GO_WITH = {
    ANY_TEXT: ("lines",),
    CHOICES: ("choices",),
    PATTERN: ("pattern", "words"),
    LENGTH: ("shortest", "longest"),
    YES_NO: ("yes", "no", "ticked"),
    DAY: ("first", "last"),
}
# Between what is sent and what people read in its place.
MEANS = " = "
NO_KEY = re.compile(r"[^a-z0-9]+")
LONGEST_KEY = 40


class UseForm(Form):
    """Whether a box is fixed, asked or left out, and what is asked. `offered` are the choices, each with its words."""

    use = Choice(
        "What people get", "Choose whether it is always the same, asked or left out", choices={}, default=FIXED
    )
    label = Line(
        "Question", [plain("The question")], longest=LONGEST_NAME, description="What people read above the box."
    )
    key = Line(
        "Short name",
        [optional(), plain("The short name")],
        longest=LONGEST_KEY,
        description="Small letters, for links and for the name of the action, for example country.",
    )
    help = Line("Help", [optional(), plain("The help")], longest=LONGEST_WORDS, when_empty="none")
    example = Line("Example", [optional(), plain("The example")], longest=LONGEST_WORDS, when_empty="none")
    default = Text("Filled in at first", [plain("What is filled in at first", allowed="\n\t")])
    ticked = Tick("Yes at first")
    rule = Choice("What the answer must be", "Choose what the answer must be", choices=RULES, default=ANY_TEXT)
    lines = Tick("It may have several lines")
    choices = Text(
        "Choices",
        [plain("The choices", allowed="\n\t")],
        height=3,
        description="One per line. After “ = ” comes what people read in its place, for example pl = Poland.",
    )
    pattern = Line(
        "Pattern",
        [plain("The pattern")],
        longest=LONGEST_WORDS,
        description="A regular expression that the whole answer must match, for example [A-Z]{2}.",
    )
    words = Line(
        "The pattern in words",
        [plain("The pattern in words")],
        longest=LONGEST_NAME,
        description=(
            "It is needed, too: people read it in place of the pattern. It ends the sentence “The answer must be …”, "
            "for example two capital letters."
        ),
    )
    shortest = WholeNumber(
        "Fewest characters", [optional(), whole_number("The fewest characters", 0, LONGEST_TEXT)], when_empty="0"
    )
    longest = WholeNumber(
        "Most characters",
        [optional(), whole_number("The most characters", 1, LONGEST_TEXT)],
        when_empty=f"{LONGEST_TEXT}",
    )
    yes = Limited("Sent for yes", [plain("What is sent for yes", allowed="\t")], longest=LONGEST_TEXT)
    no = Limited("Sent for no", [plain("What is sent for no", allowed="\t")], longest=LONGEST_TEXT)
    first = Day("First day", [optional(), a_date("The first day")])
    last = Day("Last day", [optional(), a_date("The last day")])
    may_be_empty = Tick("It may be left empty")
    allowed = Line(
        "Variables that it may use",
        [optional(), plain("The names of variables")],
        when_empty="none",
        longest=LONGEST_WORDS,
        description="Their names with blanks between them. Any other $NAME in an answer is refused.",
    )

    def __init__(self, data: Any, prefix: str, offered: Mapping[str, str], ticks: bool = False) -> None:
        super().__init__(data, prefix=prefix)
        self.prefix = prefix
        self.offered = offered
        self.ticks = ticks
        self.use.choices = dict(offered)
        if len(offered) == 1:
            self.use.data = next(iter(offered))
        if ticks:
            self.rule.choices = {YES_NO: RULES[YES_NO]}
            self.rule.data = YES_NO

    @property
    def asks(self) -> bool:
        """Whether the box is asked."""
        return self.use.text == ASKED

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What was typed into boxes that are not on the page now, by name: it is there again when they are."""
        others = {name for rule, names in GO_WITH.items() if rule != self.rule.text for name in names}
        hidden = [field for field in self if not self.asks or field.short_name in others]
        texts = [(field.name, "true" if field.data is True else field.data or "") for field in hidden]
        return [(name, text) for name, text in texts if text and name != self.use.name]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the choice; the question only where something is asked."""
        if not self.asks:
            return bool(self.use.validate(self))
        super().validate(extra_validators)
        # What goes with another rule is not on the page.
        overlook(*(self[name] for rule, names in GO_WITH.items() if rule != self.rule.text for name in names))
        if self.rule.text == YES_NO:
            overlook(self.default)
        return not self.errors

    def validate_label(self, field: Line) -> None:
        """A question has words."""
        needed("Enter the question")(self, field)

    def validate_choices(self, field: Text) -> None:
        """A list has entries."""
        if self.rule.text == CHOICES:
            needed("Enter the choices, one per line")(self, field)
            if len(options_in(field.text)) > MOST_OPTIONS:
                raise ValidationError(
                    f"The choices must be at most {MOST_OPTIONS}: these are {len(options_in(field.text))}"
                )

    def validate_pattern(self, field: Line) -> None:
        """A pattern is there where one is chosen."""
        if self.rule.text == PATTERN:
            needed("Enter the pattern")(self, field)

    def validate_words(self, field: Line) -> None:
        """So are its words."""
        if self.rule.text == PATTERN:
            needed("Enter the pattern in words")(self, field)

    def validate_longest(self, field: WholeNumber) -> None:
        """The two ends are in order."""
        if self.rule.text == LENGTH and (field.number or LONGEST_TEXT) < (self.shortest.number or 0):
            raise ValidationError("The most characters must be at least as many as the fewest")

    def validate_allowed(self, field: Line) -> None:
        """There are not too many names."""
        if len(field.text.split()) > MOST_NAMES:
            raise ValidationError(f"The names of variables must be at most {MOST_NAMES}")

    def question(self) -> Question:
        """The question, as far as it is typed."""
        return Question(
            key=self.key.text,
            label=self.label.text,
            help=self.help.text,
            example=self.example.text,
            default=("true" if self.ticked.on else "") if self.rule.text == YES_NO else self.default.text,
            rule=self._rule(),
            variables_allowed=tuple(name.strip("$,{}") for name in self.allowed.text.split()),
            required=not self.may_be_empty.on,
        )

    def to_use(self, value: str, secret: bool = False) -> Use:
        """What is done with a box that would post `value`; a `secret` is never part of the template. What is not
        offered is refused by `validate`, and counts as fixed."""
        if self.asks:
            return Asked(self.question())
        chosen = self.use.text if self.use.text in self.offered else FIXED
        if chosen == MADE:
            return Made(value)
        if chosen != FIXED:
            return LEFT_OUT
        return SEALED if secret else Fixed(value)

    def _rule(self) -> Rule:
        kinds: Mapping[str, Callable[[], Rule]] = {
            CHOICES: lambda: Choices(options_in(self.choices.text)[:MOST_OPTIONS]),
            PATTERN: lambda: Pattern(self.pattern.text, self.words.text),
            LENGTH: lambda: Length(self.shortest.number or 0, self.longest.number or LONGEST_TEXT),
            YES_NO: lambda: YesNo() if self.ticks else YesNo(self.yes.text, self.no.text),
            DAY: lambda: DayRule(self.first.day, self.last.day),
        }
        return kinds.get(self.rule.text, lambda: FreeText(self.lines.on))()


def options_in(text: str) -> tuple[Option, ...]:
    """Read choices, one per line."""
    return tuple(option_in(line) for line in text.split("\n") if not blank(line))


def option_in(line: str) -> Option:
    """Read one choice: what is sent and, after the last ` = `, what people read."""
    value, means, words = line.rpartition(MEANS)
    return Option(value, words.strip()) if means else Option(line.strip(), "")


def line_of(option: Option) -> str:
    """Write one choice, as `option_in` reads it."""
    return f"{option.value}{MEANS}{option.words}" if option.words or MEANS in option.value else option.value


def key_of(text: str) -> str:
    """Make a key of a question's words, or of the name of a box."""
    key = NO_KEY.sub("_", text.casefold()).strip("_")[:LONGEST_KEY].strip("_")
    return key if key[:1].isalpha() else f"answer_{key}".strip("_")
