"""Choosing the place: workspaces, their projects, the projects' pipelines; finding it by words or a pasted address."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.buddy.addresses import Address
from webapp.buddy.finding import MOST_PIPELINES, pipeline_of_action
from webapp.buddy.links import safe_link
from webapp.buddy.places import Place, check_part
from webapp.context import parts, person
from webapp.forms.addresses import FindForm
from webapp.http.slots import Busy
from webapp.store.places import Found, Spot
from webapp.submissions.places import place_of
from webapp.views.access import viewer
from webapp.views.action_form.copying import original, place_values
from webapp.views.answers.offers import MOST_OFFERS, chosen_template, leads_to, offers_by
from webapp.views.connection import only_connected
from webapp.views.errors import to_be_tried_again, turned_away
from webapp.views.listing import asked_for, most_needed
from webapp.views.skipped_lists import carried_query, page_of, read_skipped_lists, skip_lists

bp = Blueprint("places", __name__)
bp.before_request(only_connected)

MOST_FOUND = 50
MOST_PLACES = 5
# Of which those are taken where a template may be used.
MOST_SEARCHED = 2_000
# What was told so long ago may have changed, and says so.
OLD = timedelta(hours=3)
NO_PIPELINE = "Choose the pipeline from the lists: none of this project's pipelines has that action"


@bp.url_value_preprocessor
def check_names(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """A name that can't be part of an address of Buddy's is not found."""
    try:
        for name in (values or {}).values():
            check_part(name)
    except ValueError:
        abort(404)


@bp.get("/workspaces")
@viewer
def workspaces() -> str | Response:
    """The workspaces that the token can see; a single one is passed through."""
    if onward := skip_lists():
        return onward
    wanted = wanted_spots()
    with parts().client.slot():
        copying = original()
        named = partial(
            asked_for, names=lambda item: (item.name, item.domain), wanted_of=lambda item: wanted(Spot(item.domain))
        )
        listing = parts().directory.workspaces(named)
        if listing.only:
            return redirect(page_of((listing.only.domain,)))
        told = place_values(copying())
    return render_template("places/workspaces.html", listing=listing, **told)


@bp.get("/workspaces/<workspace>/projects")
@viewer
def projects(workspace: str) -> str | Response:
    """The projects of a workspace; a single one is passed through."""
    if onward := skip_lists(workspace):
        return onward
    wanted = wanted_spots()
    named = partial(
        asked_for,
        names=lambda item: (item.display_name, item.name),
        wanted_of=lambda item: wanted(Spot(workspace, item.name)),
    )
    with parts().client.slot():
        back = read_skipped_lists(workspace)
        copying = original()
        listing = parts().directory.projects(workspace, named, most=most_listed())
        if elsewhere := back():
            return elsewhere
        if listing.only:
            return redirect(page_of((workspace, listing.only.name)))
        told = place_values(copying())
    name = name_of(workspace)
    return render_template("places/projects.html", workspace=workspace, name=name, listing=listing, **told)


@bp.get("/workspaces/<workspace>/projects/<project>/pipelines")
@viewer
def pipelines(workspace: str, project: str) -> str | Response:
    """The pipelines of a project; a single one is passed through, to its actions or to the form for a copy."""
    if onward := skip_lists(workspace, project):
        return onward
    wanted = wanted_spots()
    named = partial(
        asked_for,
        names=lambda item: (item.name, str(item.id)),
        wanted_of=lambda item: wanted(Spot(workspace, project, item.id)),
    )
    with parts().client.slot():
        back = read_skipped_lists(workspace, project)
        whole = parts().executor.submit(parts().directory.project, workspace, project)
        copying = original()
        listing = parts().directory.pipelines(workspace, project, named, most=most_listed())
        if elsewhere := back():
            return elsewhere
        if listing.only:
            return redirect(page_of((workspace, project, listing.only.id)))
        read = whole.result()
        link = safe_link(read.html_url, parts().link_base)
        told = {"project": read, "project_link": link, "listing": listing, **place_values(copying())}
    return render_template("places/pipelines.html", workspace=workspace, name=name_of(workspace), **told)


@bp.get("/find")
@viewer
def find() -> str | Response | tuple[str, int]:
    """The pipelines that the words name, or the last ones; or go to the pipeline or action that a pasted address names.

    For a copy it is the place that is looked for, and the way leads to the form.
    """
    form = find_form()
    wanted = form.read()
    if isinstance(wanted, str):
        found = found_by(wanted)
        if not (wanted or found or form.problems()) and chosen_template() and parts().directory.is_learning():
            # Who has followed the link of a template and finds nothing here would have to find the way themselves.
            return redirect(url_for("places.workspaces", **carried_query()))
        return show_found(form, place_values(original()()), found)
    pipeline = wanted.pipeline or find_pipeline(wanted)
    if pipeline is None:
        form.refuse(NO_PIPELINE)
        return show_found(form, place_values(original()()))
    if wanted.action and not carried_query():
        return redirect(url_for("actions.show", place=wanted.place(pipeline), id=wanted.action))
    return redirect(page_of((wanted.workspace, wanted.project, pipeline)))


@bp.errorhandler(Busy)
def not_asked(busy: Busy) -> Response:
    """Too many wait for Buddy: a pasted address is still in its box."""
    if request.endpoint != "places.find":
        return turned_away(busy)
    form = find_form()
    form.refuse(f"{busy.sentence} {busy.advice}")
    html, _ = show_found(form, {"carry": carried_query(), "template": None})
    return to_be_tried_again(make_response(html, 503), busy)


def most_listed() -> int | None:
    """How many entries of a list are gone through at most; None for all: a template may be usable in a few alone."""
    return None if "template" in carried_query() else most_needed()


def name_of(workspace: str) -> str:
    """What a workspace is called, as far as the directory knows; else how it stands in addresses."""
    return parts().directory.names(Spot(workspace)).get(Spot(workspace), workspace)


def find_form() -> FindForm:
    """The box to find a pipeline with."""
    return FindForm(request.args, parts().link_base)


def find_pipeline(address: Address) -> int | None:
    """Look for the pipeline of an action's page."""
    assert address.action is not None, "an address names a pipeline or an action"
    known = parts().directory.known(Spot(address.workspace, address.project), MOST_PIPELINES)
    client, executor = parts().client, parts().executor
    return pipeline_of_action(client, executor, address.workspace, address.project, address.action, known)


def wanted_spots() -> Callable[[Spot], bool]:
    """Which places are to be shown: for a template those where it may be used, else all."""
    template = chosen_template()
    return partial(leads_to, template.template.areas) if template else lambda _: True


def found_by(words: str) -> list[Found]:
    """Find pipelines by words; for a template those where it may be used, all of them where there are no words."""
    wanted = wanted_spots()
    if not carried_query().get("template"):
        return parts().directory.find(words, MOST_FOUND + 1)
    found = (item for item in parts().directory.find(words, MOST_SEARCHED) if wanted(item.spot))
    return list(islice(found, MOST_FOUND + 1))


def last_pipelines() -> list[tuple[dict[str, Any], Place]]:
    """Where this person was last: what was known of each pipeline then, and its place."""
    return [(row.snapshot, place_of(row)) for row in parts().journal.places(person().id, MOST_PLACES)]


def show_found(form: FindForm, told: Mapping[str, Any], found: Sequence[Found] = ()) -> tuple[str, int]:
    """The box, with what was found, or what is wrong, and what is `told` of a copy."""
    problems = form.problems()
    wanted = wanted_spots()
    # A place that is being chosen is for what is chosen already.
    offered = [] if told["carry"] or problems else offers_by(form.q.text)
    last = last_pipelines() if told["carry"] and not form.q.text else []
    last = [(seen, place) for seen, place in last if wanted(Spot(*place.key))]
    if last and "like" in told["carry"]:
        # Where a copy mostly goes; the others are a link away, or found by words.
        found = ()
    page = render_template(
        "places/find.html",
        form=form,
        problems=problems,
        offers=offered[:MOST_OFFERS],
        more_offers=len(offered) > MOST_OFFERS,
        found=found[:MOST_FOUND],
        more=len(found) > MOST_FOUND,
        learning=not found and parts().directory.is_learning(),
        old=parts().clock() - OLD,
        now=parts().clock(),
        places=last,
        **told,
    )
    return page, 422 if problems else 200
