"""Making a template, and making the next version of one."""

from dataclasses import replace

from flask import request
from werkzeug.wrappers import Response

from webapp.context import actor, asked, parts
from webapp.forms.action_form.secrets import without_secrets
from webapp.forms.templates.buttons import CHECK, PREVIEW, press
from webapp.forms.templates.fillings import of_whole_form
from webapp.forms.templates.form import TemplateForm
from webapp.library import CurrentTemplate
from webapp.store.authorisation import Conflict
from webapp.store.events import NewEvent
from webapp.store.failures import JournalUnavailable
from webapp.store.templates import TooManyTemplates
from webapp.views.action_form.copying import original
from webapp.views.templates.bp import bp
from webapp.views.templates.changed import told_changes
from webapp.views.templates.keeping import forget_page, waiting_page
from webapp.views.templates.makers import maker, makers
from webapp.views.templates.pages import MakerPage, show_changes, show_maker
from webapp.views.templates.posting import page_of, posted
from webapp.views.templates.taking import template_of, to_made, to_template

NOT_TAKEN = "What was to become a template is not there, or is of a kind that can't be one. This page is empty."
TOO_OLD = "This page was open for too long. Check what you typed and press the button again: nothing has been kept yet."
NOTHING_NEW = "Nothing differs from the version that is there: there is nothing to keep."
NOT_SHOWN = (
    "Something in this template came from a file and can't be shown here as it is. What you see is what the next "
    "version would be: “See what changes” tells the difference."
)
CHANGED_MEANWHILE = (
    "Somebody has made version {version} since you opened this page. What you typed is still here: if you go on, "
    "it takes the place of that version."
)
NOT_KEPT = (
    "Slipway can't use its database at this moment, and nothing was made or changed. What you typed is still here: "
    "leave this page open and press the button again in a moment."
)
TOO_MANY = "There are as many templates as Slipway keeps. Nothing was made."


@bp.get("/new")
@maker
def new() -> Response:
    """The page for a new template: empty, or filled like an action or a submission."""
    with parts().client.slot():
        found = original()()
    wanted = bool(request.args.get("like"))
    filled = of_whole_form(without_secrets(found.copy.typed) if found else {})
    notice = NOT_TAKEN if wanted and not found else ""
    left, waiting = found.copy.left if found else (), None if wanted else waiting_page(None)
    return show_maker(MakerPage(TemplateForm(filled, {}), notice=notice, left=left, waiting=waiting))


@bp.post("/new")
@maker
def redraw() -> Response:
    """A helper button, or “Make a template of this” at the whole form. No template is made."""
    return show_pressed(None)


@bp.post("")
@maker
def create() -> Response:
    """Make a template, and go to its page."""
    form = posted().form()
    if form.forged():
        return show_forged(MakerPage(form))
    if stopped := show_checked(MakerPage(form)):
        return stopped
    try:
        id = parts().library.make(form.to_template(), form.typed_secrets(), actor(), makers())
    except TooManyTemplates:
        return show_maker(MakerPage(form, notice=TOO_MANY), 409)
    except JournalUnavailable:
        return show_maker(MakerPage(form, notice=NOT_KEPT), 503)
    forget_page(form.typed)
    return to_made(id)


@bp.get("/<id>/edit")
@maker
def edit(id: str) -> Response:
    """The page on which a template is changed."""
    seen = template_of(id)
    form = page_of(seen.template, seen).form()
    notice = "" if form.to_template() == seen.template else NOT_SHOWN
    return show_maker(MakerPage(form, seen, notice=notice, waiting=waiting_page(id)))


@bp.post("/<id>/edit")
@maker
def redraw_change(id: str) -> Response:
    """A helper button of it."""
    return show_pressed(template_of(id))


@bp.post("/<id>")
@maker
def change(id: str) -> Response:
    """Show what a new version changes, then make it."""
    seen = template_of(id)
    form = posted(seen).form()
    page = MakerPage(form, seen)
    if form.forged():
        return show_forged(page)
    if form.version != seen.version:
        return show_overtaken(page)
    if stopped := show_checked(page):
        return stopped
    found, typed = told_changes(seen.template, form.to_template()), form.typed_secrets()
    if not found and not typed:
        return show_maker(replace(page, notice=NOTHING_NEW))
    if "sure" not in request.form:
        return show_changes(form, seen, found, sorted(typed))
    try:
        keep(seen, form, bool(found))
    except Conflict:
        return show_overtaken(replace(page, seen=template_of(id)))
    except JournalUnavailable:
        return show_maker(replace(page, notice=NOT_KEPT), 503)
    forget_page(form.typed)
    return to_made(id) if found else to_template(id)


def show_checked(page: MakerPage) -> Response | None:
    """The filled page once more where something is wrong, or where a place is unknown and that was not told before;
    None where nothing stands in the way."""
    checked = replace(page, checked=True)
    if not page.form.validate(page.seen.template if page.seen else None):
        return show_maker(checked, 422)
    return show_maker(checked) if checked.untold else None


def keep(seen: CurrentTemplate, form: TemplateForm, differs: bool) -> None:
    """Make the next version; where only secrets were typed, put them in their places. Raises `Conflict`."""
    if differs:
        parts().library.change(seen, form.to_template(), form.typed_secrets(), actor(), makers())
        return
    for slot, value in form.typed_secrets().items():
        parts().library.put_secret(seen, slot, value, actor(), makers())


def show_pressed(seen: CurrentTemplate | None) -> Response:
    """The same page with what was typed, changed as the button says."""
    found, button = posted(seen, tidy=False), request.form.get("button", "")
    # Where nothing is said of what is asked, it comes from the whole form.
    typed, focus = press(button, found.typed) if "name-use" in found.typed else (of_whole_form(found.typed), "")
    form = found.form(typed)
    if form.forged():
        return show_forged(MakerPage(form, seen))
    checked = button in (CHECK, PREVIEW)
    if checked:
        form.validate(seen.template if seen else None)
    focus = button if checked else focus
    return show_maker(MakerPage(form, seen, focus, checked, asked_to_check=button == CHECK))


def show_forged(page: MakerPage) -> Response:
    """The filled page once more, after its CSRF token was not recognised."""
    parts().journal.record(NewEvent(actor(), "refused", "form", asked()))
    return show_maker(replace(page, notice=TOO_OLD), 400)


def show_overtaken(page: MakerPage) -> Response:
    """The filled page once more, after somebody else has changed the template: it tells what."""
    assert page.seen is not None
    before = parts().library.version(page.seen.id, page.form.version)
    told = told_changes(before, page.seen.template) if before else ()
    notice = CHANGED_MEANWHILE.format(version=page.seen.version)
    return show_maker(replace(page, notice=notice, conflicts=told, renewed=True), 409)
