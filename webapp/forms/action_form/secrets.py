"""Secrets on their way through a form: taken out of what was typed, named by an opaque id, never put back on a page."""

from collections.abc import Collection, Mapping
from secrets import token_urlsafe

from webapp.forms.action_form.posted import Typed, rows_of, with_rows


def take_secrets(typed: Mapping[str, str], stored: Mapping[str, str]) -> tuple[Typed, dict[str, str]]:
    """Split what was typed into public fields and secrets by id.

    `stored` are the secrets kept earlier for this form. A secret typed anew gets a new id; one that is only named
    stays as it is; what no field names any more is left behind. A field that names a secret which is no longer
    stored keeps the name, so that the form can ask for it again.
    """
    secrets: dict[str, str] = {}
    public = dict(typed)
    password = take(public, "password", "password_kept", stored, secrets)
    variables = rows_of(public, "variables")
    for row in variables:
        if row.get("value"):
            row.pop("unknown", None)
        if is_secret(row):
            take(row, "value", "kept", stored, secrets)
        elif row.get("value"):
            row.pop("kept", None)
        elif row.get("kept") in stored:
            secrets[row["kept"]] = stored[row["kept"]]
    return with_rows(password, "variables", variables), secrets


def names_secrets(typed: Mapping[str, str]) -> bool:
    """Whether a form names any secret that was kept for it."""
    return "password_kept" in typed or any(name.endswith("-kept") for name in typed)


def take(fields: Typed, value_name: str, kept_name: str, stored: Mapping[str, str], secrets: dict[str, str]) -> Typed:
    """Move one secret out of `fields` into `secrets`, leaving its id under `kept_name`."""
    typed = fields.pop(value_name, "")
    kept = fields.get(kept_name, "")
    if typed:
        kept = fields[kept_name] = token_urlsafe(9)
        secrets[kept] = typed
    elif kept in stored:
        secrets[kept] = stored[kept]
    return fields


def is_secret(variable: Mapping[str, str]) -> bool:
    """Whether a variable's value is never shown: it is to be encrypted, or it is a private key."""
    return bool(variable.get("encrypted")) or variable.get("type") == "SSH_KEY"


def without_secrets(typed: Mapping[str, str]) -> Typed:
    """Leave out secrets and the names of kept ones: what a link, or another form like this one, may carry."""
    public = {name: value for name, value in typed.items() if name not in ("password", "password_kept")}
    variables = rows_of(public, "variables")
    for row in variables:
        row.pop("kept", None)
        if is_secret(row):
            row.pop("value", None)
            row["unknown"] = "true"
    return with_rows(public, "variables", variables)


def without_taken(typed: Mapping[str, str], keys: Collection[str], secrets: Collection[str] = ()) -> Typed:
    """Leave out the values of plain variables that are secrets now: those with these names, or with such a text."""
    variables = rows_of(typed, "variables")
    for row in variables:
        if not is_secret(row) and row.get("value") and (row.get("key") in keys or row["value"] in secrets):
            del row["value"]
            row["unknown"] = "true"
    return with_rows(typed, "variables", variables)


def hidden_keys(typed: Mapping[str, str]) -> set[str]:
    """The names of the plain variables whose values are not known here."""
    return {row.get("key", "") for row in rows_of(typed, "variables") if row.get("unknown") and not is_secret(row)}
