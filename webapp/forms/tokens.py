"""The CSRF token of a form that is mostly posted to be sent, and then never drawn: it is made when it is drawn."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.csrf.core import CSRFTokenField
from wtforms.form import BaseForm


class LateToken(CSRFTokenField):
    """The field with the token. What was found right once is not looked at again."""

    is_right = False

    def process(self, *about: Any, **more: Any) -> None:
        """Read the one that was posted. WTForms would make the one for the page, too."""
        HiddenField.process(self, *about, **more)

    def _value(self) -> str:
        return str(self.csrf_impl.generate_csrf_token(self))

    def pre_validate(self, form: BaseForm) -> None:
        """Look at the one that was posted. Raises `wtforms.ValidationError`."""
        if not self.is_right:
            super().pre_validate(form)
            self.is_right = True


class LateTokens(FlaskForm.Meta.csrf_class):
    """What makes and checks the tokens of Flask-WTF, with that field."""

    field_class = LateToken
