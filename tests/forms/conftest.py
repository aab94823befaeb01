"""Forms without a page around them: all that they need of one is a request."""

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True, scope="module")
def app() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="of the tests")
    with app.test_request_context():
        yield app
