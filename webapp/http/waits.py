"""How long Buddy asks to wait, read from an answer's headers and said in words."""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import time

SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
LONGEST_DATE = 64
MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 31_536_000
UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1, "second"))


def retry_after(headers: Mapping[str, str]) -> int | None:
    """How many seconds `Retry-After` asks to wait (RFC 9110: seconds or a date); None when it does not say."""
    value = headers.get("Retry-After", "")
    if SECONDS.fullmatch(value):
        return at_least_one(int(value))
    if len(value) > LONGEST_DATE:
        return None
    try:
        date = parsedate_to_datetime(value)
        return at_least_one(date.replace(tzinfo=date.tzinfo or UTC).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def seconds_to_reset(headers: Mapping[str, str]) -> int | None:
    """How long it is to `X-Rate-Limit-Reset`, a Unix time in seconds (Buddy's Go SDK); None when it does not say."""
    value = headers.get("X-Rate-Limit-Reset", "")
    return at_least_one(int(value) - time()) if SECONDS.fullmatch(value) else None


def at_least_one(seconds: float) -> int:
    """A time to wait, in whole seconds: what is over already is one."""
    return max(round(seconds), 1)


def in_words(seconds: int) -> str:
    """A time as people say it, in its two largest units and never shorter than it is."""
    if seconds > YEAR:
        return "more than a year"
    if seconds < MINUTE:
        return counted(seconds, "second")
    first = next(number for number, (size, _) in enumerate(UNITS) if seconds >= size)
    (large, large_name), (small, small_name) = UNITS[first : first + 2]
    whole = -(-seconds // small)
    count, rest = divmod(whole, large // small)
    return counted(count, large_name) + (f" {counted(rest, small_name)}" if rest else "")


def counted(number: int, unit: str) -> str:
    """So many of a unit."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
