"""The HTTP side of the sandbox's answers: JSON with Buddy's headers, refusals in Buddy's shape, lists in pages."""

import json
from collections.abc import Sequence
from time import time

from flask import Response, request

from webapp.sandbox.context import sandbox_context
from webapp.sandbox.state import Json

PAGE_LENGTH = 20
LONGEST_PAGE = 50
RATE_LIMIT = 1000
RATE_PERIOD = 60


def reply(body: Json, status: int = 200) -> Response:
    """An answer. Its content type has no charset, which some clients compare to the letter."""
    return with_headers(Response(json.dumps(body), status))


def empty_reply() -> Response:
    """The answer to a deletion."""
    return with_headers(Response(status=204))


def errors(status: int, messages: Sequence[str]) -> Response:
    """A refusal in Buddy's shape."""
    return reply({"errors": [{"message": message} for message in messages]}, status)


def rate_limited() -> Response:
    """The refusal of one request too many."""
    response = errors(429, ["Rate limit exceeded."])
    response.headers["X-Rate-Limit-Remaining"] = "0"
    return response


def listing(name: str, views: Sequence[Json], path: str, html_url: str) -> Response:
    """An answer with a list; `path` is where in the API it is, `html_url` the page that shows it."""
    return reply({"url": sandbox_context().addresses.api(path), "html_url": html_url, name: views})


def paged(views: Sequence[Json]) -> Sequence[Json]:
    """The page of a list that the query asks for."""
    page = request.args.get("page", 1, type=int)
    length = request.args.get("per_page", PAGE_LENGTH, type=int)
    return views[(page - 1) * length : page * length] if page > 0 and length > 0 else []


def listing_in_pages(name: str, views: Sequence[Json], path: str, html_url: str) -> Response:
    """The same with the page that the query asks for, and how many there are of all."""
    length = min(request.args.get("per_page", PAGE_LENGTH, type=int), LONGEST_PAGE)
    page = paged(views)[:LONGEST_PAGE]
    counts = {
        "page": request.args.get("page", 1, type=int),
        "page_size": length,
        "total_page_count": -(-len(views) // length) if length > 0 else 0,
        "element_count": len(page),
        "total_element_count": len(views),
    }
    return reply({"url": sandbox_context().addresses.api(path), "html_url": html_url, **counts, name: page})


def in_order(views: Sequence[Json], *names: str) -> Sequence[Json]:
    """A list sorted by the field that the query asks for, where it is one of `names`."""
    name = request.args.get("sort_by")
    if name not in names:
        return views
    return sorted(views, key=lambda view: view[name], reverse=request.args.get("sort_direction") == "DESC")


def with_headers(response: Response) -> Response:
    """Add the headers that all of Buddy's answers carry."""
    response.headers["Content-Type"] = "application/json"
    response.headers["X-Buddy-Media-Type"] = "buddy.v1.1.0"
    response.headers["X-Rate-Limit-Limit"] = str(RATE_LIMIT)
    response.headers["X-Rate-Limit-Remaining"] = str(RATE_LIMIT - 1)
    response.headers["X-Rate-Limit-Reset"] = str(int(time()) + RATE_PERIOD)
    return response
