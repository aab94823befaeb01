"""Importing a template from a file: what it will change is shown first."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.context import actor, asked, parts
from webapp.forms.fixed import fixed_commands, fixed_facts
from webapp.forms.templates.files import FileForm
from webapp.forms.templates.telling import asked_in
from webapp.library import CurrentTemplate, stays
from webapp.prepared.secrets import missing
from webapp.prepared.templates import Template
from webapp.store.authorisation import Conflict
from webapp.store.events import NewEvent
from webapp.store.templates import TooManyTemplates
from webapp.views.templates.areas import unknown_places
from webapp.views.templates.bp import bp
from webapp.views.templates.changed import told_changes
from webapp.views.templates.makers import maker, makers
from webapp.views.templates.making import TOO_MANY
from webapp.views.templates.pages import MakerPage, show_maker
from webapp.views.templates.posting import page_of
from webapp.views.templates.taking import to_made

NEW = "new"


@bp.post("/import")
@maker
def take_in() -> Response:
    """Show what a file will change; then make the template, or the next version of the one with its name."""
    form = FileForm()
    whole = form.validate_on_submit()
    if form.csrf_token.errors:
        parts().journal.record(NewEvent(actor(), "refused", "form", asked()))
        return show_file(form, 400)
    template = form.template() if whole else None
    if template is None:
        return show_file(form, 422)
    same = namesake(template)
    if "mend" in request.form:
        return show_maker(MakerPage(page_of(template, same).form(), same))
    if not form.judge(template):
        return show_file(form, 422, readable=True)
    sure = request.form.get("sure", "")
    if sure not in (NEW, version_of(same)):
        return show_found(form, template, same)
    try:
        return to_made(kept(template, same if sure != NEW else None))
    except TooManyTemplates:
        form.file.errors = [TOO_MANY]
        return show_file(form, 409)
    except Conflict:
        return show_found(form, template, namesake(template))


def kept(template: Template, same: CurrentTemplate | None) -> str:
    """Make a template of a file, or the next version of the one with its name; gives its id. Its secrets are typed
    later, where they are not there already. Raises `TooManyTemplates` and `Conflict`."""
    if same is None:
        return parts().library.make(template, {}, actor(), makers())
    parts().library.change(same, template, {}, actor(), makers())
    return same.id


def namesake(template: Template) -> CurrentTemplate | None:
    """The template with the same name that is in use, if there is one alone."""
    same = [each for each in parts().library.all() if each.template.name == template.name and not each.retired_at]
    return same[0] if len(same) == 1 else None


def version_of(seen: CurrentTemplate | None) -> str:
    """What the button says that makes the next version of a template: of which, and after which version."""
    return f"{seen.id}-{seen.version}" if seen else NEW


def show_file(form: FileForm, status: int, readable: bool = False) -> Response:
    """The box with the file once more, and what is wrong with it. One that is `readable` can be mended on the page."""
    html = render_template("templates/import.html", form=form, problems=list(form.problems()), readable=readable)
    return make_response(html, status)


def show_found(form: FileForm, template: Template, same: CurrentTemplate | None) -> Response:
    """What is in the file, and what it changes."""
    lacking = missing(template, stays(same, template) if same else ())
    html = render_template(
        "templates/found.html",
        form=form,
        template=template,
        same=same,
        sure=version_of(same),
        unknown=unknown_places(area for area in template.areas if same is None or area not in same.template.areas),
        changes=told_changes(same.template, template) if same else (),
        asked=asked_in(template),
        lacking=lacking,
        fixed=fixed_facts(template, lacking),
        commands=fixed_commands(template),
    )
    return make_response(html)
