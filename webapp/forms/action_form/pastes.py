"""The boxes for texts that people bring along: they fill in other boxes, and are never sent or kept themselves."""

from collections.abc import Sequence

from wtforms import Form, HiddenField
from wtforms.validators import ValidationError

from webapp.docker.env_texts import EnvText, Remark, parse_env
from webapp.docker.run_commands import RunCommand, parse_run_command
from webapp.docker.shell import CommandError
from webapp.forms.action_form.posted import MOST_VARIABLES, MOST_VOLUMES
from webapp.forms.fields import Text
from webapp.forms.validators import check_length, optional, plain

# More lines that can't be read, for the same reason, are counted.
MOST_LINES = 20


class PasteError(ValueError):
    """A pasted text can't be carried over; the message says what must be changed."""


def read_run(text: str) -> RunCommand:
    """Read a `docker run` command that the form has room for. Raises `PasteError`."""
    check_size(text)
    try:
        command = parse_run_command(text)
    except CommandError as error:
        raise PasteError(str(error)) from None
    variables, volumes = len(command.variables), len(command.volume_mappings)
    if variables > MOST_VARIABLES:
        raise PasteError(f"The command must have at most {MOST_VARIABLES} variables: these are {variables:,}")
    if volumes > MOST_VOLUMES:
        raise PasteError(f"The command must have at most {MOST_VOLUMES} volumes: these are {volumes:,}")
    return command


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


class PastesForm(Form):
    """A `docker run` command, and variables as one text."""

    run_command = Text(
        "A docker run command",
        [optional(), plain("The command", allowed="\n\t\r\ufeff\xa0")],
        height=3,
        description="As you got it, on one line or several. Nothing is run: it only fills in the boxes below.",
    )
    env_text = Text(
        "Variables as text",
        [optional(), plain("The text", allowed="\n\t\r\ufeff")],
        height=4,
        description="One on a line, for example APP_ENV=test, as in an .env file. Each becomes a variable.",
    )

    last_paste = HiddenField()

    @property
    def filled(self) -> bool:
        """Whether an earlier paste has filled in anything."""
        return bool(self.last_paste.data)

    def validate_run_command(self, field: Text) -> None:
        """What was pasted has to become boxes before anything is sent."""
        try:
            read_run(field.text)
        except PasteError as error:
            raise ValidationError(str(error)) from None
        raise ValidationError("The command must be carried over first: press a button below it, or empty the box")

    def validate_env_text(self, field: Text) -> None:
        """Text that can be read has become variables already."""
        try:
            env = read_env(field.text)
        except PasteError as error:
            raise ValidationError(str(error)) from None
        if env.unread:
            raise ValidationError(unread_lines(env.unread))
