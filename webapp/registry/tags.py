"""Tags: which look newest, which are most like another one, which name a version."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from heapq import nlargest

from packaging.version import InvalidVersion, Version

LATEST = "latest"
# A number at the beginning makes a version of a tag, also before a variant: 3.12.1-slim.
NUMBERED = re.compile(r"v?[0-9]{1,10}(?:[-_.].*)?", re.ASCII)
PLAIN = re.compile(r"v?[0-9]{1,10}(?:\.[0-9]{1,10}){0,3}", re.ASCII)
BETWEEN = re.compile(r"[-_]")
NEAREST = 3
# Of the tags that share most letters with the one that is looked for, so many are compared in earnest.
LIKELY = 50


def newest_first(tags: Iterable[str]) -> tuple[str, ...]:
    """Put tags in order: versions, the newest first, then the others by the alphabet, `latest` last.

    Of one version its variants follow the plain tag: 3.12, 3.12-alpine, 3.12-slim.
    """
    versions: list[tuple[Version, str]] = []
    names: list[str] = []
    for tag in sorted(set(tags)):
        version = version_of(tag)
        if version is None:
            names.append(tag)
        else:
            versions.append((version, tag))
    versions.sort(key=lambda each: each[0], reverse=True)
    return (*(tag for _, tag in versions), *sorted(names, key=lambda tag: (tag == LATEST, tag)))


def version_of(tag: str) -> Version | None:
    """The version that a tag begins with, perhaps the first of a variant; None for a tag that is a name."""
    if not NUMBERED.fullmatch(tag):
        return None
    first, *others = BETWEEN.split(tag)
    for text in (tag, f"{first}-{others[0]}" if others else first, first):
        try:
            return Version(text)
        except InvalidVersion:
            continue
    return None


def nearest(wanted: str, tags: Sequence[str]) -> tuple[str, ...]:
    """The three tags that are most like one, the most alike first."""
    matcher = SequenceMatcher(autojunk=False)
    # What is compared with all others stands second: what is known of it is kept.
    matcher.set_seq2(wanted.lower())

    def likeness(tag: str, exact: bool) -> float:
        matcher.set_seq1(tag.lower())
        return matcher.ratio() if exact else matcher.quick_ratio()

    likely = nlargest(LIKELY, tags, key=lambda tag: likeness(tag, exact=False))
    return tuple(nlargest(NEAREST, likely, key=lambda tag: likeness(tag, exact=True)))


def pinnable(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that name a whole version, the newest first: 3.12.1 and not 3.12, which moves on to 3.12.2.

    Numbers alone come last: beside versions with dots they are days as a rule.
    """
    plain = [tag for tag in newest_first(tags) if PLAIN.fullmatch(tag)]
    shorter = {tag.rsplit(".", count)[0] for tag in plain for count in range(1, tag.count(".") + 1)}
    whole = [tag for tag in plain if tag not in shorter]
    return tuple(sorted(whole, key=lambda tag: "." not in tag))
