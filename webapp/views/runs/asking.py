"""Asking for a run: the page that says what will happen, and the one send."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.people import Role
from webapp.buddy.permissions import may_run
from webapp.buddy.places import Place
from webapp.buddy.runnable import Runnable
from webapp.buddy.snapshot import OpenedAction, Snapshot
from webapp.context import actor, may, parts, person
from webapp.forms.runs import Offer, RunForm, has_values, settable
from webapp.http.errors import BuddyError
from webapp.http.slots import Busy
from webapp.prepared.questions import Question
from webapp.store.models import Submission
from webapp.submissions.drafts import Draft, earlier
from webapp.submissions.envelope import Envelope, Purpose, new_envelope
from webapp.submissions.places import place_of
from webapp.submissions.results import AlreadyClaimed
from webapp.submissions.runs import Run
from webapp.submissions.states import Kind
from webapp.views.access import contributor, editor, insist
from webapp.views.placed import PIPELINE, names_of, placed_blueprint
from webapp.views.runs.rights import may_run_whole, may_try, whole_role
from webapp.views.sending import send, to_receipt

bp = placed_blueprint("runs", __name__, PIPELINE)

OWN_ONLY = "You may try what you added yourself. An editor can run any other action."


@dataclass(frozen=True)
class Asked:
    """What is to be run, and the form that asks for it."""

    place: Place
    runnable: Runnable
    form: RunForm
    envelope: Envelope

    @property
    def can_run(self) -> bool:
        """Whether nothing that is known keeps it from running."""
        return not self.runnable.obstacles and (self.form.offer.newest or self.form.offer.revisions)


@bp.get("/actions/<id>/runs/new")
@contributor
def new(place: Place, id: int) -> Response:
    """What will happen when one action is run alone, and what may be chosen for it."""
    insist_on_trying(place, id)
    return show_question(fresh(place, runnable_of(place, id)))


@bp.post("/actions/<id>/runs")
@contributor
def create(place: Place, id: int) -> Response:
    """Run one action alone, once, and go to the run's page."""
    return ask_for(place, id)


@bp.get("/runs/new")
@editor
def new_whole(place: Place) -> Response:
    """What will happen when the whole pipeline is run."""
    insist(whole_role())
    return show_question(fresh(place, runnable_of(place)))


@bp.post("/runs")
@editor
def create_whole(place: Place) -> Response:
    """Run the whole pipeline, once, and go to the run's page."""
    return ask_for(place)


def ask_for(place: Place, id: int | None = None) -> Response:
    """Send a run that was asked for. What it is for is read first, since what keeps it from running may be new."""
    envelope = parts().seal.open(request.form.get("envelope", ""), person().id, place, Purpose.RUN)
    sent = earlier(parts().journal, envelope) if envelope else None
    if envelope and sent and is_asked_again(sent, envelope, id):
        return to_receipt(sent.id)
    insist_on_running(place, id)
    runnable = runnable_of(place, id)
    if sent:
        return show_question(fresh(place, runnable, posted=request.form), 409, sent)
    if envelope is None or envelope.snapshot.opened_id != id:
        return show_question(fresh(place, runnable, posted=request.form), 400)
    asked = Asked(place, runnable, RunForm(offer_of(place, runnable), request.form), envelope)
    if not asked.can_run:
        return show_question(asked, 409)
    if not asked.form.validate():
        return show_question(asked, 422)
    # Buddy may have taken its time to be read.
    insist_on_running(place, id)
    run = to_run(asked, id)
    return send(run, lambda why: to_receipt(run.id if isinstance(why, AlreadyClaimed) else why.id))


def is_asked_again(sent: Submission, envelope: Envelope, id: int | None) -> bool:
    """Whether a page asks for what it was sent as, as far as can be told."""
    typed = RunForm(Offer(), request.form).typed()
    if typed != {name: text for name, text in sent.typed.items() if name != "name"}:
        return False
    if not has_values(request.form) and not (sent.request or {}).get("variables"):
        return True
    place = envelope.place
    try:
        runnable = runnable_of(place, id)
    except (BuddyError, Busy):
        # Which values are those that the action has anyway, only Buddy tells.
        return True
    asked = Asked(place, runnable, RunForm(offer_of(place, runnable), request.form), envelope)
    return parts().sender.fingerprint(to_run(asked, id)) == sent.fingerprint


def to_run(asked: Asked, id: int | None) -> Run:
    """What is sent."""
    form = asked.form
    draft = Draft(asked.envelope, {"name": asked.runnable.called, **form.typed()})
    return Run.asking(draft, actor(), id, form.to_revision(), form.comment.text, form.to_variables())


def insist_on_running(place: Place, id: int | None) -> None:
    """Refuse who may not run an action alone, or the whole pipeline."""
    if id is None:
        insist(whole_role())
    else:
        insist_on_trying(place, id)


def insist_on_trying(place: Place, id: int) -> None:
    """Refuse who may not run an action now."""
    if not may_try(place, id):
        insist(Role.EDITOR, OWN_ONLY)


def runnable_of(place: Place, id: int | None = None) -> Runnable:
    """Read the pipeline, the action and what the token may do, side by side. Raises `BuddyError`, `Busy`."""
    with parts().client.slot():
        allowed = parts().executor.submit(may_run, parts().client)
        action = None if id is None else parts().executor.submit(parts().client.action, place, id)
        pipeline = parts().directory.pipeline(place)
        return Runnable(pipeline, action.result() if action else None, allowed.result())


def offer_of(place: Place, runnable: Runnable) -> Offer:
    """What who asks may choose: contributors only what the template asks for that the action is from."""
    free = may(Role.EDITOR)
    questions = {} if free or runnable.action is None else questions_of(place, runnable.action.id)
    variables = settable(runnable.variables)
    return Offer(
        newest=runnable.takes_newest,
        revisions=free,
        branches=runnable.branches or tuple(filter(None, [runnable.branch])),
        variables=[item for item in variables if free or item.key in questions],
        questions=questions,
        whole=runnable.action is None,
        single=len(runnable.pipeline.actions) == 1 and not runnable.pipeline.unread,
        described=runnable.pipeline.description_required,
    )


def questions_of(place: Place, id: int) -> Mapping[str, Question]:
    """What the template asks for variables that an action was added from, by their names."""
    row = parts().journal.addition_of(place.key, id)
    template = row and row.template and parts().library.version(row.template, row.template_version or 0)
    if not template:
        return {}
    asked = {item.key: template.question_in(f"variables-{item.key}") for item in template.variables}
    return {key: question for key, question in asked.items() if question}


def fresh(place: Place, runnable: Runnable, posted: Mapping[str, str] | None = None) -> Asked:
    """A new page, filled in like the run that `again` names; or with what was posted from one that is not known."""
    offer = offer_of(place, runnable)
    envelope = new_envelope(person().id, place, snapshot_of(place, runnable), parts().clock())
    return Asked(place, runnable, RunForm(offer, posted, None if posted else filled_like(place, runnable)), envelope)


def filled_like(place: Place, runnable: Runnable) -> Mapping[str, str]:
    """What was chosen for an earlier run of the same."""
    row = parts().journal.find(request.args.get("again", ""))
    return row.typed if row is not None and is_like(row, place, runnable) else {}


def is_like(row: Submission, place: Place, runnable: Runnable) -> bool:
    """Whether a submission has asked for a run of the same."""
    target = runnable.action.id if runnable.action else None
    return (row.kind, row.target, place_of(row)) == (Kind.RUN, target, place)


def came_from(place: Place) -> Submission | None:
    """The submission on whose page it was offered to run this, if that is about the same pipeline."""
    row = parts().journal.find(request.values.get("back", ""))
    return row if row is not None and place_of(row) == place else None


def way_back(place: Place, runnable: Runnable, row: Submission | None) -> str:
    """Where who runs nothing goes: to the submission that led here, else to the action or the pipeline."""
    if row is not None:
        return url_for("submissions.show", id=row.id)
    if runnable.action is None:
        return url_for("actions.index", place=place)
    return url_for("actions.show", place=place, id=runnable.action.id)


def snapshot_of(place: Place, runnable: Runnable) -> Snapshot:
    """What is known of the pipeline, and which action the page is about."""
    pipeline, action = runnable.pipeline, runnable.action
    project = pipeline.project.display_name if pipeline.project else names_of(place).get("project", place.project)
    opened = OpenedAction(action.id, {}) if action else None
    return Snapshot(pipeline.name, pipeline.html_url or "", project_name=project, opened=opened)


def show_question(asked: Asked, status: int = 200, sent: Submission | None = None) -> Response:
    """Draw the page; it can run once. The one before it was `sent` with something else chosen."""
    runnable, offered_by = asked.runnable, came_from(asked.place)
    html = render_template(
        "runs/new.html" if runnable.action else "runs/whole.html",
        place=asked.place,
        id=runnable.action.id if runnable.action else None,
        called_so=runnable.called,
        runnable=runnable,
        pipeline=runnable.pipeline,
        form=asked.form,
        can_run=asked.can_run,
        problems=list(asked.form.problems()) if status == 422 else [],
        sealed=parts().seal.seal(asked.envelope, Purpose.RUN),
        back=offered_by.id if offered_by else None,
        way_back=way_back(asked.place, runnable, offered_by),
        may_run_whole=may_run_whole(),
        may_choose=may(Role.EDITOR),
        again=status == 400,
        changed=status == 409,
        sent=sent,
    )
    return make_response(html, status)
