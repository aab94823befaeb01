"""A request as a command for a terminal: the same call of Buddy's API, with its secrets in variables of the shell."""

import json
import re
from collections.abc import Mapping
from shlex import quote
from typing import Any

TOKEN = "BUDDY_TOKEN"
PASSWORD = "REGISTRY_PASSWORD"
# Before the name of a variable, which could be one that the shell has already, such as PATH.
PREFIX = "VARIABLE_"
# No text of a request has a control character but line ends and tabs.
STAND_IN = re.compile(r'"\\u0000(\w+)\\u0000"')
# Makes the inside of a JSON string of what a variable holds: \ and " are escaped, line ends are \n and tabs \t.
IN_JSON = r"""in_json() {
  printf '%s\n' "$1" |
    sed -e ':a' -e '$!N' -e '$!ba' -e 's/[\\"]/\\&/g' -e 's/\n/\\n/g' -e "s/$(printf '\t')/\\\\t/g"
}
"""


def stand_in(key: str) -> str:
    """What stands in a body for the secret value of a variable, or, without a key, for the password."""
    return f"\0{PREFIX}{key}\0" if key else f"\0{PASSWORD}\0"


def curl(method: str, address: str, body: Mapping[str, Any]) -> str:
    """Write a call of Buddy's API as a command for a POSIX shell with curl.

    `body` has a `stand_in` for each secret. The command needs the variable BUDDY_TOKEN, and for a password and each
    secret value one more; it does nothing where one is missing.
    """
    text = json.dumps(body, ensure_ascii=False, indent=1)
    # Every other part is literal text, every second one the name of a variable.
    parts = STAND_IN.split(text)
    names = parts[1::2]
    written = "".join(
        f'"$(in_json "${part}")"' if number % 2 else quote(literal(parts, number)) for number, part in enumerate(parts)
    )
    needed = " ".join(f'"${{{name}:?}}"' for name in (TOKEN, *names))
    return (
        f"{IN_JSON if names else ''}: {needed} &&\n"
        f"printf '%s' {written} |\n"
        f"  curl --request {method} {quote(address)} \\\n"
        f'    --header "Authorization: Bearer ${TOKEN}" \\\n'
        "    --header 'Content-Type: application/json' \\\n"
        "    --data-binary @-\n"
    )


def literal(parts: list[str], number: int) -> str:
    """A part of the JSON, with the quotes around the values beside it."""
    before = '"' if number else ""
    after = '"' if number < len(parts) - 1 else ""
    return f"{before}{parts[number]}{after}"
