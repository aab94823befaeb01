from collections.abc import Callable, Iterator

import pytest
import requests

from webapp.sandbox import Sandbox

Call = Callable[..., requests.Response]


@pytest.fixture
def api(sandbox: Sandbox) -> str:
    """The address of the sandbox's API on its own port."""
    return sandbox.start()


@pytest.fixture
def call(api: str) -> Iterator[Call]:
    """A client written for Buddy, which keeps its connection."""
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer sandbox"

        def call(method: str, path: str, **options: object) -> requests.Response:
            return session.request(method, api + path, **{"timeout": 10, **options})

        yield call


@pytest.fixture
def actions() -> str:
    """The path of the actions of the contract's pipeline."""
    return "/workspaces/buddy/projects/company-website/pipelines/2/actions"


@pytest.fixture
def least() -> dict[str, object]:
    """The least that makes an action."""
    return {
        "name": "Run tests",
        "type": "RUN_DOCKER_CONTAINER",
        "docker_image_name": "library/ubuntu",
        "docker_image_tag": "latest",
        "inline_commands": "make test",
    }
