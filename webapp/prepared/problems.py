"""What is wrong with a template, said beside the box where its maker can mend it."""

from dataclasses import dataclass

# How words begin that are about their box, whose name on a page is not known here.
THIS_BOX = "This box"


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

    def about(self, label: str) -> str:
        """The words, with what a page calls the box in the place of “This box”."""
        return self.words.replace(THIS_BOX, f"“{label}”", 1) if self.words.startswith(THIS_BOX) else self.words
