"""A template as one YAML file: for people to read, and to keep in git. It holds no secret."""

from webapp.prepared.templates import Template


class BadFile(ValueError):
    """A file holds no template that can be read; the message says what it must be."""


def export(template: Template) -> str:
    """Write a template as a YAML file, with the version of its format and without its secrets."""
    raise NotImplementedError


def read_file(content: bytes) -> Template:
    """Read a template out of a YAML file of any format up to ours. Raises `BadFile`.

    Size and depth are limited, every value is read as a text, and tags and references are refused.
    """
    raise NotImplementedError
