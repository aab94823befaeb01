"""What Buddy is called on pages: by its name, or as the sandbox that stands in its place."""

import re

from webapp.context import parts
from webapp.forms.fields import Box

# Buddy's name, at the beginning of a sentence and elsewhere.
FIRST = re.compile(r"(^|[.!?:] )Buddy\b")
BUDDY = re.compile(r"\bBuddy\b")


def here(sentence: str, field: Box | None = None) -> str:
    """One of Slipway's own sentences, with the name that Buddy has here: on the sandbox it goes by another one.

    What belongs to a `field` that somebody else has written stays as it is.
    """
    if not sentence or parts().sandbox is None or (field is not None and not field.ours):
        return sentence
    return BUDDY.sub("the sandbox", FIRST.sub(r"\1The sandbox", sentence))
