"""Files for table programs: how many are written at once, and what those are told who come next."""

import codecs
from collections.abc import Callable

import pytest
from support.pages import Browser
from support.rigs import LEAST, NEW, Rig
from werkzeug.test import TestResponse

from webapp.views.files import AT_ONCE, EACH

ACTIVITY, RECORD = "/submissions.csv", "/record.csv"


@pytest.fixture
def boss(team: Rig) -> Browser:
    return team.hired("boss", "administrator")


def begin(browser: Browser, path: str) -> TestResponse:
    """Ask for a file, and take nothing of it yet."""
    return browser.client.get(path, base_url=browser.url, buffered=False)


def test_who_has_begun_as_many_files_as_may_be_is_told_so_until_one_has_come(boss: Browser) -> None:
    files = [begin(boss, path) for path, _ in zip((ACTIVITY, RECORD), range(EACH), strict=True)]
    assert {file.status_code for file in files} == {200}
    for path in (ACTIVITY, RECORD):
        page = boss.get(path)
        assert (page.status, begin(boss, path).headers["Retry-After"]) == (503, "10")
        assert page.heading == f"Other files of yours are being written already, as many as are allowed at once: {EACH}"
        assert "waiting for Buddy" not in page.text
    assert files[0].get_data().decode("utf-8-sig").startswith("time (UTC),")
    files[0].close()
    assert begin(boss, ACTIVITY).status_code == 200


def test_what_somebody_begins_keeps_nobody_else_from_a_file_until_there_are_too_many(team: Rig) -> None:
    viewers = [team.hired(f"vera{number}", "viewer") for number in range(AT_ONCE // EACH + 1)]
    files = [begin(viewer, ACTIVITY) for viewer in viewers[:-1] for _ in range(EACH)]
    assert [file.status_code for file in files] == [200] * AT_ONCE
    assert viewers[-1].get(ACTIVITY).heading == "Many files are being written at this moment"
    files[0].close()
    assert begin(viewers[-1], ACTIVITY).status_code == 200


@pytest.mark.parametrize("ask", [lambda boss: boss.client.head, lambda boss: boss.client.get], ids=["HEAD", "GET"])
def test_files_that_have_come_count_no_more(boss: Browser, ask: Callable[[Browser], Callable[..., object]]) -> None:
    answers = [ask(boss)(ACTIVITY, base_url=boss.url, buffered=True) for _ in range(EACH + 1)]
    assert {getattr(answer, "status_code", None) for answer in answers} == {200}


def test_a_table_program_sees_that_the_files_are_utf_8(boss: Browser) -> None:
    boss.get(NEW).send(**LEAST | {"name": "Raport z Łodzi"})
    for path in (ACTIVITY, RECORD):
        file = boss.client.get(path, base_url=boss.url)
        assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert file.get_data().startswith(codecs.BOM_UTF8)
        assert "Raport z Łodzi" in file.get_data().decode("utf-8-sig")


def test_a_wrong_filter_counts_for_no_file(boss: Browser) -> None:
    for _ in range(EACH + 1):
        assert begin(boss, f"{ACTIVITY}?q=ab").status_code == 422
    assert begin(boss, ACTIVITY).status_code == 200
