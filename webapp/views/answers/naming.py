"""What pages and files call the template that something was made from."""

from flask import g

from webapp.context import parts
from webapp.library import Library

NOT_KNOWN = "A template that is not known here"


class TemplateNames:
    """What each version of a template was called; each is read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[tuple[str, int], str] = {}

    def of(self, id: str, version: int) -> str:
        """The name of a template in one version. Raises `JournalUnavailable`."""
        if (id, version) not in self._known:
            template = self._library.version(id, version)
            self._known[id, version] = template.name if template else NOT_KNOWN
        return self._known[id, version]


def made_from(id: str | None, version: int | None) -> str:
    """A template and its version in words; an empty text for none. Each is read once for a page."""
    if not id:
        return ""
    names: TemplateNames = g.setdefault("templates", TemplateNames(parts().library))
    return f"{names.of(id, version or 0)}, version {version or 0}"
