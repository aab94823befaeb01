"""The boxes for texts that people bring along: they fill in other boxes, and are never sent or kept themselves."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from wtforms import HiddenField
from wtforms.validators import ValidationError

from webapp.docker.env_texts import EnvText, Remark, parse_env
from webapp.docker.texts import blank
from webapp.forms.action_form.posted import MOST_VARIABLES
from webapp.forms.action_form.refused import NotChosen, PasteError
from webapp.forms.fields import Line, Text
from webapp.forms.quick import QuickForm
from webapp.forms.validators import check_length, optional, plain

if TYPE_CHECKING:
    from webapp.forms.action_form.parsed_pastes import ParsedPaste

# More lines that can't be read, for the same reason, are counted.
MOST_LINES = 20
NOTHING = "Paste something here first, such as {}"
NOTHING_IN_IT = "There is nothing in the text to fill in, such as {}"


def read_paste(text: str, wanted: str = "") -> "ParsedPaste":
    """Read what was pasted, of several things in it the one that is wanted. Raises `PasteError`."""
    # Loaded here, since all that reads commands and files takes a fortieth of the time of a start.
    from webapp.forms.action_form.parsed_pastes import parse_paste

    check_size(text)
    return parse_paste(text, wanted)


def read_env(text: str) -> EnvText:
    """Read a `.env` text that the form has room for. Raises `PasteError`."""
    check_size(text)
    env = parse_env(text)
    if len(env.rows) > MOST_VARIABLES:
        raise PasteError(f"The text must have at most {MOST_VARIABLES} variables: these are {len(env.rows):,}")
    return env


def unread_lines(remarks: Sequence[Remark]) -> str:
    """Name all lines that can't be read, those together of which the same is to be said."""
    lines: dict[str, list[int]] = {}
    for remark in remarks:
        lines.setdefault(remark.text, []).append(remark.line)
    return ". ".join(f"{lines_called(numbers)} must be changed: {text}" for text, numbers in lines.items())


def lines_called(numbers: Sequence[int]) -> str:
    """Lines by their numbers: not all of very many."""
    *first, last = [str(number) for number in numbers[:MOST_LINES]]
    more = len(numbers) - MOST_LINES
    if more > 0:
        return f"Lines {', '.join([*first, last])} and {more:,} more"
    return f"Lines {', '.join(first)} and {last}" if first else f"Line {last}"


def check_size(text: str) -> None:
    """Raise `PasteError` for a text that its own box refuses: it is not read at all."""
    problem = check_length(text, "The text")
    if problem:
        raise PasteError(problem)


class PastesForm(QuickForm):
    """What says how a container is started, and variables as one text."""

    run_command = Text(
        "Paste what you have",
        [optional(), plain("The text", allowed="\n\t\r\ufeff\xa0")],
        height=3,
        description=(
            "A docker run command, a service of a Compose file or an action of a buddy.yml, as you got it. "
            "Nothing is run: it only fills in the boxes below."
        ),
    )
    run_choice = Line("Which one", description="There are several in the text. One is filled in at a time.")
    env_text = Text(
        "Variables as text",
        [optional(), plain("The text", allowed="\n\t\r\ufeff")],
        height=4,
        description="One on a line, for example APP_ENV=test, as in an .env file. Each becomes a variable.",
    )

    last_paste = HiddenField()

    examples: ClassVar[Mapping[str, str]] = {"run_command": "a docker run command", "env_text": "APP_ENV=test"}
    not_chosen: NotChosen | None = None

    @property
    def filled(self) -> bool:
        """Whether an earlier paste has filled in anything."""
        return bool(self.last_paste.data)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What there is to choose from in the text that was pasted, when there are several."""
        return [("", "Choose one"), *((name, name) for name in self.not_chosen.names)] if self.not_chosen else []

    def refuse(self, box: str) -> None:
        """Say why nothing was carried over from the text in one of these boxes."""
        self.validate()
        field = self[box]
        if blank(field.data):
            field.errors = [NOTHING.format(self.examples[box])]
        elif not field.errors and not self.not_chosen:
            field.errors = [NOTHING_IN_IT.format(self.examples[box])]

    def validate_run_command(self, field: Text) -> None:
        """What was pasted has to become boxes before anything is sent."""
        try:
            read_paste(field.text, self.run_choice.text)
        except NotChosen as error:
            self.not_chosen = error
        except PasteError as error:
            raise ValidationError(str(error)) from None
        else:
            raise ValidationError("The text must be carried over first: press a button below it, or empty the box")

    def validate_run_choice(self, field: Line) -> None:
        """Of several things in what was pasted, one has to be chosen."""
        if self.not_chosen:
            raise ValidationError(str(self.not_chosen))

    def validate_env_text(self, field: Text) -> None:
        """Text that can be read has become variables already."""
        try:
            env = read_env(field.text)
        except PasteError as error:
            raise ValidationError(str(error)) from None
        if env.unread:
            raise ValidationError(unread_lines(env.unread))
