"""The tags of an image: all of them however they are paged, in order, those like one that is missing, what to pin."""

import random
from collections.abc import Callable

import pytest
from support.registries import (
    API,
    CREDENTIALS,
    DIGEST,
    Answers,
    Registry,
    always,
    challenge,
    empty,
    running,
    said,
)

from webapp.registry.findings import Seen
from webapp.registry.tags import found_in, nearest, newest_first, pinnable

OTHER = f"sha256:{'b' * 64}"


def test_versions_come_first_and_the_newest_of_them_then_pre_releases_and_latest_last() -> None:
    wanted = [
        "2024.1", "10.2.1", "v3.13", "3.12.1", "3.12.1-alpine", "3.12.1-slim", "3.12", "3.12-alpine3.20",
        "3.9", "1", "3.15.0a1", "3.15.0a1-slim", "3.12.1-rc1", "alpine", "edge", "v", "latest",
    ]  # fmt: skip
    for seed in range(5):
        mixed = random.Random(seed).sample(wanted, len(wanted))
        assert newest_first(mixed) == tuple(wanted)


def test_each_tag_is_there_once_whatever_it_looks_like() -> None:
    odd = ["1" * 128, "1.2.3.4.5.6", "1-" + "a-" * 60, "20240101", "1.2.3+x", "0x10", "v1", "1_2", "1.0.0-0.3.7", "1.x"]
    assert sorted(newest_first(odd + odd)) == sorted(odd)


ALIKE = {
    "3.21": "3.12",
    "Latest": "latest",
    "v3.12": "3.12",
    "3.12-slm": "3.12-slim",
    "bookworm": "slim-bookworm",
}


@pytest.mark.parametrize("wanted", ALIKE)
def test_the_tags_that_are_most_like_a_missing_one_are_named(wanted: str) -> None:
    found = nearest(wanted, ["3.12-slim", "3.12", "3.11", "3.2", "latest", "alpine", "slim-bookworm"])
    assert (found[0], len(set(found))) == (ALIKE[wanted], 3)


GOLANG = ["1", "1.25.4", "1.25.3", "1.25", "1.25-alpine", "1.24.9", "1.24", "1.26rc1", "alpine", "latest"]
REPORTS = ["2.1.1", "2.1.0", "2.1", "2.0.3", "2.0.1", "2.0.0", "2.0", "2", "latest"]


@pytest.mark.parametrize(
    ("wanted", "tags", "near"),
    [
        ("1.99", GOLANG, ("1.25", "1.25.4", "1.25.3")),
        ("1.99-alpine", GOLANG, ("1.25-alpine", "1.25", "1.25.4")),
        ("1.26rc2", GOLANG, ("1.26rc1", "1.25", "1.25.4")),
        ("1.0", REPORTS, ("2.0", "2.1", "2")),
        ("2.1.9", REPORTS, ("2.1.1", "2.1.0", "2.1")),
    ],
)
def test_the_versions_that_are_nearest_to_a_missing_one_are_named(
    wanted: str, tags: list[str], near: tuple[str, ...]
) -> None:
    assert nearest(wanted, tags) == near


def test_the_tag_that_was_typed_itself_is_found_first() -> None:
    assert found_in(["3.12.1", "3.12.1-SLIM", "3.12", "3.11", "latest"], "3.12") == ["3.12", "3.12.1", "3.12.1-SLIM"]
    assert found_in(["3.12.1-SLIM", "latest"], "slim") == ["3.12.1-SLIM"]


def test_of_few_tags_all_are_named() -> None:
    assert nearest("3.12", ["alpine", "3.11"]) == ("3.11", "alpine")


def test_what_pins_is_a_whole_version() -> None:
    tags = ["3.12.1", "3.12", "3", "3.12.1-slim", "3.11.9", "v3.13.0", "20240101", "latest", "3.12.2-rc1", "edge"]
    assert pinnable(tags) == ("v3.13.0", "3.12.1", "3.11.9", "20240101")


def paged(tags: list[str], size: int, link: Callable[[str, str], str] = lambda url, last: f"<{last}>") -> Answers:
    """A registry that gives so many tags at once; `link` writes the address of the next page."""

    def answers(request: str, url: str) -> str:
        path = request.split(" ")[1]
        start = int(path.partition("last=")[2] or 0)
        more = start + size < len(tags)
        following = link(url, f"/v2/team/app/tags/list?n={size}&last={start + size}")
        return said(
            {"name": "team/app", "tags": tags[start : start + size]},
            "200 OK",
            *([f'Link: {following}; rel="next"'] * more),
        )

    return answers


LINKS: dict[str, Callable[[str, str], str]] = {
    "a path": lambda url, last: f"<{last}>",
    "a whole address": lambda url, last: f"<{url}{last}>",
    "a query": lambda url, last: f"<?{last.partition('?')[2]}>",
}


@pytest.mark.parametrize("name", LINKS)
def test_all_pages_are_read(name: str) -> None:
    tags = [f"1.{number}" for number in range(250)]
    registry = Registry(paged(tags, 100, LINKS[name]))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert found.names == tuple(reversed(tags))
    assert (found.whole, found.sentence) == (True, "The registry has 250 tags of this image.")
    assert registry.lines[0] == "GET /v2/team/app/tags/list?n=1000"
    assert len(registry.lines) == 3


def test_ten_thousand_tags_are_read_and_no_more() -> None:
    tags = [f"1.{number}.0-a-build-with-a-long-name" for number in range(12_000)]
    registry = Registry(paged(tags, 1000))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert (len(found.names), found.whole) == (10_000, False)
    assert found.sentence == "The registry has more tags than these 10,000."
    assert len(registry.lines) == 11


def endless(request: str, url: str) -> str:
    """One tag after the other, for ever."""
    number = int(request.split(" ")[1].partition("last=")[2] or 0)
    return said({"tags": [f"1.{number}"]}, "200 OK", f'Link: </v2/team/app/tags/list?last={number + 1}>; rel="next"')


def always_the_same(request: str, url: str) -> str:
    """The same page, for ever."""
    return said({"tags": ["1.0"]}, "200 OK", 'Link: </v2/team/app/tags/list>; rel="next"')


@pytest.mark.parametrize(("answers", "most"), [(endless, 100), (always_the_same, 1)])
def test_endless_pages_end(answers: Answers, most: int) -> None:
    registry = Registry(answers)
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert 1 <= len(found.names) <= most
    assert (found.whole, len(registry.lines) <= 100) == (False, True)
    assert found.sentence.endswith("than this one." if most == 1 else f"than these {len(found.names)}.")


def test_a_page_on_another_host_is_not_asked_for() -> None:
    other = Registry()
    registry = Registry(paged(["1.0", "2.0"], 1, lambda url, last: f"<{other.url}{last}>"))
    with running(registry, other) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert (found.names, found.whole) == (("1.0",), False)
    assert other.server.connections == 0


def test_a_next_page_that_has_no_address_leaves_what_came_before() -> None:
    registry = Registry(paged(["1.0", "2.0"], 1, lambda url, last: "<https://[::1/>"))
    with running(registry) as desk:
        assert desk.tags(f"{registry.host}/team/app").names == ("1.0",)


def test_a_page_that_fails_leaves_what_came_before() -> None:
    whole = paged(["1.0", "2.0"], 1)
    registry = Registry(lambda request, url: whole(request, url) if "last=" not in request else empty("500 Oops"))
    with running(registry) as desk:
        assert desk.tags(f"{registry.host}/team/app").names == ("1.0",)


def test_a_list_that_is_larger_than_any_is_not_read() -> None:
    registry = Registry(always(said({"tags": ["1.0"] * 400_000})))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert (found.names, found.sentence) == ((), "Not checked: the registry gave an answer that is too large.")


NO_LISTS = {
    "no JSON": "<html>",
    "no object": [],
    "no tags": {"name": "team/app"},
    "tags that are no list": {"tags": "1.0"},
    "tags that are no texts": {"tags": [1]},
}


@pytest.mark.parametrize("name", NO_LISTS)
def test_what_is_no_list_of_tags_is_not_read(name: str) -> None:
    registry = Registry(always(said(NO_LISTS[name])))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert (found.names, found.sentence) == ((), "Not checked: the registry gave an answer that Slipway can't read.")


def test_a_web_page_in_place_of_a_list_is_called_one() -> None:
    registry = Registry(always("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert found.sentence == "Not checked: the registry answers with a web page. Look at its address."


def test_what_can_be_no_tag_is_left_out() -> None:
    registry = Registry(always(said({"tags": ["1.0", 5, None, ["2.0"], "<script>", "", "a b", "x" * 129, "ä"]})))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert (found.names, found.sentence) == (("1.0",), "The registry has 1 tag of this image.")


SAID = {
    "none": (said({"tags": None}), "The registry has no tags of this image."),
    "no such image": (empty("404 Not Found", API), "The registry shows no such image to anybody without a name and"),
    "no registry": (empty("404 Not Found"), "Not checked: 127.0.0.1 does not answer as a registry does."),
    "private": (empty("403 Forbidden"), "The image is private or not there"),
}


@pytest.mark.parametrize("name", SAID)
def test_why_there_are_no_tags_is_said(name: str) -> None:
    answer, sentence = SAID[name]
    registry = Registry(always(answer))
    with running(registry) as desk:
        found = desk.tags(f"{registry.host}/team/app")
    assert found.names == ()
    assert found.sentence.startswith(sentence)


def test_with_a_token_for_the_first_page_the_others_are_read_too() -> None:
    whole = paged(["1.0", "2.0", "3.0"], 1)

    def answers(request: str, url: str) -> str:
        if request.startswith("GET /token"):
            return said({"token": "t0ken"})
        return whole(request, url) if "Bearer t0ken" in request else challenge(f'realm="{url}/token"')

    registry = Registry(answers)
    with running(registry) as desk:
        assert desk.tags(f"{registry.host}/team/app", CREDENTIALS).names == ("3.0", "2.0", "1.0")
    assert len(registry.lines) == 5


def versions(same: set[str], tags: list[str], gone: str = "") -> Answers:
    """A registry in which some tags are the same image."""

    def answers(request: str, url: str) -> str:
        path = request.split(" ")[1]
        if path.startswith("/token"):
            return said({"token": "t0ken"})
        if "Bearer t0ken" not in request:
            return challenge(f'realm="{url}/token"')
        if request.startswith("GET"):
            return said({"tags": tags})
        tag = path.rpartition("/")[2]
        if tag == gone:
            return empty("404 Not Found", API)
        return empty("200 OK", f"Docker-Content-Digest: {DIGEST if tag in same else OTHER}")

    return answers


MANY = ["latest", "3", "3.14", "3.14.0", "3.13.9", "3.13.8", "3.12.1", "3.11.1", "3.14-slim", "3.15.0-rc1", "20250101"]


def test_the_versions_that_are_the_same_image_as_latest_are_offered_after_at_most_five_heads() -> None:
    registry = Registry(versions({"latest", "3.13.9", "3.11.1"}, MANY))
    with running(registry) as desk:
        found = desk.pins(f"{registry.host}/team/app:latest")
    assert (found.names, found.digest) == (("3.13.9",), DIGEST)
    assert found.sentence == "At this moment latest is the same image as 3.13.9."
    heads = [line.rpartition("/")[2] for line in registry.lines if line.startswith("HEAD")]
    assert heads == ["latest", "3.14.0", "3.13.9", "3.13.8", "3.12.1"]


def test_of_a_version_itself_only_others_are_asked_for() -> None:
    registry = Registry(versions({"3.14.0"}, MANY))
    with running(registry) as desk:
        found = desk.pins(f"{registry.host}/team/app:3.14.0")
    assert (found.names, found.sentence) == ((), "None of the newest versions is the same image as 3.14.0.")


def test_a_version_that_is_gone_by_then_is_passed_over() -> None:
    registry = Registry(versions({"latest", "3.13.9", "3.14.0"}, MANY, gone="3.14.0"))
    with running(registry) as desk:
        assert desk.pins(f"{registry.host}/team/app").names == ("3.13.9",)


@pytest.mark.parametrize(("same", "found"), [("3.14.0", ("3.14.0",)), ("3.11.1", ())])
def test_versions_that_were_found_before_something_went_wrong_count(same: str, found: tuple[str, ...]) -> None:
    whole = versions({"latest", same}, MANY)
    registry = Registry(lambda request, url: empty("429 Slow") if "3.13.8" in request else whole(request, url))
    with running(registry) as desk:
        pins = desk.pins(f"{registry.host}/team/app")
    assert pins.names == found
    assert pins.sentence.startswith("At this moment latest is" if found else "Not checked: the registry takes no more")


PINLESS: dict[str, tuple[Answers, str]] = {
    "no such tag": (versions(set(), MANY, gone="latest"), "Not checked: the registry lists this tag, and says that it"),
    "no such image": (always(empty("404 Not Found", API)), "The registry shows no such image to anybody without"),
    "private": (always(empty("403 Forbidden")), "The image is private or not there"),
    "no registry": (always(empty("404 Not Found")), "Not checked: 127.0.0.1 does not answer as a registry does."),
}


@pytest.mark.parametrize("name", PINLESS)
def test_why_nothing_can_be_pinned_is_said(name: str) -> None:
    answers, sentence = PINLESS[name]
    registry = Registry(answers)
    with running(registry) as desk:
        found = desk.pins(f"{registry.host}/team/app")
    assert (found.names, found.digest) == ((), "")
    assert found.sentence.startswith(sentence)


def test_an_image_is_asked_for_by_its_digest_too() -> None:
    registry = Registry(versions({DIGEST}, MANY, gone=f"sha256:{'c' * 64}"))
    with running(registry) as desk:
        assert desk.check(f"{registry.host}/team/app@{DIGEST}").seen is Seen.THERE
        assert desk.check(f"{registry.host}/team/app@sha256:{'d' * 64}").seen is Seen.NOT_CHECKED
        gone = desk.check(f"{registry.host}/team/app@sha256:{'c' * 64}")
    assert (gone.seen, gone.sentence) == (Seen.NOT_THERE, "The registry has this image, but not with this digest.")
