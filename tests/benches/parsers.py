"""How the time of what reads texts grows with their length."""

import gc
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import process_time
from typing import NamedTuple

from benches.measuring import alternate, in_turn, milliseconds, show
from webapp.docker.compose import parse_service
from webapp.docker.env_texts import parse_env
from webapp.docker.names import mark_undefined
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import parse_run_command
from webapp.docker.secrets import holds_secret, looks_secret, writes_secret
from webapp.docker.volumes import VolumeMapping
from webapp.forms.action_form.parsed_pastes import parse_paste
from webapp.prepared.commands import uses_in

PARSER_ROUNDS = 3
# What takes as long, in seconds, is read once, unless it then seems to grow faster than by so many times: something
# else may have come in between.
LONG = 0.05
DOUBTED = 2.2
# The largest field of a form, in characters.
LONGEST = 65_536
# Stands for a number of its own in each repetition.
NUMBER = "№"
# Less is told by the clock rather than by the parser, in seconds.
SHORTEST = 0.005
# Of what commands hold, what may be a secret, or stand before one.
IN_COMMANDS = (
    "a-",
    "a.",
    "A=$",
    "-a ",
    "login ",
    "login -p",
    "mysql ",
    "echo a ",
    "echo a|",
    "Bearer ",
    "${a",
    "a9A",
    " -u a",
)


class Parsed(NamedTuple):
    """A parser, and what its text begins with, what it then repeats, as people write it and as costs most, and what it
    ends with."""

    parse: Callable[[str], object]
    begin: str
    pieces: tuple[str, ...]
    end: str = ""

    def text(self, piece: str, length: int) -> str:
        """A text of about so many characters, with an even number of repetitions: one quote more could open another
        kind of text."""
        room = length - len(self.begin) - len(self.end)
        count = room // len(piece.replace(NUMBER, "1000")) // 4 * 4
        repeated = "".join(piece.replace(NUMBER, str(number)) for number in range(count))
        return f"{self.begin}{repeated}{self.end}"


PARSED: dict[str, Parsed] = {
    "docker run": Parsed(
        parse_run_command,
        "docker run ubuntu ",
        (
            "-e 'A b' \\\n",
            "\\",
            "$(",
            '"$(',
            "${a} ",
            "`a` ",
            "a' ",
            "2>",
            "(",
            "~ ",
            "\n",
            "$'\\'",
            "<a ",
            "`# ",
            "\\ ",
            '"$a"b',
            "{",
            "{a,",
            "{a,b}",
            "{1..",
            "[",
            "[]",
        ),
    ),
    "command of a service": Parsed(
        lambda text: parse_service({"image": "a", "command": text, "entrypoint": text}),
        "",
        ("a ", "$", "${", "$A", "'", "'\\", '"', "\\", "|", " "),
    ),
    "what stands around a docker run": Parsed(
        parse_run_command,
        "docker\n",
        (
            "it's\n",
            "$(\n",
            "docker run '\n",
            "a@b ",
            "@",
            "$ ",
            "> ",
            "\\\n> ",
            "```\n",
            "`docker run a` ",
            "`a",
            "# ",
            "PS C:\\",
            "a ^\n",
            "sudo ",
            "time -p sudo -u a ",
            "➜ a ",
            "“docker",
            "\u200b",
            "A=b\n",
            "A=b\n\n ",
            "A=$(",
            "A=$(docker run a)\n",
            "alias a='",
            "* * * * * ",
            "ExecStart=-",
            "(pwd) ",
            "export A=1\n",
            '`"',
            "jobs:\n",
            "services:\n - ",
            "FROM a\n",
            "# a \\\n",
            "A=$(\\\n",
            "A=$()\\\n",
            "A№=b\n",
            "git ",
        ),
    ),
    "signs of Markdown": Parsed(parse_run_command, "docker\n(", ("`", "`a", "~", "#", "` ", "`\n(", "*")),
    "what stands in front of a docker run": Parsed(
        parse_run_command,
        "",
        ("A=b ", "sudo ", "timeout 1 ", "env -i ", "time -p sudo -u a ", "! ", "A№=b\n"),
        "docker run a",
    ),
    "flags of docker run": Parsed(
        parse_run_command,
        "docker run ",
        (
            "-e A=b ",
            "-v /a:/b:z ",
            "-v $PWD/../a:/b ",
            "-v ${a:-b}:/c ",
            "-w $a ",
            "--mount type=bind,src=/a,dst=/b ",
            "A=b ",
            "--rm ",
            "-e A=$B ",
            "-e A№=$A№ ",
            "-v /a№:/b№ ",
            "-v $a№/*:/b ",
            "--label a=$b ",
        ),
    ),
    "flags in one word": Parsed(parse_run_command, "docker run -", ("i", "it")),
    ".env text": Parsed(
        parse_env,
        "",
        (
            "- ",
            "a:\n",
            "a:\n ",
            " #\n",
            "- key: a\n",
            "A: |\n b\n",
            "- 'a'\n",
            "A=-----BEGIN B-----\n",
            "-----BEGIN B-----\na\n-----END B-----\n",
            "- 'a",
            "A=b # c\n",
            "A='b'\n",
            'A="b\n',
            "A='\\",
            "A",
            " ",
            "A \n",
            "$A",
            "export ",
            'A="\\" ',
            "\n#",
            "A№=b\n",
            "\tA\t=\té\t\n",
        ),
    ),
    "YAML of what people have": Parsed(
        lambda text: parse_paste(text, ""),
        "services:\n a:\n",
        (
            "- ",
            "a: b\n",
            " [",
            "  - a\n",
            "  image: b\n",
            "  ? a\n",
            "  'a",
            '  "\\',
            "  &a b\n",
            " - &a {}\n - *a\n",
            "  - <<: {a: b}\n",
            "{a: b",
            "  !a b\n",
            "# a\n",
            "  a: |\n   b\n",
            "a",
            "\n",
            "  {a: ",
            "  k№: &a№ b\n",
            "  &a { k№: b }\n",
            " - <<: *a\n",
            "\t",
        ),
    ),
    "image reference": Parsed(ImageReference.parse, "", ("a/", "a-", "-", "a.", "A.", "a@", "0", "[:")),
    "volume mapping": Parsed(VolumeMapping.parse, "/", ("a", ":", "$", "/a:/")),
    "looks like a secret": Parsed(
        lambda text: looks_secret(text, text),
        "",
        ("eyJ", "eyJa.", "-----BEGIN ", "://a:", "AKIA", "password ", "aA", "_", " a"),
    ),
    "holds a secret": Parsed(holds_secret, "", IN_COMMANDS),
    "writes a secret": Parsed(
        writes_secret,
        "",
        ("--token ", '"token":', "token: a ", "bearer a", "Basic a", "curl -u a", "mongo -p", *IN_COMMANDS),
    ),
    "commands of a template": Parsed(
        lambda text: uses_in(text, ("A",)),
        'echo "$A" ',
        (
            "1",
            "1.",
            "-1",
            "a ",
            "a; ",
            '"$A" ',
            '"$(a) " ',
            "'a'",
            '"a"',
            "\\a",
            "a | ",
            "A=1 ",
            "\n",
            "> a ",
            "\\\n",
            "a <<X\nX\n",
            "for a in b; do ",
            "case a in a) ",
            "if a; then ",
            "{ ",
            "f() { ",
            "((",
            "$((1)) ",
            "`a` ",
            "${A",
            "# a\n",
        ),
        "\n",
    ),
    "undefined variables": Parsed(
        lambda text: mark_undefined(text, ()),
        '"',
        (" #", "'", '" #', "$a", "${", "read -a ", "read -", "getopts ", "for ", "\\"),
    ),
}


def measure_parsers() -> None:
    """How time grows with the length of what is read: by the repetition that grows fastest and the one that takes
    longest."""
    # Its rounds come by leaps, with the number of things in memory, and would be taken for the parser's.
    gc.disable()
    for name, parsed in PARSED.items():
        times = [parse_times(parsed, piece) for piece in parsed.pieces]
        growth = max((whole / half for half, whole in times if whole >= SHORTEST), default=0)
        show(f"{name}: 2 × length ÷ 1 ×", f"{growth:.2f}" if growth else "too short to tell", "≈ 2")
        show(f"  with {LONGEST:,} characters", milliseconds(max(whole for _, whole in times)))
    gc.enable()


def parse_times(parsed: Parsed, piece: str) -> tuple[float, float]:
    """Seconds of the processor for half of the longest text, and for all of it."""

    def read(text: str) -> None:
        # A refusal is an answer too.
        with suppress(ValueError):
            parsed.parse(text)

    texts = [parsed.text(piece, length) for length in (LONGEST // 2, LONGEST)]
    tasks = [partial(read, text) for text in texts]
    half, whole = in_turn(tasks, process_time)
    if whole < LONG or whole > DOUBTED * half:
        half, whole = alternate(PARSER_ROUNDS, *tasks, clock=process_time)
    return half, whole
