"""Addresses of Buddy's, as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.buddy.addresses import NO_PLACE, NOT_BUDDYS, Address, AddressError, is_address

CLOUD = "https://api.buddy.works"
SANDBOX = "http://127.0.0.1:8000"
OWN = "https://buddy.example.org/api"
PIPELINE = Address("buddy", "company-website", 2)
ACTION = Address("buddy", "company-website", 2, 5)
ACTION_ALONE = Address("buddy", "company-website", None, 5)
PATH = "/workspaces/buddy/projects/company-website/pipelines/2"

READABLE = {
    "pipeline page": ("https://app.buddy.works/buddy/company-website/pipelines/pipeline/2", CLOUD, PIPELINE),
    "deeper page": ("https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/runs", CLOUD, PIPELINE),
    "EU": ("https://eu.buddy.works/buddy/company-website/pipelines/pipeline/2", CLOUD, PIPELINE),
    "action page": ("https://app.buddy.works/buddy/company-website/pipelines/action/5/edit", CLOUD, ACTION_ALONE),
    "newer action page": (
        "https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/action/5/edit",
        CLOUD,
        ACTION,
    ),
    "newer action page, without its verb": (
        "https://app.buddy.works/buddy/company-website/pipelines/pipeline/2/action/5",
        CLOUD,
        ACTION,
    ),
    "sandbox, newer action page": (
        f"{SANDBOX}/sandbox/buddy/company-website/pipelines/pipeline/2/action/5/edit",
        SANDBOX,
        ACTION,
    ),
    "API pipeline": (f"https://api.buddy.works{PATH}", CLOUD, PIPELINE),
    "API actions": (f"https://api.buddy.works{PATH}/actions", CLOUD, PIPELINE),
    "API action": (f"https://api.buddy.works{PATH}/actions/5", CLOUD, ACTION),
    "on premises": ("https://buddy.example.org/buddy/company-website/pipelines/pipeline/2", OWN, PIPELINE),
    "on premises, API": (f"https://buddy.example.org/api{PATH}/actions/5", OWN, ACTION),
    "sandbox": (f"{SANDBOX}/sandbox/buddy/company-website/pipelines/action/5/edit", SANDBOX, ACTION_ALONE),
    "sandbox, API": (f"{SANDBOX}/sandbox/api{PATH}", SANDBOX, PIPELINE),
    "query and fragment": (f"https://api.buddy.works{PATH}?a=b#c", CLOUD, PIPELINE),
    "no scheme": ("app.buddy.works/buddy/company-website/pipelines/pipeline/2", CLOUD, PIPELINE),
    "blanks around it": (f"  https://api.buddy.works{PATH}\n", CLOUD, PIPELINE),
    "the end of a sentence": (f"https://api.buddy.works{PATH}.", CLOUD, PIPELINE),
    "brackets of a mail": (f"<https://api.buddy.works{PATH}>,\n", CLOUD, PIPELINE),
    "quotes": (f"“https://api.buddy.works{PATH}/actions/5”", CLOUD, ACTION),
    "no scheme, in brackets": (f"(api.buddy.works{PATH})", CLOUD, PIPELINE),
    "a character of no width": (f"\u200bhttps://api.buddy.works{PATH}\ufeff", CLOUD, PIPELINE),
}
REFUSED = {
    "another host": ("https://example.org/buddy/company-website/pipelines/pipeline/2", NOT_BUDDYS),
    "a host that looks alike": ("https://buddy.works.example.org/a/b/pipelines/pipeline/2", NOT_BUDDYS),
    "plain http": (f"http://api.buddy.works{PATH}", NOT_BUDDYS),
    "a user in it": (f"https://me@api.buddy.works{PATH}", NOT_BUDDYS),
    "script": ("javascript:alert(1)", NOT_BUDDYS),
    "words": ("my pipeline", NOT_BUDDYS),
    "a project": ("https://app.buddy.works/buddy/company-website", NO_PLACE),
    "a workspace": ("https://app.buddy.works/buddy", NO_PLACE),
    "action number 0": ("https://app.buddy.works/a/b/pipelines/pipeline/2/action/0/edit", NO_PLACE),
    "number 0": ("https://app.buddy.works/buddy/company-website/pipelines/pipeline/0", NO_PLACE),
    "no number": ("https://app.buddy.works/buddy/company-website/pipelines/pipeline/two", NO_PLACE),
    "dots": ("https://app.buddy.works/../company-website/pipelines/pipeline/2", NO_PLACE),
    "too large": ("https://app.buddy.works/a/b/pipelines/pipeline/9999999999999999999", NO_PLACE),
}


@pytest.mark.parametrize(("text", "base", "address"), READABLE.values(), ids=READABLE)
def test_an_address_is_read(text: str, base: str, address: Address) -> None:
    assert Address.parse(text, base) == address


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_another_address_is_refused_with_what_it_must_be(text: str, message: str) -> None:
    with pytest.raises(AddressError) as refused:
        Address.parse(text, CLOUD)
    assert str(refused.value) == message


@given(st.text() | st.from_regex(r"https://app\.buddy\.works/.*", fullmatch=True))
def test_nothing_else_is_ever_raised(text: str) -> None:
    try:
        Address.parse(text, CLOUD)
    except AddressError as error:
        assert str(error) in (NOT_BUDDYS, NO_PLACE)


@pytest.mark.parametrize("text", ["https://example.org/", "app.buddy.works/buddy", " buddy.example.org/buddy/a "])
def test_what_says_so_or_begins_with_a_host_of_buddys_is_meant_as_an_address(text: str) -> None:
    assert is_address(text, OWN if "example" in text else CLOUD)


@pytest.mark.parametrize("text", ["deploy", "release 1.2", "company-website.example/pipelines", ""])
def test_other_words_are_no_address_but_searched_for(text: str) -> None:
    assert not is_address(text, CLOUD)
