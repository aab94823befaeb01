"""What is looked for in the record."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.forms.fields import Choice, Line
from webapp.forms.messages import messages
from webapp.forms.validators import DIGITS, LARGEST_ID, Rule, checked, optional, plain

YEARS = range(2000, 3000)
LONGEST_WORDS = 255


class Day(Line):
    """A day, without a time."""

    @property
    def day(self) -> date | None:
        """The day, or None when what was typed is none."""
        try:
            found = date.fromisoformat(self.text)
        except ValueError:
            return None
        return found if found.year in YEARS else None

    def begin(self, days_later: int = 0) -> datetime | None:
        """Midnight (UTC) at the day's beginning, or so many days later."""
        return None if self.day is None else datetime.combine(self.day, time(), UTC) + timedelta(days=days_later)


def a_date(thing: str) -> Rule:
    """The text is a day, as a browser's own date box gives it."""

    def rule(form: Form, field: Field) -> None:
        assert isinstance(field, Day)
        if field.day is None:
            raise ValidationError(f"{thing} must be a date such as 2026-03-01")

    return rule


def read_place(text: str) -> tuple[str | int, ...]:
    """Take `workspace/project/pipeline` apart, as far as it goes. Raises `ValueError`."""
    parts = [part.strip() for part in text.strip().strip("/").split("/")]
    if len(parts) > 3 or not all(parts):
        raise ValueError("The place must be a workspace, a project and a pipeline's number, with / between them")
    if len(parts) < 3:
        return tuple(parts)
    if not DIGITS.fullmatch(parts[2]) or int(parts[2]) > LARGEST_ID:
        raise ValueError("The pipeline must be a number, for example buddy/company-website/2")
    return parts[0], parts[1], int(parts[2])


class RecordForm(Form):
    """The filter of the record: strings in, what is wanted out. `outcomes` are those that there are, without words."""

    who = Line("Person", [optional(), plain("The person")], when_empty="everybody", longest=LONGEST_WORDS)
    place = Line(
        "Place",
        [optional(), plain("The place"), checked(read_place)],
        when_empty="everywhere",
        longest=LONGEST_WORDS,
        description="A workspace, a project, a pipeline's number, for example buddy/company-website/2.",
    )
    since = Day("First day", [optional(), a_date("The first day")])
    until = Day("Last day", [optional(), a_date("The last day")])
    outcome = Choice("Outcome", "Choose the outcome", choices={"": "any"}, default="")

    def __init__(self, typed: Mapping[str, str], outcomes: Iterable[str]) -> None:
        super().__init__(MultiDict(typed))
        self.outcome.choices = {"": "any"} | {outcome: outcome for outcome in outcomes}

    @property
    def used(self) -> dict[str, str]:
        """What is filled in, to go along with links to the same choice."""
        fields = (self.who, self.place, self.since, self.until, self.outcome)
        return {field.name: field.text for field in fields if field.text}

    def problems(self) -> list[tuple[str, str]]:
        """All messages, each with the id of its field."""
        return list(messages(self))

    def wanted(self) -> dict[str, Any]:
        """What is wanted, once the form has been validated."""
        return {
            "person": self.who.text,
            "place": read_place(self.place.text) if self.place.text else (),
            "since": self.since.begin(),
            "until": self.until.begin(days_later=1),
            "outcome": self.outcome.text,
        }
