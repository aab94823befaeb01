"""Writes: sent exactly once, and never raising; what came back is an answer, or what its absence proves."""

from collections.abc import Mapping
from typing import Any

import requests

from webapp.http.failures import NotSent, Unknown, classify_failure
from webapp.http.slots import Busy
from webapp.http.transport import Answer, Transport


class Writer:
    """Sends what changes something at `host`."""

    def __init__(self, transport: Transport, host: str) -> None:
        self._transport = transport
        self._host = host

    def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answer | NotSent | Unknown:
        """Send once, whatever comes of it."""
        try:
            return self._transport.write(method, path, body)
        except requests.RequestException as error:
            return classify_failure(error, self._host)
        except Busy as busy:
            return NotSent(busy.sentence)
