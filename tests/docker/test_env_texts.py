"""Variables as one text: what is read, what is told of, and that it reads back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.docker.env_texts import EnvError, EnvRow, EnvText, Remark, format_env, parse_env

# By the rules of Compose: the text, and the variables in it.
READ: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "nothing": ("", []),
    "blank lines and comments": ("\n \t\n# a=b\n  # c\n#", []),
    "one line": ("A=b", [("A", "b")]),
    "several lines": ("A=b\nC=d\n", [("A", "b"), ("C", "d")]),
    "line ends of Windows": ("A=b\r\nC='d\r\ne'\r\n", [("A", "b"), ("C", "d\ne")]),
    "line ends of old": ("A=b\rC=d", [("A", "b"), ("C", "d")]),
    "byte order mark": ("\ufeffA=b", [("A", "b")]),
    "line numbers": ("  9  A=1\n 10  B='x\n 11  y'\n 12\n", [("A", "1"), ("B", "x\n y")]),
    "export": ("export A=b\n export\tC='d'\nexported=e", [("A", "b"), ("C", "d"), ("exported", "e")]),
    "colon": ("A: b\nC:d=e", [("A", "b"), ("C", "d=e")]),
    "blanks around": (" A = b c \t\n", [("A", "b c")]),
    "empty": ("A=\nB= \nC=''\nD=\"\"", [("A", ""), ("B", ""), ("C", ""), ("D", "")]),
    "equals signs": ("A=b=c==", [("A", "b=c==")]),
    "inline comment": (
        "A=b # c\nB=c #\nC= # d\nD=e#f\nE=#g",
        [("A", "b"), ("B", "c"), ("C", ""), ("D", "e#f"), ("E", "#g")],
    ),
    "backslashes without quotes": (r"A=C:\temp\new", [("A", r"C:\temp\new")]),
    "quotes within": ('A=it\'s "so"', [("A", 'it\'s "so"')]),
    "single quotes": (r"""A='b # "c" \n $D ${E}'""", [("A", r'b # "c" \n $D ${E}')]),
    "single quotes, escaped": (r"A='it\'s \\'", [("A", "it's \\\\")]),
    "single quotes, several lines": ("A='b\n\n c\n'\nD=e", [("A", "b\n\n c\n"), ("D", "e")]),
    "double quotes": ('A="b # c" # d\nB="e"#f', [("A", "b # c"), ("B", "e")]),
    "double quotes, escapes": (r'A="\n\r\t\a\b\f\v\"\\\$B"', [("A", '\n\r\t\a\b\f\v"\\$B')]),
    "double quotes, by number": (r'A="\0101\0377\0400\012"', [("A", "A\xff\\0400\\012")]),
    "double quotes, no escapes": (r'A="\d\\n\'"', [("A", r"\d\n\'")]),
    "double quotes, several lines": (
        'A="-----BEGIN X-----\nb=c\n-----END X-----\n"\nD=e\n',
        [("A", "-----BEGIN X-----\nb=c\n-----END X-----\n"), ("D", "e")],
    ),
    "a key in no quotes": (
        "A=-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\nAAAEDq==\n-----END OPENSSH PRIVATE KEY-----\nB=c",
        [("A", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\nAAAEDq==\n-----END OPENSSH PRIVATE KEY-----"), ("B", "c")],
    ),
    "a key with a heading, further in": (
        "export A = -----BEGIN X-----  \n  Proc-Type: 4,ENCRYPTED\n\n  b3Bl=\n  -----END X-----",
        [("A", "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nb3Bl=\n-----END X-----")],
    ),
    "a chain of certificates": (
        "A: -----BEGIN C-----\nb=\n-----END C-----\n-----BEGIN C-----\nc==\n-----END C-----\nD=e\n",
        [("A", "-----BEGIN C-----\nb=\n-----END C-----\n-----BEGIN C-----\nc==\n-----END C-----"), ("D", "e")],
    ),
    "a key on one line": ("A=-----BEGIN X-----b3Bl-----END X-----", [("A", "-----BEGIN X-----b3Bl-----END X-----")]),
    "twice": ("A=1\nB=2\nA=3", [("A", "1"), ("B", "2"), ("A", "3")]),
    "unicode": ("A=grün\N{EM SPACE}\nB='\N{EM SPACE}'", [("A", "grün"), ("B", "\N{EM SPACE}")]),
}
LINE = "The line must be a name, = and a value, for example APP_ENV=test"
NAME = "The name must be letters, digits and _ only, and not begin with a digit"
OPEN = "The quote must be closed"
UNENDED = "The value must end with a line -----END, or be in quotes"
BLOCK = "The value must be on the line of its name, or in quotes"
TRAILING = "There must be nothing but a comment after the closing quote"
# The line and what is said of it; each text also has the variable Z, which is read all the same.
UNREAD: dict[str, list[tuple[int, str]]] = {
    "no name\nZ=": [(1, LINE)],
    "name\nZ=": [(1, LINE)],
    "Z=\nMIIEowIBAAKCAQEA\nAKIAIOSFODNN7EXAMPLE\n": [(2, LINE), (3, LINE)],
    "spring.datasource.url=jdbc:x\nZ=\nmy-key: b": [(1, NAME), (3, NAME)],
    "A: |\n  b: c\n\n  -----BEGIN\nZ=": [(1, BLOCK)],
    "- A: >-\n    b\n- Z=": [(1, BLOCK)],
    "- name: a b\n  value: c\n- Z=": [(1, NAME), (2, NAME)],
    '- "a b=c"\n- Z=': [(1, LINE)],
    "Z=\n\n=b": [(3, LINE)],
    "Z=\n{": [(2, LINE)],
    "a b=c\nZ=": [(1, LINE)],
    "Z=\n'A'=b": [(2, LINE)],
    "export\nZ=": [(1, LINE)],
    "Z=\n1A=b\nä=c": [(2, NAME), (3, NAME)],
    "Z=\nA=-----BEGIN X-----\nb=\nAAAEDq==\n": [(2, UNENDED)],
    "Z=\nA=-----BEGIN X-----\nb=\n-----END Y-----\nc==": [(2, UNENDED)],
    "-----BEGIN X-----\nb=\nAAAEDq==\n-----END X-----\nZ=": [(1, LINE)],
    "Z=\n- -----BEGIN X-----\nb=\nAAAEDq==": [(2, LINE)],
    'my.key="b\nC=d"\nmy-key=b\na[1]=c\nZ=': [(1, NAME), (3, NAME), (4, NAME)],
    "Z=\nA='b\nC\nD=": [(2, OPEN)],
    'Z=\nA="b\\"\nD=': [(2, OPEN)],
    "Z=\n- 'A=b\nD=": [(2, OPEN)],
    "A='b'c\nZ=": [(1, TRAILING)],
    'A="b\nc" d # e\n;\nZ=': [(1, TRAILING), (3, LINE)],
}
HEADING = ": is the heading of a list in YAML: what is below it is read"
# The text, its variables, and what is said of its lines.
OUT_OF_YAML: dict[str, tuple[list[tuple[str, str | None]], list[tuple[int, str]]]] = {
    "environment:\n  A: b\n  C: 'd'\n": ([("A", "b"), ("C", "d")], [(1, f"environment{HEADING}")]),
    "  env:\n\n    # c\n    A: b": ([("A", "b")], [(1, f"env{HEADING}")]),
    "variables: # all\n- A=b\n- C=d e # f": ([("A", "b"), ("C", "d e")], [(1, f"variables{HEADING}")]),
    "- A=b\n- \"C=d\\n e\" # f\n- 'E=f'\n": ([("A", "b"), ("C", "d\n e"), ("E", "f")], []),
    "- HOME\n- 'CI'": (
        [("HOME", None), ("CI", None)],
        [(1, "the value of HOME is in your own shell: type it"), (2, "the value of CI is in your own shell: type it")],
    ),
    'variables:\n- key: A\n  value: b\n  type: VAR\n  encrypted: true\n- name: "C"\n  value: "d"\n- key: E\n': (
        [("A", "b"), ("C", "d"), ("E", None)],
        [
            (1, f"variables{HEADING}"),
            (5, "encrypted is not read: set it below"),
            (8, "the value of E is in your own shell: type it"),
        ],
    ),
    "A: null\nB: ~ # c\nC: 'null'\nD=null\n- key: E\n  value: Null\n  type: ~\n": (
        [("A", None), ("B", None), ("C", "null"), ("D", "null"), ("E", None)],
        [(line, f"the value of {key} is in your own shell: type it") for line, key in ((1, "A"), (2, "B"), (6, "E"))],
    ),
    "A:\nB: c": ([("A", ""), ("B", "c")], []),
    "A=\n  B=c": ([("A", ""), ("B", "c")], []),
}
# Names alone, and what is said of them.
ALONE = {
    "A=1\nHOME\nB=2\n": [("A", "1"), ("HOME", None), ("B", "2")],
    "export CI\nexport  home # c\nA=1": [("CI", None), ("home", None), ("A", "1")],
    "http_proxy\n": [("http_proxy", None)],
}
REPLACED = " has a $ that Compose would replace: it stands as typed"
STANDS = " stands for something: type it"
REMARKS: dict[str, list[tuple[int, str]]] = {
    "A=1\n\nA=2\nA=3": [
        (3, "A is there already, on line 1: both are filled in, and one has to go"),
        (4, "A is there already, on line 3: both are filled in, and one has to go"),
    ],
    'A=$B\nC="d\n${E}"\nF=$$g\nG=${x:-y}': [
        (1, f"A{REPLACED}"),
        (2, f"C{REPLACED}"),
        (4, f"F{REPLACED}"),
        (5, f"G{REPLACED}"),
    ],
    'A=\'$B\'\nC="\\$D"\nE=f$\nG=$1\nH="\\\\\\$i"': [],
    'A="\\\\$B"': [(1, f"A{REPLACED}")],
    "A=1\nB=-----BEGIN X-----\nc\n-----END X-----\n": [(2, "the value of B goes on up to its line -----END")],
}
WRITTEN = {
    "": "A=\n",
    "b": "A=b\n",
    "b c=d:e,f": "A=b c=d:e,f\n",
    "grün": "A=grün\n",
    " b": "A=' b'\n",
    "b  c": "A='b  c'\n",
    "b\tc": "A='b\tc'\n",
    "b\nc\n": "A='b\nc\n'\n",
    "b # c": "A='b # c'\n",
    "$B": "A='$B'\n",
    '"b"': "A='\"b\"'\n",
    "it's": 'A="it\'s"\n',
    "it's $5": 'A="it\'s \\$5"\n',
    "C:\\temp": 'A="C:\\\\temp"\n',
    "<my key>": "A='<my key>'\n",
    "b\r\nc": 'A="b\\r\nc"\n',
}
KEYS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True)
VALUES = st.sampled_from(["<a b>", "<A>"]) | st.text() | st.text(alphabet="'\"\\$#=\r\n\t abn0\ufeff{}")
MIXED = st.lists(
    st.sampled_from(["A\n", "a:\n", "  ", "- ", "- key: ", "value: ", "|\n"])
    | st.sampled_from(["A", "B=", "=", ": ", "'", '"', "\\", "\n", "\r", " #", "$", "${A}", "export ", " "])
    | st.text(max_size=3)
).map("".join)


def pairs(text: EnvText) -> list[tuple[str, str | None]]:
    return [(row.key, row.value) for row in text.rows]


@pytest.mark.parametrize(("text", "rows"), READ.values(), ids=READ)
def test_a_text_is_read_as_compose_reads_it(text: str, rows: list[tuple[str, str]]) -> None:
    assert pairs(parse_env(text)) == rows
    assert parse_env(text).unread == ()


@pytest.mark.parametrize(("text", "unread"), UNREAD.items())
def test_what_cannot_be_read_is_told_by_its_line(text: str, unread: list[tuple[int, str]]) -> None:
    read = parse_env(text)
    assert read.unread == tuple(Remark(*item) for item in unread)
    assert pairs(read) == [("Z", "")]


@pytest.mark.parametrize(("text", "remarks"), REMARKS.items())
def test_what_compose_would_do_is_told_by_its_line(text: str, remarks: list[tuple[int, str]]) -> None:
    assert parse_env(text).remarks == tuple(Remark(*item) for item in remarks)


@pytest.mark.parametrize(("text", "rows"), ALONE.items())
def test_a_name_alone_is_a_variable_whose_value_is_to_be_typed(text: str, rows: list[tuple[str, str | None]]) -> None:
    read = parse_env(text)
    assert (pairs(read), read.unread) == (rows, ())
    asked = [f"the value of {key} is in your own shell: type it" for key, value in rows if value is None]
    assert [remark.text for remark in read.remarks] == asked
    assert list(parse_env(format_env(read.rows)).rows) == list(read.rows)


def test_a_text_that_stands_for_a_value_is_asked_for() -> None:
    read = parse_env("API_KEY=<key>\nHOST=<your host>\nB='<b>'\nC=<a> <b>\nTOKEN='<my key>'\n")
    assert pairs(read) == [
        ("API_KEY", None),
        ("HOST", None),
        ("B", "<b>"),
        ("C", "<a> <b>"),
        ("TOKEN", "<my key>"),
    ]
    assert [remark.text for remark in read.remarks] == [f"the value of {key}{STANDS}" for key in ("API_KEY", "HOST")]


@pytest.mark.parametrize(("text", "read"), OUT_OF_YAML.items())
def test_a_list_of_yaml_is_read_and_its_heading_named(
    text: str, read: tuple[list[tuple[str, str | None]], list[tuple[int, str]]]
) -> None:
    found = parse_env(text)
    assert (pairs(found), found.unread) == (read[0], ())
    assert found.remarks == tuple(Remark(*item) for item in read[1])


@pytest.mark.parametrize("text", UNREAD)
def test_lines_that_cannot_be_read_are_left_where_they_were(text: str) -> None:
    read = parse_env(text)
    again = parse_env(read.rest)
    assert (again.unread, again.rows, again.rest) == (read.unread, (), read.rest)


@pytest.mark.parametrize(("value", "text"), WRITTEN.items())
def test_a_value_is_written_as_plainly_as_it_can_be(value: str, text: str) -> None:
    assert format_env([EnvRow("A", value)]) == text
    assert parse_env(text) == EnvText((EnvRow("A", value),))


@pytest.mark.parametrize("key", ["", "1A", "A B", "A=", "A\n"])
def test_a_name_that_could_not_be_read_is_not_written(key: str) -> None:
    with pytest.raises(EnvError) as refused:
        format_env([EnvRow(key, "secret")])
    assert str(refused.value) == NAME


@given(st.lists(st.builds(EnvRow, KEYS, VALUES)))
def test_what_is_written_reads_back_the_same(rows: list[EnvRow]) -> None:
    text = format_env(rows)
    assert list(parse_env(text).rows) == rows
    assert list(parse_env(text.replace("\n", "\r\n")).rows) == rows
    assert not parse_env(text).unread


@given(st.text() | MIXED)
def test_any_text_is_read_and_what_was_read_reads_back(text: str) -> None:
    read = parse_env(text)
    assert parse_env(format_env(read.rows)).rows == read.rows
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= remark.line <= lines for remark in (*read.unread, *read.remarks))


def test_no_value_is_shown_by_accident() -> None:
    read = parse_env("A=secret\nA='$secret'\n1=secret\nsecret\nB='secret'secret\nC='secret")
    assert "secret" not in repr(read)


@pytest.mark.parametrize("text", ["A=“b c”", "A = ‘b’ # d", "export A=„b“"])
def test_curly_quotes_around_a_value_are_told(text: str) -> None:
    told = "the quotes around the value of A are curly, and stand in it as letters do: type straight ones"
    assert parse_env(text).remarks == (Remark(1, told),)
    assert parse_env("A=it’s\nB='“c”'\nC=“d” e").remarks == ()
