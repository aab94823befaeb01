"""Flask as Slipway uses it: without what each request would ask of it in vain."""

from collections.abc import Callable
from typing import Any

from flask import Flask

# More than the pages of a busy day link to. What is longer, such as a form in a link, is not remembered.
MOST_ADDRESSES = 2000
LONGEST_ADDRESS = 300


class SlipwayFlask(Flask):
    """A Flask that works out each address within Slipway once, and runs no coroutines."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self._addresses: dict[object, str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A view or hook as it is: none is a coroutine, which Flask looks for at each of them in each request."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of a page: nothing but the endpoint and the values decides on it, since Slipway has no path
        before its own. Raises `werkzeug.routing.BuildError` where there is none."""
        try:
            key = (endpoint, *values.items())
            known = self._addresses.get(key)
        except TypeError:
            # A list among the values has no hash.
            return super().url_for(endpoint, **values)
        if known is not None:
            return known
        address = super().url_for(endpoint, **values)
        if len(address) <= LONGEST_ADDRESS and not endpoint.startswith("."):
            if len(self._addresses) >= MOST_ADDRESSES:
                self._addresses.clear()
            self._addresses[key] = address
        return address
