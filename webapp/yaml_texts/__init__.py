"""YAML as plain data, read within limits and written for people.

Every value is read as a text, so that the tag 22.10 stays what it is, and nothing in a text makes objects. Of YAML
there are maps, lists and texts, and values that are not set. Tags are refused, and references where they are not asked
for; what references repeat counts each time, since a few of them can make a text grow without end.

Belongs here: all that reads or writes YAML. Does not belong here: what a text is about.
"""

from typing import Any

from webapp.yaml_texts.limits import BadYaml as BadYaml
from webapp.yaml_texts.limits import Limits as Limits


def read_yaml(text: str, limits: Limits) -> Any:
    """Read the one document of a text. Raises `BadYaml`."""
    # Loaded here, as below, since few texts are YAML, and PyYAML takes a hundredth of the time of a start.
    from webapp.yaml_texts.reading import read

    return read(text, limits)


def write_yaml(data: Any) -> str:
    """Write plain data."""
    from webapp.yaml_texts.writing import write

    return write(data)
