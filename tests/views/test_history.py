"""What an action's own page tells of who did what to it with Slipway."""

from typing import Any

from support.buddy import StubBuddy
from support.pages import Browser, Page, text_of
from support.rigs import LEAST, Rig

from .test_existing import EVERYTHING

ACTIONS = "/workspaces/buddy/projects/company-website/pipelines/2/actions"
MINE = f"{ACTIONS}/7"


def change(browser: Browser, upstream: StubBuddy, stored: dict[str, Any], **typed: str | None) -> Page:
    """Change an action that Buddy has; gives the receipt."""
    upstream.by_hand, upstream.answer, upstream.numbered = [stored], (200, stored), 0
    return browser.get(f"{MINE}/edit").send(**typed)


def history(page: Page) -> list[str]:
    """The rows under "History", each as it is read, without the exact time."""
    return [
        " ".join(text_of(part) for part in row if part.get("class") != "who" and text_of(part))
        for each in page.all("ul")
        if each.get("class") == "list log"
        for row in each
    ]


def test_an_actions_page_says_who_changed_it_last_and_leads_to_that_receipt(team: Rig, upstream: StubBuddy) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    first = change(ada, upstream, EVERYTHING, docker_image_tag="1.3")
    team.clock.forward(minutes=5)
    last = change(bob, upstream, EVERYTHING | {"docker_image_tag": "1.3"}, timeout="90", run_as_user="me")
    team.clock.forward(minutes=3)
    page = ada.get(MINE)
    assert page.links["Changed by Bob"] == last.path
    assert "Last with Slipway Changed by Bob, 3 minutes ago" in page.text
    assert history(page) == ["Change Run as user, Time limit in seconds Changed", "Change Tag Changed"]
    links = [link.get("href") for link in page.all("a") if text_of(link) == "Change"]
    assert links == [last.path, first.path]


def test_the_history_begins_with_what_added_it_and_tells_of_what_came_to_nothing(
    team: Rig, upstream: StubBuddy
) -> None:
    ada = team.hired("ada")
    upstream.answer = None
    receipt = ada.get(f"{ACTIONS}/new").send(**LEAST)
    edit = receipt.links["change it"]
    upstream.answer = (422, {"errors": [{"message": "The timeout is too long."}]})
    assert "did not accept" in ada.get(edit).send(timeout="90").heading
    page = ada.get(edit.removesuffix("/edit"))
    assert history(page) == ["Change Time limit in seconds Refused by Buddy", "New action Added"]
    assert page.links["Added by Ada"] == receipt.path


def test_an_action_that_slipway_has_never_touched_says_so(desk: Browser, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    page = desk.get(MINE)
    assert "Nothing was done to it with Slipway." in page.text
    assert "Last with Slipway" not in page.text


def test_a_long_history_is_told_in_part(team: Rig, upstream: StubBuddy) -> None:
    ada = team.hired("ada")
    for number in range(11):
        change(ada, upstream, EVERYTHING, timeout=str(100 + number))
        team.clock.forward(minutes=11)
    page = ada.get(MINE)
    assert (len(history(page)), "These are the last 10." in page.text) == (10, True)


def test_somebodys_draft_is_nobody_elses_history(team: Rig, upstream: StubBuddy) -> None:
    upstream.by_hand = [EVERYTHING]
    team.hired("ada").get(f"{MINE}/edit").press("check", timeout="90")
    assert history(team.hired("bob").get(MINE)) == []
