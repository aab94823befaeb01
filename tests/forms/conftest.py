"""Forms outside of a page, in a request of nobody."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True, scope="module")
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="of the tests")
    with app.test_request_context():
        yield app
