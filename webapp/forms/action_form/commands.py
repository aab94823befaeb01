"""What runs in the container, as whom and started by what."""

from webapp.forms.fields import Line, Text
from webapp.forms.quick import QuickForm
from webapp.forms.validators import needed, optional, plain


class CommandsForm(QuickForm):
    """The commands and how they are started."""

    inline_commands = Text(
        "Commands",
        [needed("Enter the commands to run, one per line"), plain("The commands", allowed="\n\t")],
        height=6,
        description="One command per line, run in the container from top to bottom, exactly as typed.",
    )
    run_as_user = Line(
        "Run as user",
        [optional(), plain("The user")],
        when_empty="as in the image",
        description="A user that exists in the image, or a variable such as $containerUser.",
    )
    entrypoint = Line(
        "Entrypoint",
        [optional(), plain("The entrypoint")],
        when_empty="as in the image",
        description="The program that starts the commands, for example /bin/sh.",
    )
