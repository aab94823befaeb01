"""The filters that the activity and the record have in common."""

import pytest
from support.pages import Browser, log_lines
from support.rigs import LEAST, NEW

# Each list, and what it calls how something ended.
LISTS = {"/submissions": "the state", "/record": "what happened"}
WRONG = {
    "too short a search": ("q=+a+", "The search must have three characters or more"),
    "very long": (f"q={'a' * 300}", "“Search” must be at most 255 characters long"),
    "a hidden character": ("q=abc%00", "The search must have no hidden or unreadable characters"),
    "a hidden character in a name": ("who=a%00", "The person must have no hidden or unreadable characters"),
    "too short a place": ("place=ab", "The place must have three characters or more"),
    "a place of slashes": ("place=%2F%2F%2F", "The place must have three characters or more"),
    "no day": ("since=yesterday", "Choose the first day, for example 2026-03-01"),
    "a day that is none": ("until=2026-02-30", "Choose the last day, for example 2026-03-01"),
    "a year far off": ("until=9999-12-31", "Choose the last day, for example 2026-03-01"),
    "no end": ("state=created&what=x", "Choose {end}"),
}


@pytest.mark.parametrize(("path", "end"), LISTS.items(), ids=LISTS)
@pytest.mark.parametrize(("query", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_filter_is_told_at_its_box_and_in_place_of_the_file(
    desk: Browser, path: str, end: str, query: str, message: str
) -> None:
    message = message.format(end=end)
    desk.get(NEW).send(**LEAST)
    assert len(log_lines(desk.get(path))) == 1
    page = desk.get(f"{path}?{query}")
    assert (page.status, log_lines(page)) == (422, [])
    assert page.errors[0].startswith(message)
    answer = desk.client.get(f"{path}.csv?{query}", base_url=desk.url)
    assert (answer.status_code, answer.get_data(as_text=True).startswith(message)) == (422, True)
