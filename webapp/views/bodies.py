"""What a POST may carry: a form, in UTF-8."""

from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

URL_ENCODED = "application/x-www-form-urlencoded"
FORMS = frozenset({URL_ENCODED, "multipart/form-data"})


def register(app: Flask) -> None:
    """Refuse every other body, before a view sees it."""
    app.before_request(check)


def check() -> None:
    """415 for what is no form; 400 for bytes that are no UTF-8, which werkzeug would leave in the text as `%FF`."""
    if request.method != "POST" or request.routing_exception is not None:
        return
    if request.mimetype not in FORMS:
        abort(415)
    if request.mimetype == URL_ENCODED:
        try:
            unquote_to_bytes(request.get_data()).decode()
        except UnicodeDecodeError:
            abort(400)
