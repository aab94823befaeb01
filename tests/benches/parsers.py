"""How the time of what reads texts grows with their length."""

import gc
from collections.abc import Callable
from contextlib import suppress
from time import process_time

from benches.measuring import alternate, milliseconds, show
from webapp.docker.compose import parse_service
from webapp.docker.env_texts import parse_env
from webapp.docker.names import mark_undefined
from webapp.docker.references import ImageReference
from webapp.docker.run_commands import parse_run_command
from webapp.docker.secrets import holds_secret, looks_secret, writes_secret
from webapp.docker.volumes import VolumeMapping
from webapp.forms.action_form.brought import read_brought

PARSER_ROUNDS = 5
# The largest field of a form, in characters.
LONGEST = 65_536
# A parser, and what its text begins with and then repeats: as people write it, and as costs most.
PARSED: dict[str, tuple[Callable[[str], object], str, tuple[str, ...]]] = {
    "docker run": (
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
    "command of a service": (
        lambda text: parse_service({"image": "a", "command": text, "entrypoint": text}),
        "",
        ("a ", "$", "${", "$A", "'", "'\\", '"', "\\", "|", " "),
    ),
    "what stands around a docker run": (
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
        ),
    ),
    "flags of docker run": (
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
        ),
    ),
    "flags in one word": (parse_run_command, "docker run -", ("i", "it")),
    ".env text": (
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
        ),
    ),
    "YAML of what people have": (
        lambda text: read_brought(text, ""),
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
        ),
    ),
    "image reference": (ImageReference.parse, "", ("a/", "a-", "-", "a.", "A.", "a@", "0", "[:")),
    "volume mapping": (VolumeMapping.parse, "/", ("a", ":", "$", "/a:/")),
    "looks like a secret": (
        lambda text: looks_secret(text, text),
        "",
        ("eyJ", "eyJa.", "-----BEGIN ", "://a:", "AKIA", "password ", "aA", "_", " a"),
    ),
    "holds a secret": (
        holds_secret,
        "",
        (
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
        ),
    ),
    "writes a secret": (
        writes_secret,
        "",
        (
            "--token ",
            '"token":',
            "token: a ",
            "bearer a",
            "Basic a",
            "curl -u a",
            "mongo -p",
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
        ),
    ),
    "undefined variables": (
        lambda text: mark_undefined(text, ()),
        '"',
        (" #", "'", '" #', "$a", "${", "read -a ", "read -", "getopts ", "for ", "\\"),
    ),
}


def measure_parsers() -> None:
    """How time grows with the length of what is read: of each parser the repetition that takes longest."""
    # Its rounds come by leaps, with the number of things in memory, and would be taken for the parser's.
    gc.disable()
    for name, (parse, begin, repeated) in PARSED.items():
        half, whole = max((parse_times(parse, begin, piece) for piece in repeated), key=lambda times: times[1])
        show(f"{name}: 2 × length ÷ 1 ×", f"{whole / half:.2f}", "≈ 2")
        show(f"  with {LONGEST:,} characters", milliseconds(whole))
    gc.enable()


def parse_times(parse: Callable[[str], object], begin: str, piece: str) -> list[float]:
    """Seconds of the processor for half of the longest text, and for all of it."""

    def read(length: int) -> None:
        # A refusal is an answer too.
        with suppress(ValueError):
            parse((begin + piece * length)[:length])

    return alternate(PARSER_ROUNDS, lambda: read(LONGEST // 2), lambda: read(LONGEST), clock=process_time)
