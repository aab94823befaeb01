"""What the token may not do, asked of a Buddy."""

import pytest
from support.buddy import StubBuddy

from webapp.buddy.permissions import missing

from .conftest import Make

ALL = ["WORKSPACE", "EXECUTION_MANAGE", "INTEGRATION_INFO"]
CASES = {
    "all": ((200, {"scopes": ALL}), ()),
    "newer names": ((200, {"scopes": ["WORKSPACE", "PIPELINE_READ", "PIPELINE_WRITE", "INTEGRATION_MANAGE"]}), ()),
    "managing, by its newer name": (
        (200, {"scopes": ["WORKSPACE_READ", "PROJECT_READ", "PIPELINE_MANAGE", "INTEGRATION_READ"]}),
        (),
    ),
    "a name that is not known": ((200, {"scopes": ["PIPELINE_EDIT", "WORKSPACE"]}), ()),
    "reading alone": ((200, {"scopes": ["WORKSPACE", "EXECUTION_INFO", "INTEGRATION_INFO"]}), ("add actions",)),
    "no integrations": ((200, {"scopes": ALL[:2]}), ("see integrations",)),
    "not told": ((200, {"scopes": []}), ()),
    "refused": ((403, {}), ()),
}


@pytest.mark.parametrize(("answer", "lacking"), CASES.values(), ids=CASES)
def test_what_the_scopes_do_not_allow_is_told(
    upstream: StubBuddy, client: Make, answer: tuple[int, object], lacking: tuple[str, ...]
) -> None:
    upstream.token = answer
    assert missing(client(upstream.url)) == lacking
