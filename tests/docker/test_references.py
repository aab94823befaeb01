"""Image references: what the grammar takes apart and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.references import ImageReference, ReferenceError, check_tag

DIGEST = "sha256:" + "a" * 64
READ = {
    "ubuntu": ImageReference("ubuntu"),
    "library/ubuntu": ImageReference("library/ubuntu"),
    "ubuntu:22.04": ImageReference("ubuntu", tag="22.04"),
    "a/b/c:V_1.0-x": ImageReference("a/b/c", tag="V_1.0-x"),
    "ghcr.io/team/app:1.2": ImageReference("team/app", "ghcr.io", "1.2"),
    "localhost/app": ImageReference("app", "localhost"),
    "localhost:5000/x": ImageReference("x", "localhost:5000"),
    "host:5000/a:b": ImageReference("a", "host:5000", "b"),
    "MyHost/a": ImageReference("a", "MyHost"),
    "[2001:db8::1]:5000/a": ImageReference("a", "[2001:db8::1]:5000"),
    f"a@{DIGEST}": ImageReference("a", digest=DIGEST),
    f"ghcr.io/a:b@{DIGEST}": ImageReference("a", "ghcr.io", "b", DIGEST),
    "a__b/c-d/e---f/g.h": ImageReference("a__b/c-d/e---f/g.h"),
    "x" * 255: ImageReference("x" * 255),
}
NAME = "The name of the image must be lower-case letters and digits"
TAG = "The tag must be letters, digits and . _ - only"
REFUSED = {
    "": NAME,
    "A/B": NAME,
    "Ubuntu": NAME,
    "a b": NAME,
    "../x": NAME,
    "a//b": NAME,
    "a/": NAME,
    "-a": NAME,
    "a_-b": NAME,
    "a___b": NAME,
    "http://x/y": "The image must be a name such as library/ubuntu, without http:// or https://",
    "a:": TAG,
    "a:tag:tag": TAG,
    "a:.b": TAG,
    "a:" + "x" * 129: TAG,
    "a@": "The part after @ must be a digest",
    "a@sha256:short": "The part after @ must be a digest",
    "x" * 256: "The name of the image must be at most 255 characters long: this is 256",
    "a.example:port/b": NAME,
}


@pytest.mark.parametrize(("text", "reference"), READ.items(), ids=[text[:30] for text in READ])
def test_a_reference_is_taken_apart(text: str, reference: ImageReference) -> None:
    assert ImageReference.parse(text) == reference
    assert reference.format() == text


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=[text[:30] or "empty" for text in REFUSED])
def test_what_is_no_reference_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(ReferenceError) as refused:
        ImageReference.parse(text)
    assert str(refused.value).startswith(message)


@given(st.text())
def test_any_text_is_read_or_refused_and_reads_back_the_same(text: str) -> None:
    try:
        reference = ImageReference.parse(text)
    except ReferenceError:
        return
    assert ImageReference.parse(reference.format()) == reference


@given(st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True))
def test_every_tag_of_the_grammar_is_taken(tag: str) -> None:
    check_tag(tag)
