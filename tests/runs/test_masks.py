"""What Slipway still holds is shown of no line."""

import json
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.buddy.secrecy import REDACTED
from webapp.runs.ansi import Span, read_line, text_of
from webapp.runs.masks import Masks

SECRET = 'canary/of "tests" & more'
KEY = "-----BEGIN KEY-----\ncanaryfirstline\n  canarysecondline\n}\n-----END KEY-----"


def shown(line: str, *secrets: str, cut: bool = False) -> str:
    return text_of(Masks(secrets).hide(read_line(line)[0], cut))


@pytest.mark.parametrize(
    "spelled",
    [SECRET, json.dumps(SECRET)[1:-1], quote(SECRET), quote(SECRET, safe=""), b64encode(SECRET.encode()).decode()],
)
def test_a_secret_is_masked_however_it_is_spelled(spelled: str) -> None:
    assert shown(f"+ curl -u me:{spelled} https://a.example", SECRET) == f"+ curl -u me:{REDACTED} https://a.example"


def test_each_line_of_a_long_one_is_masked() -> None:
    assert [shown(line, KEY) for line in KEY.splitlines()] == [REDACTED, REDACTED, f"  {REDACTED}", "}", REDACTED]
    assert shown(f'{{"key": {json.dumps(KEY)}}}', KEY) == f'{{"key": "{REDACTED}"}}'


def test_a_short_one_is_masked_only_where_it_is_all() -> None:
    assert shown(" 1234 ", "1234") == REDACTED
    assert shown("took 12345 ms", "1234") == "took 12345 ms"


def test_colours_in_the_middle_of_it_do_not_help() -> None:
    spans, _ = read_line("see \x1b[31mcanary-\x1b[32mof-tests\x1b[0m here")
    assert Masks(["canary-of-tests"]).hide(spans) == (Span("see "), Span(REDACTED, "ansi-red"), Span(" here"))


def test_what_is_left_of_one_at_the_end_of_a_line_that_was_cut_is_masked() -> None:
    assert shown("token canary-of-th", "canary-of-the-tests", cut=True) == f"token {REDACTED}"
    assert shown("token canary-of-th", "canary-of-the-tests") == "token canary-of-th"


def test_two_that_overlap_leave_nothing() -> None:
    assert shown("<canary-one-two>", "canary-one", "one-two") == f"<{REDACTED}>"
    assert shown("canary-onecanary-one", "canary-one") == REDACTED


def test_without_secrets_a_line_is_left_alone() -> None:
    spans, _ = read_line("\x1b[31mno\x1b[0m secret")
    assert Masks([""]).hide(spans) == spans


@settings(max_examples=50)
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_no_line_shows_one(secret: str, before: str, after: str) -> None:
    spans, _ = read_line(f"{before}{secret}{after}")
    hidden = Masks([secret]).hide(spans)
    assert secret not in text_of(hidden).replace(REDACTED, "\n") or secret in REDACTED
