"""A template as plain data, for the database and for files: texts, lists and maps, with the version of the format."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from webapp.prepared.areas import EVERYWHERE, Area
from webapp.prepared.boxes import BOXES, SEALED, Asked, Fixed, LeftOut, Made, Sealed, Use
from webapp.prepared.questions import Question
from webapp.prepared.reading import Reading
from webapp.prepared.rules import Choices, Day, FreeText, Length, Option, Pattern, Rule, YesNo
from webapp.prepared.templates import PreparedVariable, PreparedVolume, Template

FORMAT = 1
Document = dict[str, Any]
# What makes a document of the next format out of one of an older format, by that format.
UPGRADES: Mapping[int, Callable[[Document], Document]] = {}
MOST_AREAS, MOST_VOLUMES, MOST_VARIABLES, MOST_OPTIONS, MOST_NAMES = 200, 400, 400, 200, 50
LONGEST_NAME, LONGEST_WORDS, LONGEST_TEXT = 255, 2_000, 65_536
LARGEST_ID = 2**63 - 1


def to_json(template: Template) -> Document:
    """Give a template as plain data."""
    return {
        "format": str(FORMAT),
        "name": template.name,
        **filled(purpose=template.purpose),
        "places": "everywhere" if template.areas == (EVERYWHERE,) else [of_area(area) for area in template.areas],
        "boxes": {box: of_use(use) for box, use in template.boxes.items()},
        "volumes": [{"source": of_use(item.source), "target": of_use(item.target)} for item in template.volumes],
        "variables": [of_variable(item) for item in template.variables],
    }


def from_json(document: Any, upgrades: Mapping[int, Callable[[Document], Document]] = UPGRADES) -> Template:
    """Read a template from plain data, of this format or an older one. Raises `BadTemplate`."""
    reading = Reading.of(upgraded(document, upgrades), "The template")
    reading.number("format", 1, FORMAT)
    template = Template(
        name=reading.text("name", LONGEST_NAME),
        purpose=reading.text("purpose", LONGEST_WORDS, ""),
        areas=read_areas(reading),
        boxes=read_boxes(reading.part("boxes")),
        volumes=tuple(map(read_volume, reading.parts("volumes", MOST_VOLUMES))),
        variables=tuple(map(read_variable, reading.parts("variables", MOST_VARIABLES))),
    )
    reading.end()
    return template


def upgraded(document: Any, upgrades: Mapping[int, Callable[[Document], Document]]) -> Any:
    """Bring a document of an older format to ours, one format after the other."""
    newest = max(upgrades, default=FORMAT - 1) + 1
    number = Reading.of(document, "The template").number("format", min(upgrades, default=newest), newest)
    for older in range(number, newest):
        document = upgrades[older](document)
    return document


def filled(**texts: str) -> dict[str, str]:
    """Those of the texts that are not empty."""
    return {name: text for name, text in texts.items() if text}


def flags(**values: bool) -> dict[str, str]:
    """Those that are set."""
    return {name: "true" for name, value in values.items() if value}


def of_area(area: Area) -> Document:
    """An area as plain data."""
    return filled(workspace=area.workspace, project=area.project, pipeline=str(area.pipeline) if area.pipeline else "")


def read_areas(reading: Reading) -> tuple[Area, ...]:
    """Read the areas."""
    if reading.says("places", "everywhere"):
        return (EVERYWHERE,)
    return tuple(map(read_area, reading.parts("places", MOST_AREAS)))


def read_area(reading: Reading) -> Area:
    """Read an area."""
    area = Area(
        reading.text("workspace", LONGEST_NAME, ""),
        reading.text("project", LONGEST_NAME, ""),
        reading.number("pipeline", 0, LARGEST_ID, 0),
    )
    reading.end()
    if (area.project and not area.workspace) or (area.pipeline and not area.project):
        raise reading.problem("must name the workspace of a project, and the project of a pipeline")
    return area


def of_use(use: Use) -> Any:
    """What is done with a box, as plain data."""
    if isinstance(use, Sealed):
        return "secret"
    if isinstance(use, Fixed):
        return {"fixed": use.value}
    if isinstance(use, Made):
        return {"made": use.text}
    assert isinstance(use, Asked), "what is left out is not told"
    return {"asked": of_question(use.question)}


def read_boxes(reading: Reading) -> dict[str, Use]:
    """Read what is done with the single boxes."""
    boxes = {box: read_use(reading, box) for box in BOXES if reading.get(box) is not None}
    reading.end()
    return boxes


def read_use(reading: Reading, name: str) -> Use:
    """Read what is done with a box."""
    if reading.says(name, "secret"):
        return SEALED
    part = reading.part(name)
    use: Use
    if part.get("fixed") is not None:
        use = Fixed(part.text("fixed", LONGEST_TEXT))
    elif part.get("made") is not None:
        use = Made(part.text("made", LONGEST_WORDS))
    elif part.get("asked") is not None:
        use = Asked(read_question(part.part("asked")))
    else:
        raise part.problem("must be fixed, asked, made or secret")
    part.end()
    return use


def of_variable(variable: PreparedVariable) -> Document:
    """A variable as plain data."""
    return {
        "key": variable.key,
        "value": of_use(variable.value),
        **({"type": variable.type} if variable.type != "VAR" else {}),
        **flags(encrypted=variable.encrypted, settable=variable.settable),
        **filled(description=variable.description),
    }


def read_variable(reading: Reading) -> PreparedVariable:
    """Read a variable."""
    value = read_use(reading, "value")
    if isinstance(value, Made | LeftOut):
        raise reading.problem("must have a value that is fixed, asked or secret")
    variable = PreparedVariable(
        key=reading.text("key", LONGEST_NAME),
        value=value,
        type=reading.text("type", LONGEST_NAME, "VAR"),
        encrypted=reading.flag("encrypted"),
        settable=reading.flag("settable"),
        description=reading.text("description", LONGEST_TEXT, ""),
    )
    reading.end()
    return variable


def read_volume(reading: Reading) -> PreparedVolume:
    """Read a volume mapping."""
    source, target = read_use(reading, "source"), read_use(reading, "target")
    if not isinstance(source, Fixed | Asked) or not isinstance(target, Fixed | Asked):
        raise reading.problem("must have folders that are fixed or asked")
    reading.end()
    return PreparedVolume(source, target)


def of_question(question: Question) -> Document:
    """A question as plain data."""
    names = list(question.variables_allowed)
    return {
        "key": question.key,
        "label": question.label,
        **filled(help=question.help, example=question.example, default=question.default),
        **({"rule": of_rule(question.rule)} if question.rule != FreeText() else {}),
        **({"variables_allowed": names} if names else {}),
        **({} if question.required else {"required": "false"}),
    }


def read_question(reading: Reading) -> Question:
    """Read a question."""
    question = Question(
        key=reading.text("key", LONGEST_NAME),
        label=reading.text("label", LONGEST_NAME),
        help=reading.text("help", LONGEST_WORDS, ""),
        example=reading.text("example", LONGEST_WORDS, ""),
        default=reading.text("default", LONGEST_TEXT, ""),
        rule=FreeText() if reading.get("rule") is None else read_rule(reading.part("rule")),
        variables_allowed=reading.texts("variables_allowed", MOST_NAMES, LONGEST_NAME),
        required=reading.flag("required", True),
    )
    reading.end()
    return question


def of_rule(rule: Rule) -> Document:
    """A rule as plain data."""
    match rule:
        case Choices():
            return {"choices": [filled(value=item.value, words=item.words) for item in rule.options]}
        case Pattern():
            return {"pattern": {"pattern": rule.pattern, "words": rule.words}}
        case Length():
            return {"length": {"shortest": str(rule.shortest), "longest": str(rule.longest)}}
        case YesNo():
            return {"yes_no": {"yes": rule.yes, "no": rule.no}}
        case Day():
            days = filled(first=str(rule.first or ""), last=str(rule.last or ""))
            return {"day": days}
        case FreeText():
            return {"free_text": flags(lines=rule.lines)}


def read_rule(reading: Reading) -> Rule:
    """Read a rule."""
    kind = next((kind for kind in RULES if reading.get(kind) is not None), None)
    if kind is None:
        raise reading.problem(f"must be one of {', '.join(RULES)}")
    rule = RULES[kind](reading)
    reading.end()
    return rule


def read_choices(reading: Reading) -> Rule:
    """Read a list of choices."""
    parts = reading.parts("choices", MOST_OPTIONS)
    options = tuple(Option(it.text("value", LONGEST_TEXT, ""), it.text("words", LONGEST_NAME, "")) for it in parts)
    for part in parts:
        part.end()
    return Choices(options)


def read_pattern(reading: Reading) -> Rule:
    """Read a pattern."""
    part = reading.part("pattern")
    rule = Pattern(part.text("pattern", LONGEST_WORDS), part.text("words", LONGEST_NAME))
    part.end()
    return rule


def read_length(reading: Reading) -> Rule:
    """Read a length."""
    part = reading.part("length")
    rule = Length(part.number("shortest", 0, LONGEST_TEXT), part.number("longest", 0, LONGEST_TEXT))
    part.end()
    return rule


def read_yes_no(reading: Reading) -> Rule:
    """Read what is sent for yes and for no."""
    part = reading.part("yes_no")
    rule = YesNo(part.text("yes", LONGEST_TEXT), part.text("no", LONGEST_TEXT, ""))
    part.end()
    return rule


def read_day(reading: Reading) -> Rule:
    """Read the first and the last day."""
    part = reading.part("day")
    rule = Day(day_of(part, "first"), day_of(part, "last"))
    part.end()
    return rule


def day_of(reading: Reading, name: str) -> date | None:
    """Read a day, if there is one."""
    text = reading.text(name, LONGEST_NAME, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise reading.problem(f"must have as “{name}” a day such as 2026-03-01") from None


def read_free_text(reading: Reading) -> Rule:
    """Read on how many lines a text may stand."""
    part = reading.part("free_text")
    rule = FreeText(part.flag("lines"))
    part.end()
    return rule


RULES: Mapping[str, Callable[[Reading], Rule]] = {
    "choices": read_choices,
    "pattern": read_pattern,
    "length": read_length,
    "yes_no": read_yes_no,
    "day": read_day,
    "free_text": read_free_text,
}
