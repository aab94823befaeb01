"""Why nothing of a pasted text was filled in."""

from collections.abc import Sequence


class PasteError(ValueError):
    """A pasted text can't be carried over; the message says what must be changed."""


class NotChosen(PasteError):
    """There are several things of these names in a text, and one has to be chosen."""

    def __init__(self, things: str, names: Sequence[str]) -> None:
        super().__init__(f"Choose one of the {len(names)} {things} below, then fill in the form")
        self.names = names
