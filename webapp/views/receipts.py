"""The page of one submission after its form: what was sent, what came of it, what can be done now."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import make_response, render_template
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.actions import Action
from webapp.buddy.echoes import compare
from webapp.buddy.links import safe_link
from webapp.buddy.snapshot import Snapshot
from webapp.buddy.stored import StoredContainer
from webapp.context import may, parts, person
from webapp.forms.action_form.differences import answered_otherwise
from webapp.forms.action_form.facts import Fact, Facts, term_of
from webapp.forms.action_form.form import LABELS
from webapp.forms.chosen import told_answers
from webapp.forms.rulings import RulingForm
from webapp.store.models import Event, Submission
from webapp.submissions.attempts import attempts_of
from webapp.submissions.envelope import FromTemplate
from webapp.submissions.image_checks import ImageCheck
from webapp.submissions.places import place_of
from webapp.submissions.results import Duplicate, Stopped, Unrecorded, is_doubled
from webapp.submissions.states import ADDED, DONE_STATES, OPEN, Kind, State, is_known
from webapp.submissions.words import GONE
from webapp.submissions.writes import Write
from webapp.views.answers.template_status import template_status_of
from webapp.views.history import changes_of, sent_by, since
from webapp.views.runs.offering import trying
from webapp.views.states import state_of
from webapp.views.taking_back import may_take_back, until_when

# So long after it was added, deleting an action again is offered beside the proof.
FRESH = timedelta(hours=1)


def role_for(row: Submission) -> Role:
    """Who may go on with a submission of their own: a contributor where it was made from a template."""
    return Role.CONTRIBUTOR if row.template else Role.EDITOR


def ruling_form(row: Submission) -> RulingForm:
    """The question to a person, with what there is to choose from."""
    return RulingForm((item["id"], f"“{item['name']}”, number {item['id']}") for item in row.candidates or ())


def show_receipt(
    row: Submission,
    status: int = 200,
    ruling: RulingForm | None = None,
    problem: str = "",
    why: Duplicate | Stopped | None = None,
) -> Response:
    """What was sent and what came of it; `why` nothing has been sent now, and the `problem` with a ruling."""
    if not is_known(row.kind, row.state):
        return show_newer(row, status)
    state = State(state_of(row))
    # The answer to a run is no action.
    action = Action.from_json(row.answer) if row.answer and row.kind != Kind.RUN else None
    if ruling is None and parts().ruling.may(row):
        ruling = ruling_form(row)
    offered = [{**item, "link": safe_link(item["html_url"], parts().link_base)} for item in row.candidates or ()]
    events = parts().journal.events(row.id)
    echoes = () if row.kind == Kind.RUN else compare(row.request or {}, row.answer or {})
    kept = [echo.name for echo in echoes if row.kind == Kind.CHANGE and echo.state == "different" and not echo.sent]
    snapshot = Snapshot.from_json(row.snapshot)
    became = since(row)
    html = render_template(
        f"submissions/{row.kind}.html",
        row=row,
        place=place_of(row),
        shown_state=state,
        stands=GONE if row.kind == Kind.ADDITION and state in ADDED and became["deletion"] else state,
        open=state in OPEN,
        attempts=attempts_of(row),
        too_many=too_many(row),
        another=another(row, action),
        own=row.owner == person().id and may(Role.CONTRIBUTOR),
        own_form=row.owner == person().id and may(role_for(row)),
        deletable=deletable(row),
        until=until_when(place_of(row), row.action_id or row.target),
        **trying(place_of(row), row.action_id or row.target, row.id),
        answerable=answerable(row),
        fresh=row.finished_at is not None and parts().clock() - row.finished_at < FRESH,
        offered=offered,
        ruling=ruling,
        events=events,
        sent_by=sent_by(events),
        ruled_by=ruled_by(events, state),
        problem=problem,
        duplicate=why if isinstance(why, Duplicate) else None,
        stopped=why if isinstance(why, Stopped) else None,
        anyway=why.id if why and is_doubled(why) else None,
        where=" in the sandbox" if parts().sandbox else "",
        told=facts_of(row, snapshot),
        asked=asked_of(row, snapshot),
        image_check=ImageCheck.from_json(row.image_check),
        changes=changes_of(row, snapshot),
        otherwise=answered_otherwise([echo for echo in echoes if echo.name not in kept], snapshot),
        kept=kept,
        echoes=echoes,
        labels=LABELS,
        **became,
        **links(action, snapshot),
    )
    return make_response(html, status)


def deletable(row: Submission) -> bool:
    """Whether who asks may delete the action of a submission."""
    id = row.action_id or row.target
    return id is not None and may_take_back(place_of(row), id)


def answerable(row: Submission) -> bool:
    """Whether other answers to its template can still be sent: it is as it was then, and may be used here."""
    if not row.template:
        return False
    version = row.template_version or 0
    template_status = template_status_of(FromTemplate(row.template, version), place_of(row), version)
    return template_status is not None and not template_status.sentence


def facts_of(row: Submission, snapshot: Snapshot) -> Facts | None:
    """What the action is set to that a submission adds or deletes, in words."""
    if row.kind == Kind.ADDITION:
        return Facts.of_body(row.request, snapshot) if row.request else None
    if row.kind == Kind.DELETION and row.answer:
        stored = StoredContainer.of(Action.from_json(row.answer))
        return Facts.of(stored) if stored else None
    return None


def asked_of(row: Submission, snapshot: Snapshot) -> list[Fact]:
    """What was answered to the template that an addition was made from, in words, and when the action runs."""
    if row.kind != Kind.ADDITION or not row.template or not row.request:
        return []
    template = parts().library.version(row.template, row.template_version or 0)
    if template is None:
        return []
    when = [fact for fact in Facts.of_body(row.request, snapshot).more if fact[0] == term_of("trigger_time")]
    return [*told_answers(template, row.typed), *when]


def show_newer(row: Submission, status: int = 200) -> Response:
    """What a newer Slipway has made: that it is there, and what is on record of it."""
    events = parts().journal.events(row.id)
    return make_response(render_template("submissions/newer.html", row=row, place=place_of(row), events=events), status)


def ruled_by(events: Sequence[Event], state: State) -> str | None:
    """Who said that a submission has come to this state; None when nobody's word was needed."""
    came = next((event for event in reversed(events) if event.outcome == state), None)
    return came.person_name if came and came.verb == "ruled" else None


def too_many(row: Submission) -> list[tuple[Submission, str | None, bool]]:
    """The submissions of this one's form of which one may be too many, each with the link to its action, and whether
    who asks may delete it."""
    if row.family is None or row.kind != Kind.ADDITION:
        return []
    rows = parts().journal.too_many(row.family, DONE_STATES)
    actions = [Action.from_json(each.answer) if each.answer else None for each in rows]
    return [
        (each, safe_link(action.html_url, parts().link_base) if action else None, deletable(each))
        for each, action in zip(rows, actions, strict=True)
    ]


def another(row: Submission, action: Action | None) -> Submission | None:
    """The submission that has the number already that Buddy gave this one's action."""
    if action is None or row.action_id is not None or row.state not in ADDED:
        return None
    return parts().journal.owner_of(row, action.id)


def show_unrecorded(write: Write, unrecorded: Unrecorded) -> Response:
    """What came of a send whose outcome the journal could not take."""
    values = unrecorded.values
    action = Action.from_json(values["answer"]) if "answer" in values and write.kind != Kind.RUN else None
    html = render_template(
        "submissions/unrecorded.html",
        kind=write.kind,
        shown_state=unrecorded.state,
        name=write.name,
        reason=values.get("reason"),
        messages=values.get("messages", ()),
        place=write.place,
        **links(action, write.draft.envelope.snapshot),
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
