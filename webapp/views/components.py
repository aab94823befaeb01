"""The components that pages are built from, each in all its states: for whoever builds the next page."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.buddy.echoes import compare
from webapp.buddy.places import Place
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form.commands import CommandsForm
from webapp.forms.action_form.differences import Difference
from webapp.forms.action_form.facts import Facts
from webapp.forms.action_form.images import ImageForm
from webapp.forms.action_form.options import OptionsForm
from webapp.forms.action_form.pastes import PastesForm
from webapp.forms.action_form.registries import RegistryForm
from webapp.forms.action_form.variables import VariableForm
from webapp.forms.action_form.volumes import VolumeMappingForm
from webapp.submissions.states import EDGES
from webapp.views.access import viewer

bp = Blueprint("components", __name__)

PLACE = Place("buddy", "company-website", 2)
FILLED = {
    "docker_image_name": "library/python",
    "image_source": "credentials",
    "inline_commands": "make\nmake test",
    "trigger_time": "ON_FAILURE",
    "run_only_on_first_failure": "true",
    "password_kept": "an id",
}
WRONG = {
    "docker_image_name": "ghcr.io/team/app:1.2",
    "image_source": "elsewhere",
    "inline_commands": "",
    "trigger_time": "NEVER",
    "run_only_on_first_failure": "true",
}
SENT = {
    "name": "Run tests",
    "docker_image_tag": "latest",
    "password": "[secret]",
    "timeout": 60,
    "entrypoint": "/bin/sh",
}
CONTAINER = {
    "docker_image_name": "library/python",
    "docker_image_tag": "3.12",
    "login": "deploy",
    "password": "[secret]",
    "inline_commands": "make\nmake test",
    "volume_mappings": ["/:/buddy/app"],
    "variables": [
        {"key": "APP_ENV", "value": "test", "description": "where it runs"},
        {"key": "API_TOKEN", "value": "[secret]", "encrypted": True},
    ],
}
CHANGES = (
    Difference("docker_image_tag", "Tag", "3.12", "3.13"),
    Difference("inline_commands", "Commands", "make test", "make\nmake test"),
)
ANSWERED = {"name": "Run tests", "docker_image_tag": "1.2"}


@dataclass(frozen=True)
class Fields:
    """One specimen of each kind of field, all in the same state."""

    title: str
    image: ImageForm
    commands: CommandsForm
    options: OptionsForm
    registry: RegistryForm
    password_kept: bool

    @classmethod
    def make(cls, title: str, typed: dict[str, str], checked: bool = False) -> "Fields":
        """Fill the fields in, and check them if asked to."""
        prefix = f"{title}-"
        data = MultiDict({prefix + name: value for name, value in typed.items()})
        specimen = cls(
            title,
            ImageForm(data, prefix=prefix),
            CommandsForm(data, prefix=prefix),
            OptionsForm(data, prefix=prefix),
            RegistryForm(data, prefix=prefix),
            password_kept="password_kept" in typed,
        )
        if checked:
            for form in (specimen.image, specimen.commands, specimen.options):
                form.validate()
        return specimen


@dataclass(frozen=True)
class Rows:
    """Specimens of rows: filled, kept secret and wrong ones, and one row too many."""

    volumes: list[VolumeMappingForm]
    variables: list[VariableForm]
    volumes_problem: str = "Volume mappings must be at most 100: these are 101"
    variables_problem: str = ""
    pastes: PastesForm = field(default_factory=PastesForm)

    @classmethod
    def make(cls) -> "Rows":
        """Fill the rows in and check them."""
        typed = {
            "volume_mappings-0-source": "/",
            "volume_mappings-0-target": "buddy/app",
            "variables-0-key": "API_TOKEN",
            "variables-0-encrypted": "true",
            "variables-0-kept": "an id",
            "variables-1-key": "1ST",
            "variables-1-type": "FILE",
        }
        volumes = [VolumeMappingForm(MultiDict(typed), prefix="volume_mappings-0-")]
        secrets = {"an id": "not shown"}
        variables = [VariableForm(MultiDict(typed), prefix=f"variables-{n}-", secrets=secrets) for n in range(2)]
        for row in (*volumes, *variables):
            row.validate()
        return cls(volumes, variables)


@bp.get("/components")
@viewer
def index() -> str:
    """Every component in all its states."""
    return render_template(
        "components/index.html",
        fields=[Fields.make("empty", {}), Fields.make("filled", FILLED), Fields.make("wrong", WRONG, checked=True)],
        rows=Rows.make(),
        place=PLACE,
        now=datetime.now(UTC),
        kinds=EDGES,
        echoes=compare(SENT, ANSWERED),
        told=Facts.of_body(CONTAINER, Snapshot("Live mirror")),
        changes=CHANGES,
    )


@bp.post("/components")
@viewer
def press() -> Response:
    """The buttons of the specimens do nothing."""
    return redirect(url_for("components.index"), 303)
