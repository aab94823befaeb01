"""The team's rules for what is sent, for administrators."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.context import actor, parts
from webapp.forms.answers import refused_whatever
from webapp.forms.rules import RulesForm
from webapp.prepared.sending_rules import TITLES, WITHOUT_VALUES
from webapp.views.access import administrator

bp = Blueprint("rules", __name__, url_prefix="/rules")


@bp.get("")
@administrator
def show() -> Response:
    """All rules, and what can be changed."""
    return show_rules(RulesForm.showing(*parts().rulebook.opened()))


@bp.post("")
@administrator
def change() -> Response:
    """Put the rules in the place of those before, for all that is sent from now on."""
    form = RulesForm()
    if not form.validate_on_submit():
        return show_rules(form, 422)
    if not parts().rulebook.change(form.to_rules(), form.seen, actor()):
        form.take_note(parts().rulebook.opened()[1])
        return show_rules(form, 409)
    return redirect(url_for("rules.show", saved="1"), 303)


def refused_templates() -> list[tuple[str, tuple[str, ...]]]:
    """The templates in use that the present rules refuse whatever is answered: each by name, with what is said."""
    rules = parts().rulebook.now()
    if not rules.refuse:
        return []
    told = (
        (each.template.name, refused_whatever(each.template, rules)) for each in parts().library.all() if each.usable
    )
    return [(name, words) for name, words in told if words]


def show_rules(form: RulesForm, status: int = 200) -> Response:
    """Draw the page."""
    html = render_template(
        "rules/show.html",
        form=form,
        titles=TITLES,
        without_values=WITHOUT_VALUES,
        problems=list(form.problems()),
        saved="saved" in request.args,
        conflict=status == 409,
        refused=refused_templates(),
    )
    return make_response(html, status)
