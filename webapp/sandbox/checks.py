"""What stands before the sandbox's API: the record of changes asked for, the weather, the token and its scopes."""

from flask import Response, request

from webapp.sandbox.context import sandbox_context
from webapp.sandbox.replies import errors, rate_limited
from webapp.sandbox.state import Received
from webapp.sandbox.tokens import SEEING, WANTED, find_token
from webapp.sandbox.weather import NONSENSE, WEATHER, Weather

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def receive() -> Response | None:
    """Note a request that wants to change something, then refuse it or let it pass (None)."""
    if request.method in CHANGING:
        sandbox_context().state.receive(
            Received(request.method, request.path, request.get_json(force=True, silent=True))
        )
    return refused_by_weather() or refused_by_token()


def send_off(response: Response) -> Response:
    """Let an error take the place of the answer to a change that was made, if such is the weather."""
    if weather() is Weather.ERROR_AFTER_CREATING and request.method in CHANGING and response.status_code < 300:
        return with_scopes(errors(500, ["Something went wrong on our side."]))
    return with_scopes(response)


def with_scopes(response: Response) -> Response:
    """Tell on an answer of Buddy's own what the token may do, and of which scopes this wants one."""
    token = find_token(request.headers.get("Authorization", ""))
    if token is not None and response.content_type == "application/json" and response.status_code != 401:
        response.headers["X-OAuth-Scopes"] = ", ".join(token.scopes)
        response.headers["X-Accepted-OAuth-Scopes"] = ", ".join(wanted())
    return response


def wanted() -> tuple[str, ...]:
    """The scopes of which this request wants one."""
    return WANTED.get((request.endpoint or "").rpartition(".")[2], SEEING)


def refused_by_weather() -> Response | None:
    """The answer of a Buddy that does not look at the request."""
    match weather():
        case Weather.TOKEN_REFUSED:
            return errors(401, ["The access token is missing or not valid."])
        case Weather.RATE_LIMITED:
            return rate_limited()
        case Weather.NONSENSE:
            return Response(NONSENSE, 201 if request.method == "POST" else 200, content_type="text/html")
    return None


def refused_by_token() -> Response | None:
    """The answer to a token that is not known, or that may not do this."""
    token = find_token(request.headers.get("Authorization", ""))
    if token is None:
        return errors(401, ["The access token is missing or not valid."])
    if request.method in CHANGING and not set(token.scopes) & set(wanted()):
        return errors(403, [f"The access token lacks the scope {wanted()[0]}."])
    return None


def weather() -> Weather:
    """The weather over this request."""
    found = request.environ.get(WEATHER)
    return found if isinstance(found, Weather) else Weather.FINE
