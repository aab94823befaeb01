"""The CSRF token of a form that is mostly posted to be sent: pages draw one without the form."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.csrf.core import CSRFTokenField
from wtforms.form import BaseForm


class PostedToken(CSRFTokenField):
    """The field with the token that was posted. What was found right once is not looked at again."""

    is_right = False

    def process(self, *about: Any, **more: Any) -> None:
        """Read it. WTForms would make one for a page, too."""
        HiddenField.process(self, *about, **more)

    def pre_validate(self, form: BaseForm) -> None:
        """Look at it. Raises `wtforms.ValidationError`."""
        if not self.is_right:
            super().pre_validate(form)
            self.is_right = True


class PostedTokens(FlaskForm.Meta.csrf_class):
    """What makes and checks the tokens of Flask-WTF, with that field."""

    field_class = PostedToken
