"""That a page of the tests is held to the grammar of HTML, and read as browsers read it."""

import pytest
from support.html import parse

PAGE = "<!DOCTYPE html><html lang=en><head><title>A</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    "broken",
    ["<p>a</b></p>", '<p id="a" id="b">a</p>', "<p>&nope;</p>", "<table><p>a</p></table>", "<p a<b>c</p>", "<div><p>a"],
)
def test_what_breaks_the_grammar_fails(broken: str) -> None:
    with pytest.raises(AssertionError):
        parse(PAGE.format(broken))
    parse(PAGE.format(broken), strict=False)


def test_texts_and_elements_are_where_a_browser_has_them() -> None:
    page = parse(PAGE.format("<p class=x hidden>a &amp; b<b>c</b>d<!-- e -->f</p><svg viewBox='0 0 1 1'><path/></svg>"))
    (paragraph,) = page.iter("p")
    assert ("".join(paragraph.itertext()), paragraph.attrib) == ("a & bcdf", {"class": "x", "hidden": ""})
    (drawing,) = page.iter("{http://www.w3.org/2000/svg}svg")
    assert (drawing.get("viewBox"), [each.tag for each in page]) == ("0 0 1 1", ["head", "body"])
