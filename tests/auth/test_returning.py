"""Where somebody goes after signing in."""

import pytest

from webapp.auth.returning import local_path

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\\evil.example",
    "\\\\evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\r\nLocation: https://evil.example",
    " /submissions",
    "evil.example",
    "",
    "/caf\u00e9",
    None,
]


@pytest.mark.parametrize("text", ELSEWHERE)
def test_any_other_site_or_a_broken_address_leads_to_the_first_page(text: str | None) -> None:
    assert local_path(text) == "/"


@pytest.mark.parametrize("text", ["/", "/submissions?before=1-2", "/workspaces/buddy/projects/a%20b/pipelines"])
def test_a_page_of_slipways_own_is_gone_back_to(text: str) -> None:
    assert local_path(text) == text
