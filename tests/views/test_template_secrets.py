"""The secrets of a template: sent by who uses it, and seen by nobody."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support import faults
from support.pages import Browser
from support.prepared import REPORT
from support.rigs import NEW, Rig
from support.templates import ACTIONS, ANSWERS, REPORTED, make_template, open_template

from webapp.prepared.boxes import Asked
from webapp.prepared.questions import Question
from webapp.prepared.templates import PreparedVariable
from webapp.store.events import SLIPWAY

TYPED = "canary-that-was-typed"
# One of the variables asks whoever uses the template for a secret of their own.
ASKING = replace(
    REPORT,
    variables=(*REPORT.variables, PreparedVariable("TOKEN", Asked(Question("token", "Token")), encrypted=True)),
)
MINE = ANSWERS | {"answers-token": TYPED}


@pytest.fixture
def team(tmp_path: Path, team_with: Callable[..., Rig]) -> Rig:
    """A team before a Buddy that does what it is asked, with a database whose file can be read."""
    team = team_with(database_url=f"sqlite:///{tmp_path}/slipway.db")
    team.buddy.answer = None
    return team


def database(folder: Path) -> str:
    """All that is in the files of the database, as they are."""
    found = [path for path in folder.iterdir() if path.name.startswith("slipway.db")]
    assert len(found) > 1
    return "".join(path.read_bytes().decode("latin-1") for path in found)


def pages(browser: Browser, id: str) -> str:
    """What somebody sees of a template and of all that was made from it."""
    mine = (f"/templates/{id}", f"/templates/{id}?version=1", f"/templates/{id}/edit", f"{NEW}?template={id}")
    found = [browser.get(path) for path in ("/", "/submissions", "/record", "/drafts", "/templates", ACTIONS, *mine)]
    links = {
        link for page in found for link in page.links.values() if link.startswith(("/submissions/", "/workspaces/"))
    }
    found += [browser.get(link) for link in sorted(links)]
    files = [
        browser.client.get(path, base_url=browser.url).get_data(as_text=True)
        for path in (*FILES, f"/templates/{id}.yaml")
    ]
    return "\n".join([*(page.html for page in found), *files])


FILES = ("/submissions.csv", "/record.csv")


def test_they_are_on_the_wire_and_nowhere_else(team: Rig, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team, ASKING)
    form = open_template(browser, id)
    kept = form.press("check", **MINE)
    link = kept.press("link")
    assert "These are not in the link" in link.text
    review = link.press("preview")
    assert review.heading == "Review “Report Poland”", review.text
    draft = browser.get(f"/submissions/{team.row.id}")
    receipt = review.send()
    assert receipt.heading == "“Report Poland” was added"
    assert team.buddy.bodies[0]["password"] == REPORTED["password"]
    assert [each["value"] for each in team.buddy.bodies[0]["variables"][-2:]] == ["canary-of-the-database", TYPED]
    seen = [page.html for page in (form, kept, link, review, draft, receipt)]
    for role in ("viewer", "contributor", "editor", "administrator"):
        seen.append(pages(team.hired(f"{role}2", role), id))
    for text in (*seen, database(tmp_path), caplog.text):
        assert "canary" not in text


def test_what_buddy_says_of_them_is_not_shown(team: Rig, tmp_path: Path) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    secret = REPORTED["password"]
    team.buddy.answer = (400, {"errors": [{"message": f"docker_image_tag: no {secret} here"}]})
    page = open_template(browser, id).send(**ANSWERS)
    assert page.heading == "Buddy did not accept the action"
    assert "canary" not in page.html + database(tmp_path)


def test_nothing_is_kept_of_them_for_a_second_send(team: Rig) -> None:
    team.buddy.creates, team.buddy.write_fault = False, faults.read_then_close
    browser, id = team.hired("cora", "contributor"), make_template(team, ASKING)
    receipt = open_template(browser, id).send(**MINE)
    # The answer that is a secret is kept for it, as in the whole form; those of the template are its own.
    assert [each.submission for each in team.secrets] == [team.row.id]
    team.settle()
    team.buddy.creates, team.buddy.write_fault = True, type(team.buddy).answers
    again = browser.get(receipt.path).send_to(f"{receipt.path}/attempts")
    assert again.heading == "“Report Poland” was added"
    assert team.buddy.bodies[0] == team.buddy.bodies[1]
    assert (team.buddy.bodies[1]["password"], team.secrets) == (REPORTED["password"], [])


def test_a_removed_secret_is_gone(team: Rig) -> None:
    browser, id = team.hired("cora", "contributor"), make_template(team)
    form = open_template(browser, id)
    library = team.parts.library
    found = library.find(id)
    assert found is not None
    library.remove_secret(found, "template:password", SLIPWAY)
    assert browser.post(ACTIONS, form.fields | ANSWERS).status == 409
    assert (library.secrets(id).get("template:password"), team.buddy.writes) == (None, 0)
