"""Reading Buddy's JSON leniently: what is missing is null, what has the wrong type is a `BadAnswer`."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeGuard

from webapp.http.errors import BadAnswer, NotWhole

LARGEST_ID = 2**63 - 1
DEEPEST = 100
HALF = re.compile("[\ud800-\udfff]")


def parse(body: bytes | None) -> Any:
    """Parse the body of an answer, None when it was cut. Raises `BadAnswer` for what is no JSON that we can store.

    That is JSON without NaN and without numbers that are too large for a float, not nested beyond reason; half
    characters are replaced, since nothing can encode them. A byte-order mark before it is read past (RFC 8259, 8.1).
    """
    if body is None:
        raise NotWhole("the answer was cut or is too large")
    try:
        data = json.loads(body.decode("utf-8-sig", errors="replace"), parse_constant=refuse_constant)
        whole = json.dumps(data, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        raise BadAnswer("the answer is no JSON") from None
    check_depth(data)
    try:
        whole.encode()
    except UnicodeEncodeError:
        return json.loads(HALF.sub("\N{REPLACEMENT CHARACTER}", whole))
    return data


def refuse_constant(name: str) -> None:
    """Python reads NaN and Infinity; JSON has no such thing."""
    raise ValueError(name)


def check_depth(data: Any) -> None:
    """Go through data level by level; too many raise `BadAnswer`, before something recurses into them."""
    level = [data]
    for _ in range(DEEPEST):
        lists = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [child for children in lists for child in children]
        if not level:
            return
    raise BadAnswer("the answer is nested too deeply")


def integer(data: Mapping[str, Any], name: str) -> int:
    """Read an id: a whole number from 1 up. Raises `BadAnswer`."""
    value = data.get(name)
    if not is_id(value):
        raise BadAnswer(f"{name} is no number")
    return value


def is_id(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number from 1 up."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_ID


def text(data: Mapping[str, Any], name: str) -> str:
    """Read a text that must be there. Raises `BadAnswer`."""
    value = optional_text(data, name)
    if value is None:
        raise BadAnswer(f"{name} is missing")
    return value


def optional_text(data: Mapping[str, Any], name: str) -> str | None:
    """Read a text, or None when it is missing or is something else."""
    value = data.get(name)
    return value if isinstance(value, str) else None


def optional_texts(data: Mapping[str, Any], name: str, instead: str = "") -> tuple[str, ...]:
    """Read the texts of a list, none where it is no list. What is no text is left out, or is there as `instead`."""
    return texts_in(data.get(name), instead)


def texts_in(value: Any, instead: str = "") -> tuple[str, ...]:
    """The same of a value."""
    texts = (item if isinstance(item, str) else instead for item in value) if isinstance(value, list) else ()
    return tuple(filter(None, texts))


def said(data: Mapping[str, Any], name: str, default: Any) -> Any:
    """What an object says of a field, or its default."""
    value = data.get(name)
    return default if value is None else value


def trimmed(value: Any) -> Any:
    """A text without outer blanks and with plain line ends, to be compared; anything else as it is."""
    return "\n".join(value.strip().splitlines()) if isinstance(value, str) else value


def moment(data: Mapping[str, Any], name: str) -> datetime | None:
    """Read a date and time, in UTC where it does not say; None when it is missing or can't be read.

    Buddy writes up to nine digits after the second.
    """
    try:
        value = datetime.fromisoformat(optional_text(data, name) or "")
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def mapping(value: Any) -> Mapping[str, Any]:
    """Take a value that must be an object. Raises `BadAnswer`."""
    if not isinstance(value, Mapping):
        raise BadAnswer("an object was expected")
    return value
