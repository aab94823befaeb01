"""Signing in, and choosing a password."""

from collections.abc import Collection, Iterator
from functools import cache

from flask_wtf import FlaskForm
from wtforms import Field, Form
from wtforms.validators import StopValidation

from webapp.forms.fields import Line, SecretLine
from webapp.forms.messages import messages
from webapp.forms.validators import needed, plain

SHORTEST = 8
# In characters. A password is brought into one spelling, which takes the square of its length.
LONGEST = 1000
LONGEST_NAME = 100
# Of a sign-in name in small letters, as it is kept: one character can become three.
LONGEST_KEPT = 255
TAKEN = "The sign-in name must be one that nobody else has"
TOO_OLD = "This page was open for too long: check it and send it again"


def hard_to_guess(form: Form, field: Field) -> None:
    """A new password has some length, is not one that everybody tries first, and is not the person's own name."""
    problem = password_problem(field.data or "", form.own_names)  # type: ignore[attr-defined]
    if problem:
        raise StopValidation(problem)


def short_enough(form: Form, field: Field) -> None:
    """A new sign-in name can be kept."""
    length = len((field.data or "").casefold())
    if length > LONGEST_KEPT:
        raise StopValidation(
            f"The sign-in name must be shorter: in small letters it has {length} characters, "
            f"and {LONGEST_KEPT} is the most"
        )


def password_problem(password: str, own_names: Collection[str]) -> str | None:
    """Tell what is wrong with a new password, or None. Any character is right, blanks at its ends too."""
    if not password:
        return "Enter a password"
    if len(password) < SHORTEST:
        return f"The password must be at least {SHORTEST} characters long: this is {len(password)}"
    low = password.casefold()
    if low in common_passwords():
        return "The password must not be one of those that are tried first: choose one that few people use"
    if low in {name.casefold() for name in (*own_names, "slipway")}:
        return "The password must not be a name"
    return None


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that are tried first."""
    # Not loaded before somebody chooses a password: the lists take 16 MB, and few people ever do.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


class PageForm(FlaskForm):
    """A form that fills a page of its own."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """All messages, each with the id of its field; one that is the page's own has an empty id."""
        if self.csrf_token.errors:
            yield "", TOO_OLD
        yield from messages(self)


class SignInForm(PageForm):
    """Name and password."""

    login = Line("Sign-in name", [needed("Enter your sign-in name"), plain("The sign-in name")], longest=LONGEST_NAME)
    password = SecretLine("Password", [needed("Enter your password")], longest=LONGEST)


class NewPasswordForm(PageForm):
    """A new password. `own_names` are those that it must not be."""

    password = SecretLine(
        "New password",
        [hard_to_guess],
        longest=LONGEST,
        description=f"At least {SHORTEST} characters of any kind. Several words that don't belong together are good.",
    )

    def __init__(self, own_names: Collection[str] = ()) -> None:
        super().__init__()
        self._own_names = own_names

    @property
    def own_names(self) -> Collection[str]:
        """What the password must not be."""
        return self._own_names


class FirstForm(NewPasswordForm):
    """The first administrator: how to sign in, how to be called, and a password."""

    login = Line(
        "Sign-in name",
        [needed("Enter a sign-in name"), plain("The sign-in name"), short_enough],
        longest=LONGEST_NAME,
        description="What you will type to sign in, for example your e-mail address.",
    )
    name = Line(
        "Your name",
        [needed("Enter your name"), plain("Your name")],
        longest=LONGEST_NAME,
        description="How the record calls you, for example Ada Byron.",
    )

    @property
    def own_names(self) -> Collection[str]:
        """What the password must not be."""
        return (self.login.text, self.name.text)


class ChangePasswordForm(NewPasswordForm):
    """A new password, proved with the present one."""

    present = SecretLine("Current password", [needed("Enter your current password")], longest=LONGEST)
