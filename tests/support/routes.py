"""Addresses, compiled once for all the Slipways of a process: what comes out is always the same."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class RememberedRule(Rule):
    """An address of which the function that builds it is made once, which takes longer than to open a database.

    Without defaults that function depends on the address alone. Werkzeug has no public name for this step.
    """

    made: dict[object, Callable[..., Any]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        identity = self.rule, tuple(self._trace), append_unknown
        if identity not in self.made:
            self.made[identity] = super()._compile_builder(append_unknown)
        return self.made[identity]
