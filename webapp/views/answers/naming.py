"""What pages call the template that something was made from."""

from flask import g

from webapp.context import parts


def made_from(id: str | None, version: int | None) -> str:
    """A template and its version in words; an empty text for none. Each is read once for a page."""
    if not id:
        return ""
    known: dict[tuple[str, int], str] = g.setdefault("templates", {})
    key = id, version or 0
    if key not in known:
        template = parts().library.version(*key)
        known[key] = f"{template.name if template else 'A template that is not known here'}, version {key[1]}"
    return known[key]
