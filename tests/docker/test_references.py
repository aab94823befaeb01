"""Image references: what the grammar takes apart and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.references import ImageReference, ReferenceError, check_tag

DIGEST = "sha256:" + "a" * 64
# By the grammar's productions.
READ = {
    # reference := name [ ":" tag ] [ "@" digest ]
    "ubuntu": ImageReference("ubuntu"),
    "ubuntu:22.04": ImageReference("ubuntu", tag="22.04"),
    f"a@{DIGEST}": ImageReference("a", digest=DIGEST),
    f"a:b@{DIGEST}": ImageReference("a", tag="b", digest=DIGEST),
    f"ghcr.io/a:b@{DIGEST}": ImageReference("a", "ghcr.io", "b", DIGEST),
    # name := [ domain "/" ] remote-name
    "library/ubuntu": ImageReference("library/ubuntu"),
    "ghcr.io/team/app:1.2": ImageReference("team/app", "ghcr.io", "1.2"),
    # domain := host [ ":" port-number ]
    "localhost/app": ImageReference("app", "localhost"),
    "localhost:5000/x": ImageReference("x", "localhost:5000"),
    "host:5000/a:b": ImageReference("a", "host:5000", "b"),
    "host:65535/a": ImageReference("a", "host:65535"),
    # host := domain-name | IPv4address | "[" IPv6address "]"
    "a-b.example/c": ImageReference("c", "a-b.example"),
    "192.0.2.1:5000/a": ImageReference("a", "192.0.2.1:5000"),
    "[2001:db8::1]/a": ImageReference("a", "[2001:db8::1]"),
    "[2001:db8::1]:5000/a": ImageReference("a", "[2001:db8::1]:5000"),
    # domain-component: capitals and two hyphens, neither first nor last
    "MyHost/a": ImageReference("a", "MyHost"),
    "A--b.C.1/a": ImageReference("a", "A--b.C.1"),
    # remote-name := path-component [ "/" path-component ]*
    "a/b/c:V_1.0-x": ImageReference("a/b/c", tag="V_1.0-x"),
    "localhost": ImageReference("localhost"),
    "x" * 255: ImageReference("x" * 255),
    "registry.example/" + "x" * 255: ImageReference("x" * 255, "registry.example"),
    # Docker Hub's host is another one with a port.
    "docker.io": ImageReference("docker.io"),
    "docker.io:5000/a": ImageReference("a", "docker.io:5000"),
    "hub.docker.io/a": ImageReference("a", "hub.docker.io"),
    # separator := "." | "_" | "__" | "-"+
    "a__b/c-d/e---f/g.h/i_j": ImageReference("a__b/c-d/e---f/g.h/i_j"),
    # tag := a letter, digit or "_", then up to 127 of these and "." and "-"
    "a:_": ImageReference("a", tag="_"),
    "a:5000": ImageReference("a", tag="5000"),
    "a:" + "x" * 128: ImageReference("a", tag="x" * 128),
    # digest := algorithm ":" at least 32 hexadecimal digits; the parts of an algorithm are joined by + . - _
    "a@md5:" + "0" * 32: ImageReference("a", digest="md5:" + "0" * 32),
    "a@Sha2+x.y-z_w:" + "aF" * 16: ImageReference("a", digest="Sha2+x.y-z_w:" + "aF" * 16),
    # A variable stands for what the grammar wants there, as much of it as it may be.
    "node:$NODE_VERSION": ImageReference("node", tag="$NODE_VERSION"),
    "node:${NODE_VERSION}-alpine": ImageReference("node", tag="${NODE_VERSION}-alpine"),
    "node:v$MAJOR.$MINOR": ImageReference("node", tag="v$MAJOR.$MINOR"),
    "node:" + "x" * 128 + "$SUFFIX": ImageReference("node", tag="x" * 128 + "$SUFFIX"),
    "$IMAGE:$TAG": ImageReference("$IMAGE", tag="$TAG"),
    "$REGISTRY:5000": ImageReference("$REGISTRY", tag="5000"),
    "$PREFIX/app": ImageReference("$PREFIX/app"),
    "org/$PROJECT/app": ImageReference("org/$PROJECT/app"),
    "org/app-${PART}": ImageReference("org/app-${PART}"),
    "${A}${B}/${C}_${D}": ImageReference("${A}${B}/${C}_${D}"),
    "x" * 255 + "$MORE": ImageReference("x" * 255 + "$MORE"),
    # What surrounds it tells whether the first part is a registry.
    "$REGISTRY:5000/team/app:1": ImageReference("team/app", "$REGISTRY:5000", "1"),
    "localhost:$PORT/app": ImageReference("app", "localhost:$PORT"),
    "a:$PORT/b": ImageReference("b", "a:$PORT"),
    "$HOST:$PORT/app": ImageReference("app", "$HOST:$PORT"),
    "registry.example.com/${TEAM}/app": ImageReference("${TEAM}/app", "registry.example.com"),
    "$ACCOUNT.dkr.ecr.$REGION.amazonaws.com/app": ImageReference("app", "$ACCOUNT.dkr.ecr.$REGION.amazonaws.com"),
    f"$IMAGE:$TAG@{DIGEST}": ImageReference("$IMAGE", tag="$TAG", digest=DIGEST),
    "app@$DIGEST": ImageReference("app", digest="$DIGEST"),
    "app@sha256:${SUM}": ImageReference("app", digest="sha256:${SUM}"),
    # 64 hexadecimal digits are no name, but one more or less are.
    "a" * 63: ImageReference("a" * 63),
}
NAME = "The name of the image must be lower-case letters and digits"
TAG = "The tag must be letters, digits and . _ - only, begin with no . or -, and be at most 128 characters long"
HOSTLESS = "The registry in front of the image must be a host, and no host has a _ in it"
DIGESTS = "The part after @ must be a digest such as sha256: and 64 hexadecimal digits"
HOST = "The registry address must be a host, with a port or path where needed: localhost:5000/team"
PORT = "The port of the registry address must be a number from 1 to 65535"
SCHEME = "The image must be a name such as library/ubuntu, without http:// or https://"
VARIABLE = "A $ must begin the name of a variable, such as $VERSION or ${VERSION}"
REFUSED = {
    "": "Enter the image, for example library/ubuntu:22.04",
    "A/B": NAME,
    "Ubuntu": NAME,
    "a b": NAME,
    "../x": NAME,
    "a//b": NAME,
    "a/": NAME,
    "/a": NAME,
    "-a": NAME,
    "a-": NAME,
    "a_-b": NAME,
    "a___b": NAME,
    "a..b": NAME,
    "ä": NAME,
    "a\n": NAME,
    "My_Host/a": NAME,
    "my_host.io/a": HOSTLESS,
    "my_host:5000/a": HOST,
    "-a.example/b": NAME,
    "ghcr.io/": NAME,
    ":tag": NAME,
    f"@{DIGEST}": NAME,
    "http://x/y": SCHEME,
    "https://x/y": SCHEME,
    "a" * 64: "The image must be a name such as library/ubuntu, not the number of an image",
    "a:": TAG,
    "a:tag:tag": TAG,
    "a:.b": TAG,
    "a:-b": TAG,
    "a:b\n": TAG,
    "a:ä": TAG,
    "a:" + "x" * 129: TAG,
    "a@": DIGESTS,
    "a@sha256:short": DIGESTS,
    "a@sha256:" + "g" * 64: DIGESTS,
    "a@256:" + "a" * 32: DIGESTS,
    f"a@{DIGEST}@{DIGEST}": DIGESTS,
    "x" * 256: "The name of the image must be at most 255 characters long: this is 256",
    "ghcr.io/" + "x" * 256: "The name of the image must be at most 255 characters long: this is 256",
    "-$A": NAME,
    "$A-": NAME,
    "$A//b": NAME,
    "$A/": NAME,
    "/$A": NAME,
    "${A}_-b": NAME,
    "My$A": NAME,
    "a:.$A": TAG,
    "a:$A:b": TAG,
    "a:" + "x" * 129 + "$A": TAG,
    "a@$A b": DIGESTS,
    "$A:port/b": HOST,
    "$A:123456/b": HOST,
    "$A:0/b": PORT,
    "https://$HOST/b": SCHEME,
    "x" * 256 + "$A": "The name of the image must be at most 255 characters long: this is 256",
    "a$": VARIABLE,
    "a:$": VARIABLE,
    "a:$1": VARIABLE,
    "a:$$A": VARIABLE,
    "a:${A": VARIABLE,
    "a:${}": VARIABLE,
    "a:${A:-22}": VARIABLE,
    "a:${A.B}": VARIABLE,
    "a:$(cat version)": VARIABLE,
    "a@$": VARIABLE,
    "a.example:port/b": HOST,
    "host:123456/b": HOST,
    "[::1/b": HOST,
    "host:0/b": PORT,
    "host:65536/b": PORT,
}
LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
WORDS = st.text(LETTERS + DIGITS, min_size=1)
SEPARATORS = st.sampled_from([".", "_", "__"]) | st.text("-", min_size=1)
COMPONENTS = st.tuples(WORDS, st.lists(st.tuples(SEPARATORS, WORDS).map("".join)).map("".join)).map("".join)
TAGS = st.tuples(
    st.sampled_from(LETTERS + LETTERS.upper() + DIGITS + "_"),
    st.text(LETTERS + LETTERS.upper() + DIGITS + "_.-", max_size=127),
).map("".join)
ALGORITHMS = st.sampled_from(["sha256", "SHA512", "a-b", "multihash+base58", "x_y", "x.y"])
DIGESTS_OF_ALL_KINDS = st.tuples(ALGORITHMS, st.text(DIGITS + "abcdefABCDEF", min_size=32, max_size=64)).map(":".join)
REFERENCES = st.builds(
    ImageReference,
    name=st.lists(COMPONENTS, min_size=1)
    .map("/".join)
    .filter(
        # What begins like a registry would be read as one.
        lambda name: len(name) <= 255 and not ("/" in name and ("." in name.split("/")[0] or name[:10] == "localhost/"))
    ),
    registry=st.sampled_from(["", "localhost", "ghcr.io", "Host", "a-b.example:443", "[2001:db8::1]:5000"]),
    tag=st.just("") | TAGS,
    digest=st.just("") | DIGESTS_OF_ALL_KINDS,
)


@pytest.mark.parametrize(("text", "reference"), READ.items(), ids=[text[:30] for text in READ])
def test_a_reference_is_taken_apart(text: str, reference: ImageReference) -> None:
    assert ImageReference.parse(text) == reference
    assert reference.format() == text


@pytest.mark.parametrize(("text", "message"), REFUSED.items(), ids=[text[:30] or "empty" for text in REFUSED])
def test_what_is_no_reference_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(ReferenceError) as refused:
        ImageReference.parse(text)
    assert str(refused.value).startswith(message)


@given(REFERENCES)
def test_what_is_written_reads_back_the_same(reference: ImageReference) -> None:
    assert ImageReference.parse(reference.format()) == reference


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


NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True)
USES = NAMES.map(lambda name: f"${{{name}}}")


@given(REFERENCES, USES, st.data())
def test_a_variable_may_take_the_place_of_any_letters_of_a_name_and_a_tag(
    reference: ImageReference, use: str, data: st.DataObject
) -> None:
    places = [place for place, char in enumerate(reference.name) if char.isalnum()]
    place = data.draw(st.sampled_from(places))
    name = reference.name[:place] + use + reference.name[place + 1 :]
    with_use = ImageReference(name, reference.registry, f"{reference.tag}{use}", reference.digest)
    assert ImageReference.parse(with_use.format()).format() == with_use.format()


@pytest.mark.parametrize("host", ["docker.io", "index.docker.io"])
def test_docker_hub_by_its_name_is_no_registry(host: str) -> None:
    assert ImageReference.parse(f"{host}/library/node:20") == ImageReference("library/node", tag="20")
    assert ImageReference.parse(f"{host}/nginx").format() == "nginx"
