"""Whether an action is what a request asked for, as far as can be seen: secrets are never compared."""

from collections.abc import Mapping
from typing import Any

from webapp.buddy.container import SETTINGS, Compared
from webapp.buddy.kinds import Kind, Text
from webapp.buddy.wordings import in_contracts_words
from webapp.http.reading import said

# What can't be seen of a change that was asked for: the type never changes, and the others Buddy does not tell.
UNSEEN = frozenset({"type", *(name for name, setting in SETTINGS.items() if not setting.told)})


def differences(sent: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the settings in which an action, as Buddy answers it in full, is not what a redacted request asked for.

    A field that Buddy is silent about is at its default (Buddy: "Overview", empty fields).
    """
    always = {name: setting.kind.cleared for name, setting in SETTINGS.items() if setting.compared is Compared.ALWAYS}
    if_sent = [name for name, setting in SETTINGS.items() if setting.compared is Compared.IF_SENT]
    return disagreeing({**always, **{name: None for name in if_sent if name in sent}}, sent, action)


def visible_differences(changes: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the settings in which an action is not what a redacted change asked for; a password can't be seen."""
    seen = {name: value for name, value in changes.items() if name not in UNSEEN}
    defaults = {name: SETTINGS[name].kind.cleared if name in SETTINGS else type(seen[name])() for name in seen}
    return disagreeing(defaults, seen, action)


def is_exact(name: str, changes: Mapping[str, Any], action: Mapping[str, Any]) -> bool:
    """Whether an action has a setting to the letter as a redacted change that it agrees with asked for."""
    kind = kind_of(name)
    return kind.exact(changes[name], said(in_contracts_words(action), name, kind.cleared))


def disagreeing(defaults: Mapping[str, Any], sent: Mapping[str, Any], action: Mapping[str, Any]) -> tuple[str, ...]:
    """Name those of the settings in which the two say different things; silence means the default."""
    answered = in_contracts_words(action)
    return tuple(
        name
        for name, default in defaults.items()
        if not kind_of(name).agree(said(sent, name, default), said(answered, name, default))
    )


def kind_of(name: str) -> Kind[Any]:
    """The kind of a setting. What another version of Slipway has sent is no setting here: it counts as it stands."""
    return SETTINGS[name].kind if name in SETTINGS else Text()
