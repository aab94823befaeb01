"""Whether Slipway is alive and able to serve, for machines."""

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from webapp.context import parts

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> dict[str, str]:
    """Slipway answers."""
    return {"status": "alive"}


@bp.get("/readyz")
def ready() -> tuple[dict[str, str], int]:
    """Slipway can use its database."""
    try:
        parts().journal.check()
    except SQLAlchemyError:
        return {"status": "the database does not answer"}, 503
    return {"status": "ready"}, 200
