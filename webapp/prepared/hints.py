"""What the maker of a template may have overlooked: none of it stands in the way."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice

from webapp.docker.variables import NAME, used_names
from webapp.prepared.answers import PLACEHOLDER
from webapp.prepared.boxes import Asked, Fixed, Made
from webapp.prepared.judging import texts_in
from webapp.prepared.templates import PreparedVariable, Template

# Also a use such as ${NAME:-none}, which a shell understands and Buddy does not.
BEGUN = re.compile(rf"\$\{{?[#!]?({NAME.pattern})")
SET = re.compile(rf"\b({NAME.pattern})=|\b(?:for|read|export|local)[ \t]+(?:-r[ \t]+)?({NAME.pattern})")
# How alike two names are, from 0 to 1, of which one may be meant for the other.
ALIKE = 0.8
MOST_COMPARED = 50
LONGEST_COMPARED = 100


def hints(template: Template) -> tuple[str, ...]:
    """Tell which asked variables nothing uses, and which names in the commands may be meant for one of them."""
    use = template.use("inline_commands")
    commands = use.value if isinstance(use, Fixed) else ""
    asked = {item.key: item for item in template.variables if isinstance(item.value, Asked) and item.key}
    return (*unused(template, commands, asked), *mistyped(template, commands, list(asked)))


def unused(template: Template, commands: str, asked: dict[str, PreparedVariable]) -> Iterator[str]:
    """Tell which asked variables neither the commands use, nor the name of the action, nor another box."""
    texts = (text for _, use in template.uses() for text in texts_in(use))
    used = set(BEGUN.findall(commands)) | set(used_names("\n".join(texts)))
    name = template.use("name")
    keys = set(PLACEHOLDER.findall(name.text)) if isinstance(name, Made) else set()
    for key, item in asked.items():
        if key not in used and not (isinstance(item.value, Asked) and item.value.question.key in keys):
            yield f"The commands do not use {key}"


def mistyped(template: Template, commands: str, asked: list[str]) -> Iterator[str]:
    """Tell which names in the commands are no variables of the template, and are like one that is asked."""
    known = {item.key for item in template.variables}
    known |= {name for match in SET.finditer(commands) for name in match.groups() if name}
    names = (match[1] for match in BEGUN.finditer(commands) if match[1] not in known)
    near = [name for name in asked if len(name) <= LONGEST_COMPARED]
    for name in islice(dict.fromkeys(names), MOST_COMPARED):
        if len(name) <= LONGEST_COMPARED and (found := get_close_matches(name, near, 1, ALIKE)):
            yield f"${name} is no variable of this template. Did you mean {found[0]}?"
