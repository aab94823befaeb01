"""Connecting Buddy."""

import re

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.forms.fields import SecretLine
from webapp.forms.passwords import PageForm
from webapp.forms.validators import needed

LONGEST_TOKEN = 1000
TOKEN = re.compile(r"[!-~]+")


class ConnectionForm(PageForm):
    """Buddy's API token, which is never shown again."""

    token = SecretLine(
        "API token",
        [needed("Enter an API token of Buddy's")],
        longest=LONGEST_TOKEN,
        filters=[lambda text: text.strip() if text else text],
        description=(
            "In Buddy: your avatar, Security, Personal access tokens. Scopes: WORKSPACE, EXECUTION_INFO, "
            "EXECUTION_MANAGE, INTEGRATION_INFO, TOKEN_INFO, or the newer WORKSPACE_READ, PROJECT_READ, "
            "PIPELINE_WRITE, INTEGRATION_READ. Everybody here asks Buddy with it."
        ),
    )

    def validate_token(self, field: Field) -> None:
        """A token is one word."""
        if not TOKEN.fullmatch(field.data or ""):
            raise ValidationError("The API token must be one word, as Buddy shows it")
