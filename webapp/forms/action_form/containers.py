"""The action that boxes hold, for who shows no form: rows are read as they stand, in a tenth of the time."""

from collections.abc import Mapping
from dataclasses import replace

from webapp.buddy.container import Container
from webapp.buddy.snapshot import Snapshot
from webapp.forms.action_form import variables, volumes
from webapp.forms.action_form.form import ROWS, RunContainerForm
from webapp.forms.action_form.posted import rows_of, with_rows


def container_in(typed: Mapping[str, str], snapshot: Snapshot) -> Container:
    """The action that a form with these fields would ask for, without secrets."""
    boxes = typed
    for kind in ROWS:
        boxes = with_rows(boxes, kind, ())
    mappings, items = (rows_of(typed, kind) for kind in ROWS)
    return replace(
        RunContainerForm(boxes, {}, snapshot).to_request(),
        volume_mappings=tuple(volumes.mapping_in(row).format() for row in mappings if not volumes.is_empty(row)),
        variables=tuple(variables.variable_in(row) for row in items if not variables.is_empty(row)),
    )
