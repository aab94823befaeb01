"""The activity: what the team has sent or tried, as a page and as a file."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from webapp.context import parts
from webapp.forms.lists import ActivityForm
from webapp.store.activity import Wanted
from webapp.store.lists import Part
from webapp.store.models import Submission
from webapp.store.reading import HistoryKey
from webapp.store.words import Words, words_of
from webapp.submissions.words import asked, called, runs_by_words, states_by_words
from webapp.views.access import viewer
from webapp.views.answers.naming import TemplateNames
from webapp.views.choices import Named, meant, offered
from webapp.views.files import ID, TIME, refused, stamp, table_file
from webapp.views.history import distinguishing_terms
from webapp.views.naming import here
from webapp.views.runs.listed_runs import refresh_listed_runs
from webapp.views.states import listed_state

bp = Blueprint("activity", __name__)

PAGE_LENGTH = 25
COLUMNS = (
    TIME,
    "who",
    "what",
    "action",
    "state",
    "template",
    "version of the template",
    "workspace",
    "project",
    "pipeline",
    "address",
    ID,
)
NOTHING: Part[Submission, HistoryKey] = Part((), None)


def show_activity() -> tuple[str, int]:
    """What was sent or tried, newest first, as far as it is wanted."""
    form, people = filled_form(), parts().activity.people()
    valid = form.validate()
    before = HistoryKey.parse(request.args.get("before", ""))
    part, found = NOTHING, None
    if valid:
        query = wanted(form, people)
        part = parts().activity.page(query, PAGE_LENGTH, before)
        if form.used:
            found = part.counted(lambda: parts().activity.count(query), first=before is None)
    refresh_listed_runs(part.rows)
    page = render_template(
        "submissions/index.html",
        form=form,
        problems=form.problems(),
        part=part,
        found=found,
        apart=distinguishing_terms(part.rows),
        people=offered(people),
        first_page=before is None,
        today=parts().clock().date(),
        state_of=listed_state,
    )
    return page, 200 if valid else 422


@bp.get("/submissions.csv")
@viewer
def export() -> Response:
    """The same as a file for a table program, all of it, written as it is read."""
    form = filled_form()
    if not form.validate():
        return refused(form.problems())
    rows = parts().activity.all(wanted(form, parts().activity.people()))
    # What each row needs of the request is asked for while there is one.
    now, names = parts().clock(), TemplateNames(parts().library)
    return table_file("slipway-activity.csv", COLUMNS, (cells(row, listed_state(row, now), names) for row in rows))


def filled_form() -> ActivityForm:
    """The filter as the address has it."""
    states = {words: here(words) for words in (*states_by_words(), *runs_by_words())}
    return ActivityForm(request.args.to_dict(), states)


def wanted(form: ActivityForm, people: Sequence[Named]) -> Wanted:
    """What the filter asks for."""
    return Wanted(
        people=tuple(id or name for id, name in meant(form.who.text, people)),
        states=states_by_words().get(form.state.text, ()),
        runs=runs_by_words().get(form.state.text, ()),
        words=Words(words_of(form.q.text), words_of(form.words_of_place)),
        **form.wanted(),
    )


def cells(row: Submission, state: str, names: TemplateNames) -> tuple[object, ...]:
    """One submission, in the order of the columns."""
    return (
        stamp(row.sent_at) if row.sent_at else "",
        row.owner_name or row.owner,
        asked(row.kind),
        row.name,
        called(row.kind, state).words,
        names.of(row.template, row.template_version or 0) if row.template else "",
        row.template_version or "",
        row.workspace_name or row.workspace,
        row.project_name or row.project,
        row.pipeline_name or f"pipeline {row.pipeline}",
        f"{row.workspace}/{row.project}/{row.pipeline}",
        row.id,
    )
