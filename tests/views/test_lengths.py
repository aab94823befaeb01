"""Texts that are too long: refused at their own field before anything is done with them, and the rest is kept."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from urllib.parse import quote

import pytest
from support.pages import Browser
from support.rigs import Rig
from support.signing_in import PASSWORD, sign_in
from wtforms import Form, HiddenField, StringField
from wtforms.fields.core import UnboundField

from webapp import forms
from webapp.forms.fields import Limited

# Putting these into one order takes the square of their number.
COMBINING = "a" + "\u0315\u0300" * 3_000
LONG = len(COMBINING)


def test_a_sign_in_name_that_is_too_long_is_refused_at_its_field(team: Rig) -> None:
    page = sign_in(team.stranger(), COMBINING)
    assert (page.status, page.errors) == (
        422,
        [f"“Sign-in name” must be at most 100 characters long: this is {LONG:,}"],
    )


def test_a_password_that_is_too_long_is_refused_at_its_field_and_counts_as_no_attempt(team: Rig) -> None:
    team.hire("ada")
    browser = team.stranger()
    for _ in range(11):
        page = sign_in(browser, "ada", COMBINING)
        assert (page.status, page.errors) == (
            422,
            [f"“Password” must be at most 1,000 characters long: this is {LONG:,}"],
        )
        assert next(field.get("value") for field in page.all("input") if field.get("name") == "login") == "ada"
    assert sign_in(browser, "ada").heading != "Sign in"


def test_a_present_password_that_is_too_long_is_refused_at_its_field(team: Rig) -> None:
    page = (
        team.hired("ada").get("/account").send_to("/account/password", present=COMBINING, password="quiet lighthouse")
    )
    assert page.errors == [f"“Current password” must be at most 1,000 characters long: this is {LONG:,}"]


def test_a_new_password_that_is_too_long_is_refused_at_its_field(team: Rig) -> None:
    page = team.hired("ada").get("/account").send_to("/account/password", present=PASSWORD, password="x" * 1_001)
    assert page.errors == ["“New password” must be at most 1,000 characters long: this is 1,001"]


def test_what_the_first_administrator_chooses_is_refused_where_it_is_too_long(team: Rig) -> None:
    path = f"/invitations/{team.parts.staff.first_invitation()}"
    page = team.stranger().get(path).send_to(path, login=COMBINING, name=COMBINING, password=COMBINING)
    assert sorted(page.errors) == [
        f"“New password” must be at most 1,000 characters long: this is {LONG:,}",
        f"“Sign-in name” must be at most 100 characters long: this is {LONG:,}",
        f"“Your name” must be at most 100 characters long: this is {LONG:,}",
    ]


def test_a_name_that_is_too_long_is_refused_in_an_invitation_and_the_rest_is_kept(team: Rig) -> None:
    people = team.hired("ada", "administrator").get("/people")
    page = people.send_to("/people", name=COMBINING, login="bob", role="viewer")
    assert page.errors == [f"“Name” must be at most 100 characters long: this is {LONG:,}"]
    assert next(field.get("value") for field in page.all("input") if field.get("name") == "login") == "bob"


def test_a_pasted_address_that_is_too_long_is_refused_at_its_field(desk: Browser) -> None:
    page = desk.get(f"/find?q={quote(f'https://app.buddy.works/{chr(0x300) * 2_000}')}")
    assert page.status == 422
    assert page.error_at("q").startswith("“Find a pipeline or a template, or paste a Buddy address” must be at most")


@pytest.mark.parametrize("box", ["who", "place"])
def test_what_the_record_is_searched_for_is_refused_where_it_is_too_long(desk: Browser, box: str) -> None:
    page = desk.get(f"/record?{box}={'%CC%80' * 300}")
    assert page.status == 422
    assert page.error_at(box).endswith("must be at most 255 characters long: this is 300")


def test_the_words_that_filter_a_list_are_cut_where_no_name_is_as_long(browser: Browser) -> None:
    page = browser.get(f"/workspaces?q={'a+' * 2_000}")
    box = page.by_id("filter")
    assert box is not None
    assert len(box.get("value", "")) <= 255


def text_fields() -> Iterator[tuple[str, UnboundField]]:
    """Every field of Slipway's forms into which a text is typed."""
    for module in walk_packages(forms.__path__, "webapp.forms."):
        for name, form in vars(import_module(module.name)).items():
            if isinstance(form, type) and issubclass(form, Form) and form.__module__ == module.name:
                for field_name, field in vars(form).items():
                    if isinstance(field, UnboundField) and issubclass(field.field_class, StringField):
                        yield f"{name}.{field_name}", field


FIELDS = {name: field for name, field in text_fields() if not issubclass(field.field_class, HiddenField)}


def test_the_fields_are_found() -> None:
    assert {"SignInForm.password", "RulingForm.address", "CommandsForm.inline_commands"} <= set(FIELDS)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_no_text_field_is_without_a_limit(field: UnboundField) -> None:
    assert issubclass(field.field_class, Limited)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_no_rule_of_a_field_sees_what_is_too_long_for_it(field: UnboundField) -> None:
    seen: list[Callable[..., None]] = []
    form = type("OneField", (Form,), {"box": field})()
    form.box.validators = [lambda form, field: seen.append(field.data)]
    form.box.data = COMBINING * 200
    assert not form.validate()
    assert (seen, "must be at most" in form.box.errors[0]) == ([], True)


@pytest.mark.parametrize("box", ["name", "docker_image_name"])
def test_of_a_very_long_name_lists_show_the_beginning(desk: Browser, new_form: str, box: str) -> None:
    desk.get(new_form).press("check", **{box: "a" * 500_000})
    for path in ("/", "/drafts"):
        page = desk.get(path)
        assert f"Continue “{'a' * 255}…”" in page.links
        assert "a" * 300 not in page.html


def test_of_a_very_long_name_that_was_sent_lists_show_the_beginning(desk: Browser, new_form: str) -> None:
    receipt = desk.get(new_form).send(name="a" * 60_000, docker_image_name="a", inline_commands="ls")
    for path in ("/", "/submissions", "/record"):
        page = desk.get(path)
        assert page.links["a" * 255 + "…"] == receipt.path
        assert "a" * 300 not in page.html
