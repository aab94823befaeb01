"""Secrets on their way through a form: taken out of what was typed, named by an opaque id, never put back on a page."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from secrets import token_urlsafe

from webapp.docker.references import DOCKER_HUB, ReferenceError, split_registry
from webapp.forms.action_form.posted import Typed, rows_of, with_rows
from webapp.forms.validators import LARGEST_FIELD

# Between the two parts of the id of a password; it stands in no id of anything else.
MARKED = "."
# 108 bits; the whole id has 31 characters, and the database has room for 32.
MARK_LENGTH = 18


def take_secrets(typed: Mapping[str, str], stored: Mapping[str, str]) -> tuple[Typed, dict[str, str]]:
    """Split what was typed into public fields and secrets by id.

    `stored` are the secrets kept earlier for this form. A secret typed anew gets a new id; one that is only named
    stays as it is; what no field names any more is left behind. A field that names a secret which is no longer
    stored keeps the name, so that the form can ask for it again.
    """
    secrets: dict[str, str] = {}
    public = dict(typed)
    password = take(public, "password", "password_kept", stored, secrets, mark_of)
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


def take(
    fields: Typed,
    value_name: str,
    kept_name: str,
    stored: Mapping[str, str],
    secrets: dict[str, str],
    mark: Callable[[str, Mapping[str, str]], str] = lambda id, _: id,
) -> Typed:
    """Move one secret out of `fields` into `secrets`, leaving its id under `kept_name`.

    `mark` makes the id of a new one of a random text, and of the fields beside it where it goes with these alone.
    """
    typed = fields.pop(value_name, "")
    kept = fields.get(kept_name, "")
    if typed:
        kept = fields[kept_name] = mark(token_urlsafe(9), fields)
        secrets[kept] = typed
    elif kept in stored:
        secrets[kept] = stored[kept]
    return fields


def mark_of(id: str, fields: Mapping[str, str]) -> str:
    """The id of a password: a random one, with a mark of the registry and the user name that it was typed for."""
    said = json.dumps([id, registry_in(fields), fields.get("login", "").strip()])
    mark = urlsafe_b64encode(sha256(said.encode(errors="replace")).digest()).decode()
    return f"{id}{MARKED}{mark[:MARK_LENGTH]}"


def was_typed_for(id: str, fields: Mapping[str, str]) -> bool:
    """Whether the password with this id goes with the registry and the user name that the fields have now. A template's
    own has no mark: what it goes with, the template fixes."""
    return MARKED not in id or id == mark_of(id.partition(MARKED)[0], fields)


def registry_in(fields: Mapping[str, str]) -> str:
    """The registry that the fields lead to, which may stand before the image's name; empty for Docker Hub."""
    address = fields.get("registry", "").strip()
    if not address:
        try:
            return split_registry(fields.get("docker_image_name", "").strip()[:LARGEST_FIELD])[0].lower()
        except ReferenceError:
            return ""
    return "" if address.lower() in DOCKER_HUB else address.lower()


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
