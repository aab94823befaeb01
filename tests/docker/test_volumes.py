"""Volume mappings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.volumes import VolumeError, VolumeMapping

READ = {
    "/:/buddy/mount/directory": VolumeMapping("/", "/buddy/mount/directory"),
    "/a b:/c": VolumeMapping("/a b", "/c"),
    "$DIR:/x": VolumeMapping("$DIR", "/x"),
    "/a:${HOME}/b": VolumeMapping("/a", "${HOME}/b"),
}
REFUSED = {
    "/a": "A volume must be two folders with one colon between them",
    "/a:/b:/c": "A volume must be two folders with one colon between them",
    "/a:/b:ro": "A volume must be two folders with one colon between them",
    r"C:\x:/y": "A volume must be two folders with one colon between them",
    "a:/b": "The folder in the pipeline must begin with /",
    "../../x:/y": "The folder in the pipeline must begin with /",
    ":/b": "The folder in the pipeline must begin with /",
    "$:/b": "The folder in the pipeline must begin with /",
    "/a:relative": "The folder in the container must begin with /",
    "/a:": "The folder in the container must begin with /",
}


@pytest.mark.parametrize(("text", "mapping"), READ.items())
def test_a_mapping_is_taken_apart(text: str, mapping: VolumeMapping) -> None:
    assert VolumeMapping.parse(text) == mapping
    assert mapping.format() == text


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_what_is_no_mapping_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(VolumeError, match=message):
        VolumeMapping.parse(text)


@given(st.text())
def test_any_text_is_read_or_refused_and_reads_back_the_same(text: str) -> None:
    try:
        mapping = VolumeMapping.parse(text)
    except VolumeError:
        return
    assert mapping.format() == text
