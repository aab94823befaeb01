"""Variables: the rule for their names, and how a text uses them."""

import re

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
USE = re.compile(rf"\$(?:({NAME.pattern})|\{{({NAME.pattern})\}})")
# A digit may stand wherever a variable may: in a host, a port, a path, a name and a tag.
STAND_IN = "1"


class VariableNameError(ValueError):
    """A text is no name of a variable; the message says what it must be."""


def check_variable_name(text: str) -> None:
    """Raise `VariableNameError` unless a shell takes `text` as the name of a variable."""
    if not NAME.fullmatch(text):
        raise VariableNameError("The name must be letters, digits and _ only, and not begin with a digit")


def used_names(text: str) -> tuple[str, ...]:
    """The names of the variables that a text uses, as $NAME or ${NAME}, in their order."""
    return tuple(match[1] or match[2] for match in USE.finditer(text))


def with_stand_ins(text: str) -> str:
    """Put a digit in place of each variable that a text uses, to check what is around them.

    Where grammar wants letters or digits, a text with variables can become right only if it is right with these.
    Raises `VariableNameError` for a $ that begins no variable.
    """
    rest = USE.sub(STAND_IN, text)
    if "$" in rest:
        raise VariableNameError("A $ must begin the name of a variable, such as $VERSION or ${VERSION}")
    return rest


def without_uses(text: str) -> str:
    """A text without the variables that it uses, which may be empty: what it has at least."""
    return USE.sub("", text)
