"""Drawing pages soon: most fields of a form look the same on each page, so that their HTML is remembered."""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask.templating import Environment
from markupsafe import Markup

from webapp.forms.fields import Box

# More than all forms have, without their rows.
MOST = 300
# In characters: what is drawn from more than this, such as a long list to choose from, is drawn anew.
LONGEST = 2000


class Templates(Environment):
    """Flask's environment, for templates that have no globals but the environment's own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template. Jinja would chain two dictionaries, and look through them at each import."""
        return super().make_globals(d) if d else self.globals


class Drawn:
    """What macros have drawn of fields that hold nothing of anybody's, by all that they were drawn from."""

    def __init__(self) -> None:
        self._known: dict[object, Markup] = {}

    def remembered(self, macro: Any) -> Callable[..., Markup]:
        """The same as a macro that draws one field, but for fields that look as one drawn before."""

        def draw(field: Box, focus: str = "", **options: Any) -> Markup:
            look, rest = field.look, repr(options)
            if look is None or focus == field.id or len(rest) > LONGEST:
                return escaped(macro(field, focus, **options))
            key = (macro.name, look, rest)
            drawn = self._known.get(key)
            if drawn is None:
                drawn = escaped(macro(field, **options))
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = drawn
            return drawn

        return draw


def drawn_once(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """The same as a macro that draws nothing but the texts it is given, which it is then asked for once.

    They are Slipway's own: what people and other servers have written has no bound, and would drive these out. A text
    and markup that reads the same are told apart, since text is escaped.
    """
    return lru_cache(MOST, typed=True)(macro)


def escaped(html: object) -> Markup:
    """What a macro has drawn, which has escaped what it was given."""
    assert isinstance(html, Markup)
    return html
