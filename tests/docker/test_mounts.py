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
TWO = "A volume must be two folders with one colon between them, for example /:/buddy/app"
FIELDS = "it must be fields such as type=bind,source=/,target=/buddy/app"


def setting(option: str) -> str:
    return f"the action has no setting for {option} of a folder"


def typed(kind: str) -> str:
    return f"Buddy maps folders of the pipeline only, and its type is {kind}"


# The mapping, empty for none, and why not or not wholly.
VOLUMES: dict[str, tuple[str, list[str]]] = {
    "/a:/b": ("/a:/b", []),
    "$PWD/x:/b": ("$PWD/x:/b", []),
    "/a b:/c": ("/a b:/c", []),
    "/a:/b:rw": ("/a:/b", []),
    "/a:/b:": ("/a:/b", []),
    "/a:/b:ro": ("/a:/b", [READ_ONLY]),
    "/a:/b:ro,Z": ("/a:/b", [READ_ONLY, setting("Z")]),
    "/a:/b:z,nocopy": ("/a:/b", [setting("z, nocopy")]),
    "/a:/b:cached": ("/a:/b", [setting("cached")]),
    "/only/target": ("", [ANONYMOUS]),
    "": ("", [ANONYMOUS]),
    "data:/b": ("", [NAMED]),
    "my-data_1.x:/b:ro": ("", [NAMED]),
    "./a:/b": ("", [SOURCE]),
    "~/a:/b": ("", [SOURCE]),
    "$(pwd):/b": ("", [SOURCE]),
    "%cd%:/b": ("", [SOURCE]),
    ":/b": ("", [SOURCE]),
    "/a:b": ("", [TARGET]),
    "/a:/b:ro:x": ("", [TWO]),
    r"C:\a:/b": ("", [WINDOWS]),
    "c:/a:/b": ("", [WINDOWS]),
}
MOUNTS: dict[str, tuple[str, list[str]]] = {
    "type=bind,source=/a,target=/b": ("/a:/b", []),
    "type=bind,src=/a,dst=/b": ("/a:/b", []),
    "TYPE=BIND,Src=/a,destination=/b": ("/a:/b", []),
    '"type=bind","source=/a,b",target=/c': ("/a,b:/c", []),
    "type=bind,source=/a,target=/b,readonly": ("/a:/b", [READ_ONLY]),
    "type=bind,source=/a,target=/b,ro=true": ("/a:/b", [READ_ONLY]),
    "type=bind,source=/a,target=/b,readonly=false": ("/a:/b", []),
    "type=bind,source=/a,target=/b,bind-propagation=rshared,ro": ("/a:/b", [READ_ONLY, setting("bind-propagation")]),
    "type=bind,source=/a": ("", [TARGET]),
    "type=bind,target=/b": ("", [SOURCE]),
    "type=bind,source=.,target=/b": ("", [SOURCE]),
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
