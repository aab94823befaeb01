"""Whether Slipway is alive and able to serve, and figures of what it does, for machines."""

from hmac import compare_digest
from importlib.metadata import version

from flask import Blueprint, Response, abort, request

from webapp.context import parts
from webapp.figures.families import Reading
from webapp.store.failures import JournalUnavailable
from webapp.submissions.states import State
from webapp.views.access import public

bp = Blueprint("health", __name__)

# Where what is not settled yet may stand: on its way, not known, to be told apart by a person.
UNSETTLED = (State.SENDING, State.UNKNOWN, State.AMBIGUOUS)
DAY = 24 * 3600
NO_TOKEN = "Show the token of SLIPWAY_METRICS_TOKEN: Authorization: Bearer …\n"


@bp.get("/healthz")
@public
def alive() -> dict[str, str]:
    """Slipway answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> tuple[dict[str, str], int]:
    """Slipway can write into its database."""
    try:
        parts().journal.check()
    except JournalUnavailable:
        return {"status": "the database can't be written"}, 503
    return {"status": "ready"}, 200


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Figures in Prometheus' text format, for who shows the token; where none is set there is no such page."""
    token = parts().settings.metrics_token
    if token is None:
        abort(404)
    # werkzeug's own reader fails on a name and password that are no ASCII.
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    shown = given.strip() if kind.lower() == "bearer" else ""
    if not compare_digest(shown.encode(), token.encode()):
        return Response(NO_TOKEN, 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    # Loaded here, since few who run Slipway ask.
    from webapp.figures.exposition import MEDIA_TYPE, written

    return Response(written(*parts().figures.all(), readings()), content_type=MEDIA_TYPE)


def readings() -> list[Reading]:
    """What is the same for all processes. What the database knows is left out while it can't be read."""
    told = [Reading("slipway_info", "The version that runs.", [(version("slipway"), 1)], "version")]
    now = parts().clock()
    try:
        states = parts().monitor.unsettled(UNSETTLED)
        kept = parts().connection.kept()
    except JournalUnavailable:
        return told
    ages = [(state, (now - each.since).total_seconds() if each.since else 0) for state, each in states.items()]
    counts = [(state, each.count) for state, each in states.items()]
    told.append(Reading("slipway_unsettled", "Submissions that are in this state now.", counts, "state"))
    told.append(Reading("slipway_unsettled_oldest_seconds", "Since the oldest of them was sent.", ages, "state"))
    if kept is not None and kept.expires_at is not None:
        left = (kept.expires_at - now).total_seconds() / DAY
        told.append(
            Reading("slipway_token_days_left", "Until the token for Buddy ends, where that is known.", [("", left)])
        )
    return told
