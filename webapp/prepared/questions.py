"""A question: what people who use a template are asked."""

from dataclasses import dataclass, field

from webapp.prepared.rules import FreeText, Rule


@dataclass(frozen=True)
class Question:
    """A question and what its answer has to be.

    The `key` stays the same over the versions of a template, so that drafts and links keep their answers. The answer
    may use the variables of Buddy that are named in `variables_allowed`, as $NAME or ${NAME}, and no other. One that is
    not `required` may be left empty.
    """

    key: str
    label: str
    help: str = ""
    example: str = ""
    default: str = ""
    rule: Rule = field(default_factory=FreeText)
    variables_allowed: tuple[str, ...] = ()
    required: bool = True
