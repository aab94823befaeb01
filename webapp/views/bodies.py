"""What a POST may carry: a form, in UTF-8."""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

URL_ENCODED = "application/x-www-form-urlencoded"
# Browsers write a % itself as %25. Reading two million that are none would take seconds.
ESCAPED = re.compile(rb"(?:[^%]++|%[0-9A-Fa-f]{2})*+")
FORMS = frozenset({URL_ENCODED, "multipart/form-data"})


def register(app: Flask) -> None:
    """Refuse every other body, before a view sees it."""
    app.before_request(check)


def check() -> None:
    """415 for what is no form; 400 for what is not escaped as a form is ("URL Standard", urlencoded parsing), or is no
    UTF-8, which werkzeug would leave in the text as `%FF`."""
    if request.method != "POST" or request.routing_exception is not None:
        return
    if request.mimetype not in FORMS:
        abort(415)
    if request.mimetype == URL_ENCODED:
        body = request.get_data()
        if ESCAPED.fullmatch(body) is None:
            abort(400)
        try:
            unquote_to_bytes(body).decode()
        except UnicodeDecodeError:
            abort(400)
