"""The box that takes words to find a pipeline by, or a pasted address of Buddy's."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import Form

from webapp.buddy.addresses import Address, is_address
from webapp.forms.fields import Line
from webapp.forms.messages import blame, messages
from webapp.forms.validators import LONGEST_WORDS, plain

# In characters; browsers and servers commonly take no longer addresses.
LONGEST_ADDRESS = 2000


class FindForm(Form):
    """One box. `link_base` is the address whose host may be linked to besides Buddy's own domain."""

    q = Line(
        "Find a pipeline or a template, or paste a Buddy address",
        [plain("What is looked for")],
        longest=LONGEST_ADDRESS,
    )

    def __init__(self, typed: Mapping[str, str], link_base: str) -> None:
        super().__init__(MultiDict(typed))
        self._link_base = link_base

    def read(self) -> Address | str:
        """What is asked for: the place that an address names, or words. What is wrong is put on the box."""
        self.validate()
        text = self.q.text
        if not self.q.errors and is_address(text, self._link_base):
            try:
                return Address.parse(text, self._link_base)
            except ValueError as error:
                self.refuse(str(error))
        elif not self.q.errors and len(text) > LONGEST_WORDS:
            self.refuse(f"What is looked for must be at most {LONGEST_WORDS} characters long: this is {len(text):,}")
        return "" if self.q.errors else text

    def refuse(self, message: str) -> None:
        """Say at the box what is wrong."""
        blame(self.q, message)

    def problems(self) -> list[tuple[str, str]]:
        """All messages, each with the id of its field."""
        return list(messages(self))
