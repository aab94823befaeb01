"""Who may use which address: all of them, for each role."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.pages import Browser
from support.rigs import Rig
from werkzeug.routing import Rule

from webapp.app import create_app
from webapp.auth.people import Role
from webapp.settings import Settings
from webapp.views import access, health

PUBLIC, VIEWER, CONTRIBUTOR, EDITOR, ADMINISTRATOR = None, "viewer", "contributor", "editor", "administrator"
# Every route, and the role that it takes. What they added themselves contributors may also try, and for a while delete.
NEEDED = {
    "GET /": VIEWER,
    "GET /find": VIEWER,
    "GET /workspaces": VIEWER,
    "GET /workspaces/<workspace>/projects": VIEWER,
    "GET /workspaces/<workspace>/projects/<project>/pipelines": VIEWER,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions": VIEWER,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>": VIEWER,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>.yaml": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions": EDITOR,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/new": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/new": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/new/image": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/draft": EDITOR,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/delete": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/delete": EDITOR,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/edit": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/edit": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/edit/image": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/draft": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>": EDITOR,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/runs/new": EDITOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/actions/<id>/runs": EDITOR,
    "GET /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/runs/new": ADMINISTRATOR,
    "POST /workspaces/<workspace>/projects/<project>/pipelines/<pipeline>/runs": ADMINISTRATOR,
    "GET /drafts": CONTRIBUTOR,
    "POST /drafts/discard": CONTRIBUTOR,
    "GET /submissions": VIEWER,
    "GET /submissions.csv": VIEWER,
    "GET /submissions/<id>": VIEWER,
    "GET /submissions/<id>.yaml": EDITOR,
    "GET /submissions/states": VIEWER,
    "GET /submissions/<id>/log": CONTRIBUTOR,
    "GET /submissions/<id>/log.txt": CONTRIBUTOR,
    "POST /submissions/<id>/stop": CONTRIBUTOR,
    "POST /submissions/<id>/attempts": CONTRIBUTOR,
    "POST /submissions/<id>/both": CONTRIBUTOR,
    "POST /submissions/<id>/looks": CONTRIBUTOR,
    "POST /submissions/<id>/ruling": CONTRIBUTOR,
    "POST /submissions/<id>/delete": CONTRIBUTOR,
    "POST /submissions/<id>/dismissal": CONTRIBUTOR,
    "POST /submissions/dismissals": CONTRIBUTOR,
    "GET /templates": VIEWER,
    "GET /templates/new": ADMINISTRATOR,
    "POST /templates/new": ADMINISTRATOR,
    "POST /templates": ADMINISTRATOR,
    "POST /templates/import": ADMINISTRATOR,
    "GET /templates/<id>": VIEWER,
    "GET /templates/<id>.yaml": VIEWER,
    "GET /templates/<id>/edit": ADMINISTRATOR,
    "POST /templates/<id>/edit": ADMINISTRATOR,
    "POST /templates/<id>": ADMINISTRATOR,
    "POST /templates/<id>/retirement": ADMINISTRATOR,
    "POST /templates/<id>/return": ADMINISTRATOR,
    "POST /templates/<id>/secrets/delete": ADMINISTRATOR,
    "GET /templates/unfinished/<id>": ADMINISTRATOR,
    "POST /templates/unfinished/<id>/discard": ADMINISTRATOR,
    "GET /record": ADMINISTRATOR,
    "GET /rules": ADMINISTRATOR,
    "POST /rules": ADMINISTRATOR,
    "GET /record.csv": ADMINISTRATOR,
    "GET /account": VIEWER,
    "POST /account/role": VIEWER,
    "POST /account/password": VIEWER,
    "GET /account/session": VIEWER,
    "POST /account/session": VIEWER,
    "POST /account/sessions/<id>/delete": VIEWER,
    "POST /sign-out": VIEWER,
    "GET /people": ADMINISTRATOR,
    "POST /people": ADMINISTRATOR,
    "GET /people/<id>": ADMINISTRATOR,
    "POST /people/<id>/role": ADMINISTRATOR,
    "GET /people/<id>/link": ADMINISTRATOR,
    "POST /people/<id>/link": ADMINISTRATOR,
    "POST /people/<id>/sign-out": ADMINISTRATOR,
    "POST /people/<id>/disable": ADMINISTRATOR,
    "POST /people/<id>/enable": ADMINISTRATOR,
    "GET /connection": ADMINISTRATOR,
    "POST /connection": ADMINISTRATOR,
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "GET /sign-in/oidc": PUBLIC,
    "GET /sign-in/oidc/answer": PUBLIC,
    "GET /invitations/<secret>": PUBLIC,
    "POST /invitations/<secret>": PUBLIC,
    "GET /components": VIEWER,
    "POST /components": VIEWER,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /metrics": PUBLIC,
    "GET /static/<name>": PUBLIC,
}
VALUES = {
    "workspace": "buddy",
    "project": "company-website",
    "pipeline": "2",
    "id": "none",
    "name": "none",
    "secret": "none",
}
# The forms that find and filter places.
OF_READERS = ("/find", "/workspaces/buddy/projects/company-website/pipelines")
URL = "http://127.0.0.1:8000"


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule}", rule


def address(route: str) -> tuple[str, str]:
    method, path = route.replace("actions/<id>", "actions/7").split(" ")
    for name, value in VALUES.items():
        path = path.replace(f"<{name}>", value)
    return method, path


def test_the_table_holds_every_route(app: Flask) -> None:
    assert {route for route, _ in routes(app)} == set(NEEDED)


@pytest.fixture(params=[role.value for role in Role])
def role(request: pytest.FixtureRequest, app: Flask, browser: Browser) -> str:
    """The browser's person has this role."""
    become(browser, request.param)
    return str(request.param)


def become(browser: Browser, role: str) -> None:
    account = browser.get("/account")
    if f", {role}." not in account.text:
        token = next(field.get("value") or "" for field in account.all("input") if field.get("name") == "csrf_token")
        account = browser.post("/account/role", {"role": role, "csrf_token": token})
    assert f", {role}." in account.text


def ask(client: FlaskClient, route: str) -> int:
    method, path = address(route)
    form = "application/x-www-form-urlencoded"
    return client.open(path, method=method, base_url=URL, content_type=form).status_code


def test_a_role_may_do_what_the_table_says_and_nothing_else(browser: Browser, role: str) -> None:
    allowed = {route: ask(browser.client, route) != 403 for route in NEEDED}
    order = list(Role)
    expected = {
        route: needed is PUBLIC or order.index(Role(role)) >= order.index(Role(needed))
        for route, needed in NEEDED.items()
    }
    assert allowed == expected


def test_who_is_not_signed_in_is_sent_to_sign_in_wherever_it_is_not_public(team: Rig) -> None:
    client = team.app.test_client()
    for route, _ in routes(team.app):
        method, path = address(route)
        answer = client.open(path, method=method, base_url=URL)
        sent = answer.status_code == 401 or answer.headers.get("Location", "").startswith("/sign-in?next=")
        assert sent == (NEEDED[route] is not PUBLIC), route


def test_signed_in_a_role_may_do_what_the_table_says_and_nothing_else(team: Rig) -> None:
    for role in Role:
        browser = team.hired(role, role)
        for route, _ in routes(team.app):
            if route != "POST /sign-out":
                needed = NEEDED[route]
                assert (ask(browser.client, route) != 403) == (needed is None or role.covers(Role(needed))), (
                    role,
                    route,
                )


def test_a_refusal_says_what_it_takes_and_is_on_record(app: Flask, browser: Browser, new_form: str) -> None:
    become(browser, VIEWER)
    page = browser.get(new_form)
    assert (page.status, page.heading) == (403, "Your role does not allow this")
    assert "You must be an editor to do this. You are signed in as Demo viewer, a viewer." in page.text
    assert last_events(app)[-1] == ("Demo viewer", "refused", "role", new_form)


def last_events(app: Flask) -> list[tuple[str, str, str | None, str]]:
    with app.extensions["slipway"].journal._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT person_name, verb, outcome, details FROM events ORDER BY number")
        return [(row[0], row[1], row[2], json.loads(row[3]).get("path", "")) for row in rows]


@pytest.mark.parametrize("route", [route for route in NEEDED if route.startswith("POST ")])
def test_asking_for_a_route_that_changes_something_changes_nothing(browser: Browser, route: str) -> None:
    _, path = address(route)
    if f"GET {route.removeprefix('POST ')}" not in NEEDED:
        assert browser.client.get(path, base_url=URL).status_code in (404, 405)


def test_on_the_sandbox_one_becomes_whom_one_chooses(browser: Browser) -> None:
    assert "You are Demo administrator, administrator." in browser.get("/account").text
    become(browser, EDITOR)
    assert "Demo editor" in browser.get("/").links
    assert ask(browser.client, "POST /account/role") == 404


def test_without_sign_in_this_computer_is_one_person_who_may_do_everything(desk: Browser) -> None:
    assert "You are this computer, administrator." in desk.get("/account").text
    assert "this computer" not in desk.get("/").links


def test_a_view_that_does_not_say_who_may_use_it_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(health.alive, access.NEEDS)
    with pytest.raises(access.UndeclaredView, match="health.alive"):
        create_app(Settings())


def test_who_may_only_read_is_not_offered_what_writes(browser: Browser, new_form: str) -> None:
    receipt = browser.get(new_form).send(name="Run tests", docker_image_name="a", inline_commands="ls")
    become(browser, VIEWER)
    for path in (
        "/",
        "/workspaces",
        f"{new_form.removesuffix('actions/new')}",
        new_form.removesuffix("/new"),
        receipt.path,
    ):
        page = browser.get(path.rstrip("/") or "/")
        assert [address for address in page.links.values() if "/actions/new" in address] == []
        assert [form.get("action") for form in page.all("form") if form.get("action") not in OF_READERS] == []
