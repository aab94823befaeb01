"""The sandbox's REST API, under the addresses of Buddy's."""

from flask import Blueprint, Response, abort
from werkzeug.exceptions import HTTPException, NotFound

from webapp.sandbox import actions, checks, executions, places
from webapp.sandbox.replies import errors

ALL_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

bp = Blueprint("api", __name__)
bp.before_request(checks.receive)
bp.after_request(checks.send_off)
bp.register_blueprint(places.bp)
bp.register_blueprint(actions.bp)
bp.register_blueprint(executions.bp)


# Named apart, since a handler of the whole app for 404 goes before a general one of this blueprint.
@bp.errorhandler(NotFound)
@bp.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    """An error in Buddy's shape."""
    return errors(error.code or 500, [error.description or error.name])


@bp.route("/", defaults={"rest": ""}, methods=ALL_METHODS)
@bp.route("/<path:rest>", methods=ALL_METHODS)
def nothing(rest: str) -> Response:
    """Any other address."""
    return abort(404, "Not found.")
