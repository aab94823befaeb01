"""The record: who did what, when and from where, as a page and as a file for table programs."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from support.listed import ANN, BEGIN, BEN, do_some, exported_record, note, rig_in
from support.pages import log_lines, text_of
from support.rigs import LEAST, NEW, SECRETS, Rig
from support.signing_in import sign_in
from support.templates import ANSWERS, make_template, open_template

from webapp.store.events import SLIPWAY, Actor, NewEvent
from webapp.submissions.words import capital
from webapp.views.files import ID


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with rig_in(tmp_path) as rig:
        yield rig


@pytest.fixture
def busy(rig: Rig) -> Rig:
    """A Slipway in which two people did something on three days, in three places."""
    do_some(rig)
    return rig


def test_at_first_it_says_what_will_be_there(rig: Rig) -> None:
    page = rig.browser.get("/record")
    assert (page.heading, "Nothing has been done yet." in page.text) == ("Record", True)
    assert "Download as CSV (for Excel)" not in page.links


def test_a_submission_is_one_line_by_its_names_with_its_steps_and_its_receipt(rig: Rig) -> None:
    receipt = rig.send()
    page = rig.browser.get("/record")
    assert log_lines(page) == [
        "Run tests New action Live mirror Company Website, buddy this computer just now, 1 March 2026, 12:00 UTC "
        "from 127.0.0.1 Added 2 steps of “Run tests” "
        "Sent Being added this computer from 127.0.0.1, 1 March 2026, 12:00 UTC "
        "Buddy answered Added this computer from 127.0.0.1, 1 March 2026, 12:00 UTC"
    ]
    assert page.links["Run tests"] == receipt.path
    assert page.links["Record"] == "/record"


def test_a_run_is_of_whoever_asked_for_it_and_ended_as_it_did_whatever_is_looked_for(rig: Rig) -> None:
    rig.send()
    run = {"submission": rig.row.id, "action": "Nightly", "details": {"asks": "run"}}
    note(rig, BEN, "sent", "sending", **run)
    note(rig, BEN, "answered", "created", **run)
    note(rig, SLIPWAY, "ended", "SUCCESSFUL", **run)
    for query in ("", "?" + urlencode({"who": "Ben"})):
        (line,) = log_lines(rig.browser.get(f"/record{query}"))
        said = line.partition(" steps of ")[0]
        assert said.startswith("Nightly Run ")
        assert said.endswith(" Ben just now, 1 March 2026, 12:00 UTC from 10.0.0.2 Passed 5")


def test_somebody_who_is_called_slipway_is_not_taken_for_it(rig: Rig) -> None:
    namesake = Actor("namesake", SLIPWAY.name, "10.0.0.9")
    for actor, verb in ((BEN, "sent"), (namesake, "stopped")):
        note(rig, actor, verb, "sending", submission="one", action="Nightly")
    (line,) = log_lines(rig.browser.get("/record"))
    assert " Slipway just now, 1 March 2026, 12:00 UTC from 10.0.0.9 " in line.partition(" steps of ")[0]


# How a send ended → what the record and the receipt say of it.
HOW_IT_ENDED = {
    "created": "Buddy answered",
    "changed": "Buddy answered",
    "deleted": "Buddy answered",
    "rejected": "Buddy answered",
    "unknown": "No answer came",
    "not_sent": "Could not be sent",
}


@pytest.mark.parametrize(("outcome", "words"), HOW_IT_ENDED.items(), ids=HOW_IT_ENDED)
def test_it_says_whether_buddy_answered(rig: Rig, outcome: str, words: str) -> None:
    receipt = rig.send()
    note(rig, ANN, "answered", outcome, submission=rig.row.id)
    (line,) = log_lines(rig.browser.get("/record"))
    assert f" {words} " in line.partition("3 steps")[2].partition("Buddy answered")[2]
    assert f"{words} by " not in rig.browser.get(receipt.path).text


def test_an_answer_that_proved_nothing_is_called_one(rig: Rig) -> None:
    receipt = rig.send()
    note(rig, ANN, "answered", "unknown", submission=rig.row.id, details={"status": 503})
    assert log_lines(rig.browser.get("/record"))[0].partition("3 steps")[2].count("Buddy answered ") == 2
    assert "Buddy answered by" not in rig.browser.get(receipt.path).text


# An outcome → the words of it in the filter, and in the table.
WORDS = {
    "created": ("Added", "Added"),
    "found": ("Added / Changed / Deleted / Accepted, found by looking", "Added"),
    "sending": ("Being added / Being changed / Being deleted / Being started", "Being added"),
    "not_sent": ("Not sent", "Not sent"),
}


@pytest.mark.parametrize("outcome", WORDS)
def test_the_filter_offers_the_words_that_the_table_says(rig: Rig, outcome: str) -> None:
    note(rig, ANN, "did", outcome)
    page = rig.browser.get(f"/record?what={outcome}")
    chosen = [text_of(option) for option in page.all("option") if option.get("selected") is not None]
    offered, told = WORDS[outcome]
    assert (chosen[-1], log_lines(page)[0].partition("from 10.0.0.1 ")[2]) == (offered, told)


def test_what_happened_is_offered_in_groups_and_in_the_words_of_the_rows(rig: Rig) -> None:
    rig.send(name="Run tests")
    for verb, outcome in (
        ("signed in", "oidc"),
        ("sign-in refused", "name or password"),
        ("role changed", "editor"),
        ("refused", "role"),
        ("changed a template", None),
        ("rule changed", "refuse"),
        ("restored a backup", None),
    ):
        note(rig, BEN, verb, outcome)
    page = rig.browser.get("/record")
    groups = {
        group.get("label"): {text_of(option): option.get("value") for option in group.iter("option")}
        for group in page.all("optgroup")
    }
    assert {heading: [*options] for heading, options in groups.items()} == {
        "Actions and runs": ["Being added / Being changed / Being deleted / Being started", "Added", "Refused"],
        "Signing in and out": ["Signed in", "Sign-in refused"],
        "People and roles": ["Role changed"],
        "Templates and rules": ["Changed a template", "Rule changed"],
        "Slipway itself": ["Restored a backup"],
    }
    for options in groups.values():
        for words, value in options.items():
            found = log_lines(rig.browser.get(f"/record?{urlencode({'what': value})}"))
            assert (words, len(found), words.split(" / ")[0] in found[0]) == (words, 1, True)
    assert "What happened" in page.text


def test_a_search_says_how_many_lines_it_has_found_whose_steps_are_folded_in(rig: Rig) -> None:
    for _ in range(26):
        rig.clock.forward(minutes=11)
        rig.send()
    note(rig, BEN, "signed in")
    assert len(exported_record(rig)) == 2 * 26 + 1
    page = rig.browser.get("/record?quiet=true&q=tests")
    assert "26 found, newest first." in page.text
    assert "26 found, newest first." in rig.browser.get(page.links["Older"]).text
    assert "27 found, newest first." in rig.browser.get(f"/record?since={rig.clock():%Y-%m-%d}").text


def test_signing_in_and_out_is_shown_until_it_is_not_wanted(rig: Rig) -> None:
    for verb in ("signed in", "signed out", "sign-in refused", "role changed"):
        note(rig, BEN, verb)
    assert len(log_lines(rig.browser.get("/record"))) == 4
    page = rig.browser.get("/record?quiet=true")
    assert [line.split(" Ben ")[0] for line in log_lines(page)] == ["Role changed"]
    assert [box.get("checked") is not None for box in page.all("input") if box.get("name") == "quiet"] == [True]
    assert len(exported_record(rig, page.links["Download as CSV (for Excel)"].partition("?")[2])) == 1


# What was done → how its row says to whom or to what.
WHOM = {
    "somebody by name": ("made a link", {"account": "cay", "name": "Cay"}, "Made a link: Cay"),
    "a new role": ("role changed", {"account": "cay", "name": "Cay", "before": "viewer"}, "Role changed: Cay"),
    "oneself": ("password changed", {"account": "ben", "name": "Ben"}, "Password changed"),
    "nobody who is known": ("signed out", {"account": "gone"}, "Signed out"),
    "a page": ("refused", {"method": "GET", "path": "/people"}, "Refused: opening /people"),
    "a form": ("refused", {"method": "POST", "path": "/people"}, "Refused: sending to /people"),
    "a token": ("connected", {"token": "Team", "scopes": []}, "Connected: Team"),
}


@pytest.mark.parametrize(("verb", "details", "words"), WHOM.values(), ids=WHOM)
def test_a_row_says_whom_or_what_it_is_about(rig: Rig, verb: str, details: dict[str, object], words: str) -> None:
    rig.parts.journal.record(NewEvent(BEN, verb, details=details))
    assert log_lines(rig.browser.get("/record"))[0].partition(" Ben just now")[0] == words


def test_a_row_about_an_account_says_whose_it_is(team: Rig) -> None:
    boss = team.hired("boss", "administrator")
    id = team.hire("ada")
    sign_in(team.stranger(), "ada")
    boss.get(f"/people/{id}").send_to(f"/people/{id}/sign-out", sure="yes")
    line = log_lines(boss.get("/record"))[0]
    assert (line.startswith("Signed out: Ada Boss just now"), line.endswith("All sessions")) == (True, True)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "%00", "0"])
def test_a_page_that_cannot_be_is_the_first_or_an_empty_one(busy: Rig, before: str) -> None:
    assert busy.browser.get(f"/record?before={before}").status == 200


# A text → what stands for it in the file.
FORMULAS = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "=cmd|'/c calc'!A0": "'=cmd|'/c calc'!A0",
    "\t=1": "'\t'=1",
    "\r=1": "'\r'=1",
    "  =1": "'  =1",
    "\n+1": "'\n'+1",
    "\tA": "'\tA",
    "＝1": "'＝1",
    "＠x": "'＠x",
    "a;=1": "a;'=1",
    "a\t@x": "a\t'@x",
}


@pytest.mark.parametrize(("text", "written"), FORMULAS.items(), ids=map(ascii, FORMULAS))
def test_in_the_file_no_text_is_a_formula(rig: Rig, text: str, written: str) -> None:
    places = {"workspace": text, "project": text, "submission": text}
    rig.parts.journal.record(NewEvent(Actor(text, text, text), text[:32], text, {"name": text}), **places)
    (row,) = exported_record(rig)
    for column in ("id of the person", "who", "from", "what", "outcome", "workspace", "project", ID):
        # What was done and how it ended begin with a capital where there are no other words for them.
        assert row[column] == (capital(written) if column in ("what", "outcome") else written)
    assert row["details"].startswith("{")


# A text → what a table program finds that takes the file apart at other places than at commas.
HIDDEN = [
    "a;=1+1",
    'a;"=1+1"',
    "a; \u00a0+1",
    "a\t-1",
    "a\r\n@SUM(A1)",
    "a\n=1",
    'a"\n"=1',
    "a|=1",
    ";;=1;\t;＝1",
    "\u200b=1",
    "\ufeff=1",
    "\x0b=1",
    '"=1',
    "a;\ufeff=1",
]
BEGINS = re.compile(r"[\s\"\x00-\x1f\u200b\ufeff]*[=+\-@＝＋－＠]")


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_NONE])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_text_is_a_formula_wherever_a_table_program_takes_the_file_apart(
    rig: Rig, text: str, delimiter: str, quoting: Literal[0, 3]
) -> None:
    rig.parts.journal.record(NewEvent(ANN, text, text, {"name": text}), workspace=text, project=text, submission=text)
    file = rig.browser.client.get("/record.csv", base_url=rig.browser.url).get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(file, newline=""), delimiter=delimiter, quoting=quoting))
    assert [cell for row in rows for cell in row if BEGINS.match(cell)] == []
    (row,) = exported_record(rig)
    assert row["workspace"].replace("'", "") == text


def test_what_is_no_formula_is_in_the_file_as_it_is(busy: Rig) -> None:
    newest = exported_record(busy)[0]
    assert newest == {
        "number": "4",
        "time (UTC)": "2026-03-03 12:00:00",
        "id of the person": "ben",
        "who": "Ben",
        "from": "10.0.0.2",
        "what": "Buddy answered",
        "outcome": "Refused by Buddy",
        "action": "Run tests",
        "workspace": "Labs",
        "project": "The site",
        "pipeline": "Mirror of old",
        "address": "labs/site/2",
        "id of the submission": "c",
        "details": "{}",
    }


def test_a_long_record_is_in_the_file_whole_and_in_order(rig: Rig) -> None:
    for number in range(1201):
        note(rig, ANN, "did", str(number))
    assert [row["outcome"] for row in exported_record(rig)] == [str(number) for number in range(1200, -1, -1)]


def test_no_secret_is_on_record(rig: Rig) -> None:
    rig.send(**SECRETS)
    page = rig.browser.get("/record")
    file = rig.browser.client.get("/record.csv", base_url=rig.browser.url).get_data(as_text=True)
    assert (len(log_lines(page)), "canary" in page.html, "canary" in file) == (1, False, False)


@pytest.mark.parametrize("many", [True, False], ids=["from the list", "alone"])
def test_what_somebody_called_a_draft_is_not_on_record_for_administrators(team: Rig, many: bool) -> None:
    ada, boss = team.hired("ada"), team.hired("boss", "administrator")
    ada.get(NEW).press("check", **LEAST | {"name": "Severance for Ben"})
    home = ada.get("/drafts" if many else "/")
    address = "/drafts/discard" if many else f"/submissions/{team.row.id}/delete"
    newest = next((each.get("value") or "" for each in home.all("button") if each.get("name") == "all"), "")
    home.send_to(address, all=newest).send_to(address, sure="yes")
    assert (team.rows, team.deeds[-1]) == ([], ("Ada", "discarded", None))
    page = boss.get("/record")
    file = boss.client.get("/record.csv", base_url=boss.url).get_data(as_text=True)
    assert log_lines(page)[0].startswith("Discarded a draft Live mirror")
    assert "Discarded a draft" in file
    assert "Severance" not in page.html + file
    assert log_lines(boss.get("/record?q=severance")) == []
    assert log_lines(boss.get("/record?q=live+mirror"))[0].startswith("Discarded a draft")


def test_while_the_database_cannot_be_read_it_says_so(rig: Rig) -> None:
    with rig.parts.journal._engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO elsewhere")
    assert rig.browser.get("/record").heading == "Slipway can't use its database"


def test_times_are_written_for_machines_too(busy: Rig) -> None:
    times = [time.get("datetime") for time in busy.browser.get("/record").all("time")]
    days = [(BEGIN + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ") for day in (2, 1, 0, 0)]
    assert times == days


def test_what_is_done_to_a_template_names_it_as_it_was_called_and_leads_to_that_version(team: Rig) -> None:
    browser, library = team.hired("ada", "administrator"), team.parts.library
    id = make_template(team)
    locked = open_template(browser, id)
    assert browser.post(locked.path.replace("/new", ""), {**locked.fields, **ANSWERS, "timeout": "9"}).status == 422
    first = library.find(id)
    assert first is not None
    library.put_secret(first, "template:password", "other-canary", SLIPWAY)
    library.change(first, replace(first.template, name="Country report"), {}, SLIPWAY)
    now = library.find(id)
    assert now is not None
    library.retire(now, SLIPWAY)
    library.give_back(now, SLIPWAY)
    library.remove_secret(now, "template:password", SLIPWAY)
    page = browser.get("/record?quiet=y")
    for deed, called in (
        ("Made a template", "Nightly report, version 1"),
        ("Refused", "Nightly report, version 1"),
        ("Replaced a secret", "Nightly report, version 1 (the password for the registry)"),
        ("Changed a template", "Country report, version 2"),
        ("Retired a template", "Country report, version 2"),
        ("Brought a template back", "Country report, version 2"),
        ("Removed a secret", "Country report, version 2 (the password for the registry)"),
    ):
        assert any(line.startswith(deed) and f" {called} " in line for line in log_lines(page)), deed
    assert page.links["Country report, version 2"] == f"/templates/{id}?version=2"
    assert page.links["Nightly report, version 1"] == f"/templates/{id}?version=1"
