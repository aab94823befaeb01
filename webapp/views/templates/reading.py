"""The list of templates, one of them, and its file."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.context import parts, person
from webapp.forms.answers import refused_whatever
from webapp.forms.fixed import fixed_commands, fixed_facts
from webapp.forms.templates.files import FileForm
from webapp.forms.templates.telling import asked_in
from webapp.prepared.files import export
from webapp.prepared.hints import hints
from webapp.prepared.secrets import slots
from webapp.views.access import viewer
from webapp.views.answers.offers import Offer, begin
from webapp.views.states import listed_state
from webapp.views.templates.bp import bp
from webapp.views.templates.looking import look_at, made_page
from webapp.views.templates.makers import may_make
from webapp.views.templates.taking import template_of, version_of, was_just_made
from webapp.views.yaml_files import yaml_file


@bp.get("")
@viewer
def index() -> str:
    """All templates, the retired ones folded."""
    everything = [Offer(each, begin(each)) for each in parts().library.all()]
    return render_template(
        "templates/index.html",
        current=[each for each in everything if each.template.retired_at is None],
        retired=[each for each in everything if each.template.retired_at is not None],
        may_make=may_make(),
        unfinished=parts().unfinished.of(person().id) if may_make() else (),
        form=FileForm(),
    )


@bp.get("/<id>")
@viewer
def show(id: str) -> Response:
    """One template: what it asks and fixes, or an earlier version did; its versions, and what was made from it."""
    seen = template_of(id)
    version, template = version_of(seen, request.args.get("version", ""))
    made = made_page(id)
    html = render_template(
        "templates/show.html",
        seen=seen,
        begin=begin(seen),
        refused=refused_whatever(seen.template, parts().rulebook.now()),
        version=version,
        template=template,
        asked=asked_in(template),
        fixed=fixed_facts(template, seen.missing if version == seen.version else ()),
        commands=fixed_commands(template),
        versions=parts().library.versions(id),
        made=made,
        slots=slots(seen.template),
        state_of=listed_state,
        looks=look_at(made.actions) if "look" in request.args else None,
        may_make=may_make(),
        just_made=was_just_made(id),
        link=Offer(seen, begin(seen)).link,
        hints=hints(seen.template) if may_make() else (),
    )
    return make_response(html)


@bp.get("/<id>.yaml")
@viewer
def save(id: str) -> Response:
    """One template as a file, without its secrets."""
    seen = template_of(id)
    return yaml_file(seen.template.name, export(seen.template), "template")
