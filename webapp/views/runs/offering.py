"""What the pages of an action and of its submissions offer: to try it, and how it ran last."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from webapp.buddy.places import Place
from webapp.views.history import last_run
from webapp.views.runs.listed_runs import refresh_listed_runs
from webapp.views.runs.rights import may_try


def trying(place: Place, id: int | None, back: str | None = None) -> Mapping[str, Any]:
    """Whether who asks may try an action and where, and the last run of it alone; nothing of what has no number.

    `back` is the submission on whose page that is offered."""
    if id is None:
        return {"tryable": False, "last_run": None}
    last = last_run(place, id)
    refresh_listed_runs([last])
    address = url_for("runs.new", place=place, id=id, again=last.id if last else None, back=back)
    return {"tryable": may_try(place, id), "last_run": last, "try_address": address}
