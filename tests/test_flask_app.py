"""Addresses within Slipway, each worked out once."""

import pytest
from flask import Flask, url_for
from support.running import PLACE
from werkzeug.routing import BuildError


def test_an_address_is_the_same_each_time(app: Flask) -> None:
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        for _ in range(2):
            assert url_for("actions.index", place=PLACE) == f"{PLACE.path}/actions"
            assert url_for("places.projects", workspace="a b") == "/workspaces/a%20b/projects"
            assert url_for("submissions.index", state=["added", "failed"]) == "/submissions?state=added&state=failed"
            assert url_for("submissions.index", q=None) == "/submissions"
            assert url_for("submissions.index", q="x" * 400) == f"/submissions?q={'x' * 400}"
            assert url_for("submissions.index", _external=True) == "http://127.0.0.1:8000/submissions"
            with pytest.raises(BuildError):
                url_for("submissions.nothing")


def test_more_addresses_than_are_remembered_are_all_right(app: Flask) -> None:
    with app.test_request_context(base_url="http://127.0.0.1:8000"):
        for _ in range(2):
            for number in range(2100):
                assert url_for("places.projects", workspace=f"w{number}") == f"/workspaces/w{number}/projects"
