"""The static files."""

from flask import Blueprint, Response, abort

from webapp.context import parts
from webapp.views.access import public

bp = Blueprint("assets", __name__)

YEAR_SECONDS = 31_536_000


@bp.get("/static/<name>")
@public
def show(name: str) -> Response:
    """One file. Its name tells its content, so it never changes and a browser need not ask again."""
    asset = parts().assets.find(name)
    if asset is None:
        return abort(404)
    response = Response(asset.content, mimetype=asset.media_type)
    response.cache_control.public = response.cache_control.immutable = True
    response.cache_control.max_age = YEAR_SECONDS
    return response
