"""The kinds of field that Slipway's forms are made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Field, PasswordField, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from webapp.forms.validators import DIGITS, LARGEST_FIELD, check_length, on_line

HIGHEST = 30


def one_line(text: str | None) -> str | None:
    """What a box of one line holds of a text."""
    return on_line(text) if text else text


# All that the HTML of a field is made of, but for what somebody has typed and what is wrong.
Look = tuple[object, ...]


def look_of(field: Field) -> Look:
    """What every kind of field is drawn from."""
    return field.id, field.name, field.label.text, field.description, getattr(field, "ours", True)


class NotedField:
    """A field beside which more can stand: `note` is what this page says of what it holds; `warnings` keep nothing from
    being sent. `ours`: its words are Slipway's."""

    id: str
    description: str
    errors: Sequence[str]
    note = ""
    ours = True
    warnings: Sequence[str] = ()

    @property
    def described_by(self) -> str:
        """The ids of what stands beside it, in the order of the page."""
        beside = {"help": self.description, "error": self.errors, "note": self.note, "warning": self.warnings}
        return " ".join(f"{self.id}-{kind}" for kind, there in beside.items() if there)

    @property
    def said(self) -> bool:
        """Whether anything stands beside it."""
        return bool(self.note or self.warnings)


class Limited(NotedField, StringField):
    """A text that somebody types, of at most `longest` characters: no rule looks at what is longer. `usual` is what a
    new form has in the box."""

    def __init__(
        self, label: str, rules: Any = (), longest: int = LARGEST_FIELD, usual: str = "", **options: Any
    ) -> None:
        super().__init__(label, rules, **options)
        self.longest = longest
        self.usual = usual

    @property
    def text(self) -> str:
        """What was typed, or an empty text."""
        return self.data or ""

    @property
    def value(self) -> str | int | None:
        """What the box stands for in a request."""
        return self.text

    @property
    def look(self) -> Look | None:
        """What the box is drawn from, where it is as in a new form, or empty; None when something is typed or wrong."""
        if self.errors or self.said or self.text not in ("", self.usual):
            return None
        return *look_of(self), self.text

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is too long, before any rule: some need a time that grows faster than the text."""
        problem = check_length(self.text, f"“{self.label.text}”", self.longest)
        if problem:
            raise StopValidation(problem)


class Line(Limited):
    """One line of text, without the blanks around it.

    `when_empty` says in the empty box what that means; `suggestions` are values to choose from, each with its words.
    """

    def __init__(
        self,
        label: str,
        rules: Any = (),
        when_empty: str = "",
        suggestions: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(label, rules, filters=[one_line], **options)
        self.when_empty = when_empty
        self.suggestions = suggestions or {}

    @property
    def look(self) -> Look | None:
        """What the box is drawn from, as long as it holds nothing of anybody's; None otherwise."""
        look = super().look
        return look and (*look, self.when_empty, *self.suggestions.items())


class WholeNumber(Line):
    """A whole number, typed as text so that whatever was typed can be shown again."""

    @property
    def number(self) -> int | None:
        """The number, or None when nothing was typed."""
        return int(self.text) if DIGITS.fullmatch(self.text) else None

    @property
    def value(self) -> int | None:
        """What the box stands for in a request."""
        return self.number


class Text(Limited, TextAreaField):
    """Several lines of text, sent exactly as typed. The box has at least `height` rows."""

    def __init__(self, label: str, rules: Any = (), height: int = 1, **options: Any) -> None:
        super().__init__(label, rules, **options)
        self.height = height

    @property
    def look(self) -> Look | None:
        """What the box is drawn from, as long as it holds nothing of anybody's; None otherwise."""
        look = super().look
        return look and (*look, self.height)

    @property
    def rows(self) -> int:
        """How many rows the box has: it grows with what it holds, up to a limit."""
        return min(max(self.height, self.text.count("\n") + 2), HIGHEST)


class Tick(NotedField, BooleanField):
    """A box to tick."""

    @property
    def on(self) -> bool:
        """Whether it is ticked."""
        return bool(self.data)

    @property
    def look(self) -> Look | None:
        """What the box is drawn from, ticked or not; None when something is wrong."""
        return None if self.errors or self.said else (*look_of(self), self.on)

    @property
    def value(self) -> bool:
        """What the box stands for in a request."""
        return self.on


class Choice(NotedField, SelectField):
    """One of several values, each with its words and perhaps a hint; `message` is said when it is none of them."""

    def __init__(self, label: str, message: str, hints: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.message = message
        self.hints = hints or {}

    @property
    def text(self) -> str:
        """The chosen value, or an empty text."""
        return self.data or ""

    @property
    def offered(self) -> Mapping[str, str]:
        """The values to choose from, each with its words."""
        return self.choices if isinstance(self.choices, dict) else {}

    @property
    def look(self) -> Look | None:
        """What the choice is drawn from; None when something is wrong, or what is chosen is none of it."""
        if self.errors or self.said or self.text not in self.offered:
            return None
        return *look_of(self), self.text, *self.offered.items(), *self.hints.items()

    @property
    def value(self) -> str:
        """What the box stands for in a request."""
        return self.text

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is none of the choices. WTForms would make what is drawn of each, to ask whether it is chosen."""
        if self.data not in self.offered:
            raise ValidationError(self.message)


class SecretLine(Limited, PasswordField):
    """A secret in one line: it is read from the kept secrets and never written into a page."""


def is_ticked(value: str) -> bool:
    """Whether a form was posted with a box to tick ticked, by the value that it has then."""
    return value not in Tick.false_values


# The fields that stand for a value in a request.
Box = Limited | Tick | Choice
