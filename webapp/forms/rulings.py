"""What a person says became of a submission that Slipway can't tell of."""

import re
from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms.validators import ValidationError

from webapp.forms.addresses import LONGEST_ADDRESS
from webapp.forms.fields import Choice, Line

NONE = "none"
OTHER = "other"
# A number alone, or the address of an action in Buddy or in its API.
NUMBER = re.compile(r"(?:(?:https?://\S*)?/actions?/)?([0-9]{1,18})(?:[/?#]\S*)?", re.ASCII)


class RulingForm(FlaskForm):
    """Which of the offered actions it is (`offered`: number → words), another one, or none."""

    ruling = Choice("What did you find in Buddy?", "Choose what you found", choices={})
    address = Line("Address or number of the action in Buddy", longest=LONGEST_ADDRESS)

    def __init__(self, offered: Iterable[tuple[int, str]]) -> None:
        super().__init__()
        words = {str(number): name for number, name in offered}
        self.ruling.choices = {**words, OTHER: "It is there, under this address:", NONE: "It is not there"}

    @property
    def number(self) -> int | None:
        """The number of the action that was named; None when it is not there."""
        if self.ruling.text == NONE:
            return None
        match = NUMBER.fullmatch(self.address.text.strip()) if self.ruling.text == OTHER else None
        return int(match[1]) if match else int(self.ruling.text)

    def validate_address(self, field: Line) -> None:
        """Another action needs its number."""
        if self.ruling.text == OTHER and not NUMBER.fullmatch(field.text.strip()):
            raise ValidationError("Enter the number of the action, or paste its address from Buddy")
