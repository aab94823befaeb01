"""Whatever is posted to the pages on which templates are made gets a page in plain words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.pages import Browser

from webapp.forms.action_form.form import field_names
from webapp.forms.action_form.variables import VariableForm
from webapp.forms.templates.form import ASK, CARRIED, HEAD, SIDES
from webapp.forms.templates.uses import RULES, UseForm
from webapp.prepared.boxes import BOXES
from webapp.prepared.templates import Template
from webapp.store.events import SLIPWAY

OF_A_USE = field_names(UseForm)
OF_VARIABLES = [*field_names(VariableForm), *(f"{ASK}{name}" for name in OF_A_USE)]
OF_VOLUMES = [*SIDES, *(f"{side}_{name}" for side in SIDES for name in OF_A_USE)]
NAMES = [
    *(*HEAD, *CARRIED, *BOXES, "password_kept"),
    *(f"{box}-{name}" for box in BOXES for name in OF_A_USE),
    *(f"variables-{number}-{name}" for number in (0, 7) for name in OF_VARIABLES),
    *(f"volume_mappings-{number}-{name}" for number in (0, 7) for name in OF_VOLUMES),
]
CHOSEN = [*RULES, "asked", "fixed", "left_out", "made", "true", "VAR", "FILE", "SSH_KEY", "credentials", "action"]
ODD = ["", "\0", "a\nb", "$A", "{x}", "{name}", "é" * 300, "9" * 25, "2026-02-30", "x" * 70_000, "template:password"]
ODD += ["�", "a = b = c", " = ", "buddy/x/0", "[", "(a+)+$", "PATH"]
BUTTONS = ["update", "check", "preview", "add-place", "add-variables", "remove-variables-0", "forget-password", "other"]

texts = st.sampled_from([*CHOSEN, *ODD]) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.dictionaries(st.sampled_from(NAMES), texts, max_size=40),
    button=st.sampled_from(BUTTONS),
    place=st.sampled_from(["", "/new", "/import", "/{id}", "/{id}/edit"]),
)
def test_whatever_is_posted_gets_a_page(browser: Browser, typed: dict[str, str], button: str, place: str) -> None:
    library = browser.client.application.extensions["slipway"].library
    found = library.all()
    id = found[0].id if found else library.make(Template("Report"), {}, SLIPWAY)
    begun = browser.get("/templates/new").fields
    page = browser.post(f"/templates{place.format(id=id)}", {**begun, **typed, "button": button})
    assert page.status in (200, 400, 409, 422), page.text


def test_a_place_that_was_chosen_from_a_list_that_is_empty_by_now_is_still_told_of(browser: Browser) -> None:
    begun = browser.get("/templates/new").fields
    told = browser.post("/templates", {**begun, "template_name": "Report", "known_place": "buddy/website/2"})
    assert (told.status, told.fields["known_place"]) == (422, "buddy/website/2")
    assert "it does not count yet" in told.error_at("known_place")


@pytest.mark.parametrize("use", ["left_out", "made", "other", ""])
@pytest.mark.parametrize("row", ["variables-0-key", "volume_mappings-0-source"])
def test_nothing_can_be_done_with_a_row_that_is_not_offered(browser: Browser, row: str, use: str) -> None:
    begun = browser.get("/templates/new").fields | {"template_name": "Report", row: "A"}
    box = "variables-0-ask_use" if row.startswith("variables") else "volume_mappings-0-source_use"
    for address, status in (("/templates", 422), ("/templates/new", 200)):
        told = browser.post(address, {**begun, box: use, "button": "check"})
        assert (told.status, told.error_at(box)) == (status, "Choose whether it is always the same, asked or left out")
