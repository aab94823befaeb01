"""What is wrong with a template, said beside the box where its maker can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong, in words.

    `box` is the name under which the whole form posts it, or `template_name`, `purpose`, `areas`, `variables`,
    `volume_mappings`. `part` is what of a question is meant: `key`, `label`, `help`, `example`, `default`, `rule`,
    `variables_allowed`; an empty text for the box itself.
    """

    box: str
    words: str
    part: str = ""
