"""Tags: which look newest, which are most like another one, which name a version."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from heapq import nlargest, nsmallest
from itertools import zip_longest
from typing import Any

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
    """Put tags in order: versions, the newest first, then pre-releases, then the others by the alphabet, `latest` last.

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
    versions.sort(key=lambda each: (not each[0].is_prerelease, each[0]), reverse=True)
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
    """The three tags that are most like one, the most alike first: by version where it is one, then by letters."""
    version, variant = version_of(wanted), variant_of(wanted)
    whole, part = matcher_for(wanted), matcher_for(variant)
    near = [] if version is None else versions_near(version, variant, tags)
    near.sort(key=lambda each: (each[0][:2], -alike(part, variant_of(each[1])), each[0][2:], -alike(whole, each[1])))
    found = [tag for _, tag in near[:NEAREST]]
    if len(found) < NEAREST:
        others = [tag for tag in tags if tag not in found]
        likely = nlargest(LIKELY, others, key=lambda tag: alike(whole, tag, exact=False))
        found += nlargest(NEAREST - len(found), likely, key=lambda tag: alike(whole, tag))
    return tuple(found)


def matcher_for(text: str) -> "SequenceMatcher[str]":
    """What compares others with a text. It stands second: what is known of it is kept."""
    return SequenceMatcher(None, "", text.lower(), autojunk=False)


def alike(matcher: "SequenceMatcher[str]", other: str, exact: bool = True) -> float:
    """How many letters another text shares with that of the matcher, from 0 to 1."""
    matcher.set_seq1(other.lower())
    return matcher.ratio() if exact else matcher.quick_ratio()


def versions_near(wanted: Version, variant: str, tags: Iterable[str]) -> list[tuple[tuple[Any, ...], str]]:
    """The tags whose versions are nearest to one, each with how far it is from it: a release from a release first, then
    by the first number that differs, then by how many numbers there are, then by the numbers that follow."""
    found = []
    for tag in tags:
        version = version_of(tag)
        if version is None:
            continue
        steps = [new - old for old, new in zip_longest(wanted.release, version.release, fillvalue=0)]
        first = next((place for place, step in enumerate(steps) if step), len(steps) - 1)
        # Of newer ones the oldest is nearest, of older ones the newest.
        way = -1 if steps[first] < 0 else 1
        same, others = steps[: first + 1], steps[first + 1 :]
        longer = abs(len(version.release) - len(wanted.release))
        distance = (
            version.is_prerelease != wanted.is_prerelease,
            [abs(step) for step in same],
            longer,
            [way * step for step in others],
        )
        found.append((distance, tag))
    return nsmallest(LIKELY, found, key=lambda each: (*each[0][:2], variant_of(each[1]) != variant, *each[0][2:]))


def variant_of(tag: str) -> str:
    """What stands behind a version: slim of 3.12-slim."""
    return BETWEEN.split(tag, maxsplit=1)[-1] if BETWEEN.search(tag) else ""


def found_in(tags: Iterable[str], wanted: str) -> list[str]:
    """The tags with a text in them, in the order that they have, but the one that is the text itself first."""
    text = wanted.lower()
    return sorted((tag for tag in tags if text in tag.lower()), key=lambda tag: tag.lower() != text)


def pinnable(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that name a whole version, the newest first: 3.12.1 and not 3.12, which moves on to 3.12.2.

    Numbers alone come last: beside versions with dots they are days as a rule.
    """
    plain = [tag for tag in newest_first(tags) if PLAIN.fullmatch(tag)]
    shorter = {tag.rsplit(".", count)[0] for tag in plain for count in range(1, tag.count(".") + 1)}
    whole = [tag for tag in plain if tag not in shorter]
    return tuple(sorted(whole, key=lambda tag: "." not in tag))
