"""What a template is called, what it is for, and where it may be used."""

from collections.abc import Iterable

from wtforms import Form
from wtforms.validators import ValidationError

from webapp.forms.fields import Choice, Line, Text
from webapp.forms.validators import DIGITS, needed, plain
from webapp.http.reading import LARGEST_ID
from webapp.prepared.areas import EVERYWHERE, Area
from webapp.prepared.documents import LONGEST_NAME, LONGEST_WORDS, MOST_AREAS

ANYWHERE, CHOSEN = "everywhere", "chosen"
LONGEST_AREA = 600


class HeadForm(Form):
    """A template's name, its purpose and its places."""

    template_name = Line(
        "Name of the template",
        [needed("Enter a name for the template, for example Nightly report"), plain("The name of the template")],
        longest=LONGEST_NAME,
        description="What people choose it by, for example Nightly report.",
    )
    purpose = Line(
        "What it is for",
        [plain("What it is for")],
        longest=LONGEST_WORDS,
        when_empty="none",
        description="One sentence, for example Counts the orders of one country and sends the figures to finance.",
    )
    places = Choice(
        "Where it may be used",
        "Choose where the template may be used",
        choices={ANYWHERE: "In every pipeline", CHOSEN: "In these places only"},
        default=ANYWHERE,
    )
    areas = Text(
        "Places",
        [plain("The places", allowed="\n\t")],
        height=3,
        description="One per line: a workspace, a project or a pipeline by its number, as in buddy/company-website/2.",
    )
    known_place = Line("A place that is known", [plain("The place")], longest=LONGEST_AREA)

    def validate_areas(self, field: Text) -> None:
        """Each line is a place, where places are chosen."""
        if self.places.text != CHOSEN:
            return
        needed("Enter a place, or choose “In every pipeline”")(self, field)
        lines = lines_of(field.text)
        if len(lines) > MOST_AREAS:
            raise ValidationError(f"The places must be at most {MOST_AREAS}: these are {len(lines):,}")
        for number, line in enumerate(lines, start=1):
            if area_of(line) is None:
                raise ValidationError(f"Line {number} must be a place such as buddy/company-website/2")

    def validate_known_place(self, field: Line) -> None:
        """Whoever has chosen a place means it: without the button it would be lost, and the template be for all."""
        added = lines_of(self.areas.text) if self.places.text == CHOSEN else []
        if field.text and field.text not in added:
            raise ValidationError("Choose “Add this place” for this place, or choose none: it does not count yet")

    def to_areas(self) -> tuple[Area, ...]:
        """The places that can be read."""
        if self.places.text != CHOSEN:
            return (EVERYWHERE,)
        found = (area_of(line) for line in lines_of(self.areas.text))
        return tuple(dict.fromkeys(area for area in found if area is not None))


def lines_of(text: str) -> list[str]:
    """The lines in which something stands."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def area_of(line: str) -> Area | None:
    """Read a place: `workspace`, `workspace/project` or `workspace/project/number`; None for anything else."""
    parts = [part.strip() for part in line.strip("/").split("/")]
    if len(line) > LONGEST_AREA or len(parts) > 3 or not all(parts):
        return None
    if any(len(part.encode(errors="replace")) > LONGEST_NAME for part in parts):
        return None
    workspace, project, number = (*parts, "", "")[:3]
    if number and (not DIGITS.fullmatch(number) or not 0 < int(number) <= LARGEST_ID):
        return None
    return Area(workspace, project, int(number or 0))


def line_of(area: Area) -> str:
    """Write a place, as `area_of` reads it."""
    return "/".join(str(part) for part in (area.workspace, area.project, area.pipeline) if part)


def with_line(text: str, line: str) -> str:
    """Add a place to the lines, unless it is there."""
    lines = lines_of(text)
    return "\n".join(lines if line in lines or area_of(line) is None else [*lines, line])


def words_of(areas: Iterable[Area]) -> str:
    """Where a template may be used, in words."""
    lines = [line_of(area) or "in every pipeline" for area in areas]
    return ", ".join(lines) or "nowhere"
