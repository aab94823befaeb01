"""What differs between two versions of a template, in words."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from webapp.prepared.areas import EVERYWHERE, Area
from webapp.prepared.boxes import BOXES, LEFT_OUT, Asked, Fixed, Made, Sealed, Use
from webapp.prepared.questions import Question
from webapp.prepared.rules import Choices, Day, FreeText, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

LONGEST_SHOWN = 200
NOTHING = "nothing"
NOT_THERE = "not there"
# Where two values read the same: blanks are not told, nor the rest of a long text.
UNSEEN = "the same as far as it is shown here"
# What a variable is called, and what is done with its value, are told in other ways.
PARTS_OF_VARIABLE = [each.name for each in fields(PreparedVariable) if each.name not in ("key", "value")]


@dataclass(frozen=True)
class Change:
    """A thing that differs: its box, as `Problem` names it, and what it was `before` and is `after`, in words.

    Variables and volume mappings go by what tells them apart: `variables-KEY` and `volume_mappings-<number>`, or
    `volume_mappings-<number>-source` and `-target` where one of its folders differs. Of a question, or a variable,
    there is one for each `part` that differs.
    """

    box: str
    before: str
    after: str
    part: str = ""


def areas_in_words(areas: tuple[Area, ...]) -> str:
    """Where a template may be used."""
    return "; ".join(map(area_in_words, areas)) or "nowhere"


def area_in_words(area: Area) -> str:
    """One of these places."""
    parts = [area.workspace, area.project, str(area.pipeline) if area.pipeline else ""]
    return "everywhere" if area == EVERYWHERE else "/".join(filter(None, parts))


def as_it_is(box: str, value: str) -> str:
    """A value as the whole form posts it."""
    return value


@dataclass(frozen=True)
class Words:
    """What a page calls `areas`, and the `value` that is fixed in a single box."""

    areas: Callable[[tuple[Area, ...]], str] = areas_in_words
    value: Callable[[str, str], str] = as_it_is


BARE = Words()


def changes(before: Template, after: Template, words: Words = BARE) -> tuple[Change, ...]:
    """Tell what a newer version changes, in the order of the form's page; nothing where both are the same.

    Without `words` areas go by their addresses, and values are as they are posted.
    """
    return (
        *change("template_name", before.name, after.name),
        *change("purpose", before.purpose, after.purpose),
        *area_changes(before.areas, after.areas, words),
        *(each for box in BOXES for each in use_changes(box, before.use(box), after.use(box), words)),
        *volume_changes(before.volumes, after.volumes),
        *variable_changes(before.variables, after.variables),
    )


def change(box: str, before: str, after: str, part: str = "") -> Iterator[Change]:
    """One change, if it is any."""
    if before != after:
        yield visible_change(box, shortened(before) or NOTHING, shortened(after) or NOTHING, part)


def visible_change(box: str, before: str, after: str, part: str = "") -> Change:
    """A change of something that differs, whether its words do or not."""
    return Change(box, before, after if before != after else UNSEEN, part)


def area_changes(before: tuple[Area, ...], after: tuple[Area, ...], words: Words) -> Iterator[Change]:
    """Whether it may be used elsewhere; two places that are called the same are told apart by their addresses."""
    addresses = areas_in_words(before), areas_in_words(after)
    names = words.areas(before), words.areas(after)
    if addresses[0] != addresses[1]:
        yield from change("areas", *(names if names[0] != names[1] else addresses))


def shortened(text: str) -> str:
    """A text as a list of changes shows it. What two long ones differ in may be cut off: that they differ is told."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"


def use_changes(box: str, before: Use, after: Use, words: Words = BARE) -> Iterator[Change]:
    """What differs in what is done with a box; of two questions each part that differs."""
    if isinstance(before, Asked) and isinstance(after, Asked):
        yield from question_changes(box, before.question, after.question)
    elif before != after:
        yield visible_change(box, *(use_in_words(use, box, words) for use in (before, after)))


def question_changes(box: str, before: Question, after: Question) -> Iterator[Change]:
    """What differs between two questions of the same box."""
    for item in fields(Question):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if old != new:
            yield visible_change(box, part_in_words(old), part_in_words(new), item.name)


def volume_changes(before: tuple[PreparedVolume, ...], after: tuple[PreparedVolume, ...]) -> Iterator[Change]:
    """Which volume mappings differ, by their numbers."""
    for number in range(max(len(before), len(after))):
        box = f"volume_mappings-{number}"
        old, new = (items[number] if number < len(items) else None for items in (before, after))
        if old is None or new is None:
            yield Change(box, volume_in_words(old), volume_in_words(new))
        else:
            yield from use_changes(f"{box}-source", old.source, new.source)
            yield from use_changes(f"{box}-target", old.target, new.target)


def variable_changes(before: tuple[PreparedVariable, ...], after: tuple[PreparedVariable, ...]) -> Iterator[Change]:
    """Which variables differ, by their names, and whether they stand in another order."""
    old, new = ({item.key: item for item in items} for items in (before, after))
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None or other is None:
            yield Change(f"variables-{key}", variable_in_words(one), variable_in_words(other))
        else:
            yield from use_changes(f"variables-{key}", one.value, other.value)
            for part in PARTS_OF_VARIABLE:
                mine, theirs = getattr(one, part), getattr(other, part)
                if mine != theirs:
                    yield visible_change(f"variables-{key}", part_in_words(mine), part_in_words(theirs), part)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield Change("variables", ", ".join(old), ", ".join(new), "order")


def use_in_words(use: Use, box: str = "", words: Words = BARE) -> str:
    """What is done with a box."""
    match use:
        case Fixed(value):
            return f"always the same: {shortened(words.value(box, value)) or NOTHING}"
        case Made(text):
            return f"made from answers: {shortened(text)}"
        case Asked(question):
            return f"asked: {shortened(question.label)}"
        case Sealed():
            return "a secret of the template"
    assert use == LEFT_OUT, "there is nothing else"
    return "left out"


def volume_in_words(volume: PreparedVolume | None) -> str:
    """A volume mapping."""
    return NOT_THERE if volume is None else f"{use_in_words(volume.source)} → {use_in_words(volume.target)}"


def variable_in_words(variable: PreparedVariable | None) -> str:
    """A variable."""
    return NOT_THERE if variable is None else use_in_words(variable.value)


def part_in_words(value: object) -> str:
    """A part of a question or a variable."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return shortened(", ".join(map(str, value))) or NOTHING
    if isinstance(value, Choices | Pattern | Length | YesNo | Day | FreeText):
        return rule_in_words(value)
    return shortened(str(value)) or NOTHING


def rule_in_words(rule: Rule) -> str:
    """What an answer has to be, for its maker."""
    match rule:
        case Choices(options):
            return shortened("one of " + ", ".join(map(option_in_words, options)))
        case Pattern(pattern, words):
            return shortened(f"{words} ({pattern})")
        case Length():
            return rule.in_words
        case YesNo(yes, no):
            return shortened(f"yes ({yes or NOTHING}) or no ({no or NOTHING})")
        case Day(first, last):
            return f"a day, from {first or 'any'} to {last or 'any'}"
        case FreeText(lines):
            return "any text, on several lines" if lines else "any text, on one line"


def option_in_words(option: Option) -> str:
    """A value to choose, and what is sent for it."""
    return f"{option.words} ({option.value})" if option.words not in ("", option.value) else option.value
