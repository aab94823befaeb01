"""The boxes for texts that people bring along: they fill in other boxes, and are never sent or kept themselves."""

from wtforms import Form
from wtforms.validators import ValidationError

from webapp.docker.env_texts import parse_env
from webapp.docker.run_commands import parse_run_command
from webapp.docker.shell import CommandError
from webapp.forms.fields import Text
from webapp.forms.validators import optional, plain


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

    def validate_run_command(self, field: Text) -> None:
        """What was pasted has to become boxes before anything is sent."""
        try:
            parse_run_command(field.text)
        except CommandError as error:
            raise ValidationError(str(error)) from None
        raise ValidationError("The command must be carried over first: press “Fill in the form”, or empty the box")

    def validate_env_text(self, field: Text) -> None:
        """Text that can be read has become variables already."""
        for remark in parse_env(field.text).unread:
            raise ValidationError(f"Line {remark.line} must be changed: {remark.text}")
