"""One variable that the commands can use."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField
from wtforms.validators import StopValidation

from webapp.buddy.variables import Variable
from webapp.docker.secrets import looks_secret, secret_name
from webapp.docker.texts import blank
from webapp.docker.variables import check_variable_name
from webapp.forms.fields import Choice, Line, Text, Tick, is_ticked
from webapp.forms.messages import row_called
from webapp.forms.quick import QuickForm
from webapp.forms.validators import checked, needed, on_line, plain

PLAIN = "VAR"
SSH_KEY = "SSH_KEY"
NEVER_EMPTY = ("FILE", SSH_KEY)
TYPES = {PLAIN: "Text", "FILE": "File (Base64)", SSH_KEY: "SSH key"}


class VariableForm(QuickForm):
    """A variable's name, value and kind. A secret value comes from `secrets`, by the id in `kept`.

    `unknown` says that there is a value which is not known here, as in a copy: only a person can say that it is empty.
    """

    key = Line(
        "Name",
        [
            needed("Enter the name of the variable, for example APP_ENV"),
            plain("The name"),
            checked(check_variable_name),
        ],
    )
    value = Text("Value", [plain("The value", allowed="\n\t")])
    type = Choice("Kind", "Choose the kind of the variable", choices=TYPES, default=PLAIN)
    encrypted = Tick("Encrypted")
    settable = Tick("Can be changed when the pipeline is run")
    description = Line("Description", [plain("The description")], when_empty="none")
    kept = HiddenField()
    unknown = HiddenField()

    def __init__(self, *args: Any, secrets: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        kept = secrets.get(self.kept.data or "")
        self.value_kept = kept is not None
        if self.value_kept and self.secret:
            self.value.data = kept

    @property
    def secret(self) -> bool:
        """Whether the value is never shown again: it is encrypted, or a private key."""
        return self.encrypted.on or self.type.data == SSH_KEY

    @property
    def likely_secret(self) -> bool:
        """Whether the value is probably a secret, and nobody has said so."""
        return not self.secret and (secret_name(self.key.text) or looks_secret(self.key.text, self.value.text))

    @property
    def boxes(self) -> Mapping[str, str]:
        """What the boxes hold now, by their names."""
        return {field.short_name: field.data or "" for field in self}

    @property
    def empty(self) -> bool:
        """Whether nothing was typed in this row."""
        return is_empty(self.boxes)

    def called(self, number: int) -> str:
        """What people call the row that has this number."""
        return row_called("Variable", number, self.key.text)

    @property
    def more_used(self) -> bool:
        """Whether what is folded away differs from its default or has a message."""
        rare = (self.type, self.description, self.settable)
        return any(field.errors or field.data not in (None, "", False, "VAR") for field in rare)

    def validate_value(self, field: Text) -> None:
        """A file or a key needs a value, and a file's is Base64 (RFC 4648); an encrypted text may be empty."""
        if self.kept.data and not field.text:
            raise StopValidation(self._why_again())
        if not field.text and (self.unknown.data or self.type.data in NEVER_EMPTY):
            raise StopValidation("Enter the value")
        if self.type.data == "FILE" and not is_base64(field.text):
            raise StopValidation("The value of a file must be its content in Base64")

    def _why_again(self) -> str:
        if self.value_kept:
            return "Enter the value again, or tick “Encrypted”: a kept value is only sent encrypted"
        return "Enter the value again: Slipway keeps encrypted values for at most 24 hours"

    def to_variable(self) -> Variable:
        """The row as Buddy's variable."""
        return variable_in(self.boxes)


def is_empty(row: Mapping[str, str]) -> bool:
    """Whether nothing was typed in the boxes of a row."""
    return not row.get("kept") and all(blank(row.get(name)) for name in ("key", "value", "description"))


def variable_in(row: Mapping[str, str]) -> Variable:
    """The boxes of a row as Buddy's variable; a plain one without a value where it is not known here."""
    value, type = row.get("value", ""), row.get("type", PLAIN)
    encrypted, settable = (is_ticked(row.get(name, "")) for name in ("encrypted", "settable"))
    unknown = row.get("unknown") and not value and not encrypted and type != SSH_KEY
    return Variable(
        key=on_line(row.get("key", "")),
        value=None if unknown else value,
        type=type,
        encrypted=encrypted,
        settable=settable,
        description=on_line(row.get("description", "")),
    )


def is_base64(text: str) -> bool:
    """Whether a text is Base64, line breaks allowed."""
    try:
        b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
