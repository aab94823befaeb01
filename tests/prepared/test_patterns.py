"""Patterns: what they match is what Python's own regular expressions match, without their worst times."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.prepared.patterns import LONGEST_TEXT, PatternError, check_pattern, matches

ones = st.sampled_from(
    [
        "a",
        "b",
        "c",
        ".",
        r"\d",
        r"\w",
        r"\s",
        r"\.",
        "[ab]",
        "[^a]",
        "[a-c0-3_-]",
        "[a-zb-c0-3b]",
        "[^0-9a-a1-2]",
        "é",
        "-",
        r"[\d.]",
    ]
)
patterns = st.recursive(
    ones,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,}", "{0}"])).map(
            lambda it: f"(?:{it[0]}){it[1]}"
        ),
    ),
    max_leaves=6,
)


@given(patterns, st.lists(st.text("abc1.-_ é\n", max_size=6), max_size=6))
@settings(max_examples=50)
def test_a_pattern_matches_what_it_matches_in_python(pattern: str, texts: list[str]) -> None:
    for text in texts:
        assert matches(pattern, text) == bool(re.fullmatch(pattern, text, re.ASCII)), (pattern, text)


MATCHED = [
    ("[A-Z]{2}", "PL", True),
    ("[A-Z]{2}", "PLX", False),
    ("^[A-Z]{2}$", "PL", True),
    (r"v\d+(\.\d+){0,2}", "v1.20.3", True),
    (r"v\d+(\.\d+){0,2}", "v1.20.3.4", False),
    ("", "", True),
    ("a|", "", True),
    ("(a+)+b", "a" * 400, False),
    ("(a|a)*b", "a" * 400, False),
    ("a*a*a*a*a*a*b", "a" * 400, False),
    ("(.*)*x", "y" * 400, False),
    (".*", "x" * LONGEST_TEXT, True),
    (".*", "x" * (LONGEST_TEXT + 1), False),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), MATCHED)
def test_no_pattern_takes_long(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) == fits


REFUSED = [
    "(", ")", "[", "[]", "a**", "a+?", "*", "{2}", "a{2", "a{3,2}", "a{999}", r"\1", r"\b", "(?=a)", "(?P<n>a)", "a\\",
    "((a{200}){200})", "(" * 9 + "){200}" * 9, "(" * 11 + ")" * 11, "a" * 201, "[z-a]", "[[:alpha:]]", "a$b", "a^",
    r"[\d-z]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_can_not_be_read_for_sure_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        check_pattern(pattern)
