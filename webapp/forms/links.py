"""What a link to a filled form carries: what was typed, and never a secret."""

from collections.abc import Mapping

from webapp.docker.variables import looks_secret
from webapp.forms.actions import DEFAULTS
from webapp.forms.posted import Typed, rows_of, with_rows
from webapp.forms.secrets import without_secrets
from webapp.forms.validators import blank

# Programs that cut off links do it after about this many characters.
LONGEST_LINK = 8_000


def shareable(typed: Mapping[str, str]) -> Typed:
    """Give the fields that a link may carry: what is filled in, without secrets and what looks like one."""
    public = without_secrets(typed)
    variables = rows_of(public, "variables")
    for row in variables:
        if looks_secret(row.get("key", ""), row.get("value", "")):
            row["value"] = ""
            row["encrypted"] = row["unknown"] = "true"
        if row.get("type") == "VAR":
            del row["type"]
    fields = with_rows(public, "variables", variables)
    return {name: value for name, value in fields.items() if not blank(value) and value != DEFAULTS.get(name)}
