"""Answers that are a YAML file to save."""

import re
import unicodedata

from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

# In characters, without what comes after the dot.
LONGEST_FILE_NAME = 60
NO_LETTERS = re.compile(r"[^a-z0-9]+")


def yaml_file(name: str, text: str, otherwise: str) -> Response:
    """Answer with a file that is called after a name, or `otherwise` where there is nothing to call it."""
    answer = FlaskResponse(text, mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f"attachment; filename={file_name(name) or otherwise}.yaml"
    return answer


def file_name(name: str) -> str:
    """What a file is called, in ASCII: as far as a name can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NO_LETTERS.sub("-", plain).strip("-")[:LONGEST_FILE_NAME].strip("-")
