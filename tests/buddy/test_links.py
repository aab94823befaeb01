"""Which addresses of Buddy's answers become links."""

import pytest

from webapp.buddy.links import safe_link

OWN = "http://127.0.0.1:8000"
LINKS = [
    "https://app.buddy.works/buddy/site/pipelines/action/2/edit",
    "https://buddy.works/x",
    "https://eu.buddy.works:443/x",
    "http://127.0.0.1:8000/sandbox/x",
]
NO_LINKS = [
    "javascript:alert(1)",
    "data:text/html,x",
    "//evil.example/",
    "https://evil.example/",
    "https://app.buddy.works@evil.example/",
    "https://evil.example/@app.buddy.works",
    "https://app.buddy.works.evil.example/",
    "https://evilbuddy.works/",
    "http://app.buddy.works/",
    "https://app.buddy.works:8443/",
    "https://app.buddy.works/" + "x" * 2000,
    "https://app.buddy.works/\nx",
    "https://app.buddy.works\\@evil.example/",
    "https://app.buddy.works /x",
    "https://аpp.buddy.works/",
    "https://[app.buddy.works/",
    "https://app.buddy.works:port/",
    "http://127.0.0.1:8001/",
    "https://127.0.0.1:8000/",
    "ftp://app.buddy.works/",
    "",
    None,
    2,
    ["https://app.buddy.works/"],
]


@pytest.mark.parametrize("url", LINKS)
def test_buddys_own_addresses_become_links(url: str) -> None:
    assert safe_link(url, OWN) == url


@pytest.mark.parametrize("url", NO_LINKS, ids=str)
def test_nothing_else_does(url: object) -> None:
    assert safe_link(url, OWN) is None
