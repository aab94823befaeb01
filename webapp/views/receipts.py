"""The page of one submission after its form: what was sent, what came of it, what can be done now."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import make_response, render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.actions import Action
from webapp.buddy.echoes import compare
from webapp.buddy.links import safe_link
from webapp.buddy.outcomes import AnyOutcome
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.context import may, parts, person
from webapp.forms.actions import LABELS
from webapp.forms.rulings import RulingForm
from webapp.store.models import Submission
from webapp.submissions.recording import describe
from webapp.submissions.states import OPEN, Kind, State

# So long after it was added, deleting an action again is offered beside the proof.
FRESH = timedelta(hours=1)


def state_of(row: Submission) -> State:
    """Where a submission stands: one whose sender has gone silent is unknown."""
    state = State(row.state)
    if state is State.SENDING and row.lease_until and row.lease_until < parts().clock():
        return State.UNKNOWN
    return state


def place_of(row: Submission) -> Place:
    """The pipeline that a submission goes to."""
    return Place(row.workspace, row.project, row.pipeline)


def ruling_form(row: Submission) -> RulingForm:
    """The question to a person, with what there is to choose from."""
    return RulingForm((item["id"], f"“{item['name']}”, number {item['id']}") for item in row.candidates or ())


def show_receipt(row: Submission, status: int = 200, ruling: RulingForm | None = None, **more: Any) -> Response:
    """What was sent and what came of it."""
    state = state_of(row)
    action = Action.from_json(row.answer) if row.answer else None
    if ruling is None and parts().ruling.may(row):
        ruling = ruling_form(row)
    offered = [{**item, "link": safe_link(item["html_url"], parts().link_base)} for item in row.candidates or ()]
    values = {
        "row": row,
        "shown_state": state,
        "open": state in OPEN,
        "own": row.owner == person().id and may(Role.EDITOR),
        "fresh": row.finished_at is not None and parts().clock() - row.finished_at < FRESH,
        "offered": offered,
        "ruling": ruling,
        "events": parts().journal.events(row.id),
        **links(action, Snapshot.from_json(row.snapshot)),
        **more,
    }
    echoes = compare(row.request or {}, row.answer or {})
    noun = state if row.kind == Kind.ADDITION else row.kind
    html = render_template(
        f"submissions/{noun}.html",
        place=place_of(row),
        echoes=echoes,
        kept=[echo for echo in echoes if echo.state == "different" and not echo.sent],
        labels=LABELS,
        form=FlaskForm(),
        **values,
    )
    return make_response(html, status)


def show_unrecorded(name: str, place: Place, snapshot: Snapshot, outcome: AnyOutcome) -> Response:
    """What came of a send whose outcome the journal could not take."""
    state, values = describe(outcome)
    action = Action.from_json(values["answer"]) if "answer" in values else None
    html = render_template(
        "submissions/unrecorded.html",
        shown_state=state,
        name=name,
        reason=values.get("reason"),
        messages=values.get("messages", ()),
        place=place,
        **links(action, snapshot),
    )
    return make_response(html)


def links(action: Action | None, snapshot: Snapshot) -> Mapping[str, Any]:
    """The created action and its pipeline, with those of their addresses that are safe as links."""
    pipeline_url = (action and action.pipeline_url) or snapshot.pipeline_url
    return {
        "action": action,
        "snapshot": snapshot,
        "action_link": safe_link(action.html_url, parts().link_base) if action else None,
        "pipeline_link": safe_link(pipeline_url, parts().link_base),
    }
