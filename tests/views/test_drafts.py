"""A draft that an empty form tells of."""

from pathlib import Path

import pytest
from support.buddy import StubBuddy
from support.clock import Clock
from support.pages import Browser, Page
from support.rigs import LEAST, NEW, Rig, open_rig

from .test_changes import EVERYTHING, MINE

NOTE = "You have a draft for this pipeline: Continue"
OTHER = "/workspaces/buddy/projects/company-website/pipelines/3/actions/new"


def begin(browser: Browser, name: str, at: str = NEW) -> Page:
    """Type a name into a new form, and have it kept."""
    return browser.get(at).press("check", name=name)


def test_an_empty_form_leads_to_the_draft_that_was_changed_last(desk: Browser) -> None:
    assert NOTE not in desk.get(NEW).text
    begin(desk, "First")
    begin(desk, "Second")
    page = desk.get(NEW)
    assert (page.text.count(NOTE), "Continue “First”" in page.links) == (1, False)
    assert desk.get(page.links["Continue “Second”"]).fields["name"] == "Second"


def test_a_draft_without_a_name_is_told_of_too(desk: Browser) -> None:
    desk.get(NEW).press("check", docker_image_name="team/app", docker_image_tag="1.2")
    assert "Continue “team/app:1.2”" in desk.get(NEW).links


def test_a_draft_that_was_sent_or_discarded_is_not_told_of(desk: Browser) -> None:
    begin(desk, "Sent").send(docker_image_name="a", inline_commands="ls")
    begin(desk, "Discarded")
    home = desk.get("/")
    address = next(form.get("action", "") for form in home.all("form") if form.get("action", "").endswith("/delete"))
    home.send_to(address).send_to(address, sure="yes")
    assert NOTE not in desk.get(NEW).text


@pytest.mark.parametrize("query", ["name=Build", f"like={MINE}"], ids=["a link", "a copy"])
def test_a_form_that_is_filled_in_tells_of_no_draft(desk: Browser, upstream: StubBuddy, query: str) -> None:
    upstream.by_hand = [EVERYTHING]
    begin(desk, "First")
    assert NOTE not in desk.get(f"{NEW}?{query}").text


def test_a_form_with_a_button_pressed_tells_of_no_draft(desk: Browser) -> None:
    begin(desk, "First")
    assert NOTE not in desk.get(NEW).press("check").text


def test_a_draft_for_another_pipeline_or_of_a_change_is_not_told_of(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    begin(desk, "Elsewhere", OTHER)
    desk.get(f"{MINE}/edit").press("check", name="A change")
    assert NOTE not in desk.get(NEW).text


def test_a_draft_is_told_of_to_nobody_else_and_to_no_viewer(team: Rig) -> None:
    ada, boss = team.hired("ada"), team.hired("boss", "administrator")
    begin(ada, "First")
    assert NOTE not in boss.get(NEW).text
    (row,) = team.rows
    boss.get(f"/people/{row.owner}").send_to(f"/people/{row.owner}/role", role="viewer")
    page = ada.get(NEW)
    assert (page.status, "draft" in page.text) == (403, False)


def test_the_form_opens_while_the_database_cannot_be_read(team: Rig) -> None:
    ada = team.hired("ada")
    with team.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE submissions RENAME TO gone")
    page = ada.get(NEW)
    assert (page.status, page.heading) == (200, "Add a Run Docker container action")


def test_the_form_of_a_change_tells_of_its_own_draft(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    words = "Continue with that draft"
    begin(desk, "Another one")
    assert words not in desk.get(f"{MINE}/edit").links
    desk.get(f"{MINE}/edit").press("check", name="Begun")
    page = desk.get(f"{MINE}/edit")
    assert (page.fields["name"], desk.get(page.links[words]).fields["name"]) == ("Everything", "Begun")
    assert words not in page.press("check", name="Other").links


def drafts_on(page: Page) -> list[str]:
    """The drafts that a page leads to, in order."""
    return [words for words in page.links if words.startswith("Continue ")]


def test_a_draft_is_called_by_its_name_else_its_image_else_its_pipeline(desk: Browser) -> None:
    desk.get(NEW).press("check", inline_commands="ls")
    desk.get(NEW).press("check", docker_image_name="team/app", docker_image_tag="1.2")
    begin(desk, "Nightly")
    expected = ["Continue “Nightly”", "Continue “team/app:1.2”", "Continue “Live mirror”"]
    assert drafts_on(desk.get("/")) == expected
    assert drafts_on(desk.get("/drafts")) == expected


def test_the_first_page_has_three_drafts_at_most_and_leads_to_all(desk: Browser) -> None:
    for number in range(30):
        begin(desk, f"Draft {number}")
    home = desk.get("/")
    assert drafts_on(home) == [f"Continue “Draft {number}”" for number in (29, 28, 27)]
    first = desk.get(home.links["All drafts"])
    second = desk.get(first.links["Older"])
    assert drafts_on(first) + drafts_on(second) == [f"Continue “Draft {number}”" for number in reversed(range(30))]
    assert desk.get(second.links["Back to the newest"]).path == "/drafts"


def test_all_drafts_are_discarded_at_once_after_a_question(desk: Browser) -> None:
    for name in ("First", "Second"):
        begin(desk, name)
    home = desk.get("/")
    asked = home.send_to("/drafts/discard", all=value_of(home, "all"))
    assert asked.heading == "Discard 2 drafts?"
    assert ("First" in asked.text, "Second" in asked.text) == (True, True)
    # What is begun while the question stands is not meant.
    begin(desk, "Third")
    after = asked.send_to("/drafts/discard", sure="yes")
    assert (after.path, drafts_on(after)) == ("/", ["Continue “Third”"])


def test_those_that_are_ticked_are_discarded_and_the_others_stay(desk: Browser) -> None:
    for name in ("First", "Second", "Third"):
        begin(desk, name)
    page = desk.get("/drafts")
    nothing = page.send_to("/drafts/discard")
    assert nothing.errors == ["Tick the drafts to discard, or press “Discard all”"]
    asked = page.send_to("/drafts/discard", draft=tick(page, 2))
    assert (asked.heading, "Second" in asked.text) == ("Discard 1 draft?", True)
    after = asked.send_to("/drafts/discard", sure="yes")
    assert drafts_on(after) == ["Continue “Third”", "Continue “First”"]


def test_drafts_of_one_name_are_told_apart_before_they_are_discarded(desk: Browser) -> None:
    for _ in range(2):
        begin(desk, "Trial")
    page = desk.get("/drafts")
    asked = page.send_to("/drafts/discard", all=value_of(page, "all"))
    assert asked.text.count("Trial: Live mirror in Company Website, just now") == 2


def test_whoever_discards_drafts_comes_back_to_where_the_button_was(desk: Browser) -> None:
    for name in ("First", "Second", "Third"):
        begin(desk, name)
    page = desk.get("/drafts")
    asked = page.send_to("/drafts/discard", draft=tick(page, 1))
    assert asked.links["No, go back"] == "/drafts"
    after = asked.send_to("/drafts/discard", sure="yes")
    assert (after.path, "1 draft was discarded." in after.text) == ("/drafts", True)
    home = desk.get("/")
    asked = home.send_to("/drafts/discard", all=value_of(home, "all"))
    assert asked.links["No, go back"] == "/"
    assert asked.send_to("/drafts/discard", sure="yes").path == "/"


def test_nobody_discards_the_drafts_of_somebody_else(team: Rig) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    begin(ada, "Ada's")
    begin(bob, "Bob's")
    (mine,) = [f"{row.id}.{row.version}" for row in team.rows if row.name == "Ada's"]
    page = bob.get("/drafts")
    newest = value_of(page, "all")
    assert page.send_to("/drafts/discard", draft=mine).heading == "Drafts"
    page.send_to("/drafts/discard", draft=mine, sure="yes")
    page.send_to("/drafts/discard", all=newest).send_to("/drafts/discard", sure="yes")
    assert [row.name for row in team.rows] == ["Ada's"]
    assert [deed[:2] for deed in team.deeds if deed[1] == "discarded"] == [("Bob", "discarded")]


def two_slipways(folder: Path, upstream: StubBuddy) -> tuple[Rig, Rig]:
    """Two processes on one database."""
    clock = Clock()
    return open_rig(folder, upstream, clock), open_rig(folder, upstream, clock)


@pytest.mark.parametrize("button", ["the ticked ones", "all"])
def test_a_draft_that_another_process_sends_meanwhile_is_not_discarded(
    tmp_path: Path, upstream: StubBuddy, button: str
) -> None:
    one, two = two_slipways(tmp_path, upstream)
    form = one.form().press("check", **LEAST)
    page = two.browser.get("/drafts")
    pressed = {"all": value_of(page, "all")} if button == "all" else {"draft": tick(page, 1)}
    asked = page.send_to("/drafts/discard", **pressed)
    form.send(**LEAST)
    asked.send_to("/drafts/discard", sure="yes")
    assert (one.states, [verb for verb, _ in one.record if verb == "discarded"]) == (["created"], [])
    assert one.receipt().heading == "“Run tests” was added"
    form.send(**LEAST)
    assert len(upstream.bodies) == 1


def test_a_ticked_draft_that_was_typed_on_since_the_question_stays(desk: Browser) -> None:
    form = begin(desk, "First")
    page = desk.get("/drafts")
    asked = page.send_to("/drafts/discard", draft=tick(page, 1))
    form.press("check", name="First, typed on")
    after = asked.send_to("/drafts/discard", sure="yes")
    assert (after.status, drafts_on(after)) == (409, ["Continue “First, typed on”"])
    assert after.errors == ["1 draft was changed since then and is still there. To discard it too, tick it again."]
    asked = after.send_to("/drafts/discard", draft=tick(after, 1))
    assert drafts_on(asked.send_to("/drafts/discard", sure="yes")) == []


def test_a_draft_that_was_typed_on_since_it_was_ticked_stays_and_the_question_says_so(desk: Browser) -> None:
    form = begin(desk, "First")
    page = desk.get("/drafts")
    stale = tick(page, 1)
    form.press("check", name="First, typed on")
    refused = page.send_to("/drafts/discard", draft=stale)
    assert (refused.status, refused.heading, len(refused.errors)) == (409, "Drafts", 1)
    begin(desk, "Second")
    asked = desk.get("/drafts").send_to("/drafts/discard", draft=tick(desk.get("/drafts"), 1))
    assert (asked.heading, "1 draft was changed since" in asked.text) == ("Discard 1 draft?", False)


@pytest.mark.parametrize("typed_on_first", [True, False])
def test_discard_all_with_ticks_lists_and_discards_what_was_there_when_the_page_was_drawn(
    tmp_path: Path, upstream: StubBuddy, typed_on_first: bool
) -> None:
    rig = open_rig(tmp_path, upstream, Clock())
    form = begin(rig.browser, "First")
    rig.clock.forward(seconds=1)
    begin(rig.browser, "Second")
    page = rig.browser.get("/drafts")
    rig.clock.forward(seconds=1)
    if typed_on_first:
        form.press("check", name="First, typed on")
    asked = page.send_to("/drafts/discard", draft=tick(page, 2), all=value_of(page, "all"))
    listed = [name for name in ("First", "Second") if name in [each.text for each in asked.all("b")]]
    assert listed == (["Second"] if typed_on_first else ["First", "Second"])
    assert ("1 draft was changed since then and is still there." in asked.text) is typed_on_first
    asked.send_to("/drafts/discard", sure="yes")
    assert [row.name for row in rig.rows] == (["First, typed on"] if typed_on_first else [])


def test_one_draft_that_was_typed_on_since_its_question_stays_and_is_asked_about_again(desk: Browser) -> None:
    form = begin(desk, "First")
    home = desk.get("/")
    address = next(
        each.get("action") or "" for each in home.all("form") if "/submissions/" in (each.get("action") or "")
    )
    asked = home.send_to(address)
    form.press("check", name="First, typed on")
    again = asked.send_to(address, sure="yes")
    assert (again.status, again.heading) == (409, "Discard the draft “First, typed on”?")
    assert "This draft was changed since then and is still there." in again.text
    assert drafts_on(again.send_to(address, sure="yes")) == []


def test_the_next_page_says_once_how_many_drafts_were_discarded(desk: Browser) -> None:
    for name in ("First", "Second", "Third"):
        begin(desk, name)
    home = desk.get("/")
    (one, *_) = [
        each.get("action") or "" for each in home.all("form") if (each.get("action") or "").endswith("/delete")
    ]
    after = home.send_to(one).send_to(one, sure="yes")
    assert (after.path, "1 draft was discarded." in after.text) == ("/", True)
    asked = after.send_to("/drafts/discard", all=value_of(after, "all"))
    assert "discarded." not in asked.text
    after = asked.send_to("/drafts/discard", sure="yes")
    assert "2 drafts were discarded." in after.text
    assert "discarded." not in desk.get("/").text


def test_what_was_discarded_is_told_beside_what_stays(desk: Browser) -> None:
    form = begin(desk, "First")
    begin(desk, "Second")
    page = desk.get("/")
    asked = page.send_to("/drafts/discard", all=value_of(page, "all"))
    form.press("check", name="First, typed on")
    after = asked.send_to("/drafts/discard", sure="yes")
    assert "1 draft was discarded." in after.text
    assert "1 draft was changed since then and is still there." in after.text


def tick(page: Page, number: int) -> str:
    """The value of the tick with this number."""
    return next(box.get("value") or "" for box in page.all("input") if box.get("id") == f"draft-{number}")


def value_of(page: Page, name: str) -> str:
    """The value of the button with this name."""
    return next(button.get("value") or "" for button in page.all("button") if button.get("name") == name)
