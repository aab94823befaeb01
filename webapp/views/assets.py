"""The static files."""

from flask import Blueprint, Response, abort

from webapp.context import parts
from webapp.views.access import public

bp = Blueprint("assets", __name__)

YEAR_SECONDS = 31_536_000


@bp.get("/static/<name>")
@public
def show(name: str) -> Response:
    """One file. Its name tells its content, so it never changes and a browser need not ask again.

    While an upgrade goes on beside, a page may name the one of another version: it gets ours, and asks again next time.
    """
    asset = parts().assets.find(name)
    if asset is None:
        other = parts().assets.instead_of(name) or abort(404)
        return Response(other.content, mimetype=other.media_type)
    response = Response(asset.content, mimetype=asset.media_type)
    response.cache_control.public = response.cache_control.immutable = True
    response.cache_control.max_age = YEAR_SECONDS
    return response
