"""A Buddy that does not answer, and everybody waiting for it: what goes on, and what those are told who come next."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask import Flask
from support.buddy import StubBuddy
from support.clock import Clock
from support.databases import stored_in
from support.pages import Browser
from support.registries import Registry
from support.rigs import LEAST, Rig
from support.server import free_port, serving_here
from support.templates import ACTIONS, make_template, open_template

from webapp.app import create_app
from webapp.docker.references import ImageReference
from webapp.http.slots import PER_PERSON, SLOTS
from webapp.http.transport import Timings
from webapp.registry.findings import Seen
from webapp.registry.hosts import Allowed
from webapp.server import THREADS
from webapp.settings import Settings
from webapp.store.places import Spot

# So many connections a browser has to one server.
AT_ONCE = 6
# Nothing here ends because a time is over.
PATIENT = Timings(connect=60, write=600, read=600, pages=600)
PIPELINE = "/workspaces/buddy/projects/company-website/pipelines/2"
EXISTING = {"id": 4, "name": "Lint", "type": "RUN_DOCKER_CONTAINER", "docker_image_name": "library/python"}


@pytest.fixture
def personal(tmp_path: Path, upstream: StubBuddy) -> Iterator[Flask]:
    """Slipway with a token, more patient than usual."""
    upstream.by_hand = [EXISTING]
    settings = Settings(
        buddy_token="token-of-the-tests",
        buddy_api_endpoint=upstream.url,
        **stored_in(tmp_path),
    )
    app = create_app(settings, Clock(), PATIENT)
    yield app
    app.extensions["slipway"].close()


@pytest.fixture
def team(team_with: Callable[..., Rig]) -> Rig:
    return team_with(timings=PATIENT)


@contextmanager
def waiting(upstream: StubBuddy, browser: Browser, count: int, path: str = "/workspaces") -> Iterator[None]:
    """Let so many pages of a browser wait for Buddy."""
    upstream.read_gate.clear()
    with ThreadPoolExecutor(count) as tabs:
        before = upstream.reading
        held = [tabs.submit(tab(browser).get, path) for _ in range(count)]
        try:
            upstream.until_reading(before + count)
            yield
        finally:
            upstream.read_gate.set()
        assert {page.result().status for page in held} == {200}


def tab(browser: Browser) -> Browser:
    """Another tab: with the same cookies, and free while the first one waits."""
    other = Browser(browser.client.application, browser.url)
    other.client._cookies = dict(browser.client._cookies or {})
    return other


def test_pages_that_ask_buddy_nothing_are_answered_while_more_wait_for_it_than_there_are_threads(
    team_with: Callable[..., Rig], upstream: StubBuddy
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    team = team_with(timings=PATIENT, sign_in=frozenset(), port=port, url=url)
    upstream.read_gate.clear()
    with serving_here(team.app, port), ThreadPoolExecutor(THREADS + 40) as browsers:
        pages = [browsers.submit(requests.get, f"{url}/workspaces", timeout=120) for _ in range(THREADS + 40)]
        upstream.until_reading(SLOTS)
        answered = [requests.get(f"{url}{path}", timeout=60).status_code for path in ("/healthz", "/", "/submissions")]
        told = refused(pages, THREADS + 40 - SLOTS)
        assert (answered, upstream.most_reading) == ([200, 200, 200], SLOTS)
        upstream.read_gate.set()
        assert sorted(page.result().status_code for page in pages) == [200] * SLOTS + [503] * len(told)
    assert {answer.headers["Retry-After"] for answer in told} == {"10"}
    assert all("Too many requests are waiting for Buddy at this moment" in answer.text for answer in told)


def refused(pages: list["Future[requests.Response]"], count: int) -> list[requests.Response]:
    """Wait for those that are answered while the others wait."""
    done: list[requests.Response] = []
    while len(done) < count:
        done = [page.result() for page in pages if page.done()]
    return done


def test_a_send_that_finds_no_room_claims_nothing_keeps_the_form_and_can_be_pressed_again(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    form = desk.get(new_form)
    with waiting(upstream, desk, SLOTS):
        told = form.send(**LEAST)
        assert (told.status, told.headers["Retry-After"]) == (503, "10")
        assert "Nothing was sent, and what you typed is kept as a draft" in told.text
        assert {name: told.fields[name] for name in LEAST} == LEAST
        assert "Run tests" in desk.get("/").text
    assert upstream.bodies == []
    assert told.send().heading == "“Run tests” was added"
    assert len(upstream.bodies) == 1


def test_the_secrets_of_a_form_that_found_no_room_are_kept_too(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    secret = {"variables__0__key": "A", "variables__0__value": "canary", "variables__0__encrypted": "true"}
    form = desk.get(new_form)
    with waiting(upstream, desk, SLOTS):
        told = form.send(**LEAST, **secret)
        assert "canary" not in told.html
    told.send()
    assert [body["variables"][0]["value"] for body in upstream.bodies] == ["canary"]


def test_a_second_click_leads_to_the_receipt_though_there_is_no_room(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    form = desk.get(new_form)
    upstream.gate.clear()
    with ThreadPoolExecutor(1) as first:
        sending = first.submit(tab(desk).post, new_form.removesuffix("/new"), form.fields | LEAST)
        upstream.until_waiting(1)
        with waiting(upstream, desk, SLOTS - 1):
            second = form.send(**LEAST)
        assert (second.status, second.path.startswith("/submissions/")) == (200, True)
        upstream.gate.set()
        assert sending.result().heading == "“Run tests” was added"
    assert len(upstream.bodies) == 1


@pytest.mark.parametrize("path", [f"{PIPELINE}/actions/new", f"{PIPELINE}/actions", f"{PIPELINE}/actions/4/edit"])
def test_a_page_that_finds_no_room_says_so(desk: Browser, upstream: StubBuddy, path: str) -> None:
    with waiting(upstream, desk, SLOTS):
        told = desk.get(path)
    assert (told.status, told.heading) == (503, "Too many requests are waiting for Buddy at this moment")
    assert "Wait a moment, then try again." in told.text
    assert desk.get(path).status == 200


def test_no_registry_is_asked_while_as_many_wait_for_buddy_as_may(tmp_path: Path, upstream: StubBuddy) -> None:
    registry = Registry()
    settings = Settings(
        buddy_token="token-of-the-tests",
        buddy_api_endpoint=upstream.url,
        **stored_in(tmp_path),
        registries=Allowed.parse(registry.url),
    )
    app = create_app(settings, Clock(), PATIENT)
    check, image = app.extensions["slipway"].registries.check, ImageReference("team/app", registry.host, "1")
    with waiting(upstream, Browser(app, settings.url), SLOTS):
        assert check(image).sentence.startswith("Not checked: too many images are being checked")
        assert registry.server.connections == 0
    assert check(image).seen is Seen.THERE
    app.extensions["slipway"].close()
    registry.server.close()


def test_a_page_for_which_there_is_little_room_is_whole_all_the_same(
    desk: Browser, upstream: StubBuddy, new_form: str
) -> None:
    with waiting(upstream, desk, SLOTS - 1), ThreadPoolExecutor(1) as last:
        page = last.submit(tab(desk).get, new_form)
        upstream.until_reading(SLOTS)
        upstream.read_gate.set()
        assert "ECR prod" in page.result().html
    assert upstream.most_reading == SLOTS


def test_a_change_that_finds_no_room_is_kept(desk: Browser, upstream: StubBuddy) -> None:
    form = desk.get(f"{PIPELINE}/actions/4/edit")
    with waiting(upstream, desk, SLOTS):
        told = form.send(docker_image_name="library/ruby", inline_commands="rake")
    assert (told.status, told.fields["docker_image_name"]) == (503, "library/ruby")
    assert "kept as a draft" in told.text
    assert upstream.bodies == []
    upstream.answer = (200, EXISTING | {"docker_image_name": "library/ruby"})
    assert told.send().heading == "“Lint” was changed"


def test_a_deletion_that_finds_no_room_deletes_nothing(desk: Browser, upstream: StubBuddy) -> None:
    question = desk.get(f"{PIPELINE}/actions/4/delete")
    with waiting(upstream, desk, SLOTS):
        told = question.send_to(f"{PIPELINE}/actions/4/delete")
    assert (told.status, upstream.paths) == (503, [])
    assert "Nothing was sent to Buddy" in told.text


@pytest.mark.parametrize("like", ["", f"{PIPELINE}/actions/4"], ids=["to go there", "for a copy"])
def test_a_pasted_address_that_finds_no_room_is_still_in_its_box(desk: Browser, upstream: StubBuddy, like: str) -> None:
    address = f"{upstream.url}/buddy/company-website/pipelines/action/4"
    with waiting(upstream, desk, SLOTS):
        told = desk.get(f"/find?q={address}&like={like}")
    assert [box.get("value") for box in told.all("input") if box.get("name") == "like"] == [like] * bool(like)
    assert (told.status, told.headers["Retry-After"]) == (503, "10")
    assert [box.get("value") for box in told.all("input") if box.get("name") == "q"] == [address]
    assert "Too many requests are waiting for Buddy" in told.error_at("q")


def test_one_persons_tabs_leave_room_for_everybody_else(team: Rig, upstream: StubBuddy) -> None:
    ada, bob = team.hired("ada"), team.hired("bob")
    with waiting(upstream, ada, PER_PERSON):
        told = ada.get("/workspaces")
        assert (told.status, told.headers["Retry-After"]) == (503, "10")
        assert "Other pages of yours are waiting for Buddy already" in told.text
        assert ada.get("/").status == 200
        with waiting(upstream, bob, 1):
            assert upstream.reading == PER_PERSON + 1


def test_answers_whose_form_is_not_known_bring_no_whole_form_where_there_is_no_room(
    team: Rig, upstream: StubBuddy
) -> None:
    cora, id = team.hired("cora", "contributor"), make_template(team)
    fields = open_template(cora, id).fields
    del fields["envelope"]
    with waiting(upstream, cora, PER_PERSON):
        told = cora.post(f"{ACTIONS}?template={id}", fields | LEAST)
    assert told.status == 503 and told.heading.startswith("Other pages of yours are waiting for Buddy already")
    assert team.rows == []


def test_all_tabs_that_a_browser_opens_at_once_are_drawn_whole(team: Rig, upstream: StubBuddy, new_form: str) -> None:
    ada = team.hired("ada")
    upstream.read_gate.clear()
    with ThreadPoolExecutor(AT_ONCE) as tabs:
        pages = [tabs.submit(tab(ada).get, new_form) for _ in range(AT_ONCE)]
        upstream.until_reading(PER_PERSON)
        upstream.read_gate.set()
        assert [page.result().status for page in pages] == [200] * AT_ONCE
        assert all("ECR prod" in page.result().html for page in pages)


def test_a_page_that_reads_much_side_by_side_takes_no_place_of_other_pages(team: Rig, upstream: StubBuddy) -> None:
    upstream.by_hand = [EXISTING]
    # Two lists that were passed through, four pages of the third, the project, and what is to be copied.
    filtered = f"{PIPELINE.rpartition('/')[0]}?through=workspaces&q=known&like={PIPELINE}/actions/4"
    ada, directory = team.hired("ada"), team.parts.directory
    spots = {
        Spot(): [Spot(f"w{number}") for number in range(200)],
        Spot("buddy"): [Spot("buddy", f"p{number}") for number in range(200)],
        Spot("buddy", "company-website"): [Spot("buddy", "company-website", number) for number in range(1, 201)],
    }
    for above, below in spots.items():
        directory.table.tell(team.parts.connection.mark() or "", above, dict.fromkeys(below, "Known"), True)
    upstream.read_gate.clear()
    with ThreadPoolExecutor(1) as tabs:
        page = tabs.submit(tab(ada).get, filtered)
        upstream.until_reading(PER_PERSON)
        with waiting(upstream, ada, PER_PERSON - 1):
            assert ada.get("/workspaces?page=1").status == 503
        assert page.result().status == 200
    assert upstream.most_reading == 2 * PER_PERSON - 1


def test_an_actions_pipeline_is_found_among_many_by_one_person(team: Rig, upstream: StubBuddy) -> None:
    upstream.pipelines = [{"id": number, "name": f"Pipeline {number}", "actions": []} for number in range(1, 40)]
    upstream.pipelines[-1]["actions"] = [EXISTING]
    ada = team.hired("ada")
    place = f"{upstream.url}/buddy/company-website/pipelines/action/4"
    found = ada.get(f"/find?q={place}")
    assert "/workspaces/buddy/projects/company-website/pipelines/39" in upstream.reads
    assert found.path.startswith("/workspaces/buddy/projects/company-website/pipelines/39/")
    assert upstream.most_reading <= PER_PERSON
