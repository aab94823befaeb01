"""What is looked for in the lists of what was done: the activity and the record."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.forms.fields import Choice, Line, Tick
from webapp.forms.messages import messages
from webapp.forms.validators import DIGITS, LONGEST_WORDS, Rule, optional, plain
from webapp.http.reading import LARGEST_ID

YEARS = range(2000, 3000)
# What looks for parts of names knows nothing shorter.
SHORTEST_WORDS = 3


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
            raise ValidationError(f"Choose {thing}, for example 2026-03-01")

    return rule


def long_enough(thing: str) -> Rule:
    """The text has enough characters to be looked for in names."""

    def rule(form: Form, field: Field) -> None:
        if len(" ".join(field.data.split())) < SHORTEST_WORDS or not field.data.strip(" /"):
            raise ValidationError(f"{thing} must have three characters or more")

    return rule


def address_of(text: str) -> tuple[str, str, int] | None:
    """The pipeline that a text means by its address, as in `buddy/company-website/2`; None when it is no address."""
    parts = [part.strip() for part in text.strip().strip("/").split("/")]
    if len(parts) != 3 or not all(parts) or not DIGITS.fullmatch(parts[2]) or int(parts[2]) > LARGEST_ID:
        return None
    return parts[0], parts[1], int(parts[2])


class ListForm(Form):
    """What the filters of both lists have in common: strings in, what is wanted out."""

    q = Line(
        "Search",
        [optional(), plain("The search"), long_enough("The search")],
        longest=LONGEST_WORDS,
        when_empty="names of actions and places",
    )
    who = Line("Person", [optional(), plain("The person")], longest=LONGEST_WORDS)
    place = Line(
        "Place",
        [optional(), plain("The place"), long_enough("The place")],
        longest=LONGEST_WORDS,
    )
    # The choices of `end` that stand under headings.
    groups: Mapping[str, Mapping[str, str]] = {}
    since = Day("First day", [optional(), a_date("the first day")])
    until = Day("Last day", [optional(), a_date("the last day")])

    @property
    def used(self) -> dict[str, str]:
        """What is filled in, to go along with links to the same choice."""
        fields = (self.q, self.who, self.place, self.since, self.until, self.end)
        return {field.name: field.text for field in fields if field.text}

    @property
    def end(self) -> Choice:
        """How what is looked for has ended: each list calls it in its own way."""
        raise NotImplementedError

    @property
    def more(self) -> bool:
        """Whether any of those boxes is in use, or wrong, that few need."""
        return any(field.text or field.errors for field in (self.place, self.since, self.until))

    def problems(self) -> list[tuple[str, str]]:
        """All messages, each with the id of its field."""
        return list(messages(self))

    def days(self, today: date) -> dict[str, dict[str, str]]:
        """Days that are often looked for, by their names: each what is filled in, with those days instead."""
        yesterday, week = today - timedelta(days=1), today - timedelta(days=6)
        spans = {"Today": (today, today), "Yesterday": (yesterday, yesterday), "Last 7 days": (week, today)}
        return {
            words: self.used | {self.since.name: first.isoformat(), self.until.name: last.isoformat()}
            for words, (first, last) in spans.items()
        }

    def wanted(self) -> dict[str, Any]:
        """The pipeline and the times that are wanted, once the form has been validated."""
        return {
            "place": address_of(self.place.text),
            "since": self.since.begin(),
            "until": self.until.begin(days_later=1),
        }

    @property
    def words_of_place(self) -> str:
        """What is to be in the names of the place, unless the place is given by its address."""
        return "" if address_of(self.place.text) else self.place.text


class ActivityForm(ListForm):
    """The filter of the activity. `states` are those that there are, each with its words."""

    state = Choice("State", "Choose the state", choices={"": "any"}, default="")

    def __init__(self, typed: Mapping[str, str], states: Mapping[str, str]) -> None:
        super().__init__(MultiDict(typed))
        self.state.choices = {"": "any", **states}

    @property
    def end(self) -> Choice:
        """The state that it has come to."""
        return self.state


class RecordForm(ListForm):
    """The filter of the record. `groups` are what can have happened: under each heading the values and their words."""

    what = Choice("What happened", "Choose what happened", choices={"": "anything"}, default="")
    quiet = Tick("Without signing in and out")

    def __init__(self, typed: Mapping[str, str], groups: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(MultiDict(typed))
        self.groups = groups
        self.what.choices = {
            "": "anything",
            **{value: words for each in groups.values() for value, words in each.items()},
        }

    @property
    def used(self) -> dict[str, str]:
        """What is filled in, and the tick."""
        return super().used | ({self.quiet.name: "true"} if self.quiet.on else {})

    @property
    def end(self) -> Choice:
        """What was done, or how it ended."""
        return self.what
