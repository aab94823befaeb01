"""A template as one YAML file: for people to read, and to keep in git. It holds no secret."""

from webapp.prepared.documents import from_json, to_json
from webapp.prepared.reading import BadTemplate
from webapp.prepared.templates import Template
from webapp.yaml_texts import BadYaml, Limits, read_yaml, write_yaml

# Room for the largest template, indented. Reading takes long by the parts of a file, not by its bytes.
LARGEST_FILE = 1_000_000
LIMITS = Limits("The file", "a template", parts=60_000, depth=12)


class BadFile(ValueError):
    """A file holds no template that can be read; the message says what it must be, without a full stop."""


def export(template: Template) -> str:
    """Write a template as a YAML file, with the version of its format and without its secrets."""
    return write_yaml(to_json(template))


def read_file(content: bytes) -> Template:
    """Read a template out of a YAML file of any format up to ours. Raises `BadFile`.

    Size and depth are limited, every value is read as a text, and tags and references are refused. Whether what it says
    may be made into a template, `problems` in `webapp.prepared.judging` tells.
    """
    if len(content) > LARGEST_FILE:
        raise BadFile(f"The file must be at most {LARGEST_FILE:,} bytes long: this is {len(content):,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file must be text in UTF-8") from None
    try:
        return from_json(read_yaml(text, LIMITS))
    except (BadYaml, BadTemplate) as error:
        raise BadFile(str(error)) from None
