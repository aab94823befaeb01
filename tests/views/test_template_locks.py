"""The locks of a template: what it fixes or leaves out is not filled in from outside, whichever way it comes."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from support.pages import Browser, Page
from support.prepared import REPORT
from support.rigs import LEAST, NEW, Rig
from support.signing_in import sign_in
from support.templates import ACTIONS, ANSWERS, make_template, open_template

from webapp.store.models import Repeat

OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"}

FIXED = {"docker_image_name": "evil/image"}
LEFT_OUT = {"entrypoint": "/bin/evil"}
LOCKED: dict[str, dict[str, str]] = {
    "fixed": FIXED,
    "the same as fixed": {"docker_image_name": "team/report"},
    "the commands": {"inline_commands": "evil"},
    "the password": {"password": "mine"},
    "its kept password": {"password_kept": "template:password"},
    "left out": LEFT_OUT,
    "a variable's name": {"variables-0-key": "PATH"},
    "one variable more": {"variables-4-key": "PATH", "variables-4-value": "/evil"},
    "a volume": {"volume_mappings-0-source": "/evil"},
    "an answer to no question": {"answers-evil": "1"},
    "a pasted line": {"run_command": "docker run evil"},
    "pasted variables": {"env_text": "PATH=/evil"},
}


@pytest.fixture
def team(team: Rig) -> Rig:
    """A team before a Buddy that does what it is asked."""
    team.buddy.answer = None
    return team


Way = Callable[[Rig, Browser, str, dict[str, str]], Page]


def straight(path: str, button: str = "") -> Way:
    """Fill in the form of the template, with what it has no box for too, and post it all."""

    def post(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
        pressed = {"button": button} if button else {}
        return browser.post(path, open_template(browser, id).fields | ANSWERS | more | pressed)

    return post


def from_a_link(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    return open_template(browser, id, f"&{urlencode(ANSWERS | more)}")


def from_a_draft(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    open_template(browser, id).press("check", **ANSWERS)
    draft = browser.get(f"/submissions/{team.rows[-1].id}")
    assert draft.fields["answers-country"] == "pl"
    return browser.post(ACTIONS, draft.fields | more)


def from_a_review(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    return browser.post(ACTIONS, open_template(browser, id).press("preview", **ANSWERS).fields | more)


def like_another(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    open_template(browser, id).press("check", **ANSWERS)
    form = open_template(browser, id, f"&like={team.rows[-1].id}")
    assert form.fields["answers-country"] == "pl"
    return browser.post(ACTIONS, form.fields | more)


def of_another_template(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    other = make_template(team, replace(REPORT, name="Other"))
    return browser.post(f"{ACTIONS}?template={id}", open_template(browser, other).fields | ANSWERS | more)


def of_another_person(team: Rig, browser: Browser, id: str, more: dict[str, str]) -> Page:
    theirs = {"envelope": open_template(team.browser, id).fields["envelope"]}
    return browser.post(f"{ACTIONS}?template={id}", open_template(browser, id).fields | ANSWERS | more | theirs)


WAYS: dict[str, Way] = {
    "the form": straight(ACTIONS),
    "a link": from_a_link,
    "a check": straight(NEW, "check"),
    "a review": straight(NEW, "preview"),
    "what was reviewed": from_a_review,
    "a draft": from_a_draft,
    "one like another": like_another,
}
# What only changes the page looks at no answers, and whose form it is comes first.
WAYS_OF_BOXES: dict[str, Way] = WAYS | {
    "a paste": straight(NEW, "fill-run"),
    "pasted variables": straight(NEW, "fill-env"),
    "one more row": straight(NEW, "add-variables"),
    "a link to the form": straight(NEW, "link"),
    "the signed value of another template": of_another_template,
    "the signed value of another person": of_another_person,
}


def refusals(team: Rig) -> list[tuple[str, str | None, list[str]]]:
    return [(each.person_name, each.outcome, each.details["boxes"]) for each in team.events if each.verb == "refused"]


def counted(team: Rig) -> int:
    """How often a lock held, as the record will tell."""
    with Session(team.parts.journal._engine) as session:
        return session.scalars(select(Repeat.count).where(Repeat.outcome == "locked")).one()


@pytest.mark.parametrize("way", WAYS_OF_BOXES.values(), ids=WAYS_OF_BOXES)
def test_no_box_that_a_template_does_not_ask_is_filled_in_from_outside(team: Rig, way: Way) -> None:
    browser = team.hired("cora", "contributor")
    team.hire("boss", "administrator")
    assert sign_in(team.browser, "boss").status == 200
    id = make_template(team)
    for number, (what, more) in enumerate(LOCKED.items(), start=1):
        page = way(team, browser, id, more)
        assert page.status == 422, what
        assert "This template does not ask for" in page.text, what
        assert counted(team) == number, what
    # What is done again and again is counted on record.
    assert refusals(team) == [("Cora", "locked", ["docker_image_name"])]
    assert (team.buddy.writes, {row.state for row in team.rows} <= {"draft"}) == (0, True)
    assert not [row for row in team.rows if set(row.typed) - set(ANSWERS)]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_no_answer_is_outside_its_rule(team: Rig, way: Way) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    page = way(team, browser, id, {"answers-country": "fr", "answers-note": "$HOME"})
    assert page.status == 422
    assert page.error_at("answers-country") == "Choose an answer to “Country” from its list"
    assert page.error_at("answers-note") == "“Note” must have no other variables than $BUDDY_PIPELINE_NAME"
    assert refusals(team) == [("Cora", "answers", ["country", "note"])]
    assert team.buddy.writes == 0


def test_what_script_keeps_is_held_to_the_locks_too(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    answers = {}
    for more in ({"docker_image_name": "a"}, {"entrypoint": "a"}, {"answers-country": "fr"}, {"answers-since": "2026"}):
        sent = form.fields | ANSWERS | more
        answer = browser.client.post(f"{ACTIONS}/draft", data=sent, base_url=browser.url, headers=OWN)
        answers.update(dict.fromkeys(more, answer.status_code))
    # A day that is being typed is none yet.
    assert answers == {"docker_image_name": 422, "entrypoint": 422, "answers-country": 422, "answers-since": 200}
    assert (counted(team), refusals(team)) == (3, [("Cora", "locked", ["docker_image_name"])])
    assert set(team.row.typed) == set(ANSWERS)
    assert team.buddy.writes == 0


def test_the_form_of_a_template_is_no_key_to_the_whole_form(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    del (fields := dict(form.fields))["envelope"]
    assert browser.post(ACTIONS, fields | LEAST).status == 403
    editor = team.hired("ed")
    whole = editor.get(NEW).fields | LEAST | {"image_source": "credentials", "login": "me"}
    page = editor.post(ACTIONS, whole | {"password_kept": "template:password"})
    assert (page.status, team.buddy.writes) == (422, 0)
    assert "canary" not in page.html


@pytest.mark.parametrize("path", [ACTIONS, NEW, f"{ACTIONS}/draft"])
@pytest.mark.parametrize("of", ["a template, for one that is not there", "a change of answers"])
def test_nor_is_the_signed_value_of_another_form_of_a_template(team: Rig, path: str, of: str) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form, asked_for = open_template(browser, id), f"{path}?template=no-such"
    if of == "a change of answers":
        added = form.send(**{name.replace("-", "__"): answer for name, answer in ANSWERS.items()})
        form, asked_for = browser.get(added.links["change the answers"]), path
    before = [row.id for row in team.rows]
    signed = {name: form.fields[name] for name in ("csrf_token", "envelope")}
    page = browser.post(asked_for, signed | LEAST | {"button": "check"})
    assert (page.status, page.heading) == (403, "Your role does not allow this")
    assert [row.id for row in team.rows] == before
