"""What a link to a filled form carries: what was typed, and never a secret."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from webapp.docker.secrets import holds_secret, looks_secret
from webapp.docker.texts import blank
from webapp.forms.action_form.form import DEFAULTS, LABELS
from webapp.forms.action_form.posted import Typed, rows_of, with_rows
from webapp.forms.action_form.secrets import without_secrets

VALUE = re.compile(r"variables-[0-9]+-value")
# Programs that cut off links do it after about this many characters.
LONGEST_LINK = 8_000
# A shorter secret stands in other texts by chance.
SHORTEST_SECRET = 4


@dataclass(frozen=True)
class Shareable:
    """The fields that a link may carry, and the labels of those that were left out since a secret may be in them."""

    fields: Typed
    left: tuple[str, ...] = ()


def shareable(typed: Mapping[str, str], secrets: Collection[str]) -> Shareable:
    """Take from a form what is filled in, without its `secrets` and without each text that may hold one."""
    public = without_secrets(typed)
    finder = SecretFinder(secrets)
    variables, volumes = rows_of(public, "variables"), rows_of(public, "volume_mappings")
    left = [LABELS[name] for name in finder.take_out(public) if name in LABELS]
    for number, row in enumerate(volumes, start=1):
        left += [f"Volume {number}"] * bool(finder.take_out(row))
    for number, row in enumerate(variables, start=1):
        value = row.get("value", "")
        if looks_secret(row.get("key", ""), value) or finder.may_hold_secret(value):
            row["value"] = ""
            row["encrypted"] = row["unknown"] = "true"
            left.append(f"The value of variable {number}")
        left += [f"Name or description of variable {number}"] * bool(finder.take_out(row))
        if row.get("type") == "VAR":
            del row["type"]
    fields = with_rows(with_rows(public, "variables", variables), "volume_mappings", volumes)
    filled = {name: value for name, value in fields.items() if is_carried(name, value)}
    return Shareable(filled, tuple(left))


def is_carried(name: str, text: str) -> bool:
    """Whether a field holds more than in an empty form. Blanks are a value of a variable, and nothing elsewhere."""
    if VALUE.fullmatch(name):
        return bool(text)
    return not blank(text) and text != DEFAULTS.get(name)


class SecretFinder:
    """Knows the texts that may hold a secret: by how they look, or since one of the form's `secrets` is in them."""

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def may_hold_secret(self, text: str) -> bool:
        """Whether a text may hold a secret."""
        return holds_secret(text) or any(secret in text for secret in self._secrets)

    def take_out(self, fields: Typed) -> list[str]:
        """Take such texts out of fields, and give their names. Rows are fields of their own."""
        names = [name for name, text in fields.items() if "-" not in name and self.may_hold_secret(text)]
        for name in names:
            del fields[name]
        return names
