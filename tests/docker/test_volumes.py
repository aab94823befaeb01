"""Volume mappings."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.volumes import VolumeError, VolumeMapping, check_source, check_target

READ = {
    "/:/buddy/mount/directory": VolumeMapping("/", "/buddy/mount/directory"),
    "/a b:/c": VolumeMapping("/a b", "/c"),
    "$DIR:/x": VolumeMapping("$DIR", "/x"),
    "/a:${HOME}/b": VolumeMapping("/a", "${HOME}/b"),
    "$_/a:/": VolumeMapping("$_/a", "/"),
    "/ä//../b\n:/c": VolumeMapping("/ä//../b\n", "/c"),
}
TWO = "A volume must be two folders with one colon between them, for example /:/buddy/app"
SOURCE = "The folder in the pipeline must begin with / or with a variable such as $HOME"
TARGET = "The folder in the container must begin with / or with a variable such as $HOME"
REFUSED = {
    "": TWO,
    "/a": TWO,
    "/a:/b:/c": TWO,
    "/a:/b:ro": TWO,
    r"C:\x:/y": TWO,
    "a:/b": SOURCE,
    "../../x:/y": SOURCE,
    ":/b": SOURCE,
    "$:/b": SOURCE,
    "$1:/b": SOURCE,
    "$(pwd):/b": SOURCE,
    "${}:/b": SOURCE,
    " /a:/b": SOURCE,
    "/a:relative": TARGET,
    "/a:": TARGET,
}
PARTS = {
    check_source: "The folder in the pipeline must have no colon in it",
    check_target: "The folder in the container must have no colon in it",
}
FOLDERS = st.builds(
    str.__add__, st.sampled_from(["/", "$A", "${B}/"]), st.text().map(lambda text: text.replace(":", ""))
)


@pytest.mark.parametrize(("text", "mapping"), READ.items())
def test_a_mapping_is_taken_apart(text: str, mapping: VolumeMapping) -> None:
    assert VolumeMapping.parse(text) == mapping
    assert mapping.format() == text


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_is_no_mapping_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(VolumeError) as refused:
        VolumeMapping.parse(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(("check", "message"), PARTS.items())
def test_a_folder_alone_has_no_colon(check: Callable[[str], None], message: str) -> None:
    check("/a")
    with pytest.raises(VolumeError) as refused:
        check("/a:b")
    assert str(refused.value) == message


@given(st.builds(VolumeMapping, FOLDERS, FOLDERS))
def test_what_is_written_reads_back_the_same(mapping: VolumeMapping) -> None:
    assert VolumeMapping.parse(mapping.format()) == mapping


@given(st.text())
def test_any_text_is_read_or_refused_and_reads_back_the_same(text: str) -> None:
    try:
        mapping = VolumeMapping.parse(text)
    except VolumeError:
        return
    assert mapping.format() == text
