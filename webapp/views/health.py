"""Whether Slipway is alive and able to serve, for machines."""

from flask import Blueprint

from webapp.context import parts
from webapp.store.failures import JournalUnavailable
from webapp.views.access import public

bp = Blueprint("health", __name__)


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
