"""Forms whose fields are copies: nothing that one is told may turn up in another, whoever's that is."""

from typing import Any

from flask import Flask
from flask_wtf.csrf import generate_csrf
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.meta import DefaultMeta

from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.form import DEFAULTS, SECTIONS, RunContainerForm, field_names
from webapp.forms.action_form.pastes import PastesForm
from webapp.forms.action_form.variables import VariableForm
from webapp.forms.action_form.volumes import VolumeMappingForm

NOWHERE = Snapshot("")
TYPED = {**DEFAULTS, "name": "Run tests", "docker_image_name": "library/ubuntu", "inline_commands": "ls"}
ROWS = {"variables-0-key": "APP_ENV", "variables-1-key": "not a name", "volume_mappings-0-source": "/"}
KINDS = (PastesForm, *SECTIONS, VolumeMappingForm, VariableForm)
NAMES = sorted({name for kind in KINDS for name in field_names(kind)})
TEXTS = st.sampled_from(["", " ", "public", "latest", "UPPER", "VAR", "SSH_KEY", "y", "false", "<b>"]) | st.text()


def html_of(form: RunContainerForm) -> list[str]:
    """All fields of a form but the token of its page, as they are drawn, with what is said beside them."""
    parts: list[Form] = [form, form.pastes, *form.sections, *form.volumes, *form.variables]
    fields = [field for part in parts for field in part if field.name != "csrf_token"]
    return [f"{field.label()} {field()} {field.errors} {getattr(field, 'note', '')}" for field in fields]


def test_what_is_wrong_in_one_form_is_not_said_in_the_next() -> None:
    before = html_of(RunContainerForm(TYPED | ROWS, {}, NOWHERE))
    wrong = RunContainerForm({**TYPED, **ROWS, "docker_image_name": "UPPER", "trigger_time": "NEVER"}, {}, NOWHERE)
    assert not wrong.validate()
    assert [id for id, _ in wrong.problems()] == [
        "docker_image_name",
        "volume_mappings-0-target",
        "variables-1-key",
        "trigger_time",
    ]

    wrong.mark({"docker_image_tag": "There is a newer one"})
    wrong.options.timeout.label.text = "Another label"
    wrong.options.trigger_time.choices = {"NEVER": "Never"}
    wrong.image.docker_image_name.description = "Another description"

    assert html_of(RunContainerForm(TYPED | ROWS, {}, NOWHERE)) == before


def test_a_form_belongs_to_itself_and_reads_what_was_posted_to_it() -> None:
    first, second = RunContainerForm(TYPED | ROWS, {}, NOWHERE), RunContainerForm({"name": "Build"}, {}, NOWHERE)

    assert (first.name.text, second.name.text) == ("Run tests", "Build")
    assert (first.image.docker_image_tag.text, second.image.docker_image_tag.text) == ("latest", "")
    assert first.image.docker_image_name.meta is first.image.meta
    assert second.image.image_source.text == "public"


def test_the_rows_of_a_form_have_names_of_their_own() -> None:
    one, other = RunContainerForm(TYPED | ROWS, {}, NOWHERE).variables

    assert [one.key.name, other.key.name] == ["variables-0-key", "variables-1-key"]
    assert str(other.key.label) == '<label for="variables-1-key">Name</label>'
    assert (one.key.short_name, one.key.text, other.key.text) == ("key", "APP_ENV", "not a name")


def test_the_token_of_another_session_stays_wrong_however_often_one_asks(app: Flask) -> None:
    with app.test_request_context():
        token = generate_csrf()
        own = RunContainerForm({**TYPED, "csrf_token": token}, {}, NOWHERE)
        assert not own.forged()
        assert own.validate()
    with app.test_request_context():
        strange = RunContainerForm({**TYPED, "csrf_token": token}, {}, NOWHERE)
        assert strange.forged()
        assert not strange.validate()
        assert strange.forged()


def fields_of(form: Form) -> list[dict[str, Any]]:
    """All that each field of a form holds, and how it is drawn."""
    assert all(field._form is form and field.meta is form.meta for field in form)
    own = {"_form": None, "meta": None}
    return [
        {**vars(field), **own, "flags": vars(field.flags), "label": str(field.label), "drawn": str(field)}
        for field in form
    ]


@settings(max_examples=200)
@given(st.sampled_from(KINDS), st.sampled_from(["", "variables-0-"]), st.dictionaries(st.sampled_from(NAMES), TEXTS))
def test_a_form_of_copies_is_what_wtforms_itself_would_make(kind: Any, prefix: str, typed: dict[str, str]) -> None:
    class Usual(kind):
        process = Form.process

        class Meta:
            bind_field = DefaultMeta.bind_field

    posted = MultiDict({prefix + name: text for name, text in typed.items()})
    more = {"secrets": {}} if kind is VariableForm else {}
    quick, usual = kind(posted, prefix=prefix, **more), Usual(posted, prefix=prefix, **more)
    assert fields_of(quick) == fields_of(usual)
    assert quick.validate() == usual.validate()
    assert fields_of(quick) == fields_of(usual)
