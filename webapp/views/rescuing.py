"""What was typed on a form whose person may not send it now: it is kept, for when they may."""

from flask import jsonify, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.auth.returning import local_path
from webapp.buddy.places import Place
from webapp.context import page_left, person
from webapp.store.unfinished import MOST_UNFINISHED
from webapp.views.action_form.posting import rescue
from webapp.views.errors import page, this_address
from webapp.views.templates.keeping import keep_page

# What is posted there is kept, even when its person's session has ended.
FORMS = frozenset({f"{noun}.{verb}" for noun in ("additions", "changes") for verb in ("create", "redraw", "draft")})
DRAFTS = frozenset({"additions.draft", "changes.draft"})
# The same of the page on which a template is made.
MAKING = frozenset({f"templates.{verb}" for verb in ("create", "redraw", "change", "redraw_change")})

UNKEPT = "You are signed out, and what you typed is not kept"
NO_ROOM = (
    "You have as many drafts as Slipway keeps for one person. Sign in on another tab and discard drafts on the "
    "home page. Then go back here: your browser still has what you typed. Send it again."
)
NO_ROOM_FOR_PAGE = (
    f"You have {MOST_UNFINISHED} unfinished templates already, as many as Slipway keeps for one person, or this one is "
    "too large. Sign in on another tab and discard some on the page “Templates”. Then go back here: your browser still "
    "has what you typed. Press the button again."
)

KEPT = "What you typed is kept as a draft: nothing was sent."
KEPT_PAGE = (
    "What you typed is kept, and nothing was made or changed: continue on the page “Templates” once you may make "
    "them again."
)


def to_sign_in() -> Response:
    """Let somebody sign in first, and come back to the page that was asked for, or to the form that was posted."""
    kept = rescue(*form_address()) if request.method == "POST" and request.endpoint in FORMS else None
    made = keep_page() if request.endpoint in MAKING else None
    if request.endpoint in DRAFTS:
        return make_response(jsonify(problem="signed out", draft=str(kept.mark) if kept and kept.kept else None), 401)
    if kept is not None and not kept.kept:
        return page(507, UNKEPT, NO_ROOM)
    if made is not None and not made.kept:
        return page(507, UNKEPT, NO_ROOM_FOR_PAGE)
    if kept is not None:
        wanted = url_for("submissions.show", id=kept.envelope.submission)
    elif made is not None:
        wanted = url_for("templates.go_on", id=made.mark.id)
    elif request.method in ("GET", "HEAD"):
        wanted = this_address()
    else:
        wanted = page_left().path
    is_kept, leaving = bool(kept or made), request.endpoint == "sign_in.leave"
    return redirect(
        url_for(
            "sign_in.show",
            next=local_path(wanted),
            kept="1" if is_kept else None,
            left="1" if leaving else None,
            undone="1" if request.method == "POST" and not is_kept and not leaving else None,
        ),
        303,
    )


def keep_refused_form() -> str:
    """Keep a form that was posted by whom its role does not allow it any more, for when it does again; gives the
    sentence that says so, which is empty where nothing is kept."""
    if request.method != "POST":
        return ""
    if request.endpoint in MAKING:
        made = keep_page(person().id)
        return KEPT_PAGE if made is not None and made.kept else ""
    if request.endpoint not in FORMS - DRAFTS:
        return ""
    kept = rescue(*form_address(), person().id)
    return KEPT if kept is not None and kept.kept else ""


def form_address() -> tuple[Place, int | None]:
    """Where a form was posted: the pipeline, and the action that is to be changed; none for a new one."""
    values = request.view_args or {}
    return values["place"], values.get("id")
