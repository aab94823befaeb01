"""What a template fixes, in the words of the form: shown to who uses it, its secrets excepted."""

from collections.abc import Collection, Iterator

from webapp.forms.action_form.facts import Fact, term_of
from webapp.forms.action_form.form import LABELS
from webapp.forms.action_form.images import SOURCES
from webapp.forms.action_form.options import TRIGGER_TIMES
from webapp.prepared.boxes import BOXES, Asked, Fixed, Made, Sealed, Use
from webapp.prepared.secrets import PASSWORD, slot_of
from webapp.prepared.templates import Template

KEPT = "kept, never shown"
NOT_THERE = "to be typed"
OF_THE_TEMPLATE = {"template_name": "Its name", "purpose": "What it is for", "areas": "Where it may be used"}
SIDES = {"": "", "source": ", folder in the pipeline", "target": ", folder in the container"}
IN_WORDS = {"image_source": SOURCES, "trigger_time": TRIGGER_TIMES}


def changed_box(box: str) -> str:
    """What a change of a template calls its box."""
    kind, _, rest = box.partition("-")
    if kind == "variables":
        return f"Variable {rest}" if rest else "Order of the variables"
    if kind == "volume_mappings":
        number, _, side = rest.partition("-")
        return f"Volume {int(number) + 1}{SIDES[side]}"
    return OF_THE_TEMPLATE.get(box) or term_of(box)


def fixed_facts(template: Template, lacking: Collection[str] = ()) -> list[Fact]:
    """A term and what it is for each box that the template fills in itself, but for the commands; `lacking` are the
    slots of secrets that are not there."""
    return [fact for fact in (*box_facts(template, lacking), *row_facts(template, lacking)) if fact[1]]


def fixed_commands(template: Template) -> str:
    """The commands that run."""
    use = template.use("inline_commands")
    return use.value if isinstance(use, Fixed) else ""


def box_facts(template: Template, lacking: Collection[str]) -> Iterator[Fact]:
    """The single boxes."""
    for box in BOXES:
        use = template.use(box)
        if box == "inline_commands":
            continue
        if isinstance(use, Made):
            yield LABELS["name"], f"made from the answers: {use.text}"
        elif isinstance(use, Sealed):
            yield LABELS["password"], NOT_THERE if PASSWORD in lacking else KEPT
        elif isinstance(use, Fixed):
            yield term_of(box), words_of(box, use.value)


def words_of(box: str, value: str) -> str:
    """What a box holds, as people read it; an empty text where it holds nothing."""
    if box == "mount_filesystem_disable":
        return "not mounted" if value else "mounted"
    return "yes" if BOXES[box].ticked and value else IN_WORDS.get(box, {}).get(value, value)


def row_facts(template: Template, lacking: Collection[str]) -> Iterator[Fact]:
    """The volumes, and the variables that are not asked."""
    for volume in template.volumes:
        yield "Volume mapping", f"{row_box_in_words(volume.source)} → {row_box_in_words(volume.target)}"
    for variable in template.variables:
        if not isinstance(variable.value, Asked):
            gone = slot_of(variable) in lacking and isinstance(variable.value, Sealed)
            yield f"Variable {variable.key}", NOT_THERE if gone else row_box_in_words(variable.value) or "empty"


def row_box_in_words(use: Use) -> str:
    """What is done with a box of a row."""
    if isinstance(use, Asked):
        return f"as you answer “{use.question.label}”"
    return use.value if isinstance(use, Fixed) else KEPT
