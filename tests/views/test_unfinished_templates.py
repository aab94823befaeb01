"""Drafts of templates: a maker's page that is left, posted after its session has ended, or by whom may make none."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from support.making import SECRET, asking, confirmed, made, opened
from support.pages import Browser, Page
from support.rigs import LEAST, NEW, Rig
from support.signing_in import PASSWORD
from support.teams import become

from webapp.store.unfinished import KEPT_FOR, MOST_UNFINISHED


def again(page: Page, login: str = "ada") -> Page:
    """Sign in on the page that a lost session has led to."""
    return page.send_to("/sign-in", login=login, password=PASSWORD)


def signed_out(team: Rig) -> None:
    team.clock.forward(minutes=31)


def in_database(team: Rig) -> str:
    """All that is kept of unfinished pages."""
    with team.parts.journal._engine.connect() as connection:
        return str(connection.execute(text("SELECT * FROM unfinished_templates")).all())


def maker_of(team: Rig) -> Browser:
    return team.hired("ada", "administrator")


@pytest.mark.parametrize("button", ["", "check", "update", "add-variables"])
def test_a_new_template_that_is_posted_after_the_session_has_ended_is_there_after_signing_in(
    team: Rig, button: str
) -> None:
    page = asking(opened(maker_of(team)))
    signed_out(team)
    typed = {"template_name": "Weekly report", "purpose": "Counts the orders."}
    lost = page.press(button, **typed) if button else page.send(**typed)
    assert (lost.heading, lost.status) == ("Sign in", 200)
    assert "Nothing was sent, and what you typed is kept" in lost.text
    back = again(lost)
    assert "What you typed is here again. Nothing has been made or changed yet." in back.text
    assert 'class="notice note"' in back.html
    fields = {name: text for name, text in page.fields.items() if name not in ("csrf_token", "page")} | typed
    assert {name: back.fields[name] for name in fields} == fields
    assert team.parts.library.all() == []
    assert back.send().heading == "Weekly report"
    assert "Not finished" not in back.browser.get("/templates").text


def test_secrets_are_not_kept_and_the_page_says_so(team: Rig) -> None:
    page = asking(opened(maker_of(team), **SECRET, password="canary-first"))
    page = page.press("update", password="canary-sealed", variables__1__encrypted="true")
    page = page.press("update", variables__1__ask_use="fixed", variables__1__value="canary-variable")
    signed_out(team)
    back = again(page.send(password="canary-last"))
    assert "except for passwords and encrypted values: type those again" in back.text
    assert 'class="notice warning"' in back.html
    assert "canary" not in back.html + in_database(team)
    asked = back.send()
    assert asked.status == 422, asked.errors
    assert asked.error_at("password") and asked.error_at("variables-1-value")
    assert asked.send(password="new", variables__1__value="new").heading == "Nightly report"


def test_a_change_goes_on_after_signing_in_with_the_secrets_that_the_template_has(team: Rig) -> None:
    kept = made(maker_of(team), **SECRET, password="canary")
    page = kept.browser.get(kept.links["Change it"])
    shown = page.send(purpose="Counts the orders.")
    signed_out(team)
    back = again(confirmed(shown))
    assert back.fields["purpose"] == "Counts the orders."
    assert "What you typed is here again. Nothing has been made" in back.text
    assert [each.version for each in team.parts.library.all()] == [1]
    assert confirmed(back.send()).heading == "Nightly report"
    (found,) = team.parts.library.all()
    assert (found.version, found.template.purpose, found.missing) == (2, "Counts the orders.", ())


def test_what_somebody_else_changed_meanwhile_is_told_to_who_comes_back(team: Rig) -> None:
    kept = made(maker_of(team))
    page = kept.browser.get(kept.links["Change it"])
    signed_out(team)
    lost = page.send(purpose="Mine.")
    other = team.hired("eve", "administrator")
    confirmed(other.get(f"{kept.path}/edit").send(purpose="Theirs."))
    overtaken = again(lost).send()
    assert overtaken.status == 409
    assert "Somebody has made version 2" in overtaken.text
    assert overtaken.fields["purpose"] == "Mine."


def test_a_page_on_which_nothing_was_typed_is_not_kept(team: Rig) -> None:
    ada = maker_of(team)
    kept = made(ada)
    pages = [ada.get("/templates/new"), ada.get(f"{kept.path}/edit")]
    signed_out(team)
    for page in pages:
        lost = page.send()
        assert lost.heading == "Sign in"
        assert "what you typed is kept" not in lost.text


def test_what_the_whole_form_held_becomes_a_template_after_signing_in(team: Rig) -> None:
    form = maker_of(team).get(NEW)
    signed_out(team)
    lost = form.browser.post("/templates/new", form.fields | LEAST)
    back = again(lost)
    assert (back.fields["template_name"], back.fields["inline_commands"]) == ("Run tests", "make test")
    assert back.by_id("live") is not None


def test_nobody_else_sees_it_and_its_owner_finds_it_or_discards_it(team: Rig) -> None:
    page = maker_of(team).get("/templates/new")
    team.hired("eve", "administrator")
    signed_out(team)
    lost = page.send(template_name="Weekly report")
    assert again(lost, "eve").status == 404
    assert "Not finished" not in page.browser.get("/templates").text
    page.browser.get("/account").send_to("/sign-out")
    listed = again(page.browser.get("/templates"))
    assert "Not finished" in listed.text
    back = listed.browser.get(listed.links["Continue “Weekly report”"])
    assert back.fields["template_name"] == "Weekly report"
    gone = listed.send_to(f"{back.path}/discard")
    assert "It was discarded." in gone.text and "Not finished" not in gone.text
    assert in_database(team) == "[]"


def test_one_without_a_name_is_called_unnamed(team: Rig) -> None:
    page = maker_of(team).get("/templates/new")
    signed_out(team)
    back = again(page.send(template_name="", purpose="Counts the orders."))
    listed = back.browser.get("/templates")
    assert back.browser.get(listed.links["Continue unnamed template"]).fields["purpose"] == "Counts the orders."
    assert "Discard unnamed template" in listed.text


def test_the_same_page_is_kept_once_however_often_it_is_posted(team: Rig) -> None:
    page = maker_of(team).get("/templates/new")
    signed_out(team)
    page.send(template_name="First")
    back = again(page.press("update", template_name="Second"))
    assert back.fields["template_name"] == "Second"
    signed_out(team)
    assert again(back.send(template_name="Third")).fields["template_name"] == "Third"
    assert in_database(team).count("template_name") == 1


def test_a_page_that_slipway_did_not_mark_or_of_yesterday_is_kept_for_nobody(team: Rig) -> None:
    page = maker_of(team).get("/templates/new")
    for mark in ("", "forged", page.fields["page"][:-2]):
        lost = team.stranger().post("/templates", {**page.fields, "template_name": "X", "page": mark})
        assert lost.heading == "Sign in" and "kept" not in lost.text
    team.clock.forward(hours=25)
    assert "kept" not in page.send(template_name="X").text
    assert in_database(team) == "[]"


def test_who_is_no_maker_any_more_is_told_that_it_is_kept(team: Rig) -> None:
    page = asking(opened(maker_of(team)))
    become(team, "ada", "viewer")
    refused = page.send(template_name="Weekly report")
    assert refused.status == 403
    assert "What you typed is kept" in refused.text
    become(team, "ada", "administrator")
    listed = page.browser.get("/templates")
    assert page.browser.get(listed.links["Continue “Weekly report”"]).send().heading == "Weekly report"


def test_who_has_as_many_as_are_kept_is_told_that_it_is_not_kept(team: Rig) -> None:
    browser = maker_of(team)
    pages = [browser.get("/templates/new") for _ in range(MOST_UNFINISHED + 1)]
    signed_out(team)
    *_, before, last = [page.send(template_name=f"Report {number}") for number, page in enumerate(pages)]
    assert "what you typed is kept" in before.text
    assert (last.status, last.heading) == (507, "You are signed out, and what you typed is not kept")
    assert "discard some on the page “Templates”" in last.text


def test_it_is_forgotten_after_a_month(team: Rig) -> None:
    page = maker_of(team).get("/templates/new")
    signed_out(team)
    page.send(template_name="Weekly report")
    team.clock.now += KEPT_FOR - timedelta(days=1)
    team.parts.unfinished.sweep()
    assert "Weekly report" in in_database(team)
    team.clock.now += timedelta(days=2)
    team.parts.unfinished.sweep()
    assert in_database(team) == "[]"


@pytest.mark.parametrize("button", ["check", "update", "preview", "add-variables"])
def test_what_was_typed_on_a_page_that_is_left_is_listed_and_gone_on_with(team: Rig, button: str) -> None:
    page = maker_of(team).get("/templates/new").press(button, template_name="Weekly report", purpose="Counts.")
    assert "A draft of this page is kept, without passwords and encrypted values." in page.text
    listed = page.browser.get("/templates")
    assert "Not finished" in listed.text
    back = page.browser.get(listed.links["Continue “Weekly report”"])
    assert (back.fields["template_name"], back.fields["purpose"]) == ("Weekly report", "Counts.")
    told = page.browser.get("/templates/new")
    assert "You have not finished “Weekly report”: Continue with that draft." in told.text
    assert told.links["Continue with that draft"] == back.path


def test_a_page_with_mistakes_is_kept_and_forgotten_once_there_is_a_template_of_it(team: Rig) -> None:
    page = asking(opened(maker_of(team))).send(template_name="")
    assert page.status == 422
    assert "Not finished" in page.browser.get("/templates").text
    assert page.send(template_name="Weekly report").heading == "Weekly report"
    assert in_database(team) == "[]"


def test_a_page_that_was_only_looked_at_makes_no_draft(team: Rig) -> None:
    kept = made(maker_of(team))
    action = next(row for row in team.rows if row.kind == "addition")
    for path in ("/templates/new", f"/templates/new?like={action.id}", f"{kept.path}/edit"):
        for button in ("preview", "check", "update"):
            assert "A draft" not in kept.browser.get(path).press(button).text
    assert kept.browser.get(f"{kept.path}/edit").send().heading == "Change “Nightly report”"
    assert in_database(team) == "[]"


def test_what_is_taken_back_leaves_no_draft(team: Rig) -> None:
    page = maker_of(team).get("/templates/new").press("update", template_name="Weekly report")
    assert "A draft" in page.text
    assert "A draft" not in page.press("update", template_name="").text
    assert in_database(team) == "[]"


def test_a_change_that_is_left_before_its_last_question_is_kept(team: Rig) -> None:
    kept = made(maker_of(team))
    asked = kept.browser.get(kept.links["Change it"]).send(purpose="Counts the orders.")
    assert asked.heading == "Change “Nightly report”?"
    listed = kept.browser.get("/templates")
    assert "a change" in listed.text
    assert kept.browser.get(listed.links["Continue “Nightly report”"]).fields["purpose"] == "Counts the orders."
    assert "You have not finished a change of this template" in kept.browser.get(f"{kept.path}/edit").text
    assert confirmed(asked).heading == "Nightly report"
    assert in_database(team) == "[]"


def test_no_draft_holds_what_is_secret(team: Rig) -> None:
    page = asking(opened(maker_of(team), **SECRET, password="canary-first"))
    page = page.press("update", password="canary-second", variables__1__encrypted="true")
    page = page.press("update", variables__1__ask_use="fixed", variables__1__value="canary-variable")
    assert "canary" not in in_database(team)
    listed = page.browser.get("/templates")
    back = page.browser.get(listed.links["Continue “Nightly report”"])
    assert "except for passwords and encrypted values: type those again" in back.text
    # The page that was left has them still.
    assert page.send().heading == "Nightly report"


def test_two_pages_of_one_draft_never_write_over_each_other(team: Rig) -> None:
    page = maker_of(team).get("/templates/new").press("update", template_name="Weekly report")
    address = page.browser.get("/templates").links["Continue “Weekly report”"]
    first, second = page.browser.get(address), page.browser.get(address)
    first = first.press("update", template_name="First")
    late = second.press("update", template_name="Second")
    assert "Both are kept, each as a draft of its own." in late.text
    # Each goes on with its own.
    assert "Both are kept" not in first.press("update", purpose="Mine.").text
    assert "Both are kept" not in late.press("update", purpose="Theirs.").text
    links = page.browser.get("/templates").links
    found = {name: page.browser.get(links[f"Continue “{name}”"]).fields["purpose"] for name in ("First", "Second")}
    assert found == {"First": "Mine.", "Second": "Theirs."}


def test_who_has_as_many_as_are_kept_is_told_on_the_page(team: Rig) -> None:
    browser = maker_of(team)
    for number in range(MOST_UNFINISHED):
        browser.get("/templates/new").press("update", template_name=f"Report {number}")
    full = browser.get("/templates/new").press("update", template_name="One too many")
    assert "What you typed is not kept: you have 20 unfinished templates already" in full.text
    assert full.fields["template_name"] == "One too many"
