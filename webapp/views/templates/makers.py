"""Who may make, change and retire templates."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from webapp.auth.people import Role
from webapp.context import may_by_rules, parts
from webapp.views.access import editor, insist


def role_needed() -> Role:
    """The least role that makes templates, as the rules say. Raises `JournalUnavailable`."""
    return Role.EDITOR if parts().rulebook.now().editors_make_templates else Role.ADMINISTRATOR


def makers() -> tuple[str, ...]:
    """All roles that make templates, as the database is told. Raises `JournalUnavailable`."""
    return tuple(str(role) for role in Role if role.covers(role_needed()))


def may_make() -> bool:
    """Whether who is asking makes templates: what pages offer."""
    return may_by_rules(role_needed)


def maker(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let those use a view who make templates."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        insist(role_needed())
        return view(**values)

    return editor(guarded)
