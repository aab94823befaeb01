"""Mounts of `docker run`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.mounts import read_mount, read_volume

ANONYMOUS = "it names no folder of the pipeline"
NAMED = "it is a volume of Docker, and Buddy maps folders of the pipeline only"
WINDOWS = "it is a folder of a Windows computer: enter the folder in the pipeline instead"
READ_ONLY = "the action has no setting for read-only folders"
SOURCE = "The folder in the pipeline must begin with / or with a variable such as $HOME"
TARGET = "The folder in the container must begin with / or with a variable such as $HOME"
COMPUTER = "it was a folder of your computer: here it is the one of this name in the pipeline's filesystem"
HERE = "the folder that you are in becomes the folder of the pipeline"
OUTSIDE = "it is outside of the folder that you are in: enter the folder in the pipeline instead"
HOME = "it is in the home folder of your computer: enter the folder in the pipeline instead"
BY_SHELL = "your own shell fills in its folder: enter the folder in the pipeline instead"
TARGET_BY_SHELL = "your own shell fills in its folder in the container: enter that folder instead, for example /app"
TWO = "A volume must be two folders with one colon between them, for example /:/buddy/app"
FIELDS = "it must be fields such as type=bind,source=/,target=/buddy/app"


def setting(option: str) -> str:
    return f"the action has no setting for {option} of a folder"


def typed(kind: str) -> str:
    return f"Buddy maps folders of the pipeline only, and its type is {kind}"


# The mapping, empty for none, and why not or not wholly.
VOLUMES: dict[str, tuple[str, list[str]]] = {
    "/a:/b": ("/a:/b", [COMPUTER]),
    "$CACHE/x:/b": ("$CACHE/x:/b", [COMPUTER]),
    "/c/Users/me/src:/b": ("/c/Users/me/src:/b", [COMPUTER]),
    "/var/run/docker.sock:/var/run/docker.sock": ("/var/run/docker.sock:/var/run/docker.sock", [COMPUTER]),
    "/a b:/c": ("/a b:/c", [COMPUTER]),
    "/a:/b:rw": ("/a:/b", [COMPUTER]),
    "/a:/b:": ("/a:/b", [COMPUTER]),
    "/a:/b:ro": ("/a:/b", [COMPUTER, READ_ONLY]),
    "/a:/b:ro,Z": ("/a:/b", [COMPUTER, READ_ONLY, setting("Z")]),
    "/a:/b:z,nocopy": ("/a:/b", [COMPUTER, setting("z, nocopy")]),
    "/a:/b:cached": ("/a:/b", [COMPUTER, setting("cached")]),
    "/only/target": ("", [ANONYMOUS]),
    "": ("", [ANONYMOUS]),
    "data:/b": ("", [NAMED]),
    "my-data_1.x:/b:ro": ("", [NAMED]),
    "~/a:/b": ("", [HOME]),
    "~:/b": ("", [HOME]),
    ":/b": ("", [SOURCE]),
    "/a:b": ("", [TARGET]),
    "/a:/b:ro:x": ("", [TWO]),
    **dict.fromkeys(
        ["$(pwd):/b", "$PWD:/b", "${PWD}:/b", "`pwd`:/b", ".:/b", "./:/b", "$PWD/:/b", "%cd%:/b", "%CD%:/b"],
        ("/:/b", [HERE]),
    ),
    **dict.fromkeys(
        ["$(pwd -P):/b", "$( pwd ):/b", "$pwd:/b", "${pwd}:/b", "$(CURDIR):/b", "$(git rev-parse --show-toplevel):/b"],
        ("/:/b", [HERE]),
    ),
    **dict.fromkeys(
        ["$(pwd)/a b:/b", "$PWD/a b/:/b", "./a b:/b", ".//a b:/b", "./x/../a b:/b", r".\a b:/b", r"%cd%\a b:/b"],
        ("/a b:/b", [HERE]),
    ),
    ".env:/b": ("/.env:/b", [HERE]),
    "$(pwd):/b:ro,Z": ("/:/b", [HERE, READ_ONLY, setting("Z")]),
    **dict.fromkeys(["..:/b", "../a:/b", "./..:/b", "$PWD/../a:/b", "$(pwd)/a/../../c:/b"], ("", [OUTSIDE])),
    **dict.fromkeys(["$PWD:$PWD", "$(pwd):$(pwd)/a", "/a:${PWD}"], ("", [TARGET_BY_SHELL])),
    **dict.fromkeys(["${DIR:-/tmp}:/b", "${DIR:?no}/a:/b:ro", "$(dirname a:b):/b", "`cd`:/b"], ("", [BY_SHELL])),
    "%USERPROFILE%:/b": ("", [BY_SHELL]),
    "$PWDX:/b": ("$PWDX:/b", [COMPUTER]),
    "/a:${B:-/b}": ("", [TARGET_BY_SHELL]),
    "/a:/b/${C:-c}": ("", [TWO]),
    r"C:\a:/b": ("", [WINDOWS]),
    "c:/a:/b": ("", [WINDOWS]),
}
MOUNTS: dict[str, tuple[str, list[str]]] = {
    "type=bind,source=/a,target=/b": ("/a:/b", [COMPUTER]),
    "type=bind,src=/a,dst=/b": ("/a:/b", [COMPUTER]),
    "TYPE=BIND,Src=/a,destination=/b": ("/a:/b", [COMPUTER]),
    '"type=bind","source=/a,b",target=/c': ("/a,b:/c", [COMPUTER]),
    "type=bind,source=/a,target=/b,readonly": ("/a:/b", [COMPUTER, READ_ONLY]),
    "type=bind,source=/a,target=/b,ro=true": ("/a:/b", [COMPUTER, READ_ONLY]),
    "type=bind,source=/a,target=/b,readonly=false": ("/a:/b", [COMPUTER]),
    "type=bind,source=/a,target=/b,bind-propagation=rshared,ro": (
        "/a:/b",
        [COMPUTER, READ_ONLY, setting("bind-propagation")],
    ),
    "type=bind,source=/a": ("", [TARGET]),
    "type=bind,target=/b": ("", [SOURCE]),
    "type=bind,source=.,target=/b": ("/:/b", [HERE]),
    "type=bind,source=$(pwd),target=/b": ("/:/b", [HERE]),
    "type=bind,src=${PWD}/a,dst=/b,ro": ("/a:/b", [HERE, READ_ONLY]),
    "type=bind,src=..,dst=/b": ("", [OUTSIDE]),
    "type=bind,src=${DIR:-/a},dst=/b": ("", [BY_SHELL]),
    "type=bind,source=/a:x,target=/b": ("", [TWO]),
    r"type=bind,source=C:\a,target=/b": ("", [WINDOWS]),
    "type=bind,source=ab,target=/b": ("", [NAMED]),
    "type=volume,source=data,target=/b": ("", [NAMED]),
    "source=data,target=/b": ("", [NAMED]),
    "type=volume,target=/b": ("", [ANONYMOUS]),
    "": ("", [ANONYMOUS]),
    "type=tmpfs,target=/b": ("", [typed("tmpfs")]),
    "type=,target=/b": ("", [FIELDS]),
    "type=bind,source=/a\nx,target=/b": ("", [FIELDS]),
    "type=bind,source=" + "x" * 140_000: ("", [FIELDS]),
}


@pytest.mark.parametrize(("text", "mapping", "whys"), [(text, *read) for text, read in VOLUMES.items()])
def test_a_volume_becomes_a_mapping_or_says_why_not(text: str, mapping: str, whys: list[str]) -> None:
    mount = read_volume(text)
    assert (mount.mapping.format() if mount.mapping else "", list(mount.whys)) == (mapping, whys)


@pytest.mark.parametrize(
    ("text", "mapping", "whys"),
    [(text, *read) for text, read in MOUNTS.items()],
    ids=[text[:60] or "empty" for text in MOUNTS],
)
def test_a_mount_becomes_a_mapping_or_says_why_not(text: str, mapping: str, whys: list[str]) -> None:
    mount = read_mount(text)
    assert (mount.mapping.format() if mount.mapping else "", list(mount.whys)) == (mapping, whys)


@given(
    st.text() | st.lists(st.sampled_from(["type=bind", "source=/a", "target", "=", ",", '"', "\n", "ro"])).map("".join)
)
def test_any_text_becomes_a_mapping_or_says_why_not(text: str) -> None:
    for mount in (read_volume(text), read_mount(text)):
        assert mount.mapping or mount.whys
